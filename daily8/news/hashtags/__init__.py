"""Hashtags: what an article is about, in words that many articles share."""

from __future__ import annotations

from daily8.news.hashtags.choosing import Hashtag, hashtags, renamed
from daily8.news.hashtags.phrases import Background, collect
from daily8.news.hashtags.recurring import recurring, tidy, variants
from daily8.news.hashtags.writing import commonest, slug, written

__all__ = [
    "Background",
    "Hashtag",
    "collect",
    "commonest",
    "hashtags",
    "recurring",
    "renamed",
    "slug",
    "tidy",
    "variants",
    "written",
]
