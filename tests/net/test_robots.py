"""What robots.txt lets us read, and what its absence means."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

import pytest
from protego import Protego

from daily8.net.crowding import Crowding
from daily8.net.egress import Door
from daily8.net.guard import Egress
from daily8.net.robots import Robots, ours, sitemaps
from tests.faults.server import FaultServer, Request, answer, hangs, redirects, says
from tests.net.elsewhere import lead, resolves
from tests.net.test_faults import with_faults

RULES = b"""\xef\xbb\xbf# rules
User-agent: Other
User-agent: Daily8/2
Disallow: /private
Allow: /private/open
Crawl-delay: 7

User-agent: *
Disallow: /
Sitemap: https://a.faults.test/map
"""


def verdicts(robots_txt: bytes, *paths: str, host: str = "a") -> list[str]:
    async def use(door: Door, server: FaultServer) -> list[str]:
        server.extra["robots.txt"] = says(robots_txt)
        robots = Robots(door)
        found = [await robots.verdict(f"http://{host}.faults.test{path}") for path in paths]
        assert len(server.requests) == 1
        return list(found)

    result: list[str] = with_faults(use)
    return result


def test_the_group_that_names_us_binds_us() -> None:
    assert verdicts(answer(200, RULES), "/", "/private/a", "/private/open/b", "/robots.txt") == [
        "allowed",
        "disallowed",
        "allowed",
        "allowed",
    ]


def test_else_the_group_for_all() -> None:
    rules = b"User-agent: Daily\nDisallow:\n\nUser-agent: *\nDisallow: /a*/x$\nDisallow: /?*q="
    assert verdicts(answer(200, rules), "/ab/x", "/ab/xy", "/?p=1&q=2") == [
        "disallowed",
        "allowed",
        "disallowed",
    ]


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        (answer(404), "allowed"),
        (answer(401), "allowed"),
        (answer(200), "allowed"),
        (answer(200, b"<!doctype html><p>Not found: User-agent"), "allowed"),
        (answer(429), "unknown"),
        (answer(503), "unknown"),
        (answer(200, b"x", length=100), "unknown"),
        (b"rubbish", "unknown"),
        (answer(200, b"User-agent: *\nDisallow: /\n" + b"#" * 600_000), "disallowed"),
        (answer(200, b"#" * 600_000 + b"\nUser-agent: *\nDisallow: /\n"), "allowed"),
    ],
)
def test_answers_of_every_kind(reply: bytes, verdict: str) -> None:
    assert verdicts(reply, "/page") == [verdict]


def test_what_hangs_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    async def use(door: Door, server: FaultServer) -> bool:
        server.extra["robots.txt"] = hangs
        fetch = door.fetch
        monkeypatch.setattr(door, "fetch", lambda url, **options: fetch(url, deadline=0.2, **options))
        return await Robots(door).allowed("http://a.faults.test/page")

    assert with_faults(use) is False


def test_a_page_that_cannot_be_had_tells_its_own_cause() -> None:
    async def run() -> list[str]:
        async with Door(Egress(), "Daily8/0") as door:
            robots = Robots(door)
            return [await robots.verdict(url) for url in ("http://127.0.0.1/x", "nonsense", "http://[::1]/")]

    assert asyncio.run(run()) == ["allowed"] * 3


def test_rules_are_kept_a_day_and_stay_in_force_while_the_file_is_away() -> None:
    now = [0.0]

    async def use(door: Door, server: FaultServer) -> list[tuple[str, int]]:
        robots = Robots(door, clock=lambda: now[0])
        server.extra["robots.txt"] = says(answer(200, RULES))
        seen: list[tuple[str, int]] = []
        for at, reply in (
            (0.0, RULES),
            (86_399.0, RULES),
            (86_401.0, None),
            (86_401.0 + 3601, b"User-agent: *\nDisallow: /nothing"),
        ):
            now[0] = at
            server.extra["robots.txt"] = says(answer(200, reply) if reply else answer(500))
            verdict = await robots.verdict("http://a.faults.test/private")
            seen.append((verdict, len(server.requests)))
        assert await robots.delay("http://a.faults.test/") is None
        return seen

    assert with_faults(use) == [("disallowed", 1), ("disallowed", 1), ("disallowed", 2), ("allowed", 3)]


def test_a_turn_that_did_not_come_says_nothing_of_a_site(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> list[str]:
        async with FaultServer() as server:
            server.extra["robots.txt"] = says(answer(200, RULES))
            lead(monkeypatch, {"8.8.8.1": server.port})
            crowding, names, now = Crowding(1, patience=0.01), resolves({"a.example": ["8.8.8.1"]}), [0.0]
            async with Door(Egress(), "Daily8/0", lookup=names, crowding=crowding) as door:
                robots = Robots(door, clock=lambda: now[0])
                others = await crowding.place(["8.8.8.1"])
                found = [await robots.verdict("http://a.example/private")]
                others.leave()
                found.append(await robots.verdict("http://a.example/private"))
                now[0] = 90_000.0
                others = await crowding.place(["8.8.8.1"])
                found.append(await robots.verdict("http://a.example/private"))
                return [*found, str(len(server.requests))]

    assert asyncio.run(run()) == ["unknown", "disallowed", "disallowed", "1"]


def test_the_sites_asked_about_last_are_kept_by_what_they_take() -> None:
    async def use(door: Door, server: FaultServer) -> list[int]:
        rules = "User-agent: *\n" + "".join(f"Disallow: /a-place-of-the-site-{n}\n" for n in range(30))
        server.extra["robots.txt"] = says(answer(200, rules.encode()))
        robots = Robots(door, most=100_000)
        asked = []
        for sites in (range(100), range(60, 100), range(10)):
            for n in sites:
                assert not await robots.allowed(f"http://n{n}.faults.test/a-place-of-the-site-7")
            asked.append(len(server.requests))
        return asked

    # Two thousand bytes a site: fifty fit.
    assert with_faults(use) == [100, 100, 110]


def test_large_rules_are_heeded_again_and_again() -> None:
    long = "User-agent: *\n" + "".join(f"Disallow: /{n}/{'x' * 50}\n" for n in range(1000))
    path = f"/7/{'x' * 50}"
    assert verdicts(answer(200, long.encode()), path, path, "/") == ["disallowed", "disallowed", "allowed"]


def test_many_askers_make_one_request() -> None:
    async def use(door: Door, server: FaultServer) -> int:
        async def slow(request: Request, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(0.05)
            await says(answer(200, RULES))(request, writer)

        server.extra["robots.txt"] = slow
        robots = Robots(door)
        first = asyncio.create_task(robots.allowed("http://a.faults.test/0"))
        others = [robots.allowed(f"http://a.faults.test/{n}") for n in range(1, 9)]
        waiting = asyncio.gather(*others)
        await asyncio.sleep(0.01)
        first.cancel()
        assert await waiting == [True] * 8
        assert await robots.delay("http://a.faults.test/") == 7
        return len(server.requests)

    assert with_faults(use) == 1


def test_a_crowd_of_agents_and_rules_is_thinned() -> None:
    crowd = "".join(f"User-agent: bot{n}\n" for n in range(15_000)) + "Disallow: /\n" * 10_000
    assert ours(crowd, "daily8") == ""
    assert ours(crowd + "User-agent: *\nDisallow: /x", "daily8") == "User-agent: *\ndisallow: /x"
    assert len(ours("User-agent: *\n" + "Disallow: /x\n" * 50_000, "daily8").splitlines()) <= 5001


def test_sitemaps_are_named_outside_of_groups() -> None:
    text = "User-agent: other\nSitemap: /news.xml # ours\nDisallow: /\nSITEMAP : https://x.test/a.xml\nSitemap:\n"
    assert sitemaps(text, "https://harbour.test/robots.txt") == (
        "https://harbour.test/news.xml",
        "https://x.test/a.xml",
    )
    assert len(sitemaps("\n".join(f"Sitemap: /{n}" for n in range(999)), "https://a.test/robots.txt")) == 50


def test_five_redirects_are_followed_across_sites_and_a_sixth_is_not() -> None:
    async def use(door: Door, server: FaultServer) -> list[str]:
        server.extra["robots.txt"] = redirects("http://b.faults.test/hop-4")
        for left in range(5):
            server.extra[f"hop-{left}"] = redirects(f"http://{'cd'[left % 2]}.faults.test/hop-{left - 1}")
        server.extra["hop-0"] = says(answer(200, b"User-agent: *\nDisallow: /"))
        five = await Robots(door).verdict("http://a.faults.test/page")
        server.extra["hop-0"] = redirects("/hop-last")
        six = await Robots(door).verdict("http://a.faults.test/page")
        return [five, six]

    assert with_faults(use) == ["disallowed", "allowed"], (
        "a file too far away counts as none (RFC 9309, 2.3.1.2)"
    )


@pytest.mark.parametrize(
    "to",
    ["http://127.0.0.1:1/", "http://nowhere.invalid./x", "file:///etc/passwd", "http://a.faults.test/resets"],
)
def test_a_redirect_that_fails_is_no_leave_to_read(to: str) -> None:
    async def use(door: Door, server: FaultServer) -> str:
        server.extra["robots.txt"] = redirects(to)
        return await Robots(door).verdict("http://a.faults.test/page")

    assert with_faults(use) == "unknown"


@pytest.mark.parametrize(
    ("line", "delay"),
    [("7", 7.0), ("0.5", 0.5), ("-3", None), ("1e999", None), ("nan", None), ("soon", None), ("", None)],
)
def test_a_crawl_delay_is_read_as_seconds(line: str, delay: float | None) -> None:
    async def use(door: Door, server: FaultServer) -> float | None:
        server.extra["robots.txt"] = says(answer(200, f"User-agent: *\nCrawl-delay: {line}".encode()))
        return await Robots(door).delay("http://a.faults.test/page")

    assert with_faults(use) == delay


def test_groups_of_one_name_are_one() -> None:
    rules = (
        b"User-agent: daily8\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUSER-AGENT: DAILY8\ndisallow: /b"
    )
    assert verdicts(answer(200, rules), "/a", "/b", "/c") == ["disallowed", "disallowed", "allowed"]


def test_the_longest_rule_binds_and_allow_wins_a_tie() -> None:
    rules = b"User-agent: *\nDisallow: /x\nAllow: /x/y\nDisallow: /x/y/z\nAllow: /t\nDisallow: /t"
    rules += b"\nDisallow: /*.gif$"
    paths = ("/x/1", "/x/y/1", "/x/y/z", "/t", "/a.gif", "/a.gif?b", "/%78/1")
    assert verdicts(answer(200, rules), *paths) == [
        "disallowed",
        "allowed",
        "disallowed",
        "allowed",
        "disallowed",
        "allowed",
        "disallowed",
    ]


def test_who_asks_for_robots_is_who_reads_pages() -> None:
    async def use(door: Door, server: FaultServer) -> bytes | None:
        await Robots(door).verdict("http://a.faults.test/page")
        return server.requests[0].header("User-Agent")

    assert with_faults(use) == b"Daily8-fetch/0 (+https://daily8.test/bot)"


_HOSTILE: dict[str, Callable[[int], str]] = {
    "wildcards": lambda n: "User-agent: *\n" + f"Disallow: /{'*a' * n}*b$\n",
    "rules": lambda n: "User-agent: *\n" + "".join(f"Disallow: /a{i}*x{i}*y$\n" for i in range(n)),
    "agents": lambda n: "".join(f"User-agent: bot{i}\n" for i in range(n)) + "Disallow: /\n",
    "groups": lambda n: "".join(f"User-agent: *\nDisallow: /{i}\n\n" for i in range(n)),
    "colons": lambda n: "User-agent" + ":" * n + "\n" + "#" * n,
    "one line": lambda n: "Disallow: /" + "%25" * n,
    "dollars": lambda n: "User-agent: *\nDisallow: /" + "$" * n,
}


@pytest.mark.parametrize("kind", _HOSTILE)
def test_work_grows_with_the_file_and_no_faster(kind: str) -> None:
    """Twice the file may take twice the work: counted in lines of Python run, not in time."""

    def work(size: int) -> int:
        ran = 0

        def count(frame: object, event: str, argument: object) -> object:
            nonlocal ran
            ran += 1
            return count

        text = _HOSTILE[kind](size)
        before = sys.gettrace()
        sys.settrace(count)  # type: ignore[arg-type]
        try:
            rules = Protego.parse(ours(text, "daily8"))
            rules.can_fetch("http://a.test/" + "a" * 500, "daily8")
        finally:
            sys.settrace(before)
        return ran

    once, twice = work(400), work(800)
    assert twice <= 2.5 * once
