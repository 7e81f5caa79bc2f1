"""Questions written for training: on the desk's briefs, and on short passages on many subjects, which come with them.

They were written for this program, in its own words, by language models that saw neither the desk's questions nor any
other set. To half of them their text gives no answer. On some the reader is not trained, so that they tell how far to
trust it: those on every tenth text, and more on the briefs in files of their own.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from string import ascii_lowercase
from typing import Literal

from assistant.types import Exchange
from corpus.library import content_hash
from corpus.types import Document, Metadata
from eval.question_sets import file_hash, read_questions
from eval.rows import WrittenRow, read_lines
from eval.types import Question

_FOLDER = Path(__file__).parent / "training"
LIBRARIES = _FOLDER / "libraries"  # answers sets written in the same way, each over some documents of its own
LIBRARIES_APART = _FOLDER / "apart"  # more of these, which nothing is fitted to
Stage = Literal["first", "later", "disputed", "varied", "apart"]
# How the names of files begin, in the order in which they were written; the last are on passages alone.
_STAGES: dict[Stage, str] = {"first": "", "later": "later_", "disputed": "disputed_", "varied": "varied_"}
_LEFT_OUT = 10
_SEED = 5


def written_passages() -> list[Document]:
    """The passages as documents."""
    return _documents([row for rows in _passage_rows().values() for row in rows])


@dataclass(frozen=True, slots=True)
class Written:
    """A question, the fragments of the sentences that answer it or where a hasty reader would look for the answer, and
    the answering words in the first, None if its text does not tell the answer. ``differ`` says whether sources differ
    on what is asked, each by one of the fragments; None where nobody looked. ``stage`` says when it was written, after
    the reader had been trained on those before, or "apart" for those that it is not trained on.
    """

    question: Question
    quotes: tuple[str, ...]
    answer: str | None
    differ: bool | None
    stage: Stage


def written() -> Iterator[Written]:
    """All questions that the reader is trained or measured on. The document of those on the desk is the brief's name,
    as with the desk's own.
    """
    for stage, passages in _passage_rows().items():
        on_briefs = [] if stage == "varied" else _brief_rows(f"{_STAGES[stage]}briefs")
        yield from _questions([*on_briefs, *passages], _STAGES[stage], stage)


def unread() -> Iterator[Written]:
    """Questions on the desk's briefs that the reader is not trained on."""
    yield from _questions(_brief_rows("unread"), "unread_")


def plain() -> Iterator[Written]:
    """More of these, in the plain words in which somebody asks first or goes on."""
    yield from _questions(_brief_rows("plain"), "plain_")


def apart() -> Iterator[Written]:
    """Questions on texts of all sorts that nothing is fitted to: they tell how well any are answered."""
    yield from _questions(_rows_of("apart"), "apart_")


def apart_passages() -> list[Document]:
    """These texts as documents."""
    return _documents(_rows_of("apart"))


def apart_name() -> str:
    """The name of their index."""
    return f"apart-{file_hash(_file('apart_passages'))}"


def in_other_languages() -> Iterator[Written]:
    """Questions in languages that the models do not read, on texts of their own in these languages."""
    yield from _questions(_rows_of("languages"), "language_")


def in_other_languages_on_briefs() -> Iterator[Written]:
    """Questions in these languages on the desk's briefs, which are in English."""
    yield from _questions(_brief_rows("languages_briefs"), "foreign_")


def language_passages() -> list[Document]:
    """The texts in other languages as documents."""
    return _documents(_rows_of("languages"))


def languages_name() -> str:
    """The name of their index."""
    return f"languages-{file_hash(_file('languages_passages'))}"


def _questions(rows: Iterable[tuple[str, WrittenRow]], prefix: str, stage: Stage = "apart") -> Iterator[Written]:
    for number, (name, row) in enumerate(rows):
        for place, one in enumerate(row.questions):
            quotes = (one.quote, *one.also)
            question = Question(
                id=f"{prefix}{number}-{place}",
                text=one.ask,
                history=(Exchange(one.before),) if one.before else (),
                answers=quotes if one.answer else (),
                documents=(name,),
                answerable=one.answer is not None,
                conversation=name,
            )
            yield Written(question, quotes, one.answer, one.differ, stage)


def strange(folder: Path) -> list[Question]:
    """Questions that the desk cannot answer: one in four of a set's, and letters at random, few or thousands."""
    others = [question.text for question in read_questions(folder / "questions.jsonl")][::4]
    random = Random(_SEED)
    words = [["".join(random.choices(ascii_lowercase, k=random.randint(1, 9))) for _ in range(10)] for _ in range(100)]
    nonsense = [" ".join(some[: random.randint(1, 10)]) for some in words]
    endless = [random.choice(ascii_lowercase) * random.randint(10, 10_000) for _ in range(50)]
    texts = [*others, *nonsense, *endless]
    return [
        Question(f"strange-{number}", text, history=(), answers=(), documents=(), answerable=False)
        for number, text in enumerate(texts)
    ]


def is_left_out(text: str) -> bool:
    """Whether a text, by its name, is one of those, one in ten, that the reader is not trained on."""
    return zlib.crc32(text.encode()) % _LEFT_OUT == 0


def passages_name() -> str:
    """The name of their index."""
    return "-".join(["written", *(file_hash(_file(f"{prefix}passages")) for prefix in _STAGES.values())])


def _documents(rows: Iterable[tuple[str, WrittenRow]]) -> list[Document]:
    return [Document(name, row.text, content_hash(row.text), Metadata(title=row.title)) for name, row in rows]


def _rows_of(kind: str) -> list[tuple[str, WrittenRow]]:
    """The texts of a file of their own, numbered: "language-000", "apart-000"."""
    rows = read_lines(_file(f"{kind}_passages"), WrittenRow)
    return [(f"{kind.removesuffix('s')}-{number:03}", row) for number, row in enumerate(rows)]


def _brief_rows(name: str) -> list[tuple[str, WrittenRow]]:
    return [(Path(row.document or "").stem, row) for row in read_lines(_file(name), WrittenRow)]


def _passage_rows() -> dict[Stage, list[tuple[str, WrittenRow]]]:
    """The passages of each stage, numbered through."""
    numbers = count()
    return {
        stage: [(f"passage-{next(numbers):04}", row) for row in read_lines(_file(f"{prefix}passages"), WrittenRow)]
        for stage, prefix in _STAGES.items()
    }


def _file(name: str) -> Path:
    return _FOLDER / f"{name}.jsonl"
