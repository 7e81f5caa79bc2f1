"""Addresses: which ones of the internet may be asked, and how a host's name becomes such an address."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable, Sequence

from corpus.errors import NotFetched

Resolver = Callable[[str], Sequence[str]]
Permission = Callable[[str], bool]

_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
# Python's own tables, older ones above all, take these for public: documentation, and relays of 6to4.
_NOT_PUBLIC = (ipaddress.IPv6Network("3fff::/20"), ipaddress.IPv4Network("192.88.99.0/24"))


def is_public(address: str) -> bool:
    """Whether an address, as numbers, is one of the public internet.

    Private, loopback, link-local, multicast, reserved and unspecified ones are not, nor those of IPv6 that stand for
    such an IPv4 address (mapped, NAT64, 6to4), nor what is no address.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = _ipv4_within(parsed)
        if inner is not None:
            return is_public(str(inner))
        if parsed.scope_id or parsed not in _PUBLIC_IPV6:
            return False
    special = any(parsed in network for network in _NOT_PUBLIC if network.version == parsed.version)
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved or special)


def any_address(address: str) -> bool:
    """Permits every address: for those who index pages of their own network."""
    return True


def system_addresses(host: str) -> list[str]:
    """The addresses of a host, by the system: also those of numbers written in other ways ("0x7f.1", "2130706433").

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def permitted_addresses(host: str, resolve: Resolver, permitted: Permission, seconds: float) -> list[str]:
    """The addresses of a host, each of them permitted: one that is not refuses the host.

    Raises:
        NotFetched: there are none within ``seconds``, or one is not permitted.
    """
    addresses = _resolved(host, resolve, seconds)
    for address in addresses:
        if not permitted(address):
            raise NotFetched(
                f"{host!r} is at {address}, an address that is not public",
                "give --allow-private if it is meant to be read",
            )
    return addresses


def _resolved(host: str, resolve: Resolver, seconds: float) -> list[str]:
    """Asks in a thread, because the system's own patience cannot be bounded."""
    outcome: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            outcome.put(list(resolve(host)))
        except (OSError, ValueError) as error:
            outcome.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        found = outcome.get(timeout=max(seconds, 0))
    except queue.Empty:
        found = TimeoutError()
    if isinstance(found, Exception) or not found:
        raise NotFetched(f"the host {host!r} is not found", "check the address and the connection") from (
            found if isinstance(found, Exception) else None
        )
    return found


def _ipv4_within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that one of IPv6 stands for, if any."""
    if address in _MAPPED or address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour
