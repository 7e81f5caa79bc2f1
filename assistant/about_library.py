"""Replies about the library: counted and listed from the documents themselves, without retrieval."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from assistant.citations import without_markers
from assistant.facets import counted
from assistant.library_questions import LANGUAGES, Known, LibraryQuestion, library_question, may_be_about_library
from assistant.periods import in_words
from assistant.subjects import Subject, about
from corpus.dates import first_day, last_day
from corpus.library import Library
from corpus.types import Document
from index.filtering import admits
from index.spellings import Spellings
from index.types import Filter

_MOST_LISTED = 20
_MOST_NAMES = 40
_EMPTY = "The library is empty. Add documents with `footnote index PATH`."
_FILTERED_OUT = "No document passes the filters."
_KINDS = {"opinion": "opinion pieces", "official": "official documents", "report": "reports", "brief": "briefs",
          "reference": "reference works"}  # fmt: skip
_LANGUAGE_NAMES = {code: name for name, code in LANGUAGES.items()}


class AboutLibrary:
    """Answers questions about one library."""

    def __init__(self, library: Library, spellings: Spellings, today: Callable[[], dt.date] = dt.date.today) -> None:
        self._library = library
        self._spellings = spellings
        self._today = today

    def reply(self, question: str, wanted: Filter = Filter()) -> str | None:
        """What the library holds of what is asked, among the documents that pass ``wanted``; None if it asks none."""
        if not may_be_about_library(question):
            return None
        everything = self._library.documents()
        asked = library_question(question, self._known(everything))
        if asked is None:
            return None
        documents = [document for document in everything if admits(wanted, document)]
        if not documents:
            return _FILTERED_OUT if everything else _EMPTY
        told = _Told(asked, documents, self._spellings)
        return without_markers("\n".join([*told.lines(), _coverage(documents, filtered=wanted.active)]))

    def _known(self, documents: Sequence[Document]) -> Known:
        facts = [document.metadata for document in documents]
        return Known(
            outlets={fact.outlet for fact in facts if fact.outlet},
            authors={fact.author for fact in facts if fact.author},
            kinds={fact.kind for fact in facts if fact.kind},
            today=self._today(),
        )


class _Told:
    """One question about the library and what is told in reply, line by line."""

    def __init__(self, asked: LibraryQuestion, documents: Sequence[Document], spellings: Spellings) -> None:
        self._asked = asked
        self._subject = Subject(asked.topic or asked.origin, spellings)
        self._of_place = bool(asked.origin) and self._subject.is_name and not asked.topic
        self._documents = [document for document in documents if self._admits(asked.wanted, document)]
        ever = replace(asked.wanted, since=None, until=None)
        here = {document.id for document in self._documents}
        others = [document for document in documents if document.id not in here] if asked.period else []
        self._other_dates = [document for document in others if self._admits(ever, document)]
        self._names = sorted({document.metadata.outlet for document in documents if document.metadata.outlet})

    def lines(self) -> list[str]:
        """The reply without the coverage."""
        if self._asked.origin and not self._of_place:
            return self._no_such_outlet()
        if self._asked.asked in ("outlets", "authors", "kinds", "languages"):
            return self._groups()
        if self._asked.asked == "coverage":
            return [f"By outlet: {_counted(self._tallied('outlet'))}. By kind: {_counted(self._tallied('kind'))}."]
        if self._asked.asked in ("newest", "oldest"):
            return self._ends()
        headed, mentioning = self._found()
        lines = [self._count(headed, mentioning), *self._left_out(), *_listed(headed)]
        if not headed and not mentioning and self._subject.words:
            lines += self._of_other_dates()
        if mentioning and headed:
            lines.append("In the text of:")
        return [*lines, *_listed(mentioning)]

    def _admits(self, wanted: Filter, document: Document) -> bool:
        authors = {author.casefold() for author in self._asked.authors}
        return admits(wanted, document) and (not authors or (document.metadata.author or "").casefold() in authors)

    def _found(self) -> tuple[list[Document], list[Document]]:
        """The documents asked for, newest first: those with the topic in title or heading, and in the text alone."""
        found = self._on_topic(self._documents)
        return _by_date(found[0]), _by_date(found[1])

    def _on_topic(self, documents: Sequence[Document]) -> tuple[Sequence[Document], Sequence[Document]]:
        return about(self._subject, documents) if self._subject.words else (documents, [])

    def _count(self, headed: Sequence[Document], mentioning: Sequence[Document]) -> str:
        number = len(headed) + len(mentioning)
        told = f"The library holds {_number(number, self._what(number))}{self._where()}"
        if not self._subject.words or not number:
            return f"{told}."
        parts = [f"{len(headed)} with it in the title or a heading" if headed else ""]
        parts.append(f"{len(mentioning)} that {_verb(len(mentioning), 'mention')} it in the text" if mentioning else "")
        return f"{told}: {', '.join(part for part in parts if part)}."

    def _what(self, number: int) -> str:
        kinds = self._asked.wanted.kind
        plural = _KINDS[kinds[0]] if kinds else "documents"
        return plural if number != 1 else plural.replace("pieces", "piece").removesuffix("s")

    def _where(self) -> str:
        asked = self._asked
        names = " or ".join([*asked.wanted.outlet, *asked.authors])
        language = "".join(_LANGUAGE_NAMES.get(code, code) for code in asked.wanted.language)
        parts = [
            f" from {names}" if names else "",
            f" in {language}" if language else "",
            f" published {asked.period.words}" if asked.period else "",
            f" on “{self._subject.words}”" if self._subject.words else "",
        ]
        return "".join(parts)

    def _left_out(self) -> list[str]:
        found = [document for some in self._on_topic(self._other_dates) for document in some]
        undated = sum(document.metadata.published is None for document in found)
        if not self._asked.period or not undated:
            return []
        return [f"{_number(undated, 'more')} without a date {_verb(undated, 'are', 'is')} left out."]

    def _of_other_dates(self) -> list[str]:
        """What there is on the topic when its year was not meant as that of publication ("the war in 2014")."""
        found = [
            document for some in self._on_topic(self._other_dates) for document in some if document.metadata.published
        ]
        return [f"Of other dates it holds {len(found):,} on it:", *_listed(_by_date(found))] if found else []

    def _no_such_outlet(self) -> list[str]:
        names = f" Its outlets: {', '.join(self._names[:_MOST_NAMES])}." if self._names else ""
        return [f"The library knows no outlet or author by the name of “{self._asked.origin}”.{names}"]

    def _tallied(self, field: str) -> Counter[str | None]:
        headed, mentioning = self._found()
        values = [getattr(document.metadata, field) for document in [*headed, *mentioning]]
        tally: Counter[str | None] = Counter({facet.value: facet.documents for facet in counted(values)})
        return tally + Counter({None: values.count(None)})

    def _groups(self) -> list[str]:
        group = self._asked.asked
        tally = self._tallied(group.removesuffix("s"))
        if group == "languages":
            tally = Counter({_LANGUAGE_NAMES.get(code or "", code): count for code, count in tally.items()})
        known = len([name for name in tally if name is not None])
        noun = group if known != 1 else group.removesuffix("s")
        return [f"The documents{self._where()} are of {known} known {noun}: {_counted(tally)}."]

    def _ends(self) -> list[str]:
        headed, mentioning = self._found()
        dated = _by_date([document for document in [*headed, *mentioning] if document.metadata.published])
        if not dated:
            return [f"The library holds no dated {self._what(2)}{self._where()}."]
        newest = self._asked.asked == "newest"
        ordered = dated if newest else dated[::-1]
        last = ordered[0].metadata.published
        alike = [document for document in ordered if document.metadata.published == last]
        shown = ordered[: self._asked.limit] if self._asked.limit else alike
        what = f"{self._asked.asked} {self._what(len(shown))}{self._where()}"
        return [f"The {what} {_verb(len(shown), 'are', 'is')}:", *_listed(shown)]


def _by_date(documents: Iterable[Document]) -> list[Document]:
    """Newest first, those without a date last, equals by title as they come."""
    return sorted(documents, key=lambda document: last_day(document.metadata.published or "0000"), reverse=True)


def _listed(documents: Sequence[Document]) -> list[str]:
    lines = [f"- {_line(document)}" for document in documents[:_MOST_LISTED]]
    more = len(documents) - len(lines)
    return [*lines, f"- and {more} more: see `footnote sources list`"] if more else lines


def _line(document: Document) -> str:
    """A document's title, outlet and date."""
    metadata = document.metadata
    published = in_words(metadata.published) if metadata.published else "undated"
    title = " ".join(document.title.split())
    return f"{title} ({', '.join(part for part in (metadata.outlet, published) if part)})"


