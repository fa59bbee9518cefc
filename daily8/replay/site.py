"""The simulated web as a pure function: host, path, headers and corpus time in, an answer out."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from daily8.replay import feeds, markup, sitemaps
from daily8.replay.articles import DOMAIN, FEED_PATHS, Article, Corpus, Publisher
from daily8.replay.clock import CorpusClock
from daily8.replay.drawing import MOTIFS, draw, mark, motif_for
from daily8.replay.rows import plain_path
from daily8.replay.shelf import NEWS_WINDOW, Shelf, as_of, changed, is_out
from daily8.replay.sound import episode_seconds, silence

FRONT_PAGE_ARTICLES = 30
OLDER_LINKS = 5
SITEMAP_ADDRESSES = 50_000
"""The most that one sitemap may hold (sitemaps.org protocol)."""
_PICTURES = re.compile(r'"/img/([a-z0-9-]{1,100})\.jpg"')
_GZIP_FROM = 400
_MOST_KEPT = 1 << 26
"""Bytes of documents that are remembered."""
_BARE_HOSTS = {"127.0.0.1", "localhost", "[::1]", ""}


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response; the header `Content-Length` is the sender's matter."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class _Document:
    body: bytes
    type: str
    max_age: int
    changed: datetime | None = None
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "etag", hashlib.sha256(self.body).hexdigest()[:24])


class Site:
    """All hosts of a replay. It remembers what it drew, and nothing else."""

    def __init__(self, corpus: Corpus, port: int, clock: CorpusClock, *, entries: int = 500) -> None:
        """Settle the corpus against the clock's now; feeds carry at most `entries` articles."""
        self.corpus = corpus.at(clock.now).on_port(port)
        self.port = port
        self.clock = clock
        self.entries = entries
        by_slug: dict[str, list[Article]] = {p.slug: [] for p in self.corpus.publishers}
        for article in self.corpus.articles:
            by_slug[article.publisher].append(article)
        self._shelves = {p.slug: Shelf(p, by_slug[p.slug]) for p in self.corpus.publishers}
        self._media: dict[str, dict[str, Article]] = {}
        self._kept: OrderedDict[tuple[str, str, int], _Document] = OrderedDict()
        self._kept_bytes = 0
        self._packed: OrderedDict[str, bytes] = OrderedDict()

    def address(self, article: Article) -> str:
        """Give the address of an article."""
        return feeds.link(self._shelves[article.publisher].publisher, article)

    def respond(self, host: str, path: str, headers: Mapping[str, str], corpus_time: datetime) -> Answer:
        """Answer a GET for `path` (with query) on `host` (port or not); header names are in lower case."""
        name = re.sub(r":\d*$", "", host.strip().lower())
        route = plain_path(path)
        if name in _BARE_HOSTS:
            document = self._directory(route, _port(host) or self.port, corpus_time)
            missing = "This address knows /, /opml and /status."
        else:
            label, _, domain = name.partition(".")
            shelf = self._shelves.get(label) if domain in {DOMAIN, "localhost"} else None
            if shelf is None:
                return _sentence(404, f"No publisher of this replay has the host {name[:100]}.", corpus_time)
            if route == FEED_PATHS["rss"] and shelf.publisher.format != "rss":
                return _sentence(301, "The feed is elsewhere.", corpus_time, Location=shelf.publisher.feed)
            try:
                document = self._of_publisher(shelf, route, corpus_time)
            except OSError as problem:
                return _sentence(500, f"The page cannot be read: {problem}.", corpus_time)
            missing = f"{shelf.publisher.name} has nothing at this address, or not yet."
        if document is None:
            return _sentence(404, missing, corpus_time)
        return self._conditional(document, headers, corpus_time)

    def status(self, corpus_time: datetime) -> dict[str, object]:
        """Tell the clock's state and how much is out."""
        return {
            "time": feeds.rfc3339(corpus_time),
            "start": feeds.rfc3339(self.clock.start),
            "now": feeds.rfc3339(self.clock.now.astimezone(UTC)),
            "speed": self.clock.speed,
            "publishers": len(self.corpus.publishers),
            "articles": len(self.corpus.articles),
            "articles_out": sum(is_out(a, corpus_time) for a in self.corpus.articles),
            "problems": list(self.corpus.problems),
        }

    @property
    def opml(self) -> str:
        """Give the subscriptions to all publishers."""
        return sitemaps.opml("Replay", self.corpus.publishers)

    def _directory(self, route: str, port: int, now: datetime) -> _Document | None:
        if route == "/":
            title = f"A replay of {len(self.corpus.publishers)} publishers"
            page = markup.listing(title, self.corpus.publishers, port, self.corpus.problems)
            return _Document(page, "text/html; charset=utf-8", 0)
        if route == "/opml":
            return _Document(self.opml.encode(), "text/x-opml; charset=utf-8", 0)
        if route == "/status":
            text = json.dumps(self.status(now), ensure_ascii=False, indent=1) + "\n"
            return _Document(text.encode(), "application/json", 0)
        return None

    def _of_publisher(self, shelf: Shelf, route: str, now: datetime) -> _Document | None:
        key = (shelf.publisher.slug, route, shelf.version(now))
        document = self._kept.get(key)
        if document is None:
            maker = self._maker(shelf, route)
            document = maker(shelf, route, now) if maker else None
            if document is not None and not document.type.startswith(("image/", "audio/")):
                self._keep(key, document)
        return document

    def _keep(self, key: tuple[str, str, int], document: _Document) -> None:
        self._kept[key] = document
        self._kept_bytes += len(document.body)
        while self._kept_bytes > _MOST_KEPT:
            _, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= len(oldest.body)

    def _maker(self, shelf: Shelf, route: str) -> Callable[[Shelf, str, datetime], _Document | None] | None:
        fixed: dict[str, Callable[[Shelf, str, datetime], _Document | None]] = {
            "/": self._front,
            FEED_PATHS[shelf.publisher.format]: self._feed,
            "/robots.txt": _robots,
            "/sitemap.xml": self._sitemap_index,
            "/sitemap-all.xml": self._sitemap,
            "/sitemap-news.xml": self._news_sitemap,
            "/favicon.ico": _icon,
            "/logo.png": _icon,
        }
        if route.startswith(("/img/", "/audio/")):
            return self._medium
        return fixed.get(route, self._article)

    def _front(self, shelf: Shelf, route: str, now: datetime) -> _Document:
        articles = shelf.shown(now, FRONT_PAGE_ARTICLES)
        page = markup.front_page(shelf.publisher, articles)
        return _Document(page, "text/html; charset=utf-8", 60, changed(articles))

    def _feed(self, shelf: Shelf, route: str, now: datetime) -> _Document:
        articles = shelf.shown(now, self.entries)
        kind = feeds.TYPES[shelf.publisher.format] + "; charset=utf-8"
        return _Document(feeds.feed(shelf.publisher, articles), kind, 300, changed(articles))

    def _sitemap_index(self, shelf: Shelf, route: str, now: datetime) -> _Document:
        articles = shelf.shown(now)
        return _xml(sitemaps.sitemap_index(shelf.publisher, articles), changed(articles))

    def _sitemap(self, shelf: Shelf, route: str, now: datetime) -> _Document:
        articles = shelf.shown(now, SITEMAP_ADDRESSES)
        return _xml(sitemaps.sitemap(shelf.publisher, articles), changed(articles))

    def _news_sitemap(self, shelf: Shelf, route: str, now: datetime) -> _Document:
        articles = shelf.shown(now, since=now - NEWS_WINDOW)
        dropped = [a.time + NEWS_WINDOW for a in shelf.shown(now) if a.time and a.time + NEWS_WINDOW <= now]
        # It shows no updates, so only arrivals and departures change it.
        moments = [t for t in (*(a.time for a in articles[:1]), *dropped[:1]) if t]
        return _xml(sitemaps.news_sitemap(shelf.publisher, articles), max(moments, default=None))

    def _article(self, shelf: Shelf, route: str, now: datetime) -> _Document | None:
        article = shelf.find(route, now)
        if article is None:
            return None
        moment = article.updated or article.time
        if article.page is not None:
            body = article.page()
            return _Document(body, _html_type(body), 600, moment)
        older = [as_of(a, now) for a in shelf.before(article, OLDER_LINKS)]
        page = markup.article_page(shelf.publisher, article, older)
        return _Document(page, "text/html; charset=utf-8", 600, moment)

    def _medium(self, shelf: Shelf, route: str, now: datetime) -> _Document | None:
        article = self._media_of(shelf).get(route)
        if article is None or not is_out(article, now):
            return None
        if route.startswith("/audio/"):
            sound = silence(episode_seconds(article.duration))
            return _Document(sound, "audio/mpeg", 86400, article.time)
        name = route.removeprefix("/img/").removesuffix(".jpg")
        motif = next((m for m in MOTIFS if name.startswith(f"{m}-")), None) or article.motif
        if motif not in MOTIFS:
            motif = motif_for(f"{article.title} {article.section or ''} {' '.join(article.tags)}")
        return _Document(draw(name, motif), "image/jpeg", 86400, article.time)

    def _media_of(self, shelf: Shelf) -> dict[str, Article]:
        """Find which article every picture and sound of a host belongs to; the earliest one keeps it."""
        slug = shelf.publisher.slug
        if slug not in self._media:
            media: dict[str, Article] = {}
            for article in shelf.articles:
                for name in _pictures(article):
                    media.setdefault(f"/img/{name}.jpg", article)
                if article.kind == "podcast":
                    media.setdefault(plain_path(quote(feeds.sound_path(article))), article)
            self._media[slug] = media
        return self._media[slug]

    def _conditional(self, document: _Document, headers: Mapping[str, str], now: datetime) -> Answer:
        packs = len(document.body) >= _GZIP_FROM and not document.type.startswith(("image/", "audio/"))
        packed = packs and _accepts_gzip(headers.get("accept-encoding", ""))
        # Two codings of one content are two representations (RFC 9110 section 8.8.3.3).
        etag = f'"{document.etag}-gzip"' if packed else f'"{document.etag}"'
        fields = {"Date": feeds.http_date(now) or "", "ETag": etag}
        if document.changed is not None:
            fields["Last-Modified"] = feeds.http_date(document.changed) or ""
        fields["Cache-Control"] = f"max-age={document.max_age}" if document.max_age else "no-cache"
        if packs:
            fields["Vary"] = "Accept-Encoding"
        if _is_current(document, headers):
            return Answer(304, fields)
        fields["Content-Type"] = document.type
        if not packed:
            return Answer(200, fields, document.body)
        fields["Content-Encoding"] = "gzip"
        return Answer(200, fields, self._pack(document))

    def _pack(self, document: _Document) -> bytes:
        body = self._packed.get(document.etag)
        if body is None:
            body = self._packed[document.etag] = gzip.compress(document.body, 5, mtime=0)
            while len(self._packed) > 500:
                self._packed.popitem(last=False)
        return body


