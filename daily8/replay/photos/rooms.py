"""People, and rooms in which they work."""

from __future__ import annotations

import itertools
import math

from daily8.replay.photos.canvas import HEIGHT, WIDTH, Canvas, Colour, Pen, mix


def _blurred_room(c: Canvas, base: Colour, lamps: Colour) -> None:
    """Paint what lies behind, out of focus: a wall and soft discs of light."""
    c.sky(HEIGHT, sun=c.chance(60, 300), clouds=0, glow=0.5)
    c.shade(c.noise(4, 3, 3) * 0.7, base)
    for _ in range(26):
        x, y, size = c.chance(0, WIDTH), c.chance(0, 480), c.chance(14, 58)
        tone = mix(lamps, c.palette.sun, c.chance(0, 0.7))
        c.layer(Pen().disc(x, y, size, value=c.pick(18, 70)), tone)


def portrait(c: Canvas) -> None:
    """Paint a speaker against the light, a silhouette without a face, before microphones."""
    _blurred_room(c, c.air(0.45), c.palette.lamp)
    x = c.chance(480, 800)
    side = 1 if c.sun[0] > x else -1
    dress = c.pick(0, 3)
    dark = mix(c.palette.near, (16, 14, 20), 0.35)
    rim = mix(c.palette.sun, (255, 255, 255), 0.25)
    c.glow([(x + side * 120, 170), (x + side * 150, 460)], rim, 50, 90)

    def outline(pen: Pen, grow: float = 0.0) -> None:
        pen.polygon([(px, py - grow * 0.4) for px, py in _shoulders(x, 262 + grow)])
        pen.disc(x, 300, 86 + grow, 112 + grow)
        pen.polygon([(x - 58 - grow, 370), (x + 58 + grow, 370), (x + 84 + grow, 520), (x - 84 - grow, 520)])
        if dress == 0:  # a head-scarf falling to the shoulders
            pen.disc(x, 296, 104 + grow, 128 + grow)
            pen.polygon(
                [(x - 104 - grow, 310), (x + 104 + grow, 310), (x + 176 + grow, 540), (x - 176 - grow, 540)]
            )
        elif dress == 1:  # long hair
            pen.disc(x, 280, 97 + grow, 106 + grow)
            for lock in (-76, 76):
                pen.disc(x + lock, 356, 30 + grow, 78 + grow)
        else:  # short hair
            pen.disc(x - 6, 266, 92 + grow, 84 + grow)
            pen.disc(x - 88, 308, 13 + grow, 24 + grow)
            pen.disc(x + 88, 308, 13 + grow, 24 + grow)

    c.layer(lambda pen: outline(pen, 3.0), mix(rim, c.palette.near, 0.12), mix(rim, c.palette.near, 0.6))
    c.layer(outline, mix(dark, c.palette.far, 0.16), dark)
    if dress != 0:
        light = mix(dark, rim, 0.3)
        c.layer(
            Pen().polygon([(x - 20, 540), (x, 640), (x + 20, 540), (x, 520)], 150),
            mix(light, rim, 0.3),
            dark,
        )
        c.layer(Pen().line([(x - 74, 500), (x - 8, 650)], 3, 120), light)
        c.layer(Pen().line([(x + 74, 500), (x + 8, 650)], 3, 120), light)
    _microphones(c, x)


def _shoulders(x: float, wide: float) -> list[tuple[float, float]]:
    curve = [(-0.3, 478), (-0.5, 502), (-0.72, 524), (-0.88, 552), (-0.97, 600), (-1.04, 660), (-1.1, 730)]
    left = [(x + wide * a, y) for a, y in curve]
    right = [(x - wide * a, y) for a, y in reversed(curve)]
    return [*left, *right]


def _microphones(c: Canvas, x: float) -> None:
    for n in range(c.pick(2, 4)):
        at = x - 150 + n * 96 + c.chance(-18, 18)
        top = c.chance(560, 610)
        band: Colour = ((190, 50, 50), (40, 90, 150), (230, 180, 60), (60, 130, 100))[n % 4]
        c.layer(
            Pen().line([(at, top), (at + (x - at) * -0.3, HEIGHT + 10)], 9),
            (22, 22, 26),
            (10, 10, 12),
        )
        c.layer(Pen().disc(at, top - 22, 23, 30), (64, 64, 70), (20, 20, 24))
        c.layer(
            Pen().round_box(at - 20, top + 2, at + 20, top + 30, 4),
            band,
            mix(band, (0, 0, 0), 0.4),
        )


