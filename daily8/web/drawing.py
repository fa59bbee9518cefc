"""What templates need to draw pictures and form fields."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.urls import reverse

from daily8.news.blocks import block_text
from daily8.news.language import code, of_block
from daily8.news.scripts import main_script, scripts, writes
from daily8.news.types import Block
from daily8.store.values import PictureView

SHADES = 8
_LOOKED_AT = 600
"""Characters of a block by which its language is told."""
USUAL_WIDTH = 640
"""Asked for where it is not known yet which widths there will be."""


def shade(name: str) -> int:
    """Give one of `SHADES` colours for a publisher, always the same."""
    return zlib.crc32(name.encode()) % SHADES


def foreign(block: Block, language: str) -> str:
    """Give the language of a block in another script than its article's, else nothing.

    Only scripts are looked at for most blocks: telling languages of one script apart costs more than drawing.
    """
    text = block_text(block)[:_LOOKED_AT]
    script = main_script(scripts(text))
    if not language or not script or writes(code(language), script):
        return ""
    found = of_block(text, language)
    return "" if found == code(language) else found


@dataclass(frozen=True, slots=True)
class ImageSource:
    """Attributes of an ``img``."""

    src: str
    srcset: str
    width: int
    height: int


def sources_of(picture: PictureView) -> ImageSource:
    """Give the addresses of a picture, and the space it takes; 16:9 is reserved where that is unknown."""
    widths = picture.widths or (USUAL_WIDTH,)
    folder = reverse("media", args=(picture.id, 0)).removesuffix("0")
    addresses = {width: f"{folder}{width}" for width in widths}
    src = addresses[min(widths, key=lambda width: abs(width - USUAL_WIDTH))]
    srcset = ", ".join(f"{address} {width}w" for width, address in addresses.items())
    known = picture.width > 0 and picture.height > 0
    return ImageSource(
        src=src,
        srcset=srcset if len(widths) > 1 else "",
        width=picture.width if known else 1280,
        height=picture.height if known else 720,
    )


def input_of(field: BoundField) -> dict[str, Any]:
    """Give what a field's widget would draw (type, name, value, attributes): our own template draws it."""
    data: dict[str, Any] = field.subwidgets[0].data
    return data
