"""The client against a real server: what it fetches, and how everything bad ends."""

from __future__ import annotations

import gzip
import ssl
import time
import zlib
from collections.abc import Iterator

import pytest
import trustme

from corpus.errors import NotFetched
from corpus.web.addresses import any_address, is_public
from corpus.web.client import Client, Limits, Response, Validators
from tests.web_server import HTML, Page, Running, moved, web_server

SHORT = Limits(connect_seconds=2, silent_seconds=0.25, total_seconds=0.5, most_bytes=100_000)
QUICK = 3  # seconds within which everything that is broken off must end


def client(limits: Limits = Limits(total_seconds=10)) -> Client:
    return Client(permitted=any_address, limits=limits)


@pytest.fixture
def server() -> Iterator[Running]:
    with web_server({}) as running:
        yield running


def refusal(server: Running, page: Page, limits: Limits = SHORT) -> str:
    """How fetching a page ends that must not be fetched, in short time."""
    server.pages["/"] = page
    started = time.monotonic()
    with pytest.raises(NotFetched) as caught:
        client(limits).get(server.url())
    assert time.monotonic() - started < QUICK
    return str(caught.value)


def test_a_page_comes_with_its_type_and_where_it_was(server: Running) -> None:
    server.pages["/a"] = Page("<p>Hello.", headers={"ETag": '"1"', "Last-Modified": "Tue, 03 Mar 2026 10:00:00 GMT"})
    url = server.url("/a")
    validators = Validators(url, '"1"', "Tue, 03 Mar 2026 10:00:00 GMT")
    assert client().get(f"{url}#part") == Response(url, HTML, "", validators, b"<p>Hello.")


def test_the_client_says_who_it_is_and_brings_nothing_along(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.pages["/"] = Page("one", headers={"Set-Cookie": "tracked=1"})
    asking = client()
    asking.get(server.url())
    asking.get(server.url())
    first, second = server.headers
    assert first == second
    assert first["user-agent"].startswith("Footnote/")
    assert first["host"] == server.host
    assert set(first) == {"host", "user-agent", "accept", "accept-encoding"}


def test_a_page_that_has_not_changed_comes_without_a_body(server: Running) -> None:
    server.pages["/"] = lambda headers: Page("", status=304 if headers.get("if-none-match") == '"1"' else 200)
    url = server.url()
    assert client().get(url, Validators(url, '"1"')).body is None
    assert client().get(url, Validators(server.url("/other"), '"1"')).body == b""


def test_what_could_not_be_sent_back_is_not_kept(server: Running) -> None:
    server.pages["/"] = Page("x", headers={"ETag": '"' + "1" * 2000 + '"', "Last-Modified": "Tue\x01Mar"})
    assert client().get(server.url()).validators == Validators(server.url())


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_packed_bodies_are_unpacked(server: Running, encoding: str) -> None:
    packed = gzip.compress(b"Hello.") if encoding == "gzip" else zlib.compress(b"Hello.")
    server.pages["/"] = Page(packed, headers={"Content-Encoding": encoding})
    assert client().get(server.url()).body == b"Hello."


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(server: Running, status: int) -> None:
    utf8 = "b/ü?x#part".encode().decode("latin-1")
    server.pages.update({"/a": moved(utf8, status), "/b/%C3%BC?x": Page("Here.")})
    response = client().get(server.url("/a"))
    assert (response.url, response.body) == (server.url("/b/%C3%BC?x"), b"Here.")


def test_five_redirects_are_followed_and_no_sixth(server: Running) -> None:
    server.pages.update({f"/{number}": moved(f"/{number + 1}") for number in range(6)})
    server.pages["/6"] = Page("At last.")
    assert client().get(server.url("/1")).body == b"At last."
    with pytest.raises(NotFetched, match="redirects more than 5 times"):
        client().get(server.url("/0"))


def test_a_circle_of_redirects_is_noticed(server: Running) -> None:
    server.pages.update({"/a": moved("/b"), "/b": moved("/a")})
    with pytest.raises(NotFetched, match="in a circle"):
        client().get(server.url("/a"))
    assert server.asked == ["/a", "/b"]


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", "neither http nor https"),
        ("ftp://example.org/", "neither http nor https"),
        ("http://me:secret@127.0.0.1/", "a name or a password"),
        ("http://[bad", "no web address"),
        ("", "does not say where"),
    ],
)
def test_redirects_that_lead_out_of_the_web_are_refused(server: Running, location: str, reason: str) -> None:
    assert reason in refusal(server, moved(location))


