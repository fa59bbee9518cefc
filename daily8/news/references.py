"""Read the character references of HTML, whatever number they name."""

from __future__ import annotations

import html
import re

# Python refuses to read numbers of more than 4300 digits, and no character has more than seven.
_ENDLESS = re.compile(r"&#[0-9]{100,}+;?")


def unescape(text: str) -> str:
    """Replace named and numbered references by their characters (WHATWG HTML, section 13.2.5.72).

    What names no character becomes U+FFFD, as in browsers.
    """
    return html.unescape(_ENDLESS.sub("\ufffd", text) if "&#" in text else text)
