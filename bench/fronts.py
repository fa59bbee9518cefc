"""Measure pages and front pages over many articles that lie in stories, in a database of their own.

python -m bench.fronts [--articles 100000] [--recent 50000] [--editions 60] [--plans]
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console
from rich.table import Table

ROUNDS = 40
PUBLISHERS = 400
LARGEST = 5_000
"""Reports of the largest story; the others have 1 to 12."""
_FILL = """
INSERT INTO store_publisher (slug, domain, name, home, country, language, kind, owner)
SELECT 'p' || n, 'p' || n || '.example', 'Publisher ' || n, '', chr(65 + n %% 29 %% 26) || chr(65 + n %% 2),
    CASE n %% 2 WHEN 0 THEN 'en' ELSE 'ar' END, '', ''
FROM generate_series(1, %(publishers)s) n;
INSERT INTO store_source (publisher_id, url, key, host, title, home, language, format, state, rights, way,
    pattern, interests, folders)
SELECT id, 'https://' || domain, 'https://' || domain, domain, name, '', language, 'rss', 'active', 'unknown',
    'feed', '{}', '[]', '[]'
FROM store_publisher;
INSERT INTO store_article (publisher_id, source_id, key, url, canonical_url, title, dek, authors, kind,
    language, section, tags, enclosures, summary, content, excerpt, published_at, arrived_at, paywalled, live,
    verdict)
SELECT s.publisher_id, s.id, 'k' || n, 'https://x.example/' || n, 'https://x.example/' || n,
    'Ferry ' || n || ' of harbour ' || n %% 977 || ' ' || md5(n::text), '', '[]', 'text', s.language, '',
    '[]', '[]', '', '<p>The whole text of it.</p>', 'The whole text of it.', at, at, FALSE, FALSE, 'article'
FROM generate_series(1, %(articles)s) n
CROSS JOIN LATERAL (SELECT CASE WHEN n > %(articles)s - %(recent)s
    THEN %(now)s::timestamptz - (%(articles)s - n) * interval '47 hours' / %(recent)s
    ELSE %(now)s::timestamptz - interval '47 hours' - (%(articles)s - n) * interval '1 minute' END AS at) t
JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place FROM store_source) s
    ON s.place = 1 + (n * 7919) %% %(publishers)s;
INSERT INTO store_arrival (seq, article_id, title, text, language, publisher, published_at, taken_at)
SELECT row_number() OVER (ORDER BY published_at, id), id, title, excerpt, language, 'x', published_at,
    published_at
FROM store_article;
CREATE TEMPORARY TABLE told AS
SELECT seq, article_id, CASE WHEN seq > %(articles)s - %(recent)s AND seq %% 10 = 0
    AND seq <= %(articles)s - %(recent)s + %(largest)s * 10 THEN 0
    ELSE 1 + seq / 200 * 33 + seq * 31 %% 33 END AS name
FROM store_arrival;
INSERT INTO store_story (opened_seq, opened_at, locked, headline)
SELECT min(seq), now(), FALSE, '' FROM told GROUP BY name;
INSERT INTO store_membership (article_id, seq, story_id, decision, recipe)
SELECT article_id, seq, s.id, '{}', 'bench'
FROM told JOIN (SELECT name, min(seq) AS opened FROM told GROUP BY name) o USING (name)
JOIN store_story s ON s.opened_seq = o.opened;
INSERT INTO store_hashtag (key, name_en, name_ar)
SELECT 't' || n, 'Tag ' || n, '' FROM generate_series(1, 500) n;
INSERT INTO store_tagging (article_id, hashtag_id, place, recipe)
SELECT a.article_id, h.id, p, 'bench' FROM store_arrival a CROSS JOIN generate_series(0, 1) p
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM store_hashtag) h
    ON h.place = 1 + (a.seq * 13 + p * 101) %% 500;
