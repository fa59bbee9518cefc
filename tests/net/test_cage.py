"""What hostile documents make of a parser, and that the cage lives on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daily8.net.cage import Cage, Caged
from daily8.news.feeds import NotAFeed, parse_feed
from daily8.news.language import detect
from tests.net import hostile

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of a cage are those of Linux here")


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    with Cage(workers=2, cpu_seconds=0.5, wall_seconds=30, growth_bytes=64 << 20, warm=()) as made:
        yield made


def test_values_come_and_go(cage: Cage) -> None:
    value = {"a": (1, b"x", None, 1.5, "ä"), "b": [{1, 2}, frozenset({3})]}
    assert cage.call(hostile.echo, value) == value
    assert cage.call(hostile.feed, 3) == hostile.feed(3)
    assert cage.call(hostile.echo, value="named") == "named"


def test_a_refusal_comes_through_as_it_is(cage: Cage) -> None:
    with pytest.raises(hostile.NotAFeed, match=r"^no feed here$"):
        cage.call(hostile.refuse, "no feed here")
    with pytest.raises(ValueError, match="no feed"):
        cage.call(hostile.refuse_oddly)


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (hostile.loop_in_python, "the parser took longer than 0.5 s of CPU"),
        (hostile.loop_in_c, "the parser took longer than 0.5 s of CPU"),
        (hostile.eat_memory, "the parser needed more than 64 MB of memory"),
        (hostile.crash, "the parser crashed"),
        (hostile.leave, "the parser crashed"),
        (hostile.break_down, "the parser failed (KeyError)"),
        (hostile.answer_with_a_trap, "the parser answered with what it may not"),
        (hostile.run_program, "the parser failed (PermissionError)"),
    ],
)
def test_a_hostile_document_is_set_aside_and_the_cage_lives(
    cage: Cage, function: Callable[[], object], reason: str
) -> None:
    with pytest.raises(Caged) as caught:
        cage.call(function)
    assert caught.value.reason == str(caught.value) == reason
    assert caught.value.passing == (reason == "the parser crashed")
    for _ in range(3):
        assert cage.call(hostile.echo, "next") == "next"


def test_too_large_an_answer_is_refused(cage: Cage) -> None:
    with pytest.raises(Caged):
        cage.within(growth_bytes=400 << 20).call(hostile.answer_with_far_too_much)
    assert cage.call(hostile.echo, 1) == 1


def test_noise_does_not_break_the_pipe(cage: Cage) -> None:
    assert cage.call(hostile.print_much) == "still here"


def test_children_reach_no_network_no_file_and_no_secret(
    cage: Cage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    with listening, pytest.raises(Caged, match="PermissionError"):
        cage.call(hostile.reach_out, listening.getsockname()[1])
    with pytest.raises(Caged, match="OSError"):
        cage.call(hostile.write_file, str(tmp_path / "x"))
    monkeypatch.setenv("SECRET_KEY", "canary")
    with Cage(workers=1, warm=()) as fresh:
        assert "SECRET_KEY" not in fresh.call(hostile.environment)
        assert fresh.weaknesses() == ()


def test_real_work_is_loaded_ahead_of_confinement() -> None:
    """What a parser loads late, as its model through a temporary file, it could not load in the cage."""
    text = "De gemeenteraad heeft maandag besloten de oude brug te herstellen voordat de winter komt."
    with Cage(workers=1) as cage:
        assert cage.weaknesses() == ()
        assert cage.call(detect, text) == "nl"
    with Cage(workers=1, warm=("daily8.no_such_module", "daily8.net.rehearsal:no_such")) as cage:
        assert [note.partition(" ")[0] for note in cage.weaknesses()] == [
            "daily8.no_such_module",
            "daily8.net.rehearsal:no_such",
        ]


def test_the_detail_is_for_the_log(cage: Cage) -> None:
    with pytest.raises(Caged) as caught:
        cage.call(hostile.break_down)
    assert "secret detail" in caught.value.detail
    assert "secret detail" not in str(caught.value)


def test_a_view_has_limits_of_its_own(cage: Cage) -> None:
    view = cage.within(cpu_seconds=0.1)
    with pytest.raises(Caged, match=r"0\.1 s of CPU"):
        view.call(hostile.loop_in_python)
    with pytest.raises(Caged, match=r"0\.5 s of CPU"):
        cage.call(hostile.loop_in_python)
    with pytest.raises(Caged, match=r"^the parser took longer than 0\.2 s$") as caught:
        cage.within(wall_seconds=0.2).call(hostile.sleep_long)
    assert caught.value.passing  # the machine may have been busy


def test_an_answer_that_overtakes_the_timer_is_too_late_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    class Starved(threading.Timer):
        """The timer of a machine that is so busy that its thread does not get to run."""

        def run(self) -> None:
            self.finished.wait()

    monkeypatch.setattr(threading, "Timer", Starved)
    with Cage(workers=1, warm=()) as cage:
        with pytest.raises(Caged, match="took longer than 1e-06 s"):
            cage.within(wall_seconds=0.000_001).call(hostile.echo, 1)
        assert cage.call(hostile.echo, 2) == 2


def test_a_timer_that_runs_out_after_the_answer_came_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Late(threading.Timer):
        """A timer that runs out just as it is called off."""

        def run(self) -> None:
            self.finished.wait()
            self.function(*self.args, **self.kwargs)

    monkeypatch.setattr(threading, "Timer", Late)
    with Cage(workers=1, warm=()) as cage:
        pids = {cage.call(hostile.pid) for _ in range(5)}
    assert len(pids) == 1


def test_children_are_renewed() -> None:
    with Cage(workers=1, recycle=5, warm=()) as cage:
        pids = [cage.call(hostile.pid) for _ in range(12)]
    assert [len({*pids[at : at + 5]}) for at in (0, 5)] == [1, 1]
    assert len({*pids}) == 3
    assert os.getpid() not in pids


def test_many_threads_and_tasks_share_a_cage(cage: Cage) -> None:
    got: list[object] = []

    def thread(number: int) -> None:
        with contextlib.suppress(Caged):
            if number % 10 == 0:
                cage.call(hostile.leave)
        got.append(cage.call(hostile.echo, number))

    threads = [threading.Thread(target=thread, args=(n,)) for n in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(map(int, map(str, got))) == list(range(20))

    async def tasks() -> list[object]:
        return await asyncio.gather(*(cage.acall(hostile.echo, n) for n in range(20)))

    assert asyncio.run(tasks()) == list(range(20))


def test_a_function_that_children_cannot_find_is_an_error_of_ours(cage: Cage) -> None:
    with pytest.raises(TypeError, match="function of a module"):
        cage.call(lambda: 1)


def test_closing_ends_what_is_under_way() -> None:
    cage = Cage(workers=1, wall_seconds=60, warm=())
    assert cage.call(hostile.echo, 1) == 1
    ended: list[str] = []

    def wait() -> None:
        try:
            cage.call(hostile.sleep_long)
        except Caged as error:
            ended.append(error.reason)

    threads = [threading.Thread(target=wait) for _ in range(3)]
    for one in threads:
        one.start()
    time.sleep(0.2)
    cage.close()
    for one in threads:
        one.join(10)
    assert ended == ["the cage is closed"] * 3
    cage.close()
    with pytest.raises(Caged, match="closed") as caught:
        cage.call(hostile.echo, 1)
    assert caught.value.passing


def test_a_program_that_forgets_to_close_still_ends() -> None:
    program = (
        "import os\nfrom daily8.net.cage import Cage\nfrom tests.net import hostile\n"
        "cage = Cage(workers=2, warm=())\nprint(cage.call(hostile.pid))\n"
    )
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        timeout=30,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        check=True,
    )
    assert ended.stderr == ""
    with pytest.raises(ProcessLookupError):
        os.kill(int(ended.stdout), 0)


ITEM = "<rss><channel><item><title>t</title>"
HEAVY = {
    "entities": '<!DOCTYPE r [<!ENTITY a "xxxxxxxxxx">]>' + ITEM + "&a;" * 1_000_000,
    "attributes": f"{ITEM}<x {' '.join(f'a{n}=1' for n in range(400_000))}/>",
    "nesting": ITEM + "<a>" * 1_000_000,
    "lists": f"{ITEM}<description><![CDATA[{'<ul><li>' * 500_000}]]></description></item></channel></rss>",
    "json": '{"items":[{"id":' + "9" * 4_000_000 + "}]}",
}


def outcome(cage: Cage, body: bytes) -> str:
    try:
        return f"read: {cage.call(parse_feed, body, 'https://a.example/feed').kind}"
    except NotAFeed:
        return "refused"
    except Caged as caged:
        return caged.reason


def test_a_document_of_full_size_is_read_or_set_aside_with_its_cause() -> None:
    with Cage(workers=1, warm=()) as full:
        found = {name: outcome(full, text.encode()) for name, text in HEAVY.items()}
        assert full.call(hostile.echo, "next") == "next"
    causes = r"read: \w+|refused|the parser (took longer than 2 s of CPU|needed more than 256 MB of memory)"
    assert [name for name, said in found.items() if not re.fullmatch(causes, said)] == []


def test_a_document_that_takes_too_long_is_set_aside(cage: Cage) -> None:
    body = (ITEM + "<b><i>x</b>" * 400_000).encode()
    with pytest.raises(Caged, match=r"^the parser took longer than 0\.01 s of CPU$"):
        cage.within(cpu_seconds=0.01).call(parse_feed, body, "https://a.example/feed")
    assert cage.call(hostile.echo, "next") == "next"
