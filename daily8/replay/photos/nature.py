"""Land, water and weather."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from daily8.replay.photos.canvas import HEIGHT, WIDTH, Canvas, Colour, Pen, Points, mix


def sea(c: Canvas) -> None:
    """Paint the open sea with a ship or two before a far coast."""
    horizon = c.pick(330, 400)
    c.sky(horizon, sun=horizon - c.chance(20, 150), clouds=c.chance(0.35, 0.7))
    c.land(c.ridge(horizon + 6, c.chance(30, 70), rough=0.6), c.air(0.95), c.air(0.8), horizon)
    c.haze(horizon - 90, horizon, 0.4)
    c.water(horizon, calm=c.chance(0.35, 0.7))
    place = c.chance(220, 520)
    for n in range(c.pick(1, 2)):
        ship(c, place + 480 * n, horizon + c.chance(16, 70), c.chance(0.7, 1.5))


def ship(c: Canvas, x: float, y: float, size: float) -> None:
    """Paint a ferry or a freighter seen from the side, its water line at `y`."""
    side = 1 if c.chance(0, 1) < 0.5 else -1
    ferry = c.chance(0, 1) < 0.5
    tone = c.air(0.25)

    def at(dx: float, dy: float) -> tuple[float, float]:
        return x + side * dx * size, y + dy * size

    def hull(pen: Pen) -> None:
        pen.polygon([at(-120, -20), at(128, -26), at(104, 2), at(-108, 2)])

    def top(pen: Pen) -> None:
        if ferry:
            pen.polygon([at(-104, -20), at(-104, -48), at(66, -48), at(84, -22)])
            pen.polygon([at(-84, -48), at(-80, -64), at(40, -64), at(54, -48)])
            pen.polygon([at(-50, -64), at(-46, -84), at(-20, -84), at(-18, -64)])
        else:
            pen.polygon([at(-106, -20), at(-106, -74), at(-78, -74), at(-70, -20)])
            for n in range(6):
                left, high = -62 + n * 25, 16 + 10 * c.pick(0, 2)
                pen.polygon(
                    [at(left, -20), at(left, -20 - high), at(left + 22, -20 - high), at(left + 22, -20)]
                )
        pen.line([at(40, -22), at(40, -84)], 1.4 * size)

    c.layer(
        top, mix(c.palette.sun, tone, 0.42 if ferry else 0.62), mix(tone, c.palette.sun, 0.2), (y - 80, y)
    )
    c.layer(hull, mix(tone, (120, 40, 34), 0.3), c.air(0.1), (y - 24, y + 2))
    c.layer(
        Pen().disc(x, y + 4 * size, 122 * size, 3.2 * size, 150),
        mix(c.palette.near, (0, 0, 0), 0.3),
    )


def mountains(c: Canvas) -> None:
    """Paint ranges one behind the other, snow on the highest, a lake or a wood before them."""
    horizon = c.pick(420, 480)
    c.sky(horizon, sun=c.chance(90, 260), clouds=c.chance(0.2, 0.6))
    peaks = c.ridge(horizon, c.chance(250, 330), rough=0.56, start=c.pick(4, 6))
    c.land(peaks, mix(c.air(0.85), c.palette.horizon, 0.1), c.palette.horizon, horizon + 20)
    if c.chance(0, 1) < 0.7:
        _snow(c, peaks, horizon)
    for depth, height, base in ((0.72, 190, 470), (0.5, 140, 530), (0.3, 110, 590)):
        c.haze(base - 150, base - 10, 0.32)
        c.land(
            c.ridge(base, height * c.chance(0.8, 1.1), rough=0.58),
            c.air(depth),
            c.air(depth * 0.75),
            base + 60,
        )
    if c.chance(0, 1) < 0.5:
        c.water(590, calm=0.8)
    else:
        wood(c, 700, 0.06, 120, 74)


def _snow(c: Canvas, peaks: list[tuple[float, float]], horizon: float) -> None:
    summit = min(y for _, y in peaks)
    line = summit + (horizon - summit) * 0.42
    jag = c.rng.normal(0, 16, len(peaks))
    lower = [
        (x + float(j), min(max(y + 6, line + float(j) - 0.5 * (line - y)), y + 70 + float(j)))
        for (x, y), j in zip(peaks, jag, strict=True)
        if y < line + 6
    ]
    upper = [(x, y) for x, y in peaks if y < line + 6]
    light = mix(c.palette.sun, (255, 255, 255), 0.5)
    shape = list(zip(upper, lower, strict=True))

    def paint(pen: Pen) -> None:
        for (a, below_a), (b, below_b) in itertools.pairwise(shape):
            if b[0] - a[0] < 12:
                pen.polygon([a, b, below_b, below_a])

    c.layer(paint, light, mix(light, c.palette.far, 0.5), (summit, line + 40))


def trees(c: Canvas, line: Points, depth: float, count: int, size: float = 50) -> None:
    """Paint conifers whose feet stand on a line."""
    ys = np.array([y for _, y in line])

    def paint(pen: Pen) -> None:
        for _ in range(count):
            x = c.chance(-20, WIDTH + 20)
            high = size * (0.55 + 0.75 * c.chance(0, 1) ** 2)
            y = float(ys[min(len(ys) - 1, max(0, int(x / WIDTH * len(ys))))]) + 6
            for step in range(4):
                wide, top = high * (0.1 + 0.065 * step), y - high * (1.1 - 0.26 * step)
                pen.polygon([(x, top), (x - wide, top + high * 0.42), (x + wide, top + high * 0.42)])

    c.layer(paint, c.air(depth), c.air(depth * 0.8))


def wood(c: Canvas, base: float, depth: float, count: int, size: float) -> None:
    """Paint a wooded hill."""
    line = c.ridge(base, 60, rough=0.55)
    trees(c, line, depth, count, size)
    c.land(line, c.air(depth * 0.8), mix(c.air(depth), c.palette.horizon, 0.3), base + 110)


def desert(c: Canvas) -> None:
    """Paint dunes with a lit and a shaded side, and perhaps a caravan."""
    sand: Colour = (222, 168, 108)
    horizon = c.pick(300, 360)
    c.sky(horizon, sun=c.chance(80, horizon - 30), clouds=c.chance(0, 0.25))
    c.land(
        c.ridge(horizon + 14, 46, rough=0.5),
        mix(sand, c.palette.horizon, 0.66),
        mix(sand, c.palette.horizon, 0.5),
        400,
    )
    for n in range(4):
        share = (n + 1) / 4
        y = horizon + 30 + 300 * share**1.5
        light = mix(mix(sand, c.palette.sun, 0.25), c.palette.horizon, 0.45 * (1 - share))
        shade = mix(mix(sand, c.palette.near, 0.62), c.palette.far, 0.4 * (1 - share))
        _dune(c, y, 60 + 90 * share, light, shade)
        if n == 2 and c.chance(0, 1) < 0.75:
            _caravan(c, y - 34)
    c.haze(horizon - 40, horizon + 20, 0.35)


def _dune(c: Canvas, y: float, height: float, light: Colour, shade: Colour) -> None:
    """Paint a dune: its crest, and from every peak the edge that parts the lit side from the shaded one."""
    phase, wave = c.chance(0, 6.28), c.chance(0.0034, 0.0056)
    steps = [x * 8.0 for x in range(-40, WIDTH // 8 + 40)]
    crest = [
        (
            x,
            y
            - height
            * (0.5 + 0.36 * math.sin(x * wave + phase) + 0.14 * math.sin(x * wave * 2.1 + 2 * phase)),
        )
        for x in steps
    ]
    c.land(crest, light, mix(light, shade, 0.35))
    heights = [yy for _, yy in crest]
    for n in range(1, len(crest) - 1):
        if not heights[n - 1] >= heights[n] < heights[n + 1]:
            continue
        foot = next((m for m in range(n + 1, len(crest)) if heights[m] < heights[m - 1]), len(crest) - 1)
        peak, low = crest[n], crest[foot]
        reach, deep = (low[0] - peak[0]), height * 2.1
        edge = [
            (peak[0] + reach * (0.42 * t + 0.17 * math.sin(t * 6.0)), peak[1] + deep * t**1.3)
            for t in (k / 24 for k in range(25))
        ]
        floor = [
            (edge[-1][0] + (low[0] - edge[-1][0]) * k / 8, edge[-1][1] + (low[1] - edge[-1][1]) * k / 8)
            for k in range(9)
        ]
        shape = [*crest[n : foot + 1], *reversed(floor), *reversed(edge)]
        c.layer(Pen().polygon(shape), shade, span=(peak[1], peak[1] + deep), fade=True)


def _caravan(c: Canvas, y: float) -> None:
    start, count = c.chance(300, 700), c.pick(4, 7)

    def paint(pen: Pen) -> None:
        for n in range(count):
            x, foot = start + n * 44, y + 5 * math.sin(n) + 12
            pen.disc(x, foot - 20, 11, 6)
            pen.disc(x - 1, foot - 26, 5, 6)
            pen.line([(x + 9, foot - 20), (x + 15, foot - 32), (x + 21, foot - 31)], 2.4)
            for leg in (-8, -5, 5, 8):
                pen.line([(x + leg, foot - 18), (x + leg + 1, foot)], 1.5)

    c.layer(paint, mix(c.palette.near, (20, 12, 8), 0.4))


def fields(c: Canvas) -> None:
    """Paint fields that run to the horizon, furrow by furrow, with a farm and trees."""
    horizon = c.pick(300, 350)
    c.sky(horizon, clouds=c.chance(0.35, 0.7))
    crops: list[Colour] = [(148, 158, 74), (196, 170, 84), (104, 138, 70), (172, 142, 88), (126, 150, 88)]
    c.land(c.ridge(horizon + 8, 54, rough=0.5), c.air(0.9), c.air(0.75), horizon + 20)
    c.layer(
        Pen().box(0, horizon + 4, WIDTH, HEIGHT),
        mix(crops[0], c.palette.horizon, 0.4),
        crops[0],
        (horizon, 720),
    )
    vanish = c.chance(300, 980)
    edges = sorted(c.chance(-2600, 3900) for _ in range(11))
    for n, (left, right) in enumerate(zip([-4000, *edges], [*edges, 5200], strict=True)):
        crop = crops[n % len(crops)]
        shape = [
            (vanish + (left - vanish) * 0.03, horizon + 4),
            (vanish + (right - vanish) * 0.03, horizon + 4),
            (right, HEIGHT),
            (left, HEIGHT),
        ]
        light = mix(mix(crop, c.palette.sun, 0.18), c.palette.near, 0.5 if c.palette.dark else 0.12)
        c.layer(
            Pen().polygon(shape),
            mix(light, c.palette.horizon, 0.5),
            mix(light, c.palette.near, 0.25),
            (horizon, 720),
        )

    def furrows(pen: Pen) -> None:
        for n in range(90):
            x = -3200 + n * 80
            pen.line([(vanish + (x - vanish) * 0.03, horizon + 6), (x, HEIGHT)], 1.6, 70)

    c.layer(furrows, mix(c.palette.near, (60, 44, 20), 0.5))
    _hedges(c, horizon)
    c.haze(horizon - 60, horizon + 12, 0.35)


def _hedges(c: Canvas, horizon: float) -> None:
    def paint(pen: Pen) -> None:
        for _ in range(70):
            x, size = c.chance(0, WIDTH), c.chance(4, 13)
            pen.disc(x, horizon + 8 - size * 0.5, size, size * 0.8)
        barn = c.chance(150, 1050)
        pen.box(barn, horizon - 18, barn + 52, horizon + 10)
        pen.polygon([(barn - 5, horizon - 18), (barn + 26, horizon - 40), (barn + 57, horizon - 18)])
        pen.box(barn + 60, horizon - 44, barn + 76, horizon + 10)
        pen.half_disc(barn + 68, horizon - 44, 8, 8)

    c.layer(paint, mix(c.air(0.35), (52, 70, 44), 0.5), c.air(0.2), (horizon - 40, horizon + 10))


def storm(c: Canvas) -> None:
    """Paint a storm over flat land: a shelf of cloud, rain, lightning, bent palms."""
    horizon = 560
    c.sky(horizon, sun=470, clouds=1.0, glow=0.5)
    field = c.noise(5, 4, 5)
    rows = np.linspace(1, 0, field.shape[0], dtype=np.float32)[:, None]
    c.shade(np.clip(field * 1.2 + rows * 0.9 - 0.75, 0, 0.9), mix(c.palette.top, (10, 12, 18), 0.45))
    c.land(c.ridge(horizon + 10, 40, rough=0.6), c.air(0.6), c.air(0.4), 600)
    if c.chance(0, 1) < 0.65:
        _lightning(c, c.chance(250, 1000), horizon)
    _rain(c)
    c.layer(Pen().box(0, 600, WIDTH, HEIGHT), c.air(0.25), c.air(0.0), (600, 720))
    c.water(606, calm=0.3, depth=0.5)
    palms(c, [(c.chance(60, 1200), 640, c.chance(130, 260), 60) for _ in range(c.pick(2, 4))], 0.1)


def _lightning(c: Canvas, x: float, ground: float) -> None:
    points, y = [(x, 70.0)], 70.0
    while y < ground:
        y += c.chance(9, 26)
        x += c.chance(-20, 20)
        points.append((x, y))
    start = points[len(points) // 3]
    branch = [start, *((start[0] + 20 * n + c.chance(-14, 14), start[1] + 22 * n) for n in range(1, 8))]
    c.glow(points, (150, 160, 220), 34, 60)
    c.glow(points, (222, 228, 255), 8, 12)
    c.layer(Pen().line(points, 1.6), (252, 252, 255))
    c.layer(Pen().line(branch, 0.8, 190), (236, 238, 255))


def _rain(c: Canvas) -> None:
    def paint(pen: Pen) -> None:
        for _ in range(420):
            x, y, size = c.chance(-60, WIDTH), c.chance(60, HEIGHT), c.chance(14, 46)
            pen.line([(x, y), (x + size * 0.32, y + size)], 0.5, c.pick(40, 110))

    c.layer(paint, (206, 212, 220))


def palms(c: Canvas, stands: Sequence[tuple[float, float, float, float]], depth: float) -> None:
    """Paint palms: x, foot, height, and how far the wind pushes the crown aside."""

    def paint(pen: Pen) -> None:
        for x, foot, height, bend in stands:
            stem = [(x + bend * (t / 10) ** 2, foot - height * t / 10) for t in range(11)]
            pen.line(stem, height * 0.034)
            _crown(c, pen, stem[-1], height, bend)

    c.layer(paint, c.air(depth), c.air(depth * 0.7))


def _crown(c: Canvas, pen: Pen, top: tuple[float, float], height: float, bend: float) -> None:
    for n in range(13):
        angle = math.pi * (-0.12 + 1.24 * n / 12)
        length = height * c.chance(0.36, 0.5)
        tip_x = top[0] + length * math.cos(angle) + bend * 0.55
        tip_y = top[1] - length * 0.5 * math.sin(angle) + length * 0.34
        middle = (top[0] + (tip_x - top[0]) * 0.55, min(top[1], tip_y) - length * 0.12)
        thick = height * 0.04
        pen.polygon([top, (middle[0], middle[1] - thick), (tip_x, tip_y), (middle[0], middle[1] + thick)])


def forest(c: Canvas) -> None:
    """Paint a wood in morning mist, row behind row."""
    c.sky(520, sun=c.chance(90, 240), clouds=0.25, glow=1.2)
    for n, depth in enumerate((0.95, 0.8, 0.6, 0.36, 0.08)):
        base = 400 + n * 74
        wood(c, base, depth, 150 - n * 18, 40 + 26 * n)
        c.haze(base - 40, base + 60, 0.42 - 0.08 * n)


def river(c: Canvas) -> None:
    """Paint a broad river with palms on its banks and a felucca."""
    horizon = c.pick(360, 400)
    c.sky(horizon, sun=horizon - c.chance(30, 160), clouds=c.chance(0.1, 0.45))
    c.land(c.ridge(horizon + 4, 50, rough=0.52), c.air(0.9), c.air(0.75), horizon)
    bank = c.ridge(horizon + 8, 22, rough=0.7)
    c.land(bank, mix(c.air(0.5), (72, 92, 56), 0.35), c.air(0.35), horizon + 8)
    stands = []
    for _ in range(c.pick(5, 7)):
        middle = c.chance(0, WIDTH)
        stands += [
            (middle + c.chance(-70, 70), horizon + 6, c.chance(46, 96), c.chance(-10, 10))
            for _ in range(c.pick(3, 6))
        ]
    _bushes(c, horizon + 4)
    palms(c, stands, 0.3)
    c.water(horizon + 4, calm=0.75)
    for _ in range(c.pick(1, 3)):
        _felucca(c, c.chance(150, 1100), horizon + c.chance(30, 150))


def _bushes(c: Canvas, foot: float) -> None:
    def paint(pen: Pen) -> None:
        for _ in range(90):
            size = c.chance(6, 20)
            pen.disc(c.chance(0, WIDTH), foot - size * 0.25, size * 1.4, size * 0.7)

    c.layer(paint, mix(c.air(0.45), (66, 88, 52), 0.4), c.air(0.3))


def _felucca(c: Canvas, x: float, y: float) -> None:
    size = 0.5 + (y - 380) / 160
    sail = mix(c.palette.sun, c.palette.far, 0.2)

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x + dx * size, y + dy * size) for dx, dy in points]

    def hull(pen: Pen) -> None:
        pen.polygon(at((-50, -10), (60, -14), (40, 0), (-36, 0)))
        pen.line(at((0, -8), (0, -90)), 1.6 * size)

    c.layer(Pen().polygon(at((-6, -8), (34, -130), (46, -14))), sail, mix(sail, c.palette.near, 0.35))
    c.layer(hull, c.air(0.08))


def snow(c: Canvas) -> None:
    """Paint a village street of winter: white ground, bare light, falling snow."""
    mountains(c)
    white = mix(c.palette.horizon, (255, 255, 255), 0.6)
    line = c.ridge(600, 40, rough=0.5)
    trees(c, line, 0.25, 26, 70)
    c.land(line, white, mix(white, c.palette.far, 0.4))

    def flakes(pen: Pen) -> None:
        for _ in range(420):
            pen.disc(c.chance(0, WIDTH), c.chance(0, HEIGHT), c.chance(0.6, 2.6), value=c.pick(90, 230))

    c.layer(flakes, (255, 255, 255))


def space(c: Canvas) -> None:
    """Paint the night sky over a telescope: stars, the band of the galaxy, a dome."""
    c.sky(640, sun=c.chance(560, 680), clouds=0, glow=0.5)
    field = c.noise(7, 5, 5)
    y, x = np.mgrid[0:180, 0:320].astype(np.float32)
    slope, place = c.chance(-0.7, 0.7), c.chance(60, 120)
    band = np.exp(-(((y - place - slope * (x - 160)) / 34) ** 2)) * (0.35 + 0.8 * field)
    c.shade(band * 0.6, (176, 170, 214))

    def stars(pen: Pen) -> None:
        for _ in range(900):
            pen.disc(
                c.chance(0, WIDTH),
                c.chance(0, 600),
                abs(float(c.rng.normal(0, 0.75))) + 0.3,
                value=c.pick(60, 255),
            )

    c.layer(stars, (244, 246, 255))
    c.land(c.ridge(650, 120, rough=0.55), c.air(0.4), c.air(0.05), 720)
    left = c.chance(260, 900)

    def dome(pen: Pen) -> None:
        pen.half_disc(left, 590, 92, 96)
        pen.box(left - 92, 588, left + 92, 690)

    c.layer(dome, mix(c.palette.sun, c.palette.far, 0.55), c.air(0.3), (490, 680))
    c.layer(
        Pen().polygon([(left + 8, 494), (left + 34, 500), (left + 44, 592), (left + 12, 592)]),
        (18, 20, 34),
    )
    c.lights([(left - 60, 660, 4), (left + 66, 660, 4)], (255, 190, 120))
