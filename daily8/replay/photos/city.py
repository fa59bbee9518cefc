"""Cities, works and public buildings."""

from __future__ import annotations

import math

from daily8.replay.photos.canvas import HEIGHT, WIDTH, Canvas, Colour, Pen, mix
from daily8.replay.photos.nature import ship

Box = tuple[float, float, float, float]


def skyline(c: Canvas) -> None:
    """Paint a city by day across its water, towers behind towers."""
    ground = c.pick(520, 560)
    c.sky(ground, clouds=c.chance(0.3, 0.7))
    c.land(c.ridge(ground, 60, rough=0.5), c.air(0.95), c.air(0.85), ground)
    for depth, tallest, count in ((0.85, 250, 34), (0.6, 320, 26), (0.34, 240, 20)):
        towers = _towers(c, ground, tallest, count)
        _paint_towers(c, towers, depth)
        c.haze(ground - 190, ground, 0.3)
    _minaret(c, c.chance(120, 1160), ground, c.chance(130, 190), 0.3)
    if c.chance(0, 1) < 0.7:
        c.water(ground, calm=c.chance(0.5, 0.8))
    else:
        _foreground_roofs(c, ground)


def night(c: Canvas) -> None:
    """Paint a city by night: lit windows, their mirror in the water, a moon."""
    ground = c.pick(500, 540)
    c.sky(ground, sun=c.chance(70, 200), clouds=c.chance(0.2, 0.6), glow=0.55)
    c.glow([(0, ground), (WIDTH, ground)], (196, 132, 92), 60, 130)
    for depth, tallest, count in ((0.85, 260, 34), (0.45, 330, 26), (0.15, 210, 20)):
        towers = _towers(c, ground, tallest, count)
        _paint_towers(c, towers, depth)
        _windows(c, towers, 0.42 - depth * 0.3)
    c.lights([(x, ground - 5, 2.6) for x in range(12, WIDTH, 46)], (255, 196, 120), 0.8)
    c.water(ground, calm=0.55, depth=0.3)


def _towers(c: Canvas, ground: float, tallest: float, count: int) -> list[Box]:
    middle = c.chance(350, 930)
    boxes = []
    for n in range(count):
        x = -40 + n * (WIDTH + 60) / count + c.chance(-18, 18)
        favour = math.exp(-(((x - middle) / 300) ** 2))
        height = tallest * (0.22 + 0.28 * c.chance(0, 1) + 0.6 * favour * c.chance(0.3, 1))
        boxes.append((x, ground - height, x + c.chance(26, 66), ground))
    return boxes


def _roof(pen: Pen, left: float, top: float, right: float, foot: float) -> None:
    wide, middle = right - left, (left + right) / 2
    shape = int(left * 7) % 5
    if shape == 0:
        pen.box(left + wide * 0.2, top - 14, right - wide * 0.2, top)
    elif shape == 1:
        pen.line([(middle, top), (middle, top - 44)], 1.4)
    elif shape == 2:
        pen.polygon([(left, top), (right, top), (right, top - wide * 0.55)])
    elif shape == 3 and foot - top > 170:
        pen.half_disc(middle, top, wide / 2, wide * 0.45)


def _paint_towers(c: Canvas, towers: list[Box], depth: float) -> None:
    lit = mix(c.air(depth), c.palette.sun, 0.0 if c.palette.dark else 0.2)

    def bodies(pen: Pen) -> None:
        for tower in towers:
            pen.box(*tower)
            _roof(pen, *tower)

    def sides(pen: Pen) -> None:
        for left, top, right, foot in towers:
            if c.sun[0] > (left + right) / 2:
                pen.box(right - (right - left) * 0.3, top, right, foot)
            else:
                pen.box(left, top, left + (right - left) * 0.3, foot)

    def storeys(pen: Pen) -> None:
        for left, top, right, foot in towers:
            for y in range(int(top) + 6, int(foot), 7):
                pen.box(left + 3, y, right - 3, y + 2.0, 90)

    c.layer(bodies, c.air(depth), mix(c.air(depth), c.palette.horizon, 0.3))
    if not c.palette.dark:
        c.layer(sides, lit, mix(lit, c.palette.horizon, 0.35))
        c.layer(storeys, mix(c.air(depth), c.palette.near, 0.45))


