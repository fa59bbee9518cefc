"""Public buildings, and the squares before them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from daily8.replay.photos.canvas import HEIGHT, WIDTH, Canvas, Colour, Pen, mix

Box = tuple[float, float, float, float]


def _facade(c: Canvas, box: Box, stone: Colour, columns: int, rows: int) -> None:
    left, top, right, foot = box
    c.layer(Pen().box(*box), mix(stone, c.palette.sun, 0.25), mix(stone, c.palette.near, 0.25))

    def panes(pen: Pen) -> None:
        for row in range(rows):
            for column in range(columns):
                x = left + (column + 0.5) * (right - left) / columns
                y = top + (row + 0.55) * (foot - top) / rows
                wide, high = (right - left) / columns * 0.26, (foot - top) / rows * 0.27
                pen.box(x - wide, y - high, x + wide, y + high)

    def lit(pen: Pen) -> None:
        for row in range(rows):
            for column in range(columns):
                if c.chance(0, 1) < 0.34:
                    x = left + (column + 0.5) * (right - left) / columns
                    y = top + (row + 0.55) * (foot - top) / rows
                    wide, high = (right - left) / columns * 0.24, (foot - top) / rows * 0.25
                    pen.box(x - wide, y - high, x + wide, y + high, c.pick(120, 240))

    c.layer(panes, mix(c.palette.top, c.palette.near, 0.45), mix(c.palette.middle, c.palette.near, 0.4))
    c.layer(lit, c.palette.lamp)


def _ground(c: Canvas, y: float, tone: Colour) -> None:
    far = mix(tone, c.palette.horizon, 0.35)
    c.layer(Pen().box(0, y, WIDTH, HEIGHT), far, mix(tone, c.palette.near, 0.45))

    def seams(pen: Pen) -> None:
        for n in range(-20, 40):
            pen.line([(640 + (n * 64 - 640) * 0.5, y), (640 + (n * 64 - 640) * 2.6, HEIGHT)], 1.0, 46)
        for n in range(7):
            level = y + (HEIGHT - y) * (n / 7) ** 1.8
            pen.line([(0, level), (WIDTH, level)], 1.0, 46)

    c.layer(seams, c.palette.near)


def people(c: Canvas, count: int, foot: float, size: float, spread: tuple[float, float] = (60, 1220)) -> None:
    """Paint small standing and walking figures with their shadows."""
    places = sorted((c.chance(*spread), foot + c.chance(-10, 26)) for _ in range(count))

    def shadows(pen: Pen) -> None:
        for x, y in places:
            lean = (x - c.sun[0]) / 900
            pen.polygon(
                [
                    (x - size * 0.1, y),
                    (x + size * 0.1, y),
                    (x + lean * size + size * 0.12, y + size * 0.5),
                    (x + lean * size - size * 0.1, y + size * 0.5),
                ],
                80,
            )

    def bodies(pen: Pen) -> None:
        for n, (x, y) in enumerate(places):
            s = size * (0.9 + 0.02 * (n * 7 % 10))
            stride = s * 0.1 * (n % 3)
            pen.disc(x, y - s * 0.9, s * 0.09, s * 0.105)
            pen.round_box(x - s * 0.14, y - s * 0.78, x + s * 0.14, y - s * 0.38, s * 0.08)
            if n % 3 == 0:
                pen.polygon(
                    [
                        (x - s * 0.12, y - s * 0.5),
                        (x + s * 0.12, y - s * 0.5),
                        (x + s * 0.17, y),
                        (x - s * 0.17, y),
                    ]
                )
            else:
                pen.polygon(
                    [
                        (x - s * 0.13, y - s * 0.42),
                        (x - s * 0.01, y - s * 0.42),
                        (x - stride, y),
                        (x - stride - s * 0.09, y),
                    ]
                )
                pen.polygon(
                    [
                        (x + s * 0.01, y - s * 0.42),
                        (x + s * 0.13, y - s * 0.42),
                        (x + stride + s * 0.09, y),
                        (x + stride, y),
                    ]
                )

    c.layer(shadows, c.palette.near)
    c.layer(bodies, mix(c.air(0.1), c.palette.sun, 0.08), c.air(0.0))


def hospital(c: Canvas) -> None:
    """Paint a hospital: wings, rows of windows, the sign over the door, an ambulance."""
    c.sky(560, clouds=c.chance(0.3, 0.7))
    c.land(c.ridge(560, 120, rough=0.5), c.air(0.9), c.air(0.8))
    stone = mix((232, 232, 226), c.palette.middle, 0.2)
    _facade(c, (90, 300, 470, 590), mix(stone, c.palette.far, 0.25), 12, 7)
    _facade(c, (830, 260, 1210, 590), mix(stone, c.palette.far, 0.25), 12, 8)
    _facade(c, (440, 190, 850, 590), stone, 12, 9)
    # Not the red cross on white, which is a protected emblem.
    green: Colour = (22, 132, 116)
    c.layer(Pen().round_box(600, 206, 690, 296, 10), green, mix(green, (10, 40, 50), 0.4))
    c.layer(
        Pen().box(637, 218, 653, 284).box(612, 243, 678, 259),
        (250, 250, 246),
    )
    c.layer(
        Pen().polygon([(520, 520), (770, 520), (800, 540), (490, 540)]),
        mix(stone, (255, 255, 255), 0.4),
        c.air(0.3),
    )
    c.layer(
        Pen().box(540, 540, 750, 592),
        mix(c.palette.lamp, (255, 255, 255), 0.3),
        mix(c.palette.lamp, c.palette.near, 0.3),
    )
    _ground(c, 590, (128, 130, 132))
    trees = [(x, 596, c.chance(60, 110)) for x in (40, 200, 380, 900, 1080, 1240)]
    round_trees(c, trees)
    _ambulance(c, c.chance(180, 420), 652)
    people(c, 7, 606, 44, (500, 1000))


def round_trees(c: Canvas, stands: Sequence[tuple[float, float, float]]) -> None:
    """Paint broad-leaved trees: x, foot, height."""
    green = mix(c.air(0.2), (58, 96, 62), 0.55)

    def stems(pen: Pen) -> None:
        for x, foot, height in stands:
            pen.line([(x, foot), (x, foot - height * 0.6)], height * 0.06)

    def crowns(pen: Pen) -> None:
        for x, foot, height in stands:
            for n in range(9):
                angle = n * 0.7
                pen.disc(
                    x + math.cos(angle) * height * 0.2,
                    foot - height * 0.7 + math.sin(angle) * height * 0.16,
                    height * 0.2,
                )

    c.layer(stems, c.air(0.05))
    c.layer(crowns, mix(green, c.palette.sun, 0.22), mix(green, c.palette.near, 0.4))


def _ambulance(c: Canvas, x: float, y: float) -> None:
    white: Colour = (240, 240, 236)
    c.layer(Pen().disc(x + 75, y + 3, 92, 7, 120), c.palette.near)
    c.layer(
        Pen().polygon(
            [
                (x, y - 6),
                (x, y - 76),
                (x + 104, y - 76),
                (x + 124, y - 46),
                (x + 152, y - 40),
                (x + 152, y - 6),
            ]
        ),
        white,
        mix(white, c.palette.near, 0.35),
    )
    c.layer(Pen().box(x, y - 40, x + 152, y - 30), (198, 52, 52))
    c.layer(
        Pen().polygon([(x + 106, y - 70), (x + 120, y - 46), (x + 88, y - 46), (x + 88, y - 70)]),
        (60, 74, 88),
    )
    c.layer(Pen().disc(x + 32, y - 4, 14).disc(x + 122, y - 4, 14), (26, 26, 30))
    c.lights([(x + 92, y - 80, 4), (x + 78, y - 80, 4)], (90, 140, 255), 1.0)


def school(c: Canvas) -> None:
    """Paint a school: a low house with a clock, a flag, children in the yard."""
    c.sky(560, clouds=c.chance(0.3, 0.6))
    c.land(c.ridge(560, 140, rough=0.5), c.air(0.9), c.air(0.78))
    brick = mix((186, 122, 92), c.palette.middle, 0.18)
    _facade(c, (120, 380, 1160, 590), brick, 20, 3)
    _facade(c, (520, 300, 760, 590), mix(brick, (255, 236, 200), 0.2), 4, 4)
    c.layer(
        Pen().polygon([(500, 302), (640, 226), (780, 302)]),
        mix(brick, c.palette.near, 0.45),
        mix(brick, c.palette.near, 0.2),
    )
    c.layer(
        Pen().polygon([(100, 384), (140, 344), (1140, 344), (1180, 384)]),
        mix(c.air(0.3), (96, 58, 50), 0.5),
    )
    c.layer(
        Pen().polygon([(500, 302), (640, 226), (780, 302)]),
        mix(brick, (255, 236, 200), 0.25),
        brick,
    )
    c.layer(Pen().disc(640, 276, 20), (246, 244, 234))
    c.layer(Pen().line([(640, 276), (640, 262)], 2), (40, 40, 44))
    c.layer(Pen().line([(640, 276), (650, 280)], 2), (40, 40, 44))
    c.layer(Pen().box(604, 500, 676, 592), mix(c.palette.near, (70, 44, 30), 0.4))
    _ground(c, 590, (176, 160, 136))
    round_trees(c, [(60, 600, 190), (1210, 600, 210), (300, 596, 90), (960, 596, 96)])
    people(c, 16, 622, 46)


def _pediment(
    c: Canvas, stone: Colour, left: float, right: float, top: float, foot: float, columns: int
) -> None:
    light, dark = mix(stone, c.palette.sun, 0.3), mix(stone, c.palette.near, 0.5)
    c.layer(Pen().box(left + 10, top, right - 10, foot), dark, mix(dark, c.palette.near, 0.3))
    step = (right - left - 50) / (columns - 1)
    places = [left + 25 + n * step for n in range(columns)]

    def shafts(pen: Pen) -> None:
        for x in places:
            pen.polygon([(x - 11, top), (x + 11, top), (x + 13, foot), (x - 13, foot)])
            pen.box(x - 16, top - 2, x + 16, top + 8)
            pen.box(x - 17, foot - 8, x + 17, foot)

    def shaded(pen: Pen) -> None:
        away = 1 if c.sun[0] < (left + right) / 2 else -1
        for x in places:
            pen.polygon(
                [
                    (x + 2 * away, top + 8),
                    (x + 11 * away, top + 8),
                    (x + 13 * away, foot - 8),
                    (x + 3 * away, foot - 8),
                ],
                120,
            )

    c.layer(shafts, light, mix(stone, c.palette.near, 0.12))
    c.layer(shaded, dark)
    c.layer(Pen().box(left - 6, top - 26, right + 6, top), mix(stone, c.palette.sun, 0.2), stone)
    middle = (left + right) / 2
    rise = (right - left) * 0.16
    c.layer(
        Pen().polygon([(left - 14, top - 26), (middle, top - 26 - rise), (right + 14, top - 26)]),
        light,
        stone,
    )
    c.layer(
        Pen().polygon([(left + 40, top - 34), (middle, top - 34 - rise * 0.66), (right - 40, top - 34)]),
        mix(stone, c.palette.near, 0.3),
    )


def _steps(c: Canvas, stone: Colour, left: float, right: float, top: float) -> None:
    for n in range(5):
        y = top + n * 11
        tone = mix(stone, c.palette.sun, 0.22 - 0.04 * n)
        c.layer(
            Pen().box(left - 18 * n, y, right + 18 * n, y + 11),
            tone,
            mix(tone, c.palette.near, 0.35),
        )


def parliament(c: Canvas) -> None:
    """Paint a domed parliament behind its square."""
    c.sky(560, sun=c.chance(80, 260), clouds=c.chance(0.3, 0.7))
    c.land(c.ridge(570, 90, rough=0.5), c.air(0.9), c.air(0.8))
    stone = mix((226, 214, 192), c.palette.middle, 0.22)
    _facade(c, (110, 380, 1170, 580), mix(stone, c.palette.far, 0.2), 26, 3)
    drum = (540, 250, 740, 330)
    _facade(c, drum, stone, 12, 1)
    dome = mix((110, 150, 140), c.palette.middle, 0.25)
    c.layer(
        Pen().half_disc(640, 252, 96, 120),
        mix(dome, c.palette.sun, 0.35),
        mix(dome, c.palette.near, 0.35),
    )
    shade = 1 if c.sun[0] < 640 else -1
    c.layer(
        Pen().polygon(
            [(640, 132), (640 + 60 * shade, 160), (640 + 96 * shade, 250), (640 + 30 * shade, 250)], 90
        ),
        c.palette.near,
    )
    c.layer(
        Pen().box(626, 100, 654, 136).half_disc(640, 102, 14, 16).line([(640, 90), (640, 40)], 2),
        stone,
    )
    c.layer(
        Pen().polygon([(641, 42), (690, 48), (682, 60), (692, 70), (641, 66)]),
        (186, 60, 56),
        (140, 40, 46),
    )
    _pediment(c, stone, 430, 850, 380, 556, 9)
    _steps(c, stone, 430, 850, 556)
    _ground(c, 610, (150, 142, 130))
    people(c, 14, 640, 42)


def court(c: Canvas) -> None:
    """Paint a court-house: columns and steps, seen from below."""
    c.sky(600, sun=c.chance(60, 220), clouds=c.chance(0.3, 0.7))
    stone = mix((216, 210, 200), c.palette.middle, 0.25)
    _facade(c, (-20, 260, 1300, 600), mix(stone, c.palette.far, 0.35), 22, 3)
    _pediment(c, stone, 230, 1050, 270, 560, 8)
    _steps(c, stone, 220, 1060, 560)
    _ground(c, 615, (140, 136, 130))
    people(c, 9, 640, 64, (200, 1080))


def market(c: Canvas) -> None:
    """Paint a street market under awnings, lamps lit, people passing."""
    c.sky(420, sun=c.chance(200, 360), clouds=0.25)
    for n in range(7):
        left = -40 + n * 200 + c.chance(-20, 20)
        wall = mix((206, 176, 140), c.air(0.4), 0.3 + 0.05 * (n % 3))
        _facade(c, (left, 150 + c.chance(-40, 90), left + 210, 560), wall, 4, 5)
    c.haze(200, 480, 0.35)
    _ground(c, 540, (168, 146, 118))
    awnings: list[Colour] = [(190, 68, 58), (222, 166, 72), (66, 120, 116), (90, 92, 140), (200, 106, 70)]
    for n in range(6):
        x, tone = -60 + n * 232 + c.chance(-16, 16), awnings[(n + int(c.sun[0])) % 5]
        _stall(c, x, 392 + c.chance(-12, 12), tone)
    people(c, 15, 612, 104)
    lamps = [(x, 366 + 26 * math.sin(x / 90.0), 3.4) for x in range(20, WIDTH, 58)]
    c.layer(Pen().line([(x, y) for x, y, _ in lamps], 1.0), c.air(0.0))
    c.lights(lamps, c.palette.lamp, 1.1)


def _stall(c: Canvas, x: float, y: float, tone: Colour) -> None:
    light = mix(tone, c.palette.sun, 0.3)
    c.layer(Pen().box(x + 8, y + 40, x + 200, 580), mix(c.palette.near, tone, 0.18), c.air(0.0))
    fruit: list[Colour] = [(224, 150, 60), (186, 60, 52), (128, 156, 70), (232, 204, 110)]
    for n, colour in enumerate(fruit):

        def heap(pen: Pen, n: int = n) -> None:
            for k in range(24):
                pen.disc(x + 22 + n * 44 + (k % 6) * 6.4, 530 - (k // 6) * 6 + (k % 2) * 2, 5.2)

        c.layer(heap, mix(colour, c.palette.sun, 0.2), mix(colour, c.palette.near, 0.3))
    c.layer(Pen().box(x + 10, 536, x + 198, 586), mix((120, 84, 54), c.palette.near, 0.35), c.air(0.02))
    c.lights([(x + 60, y + 56, 4), (x + 150, y + 56, 4)], c.palette.lamp, 0.9)
    c.layer(Pen().polygon([(x + 24, y), (x + 184, y), (x + 218, y + 52), (x - 10, y + 52)]), light, tone)

    def stripes(pen: Pen) -> None:
        for n in range(0, 8, 2):
            a, b = x + 24 + n * 20, x - 10 + n * 28.5
            pen.polygon([(a, y), (a + 20, y), (b + 28.5, y + 52), (b, y + 52)])
            pen.disc(b + 14, y + 51, 14, 7)

    c.layer(stripes, (246, 236, 216), mix((246, 236, 216), tone, 0.25))
