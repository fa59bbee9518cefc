"""Icons of publishers, from the page that declares one to the card that shows it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from PIL import Image

from daily8.net.cage import Cage
from daily8.store import articles
from daily8.store.models import Article, Errand, Picture, PublisherIcon
from tests.pipeline.test_listing import later, subscribe
from tests.sites import TITLES, XML, Sites, article, feed, open_sites

pytestmark = pytest.mark.django_db(transaction=True)

HOME = "www.harbour.example/"
ICON = '<link rel="icon" type="image/png" sizes="64x64" href="/icon.png">'


def png(width: int = 96) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, width), "navy").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def sites(transactional_db: None, cage: Cage) -> Iterator[Sites]:
    """A publisher with a feed of one article, whose page declares an icon."""
    with open_sites(cage) as found:
        found.put(f"{HOME}feed.xml", feed((f"http://{HOME}1", TITLES[0])), XML)
        found.put(f"{HOME}1", article(TITLES[0], head=ICON))
        found.put(f"{HOME}2", article(TITLES[1], head=ICON.replace("icon.png", "other.png")))
        found.put(f"{HOME}icon.png", png(), "image/png")
        found.put(f"{HOME}other.png", png(48), "image/png")
        subscribe(found, f"http://{HOME}feed.xml")
        yield found


def test_an_icon_is_stored_and_shown(sites: Sites) -> None:
    sites.drain()
    icon = PublisherIcon.objects.get()
    assert (icon.picture.url, icon.picture.widths, icon.picture.width) == (f"http://{HOME}icon.png", [64], 96)
    [card] = articles.latest(language=None).list.cards
    assert card.publisher.icon is not None
    assert card.publisher.icon.widths == (64,)
    assert not sites.asked(f"{HOME}favicon.ico")


def test_it_is_looked_at_again_after_a_week_only(sites: Sites) -> None:
    sites.drain()
    sites.put(f"{HOME}feed.xml", feed((f"http://{HOME}2", TITLES[1])), XML)
    later(sites)
    assert Article.objects.count() == 2
    assert PublisherIcon.objects.get().picture.url.endswith("/icon.png")
    assert len(sites.asked(f"{HOME}icon.png")) == 1
    assert not sites.asked(f"{HOME}other.png")
    PublisherIcon.objects.update(seen_at=sites.moment - timedelta(days=7))
    sites.put(f"{HOME}3", article(TITLES[2], head=ICON.replace("icon.png", "other.png")))
    sites.put(f"{HOME}feed.xml", feed((f"http://{HOME}3", TITLES[2])), XML)
    later(sites)
    assert PublisherIcon.objects.get().picture.url.endswith("/other.png")


def test_a_page_of_another_site_does_not_speak_for_a_publisher(sites: Sites) -> None:
    sites.put("www.elsewhere.example/1", article(TITLES[3], head=ICON))
    sites.put("www.elsewhere.example/icon.png", png(), "image/png")
    sites.put(f"{HOME}feed.xml", feed(("http://www.elsewhere.example/1", TITLES[3])), XML)
    sites.drain()
    assert Article.objects.get().verdict == "article"
    assert not PublisherIcon.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png"), (png() + bytes(200_000), "image/png")],
    ids=["SVG", "too large"],
)
def test_what_cannot_be_an_icon_is_set_aside(sites: Sites, body: bytes, kind: str) -> None:
    sites.put(f"{HOME}icon.png", body, kind)
    sites.drain()
    errand = Errand.objects.get(kind="picture", subject=Picture.objects.get(url__endswith="icon.png").id)
    assert errand.verdict == "aside"
    [card] = articles.latest(language=None).list.cards
    assert card.publisher.icon is None