def crowd(c: Canvas) -> None:
    """Paint a crowd from behind, hands and banners raised against the light."""
    c.sky(430, sun=c.chance(180, 330), clouds=c.chance(0.2, 0.5), glow=1.2)
    for depth, foot, size, count in (
        (0.75, 440, 18, 90),
        (0.55, 490, 28, 60),
        (0.32, 560, 46, 40),
        (0.06, 700, 96, 20),
    ):
        heads = [
            ((n + c.chance(0.1, 0.9)) * WIDTH / count, foot + c.chance(-0.35, 0.3) * size)
            for n in range(count)
        ]
        raised = [h for h in heads if c.chance(0, 1) < 0.24]

        def paint(
            pen: Pen,
            heads: list[tuple[float, float]] = heads,
            raised: list[tuple[float, float]] = raised,
            size: float = size,
        ) -> None:
            for x, y in heads:
                pen.disc(x, y - size * 0.95, size * 0.4, size * 0.5)
                pen.disc(x, y + size * 0.5, size * 0.98, size * 0.85)
                pen.box(x - size, y + size * 0.5, x + size, HEIGHT + 4)
            for x, y in raised:
                pen.line(
                    [
                        (x + size * 0.8, y + size * 0.3),
                        (x + size * 1.05, y - size * 1.0),
                        (x + size * 0.8, y - size * 2.0),
                    ],
                    size * 0.26,
                )
                pen.disc(x + size * 0.78, y - size * 2.1, size * 0.2, size * 0.24)

        if depth < 0.7:
            _banners(c, foot, size, depth)
        c.layer(paint, c.air(depth), c.air(depth * 0.5))
        c.haze(foot - 90, foot + 10, 0.2 * depth)


def _banners(c: Canvas, foot: float, size: float, depth: float) -> None:
    for _ in range(3):
        x, high = c.chance(60, 1200), size * c.chance(3.4, 4.6)
        tone: Colour = ((200, 62, 54), (236, 226, 204), (46, 110, 100), (226, 170, 70))[c.pick(0, 3)]
        tone = mix(tone, c.air(depth), 0.3)
        c.layer(Pen().line([(x, foot), (x, foot - high)], size * 0.09), c.air(depth * 0.6))
        wave = [(x + size * 0.32 * k, foot - high + size * 0.14 * math.sin(k * 1.1)) for k in range(9)]
        lower = [(px, py + size * 1.3) for px, py in reversed(wave)]
        c.layer(Pen().polygon([*wave, *lower]), mix(tone, c.palette.sun, 0.25), tone)


def lab(c: Canvas) -> None:
    """Paint a laboratory bench: flasks with lit liquids, a microscope, glass in the background."""
    cool: Colour = ((70, 120, 140), (90, 100, 150), (70, 130, 120))[c.pick(0, 2)]
    _blurred_room(c, mix(cool, c.palette.near, 0.3), mix(cool, (255, 255, 255), 0.6))

    def shelves(pen: Pen) -> None:
        for y in (170, 300):
            pen.box(0, y, WIDTH, y + 7)
            for n in range(30):
                x, high = n * 44 + c.chance(-8, 8), c.chance(30, 84)
                pen.round_box(x, y - high, x + c.chance(16, 30), y, 5, 190)

    c.layer(shelves, mix(cool, (255, 255, 255), 0.3), mix(cool, c.palette.near, 0.5))
    c.soften(0, 420, 9)
    bench = mix((226, 232, 234), cool, 0.2)
    c.layer(Pen().box(0, 556, WIDTH, HEIGHT), bench, mix(bench, c.palette.near, 0.6))
    liquids: list[Colour] = [(70, 190, 190), (240, 170, 70), (200, 80, 120), (110, 190, 100), (110, 120, 220)]
    start = c.chance(60, 160)
    for n in range(5):
        x = start + n * 165 + c.chance(-16, 16)
        (_flask if (n + c.pick(0, 1)) % 2 else _tubes)(c, x, 580, liquids[(n + c.pick(0, 4)) % 5])
    _microscope(c, c.chance(960, 1080), 584)
    c.water(584, calm=1.0, tint=mix(bench, c.palette.near, 0.45), depth=0.62)


