"""Which parts of a sitemap index are followed, and which rows of a sitemap are news."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from daily8.news.parts import MOST_PARTS, best_sitemaps, choose_parts, news_rows
from daily8.news.types import Entry, Feed
from daily8.news.urls import domain

SITE = "https://www.harbour-post.example/"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def chosen(*rows: str | tuple[str, int]) -> list[str]:
    """Choose among parts, given by name or by name and age in days."""
    entries = []
    for row in rows:
        name, age = row if isinstance(row, tuple) else (row, None)
        updated = NOW - timedelta(days=age) if age is not None else None
        entries.append(Entry(url=name if "://" in name else SITE + name, updated=updated, kind="sitemap"))
    index = Feed("sitemap-index", url=SITE + "sitemap.xml", entries=tuple(entries))
    return [part.url.removeprefix(SITE) for part in choose_parts(index, domain)]


def test_parts_named_after_news_go_first() -> None:
    assert chosen("post-sitemap.xml", "news-sitemap.xml", "tag-sitemap.xml") == ["news-sitemap.xml"]
    assert chosen("category-sitemap.xml", "post-sitemap.xml", "page-sitemap.xml") == ["post-sitemap.xml"]
    assert chosen("sitemaps/google-news.xml.gz", "a.xml") == ["sitemaps/google-news.xml.gz"]
    assert chosen("tag-sitemap.xml", "author-sitemap.xml") == []
    assert chosen("article-tags.xml", "articles.xml") == ["articles.xml"]
    assert chosen("newsletter.xml", "a.xml") == ["newsletter.xml", "a.xml"]


def test_the_newest_are_followed_by_lastmod_then_name_then_place() -> None:
    by_age = [(f"posts-{n}.xml", n) for n in range(9)]
    assert chosen(*reversed(by_age)) == [f"posts-{n}.xml" for n in range(4)]
    months = [f"sitemap-2026-{n:02}.xml" for n in range(1, 12)]
    assert chosen(*months) == [f"sitemap-2026-{n:02}.xml" for n in (11, 10, 9, 8)]
    assert chosen("s/20261120.xml", "s/20261122.xml", "s/20251130.xml") == [
        "s/20261122.xml",
        "s/20261120.xml",
        "s/20251130.xml",
    ]
    assert chosen(*(f"post-sitemap{n}.xml" for n in (1, 2, 3, 10, 11)))[0] == "post-sitemap11.xml"
    assert chosen("x.xml", "y.xml", "x.xml") == ["x.xml", "y.xml"]


def test_parts_on_other_sites_are_never_followed() -> None:
    assert chosen("https://elsewhere.example/news.xml", "https://cdn.harbour-post.example/news.xml") == [
        "https://cdn.harbour-post.example/news.xml"
    ]
    assert chosen("http://127.0.0.1/news.xml", "https://elsewhere.example/news.xml") == []


@given(st.lists(st.tuples(st.text("abnewst-/0129.", max_size=12), st.integers(0, 900)), max_size=20))
def test_few_are_chosen_newest_first(rows: list[tuple[str, int]]) -> None:
    ages = dict(rows)
    found = chosen(*ages.items())
    assert len(found) <= MOST_PARTS
    assert all(ages.get(a, 0) <= ages.get(b, 900) for a, b in pairwise(found) if a in ages and b in ages)


def test_rows_without_a_title_are_news_for_some_days() -> None:
    rows = (
        Entry(url=SITE + "1", title="Ferry runs again"),
        Entry(url=SITE + "2", updated=NOW - timedelta(days=1)),
        Entry(url=SITE + "3", updated=NOW - timedelta(days=30)),
        Entry(url=SITE + "4"),
    )
    found = news_rows(Feed("sitemap", entries=rows), NOW)
    assert [row.url for row in found] == [SITE + "1", SITE + "2"]


def test_sitemaps_named_after_news_are_tried_first() -> None:
    assert best_sitemaps([SITE + "sitemap.xml", SITE + "news.xml", SITE + "sitemap.xml"]) == (
        SITE + "news.xml",
        SITE + "sitemap.xml",
    )
