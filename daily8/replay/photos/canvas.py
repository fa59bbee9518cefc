"""The canvas of the drawn photographs: sky, air, layers in depth, water, lamps, and the finish of a lens.

All coordinates are those of a picture of 1280 by 720, y down. Colours are RGB, 0 to 255.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1280, 720
Colour = tuple[int, int, int]
Floats = NDArray[np.float32]
Points = Sequence[tuple[float, float]]
Paint = Callable[["Pen"], None]


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of an hour: sky from top to horizon, the sun, far land in haze, near land, lit lamps."""

    top: Colour
    middle: Colour
    horizon: Colour
    sun: Colour
    far: Colour
    near: Colour
    lamp: Colour = (255, 214, 150)
    dark: bool = False


PALETTES: dict[str, Palette] = {
    "dawn": Palette(
        (66, 84, 132), (202, 146, 156), (252, 212, 168), (255, 238, 206), (158, 142, 166), (40, 38, 58)
    ),
    "golden": Palette(
        (74, 112, 148), (194, 178, 152), (254, 216, 152), (255, 242, 208), (174, 152, 130), (54, 44, 38)
    ),
    "noon": Palette(
        (44, 102, 170), (116, 170, 214), (216, 232, 238), (255, 255, 246), (130, 158, 176), (36, 56, 60)
    ),
    "overcast": Palette(
        (112, 124, 138), (158, 166, 174), (212, 214, 212), (238, 238, 232), (146, 154, 160), (50, 56, 62)
    ),
    "dusk": Palette(
        (28, 32, 74), (116, 68, 120), (244, 138, 100), (255, 196, 138), (92, 66, 108), (22, 20, 40)
    ),
    "teal": Palette(
        (14, 60, 88), (66, 138, 148), (212, 224, 196), (252, 246, 214), (88, 136, 146), (12, 40, 50)
    ),
    "rose": Palette(
        (98, 108, 156), (208, 164, 180), (250, 222, 210), (255, 242, 232), (172, 150, 174), (60, 48, 70)
    ),
    "night": Palette(
        (8, 14, 36), (22, 36, 74), (84, 84, 124), (232, 236, 246), (40, 50, 86), (10, 13, 26), dark=True
    ),
    "storm": Palette(
        (38, 44, 54), (74, 82, 92), (150, 152, 146), (206, 206, 196), (88, 94, 100), (26, 30, 34)
    ),
}
DAY = ("dawn", "golden", "noon", "overcast", "teal", "rose")


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """Blend two colours: `share` 0 gives the first, 1 the second."""
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return red, green, blue


class Pen:
    """Draws shapes into a mask of twice the size, so that their edges come out smooth."""

    def __init__(self) -> None:
        self.mask = Image.new("L", (2 * WIDTH, 2 * HEIGHT))
        self._draw = ImageDraw.Draw(self.mask)
        self._left, self._top, self._right, self._bottom = WIDTH, HEIGHT, 0, 0

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """Give the box that holds all that was drawn, within the picture."""
        return max(0, self._left), max(0, self._top), min(WIDTH, self._right), min(HEIGHT, self._bottom)

    def _reach(self, points: Points, room: float = 1.0) -> list[tuple[float, float]]:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        self._left, self._top = min(self._left, int(min(xs) - room)), min(self._top, int(min(ys) - room))
        self._right = max(self._right, int(max(xs) + room) + 2)
        self._bottom = max(self._bottom, int(max(ys) + room) + 2)
        return [(2 * x, 2 * y) for x, y in points]

    def polygon(self, points: Points, value: int = 255) -> Pen:
        """Fill a polygon."""
        self._draw.polygon(self._reach(points), fill=value)
        return self

    def box(self, left: float, top: float, right: float, bottom: float, value: int = 255) -> Pen:
        """Fill a box."""
        if right > left and bottom > top:
            self._draw.rectangle(self._reach([(left, top), (right, bottom)]), fill=value)
        return self

    def round_box(
        self, left: float, top: float, right: float, bottom: float, radius: float, value: int = 255
    ) -> Pen:
        """Fill a box with round corners."""
        self._draw.rounded_rectangle(self._reach([(left, top), (right, bottom)]), 2 * radius, fill=value)
        return self

    def disc(self, x: float, y: float, rx: float, ry: float | None = None, value: int = 255) -> Pen:
        """Fill an ellipse."""
        ry = rx if ry is None else ry
        self._draw.ellipse(self._reach([(x - rx, y - ry), (x + rx, y + ry)]), fill=value)
        return self

    def half_disc(self, x: float, y: float, rx: float, ry: float, value: int = 255) -> Pen:
        """Fill the upper half of an ellipse: a dome."""
        self._draw.pieslice(self._reach([(x - rx, y - ry), (x + rx, y + ry)]), 180, 360, fill=value)
        return self

    def line(self, points: Points, width: float = 1.0, value: int = 255) -> Pen:
        """Draw a line."""
        self._draw.line(self._reach(points, width), fill=value, width=max(1, round(2 * width)), joint="curve")
        return self


