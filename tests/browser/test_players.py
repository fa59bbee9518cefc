"""Films and episodes in a real browser: nothing from elsewhere before a click, sound between pages."""

from __future__ import annotations

import io
import math
import re
import wave
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from daily8.news import types
from daily8.store.models import Article, TimedText
from tests.browser.conftest import DESKTOP, PHONE, Visit, Visitor
from tests.browser.test_accessibility import violations
from tests.newsroom import Newsroom

pytestmark = pytest.mark.browser

SOUND = "https://sound.radio.example/7.wav"
SECONDS = 90
RATE = 4000
CHAPTERS = [(0, "Hello"), (30, "The crane"), (60, "The harbour")]
LINES = [
    (0.0, "Mara", "Good morning, and welcome."),
    (20.0, "Bo", "The crane fell."),
    (55.0, "Mara", "Goodbye."),
]


def tone() -> bytes:
    """Make a sound: a WAV of a minute and a half."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        one = bytes(128 + round(20 * math.sin(2 * math.pi * 200 * n / RATE)) for n in range(RATE))
        file.writeframes(one * SECONDS)
    return out.getvalue()


@dataclass
class Station:
    """A visit, and the requests that reached the host of the sounds."""

    visit: Visit
    asked: list[str] = field(default_factory=list)

    def serve(self, body: bytes) -> None:
        """Answer for the host of the sounds, in parts as a browser asks for them."""

        def answer(route: Route) -> None:
            self.asked.append(route.request.url)
            headers = {"Content-Type": "audio/wav", "Accept-Ranges": "bytes"}
            wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", route.request.headers.get("range", ""))
            if wanted is None:
                route.fulfill(status=200, headers=headers, body=body)
                return
            first, last = int(wanted[1]), int(wanted[2] or len(body) - 1)
            headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
            route.fulfill(status=206, headers=headers, body=body[first : last + 1])

        self.visit.page.route("https://sound.radio.example/**", answer)

    @property
    def page(self) -> Page:
        return self.visit.page

    def at(self) -> int:
        """Give the second that the bar shows."""
        shown = self.page.locator(".bar-slider").input_value()
        return int(shown)

    def wait_past(self, second: int) -> None:
        self.page.wait_for_function(
            "second => Number(document.querySelector('.bar-slider').value) > second", arg=second
        )


def episode(newsroom: Newsroom, media: Path, *, arabic: bool = False) -> Article:
    """Publish an episode with chapters and a transcript."""
    address = f"https://radio.example/7-{arabic}"
    made = newsroom.publish(
        5,
        arabic=arabic,
        key=address,
        url=address,
        kind="podcast",
        enclosures=[{"url": SOUND, "type": "audio/wav", "length": 9, "duration": SECONDS}],
        episode={"season": 2, "number": 7, "people": ["Mara Quill", "Bo"]},
    )
    newsroom.picture(made, media=media)
    chapters = [{"start": start, "title": title, "url": None} for start, title in CHAPTERS]
    lines = [{"start": start, "speaker": who, "text": text} for start, who, text in LINES]
    TimedText.objects.create(article=made, kind="chapters", content=chapters)
    TimedText.objects.create(article=made, kind="transcript", url=f"{SOUND}.vtt", content=lines)
    return made


@pytest.fixture
def station(visitor: Visitor) -> Station:
    """Somebody with a desktop, before whom the host of the sounds answers."""
    found = Station(visitor.visit(size=DESKTOP))
    found.serve(tone())
    return found


def test_sound_goes_on_while_pages_are_turned(station: Station, newsroom: Newsroom, tmp_path: Path) -> None:
    made = episode(newsroom, tmp_path)
    other = newsroom.publish(1, title="Another piece")
    page = station.visit.to(f"/article/{made.id.hex}")
    assert station.asked == []
    page.evaluate("document.documentElement.marked = true")
    page.get_by_role("button", name="Play").click()
    station.wait_past(0)
    assert station.asked

    page.locator(".masthead-nav a", has_text="Latest").click()
    expect(page).to_have_url(re.compile(r"/$|/edition/"))
    expect(page.locator("#content")).to_be_focused()
    first = station.at()
    page.locator(".card-title a", has_text="Another piece").click()
    expect(page).to_have_url(re.compile(other.id.hex))
    expect(page).to_have_title("Another piece · Daily8")
    assert page.evaluate("scrollY") == 0
    station.wait_past(first)
    assert page.evaluate("document.documentElement.marked"), "the page was never left"

    page.locator(".masthead-tools a", has_text="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page.locator(".bar-play")).to_have_attribute("aria-label", "إيقاف مؤقت")
    second = station.at()
    station.wait_past(second)

    page.go_back()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.go_back()
    expect(page).to_have_url(re.compile(r"/$|/edition/"))
    page.go_forward()
    expect(page).to_have_url(re.compile(other.id.hex))
    third = station.at()
    station.wait_past(third)
    page.locator("[data-do=close]").click()
    expect(page.locator(".bar")).to_have_count(0)
    assert station.visit.wrong == []


def test_the_place_is_kept_when_pages_are_really_left(
    station: Station, newsroom: Newsroom, tmp_path: Path
) -> None:
    made = episode(newsroom, tmp_path)
    page = station.visit.to(f"/article/{made.id.hex}")
    page.locator(".chapters .place").nth(1).click()
    station.wait_past(30)
    page.get_by_role("button", name="Pause").first.click()
    station.visit.to("/about")
    assert station.at() >= 30
    asked = len(station.asked)
    page.locator("[data-do=lines]").click()
    expect(page.locator(".bar-list button")).to_have_count(len(LINES))
    expect(page.locator(".bar-list [aria-current]")).to_contain_text("The crane fell.")
    assert len(station.asked) == asked, "who paused asks for nothing"
    page.locator("[data-do=close]").click()
    station.visit.to(f"/article/{made.id.hex}")
    expect(page.locator(".bar")).to_have_count(0)
    page.get_by_role("button", name="Play").click()
    station.wait_past(30)
    assert page.evaluate("document.cookie") == ""
    assert station.visit.wrong == []


def test_chapters_lines_and_keys(station: Station, newsroom: Newsroom, tmp_path: Path) -> None:
    made = episode(newsroom, tmp_path)
    page = station.visit.to(f"/article/{made.id.hex}")
    page.locator("#transcript summary").click()
    page.locator(".transcript-find input").fill("CRANE")
    expect(page.locator(".line:visible")).to_have_count(1)
    page.locator(".line:visible .place").click()
    station.wait_past(20)
    expect(page.locator(".line[aria-current]")).to_contain_text("The crane fell.")
    page.locator(".bar-play").click()
    page.locator("[data-do=chapters]").click()
    page.locator(".bar-list button", has_text="The harbour").click()
    station.wait_past(59)
    expect(page.locator(".bar-line")).to_have_text("The harbour")
    page.locator(".bar-play").click()
    here = station.at()
    page.locator(".bar-slider").focus()
    page.keyboard.press("ArrowRight")
    assert station.at() == here + 5
    page.locator("[data-do=back]").click()
    assert station.at() == here - 10
    page.locator("[data-do=ahead]").click()
    assert station.at() == min(here + 20, SECONDS)
    shown = page.locator(".bar-slider").get_attribute("aria-valuetext")
    assert shown is not None
    assert shown.endswith("of 1:30")
    page.locator(".bar-speed").select_option("1.5")
    said = page.evaluate("navigator.mediaSession.metadata.title")
    assert said == made.title
    expect(page.locator(".bar-sheet")).to_be_visible()
    page.locator(".bar-list button").first.focus()
    page.keyboard.press("Escape")
    expect(page.locator(".bar-sheet")).to_be_hidden()
    expect(page.locator("[data-do=chapters]")).to_be_focused()
    assert station.visit.wrong == []


@pytest.mark.parametrize("form", ["gone", "no sound"])
def test_a_sound_that_does_not_play_is_said_so(
    visitor: Visitor, newsroom: Newsroom, tmp_path: Path, form: str
) -> None:
    made = episode(newsroom, tmp_path)
    station = Station(visitor.visit())
    station.serve(b"" if form == "gone" else b"<html>" * 100)
    page = station.visit.to(f"/article/{made.id.hex}")
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".bar-state")).to_contain_text("cannot be played here")


def test_a_sound_that_fails_in_mid_play_keeps_its_place(
    visitor: Visitor, newsroom: Newsroom, tmp_path: Path
) -> None:
    made = episode(newsroom, tmp_path)
    station = Station(visitor.visit())
    station.serve(tone())
    page = station.visit.page
    page.add_init_script(
        "window.Audio = class extends Audio { constructor() { super(); window.sound = this; } };"
    )
    station.visit.to(f"/article/{made.id.hex}")
    page.get_by_role("button", name="Play").first.click()
    station.wait_past(0)
    page.locator(".chapters .place").nth(1).click()
    station.wait_past(30)
    # What a browser does when the connection breaks for good: the sound stands still, and is not paused.
    page.evaluate("() => { sound.playbackRate = 0; sound.dispatchEvent(new Event('error')); }")
    expect(page.locator(".bar-state")).to_contain_text("cannot be played here")
    expect(page.locator(".bar-play")).to_have_attribute("aria-label", "Play")
    assert station.at() >= 30
    page.wait_for_function(
        "() => Object.values(JSON.parse(localStorage.getItem('daily8.places')))[0]?.[0] >= 30"
    )
    page.locator(".bar-play").click()
    expect(page.locator(".bar-state")).to_have_text("")
    station.wait_past(31)


def test_without_a_script_there_is_a_link(visitor: Visitor, newsroom: Newsroom, tmp_path: Path) -> None:
    made = episode(newsroom, tmp_path)
    visit = visitor.visit(f"/article/{made.id.hex}", java_script_enabled=False)
    assert visit.page.get_by_role("link", name="Play").get_attribute("href") == SOUND
    assert visit.page.locator(".chapters .place").nth(1).get_attribute("href") == f"{SOUND}#t=30"
    assert visit.wrong == []


@pytest.mark.parametrize("plays", [True, False])
def test_a_stream_plays_where_the_browser_can(
    visitor: Visitor, newsroom: Newsroom, tmp_path: Path, plays: bool
) -> None:
    address = "https://sound.radio.example/7.m3u8"
    made = newsroom.publish(
        5,
        kind="video",
        key="https://tv.example/7",
        enclosures=[{"url": address, "type": "application/x-mpegurl", "length": None, "duration": 60}],
    )
    visit = visitor.visit()
    visit.page.add_init_script(
        f"HTMLMediaElement.prototype.canPlayType = () => '{'maybe' if plays else ''}';"
    )
    station = Station(visit)
    station.serve(b"#EXTM3U\n")
    page = visit.to(f"/article/{made.id.hex}")
    assert station.asked == []
    expect(page.locator(".film-play")).to_contain_text("sound.radio.example")
    if plays:
        with page.expect_request(address):
            page.locator(".film-play").click()
    else:
        page.locator(".film-play").click()
        expect(page.locator(".film-unable a")).to_be_visible()
        assert page.locator(".film-unable a").get_attribute("href") == made.url
        assert station.asked == []
        assert page.locator("video").count() == 0


@pytest.mark.parametrize("prefix", ["", "/ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing(
    visitor: Visitor, newsroom: Newsroom, tmp_path: Path, prefix: str, scheme: str, size: dict[str, Any]
) -> None:
    made = episode(newsroom, tmp_path, arabic=bool(prefix))
    newsroom.text(made, types.Paragraph("x"), types.Embed("video", "https://tv.example/a.mp4"))
    station = Station(visitor.visit(size=size, color_scheme=scheme))
    station.serve(tone())
    page = station.visit.to(f"{prefix}/article/{made.id.hex}")
    page.locator("#transcript summary").click()
    page.locator(".listen-play").click()
    station.wait_past(0)
    page.locator("[data-do=lines]").click()
    page.locator(".bar-list button").first.wait_for()
    for button in page.locator(".bar button:visible, .bar select:visible, .place:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 43.5
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(station.visit) == []
    assert station.visit.wrong == []


def test_a_late_page_is_not_shown_where_the_reader_went_back(
    station: Station, newsroom: Newsroom, tmp_path: Path
) -> None:
    made = episode(newsroom, tmp_path)
    page = station.visit.to(f"/article/{made.id.hex}")
    page.locator(".chapters .place").nth(1).click()
    station.wait_past(30)
    page.evaluate("history.pushState({}, '', '#transcript')")
    late: list[Route] = []
    page.route("**/about", lambda route: late.append(route))
    with page.expect_request("**/about"):
        page.locator(".masthead-nav a", has_text="About").click()
    expect(page.locator("body")).to_have_attribute("aria-busy", "true")
    page.go_back()
    expect(page.locator("body")).not_to_have_attribute("aria-busy", "true")
    late[0].continue_()
    page.wait_for_timeout(500)
    assert page.url.endswith(made.id.hex)
    expect(page).to_have_title(f"{made.title} · Daily8")
    expect(page.locator("h1")).to_have_text(made.title)
    assert station.visit.wrong == []


def test_a_page_wears_its_own_styles_and_no_others(
    station: Station, newsroom: Newsroom, tmp_path: Path
) -> None:
    made = episode(newsroom, tmp_path)
    page = station.visit.to(f"/article/{made.id.hex}")
    page.get_by_role("button", name="Play").first.click()
    station.wait_past(0)
    worn = (
        "[...document.querySelectorAll('link[rel=stylesheet]')]"
        ".map(link => new URL(link.href).pathname.split('/').pop())"
    )
    before = page.evaluate(worn)
    page.evaluate(
        "id => { document.querySelector('.masthead-nav a').href = `/article/${id}/history`; }", made.id.hex
    )
    page.locator(".masthead-nav a").first.click()
    expect(page.locator("h1")).to_have_text("What changed")
    assert page.evaluate(worn) == [*before, "history.css"]
    page.locator(".crumb a").click()
    expect(page.locator("h1")).to_have_text(made.title)
    assert page.evaluate(worn) == before
    expect(page.locator(".bar")).to_be_visible()
    assert station.visit.wrong == []


def test_a_fragment_is_where_reading_goes_on(station: Station, newsroom: Newsroom, tmp_path: Path) -> None:
    made = episode(newsroom, tmp_path)
    page = station.visit.to(f"/article/{made.id.hex}")
    page.get_by_role("button", name="Play").first.click()
    station.wait_past(0)
    link = page.locator(".masthead-nav a").first
    for fragment, focused in (("#rights", "#rights"), ("#100%", "#content")):
        link.evaluate("(link, to) => { link.href = to; }", f"/source/{newsroom.english.id.hex}{fragment}")
        link.click()
        expect(page.locator(focused)).to_be_focused()
        expect(page.locator("body")).not_to_have_attribute("aria-busy", "true")
        page.go_back()
        expect(page.locator("h1")).to_have_text(made.title)
    expect(page.locator(".bar")).to_be_visible()
    assert station.visit.wrong == []


def test_pages_of_another_deployment_are_gone_to_for_good(
    station: Station, newsroom: Newsroom, tmp_path: Path
) -> None:
    made = episode(newsroom, tmp_path)
    page = station.visit.to(f"/article/{made.id.hex}")
    page.get_by_role("button", name="Play").first.click()
    station.wait_past(0)

    def newer(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r"site\.js\?v=\w+", "site.js?v=newer", answer.text()))

    page.evaluate("document.documentElement.marked = true")
    page.route("**/about", newer)
    page.locator(".masthead-nav a", has_text="About").click()
    page.wait_for_function("() => !document.documentElement.marked")
    expect(page.locator(".bar")).to_be_visible()
    expect(page.locator(".bar")).to_have_count(1)


def test_another_episode_does_not_unfold_what_it_lacks(
    station: Station, newsroom: Newsroom, tmp_path: Path
) -> None:
    made = episode(newsroom, tmp_path)
    plain = newsroom.publish(
        1,
        title="An episode without chapters",
        kind="podcast",
        key="https://radio.example/8",
        enclosures=[{"url": f"{SOUND}?8", "type": "audio/wav", "length": 9, "duration": SECONDS}],
    )
    page = station.visit.to(f"/article/{made.id.hex}")
    page.get_by_role("button", name="Play").first.click()
    station.wait_past(0)
    page.locator("[data-do=chapters]").click()
    expect(page.locator(".bar-sheet")).to_be_visible()
    page.locator(".masthead-nav a", has_text="Latest").click()
    page.locator(".card-title a", has_text=plain.title).first.click()
    expect(page).to_have_title(f"{plain.title} · Daily8")
    page.locator(".listen-play").click()
    expect(page.locator(".bar-title")).to_have_text(plain.title)
    expect(page.locator(".bar-sheet")).to_be_hidden()
    assert station.visit.wrong == []


def test_forms_are_turned_too_and_other_answers_leave(
    station: Station, newsroom: Newsroom, tmp_path: Path
) -> None:
    made = episode(newsroom, tmp_path)
    page = station.visit.to(f"/article/{made.id.hex}")
    page.evaluate("document.documentElement.marked = true")
    page.get_by_role("button", name="Play").click()
    station.wait_past(0)
    page.locator(".masthead-nav a", has_text="Sources").click()
    page.locator("#q").fill("harbour")
    page.locator(".search .button").click()
    expect(page).to_have_url(re.compile(r"/sources\?q=harbour"))
    expect(page.locator("#q")).to_have_value("harbour")
    assert page.evaluate("document.documentElement.marked")
    page.evaluate("document.querySelector('.masthead-nav a').href = '/api/v1/articles'")
    page.locator(".masthead-nav a").first.click()
    page.wait_for_function("() => document.contentType === 'application/json'")
    assert station.visit.wrong == []


def test_more_of_a_list_comes_on_a_page_that_was_turned_to(
    station: Station, newsroom: Newsroom, tmp_path: Path
) -> None:
    made = episode(newsroom, tmp_path)
    page = station.visit.to(f"/article/{made.id.hex}")
    page.get_by_role("button", name="Play").click()
    station.wait_past(0)
    page.locator(".masthead-nav a", has_text="World").click()
    page.wait_for_function("() => window.htmx")
    shown = page.locator(".card").count()
    page.locator("[data-more]").click()
    page.wait_for_function("n => document.querySelectorAll('.card').length > n", arg=shown)
    expect(page.locator(".bar")).to_be_visible()
    page.locator("[data-theme-switch]").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert station.visit.wrong == []


def test_a_file_is_played_in_its_place_and_silences_the_bar(
    station: Station, newsroom: Newsroom, tmp_path: Path
) -> None:
    made = episode(newsroom, tmp_path)
    film = newsroom.publish(
        4,
        kind="video",
        key="https://tv.example/7",
        title="The film of it",
        enclosures=[{"url": SOUND, "type": "video/mp4", "length": None, "duration": SECONDS}],
    )
    chapters = [{"start": start, "title": title, "url": None} for start, title in CHAPTERS]
    TimedText.objects.create(article=film, kind="chapters", content=chapters)
    page = station.visit.to(f"/article/{made.id.hex}")
    page.get_by_role("button", name="Play").click()
    station.wait_past(0)
    page.locator(".card-title a", has_text="The film of it").or_(
        page.locator(".masthead-nav a", has_text="Latest")
    ).first.click()
    page.locator(".card-title a", has_text="The film of it").first.click()
    page.locator(".chapters .place").nth(1).click()
    page.wait_for_function("() => document.querySelector('.film video')?.currentTime > 30")
    expect(page.locator(".bar-play")).to_have_attribute("aria-label", "Play")
    page.locator(".bar-play").click()
    page.wait_for_function("() => document.querySelector('.film video').paused")
    assert station.visit.wrong == []
