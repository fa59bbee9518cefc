"""Find stories by words of the titles that arrived lately."""

from __future__ import annotations

import re
from uuid import UUID

from django.db import connection

REACH = 20_000
"""Arrivals, the newest, in which words are looked for: so that a search costs the same in any archive."""
FOUND_MOST = 2_000
"""Arrivals, the newest of those found, whose stories are given."""
WORDS_MOST = 8
_UNSEEN = "".join(
    chr(point)
    for first, last in ((0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670))
    for point in range(first, last + 1)
)
FROM, TO = f"أإآٱىةؤئکی{_UNSEEN}", "اااايهويكي"
"""Letters that Arabic writers mix, and what stands for them; marks and tatweel fall."""
_FOLD = str.maketrans(FROM, TO.ljust(len(FROM), "\0"))
WORDS = f"to_tsvector('simple', translate(left(title, 1000), '{FROM}', '{TO}'))"
"""What the index ``arrival_words`` holds of an arrival; a query that says it otherwise does not use it."""


def query(words: str) -> str:
    """Write what somebody typed as a query for ``to_tsquery``: each as the beginning of a word."""
    folded = words.translate(_FOLD).replace("\0", "")
    found = re.findall(r"[^\W_]+", folded)[:WORDS_MOST]
    return " & ".join(f"'{word[:100]}':*" for word in found)


def holding(words: str) -> list[UUID]:
    """Give the stories with a report of late whose title holds all the words, or words that begin so."""
    asked = query(words)
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH found AS MATERIALIZED (
                SELECT seq FROM store_arrival
                WHERE {WORDS} @@ to_tsquery('simple', %(asked)s)
                    AND seq > (SELECT max(seq) FROM store_arrival) - %(reach)s
            ), newest AS (SELECT seq FROM found ORDER BY seq DESC LIMIT %(most)s)
            SELECT DISTINCT m.story_id FROM newest JOIN store_membership m USING (seq)
            """,  # noqa: S608 - constants of ours
            {"asked": asked, "reach": REACH, "most": FOUND_MOST},
        )
        return [row[0] for row in cursor.fetchall()]
