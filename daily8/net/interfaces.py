"""Know the addresses of this machine: what reaches them reaches the house from inside."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path

_V4_TABLE = Path("/proc/net/fib_trie")
_V6_TABLE = Path("/proc/net/if_inet6")
# Nothing is sent there: the system only chooses the address that it would send from (RFC 5737, RFC 3849).
_ANYWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


def own_addresses() -> frozenset[str]:
    """Give the IP addresses of this machine's interfaces, as `str(ipaddress.ip_address(...))` writes them.

    Complete on Linux; elsewhere those of the host name and of the ways out.
    """
    return frozenset(_told_by_linux() if _V4_TABLE.exists() else _guessed())


def read_v4_table(text: str) -> Iterator[str]:
    """Read the local addresses of ``/proc/net/fib_trie``: a leaf, and below it ``/32 host LOCAL``."""
    leaf = ""
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["|--"] and len(words) > 1:
            leaf = words[1]
        elif words == ["/32", "host", "LOCAL"]:
            yield leaf


def read_v6_table(text: str) -> Iterator[str]:
    """Read the addresses of ``/proc/net/if_inet6``: the first column, 32 hexadecimal digits."""
    for line in text.splitlines():
        with contextlib.suppress(ValueError):
            yield str(ipaddress.IPv6Address(bytes.fromhex(line.partition(" ")[0])))


def _told_by_linux() -> Iterator[str]:
    for table, read in ((_V4_TABLE, read_v4_table), (_V6_TABLE, read_v6_table)):
        try:
            text = table.read_text("ascii", "replace")
        except OSError:  # another system, or a closed /proc
            continue
        yield from read(text)


def _guessed() -> Iterator[str]:
    for family, anywhere in _ANYWHERE:
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((anywhere, 9))
            yield str(probe.getsockname()[0]).partition("%")[0]
    with contextlib.suppress(OSError):
        for info in socket.getaddrinfo(socket.gethostname(), None):
            yield str(info[4][0]).partition("%")[0]
