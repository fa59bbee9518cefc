"""Photographs drawn by program, and the marks of publishers: the same bytes for the same arguments."""

from __future__ import annotations

import colorsys
import hashlib
import io
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from PIL import Image, ImageDraw, ImageOps

from daily8.replay.photos import buildings, city, journeys, nature, rooms
from daily8.replay.photos.canvas import DAY, HEIGHT, WIDTH, Canvas

_BRIGHT = ("golden", "noon", "overcast", "teal", "rose", "dawn")
_LOW_SUN = ("dawn", "golden", "dusk", "rose")
_SCENES: dict[str, tuple[Callable[[Canvas], None], tuple[str, ...]]] = {
    "airport": (journeys.airport, ("dusk", "dawn", "overcast", "teal")),
    "court": (buildings.court, _BRIGHT),
    "crowd": (rooms.crowd, ("dusk", "golden", "dawn", "overcast")),
    "desert": (nature.desert, (*_LOW_SUN, "noon", "teal")),
    "energy": (journeys.energy, DAY),
    "factory": (city.factory, ("golden", "overcast", "dusk", "teal")),
    "fields": (nature.fields, DAY),
    "forest": (nature.forest, ("dawn", "golden", "teal", "overcast", "rose")),
    "hospital": (buildings.hospital, _BRIGHT),
    "lab": (rooms.lab, ("teal", "noon", "rose", "overcast")),
    "library": (rooms.library, ("golden", "dawn", "noon", "dusk")),
    "market": (buildings.market, ("dusk", "golden", "rose")),
    "mountains": (nature.mountains, DAY),
    "night": (city.night, ("night",)),
    "parliament": (buildings.parliament, _BRIGHT),
    "port": (city.port, (*DAY, "dusk")),
    "portrait": (rooms.portrait, (*DAY, "dusk")),
    "river": (nature.river, (*_LOW_SUN, "teal")),
    "road": (journeys.road, _LOW_SUN),
    "school": (buildings.school, _BRIGHT),
    "sea": (nature.sea, (*DAY, "dusk")),
    "skyline": (city.skyline, DAY),
    "snow": (nature.snow, ("overcast", "rose", "noon", "dawn")),
    "space": (nature.space, ("night",)),
    "stadium": (city.stadium, ("dusk", "night")),
    "storm": (nature.storm, ("storm",)),
    "studio": (rooms.studio, ("dusk", "teal", "rose")),
    "technology": (rooms.technology, ("night",)),
    "train": (journeys.train, (*DAY, "dusk")),
}
MOTIFS: tuple[str, ...] = tuple(_SCENES)

_WORDS: dict[str, str] = {
    "airport": "airport airline flight plane aviation مطار طيران طائرة",
    "court": "court judge trial verdict ruling lawsuit محكمة قاض قضاء",
    "crowd": "protest march rally demonstration strike مظاهرة احتجاج إضراب",
    "desert": "desert drought sand oasis صحراء جفاف رمال",
    "energy": "solar wind electricity power energy كهرباء طاقة",
    "factory": "factory plant steel industry jobs مصنع صناعة",
    "fields": "farm farmers harvest crop wheat rice زراعة محصول قمح مزارع",
    "forest": "forest wildfire fire trees wildlife غابة غابات حريق",
    "hospital": "hospital doctors patients clinic nurses health مستشفى أطباء مرضى صحة",
    "lab": "study scientists vaccine research virus science دراسة علماء لقاح علوم",
    "library": "library book books novel museum archive مكتبة كتاب كتب رواية متحف",
    "market": "market prices food inflation shops سوق أسعار تضخم",
    "mountains": "mountain earthquake quake glacier جبل جبال زلزال",
    "parliament": "parliament election minister government vote politics برلمان انتخابات وزير حكومة سياسة",
    "port": "port harbour trade shipping tariffs ميناء تجارة شحن",
    "river": "river nile flood dam نهر النيل فيضان سد",
    "road": "road traffic crash motorway bus طريق مرور حادث",
    "school": "school pupils teachers education university مدرسة تعليم طلاب جامعة",
    "sea": "sea ocean ferry ship coast fishing بحر عبارة سفينة ساحل",
    "snow": "snow winter ice ثلج ثلوج شتاء",
    "space": "space moon stars telescope rocket comet فضاء قمر نجوم صاروخ",
    "stadium": "football match cup league goal sport final كرة مباراة كأس دوري رياضة",
    "storm": "storm cyclone hurricane rain weather عاصفة إعصار أمطار طقس",
    "studio": "podcast radio episode بودكاست إذاعة حلقة",
    "technology": "technology data software internet chip cable تقنية بيانات إنترنت كابل",
    "train": "train rail railway metro قطار سكة مترو",
}
_BY_WORD = {word: motif for motif, words in _WORDS.items() for word in words.split()}


def motif_for(words: str) -> str:
    """Choose a motif by the words of an article, else by chance of its name."""
    for word in words.lower().split():
        plain = word.strip(".,:;!?\"'«»()،؛؟")
        motif = (
            _BY_WORD.get(plain) or _BY_WORD.get(plain.removeprefix("ال")) or _BY_WORD.get(plain.rstrip("s"))
        )
        if motif:
            return motif
    return MOTIFS[_number(words) % len(MOTIFS)]


@lru_cache(maxsize=400)
def draw(seed: str, motif: str, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """Draw a photograph of a motif as JPEG.

    :raises KeyError: for a motif that is not one of `MOTIFS`.
    """
    scene, hours = _SCENES[motif]
    canvas = Canvas(_number(f"{seed}\n{motif}"), hours)
    scene(canvas)
    image = canvas.finish()
    if (width, height) != (WIDTH, HEIGHT):
        image = ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=86)
    return file.getvalue()


@lru_cache(maxsize=400)
def mark(seed: str, form: Literal["PNG", "ICO"]) -> bytes:
    """Draw a publisher's mark, a few plain shapes in two tones: 256 pixels square, or an icon of 16 to 48."""
    number = _number(seed)
    ground = _tone(number % 360, 0.55, 0.36)
    bright = _tone((number // 360 % 50 + number) % 360, 0.5, 0.86)
    image = Image.new("RGBA", (512, 512))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, 511, 511), 96, fill=ground)
    shape = number // 18000 % 5
    if shape == 0:
        pen.pieslice((96, 96, 736, 736), 180, 270, fill=bright)
        pen.ellipse((288, 288, 416, 416), fill=ground)
    elif shape == 1:
        for n in range(3):
            pen.rounded_rectangle((104, 120 + 104 * n, 408 - 88 * (n % 2), 184 + 104 * n), 32, fill=bright)
    elif shape == 2:
        pen.ellipse((96, 96, 416, 416), fill=bright)
        pen.ellipse((184, 60, 470, 346), fill=ground)
    elif shape == 3:
        pen.polygon([(256, 84), (428, 256), (256, 428), (84, 256)], fill=bright)
        pen.rectangle((220, 220, 292, 292), fill=ground)
    else:
        pen.arc((96, 96, 416, 416), 200, 520, fill=bright, width=64)
        pen.ellipse((216, 216, 296, 296), fill=bright)
    file = io.BytesIO()
    if form == "ICO":
        image.reduce(2).save(file, form, sizes=[(16, 16), (32, 32), (48, 48)])
    else:
        image.reduce(2).save(file, form)
    return file.getvalue()


def _tone(hue: int, saturation: float, value: float) -> tuple[int, int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue / 360, saturation, value)
    return round(255 * red), round(255 * green), round(255 * blue), 255


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
