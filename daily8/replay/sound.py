"""Episodes of podcasts: silence, as true MP3."""

from __future__ import annotations

# MPEG-1 layer III, 32 kbit/s, 32 kHz, mono, no CRC: a frame is 144 * 32000 / 32000 = 144 bytes and lasts
# 1152 / 32000 s = 36 ms (ISO/IEC 11172-3 section 2.4). Empty side information decodes to silence.
_FRAME = bytes.fromhex("fffb18c0").ljust(144, b"\x00")
BYTES_A_SECOND = 4032
"""28 whole frames, 1.008 s."""
MOST_SECONDS = 600


def episode_seconds(duration: int | None) -> int:
    """Give how many seconds of an episode are really served, 1 to 600."""
    return max(1, min(duration or 60, MOST_SECONDS))


def silence(seconds: int) -> bytes:
    """Give about `seconds` of silence, `BYTES_A_SECOND` bytes each."""
    return _FRAME * (28 * seconds)
