"""Small talk: greetings, thanks, goodbyes, what one can ask, and "shorter, please".

A message is small talk only when nothing is left of it once such phrases are taken away: a question that opens with a
greeting stays a question. The phrases and the replies, in four languages, stand in `small_talk.yaml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import yaml

# In the order in which the sort of a message with several is decided: "hello, what can you do?" asks for abilities.
Talk = Literal["shorter", "abilities", "identity", "goodbye", "thanks", "greeting", "assent"]

PHRASES = Path(__file__).with_suffix(".yaml")
_LEAST_LETTERS = 5
_MOST_LETTERS = 80
_AROUND = re.compile(
    r"^(?:(?:(?:hi|hello|hey)(?:,? there\b(?! (?:is|are|was|were)))?|greetings|"
    r"good (?:morning|afternoon|evening|day)|ok|okay|thanks|thank you|please|footnote|"
    r"привет|здравствуйте|merhaba|привіт)\b[\s,.!;:–-]*)+|"
    r"[\s,.!]*\b(?:please|thanks|thank you)[\s.!?]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """What a message says that is no question to the documents, and in which language (ISO 639-1).

    ``reply`` is what the program says to it; to a wish for brevity, what it says when there is nothing to shorten.
    """

    talk: Talk
    language: str
    reply: str


@dataclass(frozen=True, slots=True)
class _Phrases:
    """The phrases of all languages: a pattern for one, with a group named for its sort and language, and for a whole
    message; the words in which one letter may be wrong, and those that are none of these; the replies by language and
    sort.
    """

    one: re.Pattern[str]
    message: re.Pattern[str]
    typos: tuple[str, ...]
    not_typos: frozenset[str]
    replies: dict[str, dict[Talk, str]]


def small_talk(message: str) -> SmallTalk | None:
    """The small talk that a message is made of and nothing else; None if anything is left that may be a question."""
    if len(message) > _MOST_LETTERS:
        return None
    known = _phrases()
    said_all = f"{_mended(_words(message), known)} "
    if not known.message.fullmatch(said_all):
        return None
    said = [(match.lastgroup or "").split("_") for match in known.one.finditer(said_all)]
    for talk in get_args(Talk):
        for sort, language in said:
            if sort == talk:
                return SmallTalk(talk, language, known.replies[language][talk].strip())
    return None


def without_greeting(message: str) -> str:
    """A message without the greetings and the politeness around it; the message itself if nothing else is in it."""
    bare = _AROUND.sub("", message).strip()
    return bare if any(character.isalnum() for character in bare) else message


@cache
def _phrases() -> _Phrases:
    languages = yaml.safe_load(PHRASES.read_text("utf-8"))
    sorts = [
        (f"{sort}_{language}", "|".join(_folded(phrase) for phrase in phrases))
        for language, known in languages.items()
        for sort, phrases in known["phrases"].items()
    ]
    return _Phrases(
        one=re.compile(f"(?:{'|'.join(f'(?P<{sort}>{phrases})' for sort, phrases in sorts)}) "),
        message=re.compile(f"(?:(?:{'|'.join(phrases for _, phrases in sorts)}) )+"),
        typos=tuple(_folded(word) for known in languages.values() for word in known["typos"]),
        not_typos=frozenset(_folded(word) for known in languages.values() for word in known.get("not_typos", ())),
        replies={language: known["replies"] for language, known in languages.items()},
    )


def _folded(text: str) -> str:
    """Lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("ı", "i"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _words(message: str) -> list[str]:
    """The words of a message, folded, without apostrophes; letters drawn out ("hellooo") once."""
    words = re.findall(r"[^\W_]+", re.sub(r"['’`´]", "", _folded(message)))
    return [re.sub(r"(.)\1{2,}", r"\1", word) for word in words]


def _mended(words: list[str], known: _Phrases) -> str:
    """The words with one wrong letter in a known one put right."""
    own = known.not_typos.union(known.typos)
    return " ".join(word if word in own else next((k for k in known.typos if _nearly(word, k)), word) for word in words)


def _nearly(word: str, known: str) -> bool:
    """Whether two words differ by one letter added, left out, changed, or swapped with its neighbour."""
    if word[:1] != known[:1] or abs(len(word) - len(known)) > 1 or len(known) < _LEAST_LETTERS:
        return False
    return known in set(_one_letter_off(word, known)) or word in set(_one_letter_off(known, word))


def _one_letter_off(word: str, other: str) -> Iterator[str]:
    for i in range(1, len(word)):
        yield word[:i] + word[i + 1 :]
        yield word[:i] + other[i : i + 1] + word[i + 1 :]
        yield word[:i] + word[i + 1 : i + 2] + word[i] + word[i + 2 :]