class Canvas:
    """A picture in the making, with its own chance, its hour and its sun."""

    def __init__(self, seed: int, hours: Sequence[str]) -> None:
        self.rng = np.random.default_rng(seed)
        self.palette = PALETTES[hours[int(self.rng.integers(len(hours)))]]
        self.sun = (float(self.rng.uniform(180, 1100)), 0.0)
        self.image = Image.new("RGB", (WIDTH, HEIGHT), self.palette.horizon)

    def chance(self, low: float, high: float) -> float:
        """Give a number between two."""
        return float(self.rng.uniform(low, high))

    def pick(self, low: int, high: int) -> int:
        """Give a whole number from `low` to `high`, both included."""
        return int(self.rng.integers(low, high + 1))

    def air(self, depth: float) -> Colour:
        """Give the colour of land at a depth: 0 is near, 1 at the horizon."""
        return mix(self.palette.near, self.palette.far, depth)

    def sky(
        self, horizon: float, *, sun: float | None = None, clouds: float = 0.5, glow: float = 1.0
    ) -> None:
        """Paint the sky down to `horizon` and below, the sun at height `sun`, `clouds` from 0 to 1."""
        p = self.palette
        height = self.chance(0.25, 0.85) * horizon if sun is None else sun
        self.sun = (self.sun[0], height)
        y, x = _grid()
        t = np.clip(y / max(horizon, 1), 0, 1)[..., None]
        stops = [np.array(c, np.float32) for c in (p.top, p.middle, p.horizon)]
        lower = stops[1] + (stops[2] - stops[1]) * np.clip((t - 0.55) / 0.45, 0, 1)
        sky = stops[0] + (lower - stops[0]) * np.clip(t / 0.75, 0, 1) ** 1.15
        near = np.hypot(x - self.sun[0], (y - height) * 1.15)
        halo = (np.exp(-near / 230) * 0.75 + np.exp(-((near / 60) ** 2)) * 0.6)[..., None] * glow
        sky += (np.array(p.sun, np.float32) - sky) * np.clip(halo, 0, 1)
        if clouds > 0:
            sky = self._clouds(sky, y, horizon, near, clouds)
        low = Image.fromarray(np.clip(sky, 0, 255).astype(np.uint8))
        self.image = low.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)

    def _clouds(self, sky: Floats, y: Floats, horizon: float, near: Floats, amount: float) -> Floats:
        p = self.palette
        field = self.noise(6, 3, 5)
        # Clouds look flatter the nearer they are to the horizon.
        rows = np.clip((np.linspace(0, 1, field.shape[0]) ** 0.6) * (field.shape[0] - 1), 0, None).astype(int)
        field = field[rows]
        edge = 0.78 - 0.5 * amount
        cover = np.clip((field - edge) / 0.32, 0, 1) * np.clip(1.15 - y / (horizon + 40), 0, 1)
        shade = np.clip(np.concatenate((field[:1].repeat(5, axis=0), field[:-5])) - field + 0.5, 0, 1)
        light = np.exp(-near / 330)[..., None]
        bright = np.array(mix(p.horizon, (255, 255, 255), 0.12 if p.dark else 0.5), np.float32)
        dim = np.array(mix(p.middle, p.near, 0.28), np.float32)
        colour = dim + (bright - dim) * (0.35 + 0.65 * shade[..., None])
        colour += (np.array(p.sun, np.float32) - colour) * light * 0.55
        return np.asarray(sky + (colour - sky) * (cover * 0.85)[..., None], np.float32)

    def noise(self, cells_x: int, cells_y: int, octaves: int) -> Floats:
        """Give fractal noise from 0 to 1 on the coarse grid."""
        total = np.zeros(_SMALL, np.float32)
        weight, whole = 1.0, 0.0
        for _ in range(octaves):
            raw = self.rng.random((cells_y + 3, cells_x + 3), dtype=np.float32)
            layer = Image.fromarray(raw).resize((_SMALL[1], _SMALL[0]), Image.Resampling.BICUBIC)
            total += weight * np.asarray(layer)
            whole += weight
            weight *= 0.52
            cells_x, cells_y = cells_x * 2, cells_y * 2
        total /= whole
        low, high = float(total.min()), float(total.max())
        return np.asarray((total - low) / max(high - low, 1e-6), np.float32)

    def ridge(
        self, base: float, height: float, *, rough: float = 0.5, start: int = 4
    ) -> list[tuple[float, float]]:
        """Give a line of hills: midpoint displacement, its valleys near `base`, its peaks `height` above."""
        values = self.rng.random(start + 1)
        scale = 1.0
        while len(values) < 320:
            scale *= rough
            middle = (values[:-1] + values[1:]) / 2 + self.rng.normal(0, 0.28 * scale, len(values) - 1)
            joined = np.empty(len(values) + len(middle))
            joined[::2], joined[1::2] = values, middle
            values = joined
        values = (values - values.min()) / max(float(np.ptp(values)), 1e-6)
        xs = np.linspace(-4, WIDTH + 4, len(values))
        return [(float(x), float(base - height * v)) for x, v in zip(xs, values, strict=True)]

    def layer(
        self,
        paint: Paint | Pen,
        top: Colour,
        bottom: Colour | None = None,
        span: tuple[float, float] | None = None,
        *,
        fade: bool = False,
    ) -> None:
        """Lay a silhouette on the picture, its colour running from `top` to `bottom` over the `span` of y.

        The span is that of the silhouette by default. With `fade` it dissolves towards its foot.
        """
        pen = paint if isinstance(paint, Pen) else Pen()
        if not isinstance(paint, Pen):
            paint(pen)
        left, above, right, below = box = pen.bounds
        if left >= right or above >= below:
            return
        mask = pen.mask.crop((2 * left, 2 * above, 2 * right, 2 * below)).reduce(2)
        begin, end = span or (above, below)
        if fade:
            ramp = np.clip((end - np.arange(above, below)) / max(end - begin, 1), 0, 1) ** 0.8
            mask = ImageChops.multiply(mask, _columns((ramp * 255).astype(np.uint8), mask.size))
        fill: Image.Image | Colour = top
        if bottom is not None and bottom != top:
            share = np.clip((np.arange(above, below) - begin) / max(end - begin, 1), 0, 1)[:, None]
            rows = (
                np.array(top, np.float32) + (np.array(bottom, np.float32) - np.array(top, np.float32)) * share
            )
            fill = _columns(rows.astype(np.uint8), mask.size)
        self.image.paste(fill, box, mask)

    def land(self, line: Points, top: Colour, bottom: Colour | None = None, foot: float = HEIGHT) -> None:
        """Fill everything under a line."""
        summit = min(y for _, y in line)
        points = [*line, (line[-1][0], HEIGHT + 4), (line[0][0], HEIGHT + 4)]
        self.layer(Pen().polygon(points), top, bottom, (summit, foot))

    def haze(self, top: float, bottom: float, strength: float, colour: Colour | None = None) -> None:
        """Let air gather between two heights, thickest at `bottom`."""
        ramp = np.clip((np.arange(HEIGHT) - top) / max(bottom - top, 1), 0, 1)
        ramp = np.where(
            np.arange(HEIGHT) > bottom, np.clip(1 - (np.arange(HEIGHT) - bottom) / 60, 0, 1), ramp
        )
        mask = _columns((ramp * strength * 255).astype(np.uint8), (WIDTH, HEIGHT))
        self.image.paste(colour or self.palette.horizon, (0, 0, WIDTH, HEIGHT), mask)

    def glow(self, points: Points, colour: Colour, width: float = 6.0, radius: float = 14.0) -> None:
        """Let a line shine: only its light, not the line itself."""
        small = Image.new("L", (WIDTH // 4, HEIGHT // 4))
        ImageDraw.Draw(small).line(
            [(x / 4, y / 4) for x, y in points], fill=255, width=max(1, round(width / 4))
        )
        soft = small.filter(ImageFilter.GaussianBlur(radius / 4)).resize(
            (WIDTH, HEIGHT), Image.Resampling.BICUBIC
        )
        self.image.paste(colour, (0, 0, WIDTH, HEIGHT), soft.point([min(255, v * 2) for v in range(256)]))

    def shade(self, field: Floats, colour: Colour) -> None:
        """Let a colour come over the picture as a field from 0 to 1 on the coarse grid says."""
        mask = Image.fromarray((np.clip(field, 0, 1) * 255).astype(np.uint8))
        self.image.paste(
            colour, (0, 0, WIDTH, HEIGHT), mask.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        )

    def lights(
        self, spots: Sequence[tuple[float, float, float]], colour: Colour, strength: float = 1.0
    ) -> None:
        """Light lamps at (x, y, radius), each with its glow."""
        room = 48
        left = max(0, int(min(x for x, _, _ in spots)) - room) // 2 * 2
        top = max(0, int(min(y for _, y, _ in spots)) - room) // 2 * 2
        right = min(WIDTH, int(max(x for x, _, _ in spots)) + room)
        below = min(HEIGHT, int(max(y for _, y, _ in spots)) + room)
        if left >= right or top >= below:
            return
        box = (left, top, right, below)
        small = Image.new("L", ((right - left) // 2 + 1, (below - top) // 2 + 1))
        draw = ImageDraw.Draw(small)
        for x, y, r in spots:
            a, b = (x - left) / 2, (y - top) / 2
            draw.ellipse((a - r / 2, b - r / 2, a + r / 2, b + r / 2), fill=255)
        glow = small.filter(ImageFilter.GaussianBlur(7))
        glow = glow.point([min(255, round(v * 3.2 * strength)) for v in range(256)])
        size = (right - left, below - top)
        mask = ImageChops.lighter(small, glow).resize(size, Image.Resampling.BILINEAR)
        shine = Image.composite(Image.new("RGB", size, colour), Image.new("RGB", size), mask)
        self.image.paste(ImageChops.screen(self.image.crop(box), shine), box)

    def water(self, top: int, *, calm: float = 0.6, tint: Colour | None = None, depth: float = 0.45) -> None:
        """Mirror what stands above `top` in water that is `calm` from 0 to 1."""
        rows = HEIGHT - top
        picture = np.asarray(self.image)
        y = np.arange(rows)
        near = y / rows
        source = np.clip(top - 1 - (y * (top / rows) ** 0.6).astype(int), 0, HEIGHT - 1)
        waves = self.rng.normal(0, 1, rows).astype(np.float32)
        sway = np.convolve(waves, np.ones(3) / 3, "same") * (2 + 26 * near) * (1.15 - calm)
        columns = np.clip(np.arange(WIDTH)[None] + sway.astype(int)[:, None], 0, WIDTH - 1)
        mirrored = picture[source[:, None], columns].astype(np.float32)
        ripple = self.noise(14, 90, 3)
        ripple = np.asarray(Image.fromarray(ripple).resize((WIDTH, rows), Image.Resampling.BILINEAR))
        deep = np.array(tint or mix(self.palette.near, self.palette.middle, 0.35), np.float32)
        share = (depth + 0.35 * near)[:, None, None] + ((ripple - 0.5) * (0.25 + 0.5 * near[:, None]))[
            ..., None
        ]
        water = mirrored + (deep - mirrored) * np.clip(share, 0.05, 0.95)
        spread = 26 + 150 * near[:, None]
        path = np.exp(-(((np.arange(WIDTH)[None] - self.sun[0]) / spread) ** 2)) * np.clip(
            ripple * 2.6 - 1.1, 0, 1
        )
        water += (np.array(self.palette.sun, np.float32) - water) * (path * (0.75 - 0.35 * near[:, None]))[
            ..., None
        ]
        self.image.paste(Image.fromarray(np.clip(water, 0, 255).astype(np.uint8)), (0, top))

    def soften(self, top: int, bottom: int, radius: float) -> None:
        """Blur a band of the picture, as what lies out of focus."""
        box = (0, top, WIDTH, bottom)
        self.image.paste(self.image.crop(box).filter(ImageFilter.BoxBlur(radius)), box)

    def finish(self, grain: float = 5.0) -> Image.Image:
        """Add what a lens and a film add: bloom, a darker rim, grain, a soft curve."""
        small = self.image.reduce(8)
        bright = small.point([max(0, v - 170) for v in range(256)] * 3).filter(ImageFilter.GaussianBlur(6))
        bloom = bright.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
        lit = ImageChops.screen(self.image, bloom.point([round(v * 0.7) for v in range(256)] * 3))
        shift = int(self.rng.integers(0, 256))
        pixels = np.asarray(lit).astype(np.int16)
        strength = grain * (1.3 if self.palette.dark else 1.0)
        pixels += (np.roll(_grain(), shift, axis=1) * (strength / 6.0)).astype(np.int16)[..., None]
        framed = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
        return ImageChops.multiply(framed, _rim()).point(_CURVE)


_SMALL = (180, 320)


@lru_cache(maxsize=1)
def _grid() -> tuple[Floats, Floats]:
    y, x = np.mgrid[0 : _SMALL[0], 0 : _SMALL[1]].astype(np.float32)
    return y * (HEIGHT / _SMALL[0]), x * (WIDTH / _SMALL[1])


@lru_cache(maxsize=1)
def _grain() -> Floats:
    raw = np.random.default_rng(1).normal(0, 6, (HEIGHT, WIDTH)).astype(np.float32)
    return np.asarray(
        (raw + 0.5 * np.roll(raw, 1, axis=0) + 0.5 * np.roll(raw, 1, axis=1)) / 1.22, np.float32
    )


@lru_cache(maxsize=1)
def _rim() -> Image.Image:
    y, x = _grid()
    away = np.hypot((x - WIDTH / 2) / (WIDTH / 2), (y - HEIGHT / 2) / (HEIGHT / 2))
    shade = 255 * (1 - 0.24 * np.clip(away - 0.45, 0, None) ** 1.6)
    low = Image.fromarray(shade.astype(np.uint8)).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    return Image.merge("RGB", (low, low, low))


# A gentle S: blacks lifted a little, mid-tones with more contrast.
_CURVE = [
    round(8 + 244 * (0.78 * (v / 255) + 0.22 * (3 * (v / 255) ** 2 - 2 * (v / 255) ** 3))) for v in range(256)
] * 3


def _columns(rows: NDArray[np.uint8], size: tuple[int, int]) -> Image.Image:
    """Stretch one column of values over a picture."""
    return Image.fromarray(rows[:, None]).resize(size, Image.Resampling.NEAREST)