INSERT INTO store_entity (article_id, key, name, kind, place, recipe)
SELECT article_id, 'q' || seq * 17 %% 900, 'Name ' || seq * 17 %% 900, 'place', 0, 'bench' FROM store_arrival;
"""


def fill(**told: Any) -> None:
    """Make publishers, sources, articles and stories by SQL."""
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in _FILL.split(";\n"):
            if statement.strip():
                cursor.execute(statement, told)
        cursor.execute("ANALYZE")


def timed(act: Callable[[], Any]) -> tuple[float, float]:
    """Give the median and the 95th percentile of the time that something takes, in milliseconds."""
    act()
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def pages() -> dict[str, str]:
    """Give the addresses that are asked."""
    from django.db.models import Count

    from daily8.store.models import Membership, Standing

    largest = Membership.objects.values("story").annotate(n=Count("pk")).order_by("-n")[0]["story"]
    top = Standing.objects.filter(edition="en-").order_by("place")
    usual = next(one for one in top if one.story_id != largest)
    return {
        "home": "/",
        "home, Arabic": "/ar/",
        "whole world": "/edition/world",
        "home, page 2": "/?older=",
        "story": f"/stories/{usual.story_id.hex}",
        "largest story": f"/stories/{largest.hex}",
        "article": f"/article/{usual.lead_id.hex}",
        "stories, REST": "/api/v1/stories?language=en",
    }


def measure(console: Console, *, articles: int, recent: int, editions: int, plans: bool) -> None:
    """Fill a store, work out front pages, and ask pages and searches."""
    from django.conf import settings
    from django.test import Client

    from daily8.news.fronts import REACH, front_pages
    from daily8.pipeline import fronts
    from daily8.store import fronts as store
    from daily8.store import story_desk

    settings.ALLOWED_HOSTS = ["*"]
    now = datetime.now(UTC)
    start = time.perf_counter()
    fill(
        articles=articles,
        recent=recent,
        publishers=PUBLISHERS,
        largest=LARGEST,
        now=now - timedelta(minutes=1),
    )
    console.print(f"{articles} articles, {recent} of 47 hours, made in {time.perf_counter() - start:.0f} s")
    start = time.perf_counter()
    reported = store.reported(now - REACH)
    read = time.perf_counter() - start
    wanted = store.editions()[:editions]
    start = time.perf_counter()
    found = list(front_pages(reported, wanted, now))
    ranked = time.perf_counter() - start
    start = time.perf_counter()
    for edition, standings in found:
        store.record(edition, standings)
    written = time.perf_counter() - start
    console.print(
        f"front pages of {len(wanted)} editions out of {sum(map(len, reported.values()))} reports: read "
        f"{read:.2f} s, ranked {ranked:.2f} s, written {written:.2f} s"
    )
    fronts.renew(now)
    unchanged, _ = timed(lambda: fronts.keep(now))
    console.print(f"nothing changed: {unchanged:.1f} ms")
    table = Table("asked", "p50 ms", "p95 ms", "queries", "slowest query ms")
    client = Client()
    for name, path in pages().items():
        address = path
        if path.endswith("older="):
            address = _older(client)
        _row(table, name, lambda address=address: client.get(address, HTTP_HOST="localhost"), plans, console)  # type: ignore[misc]
    for words in ("ferry", "harbour 97", "zzz"):
        _row(table, f"search {words}", lambda words=words: story_desk.listing(words=words), plans, console)  # type: ignore[misc]
    _row(table, "list of stories", story_desk.listing, plans, console)
    console.print(table)


def _older(client: Any) -> str:
    import re

    found = re.search(r'href="(/?\?older=[^"]+)"', client.get("/", HTTP_HOST="localhost").content.decode())
    return "/" + found[1].lstrip("/") if found else "/"


def _row(table: Table, name: str, act: Callable[[], Any], plans: bool, console: Console) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    middle, late = timed(act)
    with CaptureQueriesContext(connection) as seen:
        answer = act()
    if getattr(answer, "status_code", 200) != 200:
        name += f" ({answer.status_code})"
    slowest = max(seen.captured_queries, key=lambda query: float(query["time"]))
    table.add_row(
        name, f"{middle:.0f}", f"{late:.0f}", str(len(seen)), f"{1000 * float(slowest['time']):.0f}"
    )
    if plans:
        console.print(name, slowest["sql"][:3000], highlight=False, markup=False)
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN ANALYZE " + slowest["sql"].replace("%", "%%"))
            for (line,) in cursor.fetchall():
                console.print(line, highlight=False, markup=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--recent", type=int, default=50_000)
    parser.add_argument("--editions", type=int, default=60)
    parser.add_argument("--plans", action="store_true", help="Show the slowest query of each with its plan.")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ |= {"DAILY8_DATA": folder, "DJANGO_SETTINGS_MODULE": "daily8.conf.settings"}
        from daily8.cli.start import database

        with database(migrate=True):
            measure(Console(width=150), **vars(arguments))


if __name__ == "__main__":
    main()
