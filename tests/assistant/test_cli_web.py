"""`footnote index URL`: pages and feeds on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.settings import load_settings
from tests.assistant.conftest import LAKE
from tests.assistant.running import run
from tests.factories import write_files
from tests.web_server import Page, Running, web_server

pytestmark = pytest.mark.usefixtures("one_model")

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Lake Post</title>
<item><title>The lake froze</title><link>/lake</link><pubDate>Tue, 03 Mar 2026 10:00:00 GMT</pubDate></item>
<item><title>Lost</title><link>/lost</link></item></channel></rss>"""


@pytest.fixture
def server() -> Iterator[Running]:
    with web_server({"/lake": Page(LAKE, "text/plain"), "/feed": Page(FEED, "text/xml")}) as running:
        yield running


def test_urls_and_files_are_indexed_side_by_side_and_cited_with_their_address(server: Running, tmp_path: Path) -> None:
    file = write_files(tmp_path, {"bridge.md": "The bridge at Orsk was opened on 4 May 2019."}) / "bridge.md"
    url = server.url("/lake")
    ran = run("index", url, file, "--allow-private", "--meta", "kind=report", "--json")
    assert ran.code == 0
    assert {(found["path"], found["state"]) for found in ran.json["files"]} == {(url, "added"), (str(file), "added")}
    (hit, *_) = run("search", "When did the Aydar lake freeze?", "--json").json["hits"]
    assert (hit["url"], hit["path"], hit["kind"]) == (url, None, "report")


def test_a_feed_is_reported_entry_by_entry_and_a_failed_one_makes_the_exit_code_1(server: Running) -> None:
    ran = run("index", server.url("/feed"), "--allow-private")
    assert ran.code == 1
    assert {" ".join(line.split()[:2]) for line in ran.out.splitlines() if "http:" in line} == {
        f"added {server.url('/lake')}",
        f"failed {server.url('/lost')}",
    }
    assert "the server answered with status 404 (Not Found): check the address" in ran.complaint
    (listed,) = run("sources", "list", "--json").json["documents"]
    assert (listed["title"], listed["outlet"], listed["published"]) == ("The lake froze", "Lake Post", "2026-03-03")
    assert listed["places"] == [server.url("/lake")]


def test_private_addresses_take_the_flag_or_the_setting(
    server: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refused = run("index", server.url("/lake"))
    assert (refused.code, "give --allow-private" in refused.complaint, server.asked) == (1, True, [])
    assert load_settings(tmp_path).allow_private is False
    monkeypatch.setenv("FOOTNOTE_ALLOW_PRIVATE", "true")
    assert run("index", server.url("/lake")).code == 0


def test_a_url_that_cannot_be_read_is_told_and_its_password_is_not(tmp_path: Path) -> None:
    ran = run("index", "https://me:secret@example.org/x", "file:///etc/passwd", "--json")
    assert [(found["path"], found["state"]) for found in ran.json["files"]] == [
        ("https://example.org/x", "failed"),
        ("file:///etc/passwd", "failed"),
    ]
    assert "secret" not in ran.out + ran.err
