"""Photographs drawn by program."""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache
from typing import Literal

from PIL import Image

MOTIFS: tuple[str, ...] = ("skyline", "sea")


def motif_for(words: str) -> str:
    """Choose a motif for an article from its words."""
    return MOTIFS[int(hashlib.sha256(words.encode()).hexdigest(), 16) % len(MOTIFS)]


@lru_cache(maxsize=256)
def draw(seed: str, motif: str, width: int = 1280, height: int = 720) -> bytes:
    """Draw a photograph as JPEG: the same bytes for the same arguments."""
    tone = hashlib.sha256(f"{seed}{motif}".encode()).digest()
    file = io.BytesIO()
    Image.new("RGB", (width, height), (tone[0], tone[1], tone[2])).save(file, "JPEG", quality=85)
    return file.getvalue()


@lru_cache(maxsize=256)
def mark(seed: str, name: str, form: Literal["PNG", "ICO"]) -> bytes:
    """Draw a publisher's mark."""
    tone = hashlib.sha256(seed.encode()).digest()
    file = io.BytesIO()
    Image.new("RGB", (64, 64), (tone[0], tone[1], tone[2])).save(file, form)
    return file.getvalue()
