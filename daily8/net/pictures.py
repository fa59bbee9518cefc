"""Fetch pictures and make them safe: raster only, decoded and written anew, in a few widths."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PIL import Image, ImageCms

from daily8.net.egress import Door, FetchFailed, Response

PICTURE_ACCEPT = "image/avif, image/webp, image/png, image/jpeg, image/gif;q=0.8, */*;q=0.1"
WIDTHS = (320, 640, 1280)
RECIPE = "webp-80-v1"
"""What pictures are made by; a stored picture of another recipe may be made anew."""

_MOST_PIXELS = 40_000_000
_TALLEST = 16_383
"""Of WebP."""
_ORIENTATION = 0x0112
# EXIF 2.32 section 4.6.4, table 4.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_AVIF_BRANDS = (b"avif", b"avis")


class NotAPicture(ValueError):
    """The bytes are no picture that can be shown. The text completes "The picture was set aside: "."""


@dataclass(frozen=True, slots=True)
class Recoded:
    """A picture in WebP, in several widths."""

    width: int
    """Of the original as it is to be seen, in pixels."""
    height: int
    colour: str
    """The average, ``#rrggbb``."""
    files: Mapping[int, bytes]
    """By true width in pixels, ascending; the last is at most the original's."""


def sniff(body: bytes) -> str | None:
    """Name the raster format that the first bytes tell, as Pillow does; None for all else, SVG too."""
    if body.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if body.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "WEBP"
    if body[4:8] == b"ftyp":
        size = min(int.from_bytes(body[:4], "big"), 64)
        brands = [body[at : at + 4] for at in range(8, size, 4)]
        return "AVIF" if any(brand in _AVIF_BRANDS for brand in brands) else None
    return None


async def fetch_picture(
    door: Door,
    url: str,
    *,
    limit: int = 10_000_000,
    deadline: float = 20.0,
    user_agent: str | None = None,
    inside: bool = False,
) -> Response:
    """Fetch a raster picture of at most ``limit`` bytes; ``inside`` as in `Door.fetch`.

    :raises FetchFailed: also for an answer that is not 200 or not a raster picture.
    """
    answer = await door.fetch(
        url, accept=PICTURE_ACCEPT, limit=limit, deadline=deadline, user_agent=user_agent, inside=inside
    )
    if answer.status != 200:
        raise FetchFailed("status", status=answer.status)
    if sniff(answer.body) is None:
        raise FetchFailed("not-a-picture")
    return answer


def recode(body: bytes, widths: Sequence[int] = WIDTHS) -> Recoded:
    """Write a picture anew as WebP in the given widths, none above its own; run this in the cage.

    The first frame only; turned as its EXIF says, colours brought to sRGB, all metadata dropped.

    :raises NotAPicture: for what is no raster picture, damaged, or of more than 40 megapixels.
    """
    kind = sniff(body)
    if kind is None:
        raise NotAPicture("it is not a JPEG, PNG, WebP, GIF or AVIF file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(body), formats=[kind]) as picture:
                return _recoded(picture, widths)
    except (NotAPicture, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise NotAPicture("it has more than 40 megapixels") from None
    except Exception as error:  # damage makes a decoder raise whatever comes
        raise NotAPicture("it is damaged") from error


def _recoded(picture: Image.Image, widths: Sequence[int]) -> Recoded:
    if picture.width * picture.height > _MOST_PIXELS:
        raise NotAPicture("it has more than 40 megapixels")
    turn = picture.getexif().get(_ORIENTATION, 1)
    lying = turn in (5, 6, 7, 8)
    width, height = picture.size[::-1] if lying else picture.size
    sizes = _sizes(width, height, widths)
    largest = sizes[-1]
    # JPEG can be read at a half, a quarter or an eighth, which spares memory where it matters.
    picture.draft(None, largest[::-1] if lying else largest)
    profile = picture.info.get("icc_profile")
    whole = _shrunk(_plain(picture), largest[::-1] if lying else largest)
    if turn in _TURNS:
        whole = whole.transpose(_TURNS[turn])
    whole = _in_srgb(whole, profile)
    files = {size[0]: _webp(_shrunk(whole, size)) for size in sizes}
    return Recoded(width, height, _average(whole), files)


def _sizes(width: int, height: int, widths: Sequence[int]) -> list[tuple[int, int]]:
    """Give the true sizes to make, ascending and distinct."""
    sizes = set()
    for wanted in sorted(widths):
        scale = min(1.0, wanted / width, _TALLEST / height)
        sizes.add((max(1, round(width * scale)), max(1, round(height * scale))))
    return sorted(sizes)


def _plain(picture: Image.Image) -> Image.Image:
    """Bring any mode to RGB, or RGBA where something shows through."""
    if picture.mode in ("RGB", "RGBA"):
        return picture
    if picture.mode in ("LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        return picture.convert("RGBA")
    if picture.mode.startswith("I"):
        # 16-bit grey: Pillow's own conversion clips it to white.
        return picture.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    return picture.convert("RGB")


def _shrunk(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    if picture.size == size:
        return picture
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Bring the colours of a picture to sRGB by its own profile, if it has one that can be read."""
    if not profile or len(profile) > 1 << 20:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(
            picture, source, ImageCms.createProfile("sRGB"), outputMode=picture.mode
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return turned or picture


def _webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    clean = Image.frombytes(picture.mode, picture.size, picture.tobytes())  # leaves all metadata behind
    clean.save(out, "WEBP", quality=80, method=4)
    return out.getvalue()


def _average(picture: Image.Image) -> str:
    if picture.mode == "RGBA":
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture).convert("RGB")
    red, green, blue = picture.resize((1, 1), Image.Resampling.BOX).tobytes()
    return f"#{red:02x}{green:02x}{blue:02x}"
