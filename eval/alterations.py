"""Pairs of a claim and what it cites, made of the desk's own sentences: false by one change, or true in other words.

The false ones have a number, a date or a name of another sentence of the desk in the place of their own, or a "not"
too many or too few. The true ones are the sentence itself, or the sentence with a name in another spelling, a number,
a share or a date in another format, or without a clause that it stands without.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from assistant.quantities import MONTHS, Date, dates_in, numbers_in
from corpus.names import Name, shipped_names
from corpus.types import Span
from eval.desk_facts import statements
from eval.question_sets import DESK_QUESTIONS, read_questions
from index.spellings import Spellings

SEED = 5
PER_KIND = 150
FEWEST_WORDS = 6
_AUXILIARY = re.compile(r"\b(?:was|were|is|are|had|has|have|would|will|could|can|should|did)\b(?! not\b| no\b|n't)")
_PAST = re.compile(
    r"\b(said|told|signed|opened|closed|began|took|became|won|lost|made|agreed|came|went|left|held|called)\b"
)
_BASE = {"said": "say", "told": "tell", "began": "begin", "took": "take", "became": "become", "won": "win"}
_BASE |= {"lost": "lose", "made": "make", "agreed": "agree", "came": "come", "went": "go", "left": "leave"}
_BASE |= {"held": "hold", "signed": "sign", "opened": "open", "closed": "close", "called": "call"}
_NOT = re.compile(r" not\b(?! only| least)")
_WORDED = "zero one two three four five six seven eight nine ten eleven twelve".split()
_LATIN = re.compile(r"^[A-Za-zÀ-ž' -]+$")
_CLAUSES = (
    re.compile(r", (?:which|who|where|while|including|according to)\b[^,.;]*(?=[,;]|\.$)"),
    re.compile(r" \([^()]*\)"),
    re.compile(r"^(?:On|In|By|Since|From) [^,]{4,40}, (?=[A-Z])"),
    re.compile(r", (?:said|according to) [^,.]*(?=\.$)"),
)
Change = Callable[[str, random.Random], str | None]


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, what it cites, how it was made, and whether it is true."""

    kind: str
    claim: str
    quotes: tuple[str, ...]
    true: bool


def pairs(seed: int = SEED, per_kind: int = PER_KIND) -> list[Pair]:
    """The pairs, the same for the same seed: up to ``per_kind`` of each kind, of sentences spread over the desk."""
    sentences = _sentences()
    maker = _Maker([quotes[0] for quotes in sentences])
    made: list[Pair] = []
    for kind, true, change in maker.changes():
        chance = random.Random(f"{seed} {kind}")
        order = chance.sample(sentences, len(sentences))
        claims = ((quotes, change(quotes[0], chance)) for quotes in order)
        found = (Pair(kind, claim, quotes, true) for quotes, claim in claims if claim and _fits(kind, claim, quotes))
        made.extend(islice(found, per_kind))
    return made


def _fits(kind: str, claim: str, quotes: tuple[str, ...]) -> bool:
    """Whether a change changed anything: the claim stands in no quotation, unless it is to."""
    return kind in ("verbatim", "dropped clause") or not any(claim in quote for quote in quotes)


def _sentences() -> list[tuple[str, ...]]:
    """Each sentence of the desk that is long enough, every second one with the one that follows it, and gold quotes."""
    found: list[tuple[str, ...]] = []
    for _, group in groupby(statements(), key=lambda statement: statement.brief):
        texts = [statement.text for statement in group]
        found.extend((text, *texts[place + 1 : place + 2][: place % 2]) for place, text in enumerate(texts))
    found.extend((quote,) for question in read_questions(DESK_QUESTIONS) for quote in question.quotes)
    unique = dict.fromkeys(found)
    return [quotes for quotes in unique if len(quotes[0].split()) >= FEWEST_WORDS and quotes[0][-1] in '.!?”"']


