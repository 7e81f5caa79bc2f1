"""Questions about the library itself: what is asked of it, and of which documents.

A question is about the library only when all of it is understood as such: once the period, the language, the outlet,
the kind and the topic are taken out, what is left must be one of a few frames ("how many documents do you have", "list
the documents"). So "how many pieces of artillery does Armenia have?" stays a question to the documents.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from assistant.periods import Period, take_period
from assistant.small_talk import without_greeting
from index.types import Filter

Asked = Literal["count", "list", "newest", "oldest", "outlets", "authors", "kinds", "languages", "coverage"]

LANGUAGES = {
    "English": "en", "Russian": "ru", "Ukrainian": "uk", "Turkish": "tr", "Azerbaijani": "az", "Armenian": "hy",
    "Georgian": "ka", "Kazakh": "kk", "Kyrgyz": "ky", "Uzbek": "uz", "Tajik": "tg", "Turkmen": "tk", "Romanian": "ro",
    "Belarusian": "be", "German": "de", "French": "fr", "Spanish": "es", "Polish": "pl", "Italian": "it",
    "Chinese": "zh", "Arabic": "ar", "Persian": "fa", "Latvian": "lv", "Lithuanian": "lt", "Estonian": "et",
    "Finnish": "fi", "Czech": "cs",
}  # fmt: skip
_KINDS = {
    "opinion": r"opinion (?:pieces?|articles?|texts?|columns?)|opinions|op-?eds?|commentar(?:y|ies)|editorials?",
    "official": r"official (?:statements?|documents?|texts?|releases?|pieces?|papers?)|press releases?",
    "brief": r"(?:desk )?briefs?|briefings?",
    "reference": r"reference (?:works?|pieces?|documents?|entries|texts?|articles?)",
    "report": r"news (?:reports?|stories|articles?|pieces?|items?)|reporting",
}
_REPORTS = r"reports?"
_PLAIN = r"(?:documents?|docs?|pieces?|articles?|texts?)"
_OTHER = r"(?:reports?|sources?|stories|story|files?|publications?|clippings?|papers?|entries|materials?|coverage)"
_NOUN = rf"(?:{_PLAIN}|{_OTHER})"
_OWN = (
    r"(?:(?:your|my|this|our) (?:whole |entire )?(?:library|collection|corpus|database|index|archive|desk|documents|"
    r"sources|holdings)|the (?:whole |entire )?(?:library|collection|corpus))"
)
_HAVE = (
    r"(?:do (?:you|we|i) (?:currently |now |actually )?(?:have|hold|keep|store)|have (?:you|we|i)(?: got)?|you have|"
    rf"does {_OWN} (?:have|hold|contain|include)|(?:are|is) (?:there )?in {_OWN}|(?:are|is) there in {_OWN}|"
    r"(?:are|is) (?:available|indexed|stored)|can you (?:search|see|read))"
)
_THERE = r"(?:are there|is there)"
_END = rf"(?: in {_OWN})?(?: (?:in total|altogether|overall|now|currently|right now|here|at all|got))*"
_ANY = r"(?:(?:all|any|some|a|an|the|your|my|of|other|more|single|exactly) )*"
_LIST = r"(?:please )?(?:(?:can|could|would) you )?(?:list|show|name|give|display|tell)(?: me)?(?: a list of)?"
_WHICH = r"(?:and )?(?:what|which)(?: else| other)?"
_LAST = r"(?P<end>newest|latest|most recent|last|oldest|earliest)"
_GROUP_WORDS = (
    r"(?:news )?outlets?|publishers?|newspapers?|media(?: outlets?)?|news sources|publications|authors?|writers?|"
    rf"columnists?|journalists?|(?:kinds?|types?|sorts?) of {_NOUN}|languages?"
)
_GROUP = rf"(?P<group>{_GROUP_WORDS})"
_SPAN = (
    r"(?:topics?|subjects?|areas?|countries|regions?|themes?|periods?|years?|dates?|time ?(?:span|frame|range)|range)"
)

# What may be left of a question that stands by itself; then of one that names a topic, an outlet or the like; then of
# one with a period.
_FRAMES: tuple[tuple[str, str], ...] = (
    ("coverage", rf"what (?:do you|does {_OWN}) cover"),
    ("coverage", rf"(?:what|which) {_SPAN} (?:do you|does {_OWN}|do {_OWN}) (?:cover|span)"),
    ("coverage", rf"(?:what is|whats|what's) (?:there )?(?:in )?{_OWN}(?: about| made of)?|what are {_OWN} about"),
    ("coverage", rf"how (?:big|large|old) is {_OWN}|how far back (?:do you|does {_OWN}|do {_OWN}) (?:go|reach)"),
    ("coverage", rf"describe {_OWN}|what is (?:the|your) coverage(?: of {_OWN})?"),
    ("coverage", rf"what does {_OWN} (?:contain|hold|include)"),
    ("group", rf"(?:{_WHICH}|how many|{_LIST}) {_ANY}{_GROUP} {_HAVE}{_END}"),
    ("group", rf"(?:(?:{_WHICH}|how many|{_LIST}) {_ANY}|who are the ){_GROUP}(?: (?:are|is) there)? in {_OWN}"),
    ("group", rf"(?:what|which) {_GROUP} are {_OWN} (?:written )?(?:in|from|by)"),
    ("group", rf"(?:what|which|who) are your {_GROUP}"),
    ("group", rf"{_LIST} (?:all )?(?:the|your|all) {_GROUP}"),
    ("group", r"(?:what|which|how many) (?P<group>outlets) are there"),
    ("ends", rf"(?:{_WHICH} (?:is|are) |{_LIST} |{_WHICH} |what's |whats )?(?:the |your |my )?"
             rf"(?:(?P<few>\d+) )?{_LAST} (?:(?P<number>\d+) )?{_NOUN}(?: {_HAVE})?{_END}"),
    ("ends", rf"when was (?:the |your |my )?{_LAST} {_NOUN}(?: {_HAVE})?{_END} (?:published|written|dated|from)"),
    ("ends", rf"how (?P<end>old|recent|new) (?:is|are) (?:the|your) {_LAST.replace('end', 'which')} {_NOUN}"),
    ("count", rf"(?:so |and )?(?:how many|what number of) {_ANY}{_NOUN} (?:{_HAVE}|{_THERE}|in {_OWN}){_END}"),
    ("count", rf"(?:what is the |the )?(?:total )?(?:number|count) of {_ANY}{_NOUN} (?:{_HAVE}|in {_OWN}){_END}"),
    ("list", rf"{_WHICH} {_NOUN} (?:{_HAVE}|{_THERE}|in {_OWN}){_END}"),
    ("list", rf"(?:and )?(?:{_HAVE}|{_THERE}) {_ANY}{_NOUN}{_END}"),
    ("list", rf"(?:and )?{_HAVE} (?:anything|something|much|nothing){_END}"),
    ("list", rf"(?:and )?(?:{_WHICH} {_HAVE}|{_THERE} anything in {_OWN}){_END}"),
    ("list", rf"{_LIST} {_ANY}{_NOUN}(?: (?:that )?{_HAVE})?{_END}"),
)  # fmt: skip
_NAMED_FRAMES: tuple[tuple[str, str], ...] = (
    ("count", rf"(?:so |and )?how many {_ANY}{_NOUN}(?: (?:are|were))?"),
    ("list", rf"(?:{_WHICH} {_NOUN}|{_ANY}{_PLAIN})(?: (?:are|were))?"),
)
_DATED_FRAMES: tuple[tuple[str, str], ...] = (
    ("count", rf"(?:so |and )?how many {_ANY}{_PLAIN}(?: (?:are|were))?"),
    ("list", rf"{_WHICH} {_PLAIN}(?: (?:are|were))?"),
)
_BORDER = rf"(?=,? (?:{_HAVE}|{_THERE}|in {_OWN})\b|,? (?:from|by) \S|$)"
_TOPIC = re.compile(
    r"\b(?:(?:that|which) )?(?:on|about|regarding|concerning|covering|mentioning|discussing|dealing with|"
    rf"relat(?:ed|ing) to|deals? with|mentions?|covers?|discuss(?:es)?|(?<=^do you )cover) (?P<taken>.+?){_BORDER}",
    re.IGNORECASE,
)
_ORIGIN = re.compile(rf"\b(?:from|by) (?P<taken>.+?){_BORDER}", re.IGNORECASE)
_LANGUAGE = re.compile(
    rf"\b(?:in ({'|'.join(LANGUAGES)})\b|({'|'.join(LANGUAGES)})(?:-language)?(?= {_NOUN}\b))", re.IGNORECASE
)
_CLAUSE = re.compile(
    r"\b(?:did|does|do|was|were|is|are|has|have|had|will|would|can|could|should|who|whom|whose|what|when|where|why|how|"
    r"whether|that|which|it|its|them|they|this|these|those|him|her|he|she|signed|adopted|reported|you|i|me|we)\b",
    re.IGNORECASE,
)
_OF_NOBODY = re.compile(r"\b(?:are|is) (?:available|indexed|stored)\b", re.IGNORECASE)  # "… stored by the Ministry"
_OF_LIBRARY = re.compile(rf"\b(?:you|we|i|{_OWN})\b", re.IGNORECASE)
_ANYTHING = re.compile(r"\b(?:anything|something|much|nothing)\b", re.IGNORECASE)
_MOST_TOPIC_WORDS = 8
_MOST_LETTERS = 250
_HINT = re.compile(
    rf"\b(?:{_NOUN}|{'|'.join(_KINDS.values())}|{_GROUP_WORDS}|library|anything|something|covers?|collection|corpus|archive|"
    rf"{_OWN}|(?:you|we|i) (?:have|hold|keep|store)|have (?:you|we|i)|span|far back)\b",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LibraryQuestion:
    """What is asked, and of which documents.

    ``topic`` is what they are to be about, "" for anything; ``origin`` an outlet or author that the library does not
    know by that name; ``limit`` how many are wanted at most, where a number is named.
    """

    asked: Asked
    wanted: Filter = Filter()
    authors: tuple[str, ...] = ()
    topic: str = ""
    origin: str = ""
    period: Period | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The names by which the library knows its documents, and the day it is."""

    outlets: Collection[str]
    authors: Collection[str]
    kinds: Collection[str]
    today: dt.date


def may_be_about_library(question: str) -> bool:
    """Whether a question has any word that one about the library has: a cheap look before the library is read."""
    return len(question) <= _MOST_LETTERS and bool(_HINT.search(question))


def library_question(question: str, known: Known) -> LibraryQuestion | None:
    """What a question asks of the library, or None if it asks the documents, or is not wholly understood."""
    rest = " ".join(without_greeting(question).split()).strip(" ?!.")
    rest, period = take_period(rest, known.today)
    rest, language = _take_language(rest)
    rest, outlets = _take_names(rest, known.outlets)
    rest, authors = _take_names(rest, () if outlets else known.authors)
    rest, topic = _take(_TOPIC, rest)
    rest, origin = _take(_ORIGIN, rest)
    rest, kind = _take_kind(rest, known.kinds)
    if not _is_plain(topic, 5 if _ANYTHING.search(rest) else _MOST_TOPIC_WORDS) or not _is_plain(origin, 4):
        return None
    named = bool(outlets or authors or topic or language or kind) or (origin[:1].isupper())
    asked, limit = _understood(rest.lower().strip(" ,"), named, period is not None)
    if asked is None or (origin and _OF_NOBODY.search(rest) and not _OF_LIBRARY.search(rest)):
        return None
    since, until = (period.since, period.until) if period else (None, None)
    wanted = Filter(since, until, outlets, (kind,) if kind else (), (language,) if language else ())
    return LibraryQuestion(asked, wanted, authors, topic, origin, period, limit)


