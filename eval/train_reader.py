"""Trains the reader, `assistant/reader_weights.safetensors`, in two hours on two cores.

    python -m eval.train_reader

On the questions of `eval/training` alone, half of which their text does not answer; every tenth text is left out and
measured on. A question is read with the passage that tells the answer, or where a hasty reader would look for it, and
with passages that do not tell it: others that retrieval finds, at times one on something else, or its own without the
sentences that tell. Which sentence tells it, or none, is learned by cross-entropy, and so is where the answer begins
and ends in it; which sentences are sides of a dispute over what is asked, one by one, where somebody looked for one.
The questions that were written later are learned last, the most varied ones twice, with a few of the first again and
the lowest layers left as they are.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.reader import READER_WEIGHTS, Encoded, Encoder, batch, prefix_of
from assistant.reader_network import Network, Read
from corpus.types import Span
from eval.measures import auroc, folded, mean
from eval.reader_examples import Example, collected, sentence_of
from eval.written import Stage
from index.types import Hit

_BATCH = 16
_SORTED = 20  # batches, within which texts of a length go together
_WARM_UP = 0.06  # of all steps
_ENDS_COUNT = 0.3
_SIDES_COUNT = 0.5
_UNKNOWN = -100  # where an answer is told in words that are not found in the passage again
_AGAIN = 24  # one in so many of the first questions is learned again with the later ones
_ENOUGH = 2  # one in so many of the later ones on the briefs is learned: there are more than of all others
_LOWEST = 2  # layers that the later questions leave as they are
_SEED = 5


@dataclass(frozen=True, slots=True)
class Course:
    """How often the examples are gone through, and the highest rates of learning, of the layers and of the heads.

    And how often in a pass a question is also read with a passage that does not tell: one that retrieval finds
    (``found``), one on something else (``strange``), and its own without the sentences that tell (``cut``).
    """

    passes: float
    rate: float
    rate_of_heads: float
    found: float
    strange: float
    cut: float

    def readings(self, examples: Sequence[Example]) -> float:
        """How many texts are read in all, on average."""
        return self.passes * sum(1 + self.found + self.strange + self.cut * bool(one.right) for one in examples)


_FIRST = Course(passes=1.7, rate=1.5e-4, rate_of_heads=6e-4, found=0.6, strange=0.1, cut=0.15)
_LAST = Course(passes=1.0, rate=7e-5, rate_of_heads=2.1e-4, found=0.35, strange=0.05, cut=0.1)


def _without(hit: Hit, numbers: Collection[int]) -> Hit:
    """The passage without these sentences."""
    text, sentences = hit.text, list(hit.sentences)
    for number in sorted(numbers, reverse=True):
        span = sentence_of(hit, number)
        end = sentence_of(hit, number + 1).start if number + 1 < len(hit.sentences) else span.end
        text = text[: span.start] + text[end:]
        shift = end - span.start
        later = [(one, Span(one.span.start - shift, one.span.end - shift)) for one in sentences[number + 1 :]]
        sentences[number:] = [replace(one, span=span) for one, span in later]
    return replace(hit, text=text, sentences=tuple(sentences))


def train(network: Network, examples: Sequence[Example], course: Course) -> None:
    """Trains in place; says on standard output how far it is every hundred steps."""
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0  # a third of the time otherwise
    layers = [one for one in network.layers.parameters() if one.requires_grad]
    heads = [one for name, one in network.named_parameters() if not name.startswith(("embeddings.", "layers."))]
    rates = [course.rate, course.rate_of_heads]
    groups = [{"params": some, "lr": rate} for some, rate in zip([layers, heads], rates, strict=True)]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    random, encoder = Random(_SEED), Encoder()
    steps = int(course.readings(examples) / _BATCH)
    started, losses = time.monotonic(), list[float]()
    network.train()
    for step, some in zip(range(steps), _batches(examples, course, encoder, random), strict=False):
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
    """What one text teaches: the sentences that tell the answer, none if none does, the answer's place, and the sides
    of a dispute, None where they are not known.
    """

    encoded: Encoded
    right: frozenset[int]
    answer: Span | None
    sides: frozenset[int] | None


def _batches(examples: Sequence[Example], course: Course, encoder: Encoder, random: Random) -> Iterator[list[_Text]]:
    """Batches without end, in an order that changes from pass to pass."""
    while True:
        read = [pair for one in examples for pair in _read(one, examples, course, random)]
        random.shuffle(read)
        for first in range(0, len(read), _BATCH * _SORTED):
            texts = [
                _Text(encoder.encode(one.question, hit), one.right, one.answer, one.sides)
                if hit is one.hit
                else _Text(
                    encoder.encode(one.question, hit), frozenset(), None, None if one.sides is None else frozenset()
                )
                for one, hit in read[first : first + _BATCH * _SORTED]
            ]
            texts.sort(key=lambda text: len(text.encoded.ids))
            batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
            random.shuffle(batches)
            yield from batches


def _read(one: Example, examples: Sequence[Example], course: Course, random: Random) -> Iterator[tuple[Example, Hit]]:
    """What a question is read with in a pass."""
    yield one, one.hit
    if one.others and random.random() < course.found:
        yield one, one.others[min(int(random.expovariate(0.5)), len(one.others) - 1)]
    strange = random.choice(examples)
    if strange.text != one.text and random.random() < course.strange:
        yield one, strange.hit
    if one.right and len(one.right) < len(one.hit.sentences) and random.random() < course.cut:
        cut = _without(one.hit, one.right)
        said = one.answer and folded(one.hit.text[one.answer.start : one.answer.end])
        if not said or said not in folded(f"{prefix_of(cut)}{cut.text}"):
            yield one, cut


def _loss(network: Network, texts: Sequence[_Text]) -> Tensor:
    ids, kinds, mask, sentences, count = batch([text.encoded for text in texts])
    read = network(ids, kinds, mask, sentences, count)
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
    ends = read.ends.masked_fill(~allowed[:, :, None], -1e4)
    logits = torch.cat([read.nothing[:, None], read.told], dim=1)
    loss = -(wanted * logits.log_softmax(dim=1)).sum(dim=1).mean() + _SIDES_COUNT * _loss_of_sides(read, texts)
    if (places == _UNKNOWN).all():
        return loss
    of_ends = [functional.cross_entropy(ends[:, :, one], places[:, one], ignore_index=_UNKNOWN) for one in (0, 1)]
    return loss + _ENDS_COUNT * (of_ends[0] + of_ends[1])


def _loss_of_sides(read: Read, texts: Sequence[_Text]) -> Tensor:
    """Cross-entropy summed over the sentences of a text, mean over texts; 0 for a text whose sides are not known."""
    known = [
        (row, number, float(number in text.sides))
        for row, text in enumerate(texts)
        if text.sides is not None
        for number in sorted({*text.encoded.sentences.tolist()} - {-1})
    ]
    if not known:
        return torch.zeros(())
    rows, numbers, truth = zip(*known, strict=True)
    given, wanted = read.sides[list(rows), list(numbers)], torch.tensor(truth)
    return functional.binary_cross_entropy_with_logits(given, wanted, reduction="sum") / len(texts)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a network does on texts that it was not trained on: the AUROC of an answer being told, and how often the
    sentence that tells it is first; the AUROC of there being a dispute, by the less likely of the two likeliest sides,
    and how often the likeliest are just the sides; None where nothing tells.
    """

    told: float | None
    first: float | None
    dispute: float | None
    both: float | None


