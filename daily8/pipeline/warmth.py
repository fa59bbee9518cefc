"""Imported by the children of the cage before their first call: what that call must not be charged with."""

from __future__ import annotations

from daily8.news.language import detect
from daily8.pipeline import documents

detect("The model of languages is read at its first use.")

__all__ = ["documents"]
