"""What the reader is trained on: the written questions, each with the passages that retrieval finds for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import torch

from assistant.follow_ups import as_query
from assistant.reader import in_view
from assistant.settings import load_settings
from assistant.wiring import Wiring
from corpus.types import Span
from eval.measures import folded
from eval.runner import evaluation
from eval.written import Stage, Written, is_left_out, passages_name, written, written_passages
from index.retriever import Retriever
from index.types import Filter, Hit

_HITS = 8
_AT_ONCE = 200  # questions
_SHORT = 3  # characters: so short an answer stands in other passages by chance
_WITHIN = 40  # passages of the question's own text that are looked through


@dataclass(frozen=True, slots=True)
class Example:
    """A question in view of the one before it, the passage to look in, the sentences of it that tell the answer (none
    where it is not told), where in the passage the answer stands, the sentences that are sides of a dispute over what
    is asked (None where they are not known), and other passages that were found. ``text`` is the brief's or the
    passage's name.
    """

    text: str
    question: str
    hit: Hit
    right: frozenset[int]
    answer: Span | None
    sides: frozenset[int] | None
    others: tuple[Hit, ...]
    stage: Stage

    @property
    def on_brief(self) -> bool:
        """Whether its text is a brief of the desk."""
        return not self.text.startswith("passage-")

    @property
    def left_out(self) -> bool:
        """Whether its text is one of those that nothing is trained on."""
        return is_left_out(self.text)


def collected(home: Path | None) -> list[Example]:
    """The written questions with their passages, found by as many processes as there are processors."""
    with _indexed(home):  # made once, read by all
        pass
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=_Finder.open, initargs=(home,)) as pool:
        return [one for one in pool.map(_Finder.find, written(), chunksize=_AT_ONCE) if one]


@contextmanager
def _indexed(home: Path | None) -> Iterator[tuple[Wiring, dict[str, str]]]:
    """A Footnote over all texts, and the ids of briefs by name."""
    with evaluation(load_settings(home), passages_name(), written_passages()) as footnote:
        yield footnote, {Path(report.path).stem: report.document_id or "" for report in footnote.indexer.index_desk()}


class _Finder:
    """What a process of the pool keeps from one question to the next."""

    _open = ExitStack()
    _footnote: Wiring
    _ids: Mapping[str, str]

    @classmethod
    def open(cls, home: Path | None) -> None:
        torch.set_num_threads(1)
        cls._footnote, cls._ids = cls._open.enter_context(_indexed(home))

    @classmethod
    def find(cls, one: Written) -> Example | None:
        return _example(cls._footnote.retriever, one, cls._ids)


def _example(retriever: Retriever, one: Written, ids: Mapping[str, str]) -> Example | None:
    query = as_query(one.question.text, one.question.history)
    [name] = one.question.documents
    document = ids.get(name, name)
    hits = retriever.search(query, _HITS)
    within = Filter(document_id=(document,))
    own = _holding(hits, document, one) or _holding(retriever.search(query, _WITHIN, within), document, one)
    if not own:
        return None
    hit, numbers = own[0]
    return Example(
        text=name,
        question=in_view(one.question.text, [exchange.question for exchange in one.question.history]),
        hit=hit,
        right=frozenset(numbers if one.answer else []),
        answer=_place(hit, _numbers(hit, one.quotes[:1]), one.answer) if one.answer else None,
        sides=_sides(hit, one),
        others=tuple(other for other in hits if not _tells(other, one)),
        stage=one.stage,
    )


def _sides(hit: Hit, one: Written) -> frozenset[int] | None:
    """The sentences of a hit that are sides of a dispute; None too where only one of the two stands in it."""
    if not one.differ:
        return None if one.differ is None else frozenset()
    sides = [_numbers(hit, [quote]) for quote in one.quotes]
    return frozenset(number for some in sides for number in some) if all(sides) else None


def _tells(hit: Hit, one: Written) -> bool:
    """Whether a passage holds a quote, or the answer in so many words."""
    answer = folded(one.answer or "")
    return (len(answer) > _SHORT and answer in folded(hit.text)) or bool(_numbers(hit, one.quotes))


def _holding(hits: Sequence[Hit], document: str, one: Written) -> list[tuple[Hit, list[int]]]:
    """The passages of the question's own text that hold its quote, each with the sentences that tell."""
    own = (hit for hit in hits if hit.document_id == document and _numbers(hit, one.quotes[:1]))
    return [(hit, _numbers(hit, one.quotes)) for hit in own]


def sentence_of(hit: Hit, number: int) -> Span:
    """Where a sentence stands in the text of its hit."""
    span = hit.sentences[number].span
    return Span(span.start - hit.start, span.end - hit.start)


def _numbers(hit: Hit, quotes: Sequence[str]) -> list[int]:
    """The sentences of a hit that hold one of the quotes."""
    spans = (sentence_of(hit, number) for number in range(len(hit.sentences)))
    told = (folded(hit.text[span.start : span.end]) for span in spans)
    return [number for number, text in enumerate(told) if any(folded(quote) in text for quote in quotes)]


def _place(hit: Hit, numbers: Sequence[int], answer: str) -> Span | None:
    span = sentence_of(hit, numbers[0])
    found = re.compile(re.escape(answer), re.IGNORECASE).search(hit.text, span.start, span.end)
    return Span(*found.span()) if found else None