def _flask(c: Canvas, x: float, foot: float, liquid: Colour) -> None:
    high = c.chance(150, 210)
    glass: Colour = (236, 246, 250)
    shape = [
        (x - 12, foot - high),
        (x - 12, foot - high * 0.6),
        (x - 62, foot - 14),
        (x - 54, foot),
        (x + 54, foot),
        (x + 62, foot - 14),
        (x + 12, foot - high * 0.6),
        (x + 12, foot - high),
    ]
    level = high * c.chance(0.3, 0.5)
    half = 12 + 50 * (1 - max(0.0, (level - 14) / (high * 0.6 - 14)))
    c.glow([(x - 20, foot - 40), (x + 20, foot - 40)], liquid, 40, 44)
    c.layer(Pen().polygon(shape, 84), glass, mix(glass, c.palette.middle, 0.3))
    c.layer(
        Pen().polygon(
            [
                (x - half, foot - level),
                (x + half, foot - level),
                (x + 60, foot - 14),
                (x + 52, foot - 2),
                (x - 52, foot - 2),
                (x - 60, foot - 14),
            ],
            225,
        ),
        mix(liquid, (255, 255, 255), 0.35),
        mix(liquid, c.palette.near, 0.25),
    )
    c.layer(Pen().disc(x, foot - level, half, 5, 230), mix(liquid, (255, 255, 255), 0.6))
    c.layer(
        Pen().line([*shape[:4]], 1.8, 200).line([*shape[4:]], 1.8, 150).disc(x, foot - high, 15, 4, 180),
        (255, 255, 255),
    )
    c.layer(Pen().line([(x - 34, foot - 60), (x - 44, foot - 30)], 5, 130), (255, 255, 255))


def _tubes(c: Canvas, x: float, foot: float, liquid: Colour) -> None:
    for n in range(4):
        left, fill = x - 62 + n * 34, c.chance(40, 90)
        tone = mix(
            liquid, ((255, 230, 120), (120, 160, 255), (255, 140, 140), (255, 255, 255))[n], 0.25 * n / 3
        )
        c.layer(Pen().round_box(left, foot - 160, left + 22, foot - 12, 11, 90), (240, 248, 252))
        c.layer(
            Pen().round_box(left + 2, foot - 14 - fill, left + 20, foot - 14, 9, 225),
            mix(tone, (255, 255, 255), 0.3),
            tone,
        )
        c.layer(Pen().line([(left + 5, foot - 150), (left + 5, foot - 30)], 2.2, 150), (255, 255, 255))
    rack = mix((150, 160, 168), c.palette.near, 0.3)
    c.layer(
        Pen()
        .box(x - 76, foot - 104, x + 84, foot - 92)
        .box(x - 76, foot - 12, x + 84, foot)
        .box(x - 78, foot - 110, x - 70, foot)
        .box(x + 78, foot - 110, x + 86, foot),
        mix(rack, (255, 255, 255), 0.3),
        rack,
    )


def _microscope(c: Canvas, x: float, foot: float) -> None:
    def frame(pen: Pen) -> None:
        pen.round_box(x - 80, foot - 24, x + 92, foot, 10)
        pen.polygon(
            [
                (x + 34, foot - 20),
                (x + 86, foot - 20),
                (x + 96, foot - 170),
                (x + 62, foot - 236),
                (x + 30, foot - 214),
                (x + 52, foot - 160),
            ]
        )
        pen.box(x - 66, foot - 92, x + 62, foot - 80)

    def tube(pen: Pen) -> None:
        pen.polygon([(x - 2, foot - 118), (x - 34, foot - 130), (x + 40, foot - 318), (x + 74, foot - 304)])
        pen.polygon([(x - 12, foot - 120), (x - 30, foot - 126), (x - 42, foot - 96), (x - 26, foot - 92)])
        pen.polygon([(x + 36, foot - 322), (x + 80, foot - 304), (x + 86, foot - 322), (x + 42, foot - 340)])

    light = mix((236, 238, 240), c.palette.middle, 0.15)
    c.layer(frame, light, mix(light, c.palette.near, 0.5))
    c.layer(tube, (64, 70, 80), (24, 28, 36))
    c.lights([(x - 34, foot - 86, 7)], (220, 240, 255), 0.9)


