"""Measures the page on the real server over the desk: ``python -m tests.browser.measure``."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from corpus.intake import desk_sources
from index.embedding import Embedder
from tests.browser.site import CPC, MAKIIVKA, Site, ask, chromium, running, visit
from tests.factories import wiring_at

ROUNDS = 5
QUESTIONS = (CPC, MAKIIVKA, "Did a missile actually strike flight 8243?")
SHIFTS = """() => { window.shifts = 0; new PerformanceObserver(list => list.getEntries().forEach(entry => {
    window.shifts += entry.value })).observe({type: 'layout-shift'}) }"""
LOADED = """() => { const of = (type, name) => performance.getEntriesByName(name, type)[0].startTime;
    const files = performance.getEntriesByType('resource').filter(file => file.name.includes('/web/'));
    return {paint: of('paint', 'first-contentful-paint'), usable: of('mark', 'usable'), requests: files.length,
        bytes: [...files, performance.getEntriesByType('navigation')[0]].reduce((sum, f) => sum + f.decodedBodySize, 0)}
    }"""
FIRST = """question => new Promise(resolve => {
    const box = document.getElementById('question'), turns = document.getElementById('turns');
    const before = turns.querySelectorAll('.claim').length, began = performance.now();
    new MutationObserver((_, watch) => { if (turns.querySelectorAll('.claim').length > before) {
        watch.disconnect(); resolve(performance.now() - began) } }).observe(turns, {childList: true, subtree: true});
    box.value = question; document.getElementById('ask').requestSubmit() })"""


def loading(browser: Browser, site: Site) -> None:
    """First paint, a usable box and the weight, each visit with an empty cache."""
    seen = []
    for _ in range(ROUNDS):
        with visit(browser, site) as visited:
            page = visited.open()
            page.wait_for_load_state("networkidle")
            seen.append(page.evaluate(LOADED))
    report("page weight, bytes", seen[0]["bytes"])
    report("requests for it", seen[0]["requests"] + 1)
    report("first contentful paint, ms", statistics.median(one["paint"] for one in seen))
    report("usable question box, ms", statistics.median(one["usable"] for one in seen))


def first_sentence(page: Page, site: Site) -> None:
    """Enter to the first sentence, and the API's first delta by itself, by turns."""
    shown, streamed = [], []
    for question in QUESTIONS * ROUNDS:
        page.click("#to-ask")
        shown.append(page.evaluate(FIRST, question))
        page.wait_for_selector("article.turn[data-turn]")
        streamed.append(first_delta(site, question))
    report("Enter to first sentence, ms", statistics.median(shown))
    report("the API's first delta, ms", statistics.median(streamed))


def first_delta(site: Site, question: str) -> float:
    """Milliseconds from a request to the first piece of the answer's text."""
    began = time.perf_counter()
    body = {"message": question, "stream": True}
    with httpx.stream("POST", site.url + "api/chat", json=body, trust_env=False, timeout=60) as response:
        for line in response.iter_lines():
            if line == "event: delta":
                return (time.perf_counter() - began) * 1000
    raise AssertionError("there was no delta")


def shift(page: Page) -> None:
    """All layout shift while three answers stream in, whatever its cause."""
    page.click("#to-ask")
    ask(page, CPC)
    page.evaluate(SHIFTS)
    for question in ("Who owns CPC?", "Did a missile actually strike flight 8243?", "Who leads Abkhazia?"):
        ask(page, question)
    report("layout shift of three answers", page.evaluate("window.shifts"))


def report(name: str, value: float) -> None:
    """Prints one figure."""
    print(json.dumps({name: round(value, 4)}))


def main() -> None:
    """Indexes the desk into a home of its own and measures there."""
    with tempfile.TemporaryDirectory() as home:
        footnote = wiring_at(Path(home), Embedder())
        assert all(report.state == "added" for report in footnote.indexer.index(desk_sources()))
        with running(footnote) as site, sync_playwright() as playwright:
            while not site.get("/api/suggestions").json()["suggestions"]:
                time.sleep(1)
            browser = chromium(playwright)
            loading(browser, site)
            with visit(browser, site) as visited:
                page = visited.open()
                first_sentence(page, site)
                shift(page)
            browser.close()
        footnote.close()


if __name__ == "__main__":
    main()
