"""Access: everything by keyboard, for screen readers, in both themes, on a telephone, without motion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import BREAD, CPC, MAKIIVKA, Site, Visit, ask, last, visit
from tests.browser.test_asking import marked

SHIFT = """() => { window.shifts = [];
    new PerformanceObserver(list => window.shifts.push(...list.getEntries().map(entry => entry.value)))
        .observe({type: 'layout-shift'}) }"""


def welcome(page: Page) -> None:
    """The first visit."""


def source(page: Page) -> None:
    """An answer with its source open."""
    ask(page, MAKIIVKA)
    last(page, ".answer a.fn").first.click()
    marked(page)


def fold(page: Page) -> None:
    """A declined question with all that unfolds."""
    ask(page, BREAD)
    last(page, "summary").click()
    last(page, "text=Search for it").click()
    last(page, "[data-rating=down]").click()
    expect(last(page, ".found .passages > li")).to_have_count(10)


def library(page: Page) -> None:
    """The library."""
    page.click("#to-library")
    expect(page.locator("#library-list li").first).to_be_visible()


def panels(page: Page) -> None:
    """The filters' panel."""
    page.click("#add-filter")
    expect(page.locator("#filter-panel fieldset").first).to_be_visible()


def keys(page: Page) -> None:
    """The list of keys."""
    page.click("#keys")


@pytest.mark.parametrize("state", [welcome, source, fold, library, panels, keys])
def test_axe_finds_nothing_serious_in_either_theme(browser: Browser, site: Site, state: Callable[[Page], None]) -> None:
    with visit(browser, site, reduced_motion="reduce") as visited:
        page = visited.open()
        state(page)
        assert serious(page) == []
        page.emulate_media(color_scheme="dark")
        assert serious(page, {"runOnly": ["color-contrast"]}) == []


def serious(page: Page, options: dict[str, Any] | None = None) -> list[tuple[str, list[str]]]:
    """What axe finds that is serious or worse, with the first places. The library's rows are alike: it sees a few."""
    page.evaluate("document.querySelectorAll('#library-list li:nth-child(n + 6)').forEach(row => row.remove())")
    found: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    return [
        (violation["id"], [node["html"] for node in violation["nodes"]][:3])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]


def test_everything_is_done_by_keyboard_alone(visitor: Visit) -> None:
    page = visitor.open()
    page.keyboard.type(MAKIIVKA)
    page.keyboard.press("Enter")
    expect(page.locator("article.turn[data-turn]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#question")).not_to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#question")).to_be_focused()
    notes = last(page, "a.fn")
    while not notes.first.evaluate("note => note === document.activeElement"):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("document.activeElement !== document.body"), "Shift-Tab never meets the first footnote"
    page.keyboard.press("ArrowRight")
    expect(notes.nth(1)).to_be_focused()
    expect(page.locator("#note blockquote")).to_be_visible()
    page.keyboard.press("Enter")
    second = marked(page)
    expect(page.locator("mark.here")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#reader .label")).to_contain_text("Footnote 1 of")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#reader .label")).to_contain_text("Footnote 2 of")
    assert marked(page) == second
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()
    expect(notes.nth(1)).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_contain_text("From footnote to footnote")
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    page.keyboard.press("l")
    expect(page.locator("#library-list")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    expect(page.locator("#question")).to_have_value("one\ntwo")


def test_telephone_shows_all_without_scrolling_sideways(browser: Browser, site: Site) -> None:
    with visit(browser, site, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True) as visited:
        page = visited.open()
        sideways = "document.documentElement.scrollWidth > innerWidth || document.body.scrollWidth > innerWidth"
        ask(page, MAKIIVKA)
        assert not page.evaluate(sideways)
        boxes = [side.bounding_box() for side in last(page, ".side").all()]
        assert boxes[0]["x"] == boxes[1]["x"]
        last(page, ".answer a.fn").first.tap()
        marked(page)
        assert page.locator("#reader").bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
        page.go_back()
        expect(page.locator("#reader")).to_be_hidden()
        page.click("#open-side")
        page.click("#to-library")
        expect(page.locator("#library-list li").first).to_be_visible()
        expect(page.locator("#side")).to_be_hidden()
        assert not page.evaluate(sideways)


def test_dark_is_dark(browser: Browser, site: Site) -> None:
    with visit(browser, site, color_scheme="dark") as visited:
        page = visited.open()
        colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert sum(map(int, colour.removeprefix("rgb(").removesuffix(")").split(","))) < 100


def test_nothing_moves_while_an_answer_comes(visitor: Visit) -> None:
    page = visitor.open()
    page.wait_for_load_state("networkidle")
    ask(page, CPC)
    page.evaluate(SHIFT)
    ask(page, "Did a missile actually strike flight 8243?")
    assert page.evaluate("window.shifts") == []


def test_landmarks_and_headings_tell_where_one_is(visitor: Visit) -> None:
    page = visitor.open()
    ask(page, MAKIIVKA)
    for role in ("navigation", "main", "log"):
        expect(page.get_by_role(role)).to_have_count(1)
    expect(page.get_by_role("article", name=MAKIIVKA)).to_be_visible()
    expect(page.get_by_role("link", name="Footnote 1: ").first).to_be_visible()
    last(page, ".answer a.fn").first.click()
    expect(page.get_by_role("complementary", name="Source")).to_be_visible()