def test_a_redirect_to_a_loopback_address_is_refused(server: Running) -> None:
    """The first address counts as public, as an outer server's would; what it redirects to is judged for what it is."""
    judged: list[str] = []

    def permitted(address: str) -> bool:
        judged.append(address)
        return len(judged) == 1 or is_public(address)

    for target in (server.url("/secret"), server.url("/secret", "localhost"), server.url("/secret", "2130706433")):
        judged.clear()
        server.pages.update({"/": moved(target), "/secret": Page("The password is 1234.")})
        guarded = Client(permitted=permitted, resolve=lambda host: ["127.0.0.1"])
        with pytest.raises(NotFetched, match="an address that is not public: give --allow-private"):
            guarded.get(server.url("/", "outer.test"))
    assert server.asked == ["/"] * 3


def test_the_address_that_was_checked_is_the_one_that_is_asked(server: Running) -> None:
    """A name that resolves anew for every question leads nowhere else: it is resolved once."""
    answers = iter([["127.0.0.1"]])
    server.pages["/"] = Page("Pinned.")
    pinned = Client(permitted=any_address, resolve=lambda host: next(answers))
    assert pinned.get(server.url("/", "rebound.test")).body == b"Pinned."
    assert server.headers[0]["host"] == server.host.replace("127.0.0.1", "rebound.test")


def test_a_loopback_address_is_not_asked_without_leave(server: Running) -> None:
    with pytest.raises(NotFetched, match=r"'127\.0\.0\.1' is at 127\.0\.0\.1"):
        Client().get(server.url())
    assert server.asked == []


def test_the_next_address_is_tried_where_the_first_takes_no_connection(server: Running) -> None:
    server.pages["/"] = Page("The second.")
    either = Client(permitted=any_address, resolve=lambda host: ["::1", "127.0.0.1"])
    assert either.get(server.url("/", "two.test")).body == b"The second."


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, "status 404 (Not Found): check the address"),
        (403, "status 403 (Forbidden): save the page from the browser"),
        (429, "status 429 (Too Many Requests): try again later"),
        (500, "status 500 (Internal Server Error): try again later"),
        (503, "status 503 (Service Unavailable): try again later"),
        (204, "status 204 (No Content)"),
        (304, "status 304 (Not Modified)"),
        (799, "status 799"),
    ],
)
def test_a_status_that_is_no_success_is_named_with_a_remedy(server: Running, status: int, reason: str) -> None:
    assert reason in refusal(server, Page("" if status in (204, 304) else "Sorry.", status=status))


HEAD = b"HTTP/1.1 200 OK\r\n"
TOO_LONG = {
    "says nothing": Page(raw=b" ", pause=5, pieces=1),
    "trickles its header": Page(raw=HEAD, piece=b"X-A: b\r\n", pieces=99, pause=0.05),
    "trickles one endless header": Page(raw=HEAD + b"X-A: ", piece=b"b", pieces=10_000, pause=0.01),
    "goes on and on without a header": Page(
        raw=b"HTTP/1.1 100 Go on\r\n\r\n", piece=b"HTTP/1.1 100 Go on\r\n\r\n", pieces=999, pause=0.01
    ),
    "trickles its body": Page(piece=b"b", pieces=999, pause=0.05),
    "trickles the body it promised": Page(piece=b"b", pieces=999, pause=0.05, length=5000),
    "stops in the middle": Page(b"half", length=5000, piece=b"x", pieces=1, pause=5),
    "packs nothing, endlessly": Page(
        headers={"Content-Encoding": "gzip"}, piece=gzip.compress(b""), pieces=100_000, pause=0.001
    ),
}


@pytest.mark.parametrize("page", TOO_LONG.values(), ids=TOO_LONG)
def test_a_server_that_takes_too_long_is_broken_off(server: Running, page: Page) -> None:
    assert "took too long" in refusal(server, page)


TOO_LARGE = {
    "promises too much": Page("x", length=10**9, piece=b"x", pieces=1, pause=5),
    "promises beyond all numbers": Page(b"x" * 200_000, length=10**30),
    "never ends": Page(piece=b"x" * 10_000, pieces=10**9),
    "is a gzip bomb": Page(gzip.compress(b"\0" * 50_000_000), headers={"Content-Encoding": "gzip"}),
    "is a deflate bomb": Page(zlib.compress(b"\0" * 50_000_000), headers={"Content-Encoding": "deflate"}),
}


