"""What a question asks for: its kind, and whether a sentence holds something of it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from assistant.quantities import MONTHS
from index.lexical import terms_of

KINDS = (
    "count",
    "money",
    "share",
    "duration",
    "measure",
    "when",
    "where",
    "who",
    "why",
    "yes or no",
    "how",
    "what",
)
_MARKS = (
    ("count", r"\bhow (many|few)\b|\b(what|which) number\b|\bnumber of\b|\bсколько\b|\bскільки\b|\bkaç\b"),
    (
        "money",
        r"\bhow much\b|\bcosts?\b|\bprice\b|\bpay\b|how expensive|"
        r"\bwhat (is|was|were|did|does|do|would) .*\b(fee|fine|rent|budget|toll|charge)\b",
    ),
    ("share", r"\bwhat (percent|share|proportion|fraction)|\bpercentage\b"),
    ("duration", r"\bhow (long|old)\b"),
    (
        "measure",
        r"\bhow (far|high|tall|big|large|wide|deep|fast|heavy|hot|cold|often|close)\b|"
        r"\bat what (rate|speed|temperature)|\bwhat (size|length|height|weight|distance|temperature|population)\b",
    ),
    (
        "when",
        r"\bwhen\b|\b(what|which) (year|day|date|month|century|decade|time|period|era|season)\b|\bhow soon|"
        r"\bкогда\b|\bколи\b|ne zaman|какого года",
    ),
    (
        "where",
        r"\bwhere\b|\bгде\b|\bде\b|\bnerede\b|\b(what|which) (country|city|state|town|place|region|village|river|area|"
        r"district|continent|province|county|island|airport|port|street|prison|university|school|location)\b",
    ),
    (
        "who",
        r"\bwho\b|\bwhom\b|\bwhose\b|\bкто\b|\bкого\b|\bхто\b|^\W*kim\b|(?-i:\bkim\b)|"
        r"\b(what|which) (person|man|woman|president|leader|author|king|queen|minister|general|player|actor|singer|"
        r"scientist|emperor|pope|mp|company|party|group|organi[sz]ation|team|band)\b",
    ),
    ("why", r"\bwhy\b|\bwhat (caused|led|made|reason)\b|\b(what is the|for what) reason|how come|\bпочему\b|\bneden\b"),
    ("yes or no", r"^\s*(is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b"),
    ("how", r"\bhow\b|\bкак\b|\bnasıl\b"),
)
_KIND_MARKS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _MARKS)
_NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|"
    "trillion|dozen|half"
)
NUMBER = re.compile(rf"\b\d[\d,.]*\b|\b(?:{_NUMBER_WORDS})s?\b", re.IGNORECASE)
YEAR = re.compile(r"\b1\d{3}s?\b|\b20\d\ds?\b")
MONTH = re.compile(rf"\b({'|'.join(MONTHS)})\b")
DAY = re.compile(r"\bcentury\b|\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(yesterday|today)\b", re.IGNORECASE)
_MONEY = re.compile(
    r"[$€£₽]\s?\d|\b(dollars?|euros?|roubles?|rubles?|pounds?|lari|manat|tenge|soms?|drams?|hryvnias?|USD|EUR)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\d\s*(?:%|per ?cent)|\bpercent\b|\bthird\b|\bquarter\b|\bhalf\b", re.IGNORECASE)
_DURATION = re.compile(r"\b(year|month|week|day|hour|minute|second|decade)s?\b", re.IGNORECASE)
_REASON = re.compile(
    r"\bbecause\b|\bdue to\b|\bin order\b|\bso that\b|\bsince\b|\bto \w+\b|\bafter\b|\bas a result\b|\bowing\b|"
    r"\bthanks to\b|\bcaus|\breason|\bled to\b|\bover\b",
    re.IGNORECASE,
)
_MOST_WORDS = 30  # of a question: more of them say no more of whether it is answered
_CAPITALISED = re.compile(r"\b[^\W\d_a-zа-яёіїєґ][\w’'-]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the kind of what it asks for, and its terms."""

    text: str
    kind: str
    terms: frozenset[str]


@lru_cache(maxsize=256)
def asked(question: str) -> Asked:
    """What a question asks for: "how many tonnes of wheat did …" is a count."""
    return Asked(question, _kind(question), frozenset(terms_of(question)))


def length_of(question: str) -> float:
    """How long a question is, in tens of words."""
    return min(len(question.split()), _MOST_WORDS) / 10


def answers_kind(question: Asked, sentence: str, known: Collection[str] = ()) -> bool:
    """Whether a sentence holds something of the kind asked for that the question, or the terms ``known``, do not."""
    asked_text = question.text.lower()
    named = {number.strip(",.") for number in NUMBER.findall(asked_text)}
    numbers = [number for number in NUMBER.findall(sentence) if number.lower().strip(",.") not in named]
    match question.kind:
        case "count":
            return any(not YEAR.fullmatch(number.strip(",.")) for number in numbers)
        case "money":
            return bool(numbers and _MONEY.search(sentence))
        case "share":
            return bool(_SHARE.search(sentence))
        case "duration":
            return bool(numbers and _DURATION.search(sentence))
        case "measure":
            return bool(numbers)
        case "when":
            days = (*YEAR.findall(sentence), *MONTH.findall(sentence))
            return any(day.lower() not in asked_text for day in days) or bool(DAY.search(sentence))
        case "where" | "who":
            names = (terms_of(name) for name in _CAPITALISED.findall(sentence))
            return any(terms and not any(term in question.terms or term in known for term in terms) for terms in names)
        case "why":
            return bool(_REASON.search(sentence))
    return True


def _kind(question: str) -> str:
    return next((kind for kind, mark in _KIND_MARKS if mark.search(question)), "what")
