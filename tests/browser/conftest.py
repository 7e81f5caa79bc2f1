"""One server and one browser for all tests of the page; each test has a tab without a past."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from assistant.wiring import Wiring
from index.embedding import Embedder
from tests.assistant.running import copy_library
from tests.browser.site import CHROMIUM, Site, Visit, chromium, running, tab
from tests.factories import wiring_at

HERE = Path(__file__).parent
NOT_RUN = "THE BROWSER TESTS DID NOT RUN: no Chromium here; `make browser` installs it on Debian, as root"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser all tests of this folder are skipped, before anything is made ready for them."""
    for item in items:
        if CHROMIUM is None and HERE in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=NOT_RUN))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(desk: Wiring, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server over a copy of the desk."""
    home = tmp_path_factory.mktemp("browser") / "home"
    copy_library(desk, home)
    footnote = wiring_at(home, embedder)
    with running(footnote) as running_site:
        yield running_site
    footnote.close()


@pytest.fixture(scope="package")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """What tabs share: the cache of files, and nothing of the page's own."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def visitor(context: BrowserContext, site: Site) -> Iterator[Visit]:
    """A visit to the page."""
    with tab(context, site) as visited:
        yield visited
