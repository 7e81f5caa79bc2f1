"""Trains the reader, `assistant/reader_weights.safetensors`, in two hours on two cores.

    python -m eval.train_reader

On the questions of `eval/training` alone, half of which their text does not answer; every tenth text is left out and
measured on. A question is read with the passage that tells the answer, or where a hasty reader would look for it, and
with passages that do not tell it: others that retrieval finds, at times one on something else, or its own without the
sentences that tell. Which sentence tells it, or none, is learned by cross-entropy, and so is where the answer begins
and ends in it.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from random import Random

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.follow_ups import as_query
from assistant.reader import READER_WEIGHTS, Encoded, Encoder, batch, in_view, prefix_of
from assistant.reader_network import Network
from assistant.settings import load_settings
from assistant.wiring import Wiring
from corpus.types import Span
from eval.measures import auroc, folded
from eval.runner import evaluation
from eval.written import Written, is_left_out, passages_name, written, written_passages
from index.retriever import Retriever
from index.types import Filter, Hit

_HITS = 8
_AT_ONCE = 200  # questions
_SHORT = 3  # characters: so short an answer stands in other passages by chance
_WITHIN = 40  # passages of the question's own text that are looked through
_PASSES = 1.7
_BATCH = 16
_SORTED = 20  # batches, within which texts of a length go together
_RATE, _RATE_OF_HEADS = 1.5e-4, 6e-4
_WARM_UP = 0.06  # of all steps
# How often in a pass a question is also read with a passage that does not tell: one that retrieval finds, one on
# something else, and its own without the sentences that tell.
_FOUND, _STRANGE, _CUT = 0.6, 0.1, 0.15
_ENDS_COUNT = 0.3
_UNKNOWN = -100  # where an answer is told in words that are not found in the passage again
_SEED = 5


@dataclass(frozen=True, slots=True)
class Example:
    """A question in view of the one before it, the passage to look in, the sentences of it that tell the answer (none
    where it is not told), where in the passage the answer stands, and other passages that were found.
    """

    text: str
    question: str
    hit: Hit
    right: frozenset[int]
    answer: Span | None
    others: tuple[Hit, ...]

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
    with evaluation(load_settings(home), passages_name(), lambda *_: None, written_passages()) as footnote:
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
        others=tuple(other for other in hits if not _tells(other, one)),
    )


def _tells(hit: Hit, one: Written) -> bool:
    """Whether a passage holds a quote, or the answer in so many words."""
    answer = folded(one.answer or "")
    return (len(answer) > _SHORT and answer in folded(hit.text)) or bool(_numbers(hit, one.quotes))


def _holding(hits: Sequence[Hit], document: str, one: Written) -> list[tuple[Hit, list[int]]]:
    """The passages of the question's own text that hold its quote, each with the sentences that tell."""
    own = (hit for hit in hits if hit.document_id == document and _numbers(hit, one.quotes[:1]))
    return [(hit, _numbers(hit, one.quotes)) for hit in own]


def _sentence(hit: Hit, number: int) -> Span:
    span = hit.sentences[number].span
    return Span(span.start - hit.start, span.end - hit.start)


def _numbers(hit: Hit, quotes: Sequence[str]) -> list[int]:
    """The sentences of a hit that hold one of the quotes."""
    spans = (_sentence(hit, number) for number in range(len(hit.sentences)))
    told = (folded(hit.text[span.start : span.end]) for span in spans)
    return [number for number, text in enumerate(told) if any(folded(quote) in text for quote in quotes)]


def _place(hit: Hit, numbers: Sequence[int], answer: str) -> Span | None:
    span = _sentence(hit, numbers[0])
    found = re.compile(re.escape(answer), re.IGNORECASE).search(hit.text, span.start, span.end)
    return Span(*found.span()) if found else None


def _without(hit: Hit, numbers: Collection[int]) -> Hit:
    """The passage without these sentences."""
    text, sentences = hit.text, list(hit.sentences)
    for number in sorted(numbers, reverse=True):
        span = _sentence(hit, number)
        end = _sentence(hit, number + 1).start if number + 1 < len(hit.sentences) else span.end
        text = text[: span.start] + text[end:]
        shift = end - span.start
        later = [(one, Span(one.span.start - shift, one.span.end - shift)) for one in sentences[number + 1 :]]
        sentences[number:] = [replace(one, span=span) for one, span in later]
    return replace(hit, text=text, sentences=tuple(sentences))


def train(network: Network, examples: Sequence[Example], passes: float = _PASSES) -> None:
    """Trains in place; says on standard output how far it is every hundred steps."""
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0  # a third of the time otherwise
    layers = list(network.layers.parameters())
    heads = [one for name, one in network.named_parameters() if not name.startswith(("embeddings.", "layers."))]
    rates = [_RATE, _RATE_OF_HEADS]
    groups = [{"params": some, "lr": rate} for some, rate in zip([layers, heads], rates, strict=True)]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    random, encoder = Random(_SEED), Encoder()
    steps = int(passes * sum(1 + _FOUND + _STRANGE + _CUT * bool(one.right) for one in examples) / _BATCH)
    started, losses = time.monotonic(), list[float]()
    network.train()
    for step, some in zip(range(steps), _batches(examples, encoder, random), strict=False):
        share = step / steps
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * min(1, share / _WARM_UP) * (1 - share)
        loss = _loss(network, some)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([*layers, *heads], 1.0)
        optimizer.step()
        losses.append(loss.item())
        if step % 100 == 99:
            print(f"step {step + 1} of {steps}, loss {np.mean(losses[-100:]):.3f}, {time.monotonic() - started:.0f} s")
    network.eval()


