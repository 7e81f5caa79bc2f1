"""Which reader takes what came: by type, by name, by what the bytes show."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import ReadingError
from corpus.web.client import Response, Validators
from corpus.web.content_types import as_utf8, ending_of, is_feed, refuse_unread

RSS = b'<?xml version="1.0"?>\n<!-- made by hand -->\n<rss version="2.0"><channel/></rss>'


def response(kind: str, url: str = "https://a.test/x", body: bytes = b"", disposition: str = "") -> Response:
    return Response(url, kind, disposition, Validators(url), body)


ENDINGS = {
    ".html": response("text/html; charset=utf-8"),
    ".xhtml": response("Application/XHTML+XML"),
    ".txt": response("text/plain"),
    ".md": response("text/plain", "https://a.test/notes.MD?raw=1"),
    ".markdown": response("application/octet-stream", "https://a.test/notes%2emarkdown"),
    ".text": response("", disposition='attachment; filename="minutes.text"'),
    ".htm": response(
        "binary/octet-stream", "https://a.test/download.php", disposition="inline; filename*=UTF-8''%D1%8F.htm"
    ),
}


@pytest.mark.parametrize(("ending", "sent"), ENDINGS.items())
def test_type_and_name_pick_the_reader(ending: str, sent: Response) -> None:
    refuse_unread(sent)
    assert ending_of(sent) == ending


def test_a_page_that_nobody_names_is_known_by_its_first_bytes() -> None:
    assert ending_of(response("", body=b"\xef\xbb\xbf\n<!-- x --><!DOCTYPE html><title>")) == ".html"
    assert ending_of(response("application/xml", body=b"<?xml version='1.0'?><html lang='en'>")) == ".xhtml"


SKIPPED = {
    "image/png": (response("image/png", "https://a.test/page.html"), "content of type 'image/png'"),
    "an unread ending": (response("application/octet-stream", "https://a.test/x.exe"), "an unnamed type"),
    "no sign at all": (response("", body=b"\x01\x02"), "an unnamed type"),
    "XML": (response("text/xml", body=b"<svg/>"), "XML that is no feed"),
}


@pytest.mark.parametrize(("sent", "reason"), SKIPPED.values(), ids=SKIPPED)
def test_what_no_reader_takes_is_skipped_by_name(sent: Response, reason: str) -> None:
    with pytest.raises(ReadingError, match=f"{reason} .*is not read|{reason} is not read") as caught:
        ending_of(sent)
    assert caught.value.skipped


def test_an_unread_type_is_refused_before_its_body_is_read() -> None:
    with pytest.raises(ReadingError, match="'video/mp4' is not read"):
        refuse_unread(response("video/mp4"))
    refuse_unread(response(""))
    refuse_unread(response("text/xml"))


FEEDS = {
    "RSS": response("application/rss+xml", body=RSS),
    "as a page": response("text/html", body=RSS),
    "as text": response("text/plain", body=RSS),
    "as bytes": response("application/octet-stream", body=b"\xef\xbb\xbf" + RSS),
    "UTF-16": response("text/xml", body=RSS.decode().encode("utf-16")),
    "Atom": response("application/atom+xml", body=b"<feed xmlns='http://www.w3.org/2005/Atom'>"),
    "Atom with a prefix": response("text/xml", body=b"<a:feed xmlns:a='http://www.w3.org/2005/Atom'>"),
    "RSS 1.0": response("text/xml", body=b"<rdf:RDF xmlns='http://purl.org/rss/1.0/'>"),
    "with a document type": response("text/xml", body=b'<!DOCTYPE rss [<!ENTITY a "b">]><rss>'),
}


@pytest.mark.parametrize("sent", FEEDS.values(), ids=FEEDS)
def test_a_feed_is_known_whatever_its_server_calls_it(sent: Response) -> None:
    assert is_feed(sent)


@pytest.mark.parametrize(
    "sent",
    [
        response("text/html", body=b"<!DOCTYPE html><html><body><pre>&lt;rss&gt;"),
        response("text/xml", body=b"<feedback/>"),
        response("text/markdown", body=RSS),
        response("text/plain", body=b"About <rss version='2.0'> feeds."),
    ],
)
def test_a_page_about_feeds_is_none(sent: Response) -> None:
    assert not is_feed(sent)


@pytest.mark.parametrize("body", [b"<!---->" * 600, b"<?a?>" * 800, b" " * 4096, b"<!DOCTYPE " * 400, b"<!--" * 1000])
def test_bodies_made_to_puzzle_are_seen_through_at_once(body: bytes) -> None:
    started = time.monotonic()
    assert not is_feed(response("text/xml", body=body))
    assert time.monotonic() - started < 0.5


def test_an_encoding_that_only_the_server_names_is_heeded() -> None:
    sent = response("text/plain; charset=windows-1251", body="Ереван".encode("cp1251"))
    assert as_utf8(sent, ".txt").decode() == "Ереван"
    assert as_utf8(response("text/html; charset=windows-1251", body="Ереван".encode()), ".html").decode() == "Ереван"
    assert as_utf8(response("text/html; charset=nonsense", body=b"Yerevan"), ".html") == b"Yerevan"


def test_xml_that_names_its_own_encoding_is_left_to_its_reader() -> None:
    body = '<?xml version="1.0" encoding="koi8-r"?><rss>Ереван'.encode("koi8-r")
    assert as_utf8(response("text/xml; charset=windows-1251", body=body), ".xml") == body
    unnamed = "<rss>Ереван".encode("cp1251")
    assert as_utf8(response("text/xml; charset=windows-1251", body=unnamed), ".xml").decode() == "<rss>Ереван"


def test_documents_that_are_no_text_stay_as_they_are() -> None:
    assert as_utf8(response("application/pdf; charset=utf-16", body=b"%PDF-\xff"), ".pdf") == b"%PDF-\xff"


HEADER = st.text(
    alphabet=st.one_of(st.sampled_from("/;=*'\"%. \tutf8filenamecharset"), st.characters(max_codepoint=255))
)


@settings(deadline=None, max_examples=200)
@given(HEADER, HEADER, st.sampled_from(["", "text/plain; charset", "text/html;charset*0*="]))
def test_no_header_makes_a_response_unreadable_in_any_other_way_than_by_our_own_error(
    kind: str, disposition: str, start: str
) -> None:
    sent = response(start + kind, disposition=f"attachment; filename{disposition}", body=b"It rained.")
    is_feed(sent)
    as_utf8(sent, ".txt")
    for judge in (refuse_unread, ending_of):
        with contextlib.suppress(ReadingError):
            judge(sent)