def _port(host: str) -> int | None:
    digits = re.search(r":(\d{1,5})$", host)
    return int(digits[1]) if digits else None


def _pictures(article: Article) -> list[str]:
    names = [article.image] if article.image else []
    if article.image and article.kind == "gallery":
        names += [f"{article.image}-{number}" for number in range(2, len(article.captions) + 1)]
    return names + (_PICTURES.findall(article.html) if article.html else [])


def _is_current(document: _Document, headers: Mapping[str, str]) -> bool:
    """Weigh the conditions: dates count only where no entity tags are given (RFC 9110 section 13.2.2)."""
    tags = headers.get("if-none-match")
    if tags is not None:
        given = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in given or bool(given & {f'"{document.etag}"', f'"{document.etag}-gzip"'})
    since = headers.get("if-modified-since")
    if since is None or document.changed is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    return document.changed <= (moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _accepts_gzip(value: str) -> bool:
    for part in value.lower().split(","):
        coding, *parameters = (p.strip() for p in part.split(";"))
        if coding in {"gzip", "x-gzip", "*"}:
            return not any(re.fullmatch(r"q=0(\.0*)?", p) for p in parameters)
    return False


def _sentence(status: int, text: str, now: datetime, **fields: str) -> Answer:
    headers = {"Date": feeds.http_date(now) or "", "Content-Type": "text/plain; charset=utf-8", **fields}
    return Answer(status, headers, f"{text}\n".encode())


def _xml(body: bytes, moment: datetime | None) -> _Document:
    return _Document(body, "application/xml; charset=utf-8", 3600, moment)


def _html_type(body: bytes) -> str:
    try:
        body.decode()
    except UnicodeDecodeError:
        return "text/html"
    return "text/html; charset=utf-8"


def _robots(shelf: Shelf, route: str, now: datetime) -> _Document:
    origin = shelf.publisher.origin
    text = (
        "User-agent: *\nDisallow: /account\nDisallow: /search\nDisallow: /newsletter\n\n"
        f"Sitemap: {origin}/sitemap.xml\nSitemap: {origin}/sitemap-news.xml\n"
    )
    return _Document(text.encode(), "text/plain; charset=utf-8", 86400)


def _icon(shelf: Shelf, route: str, now: datetime) -> _Document:
    publisher: Publisher = shelf.publisher
    if route == "/logo.png":
        return _Document(mark(publisher.key, "PNG"), "image/png", 86400)
    return _Document(mark(publisher.key, "ICO"), "image/x-icon", 86400)
