"""Conversations: listed, found, renamed, deleted with undo, linked to, exported, judged."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.site import CPC, MAKIIVKA, Visit, ask, last
from tests.browser.test_asking import conversation_of, marked

DEATH = "When did Alexei Navalny die?"


def test_conversation_is_listed_by_its_first_question_and_opened_again(visitor: Visit) -> None:
    page = visitor.open()
    ask(page, MAKIIVKA)
    ask(page, "And what of Ukraine's?")
    current = page.locator("#history-list a[aria-current]")
    expect(current).to_have_text(MAKIIVKA)
    page.click("#to-ask")
    expect(page.locator("article.turn")).to_have_count(0)
    expect(page.locator("#question")).to_be_focused()
    page.locator("#history-list a").first.click()
    expect(page.locator("article.turn h2")).to_have_text([MAKIIVKA, "And what of Ukraine's?"])


def test_conversations_are_searched(visitor: Visit) -> None:
    page = visitor.open()
    ask(page, CPC)
    page.click("#to-ask")
    ask(page, DEATH)
    page.fill("#history-search", "Navalny")
    expect(page.locator("#history-list a")).to_have_text([DEATH])
    page.fill("#history-search", "no such words at all")
    expect(page.locator("#history-none")).to_have_text("None found.")


def test_conversation_is_renamed(visitor: Visit) -> None:
    page = visitor.open()
    ask(page, CPC)
    row = page.locator("#history-list li:has(a[aria-current])")
    row.hover()
    row.locator("[aria-label^=Rename]").click()
    page.fill("#history-list input", "Oil")
    page.keyboard.press("Enter")
    expect(page.locator("#history-list a[aria-current]")).to_have_text("Oil")
    expect(page.locator("#title")).to_have_text("Oil")
    assert visitor.site.get("/api/conversations/" + conversation_of(page)).json()["title"] == "Oil"


def test_conversation_is_deleted_and_taken_back(visitor: Visit) -> None:
    page = visitor.open()
    ask(page, CPC)
    conversation = conversation_of(page)
    row = page.locator("#history-list li:has(a[aria-current])")
    row.hover()
    row.locator("[aria-label^=Delete]").click()
    expect(page.locator("article.turn")).to_have_count(0)
    assert visitor.site.get(f"/api/conversations/{conversation}").status_code == 404
    page.click(".toast >> text=Undo")
    expect(page.locator("article.turn h2")).to_have_text(CPC)
    assert visitor.site.get(f"/api/conversations/{conversation}").status_code == 200


def test_link_leads_to_a_turn_and_to_the_source_of_a_footnote(visitor: Visit) -> None:
    first = visitor.site.ask(CPC)
    for _ in range(3):
        visitor.site.ask(DEATH, first["conversation_id"])
    answer = visitor.site.ask(MAKIIVKA, first["conversation_id"])
    page = visitor.open(f"#/c/{first['conversation_id']}?turn={answer['turn_id']}")
    heading = page.locator(f"[data-turn={answer['turn_id']}] h2")
    expect(heading).to_be_in_viewport()
    page = visitor.open(f"#/c/{first['conversation_id']}?turn={answer['turn_id']}&cite=2")
    page.reload()
    assert marked(page) == answer["citations"][1]["quote"]


def test_conversation_that_is_not_there_says_so(visitor: Visit) -> None:
    page = visitor.open("#/c/cnothing")
    expect(page.locator("#turns")).to_contain_text("no such conversation")


def test_conversation_is_exported(visitor: Visit, tmp_path: Path) -> None:
    page = visitor.open()
    ask(page, MAKIIVKA)
    files = {}
    for name in ("Markdown", "JSON"):
        with page.expect_download() as download:
            page.click(f"#bar-actions >> text={name}")
        files[name] = Path(download.value.path()).read_text("utf-8")
    answer = visitor.site.get("/api/conversations/" + conversation_of(page)).json()["turns"][0]
    for citation in answer["citations"]:
        assert citation["title"] in files["Markdown"]
    assert json.loads(files["JSON"])["turns"][0]["text"] == answer["text"]


def test_answer_is_judged_and_corrected(visitor: Visit) -> None:
    page = visitor.open()
    ask(page, CPC)
    thumb = last(page, "[data-rating=down]")
    thumb.click()
    expect(thumb).to_have_attribute("aria-pressed", "true")
    last(page, ".correction textarea").fill("It was 82 per cent.")
    last(page, ".correction button").click()
    expect(last(page, ".correction")).to_be_hidden()
    page.reload()
    expect(last(page, "[data-rating=down]")).to_have_attribute("aria-pressed", "true")
    turns = visitor.site.get("/api/conversations/" + conversation_of(page)).json()["turns"]
    assert (turns[0]["feedback"]["rating"], turns[0]["feedback"]["correction"]) == ("down", "It was 82 per cent.")


def test_two_hundred_turns_are_shown_without_lag(visitor: Visit) -> None:
    first = visitor.site.ask(CPC)
    conversations = visitor.site.footnote.conversations
    answers = [conversations.turns(first["conversation_id"])[0]]
    page = visitor.open()
    with visitor.site.footnote.library.writing() as connection:
        for number in range(2, 201):
            turn = json.dumps(answers[0] | {"turn_id": f"many{number}"})
            row = (f"many{number}", first["conversation_id"], turn)
            columns = "(id, conversation_id, number, created, answer)"
            connection.execute(f"INSERT INTO turns {columns} SELECT ?, ?, {number}, created, ? FROM turns LIMIT 1", row)
    took = page.evaluate(
        """async hash => { const began = performance.now(); location.hash = hash;
            while (document.querySelectorAll('article.turn[data-turn]').length < 200)
                await new Promise(requestAnimationFrame);
            await new Promise(requestAnimationFrame); return performance.now() - began }""",
        f"#/c/{first['conversation_id']}",
    )
    assert took < 2000
    expect(page.locator("[data-turn=many200] h2")).to_be_in_viewport()
    assert re.search(r"^\d+$", page.locator("#library-count").inner_text())
