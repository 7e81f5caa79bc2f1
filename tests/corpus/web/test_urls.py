"""What is a URL, and its one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import NotFetched
from corpus.web.urls import is_url, joined, normal_url, same_host, shown_url

NORMAL = {
    "https://Example.ORG": "https://example.org/",
    "HTTP://example.org:80/A/../B?q=1#part": "http://example.org/B?q=1",
    "https://example.org:443/": "https://example.org/",
    "https://example.org:8443/x": "https://example.org:8443/x",
    " https://example.org/a b ": "https://example.org/a%20b",
    "https://example.org./x": "https://example.org/x",
    "https://bücher.example/ä?ü": "https://xn--bcher-kva.example/%C3%A4?%C3%BC",
    "http://[2606:4700::1]:80/": "http://[2606:4700::1]/",
    "http://a\\@b/": "http://a/%5C@b/",
    "http://%31%32%37.0.0.1/": "http://127.0.0.1/",
}


@pytest.mark.parametrize(("given", "normal"), NORMAL.items())
def test_a_url_has_one_spelling(given: str, normal: str) -> None:
    assert normal_url(given) == normal == normal_url(normal)


NO_WEB_ADDRESSES = {
    "ftp://example.org/x": "neither http nor https",
    "file:///etc/passwd": "neither http nor https",
    "javascript://example.org/%0Aalert(1)": "neither http nor https",
    "http://": "names no host",
    "http:///path": "names no host",
    "http://./": "names no host",
    "http://example.org:99999/": "no web address",
    "http://exa mple.org/": "no web address",
    "http://[::1/": "no web address",
    "http://a..test/": "no web address",
    "http://.a.test/": "no web address",
    "http://①②⑦.0.0.1/": "no web address",
    "http://me:secret@example.org/": "a name or a password",
}


@pytest.mark.parametrize(("given", "reason"), NO_WEB_ADDRESSES.items())
def test_what_is_no_web_address_is_refused_with_the_reason(given: str, reason: str) -> None:
    with pytest.raises(NotFetched, match=reason) as caught:
        normal_url(given)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("text", ["https://a", "HTTP://a", "ftp://a", " http://a"])
def test_urls_are_told_from_paths(text: str) -> None:
    assert is_url(text)


@pytest.mark.parametrize("text", ["/a/b", "a.html", "c://x", "mailto:a@b", "http:/a", "./http://a", "~/x"])
def test_paths_are_no_urls(text: str) -> None:
    assert not is_url(text)


def test_passwords_and_line_breaks_are_not_shown() -> None:
    assert shown_url("https://me:secret@example.org/\n@x") == "https://example.org/@x"


def test_references_are_read_as_their_page_means_them() -> None:
    assert joined("https://a.test/x/y", "../z?q#f") == "https://a.test/z?q"
    assert joined("https://a.test/x", "//B.test/") == "https://b.test/"
    with pytest.raises(NotFetched):
        joined("https://a.test/", "file:///etc/passwd")
    with pytest.raises(NotFetched):
        joined("https://a.test/", "//[bad")


def test_hosts_are_the_same_with_their_port() -> None:
    assert same_host("https://a.test/x", "https://a.test/y?z")
    assert not same_host("https://a.test/x", "https://b.test/x")
    assert not same_host("https://a.test/x", "https://a.test:81/x")


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=30))
def test_any_text_is_a_url_that_stays_as_it_is_or_is_refused(text: str) -> None:
    try:
        normal = normal_url(f"http://{text}")
    except NotFetched:
        return
    assert normal_url(normal) == normal
    assert normal.isascii()
    assert "#" not in normal
