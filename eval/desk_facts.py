"""Lists every date, number and name of the briefs, and where briefs disagree with each other or with dated lines.

    python -m eval.desk_facts                      the list, brief by brief
    python -m eval.desk_facts --between            pairs of sentences about one thing whose dates or numbers differ
    python -m eval.desk_facts --against FILE       dated sentences beside the nearest dated line of a JSON Lines file
                                                   with `_id`, `text` and `metadata.published`

It judges nothing: each row is a place for an editor to look.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.quantities import MONTHS
from corpus.intake import DESK, desk_sources, load, read_source
from corpus.types import Document
from index.lexical import terms_of
from index.sentences import sentences_of

_DATE = re.compile(rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)? )?({'|'.join(MONTHS)})(?: (\d{{4}}))?\b|\b((?:19|20)\d\d)\b")
_NUMBER = re.compile(r"(?<![\w.,])(\d+(?:,\d{3})*(?:\.\d+)?)(?:\s+(per cent|million|billion|thousand|[a-z]+))?")
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?:(?: (?:of|and|the|for|in|al|von|de))? [A-Z][\w’'-]+)*")
_DAYS_APART = 3
_ENOUGH_ALIKE = 0.38


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a brief with its facts; ``dates`` are ISO, whole or partial."""

    brief: str
    text: str
    dates: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]


def statements() -> list[Statement]:
    """Every sentence of every brief."""
    found: list[Statement] = []
    for source in desk_sources():
        extracted = read_source(source, load(source)[0]).extracted
        document = Document(source.path.stem, extracted.text, "", headings=extracted.headings, rows=extracted.rows)
        for span in sentences_of(document):
            found.append(_statement(source.path.stem, extracted.text[span.start : span.end]))
    return found


def differing(found: Sequence[Statement]) -> Iterator[tuple[float, Statement, Statement]]:
    """Pairs out of different briefs that are about one thing and give different numbers or dates, most alike first."""
    weight = _weights(found)
    terms = [set(terms_of(statement.text)) for statement in found]
    pairs = []
    for i, one in enumerate(found):
        for j in range(i + 1, len(found)):
            other = found[j]
            if one.brief == other.brief or not one.names & other.names or not _conflict(one, other):
                continue
            shared = sum(weight[term] for term in terms[i] & terms[j])
            alike = 2 * shared / (sum(weight[t] for t in terms[i]) + sum(weight[t] for t in terms[j]))
            if alike >= _ENOUGH_ALIKE:
                pairs.append((alike, one, other))
    return iter(sorted(pairs, key=lambda pair: -pair[0]))


def beside(found: Iterable[Statement], lines: Path) -> Iterator[tuple[Statement, str, list[tuple[str, str]]]]:
    """Statements with a whole date, that date, and the dated lines of those days that share most of their names."""
    by_day: dict[str, list[tuple[str, str]]] = {}
    with lines.open(encoding="utf-8") as opened:
        for line in opened:
            row = json.loads(line)
            by_day.setdefault(row["metadata"]["published"], []).append((row["_id"], row["text"]))
    for statement in found:
        words = set(terms_of(statement.text))
        for day in sorted(date for date in statement.dates if len(date) == 10):
            near = [row for other in _days_around(day) for row in by_day.get(other, [])]
            ranked = sorted(near, key=lambda row: -len(words & set(terms_of(row[1]))))
            yield statement, day, ranked[:2]


def _statement(brief: str, text: str) -> Statement:
    dates = frozenset(date for date in map(_iso, _DATE.finditer(text)) if date)
    without_dates = _DATE.sub(" ", text)
    numbers = frozenset(" ".join(part for part in match if part) for match in _NUMBER.findall(without_dates))
    return Statement(brief, text, dates, numbers, frozenset(_NAME.findall(text)))


def _iso(match: re.Match[str]) -> str | None:
    day, month, year, alone = match.groups()
    if alone:
        return alone
    if not year:
        return None
    number = MONTHS.index(month) + 1
    return f"{year}-{number:02}-{int(day):02}" if day else f"{year}-{number:02}"


def _conflict(one: Statement, other: Statement) -> bool:
    return (bool(one.numbers) and bool(other.numbers) and not one.numbers & other.numbers) or (
        bool(one.dates) and bool(other.dates) and not _compatible(one.dates, other.dates)
    )


def _compatible(dates: Iterable[str], others: Iterable[str]) -> bool:
    """Whether some date of one may be the same as one of the other, a partial one within a whole one."""
    return any(date.startswith(other) or other.startswith(date) for date in dates for other in others)


def _weights(found: Sequence[Statement]) -> dict[str, float]:
    counts = Counter(term for statement in found for term in terms_of(statement.text))
    return {term: 1 / count**0.5 for term, count in counts.items()}


def _days_around(day: str) -> list[str]:
    middle = dt.date.fromisoformat(day)
    return [(middle + dt.timedelta(days=shift)).isoformat() for shift in range(-_DAYS_APART, _DAYS_APART + 1)]


def main() -> None:
    """Prints the list that is asked for."""
    parser = argparse.ArgumentParser(description="List the facts of the briefs.")
    parser.add_argument("--between", action="store_true", help="pairs of sentences that give different figures")
    parser.add_argument("--against", type=Path, metavar="FILE", help="dated sentences beside dated lines")
    chosen = parser.parse_args()
    found = statements()
    if chosen.between:
        for alike, one, other in differing(found):
            print(f"{alike:.2f}\n  {one.brief}: {one.text}\n  {other.brief}: {other.text}")
    elif chosen.against:
        for statement, day, lines in beside(found, chosen.against):
            print(f"{day}  {statement.brief}: {statement.text}")
            for name, text in lines:
                print(f"    {name}: {text}")
    else:
        for statement in found:
            facts = {"dates": statement.dates, "numbers": statement.numbers, "names": statement.names}
            print(
                json.dumps({"brief": statement.brief, **{k: sorted(v) for k, v in facts.items()}}, ensure_ascii=False)
            )
    print(f"{len(found)} sentences in {len(list(DESK.glob('*.md')))} briefs", file=sys.stderr)


if __name__ == "__main__":
    main()
