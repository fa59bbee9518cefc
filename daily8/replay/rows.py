"""Reading rows: JSONL lines and Python rows into a corpus; a bad row is told and left out."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from urllib.parse import unquote, urlsplit

from daily8.news.types import ArticleKind
from daily8.replay.articles import FEED_PATHS, FORMATS, Article, Corpus, FeedFormat, Publisher, in_time_order

KINDS: tuple[str, ...] = get_args(ArticleKind)
MOST_PROBLEMS = 1000
YEARS = range(1900, 2200)
_RELATIVE = re.compile(r"([+-]?)(\d{1,9})\s*([smhdw])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
# ISO 639-2 and 639-3 codes met in research corpora, as the two letters of BCP 47.
_LONG_CODES = (
    "eng=en ara=ar deu=de ger=de fra=fr fre=fr spa=es por=pt rus=ru zho=zh chi=zh ita=it tur=tr slv=sl "
    "nld=nl dut=nl pol=pl ukr=uk fas=fa per=fa heb=he urd=ur hin=hi jpn=ja kor=ko ind=id swe=sv nor=no "
    "dan=da fin=fi ell=el gre=el ces=cs cze=cs hun=hu ron=ro rum=ro cat=ca hrv=hr srp=sr"
)
_SHORT = dict(pair.split("=") for pair in _LONG_CODES.split())
_LATIN = "a b t th j h kh d dh r z s sh s d t z a gh f q k l m n h w y a i a a a w y -"
_ARABIC = dict(zip("ابتثجحخدذرزسشصضطظعغفقكلمنهويأإآىةؤئء", _LATIN.split(), strict=True))


class BadRowError(ValueError):
    """A row that cannot be used; the message is the predicate of a sentence about it."""


def load_jsonl(lines: Iterable[str]) -> Corpus:
    """Read a corpus from JSON lines; see `corpus_from_rows` for the keys. Empty lines do not count."""
    builder = CorpusBuilder()
    for number, line in enumerate(lines, 1):
        text = line.lstrip("\ufeff").strip()
        if not text:
            continue
        try:
            row = json.loads(text)
        except (ValueError, RecursionError):  # deep nesting overflows the parser
            builder.tell(f"Line {number} is not JSON.")
            continue
        builder.add(row, f"Line {number}")
    return builder.corpus()


def corpus_from_rows(rows: Iterable[Mapping[str, Any]]) -> Corpus:
    """Read a corpus from rows.

    Keys: ``id, publisher, lang, time, title, text`` or ``html``, ``url, image, kind, author``; besides
    ``dek, tags, section, published`` (``-17m``, ``+2h``; wins over ``time``), ``updated, video, audio,
    duration, rights, captions`` or ``caption``, ``credit``, ``motif`` and facts ``publisher_name``,
    ``_country``, ``_lang``, ``_owner``, ``_kind``, ``_format``. Unknown keys are ignored.
    """
    builder = CorpusBuilder()
    for number, row in enumerate(rows, 1):
        builder.add(row, f"Row {number}")
    return builder.corpus()


class CorpusBuilder:
    """Gathers articles one by one and gives out slugs and paths that no two share."""

    def __init__(self) -> None:
        self._publishers: dict[str, dict[str, Any]] = {}
        self._slugs: set[str] = set()
        self._ids: set[str] = set()
        self._paths: set[tuple[str, str]] = set()
        self._articles: list[Article] = []
        self._problems: list[str] = []
        self._untold = 0

    def tell(self, sentence: str) -> None:
        """Note a problem."""
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(sentence)
        else:
            self._untold += 1

    def add(self, row: Any, where: str) -> None:
        """Take a row in, or tell why not, `where` being the subject of the sentence."""
        if not isinstance(row, Mapping):
            self.tell(f"{where} is not an object with keys.")
            return
        try:
            self._add_row(row, where)
        except BadRowError as problem:
            self.tell(f"{where} {problem}.")

    def _add_row(self, row: Mapping[str, Any], where: str) -> None:
        text, html = _text(row, "text"), _text(row, "html")
        title = _line(row, "title") or _first_words(text)
        if not title:
            raise BadRowError("has neither a title nor a text")
        language = _language(_line(row, "lang"))
        url = _line(row, "url")
        time, offset = _moment(row, "published", "time", "time_ms")
        updated, updated_offset = _moment(row, "updated")
        key = _line(row, "publisher") or _host(url) or f"Newswire {language or ''}".strip()
        identity = (
            _line(row, "id") or hashlib.sha256(f"{key}\n{url}\n{title}\n{time}".encode()).hexdigest()[:16]
        )
        kind = _line(row, "kind") or "text"
        if kind not in KINDS:
            self.tell(f"{where} is of the unknown kind {kind[:40]!r} and is taken as text.")
            kind = "text"
        article = Article(
            id=identity,
            publisher="",
            path=url_path(url) or "",
            title=title,
            language=language,
            time=time,
            offset=offset,
            updated=updated,
            updated_offset=updated_offset,
            kind=kind,  # type: ignore[arg-type]
            authors=_list(row, "author") or _list(row, "authors"),
            dek=_line(row, "dek"),
            text=text,
            html=html,
            image=_picture(_line(row, "image") or _line(row, "motif"), identity),
            motif=_line(row, "motif"),
            tags=_list(row, "tags"),
            section=_line(row, "section"),
            video=_line(row, "video"),
            audio=_line(row, "audio"),
            duration=_seconds(row, "duration"),
            rights=_line(row, "rights"),
            captions=_list(row, "captions") or _list(row, "caption"),
            credit=_line(row, "credit"),
        )
        self.put(
            article,
            key,
            name=_line(row, "publisher_name"),
            language=_language(_line(row, "publisher_lang")),
            country=_line(row, "publisher_country"),
            owner=_line(row, "publisher_owner"),
            kind=_line(row, "publisher_kind"),
            format=_line(row, "publisher_format"),
        )

    def put(self, article: Article, key: str, **facts: str | None) -> None:
        """Take an article of the publisher `key` in, giving it a slug and a path of its own.

        :raises BadRowError: for an id that is there already.
        """
        if article.id in self._ids:
            raise BadRowError(f"repeats the id {article.id[:80]!r} and is left out")
        self._ids.add(article.id)
        publisher = self._publishers.get(key)
        if publisher is None:
            publisher = self._publishers[key] = {"slug": self._slug(key), "languages": {}}
        for name, value in facts.items():
            if value and not publisher.get(name):
                publisher[name] = value
        publisher["podcast"] = publisher.get("podcast") or article.kind == "podcast"
        languages = publisher["languages"]
        languages[article.language] = languages.get(article.language, 0) + 1
        slug = publisher["slug"]
        path = self._path(slug, article)
        self._articles.append(dataclasses.replace(article, publisher=slug, path=path))

    def corpus(self) -> Corpus:
        """Give what was gathered."""
        problems = list(self._problems)
        if self._untold:
            problems.append(f"{self._untold} more rows could not be used.")
        publishers = tuple(
            _publisher(key, number, facts) for number, (key, facts) in enumerate(self._publishers.items())
        )
        return Corpus(publishers, in_time_order(self._articles), tuple(problems))

    def _slug(self, key: str) -> str:
        slug = wanted = slugify(key) or "p-" + hashlib.sha256(key.encode()).hexdigest()[:8]
        number = 1
        while slug in self._slugs:
            number += 1
            slug = f"{wanted}-{number}"
        self._slugs.add(slug)
        return slug

    def _path(self, slug: str, article: Article) -> str:
        path = article.path
        number, base = (
            1,
            f"/a/{slugify(article.id, 80) or hashlib.sha256(article.id.encode()).hexdigest()[:16]}",
        )
        if not path or is_reserved(path) or (slug, path) in self._paths:
            path = base
        while (slug, path) in self._paths:
            number += 1
            path = f"{base}-{number}"
        self._paths.add((slug, path))
        return path


def _publisher(key: str, number: int, facts: dict[str, Any]) -> Publisher:
    languages: dict[str | None, int] = facts["languages"]
    form: FeedFormat = FORMATS[number % len(FORMATS)]
    if facts["podcast"]:
        form = "rss"  # the only format that players of podcasts read
    if facts.get("format") in FEED_PATHS:
        form = facts["format"]
    return Publisher(
        key=key,
        slug=facts["slug"],
        name=facts.get("name") or key,
        format=form,
        language=facts.get("language") or max(languages, key=lambda code: languages[code]),
        country=facts.get("country"),
        owner=facts.get("owner"),
        kind=facts.get("kind"),
    )


def slugify(text: str, most: int = 40) -> str:
    """Give lower-case ASCII letters, digits and single hyphens, at most `most`; empty where none is left."""
    latin = "".join(_ARABIC.get(c, c) for c in text)
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:most].strip("-")


def url_path(url: str | None) -> str | None:
    """Give path and query of an address as the server knows them: decoded, beginning with a slash."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = plain_path(parts.path + (f"?{parts.query}" if parts.query else ""))
    return path if len(path) < 1500 and path.isprintable() else None


