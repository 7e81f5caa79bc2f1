"""The server gets ready, goes away and comes back: the page says so, and no text is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from index.embedding import Embedder
from tests.browser.site import CPC, Site, Visit, ask, last, running, visit
from tests.factories import wiring_at


@pytest.fixture
def empty(browser: Browser, embedder: Embedder, tmp_path: Path) -> Iterator[Visit]:
    """A visit to a site whose library is empty."""
    footnote = wiring_at(tmp_path / "empty", embedder)
    with running(footnote) as site, visit(browser, site) as visited:
        yield visited
    footnote.close()


def test_server_that_is_killed_and_back_loses_no_question(visitor: Visit) -> None:
    page = visitor.open()
    ask(page, CPC)
    visitor.site.stop()
    try:
        page.fill("#question", "And how much oil did it load in 2024?")
        page.keyboard.press("Enter")
        expect(page.locator("#banner")).to_contain_text("server does not answer")
        expect(page.locator(".turn.broken .failure")).to_contain_text("No answer came")
        expect(page.locator("#question")).to_have_value("And how much oil did it load in 2024?")
    finally:
        visitor.site.start()
    expect(page.locator("#banner")).to_be_hidden()
    page.fill("#question", "")
    ask(page, "And how much oil did it load in 2024?")
    expect(last(page, ".sources li")).not_to_have_count(0)


def test_failed_question_is_asked_again_from_its_place(visitor: Visit) -> None:
    page = visitor.open()
    visitor.site.stop()
    try:
        page.fill("#question", CPC)
        page.keyboard.press("Enter")
        expect(page.locator(".turn.broken")).to_be_visible()
    finally:
        visitor.site.start()
    expect(page.locator("#banner")).to_be_hidden()
    page.click("text=Ask again")
    expect(page.locator("article.turn[data-turn] h2")).to_have_text([CPC])
    expect(page.locator("#question")).to_have_value("")


def test_question_waits_for_the_model(visitor: Visit) -> None:
    ready = visitor.site.footnote.ready
    ready.clear()
    try:
        page = visitor.open()
        expect(page.locator("#banner")).to_contain_text("getting ready")
        page.fill("#question", CPC)
        page.keyboard.press("Enter")
        expect(page.locator(".under-way")).to_contain_text("goes off by itself")
    finally:
        ready.set()
    expect(page.locator("article.turn[data-turn]")).to_have_count(1)
    expect(page.locator("#banner")).to_be_hidden()


def test_empty_library_says_how_to_fill_it(empty: Visit) -> None:
    page = empty.open()
    expect(page.locator("#welcome")).to_contain_text("The library is empty")
    page.click("#welcome >> text=Add documents")
    expect(page.locator("#library")).to_contain_text("Choose files")
    page.keyboard.press("/")
    ask(page, CPC)
    expect(last(page, ".declined")).to_contain_text("library is empty")
    expect(last(page, ".offers a")).to_have_text("Add documents")


def test_first_visit_offers_questions_that_are_answered(visitor: Visit) -> None:
    page = visitor.open()
    offered = page.locator(".suggested button")
    expect(offered).to_have_count(3, timeout=30_000)
    question = offered.first.locator(".question").inner_text()
    offered.first.click()
    expect(page.locator("article.turn[data-turn] h2")).to_have_text(question)
    expect(last(page, ".sources li")).not_to_have_count(0)


def test_refused_question_says_why(visitor: Visit, site: Site) -> None:
    page = visitor.open()
    page.evaluate("document.getElementById('question').removeAttribute('maxlength')")
    page.fill("#question", "x" * 10_001)
    page.keyboard.press("Enter")
    expect(page.locator(".failure")).to_contain_text("10000")
    expect(page.locator("#question")).to_have_value("x" * 10_001)
