"""What a reader should know of a citation whose document has near duplicates: which version it is, what others say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assistant.periods import in_words
from assistant.types import Citation, Notice
from index.types import Hit, Linked

VERSION_CODES = ("older_version", "newer_version")


def version_notices(citations: Sequence[Citation], found: Iterable[Hit]) -> tuple[Notice, ...]:
    """One notice for each cited document that has an older or a newer version in the library."""
    hits = {hit.document_id: hit for hit in found}
    quotes: dict[str, list[str]] = {}
    for citation in citations:
        quotes.setdefault(citation.document_id, []).append(citation.quote)
    told = (_notices(hits[document_id], quoted) for document_id, quoted in quotes.items() if document_id in hits)
    return tuple(notice for notices in told for notice in notices)


def _notices(hit: Hit, quotes: Sequence[str]) -> Iterator[Notice]:
    newer = [linked for linked in hit.linked if linked.relation == "newer"]
    older = [linked for linked in hit.linked if linked.relation == "older"]
    if newer:
        yield Notice(
            "older_version",
            f"“{hit.title}”{_of(hit.metadata.published)} is an older version: a newer one{_whose(newer[0])} "
            f"{_holds(newer[0], quotes)}.",
        )
    elif older:
        yield Notice(
            "newer_version",
            f"“{hit.title}”{_of(hit.metadata.published)} is the newest of {len(older) + 1} versions: an older "
            f"one{_whose(older[0])} {_holds(older[0], quotes)}.",
        )


def _holds(linked: Linked, quotes: Sequence[str]) -> str:
    text = _even(linked.document.text)
    return "has the quoted words too" if all(_even(quote) in text for quote in quotes) else "words it differently"


def _whose(linked: Linked) -> str:
    metadata = linked.document.metadata
    told = ", ".join(part for part in (metadata.outlet, in_words(metadata.published or "")) if part)
    return f" ({told})" if told else ""


def _of(published: str | None) -> str:
    return f", {in_words(published)}," if published else ""


def _even(text: str) -> str:
    return " ".join(text.split())
