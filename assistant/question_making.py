"""Questions made of a document's own sentences, by patterns so plain that what they make reads like a question.

"The bridge at Orsk was opened on 4 May 2019." makes "When was the bridge at Orsk opened?".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.quantities import MONTHS
from corpus.types import Document, Span
from index.sentences import sentences_of

_SENTENCES = 80
_MOST_WORDS = 9
_OFTEN = 2
_BASES = {
    "began": "begin", "closed": "close", "died": "die", "ended": "end", "entered": "enter", "joined": "join",
    "launched": "launch", "left": "leave", "lost": "lose", "opened": "open", "ratified": "ratify",
    "resigned": "resign", "signed": "sign", "stopped": "stop", "withdrew": "withdraw", "won": "win",
}  # fmt: skip
_OF_PEOPLE, _OF_THINGS = ("died", "resigned"), ("began", "ended", "opened", "closed")  # that need no object
_MONTH = f"(?:{'|'.join(MONTHS)})"
_DATE = rf"(?:on \d{{1,2}} {_MONTH}(?: \d{{4}})?|in (?:{_MONTH} )?\d{{4}})\b"
_WHAT = r"(?P<what>[A-Z][^,;:()“”\"]+?)"
_WAS_DONE = re.compile(
    rf"{_WHAT} (?P<was>was|were) (?P<done>\w+ed|begun|born|built|cut|found|held|made|shot|shut|sunk|won)"
    rf"(?: (?:in|at|by|near) [^,;:]{{2,40}}?)? {_DATE}"
)
_DID = re.compile(rf"{_WHAT} (?P<did>{'|'.join(_BASES)})(?P<rest> [^,;:()“”\"]{{2,60}}?)? {_DATE}")
_IS = re.compile(rf"{_WHAT},? (?P<is>is|are) (?:a|an|the) [^,;:]{{12,}}")
_YEAR = re.compile(r"\d{4}")
_ARTICLE = re.compile(r"^The ")
_NAME = r"[^\W\d_a-zа-я][\w’'+-]+"
_MANY_NAMED = re.compile(rf"\b{_NAME}(?: {_NAME})+|\b[A-Z]+\d*[+\d]*[A-Z\d]\b")
_WITHIN = re.compile(rf"(?<=[a-zа-я,;] )(?!{_MONTH}\b){_NAME}(?: {_NAME}){{0,2}}")
_POINTING = re.compile(
    r"^(?:A|An|It|He|She|They|We|I|You|This|That|These|Those|Its|His|Her|Their|Another|Such|One|Both|Some|Many|Most|There|"
    r"Here|When|Where|While|After|Before|In|On|At|By|For|As|From|If|But|And|Who|What|Which|No|All|Neither|Under)\b"
    r"|\b(?:who|which|that|than|is|was|are|were|had|has|said|it|its|his|her|their|he|she|they|those|these|this|other|because|when|after|before|since)\b"
)


@dataclass(frozen=True, slots=True)
class Made:
    """A question and where in the document the sentence lies that it was made of; None for one that asks of it all."""

    question: str
    sentence: Span | None = None


def dated_questions(document: Document) -> Iterator[Made]:
    """When something happened that the document dates."""
    for span in sentences_of(document)[:_SENTENCES]:
        sentence = document.text[span.start : span.end]
        done, did = _WAS_DONE.match(sentence), _DID.match(sentence)
        if done and _stands_alone(done["what"], document):
            yield Made(f"When {done['was']} {_lowered(done['what'])} {done['done']}?", span)
        elif did and _stands_alone(did["what"], document) and _is_whole(did["what"], did["did"], did["rest"] or ""):
            yield Made(f"When did {_lowered(did['what'])} {_BASES[did['did']]}{did['rest'] or ''}?", span)


def defining_questions(document: Document) -> Iterator[Made]:
    """What something is that the document defines; that a country is one needs no asking."""
    for span in sentences_of(document)[:_SENTENCES]:
        found = _IS.match(document.text[span.start : span.end])
        if (
            found
            and _stands_alone(found["what"], document)
            and _MANY_NAMED.search(found["what"])
            and not _YEAR.search(found["what"])
        ):
            yield Made(f"What {found['is']} {_lowered(found['what'])}?", span)


def naming_questions(document: Document) -> Iterator[Made]:
    """What is said about a name that the document repeats, the most frequent first."""
    outlet = document.metadata.outlet
    asked = f"What does {outlet} say about" if outlet else "What is said about"
    names = Counter(re.sub("['’]s$", "", name) for name in _WITHIN.findall(document.text))
    for name, times in sorted(names.items(), key=lambda found: (-found[1], found[0])):
        if times >= _OFTEN and name != outlet:
            yield Made(f"{asked} {name}?")


def _stands_alone(subject: str, document: Document) -> bool:
    """Whether words mean something without what was said before: they name something, and point at nothing."""
    bare = _ARTICLE.sub("", subject)
    if _POINTING.search(subject) or len(subject.split()) > _MOST_WORDS or not re.search(rf"\b{_NAME}", bare):
        return False
    return bare != subject or _is_name(bare.split()[0], document.text)


def _is_whole(subject: str, verb: str, rest: str) -> bool:
    """Whether a verb has all that it takes: by itself, or with something that is told by a name."""
    if not rest:
        return verb in _OF_PEOPLE or (verb in _OF_THINGS and bool(_ARTICLE.match(subject)))
    return bool(re.search(rf" {_NAME}", rest)) and not _POINTING.search(rest) and not rest.startswith((" a ", " an "))


def _is_name(word: str, text: str) -> bool:
    """Whether a word has its capital also where no sentence begins, and never lacks it."""
    escaped = re.escape(word)
    within = re.search(rf"[a-z,;] {escaped}\b", text)
    return bool(within) and not re.search(rf"\b{re.escape(word[0].lower() + word[1:])}\b", text)


def _lowered(subject: str) -> str:
    return _ARTICLE.sub(lambda article: article[0].lower(), subject)
