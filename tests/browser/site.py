"""The page as its users have it: a real server over a real library, a real Chromium, and what people do with both."""

from __future__ import annotations

import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from assistant.http.app import create_app
from assistant.wiring import Wiring

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_SECONDS = 60.0
_MS = 30_000
expect.set_options(timeout=15_000)

MAKIIVKA = "How many Russian soldiers died in the New Year strike on the Makiivka barracks?"
CPC = "What share of Kazakhstan's oil exports goes through the CPC pipeline?"
BREAD = "How do I bake sourdough bread?"


@dataclass
class Site:
    """A server on a port of its own that can be stopped and started again there."""

    footnote: Wiring
    port: int = 0
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Starts it, on the port that it had before, and waits until it can answer questions."""
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(create_app(self.footnote), log_level="critical", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]}, daemon=True)
        self._thread.start()
        until = time.monotonic() + _SECONDS
        while self.get("/readyz").status_code != 200:
            assert time.monotonic() < until, "the server does not get ready"
            time.sleep(0.02)

    def stop(self) -> None:
        """Stops it, whatever it is at."""
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join(_SECONDS)
            self._server = None

    def get(self, path: str, **parameters: str) -> httpx.Response:
        """What the API says."""
        return httpx.get(self.url.rstrip("/") + path, params=parameters, trust_env=False, timeout=_SECONDS)

    def ask(self, question: str, conversation_id: str | None = None) -> dict[str, Any]:
        """An answer by the API itself."""
        body = {"message": question} | ({"conversation_id": conversation_id} if conversation_id else {})
        answer: dict[str, Any] = httpx.post(self.url + "api/chat", json=body, trust_env=False, timeout=_SECONDS).json()
        return answer


@contextmanager
def running(footnote: Wiring) -> Iterator[Site]:
    """A site over this Footnote."""
    site = Site(footnote)
    site.start()
    yield site
    site.stop()


def chromium(playwright: Playwright) -> Browser:
    """The browser that is installed, with nothing of its own going on."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)


@dataclass
class Visit:
    """A page in a context of its own, and what went wrong on it."""

    site: Site
    page: Page
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def open(self, path: str = "") -> Page:
        """Opens the page, or a part of it, and waits until the box is there to be written in."""
        self.page.goto(self.site.url + path)
        expect(self.page.locator("#question")).to_have_attribute("placeholder", re.compile("^Ask"))
        return self.page


@contextmanager
def tab(context: BrowserContext, site: Site) -> Iterator[Visit]:
    """A visit in a tab of its own, which has no past; fails if a script failed, the policy was broken or another host
    was asked.
    """
    page = context.new_page()
    visited = Visit(site, page)
    page.on("pageerror", lambda error: visited.errors.append(str(error)))
    page.on("console", lambda said: visited.errors.append(said.text) if "Content Security" in said.text else None)
    page.on("request", lambda asked: None if asked.url.startswith(site.url) else visited.foreign.append(asked.url))
    try:
        yield visited
    finally:
        page.close()
    assert visited.errors == []
    assert [url for url in visited.foreign if not url.startswith(("blob:", "data:"))] == []


@contextmanager
def visit(browser: Browser, site: Site, **how: Any) -> Iterator[Visit]:
    """The same in a browser that is set up in some way, and that has cached nothing."""
    context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | how))
    context.set_default_timeout(_MS)
    try:
        with tab(context, site) as visited:
            yield visited
    finally:
        context.close()


def ask(page: Page, question: str) -> None:
    """Asks, and waits for the whole answer."""
    before = page.locator("article.turn").count()
    page.fill("#question", question)
    page.keyboard.press("Enter")
    expect(page.locator("article.turn[data-turn]")).to_have_count(before + 1, timeout=_MS)


def last(page: Page, selector: str) -> Any:
    """What this selects in the last turn."""
    return page.locator("article.turn").last.locator(selector)
