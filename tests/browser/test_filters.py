"""Filters: chosen as chips, sent with the question, told with the answer, taken away."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.site import CPC, Visit, ask, last


def test_chosen_filters_are_chips_and_go_with_the_question(visitor: Visit) -> None:
    page = visitor.open()
    page.click("#add-filter")
    page.locator("#filter-panel").get_by_label("brief").check()
    page.locator("#filter-panel").get_by_label("From").fill("2026-01-01")
    page.click("#filter-panel >> text=Done")
    expect(page.locator("#chips .chip")).to_have_text(["since 1\u00a0January\u00a02026", "brief"])
    ask(page, CPC)
    expect(last(page, ".filtered")).to_contain_text("since 1\u00a0January\u00a02026 · brief")
    assert last(page, ".sources li").count() > 0


def test_filter_that_leaves_nothing_is_said_and_can_be_lifted(visitor: Visit) -> None:
    page = visitor.open()
    page.click("#add-filter")
    page.locator("#filter-panel").get_by_label("Until").fill("2019-01-01")
    page.click("#filter-panel >> text=Done")
    ask(page, CPC)
    expect(last(page, ".declined")).to_contain_text("filters leave no document")
    last(page, "text=Ask without filters").click()
    expect(page.locator("article.turn .sources li")).not_to_have_count(0)
    expect(page.locator("#chips .chip")).to_have_count(0)


def test_chip_takes_its_filter_away(visitor: Visit) -> None:
    page = visitor.open()
    page.click("#add-filter")
    page.locator("#filter-panel").get_by_label("Footnote desk").check()
    page.keyboard.press("Escape")
    expect(page.locator("#filter-panel")).to_be_hidden()
    page.locator("#chips .chip").click()
    expect(page.locator("#chips .chip")).to_have_count(0)


def test_document_is_found_by_its_title_and_asked_alone(visitor: Visit) -> None:
    page = visitor.open()
    page.click("#add-filter")
    page.locator("#filter-panel").get_by_label("Find a document by its title").fill("sanctions on russia, the oil")
    page.locator("#filter-panel button.choice").click()
    page.click("#filter-panel >> text=Done")
    ask(page, "How high is the oil price cap?")
    titles = {
        citation["title"] for citation in visitor.site.get("/api/search", q="oil price cap", k="1").json()["hits"]
    }
    assert all(title in titles for title in last(page, ".sources a").all_text_contents() if title != "The same")
