"""The addresses of this machine, as systems tell them."""

from __future__ import annotations

import ipaddress

from daily8.net.interfaces import own_addresses, read_v4_table, read_v6_table

V4 = """\
Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 8.8.4.0/24 2 0 2
        |-- 8.8.4.0
           /24 link UNICAST
        |-- 8.8.4.7
           /32 host LOCAL
        |-- 8.8.4.255
           /32 link BROADCAST
Local:
     |-- 127.0.0.0
        /8 host LOCAL
     |-- 127.0.0.1
        /32 host LOCAL
"""
V6 = """\
26000000000000000000000000000005 02 40 00 80     eth0
00000000000000000000000000000001 01 80 10 80       lo
not an address
"""


def test_the_tables_of_linux_are_read() -> None:
    assert set(read_v4_table(V4)) == {"8.8.4.7", "127.0.0.1"}
    assert list(read_v6_table(V6)) == ["2600::5", "::1"]


def test_tables_of_another_form_tell_nothing() -> None:
    assert list(read_v4_table("|--\n/32 host LOCAL\n\x00")) == [""]
    assert list(read_v6_table("zz\n12\n\n")) == []


def test_this_machine_has_addresses_as_they_are_compared() -> None:
    for address in own_addresses():
        assert str(ipaddress.ip_address(address)) == address
