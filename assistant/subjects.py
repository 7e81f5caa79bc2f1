"""Which documents are about a subject, by its names under every spelling and by its other words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from corpus.types import Document
from index.lexical import terms_of
from index.spellings import Spellings

_SHORT = 3
_COMBINING = re.compile("[\u0300-\u036f]")
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)


class Subject:
    """A subject in words: all of its names and words must be borne by a document that is about it."""

    def __init__(self, words: str, spellings: Spellings) -> None:
        self.words = _ARTICLE.sub("", words)
        self._concepts = spellings.concepts(self.words)

    @property
    def is_name(self) -> bool:
        """Whether it is one name of the gazetteer and nothing else."""
        return len(self._concepts) == 1 and self._concepts[0].is_name

    def headed(self, document: Document) -> bool:
        """Whether the title bears the subject, or the title with one of the headings."""
        title = set(terms_of(document.title))
        headings = [document.text[heading.start : heading.end] for heading in document.headings]
        return any(self._in(title | set(terms_of(heading))) for heading in ("", *headings))

    def mentioned(self, document: Document) -> bool:
        """Whether one line of the text, a paragraph or a row, bears the subject."""
        if not self._likely(_folded(document.text)):
            return False
        return any(self._likely(_folded(line)) and self._in(set(terms_of(line))) for line in document.text.split("\n"))

    def _in(self, terms: set[str]) -> bool:
        return bool(self._concepts) and all(concept.borne_by(terms) for concept in self._concepts)

    def _likely(self, folded: str) -> bool:
        """Whether the beginnings of all that must be there are; a cheap look before the words are stemmed."""
        return all(
            any(all(_beginning(term) in folded for term in terms) for terms in concept.alternatives)
            for concept in self._concepts
        )


def about(subject: Subject, documents: Sequence[Document]) -> tuple[list[Document], list[Document]]:
    """The documents whose title or headings bear a subject, and the others that mention it in their text."""
    headed = [document for document in documents if subject.headed(document)]
    ids = {document.id for document in headed}
    return headed, [document for document in documents if document.id not in ids and subject.mentioned(document)]


def _beginning(term: str) -> str:
    """What every word with this stem begins with: stemming may change the last letter."""
    bare = _folded(term.removeprefix("^"))
    return bare[:-1] if len(bare) > _SHORT else bare


def _folded(text: str) -> str:
    return _COMBINING.sub("", unicodedata.normalize("NFKD", text.lower().replace("ё", "е")))
