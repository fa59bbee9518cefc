"""Ask a person at the first start whose news they want, and add those sources of the starter catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable

from daily8.cli.output import note
from daily8.news import starter
from daily8.news.starter import StarterSource

AT_FIRST = 60
"""Sources added at the first start."""
_QUESTIONS = (
    "Countries (such as EG GB; empty for all)",
    "Languages (such as ar en; empty for all)",
    "Interests (such as science sport; empty for all)",
)


def choose(ask: Callable[[str], str]) -> tuple[StarterSource, ...]:
    """Ask for countries, languages and interests; give the sources chosen, none for whoever skips all.

    ``ask`` shows a question and gives the answer. An unknown name is told of, and its question asked again.
    """
    note(
        f"There are no sources yet. Choose from {len(starter.catalogue())} in the starter catalogue; "
        "three empty answers skip this."
    )
    answers: list[list[str]] = []
    for place, question in enumerate(_QUESTIONS):
        while True:
            names = [name for name in re.split(r"[\s,;]+", ask(question)) if name]
            wanted: list[list[str]] = [[], [], []]
            wanted[place] = names
            try:
                starter.choose(wanted[0], wanted[1], wanted[2])
            except starter.UnknownChoice as error:
                note(str(error))
                continue
            answers.append(names)
            break
    countries, languages, interests = answers
    return starter.choose(countries, languages, interests, AT_FIRST) if any(answers) else ()