@dataclass(frozen=True, slots=True)
class _Text:
    """What one text teaches: the sentences that tell the answer, none if none does, and the answer's place."""

    encoded: Encoded
    right: frozenset[int]
    answer: Span | None


def _batches(examples: Sequence[Example], encoder: Encoder, random: Random) -> Iterator[list[_Text]]:
    """Batches without end, in an order that changes from pass to pass."""
    while True:
        read = [pair for one in examples for pair in _read(one, examples, random)]
        random.shuffle(read)
        for first in range(0, len(read), _BATCH * _SORTED):
            texts = [
                _Text(encoder.encode(one.question, hit), one.right, one.answer)
                if hit is one.hit
                else _Text(encoder.encode(one.question, hit), frozenset(), None)
                for one, hit in read[first : first + _BATCH * _SORTED]
            ]
            texts.sort(key=lambda text: len(text.encoded.ids))
            batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
            random.shuffle(batches)
            yield from batches


def _read(one: Example, examples: Sequence[Example], random: Random) -> Iterator[tuple[Example, Hit]]:
    """What a question is read with in a pass."""
    yield one, one.hit
    if one.others and random.random() < _FOUND:
        yield one, one.others[min(int(random.expovariate(0.5)), len(one.others) - 1)]
    strange = random.choice(examples)
    if strange.text != one.text and random.random() < _STRANGE:
        yield one, strange.hit
    if one.right and len(one.right) < len(one.hit.sentences) and random.random() < _CUT:
        cut = _without(one.hit, one.right)
        said = one.answer and folded(one.hit.text[one.answer.start : one.answer.end])
        if not said or said not in folded(f"{prefix_of(cut)}{cut.text}"):
            yield one, cut


def _loss(network: Network, texts: Sequence[_Text]) -> Tensor:
    ids, kinds, mask, sentences, count = batch([text.encoded for text in texts])
    told, nothing, ends = network(ids, kinds, mask, sentences, count)
    wanted = torch.zeros(len(texts), count + 1)
    places = torch.full((len(texts), 2), _UNKNOWN)
    for row, text in enumerate(texts):
        right = [number for number in text.right if number in text.encoded.sentences]
        wanted[row, [number + 1 for number in right] or [0]] = 1 / max(1, len(right))
        if not right:
            places[row] = 0
        elif text.answer:
            offsets = text.encoded.offsets
            first = np.flatnonzero((offsets[:, 0] <= text.answer.start) & (offsets[:, 1] > text.answer.start))
            last = np.flatnonzero((offsets[:, 0] < text.answer.end) & (offsets[:, 1] >= text.answer.end))
            if len(first) and len(last):
                places[row] = torch.tensor([first[0], last[-1]])
    allowed = (kinds >= 2) & mask
    allowed[:, 0] = True
    ends = ends.masked_fill(~allowed[:, :, None], -1e4)
    logits = torch.cat([nothing[:, None], told], dim=1)
    of_sentences = -(wanted * logits.log_softmax(dim=1)).sum(dim=1).mean()
    if (places == _UNKNOWN).all():
        return of_sentences
    of_ends = [functional.cross_entropy(ends[:, :, one], places[:, one], ignore_index=_UNKNOWN) for one in (0, 1)]
    return of_sentences + _ENDS_COUNT * (of_ends[0] + of_ends[1])


def measured(network: Network, examples: Sequence[Example]) -> tuple[float, float]:
    """Over texts that nothing is trained on: the AUROC of an answer being told, and how often its sentence is first."""
    encoder = Encoder()
    chances: dict[bool, list[float]] = {True: [], False: []}
    first = []
    with torch.inference_mode():
        for one in examples:
            told, nothing, _ = network(*batch([encoder.encode(one.question, one.hit)]))
            chances[bool(one.right)].append(float(told.max() - nothing))
            if one.right:
                first.append(int(told.argmax()) in one.right)
    return auroc(chances[True], chances[False]) or 0.0, float(np.mean(first))


def main() -> None:
    """Trains and writes the weights."""
    parser = argparse.ArgumentParser(description="Train the reader.")
    parser.add_argument("--home", type=Path, help="where the index of the training texts lives")
    examples = collected(parser.parse_args().home)
    torch.manual_seed(_SEED)
    network = Network()
    train(network, [one for one in examples if not one.left_out])
    network.save(READER_WEIGHTS)
    print(f"{len(examples)} of {len(list(written()))} questions were used")
    told, first = measured(Network.load(READER_WEIGHTS), [one for one in examples if one.left_out])
    print(f"texts left out: AUROC of an answer being told {told:.3f}, the right sentence first {first:.3f}")


if __name__ == "__main__":
    main()