def _windows(c: Canvas, towers: list[Box], share: float) -> None:
    def paint(pen: Pen) -> None:
        for left, top, right, foot in towers:
            for y in range(int(top) + 6, int(foot) - 4, 8):
                for x in range(int(left) + 4, int(right) - 5, 7):
                    if c.chance(0, 1) < share:
                        pen.box(x, y, x + 3.2, y + 3.6, c.pick(110, 255))

    c.layer(paint, c.palette.lamp, mix(c.palette.lamp, (255, 244, 220), 0.4))


def _minaret(c: Canvas, x: float, ground: float, height: float, depth: float) -> None:
    def paint(pen: Pen) -> None:
        pen.box(x - 6, ground - height, x + 6, ground)
        for level in (0.55, 0.82):
            pen.box(x - 10, ground - height * level, x + 10, ground - height * level + 6)
        pen.box(x - 4, ground - height - 20, x + 4, ground - height)
        pen.half_disc(x, ground - height - 18, 7, 10)
        pen.line([(x, ground - height - 28), (x, ground - height - 44)], 1.2)
        pen.box(x + 22, ground - 46, x + 92, ground)
        pen.half_disc(x + 57, ground - 44, 30, 36)
        pen.line([(x + 57, ground - 80), (x + 57, ground - 94)], 1.2)

    c.layer(paint, c.air(depth), c.air(depth + 0.15))


def _foreground_roofs(c: Canvas, ground: float) -> None:
    def paint(pen: Pen) -> None:
        x = -20.0
        while x < WIDTH:
            wide, high = c.chance(50, 130), c.chance(20, 110)
            pen.box(x, ground + 60 - high * 0.6, x + wide, HEIGHT)
            pen.box(x + wide * 0.2, ground + 44 - high * 0.6, x + wide * 0.34, ground + 60)
            x += wide + c.chance(-6, 10)

    c.layer(Pen().box(0, ground, WIDTH, HEIGHT), c.air(0.3), c.air(0.05))
    c.layer(paint, c.air(0.12), c.air(0.0))


def port(c: Canvas) -> None:
    """Paint a harbour: cranes, stacks of boxes, a ship at the quay."""
    quay = c.pick(500, 530)
    c.sky(quay, sun=c.chance(160, 420), clouds=c.chance(0.3, 0.6))
    c.land(c.ridge(quay, 70, rough=0.52), c.air(0.95), c.air(0.82), quay)
    c.haze(quay - 130, quay, 0.35)
    for n in range(c.pick(3, 4)):
        _crane(c, 140 + n * 290 + c.chance(-40, 40), quay, c.chance(0.8, 1.15), 0.62 - n * 0.11)
    colours: list[Colour] = [(176, 74, 58), (52, 96, 130), (206, 150, 70), (84, 122, 104), (150, 150, 146)]
    for n, colour in enumerate(colours):
        tone = mix(mix(colour, c.palette.near, 0.35), c.palette.horizon, 0.18)

        def boxes(pen: Pen, n: int = n) -> None:
            for column in range(26):
                for row in range(1 + (column * 7 + int(c.sun[0])) % 4):
                    if (column * 3 + row * 5) % 5 == n:
                        pen.box(
                            column * 50 - 10, quay - 19 * (row + 1), column * 50 + 37, quay - 19 * row - 1
                        )

        c.layer(boxes, tone, mix(tone, c.palette.near, 0.3))
    c.layer(Pen().box(0, quay - 1, WIDTH, quay + 16), c.air(0.1))
    c.water(quay + 14, calm=0.5)
    ship(c, c.chance(380, 900), quay + 70, 2.0)


