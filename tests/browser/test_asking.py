"""Asking: the answer streams in, each footnote leads to its words, follow-ups, stopping, and nothing is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from index.embedding import Embedder
from tests.assistant.model_server import Asked, Reply, chunks, model_server
from tests.browser.site import BREAD, CPC, MAKIIVKA, Site, Visit, ask, last, running, visit
from tests.factories import wiring_at


def marked(page: Page) -> str:
    """The words that are marked in the source, once it is open."""
    expect(page.locator("mark.here").first).to_be_visible()
    return "\n".join(page.locator("mark.here").all_text_contents())


@pytest.fixture(scope="module")
def asked(browser: Browser, site: Site) -> Iterator[Page]:
    """A page with an answer out of two documents that disagree."""
    with visit(browser, site, permissions=["clipboard-read", "clipboard-write"]) as visited:
        page = visited.open()
        ask(page, MAKIIVKA)
        yield page


@pytest.fixture
def answered(asked: Page) -> Iterator[Page]:
    """The same, its sources closed again afterwards."""
    yield asked
    asked.keyboard.press("Escape")
    asked.keyboard.press("Escape")


def turn_of(page: Page, site: Site) -> dict[str, Any]:
    """The last turn of the conversation that is shown, as the API has it."""
    turn: dict[str, Any] = site.get("/api/conversations/" + conversation_of(page)).json()["turns"][-1]
    return turn


def test_question_box_is_ready_on_arrival(visitor: Visit) -> None:
    page = visitor.open()
    expect(page.locator("#question")).to_be_focused()


def test_answer_is_what_the_api_says_with_a_footnote_behind_each_sentence(answered: Page, site: Site) -> None:
    turn = turn_of(answered, site)
    assert last(answered, ".claim").all_text_contents() == [claim["text"] for claim in turn["claims"]]
    numbers = [str(number) for claim in turn["claims"] for number in claim["citations"]]
    assert last(answered, ".reply > .answer .fn").all_text_contents() == numbers
    assert last(answered, ".sources li").count() == len(turn["citations"])


def test_every_footnote_opens_its_source_at_the_very_words(answered: Page, site: Site) -> None:
    for citation in turn_of(answered, site)["citations"]:
        last(answered, f".answer a.fn >> text='{citation['number']}'").first.click()
        expect(answered.locator("#reader .of-document h2")).to_have_text(citation["title"])
        expect(answered.locator("#reader .label")).to_contain_text(f"Footnote {citation['number']} of")
        assert marked(answered) == citation["quote"]
        assert answered.locator("mark.here").first.evaluate(IN_VIEW)
        assert citation["heading"] in answered.locator("#reader .label").inner_text()


IN_VIEW = """mark => { const at = mark.getBoundingClientRect(), paper = mark.closest('.paper').getBoundingClientRect();
    return at.top >= paper.top && at.bottom <= paper.bottom }"""


def conversation_of(page: Page) -> str:
    """The id of the conversation that is shown."""
    page.wait_for_function("() => location.hash.startsWith('#/c/')")
    found = re.search(r"#/c/([^?]+)", page.url)
    assert found
    return found[1]


def test_back_leads_from_the_source_to_the_footnote(answered: Page) -> None:
    page = answered
    first = last(page, ".answer a.fn").first
    for leave in (lambda: page.keyboard.press("Escape"), lambda: page.click("text=Back to the answer"), page.go_back):
        first.click()
        marked(page)
        leave()
        expect(page.locator("#reader")).to_be_hidden()
        expect(first).to_be_focused()


def test_two_quick_escapes_close_the_source_and_no_more(answered: Page) -> None:
    page = answered
    before = conversation_of(page)
    last(page, ".answer a.fn").first.click()
    marked(page)
    page.evaluate(TWO_ESCAPES)
    expect(page.locator("#reader")).to_be_hidden()
    page.wait_for_timeout(200)
    assert conversation_of(page) == before


TWO_ESCAPES = """() => [1, 2].forEach(() =>
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })))"""


def test_pointing_at_a_footnote_shows_its_words_and_whose_they_are(answered: Page, site: Site) -> None:
    citation = turn_of(answered, site)["citations"][0]
    answered.mouse.move(5, 5)
    last(answered, ".answer a.fn").first.hover()
    card = answered.locator("#note")
    expect(card.locator("blockquote")).to_have_text(citation["quote"])
    for part in (citation["title"], citation["outlet"], "5\u00a0January\u00a02026", citation["kind"]):
        expect(card).to_contain_text(part)
    answered.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_disagreeing_sources_stand_side_by_side(answered: Page, site: Site) -> None:
    (disagreement,) = turn_of(answered, site)["disagreements"]
    sides = last(answered, ".side")
    assert sides.count() == len(disagreement["sides"])
    for side, wanted in zip(sides.all(), disagreement["sides"], strict=True):
        expect(side).to_contain_text(wanted["value"])
        expect(side.locator(".fn")).to_have_text(str(wanted["citation"]))
        expect(side.locator(".of")).to_contain_text("Footnote desk")
    boxes = [side.bounding_box() for side in sides.all()]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] < boxes[1]["x"]


def test_copy_takes_the_footnotes_along(answered: Page, site: Site) -> None:
    last(answered, "[aria-label^='Copy the answer']").click()
    expect(answered.locator(".toast")).to_be_visible()
    text = answered.evaluate("navigator.clipboard.readText()")
    answer = turn_of(answered, site)
    assert text.startswith(f"{MAKIIVKA}\n\n{answer['text']}\n\n[1] {answer['citations'][0]['title']}. Footnote desk · ")
    assert all(f"“{citation['quote']}”" in text for citation in answer["citations"])


def test_follow_up_is_asked_within_the_conversation(visitor: Visit) -> None:
    page = visitor.open()
    ask(page, CPC)
    ask(page, "And how much oil did it load in 2024?")
    last(page, "summary").click()
    expect(last(page, ".searched dd").first).to_contain_text(f"in view of: {CPC}")
    assert len(visitor.site.get("/api/conversations/" + conversation_of(page)).json()["turns"]) == 2


def test_what_was_searched_is_told_with_passages_scores_and_times(visitor: Visit) -> None:
    page = visitor.open()
    ask(page, CPC)
    last(page, "summary").click()
    fold = last(page, ".searched")
    expect(fold.locator("dl")).to_contain_text(CPC)
    expect(fold.locator("dl")).to_contain_text(re.compile(r"\d+ ms to find"))
    expect(fold.locator(".passages > li")).to_have_count(10)
    expect(fold.locator(".score").first).to_contain_text(re.compile(r"score \d\.\d\d.*words \d+"))
    fold.locator(".passages .quote").first.click()
    found = visitor.site.get("/api/search", q=CPC, k="1").json()["hits"][0]
    assert marked(page) == found["text"]


def test_declined_question_shows_why_and_the_nearest_and_offers_to_search(visitor: Visit) -> None:
    page = visitor.open()
    ask(page, BREAD)
    api = turn_of(page, visitor.site)
    expect(last(page, ".declined")).to_contain_text(api["text"])
    quotes = last(page, ".nearest .quote")
    assert quotes.all_text_contents() == [citation["quote"] for citation in api["nearest"]]
    quotes.first.click()
    assert marked(page) == api["nearest"][0]["quote"]
    page.keyboard.press("Escape")
    last(page, ".offers >> text=Search for it").click()
    expect(last(page, ".found .passages > li")).to_have_count(10)


def test_what_is_missing_is_named(visitor: Visit) -> None:
    page = visitor.open()
    ask(page, CPC.replace("?", ", and who designed it?"))
    expect(last(page, ".missing li")).to_have_text("who designed it")


@pytest.fixture(scope="module")
def slow(site: Site, embedder: Embedder) -> Iterator[Site]:
    """The same library where a language model writes one sentence and then takes its time."""

    def script(asked: Asked) -> Reply:
        key, quote = next(iter(asked.keys.items()))
        return Reply(chunks(f"{quote} [{key}] And more", None), hold=30)

    with model_server(script) as model:
        how = {"answerer": "llm", "openai_base_url": model.url, "llm_model": "scripted"}
        footnote = wiring_at(site.footnote.settings.home, embedder, **how)
        with running(footnote) as slow_site:
            yield slow_site
    footnote.close()


@pytest.fixture
def waiting(browser: Browser, slow: Site) -> Iterator[Page]:
    """A page on which the first sentence of an answer has come, and the rest is under way."""
    with visit(browser, slow) as visited:
        page = visited.open()
        page.fill("#question", CPC)
        page.keyboard.press("Enter")
        expect(page.locator("article.turn .claim")).to_be_visible()
        yield page


def test_sentences_are_shown_and_said_as_they_come(waiting: Page) -> None:
    expect(waiting.locator(".turn.pending sup .fn")).to_have_text("1")
    expect(waiting.locator("#live p").last).to_contain_text("The Caspian Pipeline Consortium (CPC) carries")
    assert "[" not in waiting.locator("#live").inner_text()
    expect(waiting.locator("#send")).to_have_text("Stop")


@pytest.mark.parametrize("how", ["Escape", "button"])
def test_stopping_keeps_what_came_and_gives_the_question_back(waiting: Page, how: str) -> None:
    waiting.click("#send") if how == "button" else waiting.keyboard.press("Escape")
    expect(waiting.locator(".turn.broken .failure")).to_contain_text("Stopped")
    expect(waiting.locator(".turn.broken .claim")).to_be_visible()
    expect(waiting.locator("#question")).to_have_value(CPC)
    expect(waiting.locator("#send")).to_have_text("Ask")


def test_question_survives_a_reload_in_mid_answer(waiting: Page) -> None:
    waiting.reload()
    expect(waiting.locator("#question")).to_have_value(CPC)
    expect(waiting.locator("#editing")).to_contain_text("under way")
    assert json.loads(waiting.evaluate("JSON.stringify(sessionStorage.getItem('pending'))")) is None


def test_draft_survives_a_reload(visitor: Visit) -> None:
    page = visitor.open()
    page.fill("#question", "Half a thou")
    page.reload()
    expect(page.locator("#question")).to_have_value("Half a thou")


def test_question_is_changed_and_asked_again_in_its_place(visitor: Visit) -> None:
    page = visitor.open()
    ask(page, CPC)
    ask(page, "And how much oil did it load in 2024?")
    page.locator("article.turn").first.locator("[aria-label^='Change this question']").click()
    expect(page.locator("#question")).to_have_value(CPC)
    page.fill("#question", MAKIIVKA)
    page.keyboard.press("Enter")
    expect(page.locator("article.turn[data-turn]")).to_have_count(1)
    expect(page.locator("article.turn h2")).to_have_text(MAKIIVKA)
    turns = visitor.site.get("/api/conversations/" + conversation_of(page)).json()["turns"]
    assert [turn["question"] for turn in turns] == [MAKIIVKA]
