"""Hostile text: markup, scripts and odd characters in titles, file names, quotes and questions stay text."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.types import Answer, Citation, Claim
from index.embedding import Embedder
from tests.browser.site import Site, Visit, ask, last, running, visit
from tests.browser.test_asking import marked
from tests.factories import index_paths, wiring_at, write_files

MARKUP = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'
SENTENCE = f"The dam at Nurek {MARKUP} was built in 1980 by 𝕋ajik 🏗️ workers."
EVIL = f"Many 😀😀😀 people came. {SENTENCE} Qarabağ’da 🇦🇿 nothing else was said.\n"
METADATA = {"title": f"{MARKUP} dam", "outlet": "<b>Post</b>", "url": "javascript:window.hit=1", "kind": "report"}
FILE = "a<img src=x onerror=window.hit=1>.txt"
QUESTION = f"When was the dam at Nurek built? {MARKUP}"


@pytest.fixture(scope="module")
def evil(browser: Browser, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site over one hostile document."""
    folder = tmp_path_factory.mktemp("evil")
    footnote = wiring_at(folder / "home", embedder)
    index_paths(footnote, write_files(folder / "files", {FILE: EVIL}), **METADATA)
    with running(footnote) as site:
        yield site
    footnote.close()


@pytest.fixture
def evil_page(browser: Browser, evil: Site) -> Iterator[Page]:
    """A visit; nothing hostile may have run at its end."""
    with visit(browser, evil) as visited:
        page = visited.open()
        yield page
        assert page.evaluate("window.hit") is None
        assert page.locator("main img, aside img, nav img, main script, aside script").count() == 0


def test_markup_everywhere_stays_text(evil_page: Page) -> None:
    page = evil_page
    ask(page, QUESTION)
    expect(last(page, "h2")).to_have_text(QUESTION)
    expect(page.locator("#history-list a").first).to_contain_text("<img src=x")
    expect(last(page, ".claim").first).to_have_text(SENTENCE)
    expect(last(page, ".sources a").first).to_have_text(f"{MARKUP} dam")
    last(page, ".answer a.fn").first.hover()
    expect(page.locator("#note")).to_contain_text("<b>Post</b>")
    last(page, ".answer a.fn").first.click()
    assert marked(page) == SENTENCE
    expect(page.locator("#reader .places")).to_contain_text(FILE)
    page.keyboard.press("Escape")
    last(page, "summary").click()
    expect(last(page, ".searched dd").first).to_have_text(QUESTION)
    page.click("#to-library")
    expect(page.locator("#library-list .title")).to_have_text(f"{MARKUP} dam")


def test_script_as_an_address_is_shown_as_text(evil_page: Page) -> None:
    page = evil_page
    page.click("#to-library")
    page.locator("#library-list .title").click()
    expect(page.locator("#reader .places .no-link").first).to_have_text("javascript:window.hit=1")
    assert page.locator("[href^='javascript:' i]").count() == 0


def test_words_beyond_the_first_plane_are_marked_exactly(evil_page: Page) -> None:
    page = evil_page
    ask(page, "Who was it that built the dam at Nurek?")
    for number, citation in enumerate(last(page, ".answer a.fn").all()):
        citation.click()
        quote = page.locator("mark.here")
        expect(quote).to_be_visible()
        assert marked(page) in EVIL, number


def test_weak_sentence_looks_it_and_says_so(visitor: Visit) -> None:
    source = visitor.site.footnote.library.documents()[0]
    citation = Citation(
        1, "k1", source.id, source.content_hash, source.title, None, None, None, None, "en", None, None, None, None,
        "p1", source.text[:20], 0, 20,
    )  # fmt: skip
    weak = Claim("A bold claim.", 0, 13, (1,), 0.5, "weak")
    answer = Answer(
        "cweak", "tweak", "Is it so?", "Is it so?", "llm", "answer", True, None, "A bold claim. [1]",
        claims=(weak,), citations=(citation,), rejected=("k9",),
    )  # fmt: skip
    visitor.site.footnote.conversations.append(answer)
    page = visitor.open("#/c/cweak")
    claim = last(page, ".claim.weak")
    expect(claim).to_have_text("A bold claim.")
    assert "dotted" in claim.evaluate("claim => getComputedStyle(claim).textDecorationStyle")
    expect(last(page, ".answer")).to_contain_text("(weakly supported)")
    expect(last(page, ".remarks")).to_contain_text("only weakly supported")
    expect(last(page, ".remarks")).to_contain_text("1 reference that the model made up was left out")


def test_version_that_was_cited_is_shown_though_the_document_has_changed(evil: Site, evil_page: Page) -> None:
    folder = evil.footnote.settings.home.parent / "changing"
    index_paths(evil.footnote, write_files(folder, {"mill.txt": "The mill at Turgai was built in 1911 by Ivan Sokol."}))
    ask(evil_page, "When was the mill at Turgai built?")
    index_paths(evil.footnote, write_files(folder, {"mill.txt": "The mill at Turgai is a museum since 1999."}))
    last(evil_page, ".answer a.fn").first.click()
    assert marked(evil_page) == "The mill at Turgai was built in 1911 by Ivan Sokol."
    expect(evil_page.locator("#reader .notice")).to_contain_text("version that was cited")
    evil_page.click("#reader >> text=Show the present version")
    expect(evil_page.locator("#reader .text")).to_have_text("The mill at Turgai is a museum since 1999.")
    (found,) = [one for one in evil.get("/api/documents").json()["documents"] if one["title"] == "mill.txt"]
    evil_page.go_back()
    httpx.delete(f"{evil.url}api/documents/{found['id']}", trust_env=False)
    evil_page.reload()
    last(evil_page, ".answer a.fn").first.click()
    expect(evil_page.locator("#reader")).to_contain_text("no longer in the library")
