"""Judge which addresses may be reached: by name before a look-up, by number at the socket."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

from aiohappyeyeballs import AddrInfoType

from daily8.news.urls import absolute

# Beyond `is_global`, which calls several of these global (IANA special-purpose registries; RFC 6890).
_CLOSED_V4 = tuple(
    ipaddress.IPv4Network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; Alibaba's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's wire server
        "169.254.0.0/16",  # link-local; metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
# Only global unicast is open at all: that shuts out ::, ::1, IPv4-mapped and -compatible, NAT64
# (64:ff9b::/96 and 64:ff9b:1::/48), unique local, link-local, site-local and multicast in one stroke.
_OPEN_V6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    ipaddress.IPv6Network(net)
    for net in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation (RFC 9637)
    )
)
# Names that never lead to the public web (RFC 6761, 6762, 7686, 8375, 9476, usage): not asked for.
_CLOSED_SUFFIXES = (
    ".localhost",
    ".localdomain",
    ".local",
    ".internal",
    ".intranet",
    ".lan",
    ".home",
    ".corp",
    ".private",
    ".home.arpa",
    ".onion",
    ".alt",
)
_ENDS_IN_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)\.?")
_HOST_NAME = re.compile(r"(?:\*\.)?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
# White space and what parsers disagree on; `absolute` would mend or drop some of it in silence.
_CONFUSING = re.compile(r"[\x00-\x20\x7f\\]")


class Blocked(OSError):
    """The address is not one of the public web. Says the same for every reason, so that nothing is learnt."""

    def __init__(self) -> None:
        super().__init__("not an address of the public web")


class BadAddress(ValueError):
    """The text is no http or https address that could be fetched."""


class Target(NamedTuple):
    """An address that has been read and may be tried."""

    url: str
    """ASCII, absolute, without fragment."""
    host: str
    """Lower case, IPv6 without brackets."""
    port: int


@dataclass(frozen=True, slots=True)
class Egress:
    """The operator's settings of the door: what is open beyond the public web, and why not more."""

    hosts: Mapping[str, tuple[str, int]] = field(default_factory=lambda: MappingProxyType({}))
    """Replay map: a host name, or ``*.suffix``, to a loopback (address, port); the only exception."""
    private: frozenset[tuple[str, int]] = frozenset()
    """Private (host, port) pairs that the operator has opened by name, for the sources that lie there."""
    ports: frozenset[int] = frozenset({80, 443})
    own: frozenset[str] = frozenset()
    """Names and IP addresses of this machine and its site, closed although they may be public."""

    def reaches(self, address: str) -> bool:
        """Tell whether an IP address, as written in a socket address, is open: public, and not our own."""
        return is_public(address) and (not self.own or str(ipaddress.ip_address(address)) not in self.own)

    def mapped(self, host: str) -> tuple[str, int] | None:
        """Give the loopback (address, port) that a host name is mapped to, exact names first."""
        if not self.hosts:
            return None
        if host in self.hosts:
            return self.hosts[host]
        rest = host
        while "." in rest:
            rest = rest.partition(".")[2]
            if f"*.{rest}" in self.hosts:
                return self.hosts[f"*.{rest}"]
        return None


def parse_hosts(text: str) -> dict[str, tuple[str, int]]:
    """Read a replay map: ``*.replay.test=127.0.0.1:8900, feeds.test=127.0.0.1:9000``.

    :raises ValueError: in a sentence for people, for anything that is not a name mapped to loopback.
    """
    hosts: dict[str, tuple[str, int]] = {}
    for item in filter(None, (part.strip() for part in text.replace("\n", ",").split(","))):
        name, equals, place = item.partition("=")
        name, place = name.strip().lower(), place.strip()
        if not equals or not _HOST_NAME.fullmatch(name) or _ENDS_IN_NUMBER.fullmatch(name):
            raise ValueError(f"egress.hosts: write '{item}' as name=127.0.0.1:port, with a host name.")
        number, _, port = place.rpartition(":")
        if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
            raise ValueError(f"egress.hosts: '{item}' wants a port between 1 and 65535 after the address.")
        try:
            address = ipaddress.ip_address(number.strip("[]"))
        except ValueError:
            raise ValueError(
                f"egress.hosts: '{item}' must map to a number such as 127.0.0.1, not to a name."
            ) from None
        if not address.is_loopback or getattr(address, "ipv4_mapped", None):
            raise ValueError(
                f"egress.hosts: '{item}' maps to {address}; only loopback (127.0.0.1 or [::1]) "
                "may be mapped. Use egress.private for a private host and port."
            )
        if name in hosts:
            raise ValueError(f"egress.hosts: '{name}' is mapped twice.")
        hosts[name] = (str(address), int(port))
    return hosts


def parse_private(text: str) -> frozenset[tuple[str, int]]:
    """Read the private places that are open: ``wiki.lan:8080, 10.0.0.5:80, [fd00::5]:443``.

    :raises ValueError: in a sentence for people, for an item without a host or port.
    """
    places = set()
    for item in filter(None, (part.strip() for part in text.replace("\n", ",").split(","))):
        host, _, port = item.rpartition(":")
        host = host.lower().strip("[]").removesuffix(".")
        if not host or not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
            raise ValueError(f"egress.private: write '{item}' as host:port, for example 10.0.0.5:8080.")
        places.add((host, int(port)))
    return frozenset(places)


def is_public(address: str) -> bool:
    """Tell whether an IP address, as written in a socket address, belongs to the public web."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not any(ip in net for net in _CLOSED_V4)
    if ip.scope_id is not None or ip not in _OPEN_V6:
        return False
    return ip.is_global and not any(ip in net for net in _CLOSED_V6)


def read_target(url: str, egress: Egress) -> Target:
    """Read an address as a fetch would, before any look-up.

    :raises BadAddress: for what is not a plain http or https address with a host.
    :raises Blocked: for a port, a name or a number that is not open; the same for all.
    """
    if _CONFUSING.search(url):
        raise BadAddress("white space or a backslash in an address")
    clean = absolute(url)
    if clean is None:
        raise BadAddress("not an http or https address")
    parts = urlsplit(clean)
    host = (parts.hostname or "").removesuffix(".")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    target = Target(clean.partition("#")[0], host, port)
    if not host:
        raise BadAddress("an address without a host")
    if egress.mapped(host) is not None or (host, port) in egress.private:
        return target
    if port not in egress.ports or not _open_name(host, egress):
        raise Blocked
    return target


def _open_name(host: str, egress: Egress) -> bool:
    # Every old spelling of an IPv4 address (127.1, 0x7f000001, 017700000001) is refused, as nobody honest
    # writes one; the four-part decimal form is judged as it stands.
    if ":" in host or _ENDS_IN_NUMBER.fullmatch(host):
        return egress.reaches(host)
    return "." in host and host not in egress.own and not f".{host}".endswith(_CLOSED_SUFFIXES)


def guarded_socket(egress: Egress, info: AddrInfoType) -> socket.socket:
    """Make the socket for one resolved address of the public web: the last check before a connection.

    :raises Blocked: for an address or port that is not open.
    """
    family, kind, proto, _, where = info
    address, port = where[0], where[1]
    scoped = len(where) > 3 and where[3] != 0
    if (
        family not in (socket.AF_INET, socket.AF_INET6)
        or scoped
        or port not in egress.ports
        or not egress.reaches(str(address))
    ):
        raise Blocked
    return socket.socket(family, kind, proto)