def _understood(rest: str, named: bool, dated: bool) -> tuple[Asked | None, int | None]:
    """What a bare question asks for, and how many it wants at most; None if it is none of the frames."""
    frames = [*_FRAMES, *(_NAMED_FRAMES if named else ()), *(_DATED_FRAMES if dated else ())]
    for asked, pattern in frames:
        if match := re.fullmatch(pattern, rest):
            return _asked(asked, match, named), _limit(match)
    return ("list", None) if named and re.fullmatch("do you", rest) else (None, None)


def _asked(asked: str, match: re.Match[str], named: bool) -> Asked:
    if asked == "group":
        return _group(match["group"])
    if asked == "ends":
        return "oldest" if match.groupdict().get("which", match["end"]) in ("oldest", "earliest") else "newest"
    if asked == "count" or (asked == "coverage" and not named):
        return "count" if asked == "count" else "coverage"
    return "list"


def _group(words: str) -> Asked:
    if words.startswith(("kind", "type", "sort")):
        return "kinds"
    if words.startswith("language"):
        return "languages"
    return "authors" if words.startswith(("author", "writer", "column", "journalist")) else "outlets"


def _limit(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    number = groups.get("few") or groups.get("number")
    return int(number[:6]) if number else None


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """The text without what a pattern finds, and the group ``taken`` of it."""
    match = pattern.search(text)
    if not match:
        return text, ""
    return _without(text, match), match["taken"].strip(" ,")


def _take_language(text: str) -> tuple[str, str | None]:
    match = _LANGUAGE.search(text)
    return (_without(text, match), LANGUAGES[(match[1] or match[2]).capitalize()]) if match else (text, None)


def _take_kind(text: str, kinds: Collection[str]) -> tuple[str, str | None]:
    """The text with the words for a kind as plain "documents"; "reports" is a kind only where the library has it."""
    for kind, words in _KINDS.items():
        for pattern in (words, *([_REPORTS] if kind == "report" and kind in kinds else ())):
            if re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE):
                return re.sub(rf"\b(?:{pattern})\b", "documents", text, count=1, flags=re.IGNORECASE), kind
    return text, None


