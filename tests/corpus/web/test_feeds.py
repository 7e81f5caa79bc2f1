"""Feeds of every kind, and what they say of their entries."""

from __future__ import annotations

import time

import pytest

from corpus.errors import ReadingError
from corpus.types import Metadata
from corpus.web.feeds import Entry, read_feed

URL = "https://news.test/feeds/all.xml"
LONG = " ".join(["The bridge over the river stays closed until the spring."] * 25)

RSS = f"""<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Bridge &amp;amp; River</title><language>en-GB</language><link>https://news.test/</link>
<managingEditor>ed@news.test (Ed Itor)</managingEditor>
<item><title>Tolls &lt;b&gt;rise&lt;/b&gt; by 5 &amp;amp; 7%</title><link>/tolls?a=1&amp;b=2#top</link>
<pubDate>Tue, 03 Mar 2026 23:30:00 -0500</pubDate><dc:creator>Ann Bee</dc:creator>
<description>Tolls rise. &lt;a href="https://news.test/more"&gt;More&lt;/a&gt;</description><guid>g1</guid></item>
<item><title>In full</title><link>https://news.test/full</link><author>joe@news.test (Joe Doe)</author>
<description>Short.</description><content:encoded><![CDATA[<p>{LONG}</p>]]></content:encoded></item>
<item><title>Cut</title><link>https://news.test/cut</link><description>{LONG} […]</description></item>
<item><title>No link</title><guid isPermaLink="false">tag:news.test,2026:4</guid><description>Said.</description></item>
</channel></rss>"""

ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ru"><title type="html">&lt;i&gt;Вести&lt;/i&gt;</title>
<author><name>Иван Петров</name></author>
<entry><title>1 &lt; 2</title><id>tag:a</id><link rel="alternate" href="https://A.test:443/p"/>
<published>2026-03-01T10:00:00Z</published><updated>2026-03-03T23:30:00-05:00</updated>
<content type="html">&lt;p&gt;{LONG}&lt;/p&gt;</content></entry>
<entry><title>Другая</title><id>tag:b</id><link href="https://a.test/q"/><updated>2026-03-03T23:30:00-05:00</updated>
<author><name>Анна</name></author><author><name>Борис</name></author><source><title>Агентство</title></source>
<summary type="text">2 &lt; 3</summary></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://old.test/"><title>Old news</title></channel>
<item rdf:about="https://old.test/1"><title>First</title><link>https://old.test/1</link><dc:date>2006-05</dc:date></item>
</rdf:RDF>"""


def entries(feed: str) -> dict[str | None, Entry]:
    """The entries of a feed, by their titles."""
    return {entry.metadata.title: entry for entry in read_feed(feed.encode(), URL)}


def test_rss_says_title_date_author_outlet_and_language() -> None:
    found = entries(RSS)
    outlet = "The Bridge & River"
    first = Metadata("Tolls rise by 5 & 7%", outlet, "Ann Bee", "2026-03-04", "en")
    assert found["Tolls rise by 5 & 7%"].metadata == first
    assert found["In full"].metadata == Metadata("In full", outlet, "Joe Doe", language="en")
    assert found["No link"].metadata == Metadata("No link", outlet, language="en")


def test_atom_says_them_too_and_an_entry_has_its_feeds_author_unless_it_names_its_own() -> None:
    found = entries(ATOM)
    assert found["1 < 2"].metadata == Metadata("1 < 2", "Вести", "Иван Петров", "2026-03-01", "ru")
    assert found["Другая"].metadata == Metadata("Другая", "Агентство", "Анна, Борис", "2026-03-04", "ru")


def test_rss_1_says_them_with_the_precision_of_its_date() -> None:
    assert entries(RDF)["First"].metadata == Metadata("First", "Old news", published="2006-05")


def test_the_place_of_an_entry_is_its_link_or_what_names_it_in_the_feed() -> None:
    places = [(entry.place, entry.link) for entry in read_feed(RSS.encode(), URL)]
    tolls = "https://news.test/tolls?a=1&b=2"
    assert places == [
        (tolls, tolls),
        ("https://news.test/full", "https://news.test/full"),
        ("https://news.test/cut", "https://news.test/cut"),
        (f"{URL}#tag:news.test,2026:4", None),
    ]
    assert entries(ATOM)["1 < 2"].link == "https://a.test/p"


def test_an_entry_that_holds_its_full_text_is_told_from_a_teaser() -> None:
    assert {title: entry.is_full for title, entry in entries(RSS).items()} == {
        "Tolls rise by 5 & 7%": False,
        "In full": True,
        "Cut": False,
        "No link": False,
    }
    assert LONG.encode() in (entries(RSS)["In full"].content or b"")
    assert b"<article>2 &lt; 3</article>" in (entries(ATOM)["Другая"].content or b"")


def test_the_version_of_an_entry_changes_with_what_the_feed_says_of_it() -> None:
    version = entries(ATOM)["1 < 2"].version
    assert version == entries(ATOM.replace("Агентство", "Бюро"))["1 < 2"].version
    assert version != entries(ATOM.replace("2026-03-03T23:30", "2026-03-03T23:31"))["1 < 2"].version
    assert version != entries(ATOM.replace("until the spring", "until the summer"))["1 < 2"].version


def test_a_link_that_leads_out_of_the_web_is_none() -> None:
    found = entries(RSS.replace("https://news.test/cut", "magnet:?xt=1").replace("https://news.test/full", "file:///a"))
    assert (found["Cut"].link, found["In full"].link) == (None, None)


def test_one_entry_that_cannot_be_parsed_costs_its_own_text_alone() -> None:
    found = entries(RSS.replace("Said.", "&lt;b&gt;" * 50_000 + "deep"))
    assert found["No link"].content is None
    assert found["In full"].is_full


@pytest.mark.parametrize("odd", ["&#xD800;", "&#x110000;", "&#99999999;", "<pubDate>someday</pubDate>", "&", "\0"])
def test_an_entry_with_something_odd_in_it_costs_no_other(odd: str) -> None:
    assert "In full" in entries(RSS.replace("<guid>g1", f"{odd}<guid>g1").replace("Short.", f"Short.{odd}"))


def test_a_broken_feed_is_read_as_far_as_it_goes() -> None:
    broken = RSS.replace("</channel></rss>", "").replace("<guid>g1</guid>", "<guid>g1")
    assert "In full" in entries(broken)


NO_FEEDS = {
    "has no entries": b"<rss version='2.0'><channel><title>Empty</title></channel></rss>",
    "cannot be parsed": b"<rss version='2.0'>" + b"<a>" * 2000,
    "more than 5 MB": b"<rss>" + b" " * 5_000_000,
}


@pytest.mark.parametrize(("reason", "feed"), NO_FEEDS.items())
def test_what_is_no_feed_with_entries_is_refused(reason: str, feed: bytes) -> None:
    with pytest.raises(ReadingError, match=reason):
        read_feed(feed, URL)


def test_entities_are_neither_multiplied_nor_fetched() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    outside = '<!ENTITY out SYSTEM "file:///etc/passwd">'
    bomb = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{entities}{outside}]>' + RSS.split("?>", 1)[1].replace(
        "Short.", "&l9;&out;"
    )
    started = time.monotonic()
    found = read_feed(bomb.encode(), URL)
    assert time.monotonic() - started < 2
    assert len(found) == 4
    assert b"root:" not in b"".join(entry.content or b"" for entry in found)
