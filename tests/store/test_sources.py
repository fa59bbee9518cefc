"""Sources stand once, keep their folders, and tell how they are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from daily8.store import hosts, sources
from daily8.store.models import Host, Poll, Publisher, Source
from daily8.store.paging import BadPage
from tests.store.conftest import NOW, new_source


def add(*wanted: sources.NewSource) -> sources.Added:
    return sources.add(wanted, due=dict.fromkeys((source.key for source in wanted), NOW))


@pytest.mark.django_db
def test_a_source_stands_once_and_its_folders_join() -> None:
    assert len(add(new_source(folders=(("News",),))).new) == 1
    again = add(new_source(folders=(("News",), ("World", "Ireland"))))
    assert again.new == ()
    assert len(again.known) == 1
    assert Source.objects.get().folders == [["News"], ["World", "Ireland"]]


@pytest.mark.django_db
def test_sources_of_one_domain_have_one_publisher() -> None:
    add(new_source(), new_source(url="https://post.example/sport.xml", key="https://post.example/sport.xml"))
    assert Source.objects.count() == 2
    assert Publisher.objects.get().name == "Post"


@pytest.mark.django_db
def test_publishers_of_one_name_have_addresses_of_their_own() -> None:
    add(new_source("one", publisher_name="The Times"), new_source("two", publisher_name="The Times"))
    assert set(Publisher.objects.values_list("slug", flat=True)) == {"one-example", "the-times"}


@pytest.mark.django_db
def test_a_publisher_whose_name_and_domain_are_taken_has_an_address_all_the_same() -> None:
    add(new_source("first", publisher_name="Post-B Example"), new_source("second", publisher_name="The Post"))
    add(new_source("post-b", publisher_name="The Post"))
    slugs = set(Publisher.objects.values_list("slug", flat=True))
    assert {"post-b-example", "the-post"} < slugs
    assert len(slugs) == 3


@pytest.mark.django_db
def test_a_source_that_was_gone_is_asked_again_when_it_is_added_again() -> None:
    add(new_source())
    Source.objects.update(state=Source.State.GONE)
    Poll.objects.update(next_at=None)
    add(new_source())
    assert Source.objects.get().state == Source.State.UNVERIFIED
    assert Poll.objects.get().next_at == NOW


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("The Times", "the-times"),
        ("صحيفة الميناء", "صحيفة-الميناء"),
        ("L’Écho — du Port!", "l-écho-du-port"),
        ("…", ""),
    ],
)
def test_slugs_keep_every_script(name: str, slug: str) -> None:
    assert sources.slug(name) == slug


@pytest.mark.django_db
def test_a_list_is_paged_to_its_end() -> None:
    add(*(new_source(f"paper{number}") for number in range(7)))
    seen, older = [], None
    while True:
        page = sources.listing(older=older, limit=3)
        seen += [source.id for source in page.sources]
        assert page.total == 7
        if not (older := page.older):
            break
    assert len(seen) == len(set(seen)) == 7
    with pytest.raises(BadPage):
        sources.listing(older="1-of-nothing")


@pytest.mark.django_db
def test_words_find_sources_and_are_no_pattern() -> None:
    add(new_source("harbour"), new_source("hill"))
    assert sources.listing(words="HARB").total == 1
    assert sources.listing(words="%").total == 0


@pytest.mark.django_db
def test_refreshing_leaves_those_that_asked_us_to_wait() -> None:
    add(new_source("one"), new_source("two"), new_source("three"))
    later = NOW + timedelta(hours=3)
    Poll.objects.update(next_at=later)
    hosts_before = Host.objects.count()
    Poll.objects.filter(source__host="one.example").update(why={"code": "retry-after", "seconds": 60})
    Poll.objects.filter(source__host="two.example").update(fetched_at=NOW)
    assert sources.refresh(None, NOW, not_since=NOW - timedelta(minutes=5)) == 1
    assert Poll.objects.get(next_at=NOW).source.host == "three.example"
    assert Host.objects.count() == hosts_before
    assert hosts.any_due(NOW)


@pytest.mark.django_db
def test_the_page_of_a_source_says_why(source: Source) -> None:
    Poll.objects.update(why={"code": "floor", "seconds": 3600.0}, cause="The site refused the connection.")
    page = sources.page(source.id)
    assert page is not None
    assert "every 1 hour" in page.source.why
    assert page.source.cause == "The site refused the connection."
