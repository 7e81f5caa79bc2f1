"""Which words mean the same, are kin, or are opposites: WordNet 3.1 in a small table, and opposites of the news."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from index.lexical import ordered_terms

TABLE = Path(__file__).parent / "wordnet.txt.gz"
OPPOSITES = Path(__file__).parent / "opposites.txt"
IRREGULAR = dict(
    pair.split(":")
    for pair in (
        "won:win lost:lose left:leave went:go gone:go said:say told:tell took:take taken:take began:begin "
        "begun:begin became:become held:hold made:make came:come gave:give given:give got:get found:find "
        "bought:buy sold:sell fell:fall fallen:fall rose:rise risen:rise grew:grow grown:grow met:meet paid:pay "
        "kept:keep led:lead built:build brought:bring thought:think wrote:write written:write spoke:speak "
        "spoken:speak saw:see seen:see known:know knew:know shown:show sent:send spent:spend stood:stand "
        "fought:fight sought:seek broke:break chose:choose drew:draw fled:flee flew:fly froze:freeze hid:hide "
        "shot:shoot struck:strike taught:teach withdrew:withdraw"
    ).split()
)
_FUNCTION_WORDS = frozenset(
    "across albeit along alongside although amid amidst among amongst around because before behind below beneath "
    "beside besides between beyond despite during each either else every everybody everyone everything except "
    "furthermore hence however including inside instead likewise many meanwhile moreover much near neither "
    "nevertheless nobody none nonetheless nothing notwithstanding once onto otherwise ours outside per regarding "
    "several since some somebody someone something somewhat theirs themselves though through throughout thus till "
    "together toward towards under unless unlike until unto upon via whenever whereas whereby wherever whether "
    "whichever while whilst whoever within without yet".split()
)
Relation = Literal["same", "kin", "none"]


class _Entry(NamedTuple):
    """What a term stands for, what that is a kind of or like, and the term's opposites."""

    concepts: frozenset[str]
    kin: frozenset[str]
    opposites: frozenset[str]


_NOTHING = _Entry(frozenset(), frozenset(), frozenset())


def relation(term: str, other: str) -> Relation:
    """Whether two terms can mean the same, or one is a kind of the other or like it."""
    one, two = _table().get(term, _NOTHING), _table().get(other, _NOTHING)
    if one.concepts & two.concepts:
        return "same"
    return "kin" if one.concepts & two.kin or one.kin & two.concepts else "none"


def base(term: str) -> str:
    """The term of a verb's base form for one of its irregular past forms; any other term itself."""
    return _bases().get(term, term)


def is_word(word: str) -> bool:
    """Whether a word, in whatever case, is one of the language and not a name alone."""
    terms = [term for term, _, _ in ordered_terms(word)]
    return word.lower() in _FUNCTION_WORDS or all(term in _table() or term in _bases() for term in terms)


def opposites(term: str) -> frozenset[str]:
    """The terms that say the opposite of a term."""
    return _table().get(term, _NOTHING).opposites | _news().get(term, frozenset())


@cache
def _bases() -> dict[str, str]:
    return {_term(form): _term(verb) for form, verb in IRREGULAR.items()}


def _term(word: str) -> str:
    return next(term for term, _, _ in ordered_terms(word))


@cache
def _table() -> dict[str, _Entry]:
    lines = gzip.decompress(TABLE.read_bytes()).decode().splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {term: _Entry(*(frozenset(field.split()) for field in fields)) for term, *fields in rows}


@cache
def _news() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in OPPOSITES.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            one, *others = map(_term, line.split())
            for other in others:
                found.setdefault(one, set()).add(other)
                found.setdefault(other, set()).add(one)
    return {term: frozenset(terms) for term, terms in found.items()}
