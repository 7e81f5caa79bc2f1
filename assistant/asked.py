"""What a question asks for, as far as disagreement goes: a number, a date, one party's words, or what is the case."""

from __future__ import annotations

import re

_NUMBER = re.compile(
    r"\b(?:how (?:many|much|high|large|big)|what (?:share|number|percentage|proportion)|what (?:was|is|were|are) the "
    r"(?:\w+ )*(?:toll|number|share|size|cost|figure|count|population|total|turnout))\b",
    re.IGNORECASE,
)
WORD = r"(?:who|whom|whose|what|when|where|which|why|how)"
AUXILIARY = r"(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could)"
_POLITE = re.compile(
    r"^\W*(?:(?:ok|okay|so|hi|hello|well|please|and|but)\b[,!. ]*)*(?:(?:do|can|could|would|will) (?:you|we|i) "
    r"(?:please )?(?:know|tell (?:me|us)|find out|say|explain|show(?: me)?|remember|have any idea|check)\b[, ]*)?",
    re.IGNORECASE,
)
# "When the dam broke, who was blamed?" asks who; "When was it built, which firm …?" asks when.
_CLAUSE_FIRST = re.compile(
    rf"^\W*(?:when|where) (?!exactly|{AUXILIARY}\b)[^?]*?, (?=(?:{WORD}|in what|{AUXILIARY})\b)", re.IGNORECASE
)
_ASKING = re.compile(rf"\b{WORD}\b", re.IGNORECASE)
_OPENS_WITH_AUXILIARY = re.compile(rf"\W*{AUXILIARY}\b", re.IGNORECASE)
_LED = re.compile(
    r"(?:\b(?:and|but|or|know|say|said|tell (?:me|us)|idea|out|wonder|explain|remember)|[;?.]) "
    r"(?:(?:in|on|at|by|from|to|of|for|since|until|under|near|with|through|above|below|over|before|after) )?$",
    re.IGNORECASE,
)
_REACH = 40  # characters before a question word
_DATE = re.compile(r"(?:when|(?:what|which) (?:day|date|month|year))\b", re.IGNORECASE)
_ACCOUNT_OF = (
    r"(?:was|is|were|are|did|does|do|happened|caused|made|led|hit|struck|sank|brought|really|actually|exactly|\w+ed|"
    r"reasons?|causes?|sides?|explanation|role)\b"
)
_PARTY = r"(?:sides?|countr(?:y|ies)|part(?:y|ies)|arm(?:y|ies)|forces?|of|government)\b"
_THING = re.compile(rf"(?:where|when|which (?!{_PARTY})\w+|what (?!{_ACCOUNT_OF})\w+)\b", re.IGNORECASE)
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
_ALL = (
    r"(?:each|both|either|all|different|various|several|the (?:two|warring|different|various)? ?"
    r"(?:parties|sides|sources|accounts|reports|capitals|governments|armies|militaries))\b"
)
_ACCORDING = rf"\baccording to\b(?! {_ALL}|[^,.?]{{0,60}}\band\b)"
_OF_ONE = re.compile(
    rf"(?:(?:^|[,;:] |and |but )who|\bwhich \w+)(?: [\w’'-]+){{0,4}}? (?:{_SPEAK})\b|{_ACCORDING}|"
    rf"\bwhose (?:\w+ )?{_WORDS}\b|\b(?:did|does|do|had|has|have) (?!{_ALL})[\w’' ]+? {_DID}\b|"
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
    return _asks(question, _DATE)


def asks_of_one(question: str) -> bool:
    """Whether a question asks what one party says, or whose words something is: others' words do not answer it."""
    return bool(_OF_ONE.search(question))


def asks_for_thing(question: str) -> bool:
    """Whether a question asks for a place, a date or a thing by name: accounts of what happened do not answer it."""
    return _asks(question, _THING)


def _asks(question: str, what: re.Pattern[str]) -> bool:
    """Whether one of the question words that ask, and do not open a clause, begins so.

    That is the first one ("how many died when the dam broke" asks how many), and any behind "and", "know" and the like.
    """
    text = _CLAUSE_FIRST.sub("", _POLITE.sub("", question, count=1))
    first = not _OPENS_WITH_AUXILIARY.match(text)
    for word in _ASKING.finditer(text):
        if (first or _LED.search(text[max(0, word.start() - _REACH) : word.start()])) and what.match(
            text, word.start()
        ):
            return True
        first = False
    return False