def measured(network: Network, examples: Sequence[Example]) -> Measured:
    """Measures a network over examples."""
    encoder = Encoder()
    told: dict[bool, list[float]] = {True: [], False: []}
    dispute: dict[bool, list[float]] = {True: [], False: []}
    first, both = list[bool](), list[bool]()
    with torch.inference_mode():
        for one in examples:
            read = network(*batch([encoder.encode(one.question, one.hit)]))
            told[bool(one.right)].append(float(read.told.max() - read.nothing))
            if one.right:
                first.append(int(read.told.argmax()) in one.right)
            if one.sides is not None and read.sides.shape[1] > 1:
                dispute[bool(one.sides)].append(float(read.sides[0].topk(2).values[-1]))
                if one.sides:
                    both.append(set(read.sides[0].topk(len(one.sides)).indices.tolist()) == one.sides)
    return Measured(auroc(told[True], told[False]), mean(first), auroc(dispute[True], dispute[False]), mean(both))


def lessons(examples: Sequence[Example], stage: Stage) -> list[Example]:
    """Those of a stage that are trained on."""
    return [one for one in examples if one.stage == stage and not one.left_out]


def last_lessons(examples: Sequence[Example]) -> list[Example]:
    """What the last course goes through."""
    later, varied = lessons(examples, "later"), lessons(examples, "varied")
    briefs = [one for one in later if one.on_brief and one.sides is None]
    others = [one for one in later if not one.on_brief or one.sides is not None]
    first = lessons(examples, "first")[::_AGAIN]
    return [*briefs[::_ENOUGH], *others, *lessons(examples, "disputed"), *varied, *varied, *first]


def main() -> None:
    """Trains and writes the weights."""
    parser = argparse.ArgumentParser(description="Train the reader.")
    parser.add_argument("--home", type=Path, help="where the index of the training texts lives")
    examples = collected(parser.parse_args().home)
    torch.manual_seed(_SEED)
    network = Network()
    train(network, lessons(examples, "first"), _FIRST)
    network.layers[:_LOWEST].requires_grad_(False)
    train(network, last_lessons(examples), _LAST)
    network.save(READER_WEIGHTS)
    print(f"{len(examples)} questions were used")
    trained, left_out = Network.load(READER_WEIGHTS), [one for one in examples if one.left_out]
    for stage in ("first", "later", "disputed", "varied"):
        print(f"{stage}, texts left out: {measured(trained, [one for one in left_out if one.stage == stage])}")


if __name__ == "__main__":
    main()