class _Maker:
    """Makes changes; what it puts in place of something it takes from other sentences of the desk."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self._names = {name.id: name for name in shipped_names()}
        self._spellings = Spellings(shipped_names())
        self._numbers = [number for sentence in sentences for number in _written_numbers(sentence)]
        self._dates = [(date, text) for sentence in sentences for date, text in _written_dates(sentence)]
        self._used = [found for sentence in sentences for found in self._mentioned(sentence)]

    def changes(self) -> list[tuple[str, bool, Change]]:
        """Each kind of pair, whether it stays true, and how it is made; a change gives None where it does not apply."""
        return [
            ("number", False, self._other_number),
            ("date", False, self._other_date),
            ("name", False, self._other_name),
            ("not", False, _other_polarity),
            ("verbatim", True, lambda sentence, _: sentence),
            ("spelling", True, self._other_spelling),
            ("number format", True, _number_format),
            ("percent sign", True, _percent_sign),
            ("date format", True, _date_format),
            ("dropped clause", True, _dropped_clause),
        ]

    def _other_number(self, sentence: str, chance: random.Random) -> str | None:
        own = _written_numbers(sentence)
        if not own:
            return None
        text, span = chance.choice(own)
        taken = {number for number, _ in own}
        others = [other for other, _ in self._numbers if other not in taken and len(other) == len(text)]
        return _replaced(sentence, span, chance.choice(others)) if others else None

    def _other_date(self, sentence: str, chance: random.Random) -> str | None:
        own = _written_dates(sentence)
        if not own:
            return None
        date, _ = chance.choice(own)
        others = [other for there, other in self._dates if _form(there) == _form(date) and other not in sentence]
        return _replaced(sentence, date.span, chance.choice(others)) if others else None

    def _other_name(self, sentence: str, chance: random.Random) -> str | None:
        own = self._mentioned(sentence)
        if not own:
            return None
        name, text, span = chance.choice(own)
        taken = {found.id for found, _, _ in own}
        others = [other for there, other, _ in self._used if there.kind == name.kind and there.id not in taken]
        others = [other for other in others if other not in sentence and text not in other]
        return _replaced(sentence, span, chance.choice(others)) if others else None

    def _other_spelling(self, sentence: str, chance: random.Random) -> str | None:
        found = [(span, other) for name, text, span in self._mentioned(sentence) for other in _latin(name, text)]
        return _replaced(sentence, *chance.choice(found)) if found else None

    def _mentioned(self, sentence: str) -> list[tuple[Name, str, Span]]:
        found = self._spellings.names_in(sentence)
        return [(self._names[name], sentence[span.start : span.end], span) for span, name in found]


def _latin(name: Name, text: str) -> Iterator[str]:
    """Other Latin spellings of a name that may stand where it stands."""
    for spelling in name.spellings:
        plain = _LATIN.match(spelling.text) and not spelling.text.isupper() and spelling.text[0].isupper()
        if plain and spelling.text != text and not text.isupper():
            yield spelling.text


def _written_numbers(sentence: str) -> list[tuple[str, Span]]:
    """The numbers in digits, as they are written."""
    found = []
    for number in numbers_in(sentence, dates_in(sentence)):
        match = re.search(r"\d[\d,.]*\d|\d", sentence[number.span.start : number.span.end])
        if match:
            start = number.span.start + match.start()
            found.append((match[0], Span(start, start + len(match[0]))))
    return found


def _written_dates(sentence: str) -> list[tuple[Date, str]]:
    return [(date, sentence[date.span.start : date.span.end]) for date in dates_in(sentence)]


def _form(date: Date) -> tuple[bool, bool, bool]:
    return date.year is None, date.month is None, date.day is None


def _other_polarity(sentence: str, chance: random.Random) -> str | None:
    if _NOT.search(sentence):
        return _NOT.sub("", sentence, count=1)
    if match := _AUXILIARY.search(sentence):
        return f"{sentence[: match.end()]} not{sentence[match.end() :]}"
    if match := _PAST.search(sentence):
        return f"{sentence[: match.start()]}did not {_BASE[match[0]]}{sentence[match.end() :]}"
    return None


def _number_format(sentence: str, chance: random.Random) -> str | None:
    if match := re.search(r"(?<![\d.,])(\d{1,3}),(\d{3})(?!\d|[.,]\d)", sentence):
        return _replaced(sentence, Span(*match.span()), f"{match[1]}{chance.choice([' ', ''])}{match[2]}")
    if match := re.search(r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", sentence):
        return _replaced(sentence, Span(*match.span()), str(_WORDED.index(match[1])))
    return None


def _percent_sign(sentence: str, chance: random.Random) -> str | None:
    changed = re.sub(r"(?<=\d) ?(?:per cent|percent)\b", "%", sentence)
    changed = (
        changed if changed != sentence else re.sub(r"(?<=\d)%", chance.choice([" percent", " per cent"]), sentence)
    )
    return changed if changed != sentence else None


def _date_format(sentence: str, chance: random.Random) -> str | None:
    match = re.search(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b", sentence)
    if not match:
        return None
    day, month, year = match.groups()
    number = MONTHS.index(month) + 1
    forms = (f"{month} {day}, {year}", f"{year}-{number:02}-{int(day):02}", f"{day} {month[:3]} {year}")
    return _replaced(sentence, Span(*match.span()), chance.choice(forms))


def _dropped_clause(sentence: str, chance: random.Random) -> str | None:
    for pattern in chance.sample(_CLAUSES, len(_CLAUSES)):
        shorter = pattern.sub("", sentence, count=1).replace(",,", ",")
        if shorter != sentence and len(shorter.split()) >= FEWEST_WORDS:
            return shorter
    return None


def _replaced(sentence: str, span: Span, text: str) -> str:
    return sentence[: span.start] + text + sentence[span.end :]
