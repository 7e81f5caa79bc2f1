"""Pages and feeds, from `footnote index URL` to the library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.wiring import Wiring
from corpus.intake import find_sources
from corpus.types import Document, FileReport, Metadata
from corpus.web.addresses import is_public
from index.build import Indexer
from index.embedding import Embedder
from tests.factories import wiring_at, write_files
from tests.web_server import Page, Running, moved, web_server

STORY = (
    "<p>The bridge over the Aras was opened to lorries on Monday, two years after a flood carried its middle away.</p>"
    "<p>Tolls stay as they were until the summer, the ministry said, and buses go free of charge for one month.</p>"
)


def article(story: str = STORY, head: str = "") -> str:
    return f'<html lang="en"><head><title>The bridge</title>{head}</head><body><article>{story}</article></body></html>'


def item(title: str, link: str | None, text: str = "", more: str = "") -> str:
    linked = f"<link>{link}</link>" if link else ""
    return f"<item><title>{title}</title>{linked}<description>{text}</description>{more}</item>"


def feed(*items: str) -> Page:
    channel = f"<channel><title>The Feed</title><language>en</language>{''.join(items)}</channel>"
    return Page(f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>', "application/rss+xml")


DATED = "<pubDate>Tue, 03 Mar 2026 10:00:00 GMT</pubDate>"


@pytest.fixture
def server() -> Iterator[Running]:
    with web_server({}) as running:
        yield running


@pytest.fixture
def footnote(tmp_path: Path, embedder: Embedder) -> Iterator[Wiring]:
    """A Footnote that may fetch from 127.0.0.1."""
    wiring = wiring_at(tmp_path / "home", embedder, allow_private=True)
    yield wiring
    wiring.library.close()


def index(footnote: Wiring, *sources: str | Path, **metadata: Any) -> list[FileReport]:
    return list(footnote.indexer.index(find_sources(sources, Metadata(**metadata))))


def outcome(reports: list[FileReport]) -> dict[str, str]:
    """The state of each place, by what follows the host."""
    return {f"/{report.path.split('/', 3)[3]}": report.state for report in reports}


def read(footnote: Wiring, report: FileReport) -> Document:
    assert report.document_id is not None, report
    return footnote.library.document(report.document_id)


def test_a_page_becomes_a_document_at_its_url(footnote: Wiring, server: Running) -> None:
    server.pages["/bridge"] = Page(article())
    (report,) = index(footnote, server.url("/bridge#part").replace("http:", "HTTP:"))
    document = read(footnote, report)
    assert (report.path, report.state) == (server.url("/bridge"), "added")
    assert document.places == (server.url("/bridge"),)
    assert document.metadata.url == server.url("/bridge")
    assert "Tolls stay as they were" in document.text


def test_the_url_is_the_last_ones_or_what_the_page_calls_itself_on_the_same_host(
    footnote: Wiring, server: Running
) -> None:
    server.pages.update({"/old": moved("/new?from=old"), "/new?from=old": Page(article())})
    own = f'<link rel="canonical" href="{server.url("/own")}">'
    foreign = '<link rel="canonical" href="https://elsewhere.test/own">'
    server.pages["/a"] = Page(article(STORY + "<p>An edition with an address of its own.</p>", own))
    server.pages["/b"] = Page(article(STORY + "<p>An edition that calls itself another's.</p>", foreign))
    reports = index(footnote, server.url("/old"), server.url("/a"), server.url("/b"))
    assert [read(footnote, report).places[0] for report in reports] == [server.url(p) for p in ("/old", "/a", "/b")]
    urls = [read(footnote, report).metadata.url for report in reports]
    assert urls == [server.url("/new?from=old"), server.url("/own"), server.url("/b")]


def test_metadata_that_is_given_goes_before_the_pages(footnote: Wiring, server: Running) -> None:
    server.pages["/"] = Page(article())
    (report,) = index(footnote, server.url(), kind="report", outlet="The Giver", url="https://given.test/")
    metadata = read(footnote, report).metadata
    assert (metadata.kind, metadata.outlet, metadata.url) == ("report", "The Giver", "https://given.test/")


def test_a_page_that_its_server_says_is_unchanged_is_not_sent_again(footnote: Wiring, server: Running) -> None:
    def page(headers: dict[str, str]) -> Page:
        tag = {"ETag": '"7"'}
        return Page(status=304, headers=tag) if headers.get("if-none-match") == '"7"' else Page(article(), headers=tag)

    server.pages["/"] = page
    first, second = index(footnote, server.url()), index(footnote, server.url())
    assert [(report.state, report.document_id) for report in second] == [("unchanged", first[0].document_id)]
    assert server.headers[1]["if-none-match"] == '"7"'
    (third,) = index(footnote, server.url(), outlet="The Giver")
    assert (third.state, read(footnote, third).metadata.outlet) == ("updated", "The Giver")


def test_a_page_fetched_again_is_unchanged_or_updated_by_its_text(footnote: Wiring, server: Running) -> None:
    server.pages["/"] = Page(article())
    (first,) = index(footnote, server.url())
    (same,) = index(footnote, server.url())
    server.pages["/"] = Page(article(head="<script>counter = 8</script>"))
    (other_bytes,) = index(footnote, server.url())
    server.pages["/"] = Page(article(STORY.replace("Monday", "Friday")))
    (changed,) = index(footnote, server.url())
    assert [report.state for report in (first, same, other_bytes, changed)] == [
        "added", "unchanged", "unchanged", "updated"
    ]  # fmt: skip
    assert len({report.document_id for report in (first, same, other_bytes, changed)}) == 1


def test_what_is_forgotten_is_fetched_anew(footnote: Wiring, server: Running) -> None:
    server.pages["/"] = Page(article(), headers={"ETag": '"7"'})
    (first,) = index(footnote, server.url())
    footnote.library.remove(first.document_id or "")
    with footnote.library.reading() as connection:
        assert connection.execute("SELECT count(*) FROM visits").fetchone() == (0,)
    assert [report.state for report in index(footnote, server.url())] == ["added"]
    assert "if-none-match" not in server.headers[1]


def test_types_pick_their_reader_and_unread_ones_are_skipped_by_name(footnote: Wiring, server: Running) -> None:
    server.pages.update(
        {
            "/text": Page("Пришла весна. Мост открыт.".encode("cp1251"), "text/plain; charset=windows-1251"),
            "/notes.md?raw": Page("# Notes\n\nThe *lake* froze.", "text/plain"),
            "/clip": Page(b"\0" * 99, "video/mp4"),
        }
    )
    reports = index(footnote, server.url("/text"), server.url("/notes.md?raw"), server.url("/clip"))
    clip, notes, text = sorted(reports, key=lambda report: report.path)
    assert read(footnote, text).text == "Пришла весна. Мост открыт."
    assert (read(footnote, notes).title, read(footnote, notes).text) == ("Notes", "Notes\n\nThe lake froze.")
    assert (clip.state, "content of type 'video/mp4' is not read" in (clip.reason or "")) == ("skipped", True)


def test_a_page_and_a_file_with_the_same_text_are_one_document(
    footnote: Wiring, server: Running, tmp_path: Path
) -> None:
    file = write_files(tmp_path, {"notes.txt": "The lake froze. So did the river."}) / "notes.txt"
    server.pages["/n"] = Page("The lake froze. So did the river.", "text/plain")
    on_disk, on_web = index(footnote, file, server.url("/n"))
    assert (on_web.state, on_web.document_id) == ("duplicate", on_disk.document_id)
    server.pages.clear()
    assert [report.state for report in index(footnote, file)] == ["unchanged"]
    assert read(footnote, on_disk).places == (str(file), server.url("/n"))


def test_every_failure_names_its_cause_and_stops_no_other_source(
    footnote: Wiring, server: Running, tmp_path: Path
) -> None:
    server.pages.update({"/ring": moved("/ring"), "/500": Page(status=500), "/good": Page(article()), "/empty": Page()})
    wrong = ["/404", "/500", "/ring", "/empty"]
    reports = index(
        footnote,
        *(server.url(path) for path in wrong),
        "ftp://example.org/x",
        "https://me:secret@example.org/x",
        tmp_path / "missing.md",
        server.url("/good"),
    )
    assert [report.state for report in reports] == ["failed"] * 7 + ["added"]
    causes = ["status 404", "status 500", "in a circle", "is empty", "neither http nor https", "a name or a password"]
    for cause, report in zip(causes, reports, strict=False):
        assert cause in (report.reason or "")
    assert "secret" not in str(reports)


def test_without_leave_no_private_address_is_asked(tmp_path: Path, embedder: Embedder, server: Running) -> None:
    guarded = wiring_at(tmp_path / "home", embedder)
    (report,) = index(guarded, server.url())
    guarded.library.close()
    assert (report.state, server.asked) == ("failed", [])
    assert "give --allow-private" in (report.reason or "")


def test_a_feed_becomes_its_entries_with_what_it_says_of_them(footnote: Wiring, server: Running) -> None:
    author = "<author>ann@news.test (Ann Bee)</author>"
    server.pages["/feed"] = feed(item("Bridge open", "/1", "Teaser", DATED + author), item("Lake", "/2"))
    server.pages.update(
        {"/1": Page(article()), "/2": Page(article("<p>The lake froze over, as it does each year.</p>"))}
    )
    reports = index(footnote, server.url("/feed"))
    assert outcome(reports) == {"/1": "added", "/2": "added"}
    first = read(footnote, reports[0])
    assert first.metadata == Metadata("Bridge open", "The Feed", "Ann Bee", "2026-03-03", "en", url=server.url("/1"))
    assert "Tolls stay as they were" in first.text


def test_an_entry_that_was_read_and_is_unchanged_is_not_fetched_again(footnote: Wiring, server: Running) -> None:
    server.pages["/feed"] = feed(item("One", "/1"), item("Two", "/2"))
    server.pages.update(
        {"/1": Page(article()), "/2": Page(article("<p>The lake froze over, as it does each year.</p>"))}
    )
    index(footnote, server.url("/feed"))
    server.asked.clear()
    server.pages["/feed"] = feed(item("One", "/1"), item("Two, corrected", "/2"))
    reports = index(footnote, server.url("/feed"))
    assert outcome(reports) == {"/1": "unchanged", "/2": "updated"}
    assert server.asked == ["/feed", "/2"]
    assert read(footnote, reports[1]).title == "Two, corrected"


def test_one_bad_entry_stops_no_other_and_falls_back_on_the_feeds_own_text(footnote: Wiring, server: Running) -> None:
    server.pages["/feed"] = feed(
        item("Gone", "/gone", "The page is gone, but this is what it said."),
        item("Broken", "/500"),
        item("A clip", "/clip", "What one sees in the clip is a bridge."),
        item("Good", "/good"),
    )
    server.pages.update({"/500": Page(status=500), "/clip": Page(b"\0", "video/mp4"), "/good": Page(article())})
    reports = index(footnote, server.url("/feed"))
    assert outcome(reports) == {"/gone": "partial", "/500": "failed", "/clip": "partial", "/good": "added"}
    by_place = {report.path: report for report in reports}
    gone = by_place[server.url("/gone")]
    assert read(footnote, gone).text == "The page is gone, but this is what it said."
    assert "only the feed's own text: the page was not read (the server answered with status 404" in (gone.reason or "")


def test_a_page_that_failed_for_now_is_tried_again_and_replaces_the_feeds_own_text(
    footnote: Wiring, server: Running
) -> None:
    server.pages["/feed"] = feed(item("One", "/1", "A short teaser of it."))
    server.pages["/1"] = Page(status=503)
    assert outcome(index(footnote, server.url("/feed"))) == {"/1": "partial"}
    assert outcome(index(footnote, server.url("/feed"))) == {"/1": "unchanged"}
    server.pages["/1"] = Page(article())
    (report,) = index(footnote, server.url("/feed"))
    assert (report.state, "Tolls stay" in read(footnote, report).text) == ("updated", True)


def test_a_page_without_a_text_gives_way_to_the_feeds_own(footnote: Wiring, server: Running) -> None:
    server.pages["/feed"] = feed(item("One", "/1", "What the page would show, had it any text."), item("Two", "/2"))
    server.pages.update(dict.fromkeys(("/1", "/2"), Page("<script>show()</script>")))
    one, two = sorted(index(footnote, server.url("/feed")), key=lambda report: report.path)
    assert read(footnote, one).text == "What the page would show, had it any text."
    assert one.state == "partial"
    assert "only the feed's own text: the page was not read (the file holds no text" in (one.reason or "")
    assert (two.state, "holds no text" in (two.reason or "")) == ("failed", True)


def test_a_page_that_was_read_is_never_replaced_by_a_teaser(footnote: Wiring, server: Running) -> None:
    server.pages.update({"/feed": feed(item("One", "/1", "A short teaser.")), "/1": Page(article())})
    (first,) = index(footnote, server.url("/feed"))
    server.pages.update({"/feed": feed(item("One, corrected", "/1", "A short teaser.")), "/1": Page(status=404)})
    (second,) = index(footnote, server.url("/feed"))
    assert (second.state, "status 404" in (second.reason or "")) == ("failed", True)
    assert "Tolls stay" in read(footnote, first).text


def test_an_entry_that_holds_its_full_text_needs_no_page(footnote: Wiring, server: Running) -> None:
    full = " ".join(["The bridge over the river stays closed until the spring."] * 25)
    server.pages["/feed"] = feed(
        item("In full", "/1", f"&lt;p&gt;{full}&lt;/p&gt;"), item("Note", None, "No page at all.")
    )
    reports = index(footnote, server.url("/feed"))
    assert [report.state for report in reports] == ["added", "added"]
    assert server.asked == ["/feed"]
    assert [read(footnote, report).text for report in reports] == [full, "No page at all."]
    assert [read(footnote, report).metadata.url for report in reports] == [server.url("/1"), server.url("/feed")]
    assert {report.state for report in index(footnote, server.url("/feed"))} == {"unchanged"}


def test_so_many_pages_of_a_feed_are_fetched_in_one_run_and_the_rest_in_the_next(
    footnote: Wiring, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.web.visiting.MOST_PAGES", 3)
    server.pages["/feed"] = feed(*(item(f"Entry {number}", f"/{number}") for number in range(5)))
    server.pages.update({f"/{number}": Page(article(f"<p>{STORY} Number {number}.</p>")) for number in range(5)})

    def run() -> list[str]:
        return [report.state for report in index(footnote, server.url("/feed"))]

    assert sorted(run()) == ["added", "added", "added", "partial"]
    assert sorted(run()) == ["added", "added", "unchanged", "unchanged", "unchanged"]


def test_a_feed_is_reported_only_where_it_fails_or_is_empty(footnote: Wiring, server: Running) -> None:
    server.pages["/empty"] = feed()
    reports = index(footnote, server.url("/empty"))
    assert [(report.path, report.state) for report in reports] == [(server.url("/empty"), "failed")]
    assert reports[0].reason == "the feed has no entries: check the address"


def test_each_place_comes_once_in_a_run(footnote: Wiring, server: Running) -> None:
    server.pages.update({"/a": feed(item("One", "/1")), "/b": feed(item("One", "/1")), "/1": Page(article())})
    reports = index(footnote, server.url("/1"), server.url("/a"), server.url("/b"), server.url("/1#part"))
    assert [(report.path, report.state) for report in reports] == [(server.url("/1"), "added")]
    assert server.asked.count("/1") == 1


def test_an_entry_that_leads_into_a_private_network_is_refused(
    footnote: Wiring, embedder: Embedder, server: Running
) -> None:
    """The feed's own address counts as public, as an outer server's would; those of its entries are judged."""
    judged: list[str] = []

    def permitted(address: str) -> bool:
        judged.append(address)
        return len(judged) == 1 or is_public(address)

    server.pages["/feed"] = feed(
        item("Inside", "/secret"), item("Nothing", "ftp://a.test/"), item("Note", None, "Said.")
    )
    indexer = Indexer(footnote.library, embedder, footnote.settings.index, permitted=permitted)
    inside, nothing, note = indexer.index(find_sources([server.url("/feed")]))
    assert [inside.state, nothing.state, note.state] == ["failed", "failed", "added"]
    assert "not public" in (inside.reason or "")
    assert nothing.reason == "the entry has neither a web address nor a text: nothing to read in it"
    assert server.asked == ["/feed"]
