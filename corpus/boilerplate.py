"""What stands around an article and is no part of it: share bars, cookie notices, related links, copyright tails."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.cleaning import cut_tail, is_terminated

_MOST_WORDS = 14
_TAIL_LINE = 120
# A line that is one of these from end to end, or opens with it where "…" stands, wherever it is.
_LINES = re.compile(
    r"""^(?:
    (?:share|tweet|pin|print|e-?mail|whatsapp|telegram|facebook|twitter|linkedin|copy\ link|reddit|vkontakte|
       поделиться|paylaş|paylaşın|[|·,/&•-]|\s)+
    | share\ (?:this|on|via|the)\b.* | (?:click\ to\ )?(?:tweet|share|print|email)\ (?:this|on|to)\b.*
    | (?:follow|find|join|like)\ us\ on\b.*
    | (?:sign\ up|subscribe)\ (?:to|for)\b.*(?:newsletter|updates|channel|alerts).*
    | (?:advertisement|advertising|sponsored(?:\ content)?|реклама|reklam)\.?
    | (?:we|this\ (?:web)?site)\ uses?\ cookies\b.* | .*\b(?:accept|allow)\ (?:all\ )?cookies\b.*
    | (?:skip\ to|back\ to)\ (?:main\ )?(?:content|top|navigation)
    | (?:read\ (?:more|also|next)|see\ also|related|more\ on\ this)\s*:\s.*
    | (?:читайте\ также|oxumağa\ davam|ayrıca\ bakınız)\s*:\s.*
    | (?:photo|image|picture|video)(?:\ (?:credits?|source|by)\b)?\s*:\s.{0,60} | (?:photo|picture)\ by\ .{0,60}
    | (?:tags?|topics|filed\ under|keywords|теги|etiketlər)\s*:.*
    | (?:leave\ a\ (?:comment|reply)|\d+\ comments?|comments?\ (?:are\ closed|\(\d+\)))\.?
    | all\ rights\ reserved\.? | (?:copyright\s*)?(?:©|\(c\)|copyright)\s.*\d{4}.*
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
# A line that opens what comes after an article.
_OPENERS = re.compile(
    r"""^(?:related(?:\ (?:articles?|stories|posts?|news|links|topics|content|coverage|reading))?
    | (?:more|latest|recent|popular|top|trending|recommended|other)(?:\ \w+)?
      \ (?:articles?|stories|posts?|news|from\ .*|videos?)
    | most\ (?:read|popular|viewed|shared)
    | (?:you\ (?:may|might)\ (?:also\ )?(?:like|be\ interested\ in)) | read\ (?:also|more|next)
    | see\ also | recommended(?:\ for\ you)? | trending(?:\ now)? | (?:our|the)\ authors? | authors? | contributors?
    | what\ to\ read\ next | up\ next | don.t\ miss | editor.?s.?\ picks?
    | читайте\ также | похожие\ (?:статьи|новости) | по\ теме | другие\ новости | oxşar\ xəbərlər | digər\ xəbərlər
    | ilgili\ haberler
    )\s*:?$""",
    re.IGNORECASE | re.VERBOSE,
)


# A box about who wrote it, of a few sentences.
_BOX = re.compile(
    r"^(?:about\ the\ (?:authors?|writers?)|об\ авторе|müəllif\ haqqında)\s*:?$", re.IGNORECASE | re.VERBOSE
)
_BOX_LENGTH = 800


def is_boilerplate(line: str) -> bool:
    """Whether a short line is what pages put around articles."""
    return len(line.split()) <= _MOST_WORDS and bool(_LINES.match(line.strip()))


def article_end(blocks: Sequence[str]) -> int:
    """How many of the blocks of a page are its article: "Related articles" ends it, and a copyright mark.

    Only a heading behind which no sentence stands counts, and none in the first block.
    """
    end = len(blocks)
    sentences = False
    for number in range(len(blocks) - 1, 0, -1):
        block = blocks[number].strip()
        boxed = _BOX.match(block) and sum(map(len, blocks[number:])) < min(_BOX_LENGTH, sum(map(len, blocks[:number])))
        if boxed or (_OPENERS.match(block) and not sentences):
            end = number
        sentences = sentences or (is_terminated(block) and len(block) > _TAIL_LINE)
    kept, marked = cut_tail("\n".join(blocks[:end]))
    return kept.count("\n") + 1 if marked and kept else end
