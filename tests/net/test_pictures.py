"""Pictures of every kind, whole and damaged."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from daily8.net.cage import Cage
from daily8.net.egress import Door, FetchFailed
from daily8.net.pictures import NotAPicture, Recoded, fetch_picture, recode, sniff
from tests.faults.server import FaultServer, answer, says
from tests.net.test_faults import with_faults

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def halves(width: int, height: int) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (width // 2, 0, width, height))
    return picture


def opened(made: Recoded, width: int) -> Image.Image:
    picture = Image.open(io.BytesIO(made.files[width]))
    picture.load()
    return picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_every_raster_format_becomes_webp(kind: str) -> None:
    body = encoded(halves(1000, 500), kind)
    assert sniff(body) == kind
    made = recode(body)
    assert (made.width, made.height) == (1000, 500)
    assert list(made.files) == [320, 640, 1000]
    for width in made.files:
        picture = opened(made, width)
        assert (picture.format, picture.size) == ("WEBP", (width, width // 2))
    red, _, blue = (int(made.colour[at : at + 2], 16) for at in (1, 3, 5))
    assert abs(red - 127) < 12
    assert abs(blue - 127) < 12


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "YCbCr"])
def test_every_mode_is_read(mode: str) -> None:
    kind = {"CMYK": "JPEG", "YCbCr": "JPEG"}.get(mode, "PNG")
    made = recode(encoded(Image.new(mode, (400, 200)), kind))
    assert list(made.files) == [320, 400]


def test_what_shows_through_stays_so() -> None:
    made = recode(encoded(Image.new("RGBA", (64, 64), (255, 0, 0, 0)), "PNG"))
    assert opened(made, 64).mode == "RGBA"
    assert made.colour == "#ffffff"


def test_nothing_is_made_larger() -> None:
    assert list(recode(encoded(halves(100, 50), "PNG")).files) == [100]
    assert list(recode(encoded(halves(1, 1), "PNG")).files) == [1]


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_picture_is_turned_as_its_camera_was_held(turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    exif[0x010E] = "secret place"
    made = recode(encoded(halves(400, 200), "JPEG", exif=exif, quality=95))
    lying = turn >= 5
    assert (made.width, made.height) == ((200, 400) if lying else (400, 200))
    picture = opened(made, made.width)
    assert not picture.getexif()
    first, last = picture.getpixel((10, 10)), picture.getpixel((picture.width - 10, picture.height - 10))
    assert isinstance(first, tuple)
    assert isinstance(last, tuple)
    assert (first[0] > first[2]) == (turn in (1, 4, 5, 6))
    assert (last[0] > last[2]) == (turn in (2, 3, 7, 8))


def test_metadata_is_left_behind() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    body = encoded(halves(100, 50), "JPEG", icc_profile=profile, comment=b"canary", xmp=b"<x>canary</x>")
    made = recode(body)
    assert b"canary" in body
    assert b"canary" not in made.files[100]
    assert not {"icc_profile", "exif", "xmp"} & set(opened(made, 100).info)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (SVG, "it is not"),
        (b"", "it is not"),
        (b"<html>", "it is not"),
        (b"BM" + bytes(100), "it is not"),
        (encoded(halves(300, 200), "JPEG")[:600], "damaged"),
        (encoded(halves(300, 200), "PNG")[:100], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "damaged"),
        (b"GIF89a" + bytes(20), "damaged"),
        (encoded(Image.new("1", (8000, 6000)), "PNG"), "40 megapixels"),
        (encoded(Image.new("1", (40_000, 30_000)), "PNG"), "40 megapixels"),
    ],
)
def test_what_is_no_picture_is_refused(body: bytes, words: str) -> None:
    with pytest.raises(NotAPicture, match=words):
        recode(body)


def test_a_very_tall_picture_keeps_within_webp() -> None:
    assert opened(recode(encoded(Image.new("1", (30, 30_000)), "PNG")), 16).size == (16, 16_383)


@settings(max_examples=60)
@given(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "AVIF"]), st.data())
def test_damage_never_crashes(kind: str, data: st.DataObject) -> None:
    body = bytearray(encoded(halves(40, 30), kind))
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        made = recode(bytes(body))
    except NotAPicture:
        return
    assert made.files


def test_in_the_cage() -> None:
    body = encoded(halves(800, 600), "JPEG")
    with Cage(workers=1, warm=()) as cage:
        assert cage.call(recode, body) == recode(body)
        with pytest.raises(NotAPicture):
            cage.call(recode, SVG)


def test_only_pictures_are_fetched() -> None:
    body = encoded(halves(10, 10), "PNG")

    async def use(door: Door, server: FaultServer) -> list[str]:
        server.extra |= {
            "good": says(answer(200, body, "Content-Type: text/html")),
            "svg": says(answer(200, SVG, "Content-Type: image/png")),
        }
        assert (await fetch_picture(door, "http://a.faults.test/good")).body == body
        assert b"svg" not in (server.requests[0].header("Accept") or b"svg")
        causes = []
        for path in ("svg", "fine", "not-found", "server-error", "empty-200"):
            with pytest.raises(FetchFailed) as failure:
                await fetch_picture(door, f"http://a.faults.test/{path}")
            causes.append(f"{failure.value.code} {failure.value.passing}")
        with pytest.raises(FetchFailed, match="larger"):
            await fetch_picture(door, "http://a.faults.test/good", limit=len(body) - 1)
        return causes

    assert with_faults(use) == [
        "not-a-picture False",
        "not-a-picture False",
        "status False",
        "status True",
        "not-a-picture False",
    ]
