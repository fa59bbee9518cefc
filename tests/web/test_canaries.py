"""No surface shows more of an article than its publisher, or its source's rights, let be shown.

An article has a canary in every text and picture; every route that anybody may ask is asked for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client

from daily8.news import types
from daily8.news.ranking import GROWING
from daily8.news.types import Wish
from daily8.store import wishes
from daily8.store.models import (
    Arrival,
    Article,
    Membership,
    Relation,
    Source,
    Standing,
    Story,
    TimedText,
)
from tests import newsroom as rows
from tests.newsroom import Newsroom
from tests.web.routes import ROUTES, address

BODY, EXCERPT, SOUND, FILM = "bodycanary", "excerptcanary", "soundcanary", "filmcanary"
EARLY = "Boats came in late and nobody at all minded"
"""How the excerpt begins, before its canary."""


@dataclass(frozen=True, slots=True)
class Case:
    """What limits an article, and which canaries may sing then."""

    name: str
    rights: str = "unknown"
    wish: tuple[str, str] = ("", "")
    sings: frozenset[str] = frozenset()
    small: bool = False
    """Whether pictures are shown in their smallest width alone."""


_EXCERPT = frozenset({EXCERPT, SOUND, "lead"})
_ALL = _EXCERPT | {BODY, FILM, "inner"}
OPEN = Case("nothing", sings=_ALL)
CASES = (
    Case("rights: link", rights="link"),
    Case("rights: excerpt", rights="excerpt", sings=_EXCERPT),
    Case("nosnippet", wish=("nosnippet", "")),
    Case("max-snippet: 0", wish=("max-snippet", "0")),
    Case("max-snippet: 30", wish=("max-snippet", "30"), sings=frozenset({SOUND, "lead"})),
    Case("noarchive", wish=("noarchive", ""), sings=_EXCERPT),
    Case("noimageindex", wish=("noimageindex", ""), sings=_ALL - {"lead", "inner"}),
    Case("max-image-preview: none", wish=("max-image-preview", "none"), sings=_ALL - {"lead", "inner"}),
    Case("max-image-preview: standard", wish=("max-image-preview", "standard"), sings=_ALL, small=True),
)


@dataclass(frozen=True, slots=True)
class Cage:
    """The article with its canaries, and where it may be seen."""

    article: Article
    canaries: dict[str, str]
    """By name, what is looked for in what is answered."""
    things: dict[str, object]

    def surfaces(self) -> Iterator[str]:
        """Give the addresses of all pages and data that anybody may ask."""
        for name, route in sorted(ROUTES.items()):
            if route.staff or route.kind not in ("page", "data") or not set(route.args) <= set(self.things):
                continue
            yield address(name, self.things)
            if route.kind == "page":
                yield f"/ar{address(name, self.things)}"
        for number in (1, 2):
            yield address("version", {**self.things, "revision": number})
        yield f"/article/{self.things['neighbour']}"
        yield "/api/v1/articles?language=en&country=IE"
        yield f"/api/v1/articles/{self.things['neighbour']}"
        yield "/api/v1/stories?language=en&country=IE"
        yield "/api/v1/stories?trending=true"
        yield f"/api/v1/stories/{self.things['story_hex']}?language=en"


@pytest.fixture
def cage(newsroom: Newsroom, media: Path) -> Cage:
    """An episode with all that an episode and an article can have."""
    made = newsroom.publish(
        0,
        key="https://harbour.example/canary",
        url="https://harbour.example/canary",
        title="Ferry returns",
        kind="podcast",
        dek=f"A dek with a {BODY}.",
        section="Sea",
        excerpt=f"{EARLY} {EXCERPT}.",
        summary=f"<p>{BODY}</p>",
        content=f"<p>{BODY}</p>",
        image={"url": "https://harbour.example/lead.jpg", "alt": "", "caption": BODY, "credit": "Quay"},
        enclosures=[
            {"url": f"https://files.example/{SOUND}.mp3", "type": "audio/mpeg", "length": 1, "duration": 60}
        ],
        verdict="article",
    )
    chapters = [{"start": 1.0, "title": BODY, "url": f"https://harbour.example/{BODY}"}]
    TimedText.objects.create(article=made, kind="chapters", content=chapters)
    lines = [{"start": 1.0, "speaker": BODY, "text": BODY}]
    TimedText.objects.create(
        article=made, kind="transcript", url=f"https://files.example/{BODY}.vtt", content=lines
    )
    film = types.Embed("youtube", f"https://www.youtube.com/watch?v={FILM}1", id=f"{FILM}1", text=BODY)
    inner = types.Image("https://harbour.example/inner.jpg", alt=BODY, caption=BODY)
    newsroom.text(made, types.Paragraph(f"12 boats {BODY}"), inner, film)
    newsroom.change(made, types.Paragraph(f"15 boats {BODY} now"), inner, film, dek=BODY)
    lead = newsroom.picture(made, url="https://harbour.example/lead.jpg", media=media)
    inside = newsroom.picture(made, url="https://harbour.example/inner.jpg", lead=False, media=media)
    other = newsroom.publish(1, source=newsroom.other, key="https://islander.example/next")
    story = _told(newsroom, made, other)
    return Cage(
        made,
        {name: name for name in (BODY, EXCERPT, SOUND, FILM)} | {"lead": lead.id.hex, "inner": inside.id.hex},
        {
            "edition": ("IE", "en"),
            "article": made.id,
            "story": story.id,
            "story_hex": story.id.hex,
            "article_hex": made.id.hex,
            "revision": 2,
            "publisher": made.publisher.slug,
            "source": made.source_id,
            "source_hex": made.source_id.hex,
            "neighbour": other.id.hex,
        },
    )


def _told(newsroom: Newsroom, made: Article, other: Article) -> Story:
    """Put the article into a story that leads all front pages, with canaries where its text was read."""
    story = newsroom.story(made, other)
    Arrival.objects.filter(article=made).update(text=BODY)
    for member in Membership.objects.filter(story=story):
        member.decision |= {"features": [[BODY, 0.2]]}
        member.save()
    about = {"turn": "same_event", "about": [BODY], "seconds": 1.0}
    for one, near in ((made, other), (other, made)):
        Relation.objects.create(
            article=one, other=near, relation="same_event", score=0.5, reason=about, place=0, recipe="r"
        )
    rest = [newsroom.story(newsroom.publish(10 + n, source=newsroom.other)) for n in range(4)]
    for edition in ("-", "en-", "ar-", "en-IE"):
        for place, told in enumerate([story, *rest]):
            lead = made if told is story else Membership.objects.get(story=told).article
            Standing.objects.create(
                edition=edition,
                place=place,
                story=told,
                lead=lead,
                score=9.0 - place,
                growth=GROWING,
                reasons=[["growing", 3]],
                reports=2,
                publishers=2,
                recipe="test",
            )
    return story


def heard(cage: Cage, case: Case, client: Client) -> dict[str, set[str]]:
    """Limit the article, ask every surface, and tell which canaries sing where."""
    if case.wish[0]:
        wishes.on_page(cage.article, [Wish(case.wish[0], "page", case.wish[1])], cage.article.arrived_at)
        cage.article.save()
    Source.objects.filter(id=cage.article.source_id).update(rights=case.rights)
    found = {}
    for path in cage.surfaces():
        response = client.get(path)
        said = response.content.decode()
        found[path] = {name for name, canary in cage.canaries.items() if canary in said}
        if case.small:
            assert not any(f"{id_}/640" in said for id_ in cage.canaries.values()), path
        if case.wish == ("max-snippet", "30"):
            assert EARLY not in said, path
    return found


@pytest.mark.parametrize("case", [OPEN, *CASES], ids=lambda case: case.name)
@pytest.mark.parametrize("role", ["", "reader"])
def test_no_surface_shows_more_than_may_be_shown(cage: Cage, client: Client, case: Case, role: str) -> None:
    if role:
        client.force_login(rows.reader(role), backend="allauth.account.auth_backends.AuthenticationBackend")
    found = heard(cage, case, client)
    leaks = {path: names - case.sings for path, names in found.items() if names - case.sings}
    assert leaks == {}
    assert set().union(*found.values()) == case.sings, "what may be shown is shown somewhere"


@pytest.mark.parametrize("role", ["", "reader", "editor"])
def test_figures_of_decisions_are_for_editors(cage: Cage, client: Client, role: str) -> None:
    """They name words of the texts."""
    if role:
        client.force_login(rows.reader(role), backend="allauth.account.auth_backends.AuthenticationBackend")
    one, other = cage.article.id.hex, cage.things["neighbour"]
    story = f"/console/stories/{cage.things['story_hex']}"
    for path in (story, f"/console/stories/pair?one={one}&other={other}"):
        assert (BODY in client.get(path).content.decode()) == (role == "editor"), path


@pytest.mark.parametrize("case", [OPEN, *CASES[:2]], ids=lambda case: case.name)
def test_a_public_site_shows_strangers_excerpts_at_most(
    cage: Cage, client: Client, case: Case, settings: object
) -> None:
    settings.VISIBILITY = "public"  # type: ignore[attr-defined]
    found = heard(cage, case, client)
    assert set().union(*found.values()) == case.sings & _EXCERPT


def test_the_canaries_sing_on_the_surfaces_of_an_open_article(cage: Cage, client: Client) -> None:
    """The list of surfaces holds what it is meant to hold."""
    found = heard(cage, OPEN, client)
    made = cage.article.id.hex
    for path, wanted in (
        ("/", {EXCERPT, "lead"}),
        ("/edition/ie-en", {EXCERPT, "lead"}),
        ("/edition/world", {EXCERPT, "lead"}),
        (f"/publisher/{cage.article.publisher.slug}", {EXCERPT, "lead"}),
        ("/api/v1/articles", {EXCERPT, "lead"}),
        (f"/api/v1/publishers/{cage.article.publisher.slug}", {EXCERPT, "lead"}),
        (f"/article/{made}", {BODY, SOUND, FILM, "lead", "inner"}),
        (f"/ar/article/{made}", {BODY, SOUND, FILM, "lead", "inner"}),
        (f"/api/v1/articles/{made}", set(cage.canaries)),
        (f"/article/{made}/history", {BODY}),
        (f"/article/{cage.things['neighbour']}", {"lead"}),
        (f"/stories/{cage.things['story_hex']}", {EXCERPT, "lead"}),
        (f"/ar/stories/{cage.things['story_hex']}", {EXCERPT, "lead"}),
        (f"/api/v1/stories/{cage.things['story_hex']}", {EXCERPT, "lead"}),
        ("/api/v1/stories", {EXCERPT, "lead"}),
        ("/api/v1/stories?language=en&country=IE", {EXCERPT, "lead"}),
        ("/api/v1/stories?trending=true", {EXCERPT, "lead"}),
    ):
        assert wanted <= found[path], path
