"""Questions to begin with: made of the library's own documents, and each asked before it is suggested."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from assistant.question_making import Made, dated_questions, defining_questions, naming_questions
from assistant.wiring import Wiring
from corpus.dates import last_day
from corpus.errors import FootnoteError
from corpus.types import Document

_WANTED = 3
_DOCUMENTS = 200
_MOST_ASKED = 40
_EACH = 2
_WAIT_SECONDS = 1.0
_NAME = re.compile(r"\b[^\W\d_a-zа-я]\w+")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question, and the document that answers it."""

    question: str
    document_id: str
    title: str


class Suggestions:
    """The suggestions of one library, found in a thread of its own and kept until the library changes."""

    def __init__(self, footnote: Wiring) -> None:
        self._footnote = footnote
        self._lock = threading.Lock()
        self._found: tuple[Suggestion, ...] = ()
        self._generation: int | None = None
        self._searching: threading.Thread | None = None
        self._stopped = False

    def start(self) -> None:
        """Begins to look, so that the first visitor need not wait."""
        with self._lock:
            self._begin()

    def stop(self) -> None:
        """Ends after the question that is being asked."""
        self._stopped = True
        if self._searching:
            self._searching.join()

    def get(self) -> tuple[Suggestion, ...]:
        """Up to three questions. While the library has changed they are those of before, as far as they still hold."""
        with self._lock:
            if self._generation != self._footnote.store.generation():
                self._begin()
            searching = self._searching
        if searching and not self._found:
            searching.join(_WAIT_SECONDS)
        present = {document.id for document in self._footnote.library.documents()}
        return tuple(suggestion for suggestion in self._found if suggestion.document_id in present)

    def _begin(self) -> None:
        if not self._stopped and (self._searching is None or not self._searching.is_alive()):
            self._searching = threading.Thread(target=self._search, name="suggestions", daemon=True)
            self._searching.start()

    def _search(self) -> None:
        try:
            generation = self._footnote.store.generation()
            found = tuple(islice(self._answered(), _WANTED))
        except FootnoteError as error:
            _log.error("footnote: no questions could be suggested: %s", error)
            return
        if not self._stopped:
            self._found, self._generation = found, generation

    def _answered(self) -> Iterator[Suggestion]:
        """Questions that the library answers out of the document that they were made of, on different subjects."""
        documents = sorted(self._footnote.library.documents(), key=_age, reverse=True)[:_DOCUMENTS]
        used: set[str] = set()
        for document, made in islice(_candidates(documents), _MOST_ASKED):
            names = {document.id, *_NAME.findall(made.question.split(" ", 1)[1])}
            if self._stopped:
                return
            if not used & names and self._answers(document, made):
                used |= names
                yield Suggestion(made.question, document.id, document.title)

    def _answers(self, document: Document, made: Made) -> bool:
        answer = self._footnote.silent.try_out(made.question, []).answer
        if answer.reply != "answer" or answer.claims[0].verdict != "supported":
            return False
        first = answer.citations[0]
        within = made.sentence is None or (made.sentence.start <= first.start < made.sentence.end)
        return first.document_id == document.id and within


def _candidates(documents: Sequence[Document]) -> Iterator[tuple[Document, Made]]:
    """When and what by turns, the newest documents first; then what is said about names."""
    dated = ((document, made) for document in documents for made in islice(dated_questions(document), _EACH))
    defining = ((document, made) for document in documents for made in islice(defining_questions(document), _EACH))
    naming = ((document, made) for document in documents for made in islice(naming_questions(document), _EACH))
    turns = chain.from_iterable(zip_longest(dated, defining))
    return chain((candidate for candidate in turns if candidate), naming)


def _age(document: Document) -> tuple[str, str]:
    published = document.metadata.published
    return last_day(published) if published else "", document.id
