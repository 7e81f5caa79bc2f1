"""Measures whether names are found under each other's spelling.

    python -m eval.names_found

A library is made with one short document for each spelling of each shipped name. Every spelling is searched for, and it
counts how often each document that has another spelling of the same name is found: among the first hits, as many as the
name has spellings and ten more, for names within names ("Lachin" and "Lachin corridor"). It counts too how often
a document with the question's own spelling leads.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.settings import load_settings
from assistant.wiring import Wiring, wired
from corpus.library import content_hash
from corpus.names import Name, shipped_names
from corpus.types import Document
from index.types import Query

_MORE = 10


@dataclass(frozen=True, slots=True)
class Found:
    """How many pairs of spellings there are, how many were found, how often the own spelling led; and the misses."""

    pairs: int
    found: int
    spellings: int
    led: int
    missed: tuple[tuple[str, str], ...]


def measure(footnote: Wiring, names: Sequence[Name]) -> Found:
    """Searches an empty library, filled here, for every spelling of every name."""
    documents = [_document(name, number) for name in names for number in range(len(name.spellings))]
    footnote.indexer.add_documents(documents)
    missed: list[tuple[str, str]] = []
    pairs = led = spellings = 0
    for name in names:
        ids = {_id(name, number): spelling.text for number, spelling in enumerate(name.spellings)}
        for own, text in ids.items():
            hits = [hit.document_id for hit in footnote.retriever.search(Query(text), len(ids) + _MORE)]
            others = [(text, other) for number, other in ids.items() if number != own and number not in hits]
            pairs += len(ids) - 1
            missed.extend(others)
            spellings += 1
            led += bool(hits) and hits[0] in ids and ids[hits[0]].casefold() == text.casefold()
    return Found(pairs, pairs - len(missed), spellings, led, tuple(missed))


def _document(name: Name, number: int) -> Document:
    text = f"The record speaks of {name.spellings[number].text} on its second page."
    return Document(_id(name, number), text, content_hash(text))


def _id(name: Name, number: int) -> str:
    return f"{name.id}-{number}"


def main() -> None:
    """Prints the figures and the pairs that were missed."""
    with tempfile.TemporaryDirectory() as folder, wired(load_settings(Path(folder))) as footnote:
        result = measure(footnote, shipped_names())
    for text, other in result.missed:
        print(f"searching {text!r} does not find {other!r}")
    share, leading = result.found / result.pairs, result.led / result.spellings
    print(f"{result.found} of {result.pairs} pairs found ({share:.4f}); own spelling first {leading:.4f}")


if __name__ == "__main__":
    main()