def studio(c: Canvas) -> None:
    """Paint a radio studio: a microphone on its arm, a lamp, sound on a screen."""
    _blurred_room(c, mix(c.palette.near, (60, 36, 50), 0.5), (255, 170, 110))
    c.shade(c.noise(3, 2, 2) * 0.5 + 0.35, (20, 16, 26))
    tone: Colour = ((90, 220, 200), (255, 150, 90), (150, 150, 255))[c.pick(0, 2)]
    c.layer(Pen().round_box(90, 200, 560, 500, 14), (22, 24, 34), (12, 13, 20))

    def wave(pen: Pen) -> None:
        for k in range(88):
            high = 8 + 92 * abs(math.sin(k * 0.31) * math.sin(k * 0.117 + 1)) * c.chance(0.45, 1)
            pen.round_box(112 + k * 4.9, 350 - high, 114.6 + k * 4.9, 350 + high, 1.2)

    c.glow([(130, 350), (520, 350)], mix(tone, (0, 0, 0), 0.35), 60, 60)
    c.layer(wave, tone, mix(tone, (255, 255, 255), 0.3))
    desk = mix((60, 42, 36), c.palette.near, 0.4)
    c.layer(Pen().box(0, 560, WIDTH, HEIGHT), desk, mix(desk, (0, 0, 0), 0.5))
    c.soften(0, 600, 2)
    x, y = c.chance(760, 860), c.chance(300, 340)
    c.layer(Pen().line([(1280, 210), (1060, 130), (x + 40, y - 110)], 12), (54, 54, 60), (30, 30, 34))
    c.layer(Pen().line([(x + 40, y - 112), (x, y - 60)], 9), (40, 40, 46))
    c.glow([(x + 74, y - 50), (x + 74, y + 90)], (255, 180, 120), 20, 30)
    c.layer(Pen().round_box(x - 66, y - 84, x + 66, y + 120, 60), (110, 112, 120), (34, 34, 40))

    def mesh(pen: Pen) -> None:
        for k in range(12):
            pen.line([(x - 62, y - 70 + k * 9), (x + 62, y - 70 + k * 9)], 1.0, 110)
            pen.line([(x - 60 + k * 11, y - 78), (x - 60 + k * 11, y + 34)], 1.0, 110)

    c.layer(mesh, (16, 16, 20))
    c.layer(Pen().box(x - 66, y + 36, x + 66, y + 50), (170, 160, 140), (90, 84, 76))
    c.layer(Pen().line([(x + 50, y - 60), (x + 58, y), (x + 56, y + 80)], 4, 170), (255, 220, 180))
    c.lights([(1130, 600, 7), (1160, 600, 7), (1190, 600, 7)], (255, 80, 60), 0.9)


def technology(c: Canvas) -> None:
    """Paint an aisle between racks of servers, their lamps running to the far end."""
    tone: Colour = ((60, 150, 255), (60, 220, 190), (170, 110, 255))[c.pick(0, 2)]
    c.layer(Pen().box(0, 0, WIDTH, HEIGHT), (8, 12, 24), (4, 6, 12))
    c.glow([(640, 330), (640, 380)], mix(tone, (255, 255, 255), 0.35), 120, 150)
    c.layer(
        Pen().box(592, 296, 688, 412),
        mix(tone, (255, 255, 255), 0.7),
        mix(tone, (255, 255, 255), 0.4),
    )
    edges = [1 / (0.16 + 0.15 * k) for k in range(12)]
    for near, far in itertools.pairwise(edges):
        for side in (-1, 1):
            _rack(c, side, near * 104, far * 104, tone)
    c.layer(
        Pen().polygon([(592, 412), (688, 412), (1290, HEIGHT), (-10, HEIGHT)]),
        mix(tone, (20, 24, 40), 0.55),
        (6, 8, 16),
    )

    def tiles(pen: Pen) -> None:
        for k in range(-3, 4):
            pen.line([(640 + k * 16, 412), (640 + k * 220, HEIGHT)], 1.4, 90)
        for edge in edges:
            pen.line([(0, 354 + edge * 58), (WIDTH, 354 + edge * 58)], 1.2, 70)

    c.layer(tiles, mix(tone, (255, 255, 255), 0.3))
    c.layer(Pen().polygon([(610, 300), (670, 300), (860, -5), (420, -5)], 46), (255, 255, 255))


def _rack(c: Canvas, side: int, near: float, far: float, tone: Colour) -> None:
    def at(away: float, level: float) -> tuple[float, float]:
        return 640 + side * away, 354 + away * level

    far = far * 0.98
    body = [at(near, -0.66), at(far, -0.66), at(far, 0.6), at(near, 0.6)]
    depth = min(1.0, 60 / max(far, 1))
    c.layer(Pen().polygon(body), mix((22, 26, 40), tone, 0.35 * depth), (10, 12, 20))
    c.layer(
        Pen().line([at(near, -0.66), at(near, 0.6)], max(1.0, near / 160)),
        mix(tone, (10, 12, 20), 0.4),
    )

    def units(pen: Pen) -> None:
        for k in range(22):
            level = -0.62 + 1.18 * k / 22
            pen.line([at(near * 0.97, level), at(far * 1.03, level)], max(0.5, far / 260), 60)

    spots: list[tuple[float, float, float]] = []
    for k in range(22):
        level = -0.6 + 1.18 * k / 22
        for share in (0.15, 0.3, 0.55, 0.7):
            if c.chance(0, 1) < 0.42:
                px, py = at(far + (near - far) * share, level)
                spots.append((px, py, max(0.7, far / 110)))

    def lamps(pen: Pen) -> None:
        for px, py, size in spots:
            pen.disc(px, py, size, size * 0.7)

    c.layer(units, mix(tone, (200, 220, 255), 0.4))
    c.layer(lamps, mix(tone, (255, 255, 255), 0.45))


