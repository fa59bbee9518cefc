"""The catalogues of what the pages say: extract the messages, compile them, check that none is missing.

``python -m tools.messages extract | compile | check``
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
WEB = ROOT / "daily8" / "web"
PLURALS = {
    "en": "nplurals=2; plural=(n != 1);",
    "ar": (  # CLDR: zero, one, two, few, many, other
        "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
        "n%100>=11 && n%100<=99 ? 4 : 5;"
    ),
}
METHODS = [("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2"), ("**.py", "python")]
OPTIONS = {
    pattern: {"trimmed": "true", "silent": "false"} for pattern, method in METHODS if method == "jinja2"
}
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_noop": None,
    "gettext_lazy": None,
    "pgettext_lazy": ((1, "c"), 2),
    "ngettext_lazy": (1, 2),
}


def path(locale: str) -> Path:
    """Give the catalogue of a locale."""
    return WEB / "locale" / locale / "LC_MESSAGES" / "django.po"


def template() -> Catalog:
    """Collect every message that templates and views say."""
    catalog = Catalog(project="Daily8", charset="utf-8")
    found = extract_from_dir(
        WEB, METHODS, OPTIONS, KEYWORDS, comment_tags=["Translators:"], strip_comment_tags=True
    )
    for file, _line, message, comments, context in sorted(found, key=lambda each: (each[0], each[1])):
        catalog.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalog


class _Plain(Catalog):
    """A catalogue whose head says what a reader of it must know, and nothing that changes by itself."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Language", str(self.locale)),
            ("Plural-Forms", PLURALS[str(self.locale)]),
        ]


def _plain(locale: str, messages: Catalog) -> Catalog:
    catalog = _Plain(locale=locale, charset="utf-8", fuzzy=False)
    for message in messages:
        if message.id:
            catalog.add(
                message.id,
                message.string,
                locations=message.locations,
                flags=message.flags,
                context=message.context,
            )
    return catalog


def read(locale: str) -> Catalog:
    """Read the catalogue of a locale, an empty one where there is none."""
    file = path(locale)
    if not file.exists():
        return _Plain(locale=locale, charset="utf-8", fuzzy=False)
    with file.open("rb") as source:
        return _plain(locale, read_po(source, locale=locale, abort_invalid=True))


def compiled(catalog: Catalog) -> bytes:
    """Give the binary form of a catalogue."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def written(catalog: Catalog) -> bytes:
    """Give the text form of a catalogue."""
    out = io.BytesIO()
    catalog.header_comment = f"# What the pages say ({catalog.locale})."
    write_po(out, catalog, width=100, include_lineno=False, sort_by_file=True, ignore_obsolete=True)
    return out.getvalue()


def _fields(text: str | list[str] | tuple[str, ...]) -> set[str]:
    return set(re.findall(r"\{\w+\}", text if isinstance(text, str) else " ".join(text)))


def extract() -> None:
    """Bring the catalogues up to what the program says; English says what the message itself says."""
    for locale in PLURALS:
        old, catalog = read(locale), _plain(locale, template())
        for message in catalog:
            before = old.get(message.id, message.context) if message.id else None
            if locale == "en" and message.id:
                message.string = message.id
            elif before:
                message.string = before.string
        path(locale).parent.mkdir(parents=True, exist_ok=True)
        path(locale).write_bytes(written(catalog))


def compile_all() -> None:
    """Write the binary form of every catalogue."""
    for locale in PLURALS:
        path(locale).with_suffix(".mo").write_bytes(compiled(read(locale)))


def problems() -> Iterator[str]:
    """Tell what is missing, stale or wrong, one sentence each."""
    said = {(message.context, message.id): message for message in template() if message.id}
    for locale in PLURALS:
        catalog = read(locale)
        known = {(message.context, message.id): message for message in catalog if message.id}
        for key in said.keys() - known.keys():
            yield f"{locale}: {key[1]!r} is not in the catalogue; run `python -m tools.messages extract`."
        for key in known.keys() - said.keys():
            yield f"{locale}: {key[1]!r} is said nowhere; run `python -m tools.messages extract`."
        for message in known.values():
            strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
            if message.fuzzy or not all(strings):
                yield f"{locale}: {message.id!r} is not translated."
            if any(_fields(string) != _fields(message.id) for string in strings if string and "{" in string):
                yield f"{locale}: {message.id!r} is filled with other values than its translation."
            for error in message.check(catalog):
                yield f"{locale}: {message.id!r}: {error}"
        binary = path(locale).with_suffix(".mo")
        if not binary.exists() or binary.read_bytes() != compiled(catalog):
            yield f"{locale}: the .mo is not what the .po says; run `python -m tools.messages compile`."


def main(arguments: list[str]) -> int:
    """Do what the one argument names."""
    match arguments:
        case ["extract"]:
            extract()
        case ["compile"]:
            compile_all()
        case ["check"]:
            found = list(problems())
            print("\n".join(found) or "The catalogues are whole.")
            return 1 if found else 0
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
