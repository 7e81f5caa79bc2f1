"""Makes what tests need, with names for what matters and defaults for the rest."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.reader import AnswerReader
from assistant.settings import load_settings
from assistant.types import Evidence
from assistant.wiring import Wiring
from corpus.intake import find_sources
from corpus.library import content_hash
from corpus.reading import read_here
from corpus.types import Document, FileReport, Heading, Metadata, Span
from index.embedding import Embedder
from index.sentences import split_sentences
from index.types import Hit, SentenceHit

ANSWER_READER = AnswerReader()  # one for all: it keeps nothing but its weights


def wiring_at(home: Path, embedder: Embedder, **flags: Any) -> Wiring:
    """A Footnote at a home, with models that are loaded already; it reads files in this process."""
    wiring = Wiring(load_settings(home, **flags))
    wiring.__dict__["embedder"] = embedder
    wiring.__dict__["answer_reader"] = ANSWER_READER
    wiring.__dict__["read_files"] = read_here
    return wiring


def document(text: str, id: str = "d1", headings: Sequence[Heading] = (), **metadata: str) -> Document:
    """A document with this text and metadata."""
    return Document(
        id=id,
        text=text,
        content_hash=content_hash(text),
        metadata=Metadata(**metadata),
        headings=tuple(headings),
    )


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Writes files under a folder, text as UTF-8, and returns the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def index_paths(footnote: Wiring, *paths: Path, **metadata: str) -> list[FileReport]:
    """Indexes files or folders and returns the reports."""
    return list(footnote.indexer.index(find_sources(paths, Metadata(**metadata))))


def states(reports: Sequence[FileReport]) -> dict[str, str]:
    """The state of each file, by its name."""
    return {Path(report.path).name: report.state for report in reports}


def hit(text: str, document_id: str = "d1", score: float = 1.0, **metadata: str) -> Hit:
    """A passage that is the whole of a document, with its sentences."""
    return Hit(
        passage_id=f"p-{document_id}-{text}",
        document_id=document_id,
        content_hash="v1",
        metadata=Metadata(**metadata),
        title=metadata.get("title", "A title"),
        place=f"/{document_id}",
        text=text,
        start=0,
        end=len(text),
        heading=None,
        score=score,
        sentences=tuple(SentenceHit(span, 0.0, 0.0) for span in split_sentences(text)),
    )


def evidence(quote: str, document_id: str = "d1", score: float = 1.0, **metadata: str) -> Evidence:
    """Evidence that is the whole of a document's passage."""
    return Evidence(hit(quote, document_id, score, **metadata), Span(0, len(quote)), quote, score)


def wire_copy(story: str, chance: random.Random) -> str:
    """A story as another outlet prints it: a dateline, the end cut off, some words changed."""
    sentences = re.split(r"(?<=[.!?])\s+", story)
    words = " ".join(sentences[: int(len(sentences) * chance.uniform(0.75, 0.95))]).split()
    changed = (chance.choice(["said", "added", "noted"]) if chance.random() < 0.02 else word for word in words)
    return f"TBILISI (Agency). {' '.join(changed)} Reporting by our staff."


def updated_story(story: str, chance: random.Random) -> str:
    """A story as it stands in the evening: new sentences on top, one rewritten."""
    sentences = re.split(r"(?<=[.!?])\s+", story)
    sentences[chance.randrange(len(sentences))] = "This sentence was written anew by the editors in the evening."
    added = (f"Officials later promised inquiry {chance.randrange(1000)}." for _ in range(chance.randrange(1, 5)))
    return " ".join([*added, *sentences])
