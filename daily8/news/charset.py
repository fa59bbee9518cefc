"""Turn bytes into text whatever the publisher says about them."""

from __future__ import annotations

import codecs
import re
from encodings.aliases import aliases

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# XML 1.0 appendix F: how `<?`, `<r` or `{"` look without a byte order mark.
_WIDE = (
    (re.compile(rb"[<{\[]\0\0\0[^\0]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[<{\[]\0\0\0[^\0]"), "utf-32-be"),
    (re.compile(rb"(?:[\t\n\r ]\0)*[<{\[]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"(?:\0[\t\n\r ])*\0[<{\[]\0[^\0]"), "utf-16-be"),
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([^\s;\"',]+)", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']\s*([A-Za-z0-9._:-]+)\s*[\"']", re.IGNORECASE)
_META = re.compile(rb"<meta\s[^>]*?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]+)", re.IGNORECASE)
_HEAD = 4096
_SAMPLE = 65536

# Labels that browsers read as a wider set (WHATWG Encoding); the rest goes by Python's own aliases.
_WIDER = {
    "ascii": "cp1252",
    "latin_1": "cp1252",
    "iso8859_1": "cp1252",
    "iso8859_9": "cp1254",
    "iso8859_11": "cp874",
    "tis_620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "utf_16": "utf_16_le",
    "utf_32": "utf_32_le",
}
_MORE = {
    "x_sjis": "cp932",
    "x_gbk": "gb18030",
    "x_x_big5": "big5hkscs",
    "x_euc_jp": "euc_jp",
    "x_cp1250": "cp1250",
    "x_cp1251": "cp1251",
    "x_cp1252": "cp1252",
    "x_cp1256": "cp1256",
    "x_mac_cyrillic": "mac_cyrillic",
    "x_mac_roman": "mac_roman",
    "windows_874": "cp874",
    "windows_949": "cp949",
    "ks_c_5601": "cp949",
    "iso_8859_8_i": "iso8859_8",
    "iso_8859_6_e": "iso8859_6",
    "iso_8859_6_i": "iso8859_6",
    "asmo_708": "iso8859_6",
    "dos_720": "cp720",
    "unicode_1_1_utf_8": "utf_8",
    "utf8": "utf_8",
    "unicode": "utf_16_le",
}
_CODECS = frozenset(aliases.values()) - {
    *("base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec", "zlib_codec"),
    *("idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "mbcs", "oem", "utf_7"),
}
_LIKELY = [
    *("cp1256", "cp1252", "cp1251", "koi8_r", "cp932", "euc_jp", "cp949", "gb18030", "big5", "cp1250"),
    *("cp1253", "cp1254", "cp1255", "cp874", "iso8859_6", "iso8859_2", "iso8859_5", "iso8859_7"),
]
_MARKUP = re.compile(rb"<[^<>]*>")
_NOT_LABEL = re.compile(r"[^a-z0-9]+")


def _codec(label: str | None) -> str | None:
    """Give the Python codec that a label names, or None; a fixed table, for labels are hostile too."""
    if not label or len(label) > 40:
        return None
    name = _NOT_LABEL.sub("_", label.lower()).strip("_")
    found = _MORE.get(name) or aliases.get(name) or name
    found = _WIDER.get(found, found)
    return found if found in _CODECS or found in _WIDER.values() else None


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes a decoder stumbled over as windows-1252: the usual stowaway."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return bad.decode("cp1252", "replace"), error.end


codecs.register_error("daily8.windows", _as_windows)


def _strict(body: bytes, codec: str) -> str | None:
    try:
        text = body.decode(codec)
    except (UnicodeError, LookupError):
        return None
    return text.removeprefix("\ufeff")


def _windows_1252(body: bytes) -> str:
    """Decode as browsers do: the five holes of windows-1252 are control characters."""
    return body.decode("cp1252", "daily8.c1")


def _as_c1(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("daily8.c1", _as_c1)


def _detected(body: bytes) -> str | None:
    """Guess among what the web uses; a few high bytes in Latin text are no ground for a guess."""
    sample = _MARKUP.sub(b" ", body[:_SAMPLE])
    high = sum(byte > 127 for byte in sample)
    if high < 8 or high < 0.08 * len(sample):
        return None
    found = from_bytes(sample, cp_isolation=_LIKELY, enable_fallback=False).best()
    return None if found is None else _codec(found.encoding)


def _mostly_utf8(body: bytes) -> str | None:
    """Decode as UTF-8 with stowaways where whole multi-byte letters outnumber broken ones five to one."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", text)))
    return body.decode("utf-8", "daily8.windows") if whole > 5 * broken else None


def _declared(body: bytes, content_type: str | None) -> list[str]:
    labels: list[str | None] = []
    if content_type and (header := _HEADER.search(content_type)):
        labels.append(header[1])
    head = body[:_HEAD]
    if (xml := _XML.match(head)) or (xml := _META.search(head)):
        labels.append(xml[1].decode("ascii"))
    return list(dict.fromkeys(codec for label in labels if (codec := _codec(label))))


def decode(body: bytes, content_type: str | None = None) -> str:
    """Turn bytes into text; nothing is ever refused.

    In this order: byte order mark; UTF-8 if the bytes are UTF-8 and hold neither NUL nor ESC; the charset of
    ``content_type`` (the HTTP header); the XML declaration or ``<meta charset>``; detection; windows-1252.
    What declares a charset and does not keep to it goes to the next rule; labels mean what they mean in
    browsers (``iso-8859-1`` is windows-1252). The byte order mark is not part of the text.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "daily8.windows" if codec == "utf-8" else "replace")
    if b"\0" not in body and b"\x1b" not in body and (text := _strict(body, "utf-8")) is not None:
        return text
    for pattern, codec in _WIDE:
        if pattern.match(body):
            return body.decode(codec, "replace")
    declared = _declared(body, content_type)
    for codec in declared:
        if codec == "cp1252":
            return _windows_1252(body)
        if (text := _strict(body, codec)) is not None:
            return text
    if (text := _mostly_utf8(body)) is not None:
        return text
    if declared and declared[0] != "utf_8":
        return body.decode(declared[0], "replace")
    guess = _detected(body)
    if guess is not None and guess != "cp1252" and (text := _strict(body, guess)) is not None:
        return text
    return _windows_1252(body)