def plain_path(target: str) -> str:
    """Decode a request target, so that two spellings of one path are equal."""
    return "/" + unquote(target.partition("#")[0]).lstrip("/")


def is_reserved(path: str) -> bool:
    """Tell whether every publisher's host serves something of its own under `path`."""
    first = path.partition("?")[0]
    own = {"/", "/robots.txt", "/favicon.ico", "/logo.png", "/sitemap.xml", *FEED_PATHS.values()}
    return first in own or first.startswith(
        ("/sitemap-", "/img/", "/audio/", "/video/", "/a/", "/../", "/./")
    )


def _line(row: Mapping[str, Any], key: str) -> str | None:
    value = _text(row, key)
    return " ".join(value.split())[:2000] if value else None


def _text(row: Mapping[str, Any], key: str) -> str | None:
    value = row.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadRowError(f"has a {key} that is not text")
    # Lone surrogates come from JSON escapes and can be neither encoded nor shown.
    return str(value).encode("utf-8", "replace").decode().strip() or None


def _list(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = row.get(key)
    values = value if isinstance(value, list | tuple) else [value]
    lines = (_line({key: item}, key) for item in values[:100])
    return tuple(line for line in lines if line)


def _seconds(row: Mapping[str, Any], key: str) -> int | None:
    value = row.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
        raise BadRowError(f"has a {key} that is not a number of seconds")
    return int(value)


def _moment(row: Mapping[str, Any], *keys: str) -> tuple[datetime | None, timedelta | None]:
    for key in keys:
        value = row.get(key)
        if value is None or value == "":
            continue
        if isinstance(value, str) and (offset := relative(value)) is not None:
            return None, offset
        return moment(value, key), None
    return None, None


def relative(value: str) -> timedelta | None:
    """Read a distance to now such as ``-17m``, ``-2h``, ``-3d``, ``+10m``, ``now``; else give None."""
    if value.strip() in {"now", "0"}:
        return timedelta()
    match = _RELATIVE.fullmatch(value.strip())
    if not match:
        return None
    seconds = int(match[2]) * _UNITS[match[3]] * (-1 if match[1] == "-" else 1)
    if abs(seconds) > 36525 * 86400:
        raise BadRowError("has a relative time of more than a hundred years")
    return timedelta(seconds=seconds)


def moment(value: Any, key: str = "time") -> datetime:
    """Read RFC 3339, ISO 8601 without a zone (taken as UTC), or epoch seconds or milliseconds.

    :raises BadRowError: for anything else, and for a year outside 1900 to 2199.
    """
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            time = datetime.fromtimestamp(value / 1000 if abs(value) > 1e11 else value, UTC)
        else:
            time = datetime.fromisoformat(str(value).strip())
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise BadRowError(f"has a {key} that is no time: {str(value)[:40]!r}") from None
    if time.year not in YEARS:
        raise BadRowError(f"has a {key} outside the years 1900 to 2199")
    return time.replace(microsecond=0)


def _language(code: str | None) -> str | None:
    if not code:
        return None
    plain = code.replace("_", "-").lower()
    return _SHORT.get(plain, plain) if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", plain) else None


def _host(url: str | None) -> str | None:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def _first_words(text: str | None) -> str | None:
    line = next(iter((text or "").splitlines()), "").strip()
    return line if len(line) <= 140 else line[:140].rsplit(" ", 1)[0] + " …"


def _picture(value: str | None, identity: str) -> str | None:
    if not value:
        return None
    folder, _, name = plain_path(value).partition("?")[0].rpartition("/")
    stem = name.rsplit(".", 1)[0]
    if folder == "/img" and stem == slugify(stem, 100):
        return stem
    return f"{slugify(stem, 48) or 'photo'}-{hashlib.sha256(identity.encode()).hexdigest()[:8]}"
