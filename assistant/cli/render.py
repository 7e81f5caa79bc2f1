"""Answers, hits and documents as text for a terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Iterator

import click

from assistant.periods import in_words
from assistant.search import FoundPassage
from assistant.types import Answer, Citation


def answer_lines(answer: Answer) -> Iterator[str]:
    """An answer with its footnotes."""
    for line in answer.text.splitlines():
        yield _wrapped(line)
    yield from footnote_lines(answer)


def footnote_lines(answer: Answer) -> Iterator[str]:
    """The footnotes of an answer, or the nearest that was found where it was declined; then what is to be said of it:
    where the sources disagree, what is not answered, the notices.
    """
    if answer.citations:
        yield ""
    for citation in answer.citations:
        yield from _citation(citation, f"[{citation.number}]")
    if answer.nearest:
        yield ""
        yield "Nearest in the documents:"
    for citation in answer.nearest:
        yield from _citation(citation, "  -")
    yield from _disagreement_lines(answer)
    if answer.missing:
        yield ""
        yield _wrapped(f"Not answered: {'; '.join(answer.missing)}")
    for notice in answer.notices:
        yield ""
        yield _wrapped(f"Note: {notice.text}")


def hit_lines(hits: Iterable[FoundPassage]) -> Iterator[str]:
    """Hits, best first, with their scores and passages."""
    for number, hit in enumerate(hits, 1):
        ranks = ", ".join(f"{name} {rank}" for name, rank in hit.ranks.items())
        yield f"{number}. {click.style(hit.title, bold=True)}{f' · {hit.heading}' if hit.heading else ''}"
        yield f"   {hit.score:.3f} (ranks: {ranks})  {hit.url or hit.path or hit.document_id}"
        yield _wrapped(" ".join(hit.text.split()), "   ")
        yield ""


def source_line(title: str, outlet: str | None, published: str | None, kind: str | None) -> str:
    """A document's title and origin on one line."""
    origin = ", ".join(part for part in (outlet, published, kind) if part)
    return f"{title} ({origin})" if origin else title


def _disagreement_lines(answer: Answer) -> Iterator[str]:
    """Each disagreement with its sides: whose it is, when, and the value."""
    cited = {citation.number: citation for citation in answer.citations}
    for disagreement in answer.disagreements:
        yield ""
        yield _wrapped(f"The sources disagree on “{disagreement.about}”:")
        for side in disagreement.sides:
            citation = cited[side.citation]
            published = in_words(citation.published) if citation.published else None
            origin = ", ".join(part for part in (citation.outlet or citation.title, published) if part)
            yield _wrapped(f"- {side.value} ({origin}) [{side.citation}]", "  ")


def _citation(citation: Citation, label: str) -> Iterator[str]:
    indent = " " * (len(label) + 1)
    origin = source_line(citation.title, citation.outlet, citation.published, citation.kind)
    yield f"{label} {click.style(origin, bold=True)}"
    yield _wrapped(f"“{citation.quote}”", indent)
    where = citation.url or citation.path or citation.document_id
    yield f"{indent}{where}, characters {citation.start} to {citation.end}"


def _wrapped(text: str, indent: str = "") -> str:
    width = min(100, shutil.get_terminal_size().columns)
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False)