def _take_names(text: str, names: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """The text without the outlets, or authors, that it names as such, and these as the library writes them."""
    if not names:
        return text, ()
    by_folded = {_bare(name): name for name in names}
    one = "|".join(_spaced(name) for name in sorted(names, key=len, reverse=True))
    several = rf"(?:the )?(?:{one})(?:(?:,| and| or)+ (?:from |by )?(?:the )?(?:{one}))*(?:['’]s)?"
    for pattern in (
        rf"\b(?:(?:published|written) )?(?:from|by|of|in|at) (?P<names>{several})(?!\w)",
        rf"\b(?:did|does|do|has|have) (?P<names>{several}) (?:publish|published|write|written|run|carry|have)\b",
        rf"\b(?P<names>{several}) (?={_NOUN}\b|opinion|news|official)",
    ):
        if match := re.search(pattern, text, re.IGNORECASE):
            found = re.findall(one, match["names"], re.IGNORECASE)
            return _without(text, match), tuple(by_folded[_bare(name)] for name in found)
    return text, ()


def _bare(name: str) -> str:
    return "".join(character for character in name.replace("ı", "i").casefold() if character.isalnum())


def _spaced(name: str) -> str:
    """A name as a pattern: "AzerNews" is "Azer News" and "azernews" too."""
    words = re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))
    return r"[\W_]*".join(re.escape(word) for word in words) or r"(?!)"


def _without(text: str, match: re.Match[str]) -> str:
    return " ".join(f"{text[: match.start()]} {text[match.end() :]}".split())


def _is_plain(words: str, most: int) -> bool:
    """Whether words are a plain name of a thing: not too many, and no clause with a verb of its own."""
    return len(words.split()) <= most and not _CLAUSE.search(words)
