"""Attributed statements: who is said to have said what, in the sentences of reports.

"Ukraine said that …", "Russia's ministry put the deaths at 89", "…, according to residents": by patterns, in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.lexical import terms_of

_SAY = (
    r"said|says|say|told|claims?(?! of| to)|claimed|argues?|argued|insists?|insisted|maintains?|maintained|replied|"
    r"stated|announced|"
    r"reported|reports(?! of)|confirmed|concluded|admits?|admitted|acknowledged|declared|believes?|believed|"
    r"explains?|explained"
)
_COUNT = (
    r"estimates?(?! of| for)|estimated|counts?(?! of)|counted|puts?|speaks?|spoke|(?:gave|gives)(?! way)|recorded|"
    r"listed|lists"
)
_CALL = r"calls?|called|describes?|described|regards?|regarded|considers?|considered|sees?|named|blames?|blamed|accused"
_DENY = r"denied|denies|deny|rejected|rejects|reject|dismissed|dismisses|disputes|disputed"
_VERB = rf"(?P<verb>{_SAY}|{_COUNT}|{_CALL}|{_DENY})"
_LEAD = re.compile(r"^(?:Also |As early as )?(?:On|In|By|At|After|Before|Since|From|Until) [^,]*?\d{4}\b,? (?=[A-Z])")
_SPOKEN = re.compile(rf"^(?P<holder>.{{3,110}}?),? {_VERB}\b(?P<content>.*)$", re.DOTALL)
_ACCORDING = re.compile(r"^(?P<content>.+?),? according to (?P<holder>[^,.;]+)", re.DOTALL)
_TOLL = re.compile(
    r"^(?P<holder>(?:The )?(?:[\w-]+ )?(?:official|government)\b[^,.;]{0,30}\b(?:toll|count|figure|number)\b)"
    r"(?P<content>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_SPLIT = re.compile(r"; |: (?=[A-Z])|, (?:while|whereas|but|and) (?=[A-Z])|, (?:while|whereas) ")
_ADVERB = re.compile(r" (?:also|later|again|first|then|once|since|still|publicly|repeatedly)$")
_ANAPHORA = re.compile(r"(?:The (?:ministry|committee|government|party|office|same|two|company)|Its|It|He|She|They)\b")
_LED_IN = re.compile(r"^(?:(?:in|on) [^,]{0,20}?(?:19|20)\d\d )?(?:that|of) ")
_FINITE = re.compile(
    r"\b(?:was|were|is|are|had|has|have|began|came|did|does|would|could|who|which|that|when|because|never)\b"
)
_PEOPLE = re.compile(
    r"\b(?:residents|sources|officials|groups?|witnesses|media|press|authorities|government|ministry|police|army|"
    r"opposition|"
    r"prosecutors|investigators|analysts|observers|monitors|scientists|engineers|critics|doctors|relatives|locals|"
    r"villagers)\b",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(
    r"\b(?:residents|locals?|relatives|famil(?:y|ies)|activists|opposition|rights|witnesses|lawyers?|critics|villagers|"
    r"observers|monitors|journalists|media)\b",
    re.IGNORECASE,
)
_ROLES = frozenset(
    "the a an and of his her its their in on at for by to minister ministry ministers foreign defence defense "
    "president "
    "prime state committee national security labour interior deputy head acting health local prosecutor general "
    "government military army office service officials official spokesman spokeswoman chief former party leader "
    "sources source intelligence side council parliament speaker governor mayor ambassador secretary says some other "
    "united".split()
)
_CAPITALS = {
    "moscow": "russia", "kremlin": "russia", "kyiv": "ukrain", "kiev": "ukrain", "baku": "azerba", "yerevan": "armeni",
    "tbilisi": "georgi", "chișinău": "moldov", "chisinau": "moldov", "minsk": "belaru", "ankara": "turkey",
    "astana": "kazakh", "bishkek": "kyrgyz", "dushanbe": "tajik", "tashkent": "uzbek", "ashgabat": "turkme",
    "washington": "states", "america": "states", "american": "states", "us": "states", "tajiki": "tajik",
    "uzbeki": "uzbek", "türkiye": "turkey", "turkish": "turkey", "tehran": "iran", "iranian": "iran",
    "syrian": "syria", "iraqi": "iraq", "beijing": "china", "chinese": "china", "london": "kingdo",
    "britain": "kingdo", "british": "kingdo", "paris": "france", "french": "france", "warsaw": "poland",
    "polish": "poland", "berlin": "german", "uk": "kingdo", "usa": "states",
}  # fmt: skip
_STEM = 6  # letters
_COUNTRY = {capital[:_STEM]: country for capital, country in _CAPITALS.items()}
_MOST_WORDS = (14, 8)  # of a holder; fewer before a verb that may be a participle ("a format called …")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a party is said to say: ``holder``, ``verb`` ("" for a toll) and ``content``, in the words of a sentence."""

    holder: str
    verb: str
    content: str

    @property
    def party(self) -> frozenset[str]:
        """Who it is, without titles, so that "Russia's Defence Ministry" and "Moscow" are one; a title alone is one."""
        others = frozenset(word.lower() for word in re.findall(r"\w+", self.holder) if word.lower() not in _ROLES)
        return parties(self.holder) or others or frozenset({self.holder.casefold()})

    @property
    def told(self) -> str:
        """What is said, without the day on which it was."""
        return _LED_IN.sub("", self.content).strip(" ,.")

    @property
    def in_short(self) -> str:
        """Whose it is and what is said: "Orsk: it rained", "Turgai denied it"."""
        if re.fullmatch(_SAY, self.verb):
            return f"{self.holder}: {self.told}"
        return " ".join(part for part in (self.holder, self.verb, self.content) if part)

    @property
    def terms(self) -> frozenset[str]:
        """The terms of what is said, without the holder's and without numbers."""
        own = terms_of(self.holder)
        return frozenset(term for term in terms_of(self.content) if term not in own and not term[0].isdigit())

    @property
    def is_of_people(self) -> bool:
        """Whether it is what people outside the authorities say."""
        return bool(_OUTSIDE.search(self.holder))

    @property
    def denies(self) -> bool:
        """Whether it is a denial by its verb."""
        return bool(re.fullmatch(_DENY, self.verb))

    @property
    def calls(self) -> bool:
        """Whether it says what somebody or something is, or is to blame for."""
        return bool(re.fullmatch(_CALL, self.verb))


