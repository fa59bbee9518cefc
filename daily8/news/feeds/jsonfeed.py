"""Read JSON Feed 1 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape
from typing import Any

from daily8.news import urls
from daily8.news.dates import parse_date
from daily8.news.feeds.media import MAX_ENCLOSURES, kind_of
from daily8.news.feeds.parts import MAX_CATEGORIES, MAX_TEXT, once
from daily8.news.feeds.refusals import NotAFeed
from daily8.news.feeds.xml import MAX_ENTRIES
from daily8.news.sanitise import plain, sanitise
from daily8.news.types import Enclosure, Entry, Feed


def read(text: str, url: str | None) -> Feed | None:
    """Read a JSON Feed, or give None if the text does not begin as JSON does.

    What has the wrong type is absent; an item that is no object is dropped.

    :raises NotAFeed: if it is broken JSON, or JSON of another kind.
    """
    if text.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        raise NotAFeed("this looks like JSON, but it is broken or breaks off") from None
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise NotAFeed("this is JSON, but not a JSON Feed")
    home = urls.absolute(_text(data, "home_page_url"), url)
    authors = _authors(data)
    items = [item for item in data["items"] if isinstance(item, dict)]
    entries = [_entry(item, url or home, authors) for item in _newest(items)]
    return Feed(
        kind="json",
        title=_title(data, "title"),
        description=_title(data, "description"),
        url=urls.absolute(_text(data, "feed_url"), url),
        home=home,
        language=_text(data, "language"),
        hub=_hub(data),
        image=urls.absolute(_text(data, "icon"), url) or urls.absolute(_text(data, "favicon"), url),
        entries=tuple(entries),
    )


def _text(data: dict[str, Any], key: str) -> str | None:
    value = data.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return value.strip() or None if isinstance(value, str) else None


def _title(data: dict[str, Any], key: str) -> str | None:
    """Read plain text; the format knows no mark-up in it, but publishers do."""
    value = _text(data, key)
    return plain(value)[:MAX_TEXT] or None if value else None


def _rows(data: dict[str, Any], key: str) -> list[Any]:
    value = data.get(key)
    return value if isinstance(value, list) else []


def _authors(data: dict[str, Any]) -> tuple[str, ...]:
    rows = [*_rows(data, "authors"), data.get("author")]
    return once((_title(row, "name") or "") if isinstance(row, dict) else "" for row in rows)


def _hub(data: dict[str, Any]) -> str | None:
    for row in _rows(data, "hubs"):
        if isinstance(row, dict) and (_text(row, "type") or "").lower() == "websub":
            return urls.absolute(_text(row, "url"))
    return None


def _newest(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(items) <= MAX_ENTRIES:
        return items
    start = datetime.min.replace(tzinfo=UTC)

    def when(index: int) -> tuple[datetime, int]:
        item = items[index]
        date = parse_date(_text(item, "date_published")) or parse_date(_text(item, "date_modified"))
        return date or start, -index

    order = sorted(range(len(items)), key=when, reverse=True)
    return [items[index] for index in sorted(order[:MAX_ENTRIES])]


def _enclosures(item: dict[str, Any], base: str | None) -> tuple[Enclosure, ...]:
    found = []
    for row in _rows(item, "attachments")[:MAX_ENCLOSURES]:
        if isinstance(row, dict) and (url := urls.absolute(_text(row, "url"), base)) is not None:
            size, seconds = row.get("size_in_bytes"), row.get("duration_in_seconds")
            found.append(
                Enclosure(
                    url,
                    (_text(row, "mime_type") or "").partition(";")[0].strip().lower() or None,
                    int(size) if isinstance(size, int | float) and 0 < size < 1e15 else None,
                    int(seconds) if isinstance(seconds, int | float) and 0 < seconds < 1e7 else None,
                )
            )
    return tuple(found)


def _entry(item: dict[str, Any], base: str | None, authors: tuple[str, ...]) -> Entry:
    url = urls.absolute(_text(item, "url"), base) or urls.absolute(_text(item, "external_url"), base)
    html, text = _text(item, "content_html"), _text(item, "content_text")
    if html is None and text is not None:
        html = "".join(
            f"<p>{escape(part.strip(), quote=False)}</p>" for part in text.split("\n\n") if part.strip()
        )
    summary = _text(item, "summary")
    enclosures = _enclosures(item, base)
    return Entry(
        id=(_text(item, "id") or "")[:MAX_TEXT] or None,
        url=url,
        title=_title(item, "title"),
        published=parse_date(_text(item, "date_published")),
        updated=parse_date(_text(item, "date_modified")),
        authors=_authors(item) or authors,
        summary=sanitise(escape(summary, quote=False)).strip() or None if summary else None,
        content=sanitise(html, url or base).strip() or None if html else None,
        language=_text(item, "language"),
        categories=once(plain(tag) for tag in _rows(item, "tags") if isinstance(tag, str))[:MAX_CATEGORIES],
        enclosures=enclosures,
        image=urls.absolute(_text(item, "image"), base) or urls.absolute(_text(item, "banner_image"), base),
        kind=kind_of(enclosures),
    )
