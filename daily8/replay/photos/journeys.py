"""Roads, rails, runways and what turns in the wind."""

from __future__ import annotations

import math

from daily8.replay.photos.buildings import round_trees
from daily8.replay.photos.canvas import HEIGHT, WIDTH, Canvas, Colour, Pen, mix
from daily8.replay.photos.nature import palms


def train(c: Canvas) -> None:
    """Paint a fast train that leaves the picture, fields and wires behind it."""
    horizon = 380
    c.sky(horizon, clouds=c.chance(0.3, 0.6))
    c.land(c.ridge(horizon + 6, 90, rough=0.52), c.air(0.9), c.air(0.74), horizon)
    grass = mix((118, 136, 82), c.palette.horizon, 0.25)
    c.layer(Pen().box(0, horizon + 4, WIDTH, HEIGHT), grass, mix(grass, c.palette.near, 0.55))
    round_trees(c, [(c.chance(0, WIDTH), horizon + c.chance(10, 20), c.chance(20, 46)) for _ in range(20)])
    c.soften(horizon - 40, 470, 3)

    def wires(pen: Pen) -> None:
        for n in range(6):
            x = 60 + n * 240
            pen.line([(x, 250), (x, 560)], 4)
            pen.line([(x, 280), (x + 70, 292)], 3)
        pen.line([(0, 296), (WIDTH, 290)], 1.2)
        pen.line([(0, 270), (WIDTH, 262)], 1.0)

    c.layer(wires, c.air(0.3))
    ballast = mix((120, 112, 104), c.palette.near, 0.3)
    c.layer(
        Pen().polygon([(0, 596), (WIDTH, 570), (WIDTH, 680), (0, 700)]),
        ballast,
        mix(ballast, c.palette.near, 0.5),
    )
    white = mix((236, 238, 240), c.palette.middle, 0.12)
    body = [(-10, 404), (820, 424), (960, 450), (1052, 500), (1090, 552), (1080, 578), (-10, 610)]
    c.layer(Pen().polygon([(-10, 612), (1080, 580), (1100, 592), (-10, 634)], 160), c.palette.near)
    c.layer(Pen().polygon(body), mix(white, c.palette.sun, 0.3), mix(white, c.palette.near, 0.42))
    stripe: Colour = ((176, 44, 52), (28, 86, 140), (30, 120, 104))[c.pick(0, 2)]
    c.layer(Pen().polygon([(-10, 540), (1086, 545), (1084, 562), (-10, 566)]), stripe)

    def panes(pen: Pen) -> None:
        for n in range(13):
            x = 10 + n * 60
            pen.round_box(x, 456 + n * 0.9, x + 44, 496 + n * 0.6, 6)
        pen.polygon([(900, 448), (956, 458), (1030, 502), (960, 494), (906, 484)])

    c.layer(panes, mix(c.palette.top, (10, 14, 24), 0.55), mix(c.palette.middle, (20, 24, 34), 0.5))
    c.layer(Pen().polygon([(-10, 408), (820, 428), (900, 440), (-10, 424)], 120), (255, 255, 255))
    c.lights([(1066, 536, 7)], (255, 250, 230), 1.2)
    c.layer(
        Pen().line([(0, 640), (WIDTH, 604)], 4).line([(0, 676), (WIDTH, 628)], 5),
        mix(c.palette.horizon, c.palette.near, 0.45),
    )
    c.soften(640, HEIGHT, 4)


def airport(c: Canvas) -> None:
    """Paint an airliner over the runway lights."""
    c.sky(560, sun=c.chance(330, 480), clouds=c.chance(0.4, 0.8))
    c.land(c.ridge(566, 60, rough=0.5), c.air(0.9), c.air(0.7))
    c.layer(Pen().box(0, 560, WIDTH, HEIGHT), c.air(0.5), c.air(0.05))
    c.layer(
        Pen().polygon([(560, 562), (720, 562), (1150, HEIGHT), (130, HEIGHT)]),
        c.air(0.35),
        c.air(0.0),
    )
    spots = [
        (640 + side * (80 + 350 * t * t), 562 + 158 * t * t, 1.5 + 4 * t)
        for t in (k / 9 for k in range(10))
        for side in (-1, 1)
    ]
    c.lights(spots, (255, 222, 160), 1.0)
    x, y, s = c.chance(420, 820), c.chance(190, 300), c.chance(1.0, 1.35)

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x + dx * s, y + dy * s) for dx, dy in points]

    def wings(pen: Pen) -> None:
        pen.polygon(at((-8, 6), (-230, 46), (-234, 38), (-20, -8)))
        pen.polygon(at((8, 6), (230, 46), (234, 38), (20, -8)))
        pen.polygon(at((-4, -30), (-84, -20), (-82, -26), (-4, -44)))
        pen.polygon(at((4, -30), (84, -20), (82, -26), (4, -44)))
        pen.polygon(at((-3, -20), (-1, -104), (5, -104), (4, -20)))

    def body(pen: Pen) -> None:
        pen.disc(x, y, 29 * s, 29 * s)
        for engine in (-96, 96):
            pen.disc(x + engine * s, y + 34 * s, 15 * s)
        for leg in (-44, 44, 0):
            pen.line(at((leg, 20), (leg, 54)), 4 * s)
            pen.disc(x + leg * s, y + 56 * s, 6 * s)

    c.layer(wings, c.air(0.35), c.air(0.15))
    c.layer(body, mix(c.air(0.4), c.palette.sun, 0.3), c.air(0.05))
    c.lights(
        [(x - 60 * s, y + 16 * s, 6), (x + 60 * s, y + 16 * s, 6), (x, y + 40 * s, 5)], (255, 252, 236), 1.3
    )


