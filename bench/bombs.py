"""Throw bombs at a worker, and measure what it grows by and how long its processor is busy.

    python -m bench.bombs [--json]

A process of its own opens the door and the cage of the service; a server of raw sockets throws one bomb after
another at it: packed bodies that unfold to a gigabyte, also where nobody reads them; heads and chunks without
end; and documents that are small and unfold in a parser. What arrives is read in the cage, as a source's
document is. Measured of the worker: the growth of its resident memory at its peak, and its processor time,
with the children of the cage apart. After each bomb the worker must serve a good fetch.

Fails where the worker grew by more than 32 MB, where it or its children were busy for more than 2 s, and
where it serves no more. A document's child is ended after 2 s of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import resource
import subprocess
import sys
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import service
from tests.faults.packing import BROTLI_BOMB, ZSTD_BOMB
from tests.faults.server import Behaviour, FaultServer, Request, answer, drips, redirects, says

GROWTH_MOST = 32.0
"""MB."""
BUSY_MOST = 2.0
"""Seconds."""
_DEADLINE = 20.0


def _unfolding(size: int, wbits: int) -> bytes:
    """Pack a feed of so many zeros without ever holding them."""
    packer, block = zlib.compressobj(9, zlib.DEFLATED, wbits), bytes(1 << 20)
    return b"".join([*(packer.compress(block) for _ in range(size >> 20)), packer.flush()])


def _feed(text: str) -> bytes:
    head = "<rss version='2.0'><channel><title>x</title>"
    return f"{head}<item><guid>1</guid>{text}</item></channel></rss>".encode()


def _laughs(depth: int, width: int) -> bytes:
    """Write entities that name each other, ``width`` times each (a billion laughs)."""
    rows = [f'<!ENTITY l{n} "{f"&l{n - 1};" * width}">' for n in range(1, depth)]
    entities = f'<!ENTITY l0 "ha">{"".join(rows)}'
    text = _feed(f"<title>&l{depth - 1};</title>").decode()
    return f"<?xml version='1.0'?><!DOCTYPE rss [{entities}]>{text}".encode()


def _quadratic(size: int) -> bytes:
    text = _feed(f"<title>{'&a;' * (size // 3)}</title>").decode()
    return f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "{"a" * size}">]>{text}'.encode()


async def _flood(request: Request, writer: asyncio.StreamWriter) -> None:
    """Answer 100 without a pause, and never anything else."""
    block = b"HTTP/1.1 100 Continue\r\n\r\n" * 4000
    while True:
        writer.write(block)
        await writer.drain()


def bombs() -> dict[str, Behaviour]:
    """Make the bombs, by name."""
    giga = _unfolding(1 << 30, 31)
    packed = "Content-Encoding: gzip"
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    twice = gzip.compress(giga)
    attributes = " ".join(f"a{n}='x'" for n in range(300_000))
    large = gzip.compress(_feed("<title>x</title>" * 310_000))
    return {
        "gzip, 1 GB": says(answer(200, giga, packed)),
        "deflate, 1 GB": says(answer(200, _unfolding(1 << 30, 15), "Content-Encoding: deflate")),
        "gzip in gzip, 1 GB": says(answer(200, twice, packed)),
        "gzip, gzip, 1 GB": says(answer(200, twice, "Content-Encoding: gzip, gzip")),
        "gzip called identity, 1 GB": says(answer(200, giga, "Content-Encoding: identity")),
        "gzip of no encoding, 1 GB": says(answer(200, giga, "Content-Type: application/x-gzip")),
        "gzip of a million members": says(answer(200, gzip.compress(b"") * 1_000_000, packed)),
        "brotli, 64 MB": says(answer(200, BROTLI_BOMB, "Content-Encoding: br")),
        "zstd, 64 MB": says(answer(200, ZSTD_BOMB, "Content-Encoding: zstd")),
        "gzip on 302, 1 GB": redirects("/fine", 302, giga, packed),
        "gzip in gzip on 301, 1 GB": redirects("/fine", 301, twice, "Content-Encoding: gzip, gzip"),
        "brotli on 302": redirects("/fine", 302, BROTLI_BOMB, "Content-Encoding: br"),
        "zstd on 302": redirects("/fine", 302, ZSTD_BOMB, "Content-Encoding: zstd"),
        "gzip on 404, 1 GB": says(answer(404, giga, packed)),
        "plain body without end": drips(answer(200, length=""), b"x" * 65_536, 0),
        "body without end on 302": drips(
            b"HTTP/1.1 302 x\r\nLocation: /fine\r\nContent-Length: 99999999999\r\n\r\n", b"x" * 65_536, 0
        ),
        "chunks without end": drips(chunks, (b"2000\r\n" + b"x" * 0x2000 + b"\r\n") * 8, 0),
        "chunks of a byte without end": drips(chunks, b"1\r\nx\r\n" * 10_000, 0),
        "chunk extensions without end": drips(chunks, b"1;" + b"x=y;" * 16_000, 0),
        "header of 10 MB": says(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 10_000_000 + b"\r\n\r\n"),
        "a million headers": says(b"HTTP/1.1 200 OK\r\n" + b"X-Many: 1\r\n" * 1_000_000 + b"\r\n"),
        "status line without end": drips(b"HTTP/1.1 200 ", b"x" * 65_536, 0),
        "interim answers without end": _flood,
        "gzip of a feed of 5 MB": says(answer(200, large, packed)),
        "XML, a billion laughs": says(answer(200, _laughs(10, 10))),
        "XML, quadratic entities": says(answer(200, _quadratic(200_000))),
        "XML, 200,000 deep": says(answer(200, _feed("<a>" * 200_000))),
        "XML, 300,000 attributes": says(answer(200, _feed(f"<a {attributes}/>"))),
        "HTML, 500 kB of <!--": says(answer(200, _feed(f"<description>{'&lt;!--' * 80_000}</description>"))),
        "HTML, 300,000 deep": says(answer(200, _feed(f"<description>{'&lt;div>' * 300_000}</description>"))),
    }


@dataclass
class Blast:
    """What one bomb did."""

    name: str
    said: str
    growth: float
    """MB, at the peak."""
    kept: float
    """MB, since before the first bomb: what the worker did not give back."""
    busy: float
    """Processor seconds of the worker."""
    children: float
    """Processor seconds of the children of the cage, with the start of a new one."""
    seconds: float
    serves: bool
    """Whether a good fetch went well afterwards."""

    @property
    def breach(self) -> bool:
        """Whether it went off."""
        busy = max(self.busy, self.children) > BUSY_MOST
        return max(self.growth, self.kept) > GROWTH_MOST or busy or not self.serves

    def row(self) -> str:
        """Give one row of the table."""
        sign = "BREACH" if self.breach else ""
        figures = (
            f"{self.growth:6.1f} {self.kept:6.1f} {self.busy:7.2f} {self.children:8.2f} {self.seconds:8.1f}"
        )
        return f"{self.name:30} {figures}  {self.said[:60]:60} {sign}"


def _memory(kind: str) -> float:
    """Give a line of ``/proc/self/status`` in MB."""
    text = Path("/proc/self/status").read_text("ascii")
    return int(text.partition(f"{kind}:")[2].split()[0]) / 1024


def _told(path: Path) -> str:
    """Read what the kernel tells of a thread or a process; nothing of one that is gone."""
    try:
        return path.read_text("ascii")
    except OSError:
        return ""


def _children() -> float:
    """Give the processor time of all children, living and gone."""
    tick, total = os.sysconf("SC_CLK_TCK"), 0.0
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    for path in Path("/proc/self/task").glob("*/children"):
        for child in _told(path).split():
            if fields := _told(Path(f"/proc/{child}/stat")).rpartition(")")[2].split():
                total += (int(fields[11]) + int(fields[12])) / tick
    return total + gone.ru_utime + gone.ru_stime


async def worker(port: int) -> None:
    """Fetch and read what standard input names, and say on standard output what it took."""
    from daily8.net.cage import Cage
    from daily8.net.egress import Door
    from daily8.net.guard import Egress

    hosts = {"*.bombs.test": ("127.0.0.1", port)}
    async with Door(Egress(hosts=hosts), "Daily8/bench") as door:
        with Cage(workers=1) as cage:
            for _ in range(3):
                await _read(door, cage, "http://warm.bombs.test/fine")
            start = _memory("VmRSS")
            for line in iter(sys.stdin.readline, ""):
                # The peak of resident memory begins anew (Linux, proc(5)).
                Path("/proc/self/clear_refs").write_text("5", "ascii")
                before = (_memory("VmRSS"), time.process_time(), _children(), time.monotonic())
                said = await _read(door, cage, line.strip())
                figures = {
                    "growth": _memory("VmHWM") - before[0],
                    "kept": _memory("VmRSS") - start,
                    "busy": time.process_time() - before[1],
                    "children": _children() - before[2],
                    "seconds": time.monotonic() - before[3],
                }
                print(json.dumps({"said": said, **figures}), flush=True)


async def _read(door: Any, cage: Any, url: str) -> str:
    from daily8.net.cage import Caged
    from daily8.net.egress import FetchFailed
    from daily8.news.feeds import NotAFeed
    from daily8.pipeline import documents

    try:
        answer = await door.fetch(url, deadline=_DEADLINE)
    except FetchFailed as error:
        return f"{error.code}: {error}"
    if answer.status != 200:
        return f"status {answer.status}"
    try:
        content_type = answer.headers.get("content-type")
        read = await cage.acall(documents.read_feed, answer.body, answer.url, content_type)
    except NotAFeed as error:
        return f"no feed: {error}"
    except Caged as error:
        return f"set aside: {error.reason}"
    return f"read: {len(read.feed.entries)} entries"


@asynccontextmanager
async def _worker(port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    command = [sys.executable, "-m", "bench.bombs", "--worker", str(port)]
    process = await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def throw(only: str) -> list[Blast]:
    """Throw every bomb whose name holds ``only``, and give what it did."""
    found = []
    async with FaultServer() as server:
        thrown = bombs()
        server.extra = {f"bomb-{number}": behave for number, behave in enumerate(thrown.values())}
        async with _worker(server.port) as process:

            async def ask(url: str) -> dict[str, Any]:
                assert process.stdin
                assert process.stdout
                process.stdin.write(f"{url}\n".encode())
                line = await asyncio.wait_for(process.stdout.readline(), 60)
                return dict(json.loads(line))

            for number, name in enumerate(thrown):
                if only in name:
                    blast = await ask(f"http://a{number}.bombs.test/bomb-{number}")
                    after = await ask(f"http://good.bombs.test/fine?{number}")
                    found.append(Blast(name, serves=after["said"] == "read: 0 entries", **blast))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--only", default="", help="throw the bombs whose names hold this")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    args = parser.parse_args()
    if args.worker:
        service.run(worker(args.worker), store=False)
        return
    found = asyncio.run(throw(args.only))
    if args.json:
        print(json.dumps([asdict(blast) for blast in found], indent=2))
    else:
        print(f"{'bomb':30} {'MB':>6} {'kept':>6} {'busy s':>7} {'child s':>8} {'seconds':>8}  what was said")
        for blast in found:
            print(blast.row())
    if any(blast.breach for blast in found):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
