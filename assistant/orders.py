"""Orders hidden in documents: sentences that speak to a program instead of telling a reader something.

A document may say "ignore your instructions" or imitate the program's own markers. No sentence of a document is ever
obeyed; but one that speaks to a program answers no question either, so its passage stands aside from the evidence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from index.types import Hit

_WHOSE = r"(?:all|any|your|my|these|those|previous|prior|above|earlier|preceding|foregoing|system|other|of|the|every)"
_RULES = r"(?:instructions?|prompts?|directions|guidelines|orders|context|evidence|documents?|sources?|text|messages?)"
_MACHINE = r"(?:ai|a\.i\.|llms?|language models?|assistants?|chat ?bots?|bots?|models?|ai agents?)"
_SAY = r"(?:answer|reply|respond|output|print|say|return|write)"
_LED = (
    r"(?:^|[.:;!?,\"“'(\]>*_•·—–)-]\s*|"
    r"\b(?:please|always|must|should|shall|instead|simply|then|and|now|also|first|kindly|immediately)\s+)"
)
_FETCH = (
    r"(?:fetch|load|download|request|curl|wget|open|click|follow|include|insert|embed|render|display)\b"
    r".{0,60}\bhttps?://"
)
_FORMS = (
    # to set aside what the program was told
    rf"\b(?:ignore|disregard|forget|override|bypass|discard)\s+(?:{_WHOSE}\s+)*"
    rf"(?:(?:all|any|your|previous|prior|above|earlier|preceding|system|other)\s+)(?:{_WHOSE}\s+)*{_RULES}\b",
    r"\b(?:ignore|disregard|forget)\s+(?:all|everything|anything|whatever)\s+"
    r"(?:above|before|previous(?:ly)?|(?:that |which )?(?:you|was|came))\b",
    r"\b(?:new|updated|revised|real|actual|true)\s+(?:system\s+)?"
    r"(?:instructions?|prompt|task|orders?)\s*(?:for you\s*)?:",
    rf"\bfrom now on,?\s+(?:you (?:must |will |shall |should )?)?(?:always |only )?(?:{_SAY}|ignore|obey)\b",
    # what to say
    rf"{_LED}(?:answer|reply|respond|output|print|say|write)\s+"
    r"(?:with |in |using )?(?:only|just|exactly|nothing but|solely)\b(?!\s+(?:if|when|to|after|by|under))",
    rf"{_LED}return\s+(?:with |in |using )?(?:only|just|exactly|nothing but|solely)\s+(?:the |a |an |one |this )*"
    r"(?:[\"“'‘{\[]|yes\b|no\b|words?\b|json\b|text\b|answers?\b|strings?\b|numbers?\b|(?-i:[A-Z]{2,})\b)",
    rf"(?:^|[.:;!?,\"“]\s*){_SAY}\s+(?:to\s+)?(?:the|every|all|any)\s+(?:user|questions?|reader)\b",
    r"\b(?:do not|don't|never)\s+(?:cite|answer|mention|quote|use|trust|show)\s+(?:any |the |all )*"
    r"(?:other |previous |user's )?(?:documents?|sources?|evidence|questions?|footnotes?|citations?)\b",
    # to whom
    rf"\byou are (?:now |no longer )?(?:an?|the|my)\s+(?:\w+\s+){{0,3}}{_MACHINE}\b",
    rf"\b(?:dear|attention|hey|hello|note to|message to|notice to|instructions? (?:to|for))[\s,:]+"
    rf"(?:the |all |any |every )*(?:\w+\s+)?{_MACHINE}\b",
    rf"\b(?:the|any|every|all)\s+{_MACHINE}\s+(?:reading|processing|summari[sz]ing|answering|that reads?)\b",
    rf"\b(?:the\s+)?(?:{_MACHINE}|program|footnote)\s+(?:must|should|shall|has to|will now)\s+"
    r"(?:now |always |only |not |never )*"
    r"(?:answer|reply|respond|say|cite|output|ignore|refuse|decline|write|state|mention|obey)\b",
    rf"\b(?:{_MACHINE}|footnote)\s+is to\s+(?:now |always |only |not |never )*"
    r"(?:answer|reply|respond|say|cite|output|ignore|refuse|obey)\b",
    rf"\b(?:{_MACHINE}|program|footnote)\s+(?:must|should|shall|has to|is to)\s+"
    r"(?:now |always |only |not |never )*treat\b.{0,40}"
    r"\b(?:documents?|text|evidence|sources?|above|everything|true|void|messages?|instructions?)\b",
    r"\b(?:reveal|print|show|repeat|output|leak|send)\b.{0,30}"
    r"\b(?:system prompt|api keys?|hidden prompt|your instructions)\b",
    r"\b(?:pretend|act as if|role-?play)\b.{0,20}\b(?:you|unrestricted|jailbr\w+)\b",
    # its markers, keys, roles and formats
    r"<\|\s*\w+\s*\|>|\[/?inst\]|<</?sys>>|</?\s*(?:system|assistant|user|instructions?|evidence|data|tool\w*|think)\s*>",
    r"(?:^|[.!?]\s)\W*(?:system|assistant|developer)\s*(?:\([^)]*\)\s*)?:",
    r"^\s*#{1,6}\s*(?:system|assistant|instructions?|new task)\b",
    r"[{,]\s*\"(?:key|role|text|answer|answered|verdict|citations?|reply|notices|support|claims|function|tool_calls?)\""
    r"\s*:",
    r"<{3,}|>{3,}|(?:-{3,}|={3,})\s*(?:end|begin|start)\b",
    r"\b(?:cite|use|append|add|attribute|put)\b.{0,40}"
    r"\b(?:this document|this key|this source|this footnote|key|marker|footnote)s?\b"
    r".{0,30}(?:\[[\w^]+\]|\bfor (?:every|each|all|any)\b|\b(?:every|each) (?:answer|sentence|claim|question)\b)",
    # links and images to be fetched
    r"!\[[^\]]*\]\s*\(|\]\(\s*(?:https?:|javascript:|data:)|\bjavascript:",
    r"<\s*(?:img|script|iframe|link|form|meta|svg|object|embed)\b",
    rf"{_LED}{_FETCH}",
    rf"\b(?:you|your|users?|answers?|repl(?:y|ies)|responses?|sure|remember|try)\b.{{0,40}}\b{_FETCH}",
    # in Russian
    r"\b(?:игнорируй|забудь|не обращай внимания|отбрось)(?:те)?\b.{0,40}(?:инструкци|указани|правил|предыдущ)",
    r"(?:^|[.:;!?,]\s*)(?:отвечай|ответь|напиши|скажи)(?:те)?\s+(?:только|лишь|одним)\b",
)
_ORDER = re.compile("|".join(f"(?:{form})" for form in _FORMS), re.IGNORECASE)


def gives_orders(sentence: str) -> bool:
    """Whether a sentence speaks to a program: gives it orders, or imitates its roles, keys and formats."""
    seen = unicodedata.normalize("NFKC", sentence)
    return bool(_ORDER.search("".join(mark for mark in seen if unicodedata.category(mark) != "Cf")))


def telling(hits: Sequence[Hit]) -> list[Hit]:
    """The hits in which no sentence speaks to a program, in the same order.

    What stands beside an order serves it: the question that it answers for the reader, the lie that it wants told.
    """
    return [hit for hit in hits if not any(gives_orders(sentence) for sentence in _sentences(hit))]


def _sentences(hit: Hit) -> list[str]:
    return [hit.words_at(sentence.span) for sentence in hit.sentences] or [hit.text]