def energy(c: Canvas) -> None:
    """Paint wind turbines over rows of solar panels."""
    horizon = 430
    c.sky(horizon, clouds=c.chance(0.3, 0.6))
    c.land(c.ridge(horizon + 6, 110, rough=0.52), c.air(0.88), c.air(0.7), horizon)
    for n in range(c.pick(5, 7)):
        _turbine(c, c.chance(40, 1240), horizon + 4 + 3 * n, 90 + 34 * n)
    ground = mix((150, 140, 92), c.palette.horizon, 0.2)
    c.layer(Pen().box(0, horizon + 16, WIDTH, HEIGHT), ground, mix(ground, c.palette.near, 0.5))
    glass = mix((38, 58, 104), c.palette.top, 0.3)
    for n in range(6):
        y = horizon + 30 + 250 * (n / 6) ** 1.6
        high = 12 + 13 * n
        c.layer(
            Pen().polygon(
                [
                    (-10, y + high * 1.5),
                    (WIDTH + 10, y + high * 1.5),
                    (WIDTH + 10, y + high * 1.8),
                    (-10, y + high * 1.8),
                ],
                120,
            ),
            c.palette.near,
        )

        def panels(pen: Pen, y: float = y, high: float = high) -> None:
            wide = high * 2.1
            for k in range(-1, int(WIDTH / wide) + 2):
                left = k * wide
                pen.polygon(
                    [
                        (left + high * 0.5, y),
                        (left + wide - 3 + high * 0.5, y),
                        (left + wide - 3, y + high * 1.5),
                        (left, y + high * 1.5),
                    ]
                )

        c.layer(panels, mix(glass, c.palette.horizon, 0.6 - 0.05 * n), mix(glass, c.palette.near, 0.3))


def _turbine(c: Canvas, x: float, foot: float, height: float) -> None:
    tone = mix((244, 244, 242), c.palette.far, max(0.0, 0.6 - height / 480))
    turn = c.chance(0, 2.1)

    def paint(pen: Pen) -> None:
        pen.polygon(
            [
                (x - height * 0.016, foot),
                (x + height * 0.016, foot),
                (x + height * 0.008, foot - height),
                (x - height * 0.008, foot - height),
            ]
        )
        for blade in range(3):
            a = turn + blade * math.tau / 3
            tip = (x + math.cos(a) * height * 0.56, foot - height + math.sin(a) * height * 0.56)
            side = (math.cos(a + 1.57) * height * 0.018, math.sin(a + 1.57) * height * 0.018)
            root = (x + math.cos(a) * height * 0.12, foot - height + math.sin(a) * height * 0.12)
            pen.polygon(
                [
                    (x, foot - height),
                    (root[0] + side[0], root[1] + side[1]),
                    tip,
                    (root[0] - side[0] * 0.3, root[1] - side[1] * 0.3),
                ]
            )
        pen.disc(x, foot - height, height * 0.024)

    c.layer(paint, mix(tone, c.palette.sun, 0.2), mix(tone, c.palette.far, 0.4))


def road(c: Canvas) -> None:
    """Paint a road to the horizon with the lights of cars."""
    horizon = 400
    c.sky(horizon, sun=c.chance(230, 380), clouds=c.chance(0.3, 0.7))
    c.land(c.ridge(horizon + 6, 120, rough=0.55), c.air(0.85), c.air(0.66), horizon)
    c.layer(Pen().box(0, horizon + 4, WIDTH, HEIGHT), c.air(0.6), c.air(0.12))
    c.layer(
        Pen().polygon([(624, horizon + 4), (656, horizon + 4), (1240, HEIGHT), (40, HEIGHT)]),
        c.air(0.45),
        mix(c.air(0.0), (40, 40, 46), 0.5),
    )

    def marks(pen: Pen) -> None:
        for n in range(12):
            a, b = (n / 12) ** 2.2, ((n + 0.5) / 12) ** 2.2
            pen.polygon(
                [
                    (640 - 9 * a, 404 + 316 * a),
                    (640 + 9 * a, 404 + 316 * a),
                    (640 + 9 * b, 404 + 316 * b),
                    (640 - 9 * b, 404 + 316 * b),
                ]
            )
        pen.line([(626, 406), (100, HEIGHT)], 2.5, 200)
        pen.line([(654, 406), (1180, HEIGHT)], 2.5, 200)

    c.layer(marks, (240, 236, 224))
    for t in (0.02, 0.06, 0.14, 0.3):
        y, wide = 404 + 316 * t, 8 + 70 * t
        for side, colour in ((-1, (255, 244, 214)), (1, (230, 60, 48))):
            x = 640 + side * (14 + 290 * t)
            c.layer(
                Pen().round_box(x - wide, y - wide * 1.1, x + wide, y + wide * 0.1, wide * 0.3),
                c.air(0.1),
                c.air(0.0),
            )
            c.lights(
                [
                    (x - wide * 0.7, y - wide * 0.4, 1.5 + 6 * t),
                    (x + wide * 0.7, y - wide * 0.4, 1.5 + 6 * t),
                ],
                colour,
                1.2,
            )
    palms(c, [(60, 560, 200, 12), (1220, 570, 230, -12), (250, 470, 90, 6), (1010, 470, 90, -6)], 0.15)