def _counted(tally: Counter[str | None]) -> str:
    """Names with their counts, the most frequent first, those of which nothing is known last."""
    known = sorted(((name, count) for name, count in tally.items() if name), key=lambda item: (-item[1], item[0]))
    parts = [f"{name} ({count:,})" for name, count in known[:_MOST_NAMES]]
    if len(known) > _MOST_NAMES:
        parts.append(f"{len(known) - _MOST_NAMES} more")
    if tally[None]:
        parts.append(f"unknown ({tally[None]:,})")
    return ", ".join(parts) or "none"


def _coverage(documents: Sequence[Document], *, filtered: bool) -> str:
    """How many documents there are, from which date to which, and how many have none."""
    dates = [document.metadata.published for document in documents if document.metadata.published]
    where = "The filters leave" if filtered else "The library holds"
    told = f"{where} {_number(len(documents), 'document' if len(documents) == 1 else 'documents')} in all"
    if dates:
        first, last = min(dates, key=first_day), max(dates, key=last_day)
        told += f", dated {in_words(first)} to {in_words(last)}" if first != last else f", dated {in_words(first)}"
    undated = len(documents) - len(dates)
    return f"{told}; {undated:,} without a date." if undated else f"{told}, none without a date."


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number else f"no {noun}"


def _verb(number: int, plural: str, singular: str = "") -> str:
    return plural if number != 1 else singular or f"{plural}s"