def library(c: Canvas) -> None:
    """Paint a library: shelves that run towards a tall window, a table with green lamps."""
    wood = mix((92, 58, 38), c.palette.near, 0.35)
    c.layer(Pen().box(0, 0, WIDTH, HEIGHT), mix(wood, c.palette.near, 0.4), mix(wood, (0, 0, 0), 0.3))
    light = mix(c.palette.sun, (255, 255, 255), 0.3)
    c.layer(
        Pen().box(560, 170, 720, 470).half_disc(640, 172, 80, 90), light, mix(light, c.palette.middle, 0.5)
    )
    c.layer(Pen().box(637, 84, 643, 470).box(560, 250, 720, 255).box(560, 350, 720, 355), wood)
    c.glow([(640, 200), (640, 440)], light, 150, 130)
    for side in (-1, 1):
        _shelves(c, side, wood)
    floor = mix((150, 104, 66), c.palette.near, 0.35)
    c.layer(
        Pen().polygon([(520, 470), (760, 470), (1290, HEIGHT), (-10, HEIGHT)]), mix(floor, light, 0.5), floor
    )
    c.layer(Pen().polygon([(590, 470), (690, 470), (860, HEIGHT), (420, HEIGHT)], 90), light, floor)
    c.layer(
        Pen().polygon([(250, 610), (1030, 610), (1180, HEIGHT), (100, HEIGHT)]), mix(wood, light, 0.3), wood
    )
    for x in (400, 640, 880):
        _desk_lamp(c, x + c.chance(-14, 14), 626)


def _shelves(c: Canvas, side: int, wood: Colour) -> None:
    cloths: list[Colour] = [
        (132, 52, 44),
        (46, 74, 92),
        (168, 124, 66),
        (64, 88, 62),
        (196, 182, 152),
        (84, 60, 92),
    ]
    light = mix(c.palette.sun, (255, 236, 200), 0.5)

    def at(away: float, level: float) -> tuple[float, float]:
        return 640 + side * away, 400 + away * level

    books: list[list[list[tuple[float, float]]]] = [[] for _ in cloths]
    for row in range(6):
        foot = 0.34 - 0.19 * row
        away = 116.0
        while away < 660:
            thick = away * c.chance(0.018, 0.045)
            tall = c.chance(0.1, 0.155)
            spine = [
                at(away, foot),
                at(away + thick, foot),
                at(away + thick, foot - tall),
                at(away, foot - tall),
            ]
            books[c.pick(0, len(cloths) - 1)].append(spine)
            away += thick * 1.06
    for cloth, spines in zip(cloths, books, strict=True):
        pen = Pen()
        for spine in spines:
            pen.polygon(spine)
        tone = mix(cloth, c.palette.near, 0.2)
        c.layer(pen, mix(tone, light, 0.24), mix(tone, c.palette.near, 0.3))
    boards = Pen()
    for row in range(7):
        foot = 0.34 - 0.19 * row
        boards.polygon([at(112, foot), at(670, foot), at(670, foot + 0.022), at(112, foot + 0.022)])
    for away in (112, 158, 224, 318, 452, 640):
        wide = away * 0.03
        boards.polygon([at(away, -0.86), at(away + wide, -0.86), at(away + wide, 0.37), at(away, 0.37)])
    c.layer(boards, mix(wood, light, 0.2), mix(wood, c.palette.near, 0.2))


def _desk_lamp(c: Canvas, x: float, foot: float) -> None:
    c.glow([(x - 50, foot + 6), (x + 50, foot + 6)], (255, 214, 140), 26, 46)
    c.layer(Pen().box(x - 3, foot - 74, x + 3, foot).disc(x, foot, 24, 7), (196, 156, 86), (110, 80, 40))
    shade = Pen().polygon(
        [(x - 34, foot - 96), (x + 34, foot - 96), (x + 52, foot - 66), (x - 52, foot - 66)]
    )
    c.layer(shade, (70, 160, 112), (26, 92, 66))
    c.lights([(x, foot - 64, 8)], (255, 236, 180), 1.0)
