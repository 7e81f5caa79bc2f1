"""Questions written for training: on the desk's briefs, and on short passages on many subjects, which come with them.

They were written for this program, in its own words, by language models that saw neither the desk's questions nor any
other set. Nothing is measured on them.
"""

from __future__ import annotations

from pathlib import Path

from assistant.types import Exchange
from corpus.library import content_hash
from corpus.types import Document, Metadata
from eval.question_sets import file_hash
from eval.rows import WrittenRow, read_lines
from eval.types import Question

_FOLDER = Path(__file__).parent / "training"
BRIEFS, PASSAGES = _FOLDER / "briefs.jsonl", _FOLDER / "passages.jsonl"


def written_passages() -> list[Document]:
    """The passages as documents."""
    return [
        Document(name, row.text, content_hash(row.text), Metadata(title=row.title)) for name, row in _passage_rows()
    ]


def written_questions() -> list[Question]:
    """All questions. Their answer is a fragment of the one sentence that tells it; the document of those on the desk is
    the brief's name, as with the desk's own.
    """
    on_briefs = [(Path(row.document or "").stem, row) for row in read_lines(BRIEFS, WrittenRow)]
    return [question for name, row in [*on_briefs, *_passage_rows()] for question in _questions(name, row)]


def passages_name() -> str:
    """The name of their index."""
    return f"written-{file_hash(PASSAGES)}"


def _passage_rows() -> list[tuple[str, WrittenRow]]:
    return [(f"passage-{number:03}", row) for number, row in enumerate(read_lines(PASSAGES, WrittenRow))]


def _questions(name: str, row: WrittenRow) -> list[Question]:
    return [
        Question(
            id=f"{name}-{number}",
            text=one.ask,
            history=(Exchange(one.before),) if one.before else (),
            answers=(one.quote,),
            documents=(name,),
            answerable=True,
        )
        for number, one in enumerate(row.questions)
    ]