@pytest.mark.parametrize("page", TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_body_that_is_too_large_is_broken_off(server: Running, page: Page) -> None:
    assert "more than 0.1 MB" in refusal(server, page, Limits(total_seconds=10, most_bytes=100_000))


BROKEN = {
    "not packed as it says": (Page("plain", headers={"Content-Encoding": "gzip"}), "cannot be unpacked"),
    "packed oddly": (Page("x", headers={"Content-Encoding": "br"}), "packed as 'br'"),
    "packed twice": (Page(b"x", headers={"Content-Encoding": "gzip, gzip"}), "packed as 'gzip, gzip'"),
    "shorter than promised": (Page("half", length=5000), "broke the connection off"),
    "no HTTP": (Page(raw=b"220 smtp.test ESMTP\r\n"), "does not speak HTTP"),
    "nothing": (Page(raw=b"\r\n"), "does not speak HTTP"),
    "too many headers": (Page(raw=HEAD + b"A: b\r\n" * 500 + b"\r\n"), "does not speak HTTP"),
    "an endless header": (Page(raw=HEAD + b"A: " + b"b" * 200_000), "does not speak HTTP"),
    "chunks of no size": (Page(raw=HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n"), "broke the connection"),
}


@pytest.mark.parametrize(("page", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_broken_response_is_refused_with_the_reason(server: Running, page: Page, reason: str) -> None:
    assert reason in refusal(server, page)


def test_a_body_that_is_exactly_as_large_as_allowed_is_read(server: Running) -> None:
    server.pages["/"] = Page(b"x" * 100_000)
    assert len(client(Limits(most_bytes=100_000)).get(server.url()).body or b"") == 100_000


def test_a_port_where_nobody_listens_takes_no_connection() -> None:
    with web_server({}) as gone:
        url = gone.url()
    with pytest.raises(NotFetched, match=r"'127\.0\.0\.1' takes no connection"):
        client().get(url)


def test_a_response_may_be_refused_before_its_body_is_read(server: Running) -> None:
    server.pages["/"] = Page(kind="video/mp4", piece=b"x" * 10_000, pieces=10**9)

    def refuse(response: Response) -> None:
        raise NotFetched(f"no {response.content_type}")

    with pytest.raises(NotFetched, match="no video/mp4"):
        client().get(server.url(), accept=refuse)


def test_a_certificate_counts_for_the_name_and_not_for_the_address_that_is_asked() -> None:
    authority = trustme.CA()
    serving, trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("right.test").configure_cert(serving)
    authority.configure_trust(trusting)
    asking = Client(permitted=any_address, resolve=lambda host: ["127.0.0.1"], tls=trusting)
    with web_server({"/": Page("Secure.")}, serving) as server:
        assert asking.get(server.url("/", "right.test")).body == b"Secure."
        with pytest.raises(NotFetched, match=r"no secure connection to 'wrong\.test' \(.*mismatch"):
            asking.get(server.url("/", "wrong.test"))
        with pytest.raises(NotFetched, match=r"no secure connection to '127\.0\.0\.1'"):
            asking.get(server.url())
        with pytest.raises(NotFetched, match="no secure connection"):
            Client(permitted=any_address, resolve=lambda host: ["127.0.0.1"]).get(server.url("/", "right.test"))


def test_a_server_that_trickles_over_a_secure_connection_is_broken_off() -> None:
    authority = trustme.CA()
    serving, trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("slow.test").configure_cert(serving)
    authority.configure_trust(trusting)
    asking = Client(permitted=any_address, resolve=lambda host: ["127.0.0.1"], tls=trusting, limits=SHORT)
    with (
        web_server({"/": TOO_LONG["trickles its body"]}, serving) as server,
        pytest.raises(NotFetched, match="too long"),
    ):
        asking.get(server.url("/", "slow.test"))


@pytest.mark.parametrize("host", [".a.test", "a..test", "-", "_", "xn--a", "a" * 300, "a.test%20b"])
def test_an_odd_name_for_a_host_ends_in_our_own_error(server: Running, host: str) -> None:
    odd = Client(permitted=any_address, resolve=lambda name: ["127.0.0.1"], limits=SHORT)
    with pytest.raises(NotFetched):
        odd.get(server.url("/", host).replace("http:", "https:"))


def test_a_server_without_tls_has_no_secure_connection(server: Running) -> None:
    with pytest.raises(NotFetched, match="no secure connection"):
        client().get(server.url().replace("http:", "https:"))