def statements_of(sentence: str) -> list[Statement]:
    """The attributed statements of a sentence, in order; several where clauses set them side by side."""
    return list(_statements(sentence))


def parties(text: str) -> frozenset[str]:
    """The names in a text, cut so that "Azerbaijani" and "Azerbaijan's" are one, capitals as their countries."""
    names = re.findall(r"\b[A-ZÀ-Ž]\w+", text.replace("U.S.", "US").replace("U.K.", "UK"))
    cut = (name.lower()[:_STEM] for name in names if name.lower() not in _ROLES)
    return frozenset(_COUNTRY.get(name, name) for name in cut)


def _statements(sentence: str) -> Iterator[Statement]:
    for clause in _SPLIT.split(sentence):
        if found := _statement(clause.strip()):
            yield found


def _statement(clause: str) -> Statement | None:
    bare = _LEAD.sub("", clause)
    spoken = _SPOKEN.match(bare)
    if (
        spoken
        and _may_speak(spoken["holder"], _MOST_WORDS[bool(re.fullmatch(_CALL, spoken["verb"]))])
        and not _ANAPHORA.match(spoken["holder"])
    ):
        return Statement(_ADVERB.sub("", spoken["holder"]), spoken["verb"], spoken["content"].strip(" ."))
    toll = _TOLL.match(bare)
    if toll:
        return Statement(toll["holder"], "", toll["content"].strip(" ,."))
    according = _ACCORDING.match(clause)
    if according:
        return Statement(according["holder"], "said", according["content"].strip())
    return None


def _may_speak(holder: str, most: int) -> bool:
    """Whether words can be those of a party: a name or people, not a clause."""
    return (
        not _FINITE.search(holder) and bool(parties(holder) or _PEOPLE.search(holder)) and len(holder.split()) <= most
    )
