"""What a publisher shows at a moment."""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

from daily8.replay.articles import Article, Publisher
from daily8.replay.rows import plain_path

NEWS_WINDOW = timedelta(hours=48)
"""How long an article stands in a news sitemap (Google News sitemap reference: the last two days)."""


class Shelf:
    """The articles of one publisher, settled and in the order of time, found by moment, path and picture."""

    def __init__(self, publisher: Publisher, articles: Sequence[Article]) -> None:
        self.publisher = publisher
        self.articles = articles
        self._times = [a.time for a in articles if a.time]
        self._undated = len(articles) - len(self._times)
        times = {t for a in articles for t in (a.time, a.updated) if t}
        self._moments = sorted(times | {a.time + NEWS_WINDOW for a in articles if a.time})
        self._by_path = {a.path: number for number, a in enumerate(articles)}
        self._by_bare_path = {a.path.partition("?")[0]: number for number, a in enumerate(articles)}

    def version(self, now: datetime) -> int:
        """Give a number that is the same for two moments only if the host shows the same at both."""
        return bisect_right(self._moments, now)

    def shown(self, now: datetime, most: int | None = None, since: datetime | None = None) -> list[Article]:
        """Give what is out at `now`, the newest first."""
        end = self._undated + bisect_right(self._times, now)
        begin = max(0, end - most) if most is not None else 0
        articles = (as_of(self.articles[number], now) for number in range(end - 1, begin - 1, -1))
        return [a for a in articles if since is None or (a.time and a.time > since)]

    def find(self, path: str, now: datetime) -> Article | None:
        """Give the article at a decoded path, if it is out; a query that is unknown is overlooked."""
        number = self._by_path.get(path)
        if number is None:
            number = self._by_bare_path.get(plain_path(path).partition("?")[0])
        if number is None or not is_out(self.articles[number], now):
            return None
        return as_of(self.articles[number], now)

    def before(self, article: Article, most: int) -> list[Article]:
        """Give the articles that came out just before another: what a page links to without ever changing."""
        number = self._by_path[article.path]
        return [self.articles[n] for n in range(number - 1, max(-1, number - 1 - most), -1)]


def is_out(article: Article, now: datetime) -> bool:
    """Tell whether an article has appeared."""
    return article.time is None or article.time <= now


def as_of(article: Article, now: datetime) -> Article:
    """Give an article without an update that has not happened yet."""
    if article.updated is not None and article.updated > now:
        return dataclasses.replace(article, updated=None)
    return article


def changed(articles: Sequence[Article]) -> datetime | None:
    """Give the moment of the last publication or update among them."""
    return max((t for a in articles for t in (a.time, a.updated) if t), default=None)
