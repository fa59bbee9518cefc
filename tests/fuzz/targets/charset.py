"""Bytes that become text, whatever is said of them."""

from __future__ import annotations

from daily8.news.charset import decode
from tests.faults.answers import ARABIC, CHINESE, FRENCH

SEEDS = (
    ARABIC.encode(),
    ARABIC.encode("cp1256"),
    b"\xff\xfe" + ARABIC.encode("utf-16-le"),
    b"<?xml version='1.0' encoding='gb2312'?>" + CHINESE.encode("gb18030"),
    b"<meta charset=x-sjis>" + FRENCH.encode("cp1252"),
    f"<r>{FRENCH}</r>".encode("utf-32-be"),
    b"+ADw-script+AD4-",
    b"\x1b$B\x24\x22\x1b(B",
)
WORDS = (
    *(
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xff\xfe\0\0",
        b"\0",
        b"\x1b$B",
        b"encoding='utf-7'",
        b"\x80\x81",
    ),
    *(
        b"<?xml encoding='utf-16'?>",
        b"<meta charset=idna>",
        b"charset=unicode_escape",
        b"\\x41\\ud800",
        b"\xed\xa0\x80",
    ),
)
_LABELS = (
    *(
        None,
        "text/xml",
        "text/xml; charset=utf-8",
        "a; charset=windows-1256",
        "charset=utf-16",
        "charset=hex",
    ),
    *(
        "charset=unicode_escape",
        "charset=punycode",
        "charset='gb2312'",
        "charset=iso-2022-jp",
        "charset=utf-7",
    ),
)


def one(data: bytes) -> None:
    """Decode bytes under a label."""
    text = decode(data, _LABELS[len(data) % len(_LABELS)])
    assert len(text) <= 2 * len(data) + 1
    assert (
        not text.startswith("\ufeff") or data.count(b"\xff") + data.count(b"\xbf") + data.count(b"\xfe") > 1
    )
