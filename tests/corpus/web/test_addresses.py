"""Which addresses may be asked, under every spelling of theirs."""

from __future__ import annotations

import ipaddress
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import NotFetched
from corpus.web.addresses import any_address, is_public, permitted_addresses, system_addresses

PRIVATE_NETWORKS = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/4",
    "240.0.0.0/4",
]
PRIVATE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.31.0.1",
    "192.168.1.1",
    "192.88.99.1",
    "198.19.0.1",
    "203.0.113.7",
    "224.0.0.251",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:7f00:1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001:db8::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2002:7f00:1::",
    "2002:c0a8:101::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "2606:4700::1%1",
    "localhost",
    "",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "172.32.0.1",
    "2606:4700:4700::1111",
    "2a00:1450:4001::8a",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_of_no_public_place_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_public_internet_are_permitted(address: str) -> None:
    assert is_public(address)


SPELLINGS = {
    "0x7f.1": "127.0.0.1",
    "0x7f000001": "127.0.0.1",
    "0177.0.0.1": "127.0.0.1",
    "017700000001": "127.0.0.1",
    "127.1": "127.0.0.1",
    "2130706433": "127.0.0.1",
    "0": "0.0.0.0",
    "0xa9.0xfe.0xa9.0xfe": "169.254.169.254",
    "2852039166": "169.254.169.254",
    "192.168.257": "192.168.1.1",
}


@pytest.mark.parametrize(("spelling", "address"), SPELLINGS.items())
def test_other_spellings_of_an_address_are_seen_through(spelling: str, address: str) -> None:
    assert system_addresses(spelling) == [address]
    with pytest.raises(NotFetched, match="not public"):
        permitted_addresses(spelling, system_addresses, is_public, 5)


def test_a_host_with_one_address_that_is_not_public_is_refused_whole() -> None:
    with pytest.raises(NotFetched, match=r"10\.0\.0\.7.*--allow-private"):
        permitted_addresses("mixed.test", lambda host: ["93.184.216.34", "10.0.0.7"], is_public, 5)


def test_a_host_is_at_all_its_public_addresses() -> None:
    found = permitted_addresses("a.test", lambda host: ["93.184.216.34", "2606:4700::1"], is_public, 5)
    assert found == ["93.184.216.34", "2606:4700::1"]


def test_whoever_allows_private_addresses_gets_them() -> None:
    assert permitted_addresses("a.test", lambda host: ["127.0.0.1"], any_address, 5) == ["127.0.0.1"]


def nowhere(host: str) -> list[str]:
    raise OSError("no such host")


def test_a_host_without_an_address_is_not_found() -> None:
    with pytest.raises(NotFetched, match=r"'a\.test' is not found"):
        permitted_addresses("a.test", nowhere, is_public, 5)
    with pytest.raises(NotFetched, match=r"'b\.test' is not found"):
        permitted_addresses("b.test", lambda host: [], is_public, 5)


def test_a_resolver_that_never_answers_is_not_waited_for() -> None:
    over = threading.Event()

    def silent(host: str) -> list[str]:
        over.wait(10)
        return ["93.184.216.34"]

    started = time.monotonic()
    with pytest.raises(NotFetched, match="is not found"):
        permitted_addresses("a.test", silent, is_public, 0.1)
    over.set()
    assert time.monotonic() - started < 2


@st.composite
def private_ipv4(draw: st.DrawFn) -> ipaddress.IPv4Address:
    network = ipaddress.IPv4Network(draw(st.sampled_from(PRIVATE_NETWORKS)))
    return network[draw(st.integers(0, network.num_addresses - 1))]


@st.composite
def spelt(draw: st.DrawFn) -> str:
    """A private IPv4 address as C's inet_aton reads it: of one to four parts, each decimal, octal or hexadecimal."""
    number, parts = int(draw(private_ipv4())), draw(st.integers(1, 4))
    octets = [number >> shift & 255 for shift in (24, 16, 8, 0)]
    last = number & ((1 << 8 * (5 - parts)) - 1)
    spellings = ("{:d}", "0{:o}", "{:#x}", "0X{:X}", "0x{:012x}")
    return ".".join(draw(st.sampled_from(spellings)).format(value) for value in [*octets[: parts - 1], last])


@settings(deadline=None)
@given(spelt())
def test_no_spelling_of_a_private_address_is_permitted(host: str) -> None:
    with pytest.raises(NotFetched, match="not public"):
        permitted_addresses(host, system_addresses, is_public, 5)


@settings(deadline=None)
@given(private_ipv4())
def test_no_ipv6_address_that_stands_for_a_private_one_is_permitted(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    wrapped = [(0xFFFF << 32) + number, (0x64FF9B << 96) + number, (0x2002 << 112) + (number << 80) + 1, number]
    assert [str(ipaddress.IPv6Address(one)) for one in wrapped if is_public(str(ipaddress.IPv6Address(one)))] == []


@settings(deadline=None)
@given(st.integers(0, 2**128 - 1).filter(lambda number: number >> 125 != 1))
def test_no_ipv6_address_outside_global_unicast_is_permitted_but_for_a_public_ipv4_one(number: int) -> None:
    address = ipaddress.IPv6Address(number)
    if is_public(str(address)):
        assert number >> 32 in (0xFFFF, 0x64FF9B << 64)
        assert is_public(str(ipaddress.IPv4Address(number & 0xFFFFFFFF)))
