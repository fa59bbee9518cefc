"""Why the next poll of a source is when it is: codes to store, and the sentences that say them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DAY = 86_400.0

ReasonCode = Literal[
    "rhythm",
    "lively",
    "quiet",
    "floor",
    "ceiling",
    "max-age",
    "expires",
    "ttl",
    "pushed",
    "retry-after",
    "skip-hours",
    "skip-days",
    "throttled",
    "host-throttled",
    "server-error",
    "no-answer",
    "host-silent",
    "not-possible",
    "unreadable",
    "refused",
    "not-found",
    "not-served",
    "gone-once",
    "gone",
    "crowded",
    "clock",
]


ASKED_TO_WAIT: tuple[ReasonCode, ...] = ("retry-after", "throttled")
"""Reasons for which nobody may ask a source before its time."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the next poll is when it is: a code to translate, and the seconds that it speaks of."""

    code: ReasonCode
    seconds: float = 0.0


SENTENCES: dict[ReasonCode, str] = {
    "rhythm": "This source has lately published about every {span}.",
    "lively": "The last fetch brought news, so the source is asked sooner: every {span}.",
    "quiet": "The last fetch brought nothing new, so the source is asked less often: every {span}.",
    "floor": "A source is not asked more often than every {span}.",
    "ceiling": "A source is asked at least every {span}.",
    "max-age": "The publisher says that its answer stays fresh for {span} (Cache-Control).",
    "expires": "The publisher says that its answer stays fresh for {span} (Expires).",
    "ttl": "The feed asks to be fetched every {span} (ttl).",
    "pushed": "News of this source is sent to us as it appears (WebSub), so it is asked only every {span}.",
    "retry-after": "The publisher asked to wait for {span} (Retry-After).",
    "skip-hours": "The feed says that it does not change before then (skipHours).",
    "skip-days": "The feed says that it does not change before then (skipDays).",
    "throttled": "The publisher said that it is asked too much; the next try is in {span}.",
    "host-throttled": "The site said of several sources that it is asked too much, so it rests for {span}.",
    "server-error": "The publisher's server failed; the next try is in {span}.",
    "no-answer": "The publisher's server did not answer; the next try is in {span}.",
    "host-silent": "The site does not answer, so nothing is asked of it for {span}.",
    "not-possible": "This address cannot be fetched as it stands; the next try is in {span}.",
    "unreadable": "What came was not a feed; the next try is in {span}.",
    "refused": "The publisher refuses us this address; the next try is in {span}.",
    "not-found": "There is nothing at this address now; the next try is in {span}.",
    "not-served": "The publisher's server does not serve this request; the next try is in {span}.",
    "gone-once": "The publisher says that this address is gone; it is asked once more in {span}.",
    "gone": "The publisher said twice, a day apart, that this address is gone: it is asked no more.",
    "crowded": "Many sites of this network were being asked; the next try is in {span}.",
    "clock": "The clock of this service was wrong, so the next try was set anew.",
}


def words(seconds: float) -> str:
    """Say a span as people do: "45 minutes", "1.5 hours", "7 days"."""
    for size, name in ((DAY, "day"), (3600.0, "hour"), (60.0, "minute"), (1.0, "second")):
        if seconds >= size * 0.995 or size == 1.0:
            count = round(seconds / size, 1 if seconds < 10 * size else 0)
            return f"{count:g} {name}" + ("" if count == 1 else "s")
    raise AssertionError("seconds are the last resort")


def explain(reason: Reason) -> str:
    """Say a reason as one English sentence."""
    return SENTENCES[reason.code].format(span=words(reason.seconds))
