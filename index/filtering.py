"""Filters: which documents may answer."""

from __future__ import annotations

from corpus.dates import first_day, last_day, parse_published
from corpus.errors import BadRequest
from corpus.types import KINDS, Document
from index.types import Filter


def check_filter(wanted: Filter) -> None:
    """Refuses values that can never match.

    Raises:
        BadRequest: a bound that is no date, or a kind that does not exist.
    """
    for name in ("since", "until"):
        value = getattr(wanted, name)
        if value is not None and parse_published(value) is None:
            raise BadRequest(f"{name} {value!r} is no date", "write it as 2023, 2023-05 or 2023-05-17", name)
    for kind in wanted.kind:
        if kind not in KINDS:
            raise BadRequest(f"there is no kind {kind!r}", f"choose from {', '.join(KINDS)}", "kind")


def admits(wanted: Filter, document: Document) -> bool:
    """Whether a document passes: every field given must hold, any of a field's values will do."""
    metadata = document.metadata
    return (
        _within(wanted, metadata.published)
        and (not wanted.outlet or _folded(metadata.outlet) in {_folded(outlet) for outlet in wanted.outlet})
        and (not wanted.kind or metadata.kind in wanted.kind)
        and (not wanted.language or metadata.language in {language.lower() for language in wanted.language})
        and (not wanted.document_id or document.id in wanted.document_id)
    )


def _within(wanted: Filter, published: str | None) -> bool:
    since, until = parse_published(wanted.since), parse_published(wanted.until)
    if since is None and until is None:
        return True
    if published is None:
        return False
    after = since is None or last_day(published) >= first_day(since)
    before = until is None or first_day(published) <= last_day(until)
    return after and before


def _folded(text: str | None) -> str | None:
    return text.casefold().strip() if text is not None else None
