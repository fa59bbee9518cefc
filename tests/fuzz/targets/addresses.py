"""Addresses that strangers write, and the guard that reads them."""

from __future__ import annotations

import contextlib
import socket
from urllib.parse import urlsplit

from yarl import URL

from daily8.net.guard import BadAddress, Blocked, Egress, is_public, read_target
from daily8.news.urls import absolute, canonical, domain, host

_BASE = "https://news.example/a/b?c=1#d"
_SEEDS = """https://news.example/a/../b?utm_source=x&id=7#!/route
HTTP://News.Example.:80/%7Ea?utm_source=x&id=7&fbclid=1#top
http://127.1/
http://0x7f000001/
http://0177.0.0.1:80/
http://2130706433/
http://[::ffff:7f00:1]/
http://[64:ff9b::a9fe:a9fe]/
http://①②⑦.⓪.⓪.①/
http://127。0。0。1/
http://user:pass@host.example/
http://good.example\\@evil.example/
http://good.example#@evil.example/
http://xn--nxasmq6b.example/
https://faß.example/
https://أخبار.example/خبر?س=١
//other.example/x
../../x/./y
javascript://news.example/%0aalert(1)
file:///etc/passwd
http://news.example:0x50/
http://news.example/%0d%0aX:%201
http://\u202eelpmaxe.example/
http://a.example/\ud800""".splitlines()
SEEDS = tuple(
    line.encode("utf-8", "surrogateescape" if line.isascii() else "surrogatepass") for line in _SEEDS
)
_WORDS = r"""http:// https:// // / \ @ : # ? % %2f %00 %0d%0a . .. ./ [ ] ::1 ::ffff: 127.0.0.1 0x7f 0177 localhost
169.254.169.254 .localhost .internal xn-- xn--a 。 ． ｡ ① ß ς ｜ ％ ： ／ ＠ utm_a=1 feed: JAVASCRIPT: :80 :443 :0
:65536 %25 %E3%80%82 !"""
WORDS = (
    *(word.encode() for word in _WORDS.split()),
    *("\u202e".encode(), "\u200d".encode(), "\u00ad".encode(), b"\0", b"\t", b"\r\n", b" "),
)
_EGRESS = Egress()


def one(data: bytes) -> None:
    """Read text as an address in every way in which it is read."""
    text = data.decode("utf-8", "surrogateescape")
    for base in (None, _BASE):
        clean = absolute(text, base)
        if clean is not None:
            _is_clean(clean)
    assert canonical(canonical(text)) == canonical(text), text
    domain(text)
    with contextlib.suppress(BadAddress, Blocked):
        target = read_target(text, _EGRESS)
        _leads_out(target.url, target.host)


def _is_clean(clean: str) -> None:
    assert clean.isascii(), clean
    assert clean.isprintable(), clean
    assert " " not in clean, clean
    assert absolute(clean) == clean, clean
    same = canonical(clean)
    assert canonical(same) == same, clean
    assert host(same) == host(clean), clean
    assert urlsplit(same).scheme == urlsplit(clean).scheme, clean
    assert absolute(same) == same, clean
    ports = [urlsplit(url).port or {"http": 80, "https": 443}[urlsplit(url).scheme] for url in (same, clean)]
    assert ports[0] == ports[1], clean


def _leads_out(url: str, name: str) -> None:
    """Hold that an address that may be tried is one for all who read it, and leads to no number within."""
    asked = URL(url, encoded=True)
    assert (asked.raw_host or "").removesuffix(".") == name, url
    assert (urlsplit(url).hostname or "").removesuffix(".") == name, url
    assert asked.raw_user is None, url
    with contextlib.suppress(OSError, UnicodeError):
        number = socket.inet_ntoa(socket.inet_aton(name))
        assert is_public(number), f"{url} leads to {number}"
    if ":" in name:
        assert is_public(name), url
    assert name != "localhost"
    assert not name.endswith((".localhost", ".internal", ".local")), url
