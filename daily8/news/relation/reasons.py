"""Why one article stands beside another, as a code to store and a sentence in English or Arabic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from daily8.news.wording import span

Relation = Literal["same_event", "earlier", "background"]
Turn = Literal["same_event", "earlier", "later", "background"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: what kind of turn it is, what both tell of, and how far apart they are."""

    turn: Turn
    about: tuple[str, ...] = ()
    """What both tell of, as the article at hand writes it, the most telling first."""
    seconds: float | None = None
    """How much later the one at hand was published; negative: how much earlier."""


_SENTENCES: dict[str, dict[Turn, tuple[str, str]]] = {
    "en": {
        "same_event": ("The same event", "The same event: both tell of {about}"),
        "earlier": ("Earlier in this story", "Earlier in this story ({span} before): {about}"),
        "later": ("Later in this story", "Later in this story ({span} after): {about}"),
        "background": ("Background", "Background: also about {about}"),
    },
    "ar": {
        "same_event": ("الحدث نفسه", "الحدث نفسه: كلاهما عن {about}"),
        "earlier": ("سابق في القصة نفسها", "سابق في القصة نفسها (قبل {span}): {about}"),
        "later": ("لاحق في القصة نفسها", "لاحق في القصة نفسها (بعد {span}): {about}"),
        "background": ("خلفية", "خلفية: أيضًا عن {about}"),
    },
}
_JOIN = {"en": (", ", " and "), "ar": ("، ", " و")}
# Words of another direction keep it inside the sentence (Unicode UAX 9, first strong isolate).
_ISOLATE, _END = "\u2068", "\u2069"


def say(reason: Reason, locale: str) -> str:
    """Say a reason in a sentence without a full stop; other locales than English and Arabic get English."""
    spoken = locale if locale in _SENTENCES else "en"
    short, full = _SENTENCES[spoken][reason.turn]
    if not reason.about:
        return short
    about = _listed(reason.about, spoken)
    if "{span}" in full and reason.seconds is None:
        return f"{short}: {about}"
    return full.format(about=about, span=span(abs(reason.seconds or 0.0), spoken))


def _listed(names: tuple[str, ...], locale: str) -> str:
    comma, last = _JOIN[locale]
    shown = [f"{_ISOLATE}{name}{_END}" if locale == "ar" and name.isascii() else name for name in names]
    return last.join(filter(None, (comma.join(shown[:-1]), shown[-1])))
