"""How well the chance of an answer is told, source by source, and the plot of it, `docs/calibration.svg`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.measures import auroc

PLOT = Path(__file__).parents[1] / "docs" / "calibration.svg"
_BINS = 5
_FEWEST = 5  # questions of a bin
_LEFT, _BOTTOM, _SIDE = 50, 330, 300
_COLOURS = ("#1b6ca8", "#8e44ad", "#c0392b", "#2e7d32", "#b7791f", "#00838f")
Chances = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Told:
    """The chances of an answer that questions with one were given, and those that questions without one were."""

    answerable: Chances
    without: Chances

    def said(self, threshold: float) -> str:
        """How many there are, the AUROC of answering, and the shares answered and declined wrongly at a threshold."""
        told = auroc(self.answerable.tolist(), self.without.tolist())
        if told is None:
            return "no questions"
        wrong = f"{(self.without >= threshold).mean():.3f} / {(self.answerable < threshold).mean():.3f}"
        return f"{len(self.answerable) + len(self.without)} questions, AUROC {told:.3f}, wrongly {wrong}"

    def points(self) -> Iterator[tuple[float, float]]:
        """For each bin of chances the mean, and the share of its questions that have an answer, both sides counting the
        same in all.
        """
        bins = [np.minimum((some * _BINS).astype(int), _BINS - 1) for some in (self.answerable, self.without)]
        for one in range(_BINS):
            inside = [some[at == one] for some, at in zip((self.answerable, self.without), bins, strict=True)]
            if sum(map(len, inside)) >= _FEWEST:
                counts = [len(inside[0]) / len(self.answerable), len(inside[1]) / len(self.without)]
                sums = [inside[0].sum() / len(self.answerable), inside[1].sum() / len(self.without)]
                yield sum(sums) / sum(counts), counts[0] / sum(counts)


def plot(given: Mapping[str, Told]) -> str:
    """An SVG with a curve for each source."""
    middle, right, top = _LEFT + _SIDE // 2, _LEFT + _SIDE, _BOTTOM - _SIDE
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 520 380" font-family="sans-serif" font-size="12">',
        '<rect width="520" height="380" fill="#fff"/>',
        f'<path d="M{_LEFT} {_BOTTOM}L{right} {top}" stroke="#999" stroke-dasharray="4"/>',
        f'<path d="M{_LEFT} {top}V{_BOTTOM}H{right}" fill="none" stroke="#333"/>',
    ]
    for share, across, up in ((0, _LEFT, _BOTTOM), (0.5, middle, _BOTTOM - _SIDE // 2), (1, right, top)):
        lines.append(f'<text x="{across - 8}" y="348">{share}</text><text x="22" y="{up + 4}">{share}</text>')
    lines.append(
        f'<text x="{_LEFT + 75}" y="368">chance of an answer, as computed</text>'
        f'<text transform="translate(16,{_BOTTOM - 60}) rotate(-90)">share that has one (even odds)</text>'
    )
    for number, ((name, told), colour) in enumerate(zip(given.items(), _COLOURS, strict=False)):
        places = [(round(_LEFT + _SIDE * x), round(_BOTTOM - _SIDE * y)) for x, y in told.points()]
        line = " ".join(f"{x},{y}" for x, y in places)
        dots = "".join(f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in places)
        lines.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}')
        lines.append(f'<text x="370" y="{60 + 20 * number}" fill="{colour}">{name}</text>')
    return "\n".join([*lines, "</svg>\n"])
