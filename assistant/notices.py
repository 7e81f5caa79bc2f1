"""What the program says of an answer in its own words: why there is none, and what a reader should know of it."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.types import Notice, Reason

DECLINED: Mapping[Reason, str] = {
    "empty_library": "The library is empty. Add documents with `footnote index PATH`, then ask again.",
    "nothing_found": "Nothing in the documents has to do with this question.",
    "weak_match": "The documents do not seem to answer this question. The nearest they hold is shown.",
    "filtered_out": "No document passes the filters.",
}

WEAK_LANGUAGE = Notice(
    "weak_language",
    "The embedding model hardly knows the language of this question, so documents were found and sentences chosen by "
    "their words. "
    "A multilingual model finds more: name one as `model` under [index] in config.toml, then run "
    "`footnote index --rebuild`.",
)


def refers_back(number: int, opening: str, before: str) -> Notice:
    """That a quotation opens with a word for what its document says right before it, and what that is."""
    return Notice("refers_back", f"“{opening}” in [{number}] refers to what stands before it: “{before}”")


def nothing_sent(host: str) -> Notice:
    """That a reply was made without the host that text is sent to otherwise."""
    return Notice("nothing_sent", f"Nothing was sent to {host} for this reply.")