def _crane(c: Canvas, x: float, foot: float, size: float, depth: float) -> None:
    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x + dx * size, foot + dy * size) for dx, dy in points]

    def paint(pen: Pen) -> None:
        for leg in (-40, 40):
            pen.line(at((leg, 0), (leg * 0.8, -190)), 5 * size)
        pen.line(at((-38, -70), (38, -70)), 4 * size)
        pen.line(at((-40, 0), (34, -110)), 2 * size)
        pen.line(at((-90, -190), (190, -190)), 6 * size)
        pen.line(at((-10, -190), (6, -262), (22, -190)), 4 * size)
        pen.line(at((6, -260), (180, -192)), 1.4 * size)
        pen.line(at((6, -260), (-86, -192)), 1.4 * size)
        pen.box(*at((60, -188))[0], *at((84, -170))[0])
        pen.line(at((104, -188), (104, -96)), 1.0)
        pen.box(*at((88, -96))[0], *at((122, -80))[0])

    c.layer(paint, c.air(depth), c.air(depth * 0.7))


def factory(c: Canvas) -> None:
    """Paint works with chimneys, their smoke lit from behind."""
    ground = 590
    c.sky(ground, sun=c.chance(240, 460), clouds=c.chance(0.3, 0.6))
    c.land(c.ridge(ground - 40, 80, rough=0.52), c.air(0.92), c.air(0.8), ground)
    stacks = [(200 + n * 190 + c.chance(-50, 50), c.chance(190, 330)) for n in range(c.pick(3, 5))]
    for x, height in stacks:
        _smoke(c, x, ground - height)

    def paint(pen: Pen) -> None:
        for x, height in stacks:
            pen.polygon(
                [(x - 15, ground), (x - 9, ground - height), (x + 9, ground - height), (x + 15, ground)]
            )
        left = -20.0
        while left < WIDTH:
            wide, high = c.chance(120, 240), c.chance(60, 130)
            pen.box(left, ground - high, left + wide, HEIGHT)
            if c.chance(0, 1) < 0.6:
                for tooth in range(int(wide // 40)):
                    a = left + tooth * 40
                    pen.polygon([(a, ground - high), (a, ground - high - 26), (a + 40, ground - high)])
            left += wide + c.chance(0, 40)
        pen.box(0, ground - 48, WIDTH, HEIGHT)
        for tank in (0.3, 0.7):
            pen.half_disc(WIDTH * tank, ground - 66, 46, 20)
            pen.box(WIDTH * tank - 46, ground - 68, WIDTH * tank + 46, ground)

    c.layer(paint, c.air(0.26), c.air(0.06))

    def panes(pen: Pen) -> None:
        for x in range(20, WIDTH, 26):
            if (x * 7) % 5 < 3:
                pen.box(x, ground - 34, x + 12, ground - 22, 200)

    c.layer(panes, c.palette.lamp)
    c.layer(Pen().box(0, ground + 40, WIDTH, HEIGHT), c.air(0.08), c.air(0.0))
    c.haze(ground - 60, ground + 60, 0.25)


def _smoke(c: Canvas, x: float, y: float) -> None:
    def paint(pen: Pen) -> None:
        for n in range(26):
            t = n / 26
            pen.disc(
                x + 210 * t**1.2 + c.chance(-10, 10),
                y - 200 * t**0.8 + c.chance(-10, 10),
                10 + 58 * t,
                value=round(150 * (1 - t) + 22),
            )

    c.layer(paint, mix(c.palette.far, c.palette.near, 0.1), mix(c.palette.sun, c.palette.far, 0.3))


def stadium(c: Canvas) -> None:
    """Paint a football ground at dusk under its floodlights."""
    c.sky(330, sun=300, clouds=c.chance(0.3, 0.6), glow=0.7)

    def stands(pen: Pen) -> None:
        pen.polygon(
            [(-10, 250), (300, 300), (980, 300), (1290, 250), (1290, 470), (980, 420), (300, 420), (-10, 470)]
        )

    c.layer(
        Pen().polygon(
            [(-10, 196), (300, 270), (980, 270), (1290, 196), (1290, 262), (980, 304), (300, 304), (-10, 262)]
        ),
        c.air(0.3),
        c.air(0.05),
    )
    c.layer(Pen().box(0, 418, WIDTH, HEIGHT), c.air(0.2), mix(c.air(0.0), (60, 40, 44), 0.4))
    c.layer(stands, mix(c.air(0.2), (60, 60, 80), 0.4), c.air(0.05))

    def crowd(pen: Pen) -> None:
        for _ in range(2200):
            x = c.chance(0, WIDTH)
            edge = abs(x - 640) / 640
            bend = max(0.0, (edge - 0.53) / 0.47)
            top, foot = 304 - 44 * bend, 416 + 46 * bend
            pen.disc(x, c.chance(top, foot), 1.7, 2.1, value=c.pick(40, 210))

    c.layer(crowd, mix(c.palette.lamp, (255, 255, 255), 0.3), mix((190, 80, 70), c.palette.lamp, 0.4))
    grass: Colour = (52, 122, 66)
    far, near = mix(grass, (210, 230, 190), 0.3), mix(grass, (10, 40, 24), 0.35)
    c.layer(Pen().polygon([(300, 420), (980, 420), (1500, HEIGHT), (-220, HEIGHT)]), far, near)

    def mown(pen: Pen) -> None:
        rows = [420 + 300 * (k / 9) ** 1.7 for k in range(10)]
        for k in range(0, 9, 2):
            a, b = rows[k], rows[k + 1]
            pen.polygon(
                [
                    (300 - 1.733 * (a - 420), a),
                    (980 + 1.733 * (a - 420), a),
                    (980 + 1.733 * (b - 420), b),
                    (300 - 1.733 * (b - 420), b),
                ],
                60,
            )

    def lines(pen: Pen) -> None:
        pen.line([(330, 428), (950, 428)], 1.6, 220)
        pen.line([(640, 428), (640, HEIGHT)], 2.4, 190)
        pen.line([(640 + 210 * math.cos(t / 20), 560 + 62 * math.sin(t / 20)) for t in range(127)], 2.6, 200)
        pen.line([(330, 428), (-160, HEIGHT)], 2.4, 200)
        pen.line([(950, 428), (1440, HEIGHT)], 2.4, 200)

    c.layer(mown, (226, 246, 190))
    c.layer(lines, (240, 246, 236))
    _floodlights(c)
    _players(c)


def _floodlights(c: Canvas) -> None:
    spots = []
    for x, y in ((150, 120), (430, 176), (850, 176), (1130, 120)):
        c.layer(Pen().line([(x, y), (x, 300)], 4), c.air(0.05))
        c.layer(Pen().box(x - 34, y - 18, x + 34, y + 8), c.air(0.1))
        spots += [(x - 26 + 13 * n, y - 11 + 12 * row, 4.6) for n in range(5) for row in range(2)]
        c.glow([(x - 20, y), (x + 20, y)], (236, 242, 255), 40, 70)
    c.lights(spots, (250, 250, 255), 1.0)


def _players(c: Canvas) -> None:
    for shirt in ((206, 60, 56), (240, 240, 236)):
        places = [(c.chance(180, 1100), c.chance(450, 660)) for _ in range(5)]

        def shadows(pen: Pen, places: list[tuple[float, float]] = places) -> None:
            for x, y in places:
                pen.disc(x + 8, y + 1, (y - 330) * 0.09, (y - 330) * 0.018, 110)

        def bodies(pen: Pen, places: list[tuple[float, float]] = places) -> None:
            for x, y in places:
                s = (y - 330) / 190
                pen.round_box(x - 6 * s, y - 34 * s, x + 6 * s, y - 15 * s, 4 * s)

        def limbs(pen: Pen, places: list[tuple[float, float]] = places) -> None:
            for x, y in places:
                s = (y - 330) / 190
                pen.disc(x, y - 39 * s, 4.2 * s)
                pen.line([(x - 2 * s, y - 16 * s), (x - 7 * s, y)], 3.4 * s)
                pen.line([(x + 2 * s, y - 16 * s), (x + 8 * s, y - 4 * s)], 3.4 * s)
                pen.line([(x - 6 * s, y - 31 * s), (x - 12 * s, y - 20 * s)], 2.6 * s)
                pen.line([(x + 6 * s, y - 31 * s), (x + 12 * s, y - 24 * s)], 2.6 * s)

        c.layer(shadows, (10, 30, 18))
        c.layer(limbs, (66, 48, 40))
        c.layer(bodies, shirt, mix(shirt, (20, 20, 30), 0.35))
