"""The doctor: looks at an installation and its library as `make test` looks at the code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.library_checks import Wrong, check_file, check_leftovers, check_places, check_terms, check_vectors
from assistant.settings import Settings
from assistant.wiring import Wiring, wired
from corpus.errors import FootnoteError


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was seen, whether it is well, and what to do if not."""

    name: str
    verdict: Literal["ok", "wrong"]
    detail: str
    remedy: str = ""


def examine(settings: Settings) -> list[Check]:
    """All checks, in an order in which the first that is wrong explains the later ones."""
    with wired(settings) as footnote:
        return [_run(name, check, footnote) for name, check in _CHECKS.items()]


def _run(name: str, check: Callable[[Wiring], str], footnote: Wiring) -> Check:
    try:
        return Check(name, "ok", check(footnote))
    except FootnoteError as error:
        return Check(name, "wrong", error.message, error.hint)


def _python(footnote: Wiring) -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"


def _model(footnote: Wiring) -> str:
    vector = footnote.embedder.embed(["a question"])
    return f"{footnote.embedder.name}, {vector.shape[1]} dimensions, {footnote.embedder.window} tokens"


def _reader(footnote: Wiring) -> str:
    footnote.answer_reader.warm_up()
    return f"weights {footnote.answer_reader.fingerprint}"


def _index(footnote: Wiring) -> str:
    from index.rebuild import under_way

    gaps = footnote.store.unindexed()
    if gaps:
        raise Wrong(f"{len(gaps)} documents have no passages, first {gaps[0]!r}", "run `footnote index --rebuild`")
    missing = footnote.store.without_embedding()
    if missing:
        raise Wrong(f"{missing} passages have no vectors", "run `footnote index --rebuild`")
    begun = "; a rebuild was begun, `footnote index --rebuild` goes on with it" if under_way(footnote.library) else ""
    return f"{footnote.store.count()} passages, fingerprint {footnote.settings.index.fingerprint}{begun}"


def _offsets(footnote: Wiring) -> str:
    broken = list(_broken_offsets(footnote))
    if broken:
        raise Wrong(f"passages lie outside their documents, first {broken[0]!r}", "run `footnote index --rebuild`")
    return "every passage lies within its document"


def _broken_offsets(footnote: Wiring) -> Iterator[str]:
    lengths = {document.id: len(document.text) for document in footnote.library.documents()}
    for passage_id, document_id, start, end in footnote.store.spans():
        if not 0 <= start < end <= lengths.get(document_id, 0):
            yield passage_id


def _search(footnote: Wiring) -> str:
    found = footnote.silent.search("what do the documents say", 1).hits
    if footnote.store.count() and not found:
        raise Wrong("a search finds nothing in a library that holds passages", "run `footnote index --rebuild`")
    return "answers" if found else "the library is empty"


def _answerer(footnote: Wiring) -> str:
    writer = footnote.answerer
    return (
        f"{writer.name}, text goes to {writer.host}" if writer.host else f"{writer.name}, nothing leaves this machine"
    )


_CHECKS: dict[str, Callable[[Wiring], str]] = {
    "Python": _python,
    "library": check_file,
    "model": _model,
    "reader": _reader,
    "index": _index,
    "offsets": _offsets,
    "places": check_places,
    "terms": check_terms,
    "vectors": check_vectors,
    "leftovers": check_leftovers,
    "answerer": _answerer,
    "search": _search,
}
