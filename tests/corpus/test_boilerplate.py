"""What stands around articles is told from what stands in them."""

from __future__ import annotations

import pytest

from corpus.boilerplate import article_end, is_boilerplate
from corpus.readers.html import read_html

SENTENCE = (
    "The peacekeepers left the region in the spring, and their vehicles were loaded on trains in the city of Barda, "
    "where a crowd of some two hundred had gathered since the morning."
)


@pytest.mark.parametrize(
    "line",
    [
        "Share", "Facebook | Twitter | Email", "Share this article", "Follow us on Telegram", "Advertisement",
        "We use cookies to give you the best experience.", "Accept all cookies", "Read more: Grain prices rise again",
        "Sign up for our newsletter", "Tags: trains, Barda", "Leave a comment", "All rights reserved.",
        "© 2024 Steppe Post. All rights reserved.", "Skip to main content", "Photo: Ivan Sokol / Steppe Post", "Paylaş",
        "Читайте также: Цены на зерно",
    ],
)  # fmt: skip
def test_short_lines_that_pages_put_around_articles_are_known(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        SENTENCE, "The train left.", "Cookies were sold at the station.", "Share prices fell.", "",
        "Related parties met in Barda.", "Telegram was blocked on Monday.", "Copyright law was changed.",
        "Tags were sewn on the bags.", "The authors agree.",
    ],
)  # fmt: skip
def test_sentences_that_begin_alike_are_no_boilerplate(line: str) -> None:
    assert not is_boilerplate(line)


@pytest.mark.parametrize(
    ("blocks", "end"),
    [
        ([SENTENCE, "Related articles", "Grain prices rise", "Lake freezes"], 1),
        ([SENTENCE, SENTENCE, "You may also like", "Grain prices rise"], 2),
        ([SENTENCE, "Related news", SENTENCE], 3),
        (["Related articles", "Grain prices rise"], 2),
        ([SENTENCE, "© 2024 Steppe Post", "Leyla Aliyeva", "Ivan Sokol"], 1),
        ([SENTENCE, "Authors", "Leyla Aliyeva", "Ivan Sokol"], 1),
        ([SENTENCE, SENTENCE, "About the author", SENTENCE], 2),
        ([SENTENCE, "About the author", SENTENCE * 9], 3),
        ([SENTENCE], 1),
        ([], 0),
    ],
    ids=["related", "also like", "sentence behind", "first", "copyright", "authors", "box", "long box", "one", "none"],
)
def test_an_article_ends_before_what_is_offered_after_it(blocks: list[str], end: int) -> None:
    assert article_end(blocks) == end


def test_a_page_is_read_without_its_share_bar_and_its_related_links() -> None:
    page = (
        "<html><head><title>T</title></head><body><article><h1>The last train</h1><p>Share this article</p>"
        f"<p>{SENTENCE}</p><p>{SENTENCE.replace('left', 'entered')}</p><h3>Related stories</h3><p>Grain prices rise</p>"
        "<p>Lake freezes over</p></article></body></html>"
    )
    text = read_html(page.encode()).text
    assert text == f"The last train\n\n{SENTENCE}\n\n{SENTENCE.replace('left', 'entered')}"
