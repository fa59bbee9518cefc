"""Decode a body while it arrives, and never to more than a given size."""

from __future__ import annotations

import zlib

_UNASKED = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz"})
_MEMBERS = 1000
"""A gzip body of more parts than this is made to waste time; the rest is passed over."""


class Truncated(ValueError):
    """A packed body that ends before its end."""


class Unpacking:
    """A body under way: ``feed`` it until it is ``full`` or ends, then take the ``whole`` of it.

    ``limit`` is in bytes and holds on the wire and decoded alike. Only gzip and deflate are decoded, and one
    layer of them (RFC 9110 section 8.4.1); a body called gzip that does not begin like one is taken as it is.

    With ``at_once`` about so many bytes are unpacked, and the rest once there is room for it (`grow`).

    :raises ValueError: for an encoding that nobody asked for, and for packed bytes that are damaged.
    """

    def __init__(self, encoding: str, limit: int, *, at_once: int | None = None) -> None:
        named = [
            name for part in encoding.split(",") if (name := part.strip().lower()) not in ("", "identity")
        ]
        if _UNASKED.intersection(named) or len(named) > 1:
            raise ValueError("a content encoding that was not asked for")
        # Whatever else stands there in the wild ("utf-8", "none", "binary") is no packing.
        self._packing = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}.get(
            named[0] if named else ""
        )
        self._limit = limit
        self._room = min(limit, at_once or limit)
        self._parts: list[bytes] = []
        self._size = 0
        self._decoder: zlib._Decompress | None = None
        self._pending = b""
        self._members = 0
        self._over = False
        self.arrived = 0
        """Bytes on the wire so far."""

    @property
    def full(self) -> bool:
        """Whether the limit is exceeded on either side of the decoding."""
        return self._size > self._limit or self.arrived > self._limit

    @property
    def large(self) -> bool:
        """Whether there is more than was to be unpacked at once: it then waits for `grow`."""
        return self._size > self._room and self._room < self._limit

    def grow(self) -> None:
        """Unpack the rest too, up to the limit."""
        self._room = self._limit
        self.feed(b"")

    def feed(self, chunk: bytes) -> None:
        """Take what arrived."""
        self.arrived += len(chunk)
        self._pending += chunk
        while self._pending and self._size <= self._room and not self._over:
            if self._packing is None:
                self._keep(self._pending)
                self._pending = b""
            elif self._decoder is not None:
                self._decode(self._decoder)
            elif len(self._pending) < 2:
                return
            else:
                self._begin(self._pending[:2])

    def whole(self) -> bytes:
        """Give the body, which has ended.

        :raises Truncated: if it was cut short.
        """
        if self._decoder is not None:
            raise Truncated("a packed body without its end")
        if not self._members:
            self._keep(self._pending)
        return self.so_far()

    def so_far(self) -> bytes:
        """Give what is decoded, cut at the limit."""
        return b"".join(self._parts)[: self._limit]

    def _keep(self, piece: bytes) -> None:
        self._parts.append(piece)
        self._size += len(piece)

    def _begin(self, magic: bytes) -> None:
        """Choose the decoder by the first two bytes of a member (RFC 1952 section 2.2)."""
        if self._packing == "gzip" and magic == b"\x1f\x8b":
            self._decoder = zlib.decompressobj(16 + zlib.MAX_WBITS)
        elif self._members:
            self._over = True  # rubbish behind the end, passed over as browsers do
        elif self._packing == "gzip":
            self._packing = None
        else:
            # "deflate" means the zlib form (RFC 9110 section 8.4.1.2), yet many send the raw one.
            wrapped = magic[0] & 0x0F == 8 and int.from_bytes(magic, "big") % 31 == 0
            self._decoder = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)

    def _decode(self, decoder: zlib._Decompress) -> None:
        try:
            self._keep(decoder.decompress(self._pending, self._room - self._size + 1))
        except zlib.error:
            raise ValueError("damaged packed bytes") from None
        self._pending = decoder.unconsumed_tail
        if decoder.eof:
            self._pending = decoder.unused_data
            self._decoder = None
            self._members += 1
            self._over = self._members >= _MEMBERS or self._packing == "deflate"
