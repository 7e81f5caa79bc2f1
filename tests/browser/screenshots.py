"""Takes the screenshots of `docs/screenshots/` on the real server over the desk: ``make screenshots``."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from assistant.wiring import Wiring
from corpus.intake import desk_sources
from index.embedding import Embedder
from tests.browser.site import BREAD, CPC, MAKIIVKA, ask, chromium, last, running, visit
from tests.factories import wiring_at, write_files

FOLDER = Path(__file__).parent.parent.parent / "docs" / "screenshots"
FILES = {
    "orsk-bridge.md": "---\ntitle: The bridge at Orsk\noutlet: Steppe Post\nauthor: Ivan Sokol\npublished: 2023-05-17\n"
    "kind: report\nlanguage: en\n---\nThe bridge at Orsk was opened on 4 May 2019. It cost 12 million roubles.\n",
    "turgai-harvest.md": "---\ntitle: A lost harvest\noutlet: Ural Herald\npublished: 2024-02\nkind: opinion\n"
    "language: en\n---\nThe wheat harvest in Turgai failed because of drought. Farmers blame the ministry.\n",
}
SMALL = {"viewport": {"width": 1100, "height": 660}}
NARROW = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 1.5, "has_touch": True, "is_mobile": True}


def open_source(page: Page, number: int = 0) -> None:
    """Opens the source of a footnote of the last answer."""
    last(page, ".answer a.fn").nth(number).click()
    page.wait_for_selector("mark.here")


def first_visit(page: Page) -> None:
    """The welcome with its suggestions."""
    page.wait_for_selector(".suggested button")


def answer(page: Page) -> None:
    """An answer with one of its sources open."""
    ask(page, CPC)
    ask(page, "And what did the storms and drones do to it?")
    open_source(page)


def declined(page: Page) -> None:
    """A question without an answer."""
    ask(page, BREAD)


def disagreement(page: Page) -> None:
    """Two sides beside each other, and the card of a footnote."""
    ask(page, MAKIIVKA)
    last(page, ".answer a.fn").nth(1).hover()
    page.wait_for_selector("#note blockquote")


def searched(page: Page) -> None:
    """What was searched, unfolded."""
    ask(page, "Did a missile actually strike flight 8243?")
    last(page, "summary").click()
    last(page, ".searched").scroll_into_view_if_needed()


def filters(page: Page) -> None:
    """The panel of the filters."""
    page.click("#add-filter")
    page.locator("#filter-panel").get_by_label("brief").check()


def library(page: Page) -> None:
    """The library with two files just added."""
    page.click("#to-library")
    folder = write_files(Path(tempfile.mkdtemp()), {**FILES, "scan.xyz": b"\x00\x01" * 99})
    page.locator("#library input[type=file]").set_input_files(sorted(str(path) for path in folder.iterdir()))
    page.wait_for_selector("text=3 of 3 done")


def narrow(page: Page) -> None:
    """An answer on a telephone."""
    ask(page, MAKIIVKA)


def narrow_source(page: Page) -> None:
    """The source over the answer."""
    ask(page, MAKIIVKA)
    open_source(page, 1)


SHOTS: list[tuple[str, Callable[[Page], None], dict[str, Any]]] = [
    ("first-visit", first_visit, {}),
    ("answer", answer, SMALL),
    ("answer-dark", answer, SMALL | {"color_scheme": "dark"}),
    ("declined", declined, {}),
    ("disagreement", disagreement, {}),
    ("what-was-searched", searched, {}),
    ("filters", filters, {}),
    ("library", library, {}),
    ("narrow", narrow, NARROW),
    ("narrow-source-dark", narrow_source, NARROW | {"color_scheme": "dark"}),
]


def take(footnote: Wiring) -> None:
    """Takes all of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running(footnote) as site, sync_playwright() as playwright:
        browser = chromium(playwright)
        while not site.get("/api/suggestions").json()["suggestions"]:
            time.sleep(1)
        for name, state, how in SHOTS:
            with visit(browser, site, **({"viewport": {"width": 1280, "height": 800}} | how)) as visited:
                page = visited.open()
                state(page)
                page.evaluate("document.fonts.ready")
                page.wait_for_timeout(400)
                page.screenshot(path=FOLDER / f"{name}.png")
                print(name, (FOLDER / f"{name}.png").stat().st_size)
        browser.close()


def main() -> None:
    """Indexes the desk into a home of its own and takes the screenshots there."""
    with tempfile.TemporaryDirectory() as home:
        footnote = wiring_at(Path(home), Embedder())
        assert all(report.state == "added" for report in footnote.indexer.index(desk_sources()))
        take(footnote)
        footnote.close()


if __name__ == "__main__":
    main()
