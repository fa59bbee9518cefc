"""Which addresses are open, and what the operator may add."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.net.guard import BadAddress, Blocked, Egress, is_public, parse_hosts, parse_private, read_target

_PUBLIC = """
8.8.8.8 1.1.1.1 93.184.216.34 100.63.255.255 100.128.0.0 172.15.0.1 172.32.0.1 192.0.1.1 223.255.255.255
2600:: 2a00:1450:4001:80b::200e 2001:200::1 2001:4860:4860::8888 2606:4700::1111
"""
_CLOSED = """
0.0.0.1 10.255.255.255 100.64.0.0 100.127.255.255 127.255.255.255 168.63.129.16 169.254.0.1 172.16.0.0
192.0.0.1 192.0.0.192 192.0.2.255 192.88.99.1 192.168.255.255 198.19.255.255 224.0.0.1 239.255.255.255
240.0.0.1 255.255.255.255 :: ::1 ::2 ::ffff:8.8.8.8 64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1
2001:1ff::1 2001:db8::1 2002:808:808::1 3fff::1 fc00::1 fdff::1 fe80::1 fec0::1 ff0e::1 4000::1
fe80::1%eth0 nonsense
"""
PUBLIC, CLOSED = _PUBLIC.split(), _CLOSED.split()


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", CLOSED)
def test_closed(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses())
def test_nothing_is_public_that_python_calls_closed(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if is_public(str(address)):
        assert address.is_global
        assert not any((address.is_multicast, address.is_reserved, address.is_loopback))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_dressed_as_ipv6_is_closed(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    dressed = [number, 0xFFFF << 32 | number, 0x64FF9B << 96 | number, (0x2002 << 32 | number) << 80]
    assert not any(is_public(str(ipaddress.IPv6Address(form))) for form in dressed)


def test_a_replay_map_is_read() -> None:
    assert parse_hosts(" *.replay.test=127.0.0.1:8900,\nfeeds.test = [::1]:9000,") == {
        "*.replay.test": ("127.0.0.1", 8900),
        "feeds.test": ("::1", 9000),
    }
    assert parse_hosts("") == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a.test=10.0.0.1:80", "only loopback"),
        ("a.test=8.8.8.8:80", "only loopback"),
        ("a.test=0.0.0.0:80", "only loopback"),
        ("a.test=::ffff:127.0.0.1:80", "only loopback"),
        ("a.test=localhost:80", "not to a name"),
        ("a.test=127.0.0.1", "port"),
        ("a.test=127.0.0.1:0", "port"),
        ("a.test=127.0.0.1:65536", "port"),
        ("a.test", "name=127.0.0.1:port"),
        ("*=127.0.0.1:80", "host name"),
        ("10.0.0.1=127.0.0.1:80", "host name"),
        ("a.*.test=127.0.0.1:80", "host name"),
        ("a.test=127.0.0.1:1,A.test=127.0.0.1:2", "twice"),
    ],
)
def test_a_replay_map_leads_to_loopback_only(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_hosts(text)


def test_the_map_goes_by_name() -> None:
    egress = Egress(hosts=parse_hosts("*.replay.test=127.0.0.1:1,own.replay.test=127.0.0.1:2"))
    assert egress.mapped("a.replay.test") == ("127.0.0.1", 1)
    assert egress.mapped("a.b.replay.test") == ("127.0.0.1", 1)
    assert egress.mapped("own.replay.test") == ("127.0.0.1", 2)
    for other in ("replay.test", "a.replay.test.example", "areplay.test", "127.0.0.1", ""):
        assert egress.mapped(other) is None
    assert read_target("http://A.Replay.TEST.:9/x", egress).host == "a.replay.test"


def test_private_places_are_read() -> None:
    assert parse_private("wiki.lan:8080, [fd00::5]:443,10.0.0.5:80") == {
        ("wiki.lan", 8080),
        ("fd00::5", 443),
        ("10.0.0.5", 80),
    }
    for wrong in ("wiki.lan", ":80", "a:0", "a:b"):
        with pytest.raises(ValueError, match="host:port"):
            parse_private(wrong)


def test_a_private_place_is_open_at_its_port_only() -> None:
    egress = Egress(private=parse_private("10.0.0.5:8080,[fd00::5]:443"))
    assert read_target("http://10.0.0.5:8080/a", egress).port == 8080
    assert read_target("https://[fd00::5]/", egress) == ("https://[fd00::5]/", "fd00::5", 443)
    for other in ("http://10.0.0.5/", "http://10.0.0.6:8080/", "http://[fd00::5]/"):
        with pytest.raises(Blocked):
            read_target(other, egress)


@given(st.text())
def test_any_text_is_a_target_or_refused(text: str) -> None:
    for url in (text, f"http://{text}", f"https://a.example/{text}"):
        try:
            target = read_target(url, Egress())
        except (BadAddress, Blocked):
            continue
        assert target.url.isascii()
        assert target.port in {80, 443}
        assert not any(c.isspace() for c in target.url)
