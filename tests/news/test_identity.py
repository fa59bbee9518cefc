"""Which entries are new, which changed, and which article each of them is."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from daily8.news.identity import decide, entry_digest
from daily8.news.types import Enclosure, Entry

HOME = "https://show.example/"


def test_an_entry_is_new_once_then_seen_then_changed() -> None:
    entry = Entry(id="1", url="https://post.example/1?utm_source=rss", title="One")
    first = decide("s", [entry], {})
    (arrival,) = first.new
    assert arrival.article == "https://post.example/1"
    known = {arrival.key: arrival.digest}
    assert decide("s", [entry], known).seen == (arrival.key,)
    assert decide("s", [replace(entry, title="Two")], known).changed[0].key == arrival.key


def test_episodes_that_all_lead_to_the_page_of_their_show_stay_apart() -> None:
    entries = [
        Entry(
            id=str(n),
            url="https://show.example/listen",
            title=f"Episode {n}",
            enclosures=(Enclosure(f"https://m.example/{n}"),),
        )
        for n in range(10)
    ]
    found = decide("s", entries, {}).new
    assert len({arrival.article for arrival in found}) == 10
    assert not any(arrival.has_page for arrival in found)


def test_entries_that_lead_to_the_front_page_stay_apart() -> None:
    entries = [Entry(id=str(n), url=HOME, title="News") for n in range(3)]
    assert len({arrival.article for arrival in decide("s", entries, {}, HOME).new}) == 3


def test_one_id_for_all_entries_tells_nothing() -> None:
    entries = [Entry(id="post", url=f"https://post.example/{n}", title=f"T{n}") for n in range(3)]
    found = decide("s", entries, {}).new
    assert len({arrival.key for arrival in found}) == 3
    assert {arrival.article for arrival in found} == {f"https://post.example/{n}" for n in range(3)}


def test_an_entry_without_an_address_is_an_article_of_its_source() -> None:
    (arrival,) = decide("source-1", [Entry(title="A word from the editor")], {}).new
    assert arrival.article.startswith("source-1 ")
    assert not arrival.has_page


def test_what_has_nothing_to_show_is_passed_over() -> None:
    assert decide("s", [Entry(), Entry(id="only an id")], {}).new == ()


def test_signatures_of_media_addresses_change_nothing() -> None:
    entry = Entry(id="1", title="Film", enclosures=(Enclosure("https://m.example/1.mp4?sig=a"),))
    again = replace(entry, enclosures=(Enclosure("https://m.example/1.mp4?sig=b"),))
    assert entry_digest(entry) == entry_digest(again)


@given(
    st.lists(
        st.builds(
            Entry,
            id=st.none() | st.text(max_size=600),
            url=st.none() | st.sampled_from(["https://a.example/1", "https://a.example/2", HOME]),
            title=st.none() | st.text(max_size=30),
        ),
        max_size=8,
    )
)
def test_a_feed_read_twice_brings_nothing_new(entries: list[Entry]) -> None:
    first = decide("s", entries, {}, HOME)
    known = {arrival.key: arrival.digest for arrival in first.new}
    assert len(known) == len(first.new)
    assert all(len(key) <= 600 for key in known)
    again = decide("s", entries, known, HOME)
    assert again.new == again.changed == ()
