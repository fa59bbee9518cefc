"""Copies and stories go together, and what is kept of them is read by their own recipe alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news import copies
from daily8.news.concepts import VERSION, concepts
from daily8.news.copies import read_document
from daily8.news.reports import Report
from daily8.news.stories.checkpoint import BadCheckpoint
from daily8.news.stories.placing import Placed, Placing, recipe
from daily8.news.stories.values import LOCK, Change, Settings

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
WORDS = {
    "en": "harbour board closes basin freight weeks divers mend sluice gates barge storm month ferry keeps "
    "timetable owners asked shorter closure engineers found cracks both advised against haste",
    "ar": "مجلس المرفأ يغلق الحوض أمام الشحن أسابيع ريثما يصلح الغواصون بوابات الهويس التي تضررت حين أفلت "
    "قارب في عاصفة الشهر الماضي وطلب أصحاب السفن مدة أقصر لكن المهندسين وجدوا شقوقا ونصحوا بعدم التسرع",
}
TITLES = ("Basin of Kelmar closed", "Nine weeks without freight", "Odun Barak signs", "إغلاق الحوض", "مباراة")


def text(seed: int, language: str) -> str:
    """Give some sixty words of a language, in an order of their own."""
    words = WORDS[language].split()
    return " ".join(words[(n * (seed * 2 + 1) + n * n // (seed + 3) + seed) % len(words)] for n in range(60))


def report(n: int, seed: int, title: int, publisher: int) -> Report:
    language = "ar" if TITLES[title] > "\u0600" else "en"
    return Report(
        str(n),
        TITLES[title],
        text(seed, language),
        language,
        NOW + timedelta(minutes=n),
        f"p{publisher}.example",
    )


REPORTS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=14
).map(lambda rows: [report(n, *row) for n, row in enumerate(rows)])


def test_a_copy_joins_the_story_of_what_it_copies_whatever_its_headline() -> None:
    placing = Placing()
    first = placing.assign(report(0, 1, 0, 0), 0)
    other = placing.assign(report(1, 2, 3, 1), 1)
    copy = placing.assign(report(2, 1, 2, 2), 2)
    assert (first.copy, other.copy) == (None, None)
    assert copy.copy is not None
    assert copy.copy.of == 0
    assert (copy.decision.story, copy.decision.rule, copy.decision.opened) == (0, "copy", False)
    assert placing.stories.members(0) == (0, 2)


def test_of_a_locked_story_a_copy_is_assigned_as_any_other() -> None:
    placing = Placing()
    placing.assign(report(0, 1, 0, 0), 0)
    placing.apply(Change(LOCK, 0, by_editor=True))
    placed = placing.assign(report(1, 1, 1, 1), 1)
    assert placed.copy is not None
    assert placed.decision.story == 1


@given(REPORTS, st.integers(0, 14))
def test_what_follows_or_goes_on_from_a_checkpoint_comes_to_the_same(reports: list[Report], at: int) -> None:
    whole, parted, follower = Placing(), Placing(), Placing()
    placed: list[Placed] = []
    for seq, each in enumerate(reports):
        placed.append(whole.assign(each, seq))
        if seq == at:
            former, parted = parted, Placing()
            parted.load(former.dump())
        assert parted.assign(each, seq) == placed[-1]
        follower.follow(each, placed[-1])
    assert whole.dump() == parted.dump() == follower.dump()


def test_a_recipe_names_all_that_decides() -> None:
    made = recipe(None, concepts)
    assert all(part in made for part in ("stories/", "copies/", "concepts/", "settings/"))
    assert recipe(Settings(), concepts) == made
    assert len({made, recipe(), recipe(Settings(tau=35.0)), recipe(None, lambda *told: {})}) == 4


def test_what_another_recipe_kept_or_nobody_is_refused_and_changes_nothing() -> None:
    placing, other = Placing(), Placing(Settings(tau=35.0))
    placing.assign(report(0, 1, 0, 0), 0)
    before = placing.dump()
    for body in (other.dump(), b"", b"D8P1", before[:40], before[:-9], b"x" * 100, b"D8P1" + b"\xff" * 12):
        with pytest.raises(BadCheckpoint):
            placing.load(body)
    assert placing.dump() == before


READ = {
    "copies/1": "09e585c9",
    "concepts/1": "c6b960f0",
}
"""A checksum of what each recipe reads of the texts below. Where one differs, raise the recipe's number."""
PROGRAMS = ("numbers", "skeletons")
"""Of concepts what programs find; data have a checksum in the recipe itself."""


def test_what_is_read_otherwise_has_another_recipe() -> None:
    told = [report(n, n % 3, n % 5, n % 2) for n in range(10)]
    documents = [read_document(each, n) for n, each in enumerate(told)]
    words = b"".join(
        each.title.tobytes() + each.body.tobytes() + repr(each.edges).encode() for each in documents
    )
    found = [sorted(concepts(each.title, each.text, each.language, PROGRAMS).items()) for each in told]
    read = {
        copies.RECIPE: blake2b(words, digest_size=4).hexdigest(),
        f"concepts/{VERSION}": blake2b(repr(found).encode(), digest_size=4).hexdigest(),
    }
    assert read == READ
