"""One server and one browser for all tests of the page; each test has a tab without a past."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from assistant.wiring import Wiring
from index.embedding import Embedder
from tests.assistant.running import copy_library
from tests.browser.site import CHROMIUM, Site, Visit, chromium, running, visit
from tests.factories import wiring_at


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium."""
    if CHROMIUM is None:
        pytest.skip("THE BROWSER TESTS DID NOT RUN: no Chromium here; `make browser` installs it on Debian, as root")
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(browser: object, desk: Wiring, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server over a copy of the desk. It asks for the browser, so that nothing is made ready where there is none."""
    home = tmp_path_factory.mktemp("browser") / "home"
    copy_library(desk, home)
    footnote = wiring_at(home, embedder)
    with running(footnote) as running_site:
        yield running_site
    footnote.close()


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Visit]:
    """A visit to the page."""
    with visit(browser, site) as visited:
        yield visited
