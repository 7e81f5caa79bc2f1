"""What a question asks for, as far as disagreement goes: a number, a date, one party's words, or what is the case."""

from __future__ import annotations

import re

_NUMBER = re.compile(
    r"\b(?:how (?:many|much|high|large|big)|what (?:share|number|percentage|proportion)|what (?:was|is|were|are) the "
    r"(?:\w+ )*(?:toll|number|share|size|cost|figure|count|population|total|turnout))\b",
    re.IGNORECASE,
)
_DATE = re.compile(r"\b(?:when|(?:what|which) (?:day|date|month|year))\b", re.IGNORECASE)
_ACCOUNT_OF = (
    r"(?:was|is|were|are|did|does|do|happened|caused|made|led|hit|struck|sank|brought|really|actually|exactly|\w+ed|"
    r"reasons?|causes?|sides?|explanation|role)\b"
)
_PARTY = r"(?:sides?|countr(?:y|ies)|part(?:y|ies)|arm(?:y|ies)|forces?|of|government)\b"
_THING = re.compile(rf"\b(?:where|when|which (?!{_PARTY})\w+|what (?!{_ACCOUNT_OF})\w+)\b", re.IGNORECASE)
_SPEAK = "|".join(
    "said says? saying argue[sd]? arguing claim(?:s|ed)? think(?:s|ing)? thought reads? warn(?:s|ed)? call(?:s|ed)? "
    "accuse[sd]? declare[sd]? announce[sd]? report(?:s|ed)? confirm(?:s|ed)? den(?:y|ies|ied) promise[sd]? "
    "believe[sd]? sees? saw regard(?:s|ed)? consider(?:s|ed)? view(?:s|ed)? suggest(?:s|ed)? insist(?:s|ed)? "
    "describe[sd]? dismiss(?:es|ed)? doubt(?:s|ed)? predict(?:s|ed)? urge[sd]? demand(?:s|ed)? complain(?:s|ed)? "
    "criticise[sd]? compare[sd]? propose[sd]? put maintain(?:s|ed)? holds? told".split()
)
_WORDS = (
    "(?:view|opinion|claim|warning|words|idea|argument|position|reading|judgement|verdict|assessment|phrase|theory|"
    "prediction|eyes)"
)
_DID = (
    "(?:say|said|claim|argue|explain|defend|justify|describe|call|think|want|answer|respond|react|admit|announce|accuse|"
    "blame|tell|told|asked|announced|admitted|demanded|promised|accused|called|see|view|regard|consider|make of|"
    "feel|find|found|conclude|judge|rate|assess|interpret|read|count|put|estimate|acknowledge|report|confirm)"
)
_STANCE = (
    "(?:views?|explanation|position|stance|line|reading|answer|reply|verdict|argument|reaction|response|account|version|"
    "(?:figures?|count|number|toll|estimate|tally)(?! and))"
)
_OF_ONE = re.compile(
    rf"(?:(?:^|[,;:] |and |but )who|\bwhich \w+)(?: [\w’'-]+){{0,4}}? (?:{_SPEAK})\b|\baccording to\b|"
    rf"\bwhose (?:\w+ )?{_WORDS}\b|\b(?:did|does|do|had|has|have) [\w’' ]+? {_DID}\b|"
    rf"\bwhat (?:reason|explanation|excuse|justification) (?:did|does|was)\b|['’]s (?:\w+ ){{0,2}}{_STANCE}\b|"
    r"\bon what grounds\b",
    re.IGNORECASE,
)
_HOW_BOTH = re.compile(
    r"\bhow (?:can|could|do|does) (?:both|these|the two|it all|they) "
    r"(?:be (?:so|true|right)|hold|fit|square|go together)\b|"
    r"\b(?:do|does|is|are) (?:\w+ )*(?:contradict|a contradiction|contradictory)",
    re.IGNORECASE,
)

_DEFINITION = re.compile(
    r"^\W*(?:what|who)(?:['’]s| is| are) (?:an? |the )?[\w.’'-]+(?: [\w.’'-]+){0,2}\W*$", re.IGNORECASE
)


def asks_what_it_is(question: str) -> bool:
    """Whether a question asks what or who somebody or something is, and no more: "What is TRIPP?"."""
    return bool(_DEFINITION.match(question))


def asks_how_both_hold(question: str) -> bool:
    """Whether a question tells itself of differing reports and asks how they go together."""
    return bool(_HOW_BOTH.search(question))


def asks_number(question: str) -> bool:
    """Whether a question asks how many or how much."""
    return bool(_NUMBER.search(question))


def asks_date(question: str) -> bool:
    """Whether a question asks when something was."""
    return bool(_DATE.search(question))


def asks_of_one(question: str) -> bool:
    """Whether a question asks what one party says, or whose words something is: others' words do not answer it."""
    return bool(_OF_ONE.search(question))


def asks_for_thing(question: str) -> bool:
    """Whether a question asks for a place, a date or a thing by name: accounts of what happened do not answer it."""
    return bool(_THING.search(question))
