"""Attribution: whose claim it is, said in front of the quotation where the kind of the document calls for it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.periods import in_words
from assistant.types import Evidence


def attribution(evidence: Sequence[Evidence], *, always: bool = False) -> str:
    """Whose the evidence is and when: "AzerNews, opinion, December 2025"; "" where nothing need be said.

    An opinion is always given as its outlet's or author's; what an official source says, where the source is known.
    With ``always`` any kind is, as where sources disagree. Evidence of several documents is not attributed as a whole.
    What is unknown is left out.
    """
    documents = {piece.hit.document_id: piece.hit.metadata for piece in evidence}
    if len(documents) != 1:
        return ""
    (metadata,) = documents.values()
    holder = metadata.outlet or metadata.author
    called_for = metadata.kind == "opinion" or (metadata.kind == "official" and holder) or (always and holder)
    if not called_for:
        return ""
    published = in_words(metadata.published) if metadata.published else None
    said = ", ".join(" ".join(part.split()) for part in (holder, metadata.kind, published) if part)
    return said if holder else said[:1].upper() + said[1:]


def attributions(evidence: Sequence[Evidence], *, always: bool = False) -> str:
    """The same for each document in turn where there are several: "AzerNews, opinion, 2024; OC Media, opinion, 2025".

    Without ``always`` official documents among several are left out.
    """
    documents: dict[str, list[Evidence]] = {}
    for piece in evidence:
        documents.setdefault(piece.hit.document_id, []).append(piece)
    if len(documents) > 1 and not always:
        documents = {name: pieces for name, pieces in documents.items() if pieces[0].hit.metadata.kind == "opinion"}
    said = (attribution(pieces, always=always) for pieces in documents.values())
    return "; ".join(dict.fromkeys(whose for whose in said if whose))
