"""Parse what strangers wrote in child processes that can be killed.

The children are spawned with an environment of their own (no secrets), never forked. Each serves one call at
a time under a CPU limit that the kernel enforces, a memory limit and a wall limit; who oversteps is killed
and another takes its place. What they answer is unpickled with a list of what may stand in it.
"""

from __future__ import annotations

import asyncio
import builtins
import dataclasses
import enum
import io
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, BinaryIO, ParamSpec, Self, TypeVar, cast

from daily8.net.caged import (
    DONE,
    FAILED,
    NO_MEMORY,
    VALUE_ERROR,
    TaskLimits,
    read_frame,
    write_frame,
)

P = ParamSpec("P")
T = TypeVar("T")

WARM = ("daily8.net.rehearsal:rehearse",)

_LARGEST_ANSWER = 64 << 20
_START_SECONDS = 60.0
_AHEAD = 10
"""Calls before its last at which a child gets its successor, so that nobody waits for the imports."""
_CHILD = "import sys; sys.path[:] = sys.argv[1:]; from daily8.net.caged import main; main()"
_KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
_PLAIN = {
    "builtins": frozenset({"set", "frozenset", "bytearray", "complex", "range", "slice"}),
    "datetime": frozenset({"date", "datetime", "time", "timedelta", "timezone"}),
    "decimal": frozenset({"Decimal"}),
    "uuid": frozenset({"UUID"}),
}


class Caged(Exception):
    """A call that the cage ended. ``reason`` is for people; ``detail`` for the log, where there is any.

    ``passing`` tells whether the same call may go well at another time: the machine was busy, out of
    processes or about to end, or the child was killed, by whomever.
    """

    def __init__(self, reason: str, detail: str = "", *, passing: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail
        self.passing = passing


class _Answer(pickle.Unpickler):
    """Read an answer that may come from a parser that was taken over: plain values and our own only."""

    def find_class(self, module: str, name: str) -> Any:
        if name in _PLAIN.get(module, ()):
            return super().find_class(module, name)
        found: Any = getattr(builtins, name, None) if module == "builtins" else None
        if found is None and (module.startswith("daily8.") or module in sys.modules) and "." not in name:
            found = super().find_class(module, name)
        if isinstance(found, type) and (
            dataclasses.is_dataclass(found)
            or issubclass(found, (ValueError, enum.Enum))
            or (issubclass(found, tuple) and hasattr(found, "_fields"))
        ):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} has no place in an answer")


class _Child:
    """One process of the cage and its pipes."""

    def __init__(self, warm: Sequence[str], memory_bytes: int) -> None:
        environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        environment |= {
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "2",
        }
        path = [entry or os.getcwd() for entry in sys.path]  # noqa: PTH109
        self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter and our own words
            [sys.executable, "-s", "-c", _CHILD, *path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment,
            cwd=sys.prefix,
            start_new_session=True,
        )
        self._down = cast("BinaryIO", self._process.stdin)
        self._up = cast("BinaryIO", self._process.stdout)
        self._started = False
        self._late = False
        self._calls = 0
        self._lock = threading.Lock()
        self.weak: tuple[str, ...] = ()
        self.served = 0
        self.busy = False
        self.successor: _Child | None = None
        try:
            write_frame(self._down, pickle.dumps((tuple(warm), memory_bytes)))
        except OSError:
            self.kill()

    def ask(self, frame: bytes, wall_seconds: float) -> bytes:
        """Send one frame and wait for its answer.

        :raises TimeoutError: after ``wall_seconds``.
        :raises EOFError: when the child died.
        """
        if not self._started:
            self.weak = pickle.loads(self._within(_START_SECONDS, b"")[1:])  # noqa: S301 -- nothing was parsed yet
            self._started = True
        self.served += 1
        return self._within(wall_seconds, frame)

    def _within(self, seconds: float, frame: bytes) -> bytes:
        until = time.monotonic() + seconds
        timer = threading.Timer(seconds, self._too_late, (self._calls,))
        timer.daemon = True
        timer.start()
        try:
            if frame:
                write_frame(self._down, frame)
            answer = read_frame(self._up, _LARGEST_ANSWER)
        except (OSError, ValueError, EOFError) as error:
            if self._late:
                raise TimeoutError from error
            raise EOFError from error
        finally:
            with self._lock:  # a timer that runs out from here on finds another call, and lets the child live
                self._calls += 1
            timer.cancel()
        if self._late or time.monotonic() > until:  # on a busy machine an answer may overtake the timer
            raise TimeoutError
        return answer

    def _too_late(self, call: int) -> None:
        with self._lock:
            if call == self._calls:
                self._late = True
                self._process.kill()

    def ended_by(self) -> int | None:
        """Give the signal that ended the child, or None, also for one that lives on."""
        try:
            code = self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            return None
        return -code if code < 0 else None

    def kill(self) -> None:
        """End the child and its successor, and wait for it; may be called twice."""
        if self.successor is not None:
            self.successor.kill()
        self._process.kill()
        self._process.wait()
        if not self.busy:  # else a thread still reads there, and will see the end
            self._down.close()
            self._up.close()


class _Pool:
    """The children, and whose turn it is. Shared by all views of one cage."""

    def __init__(self, workers: int, memory_bytes: int, recycle: int, warm: Sequence[str]) -> None:
        self.memory_bytes = memory_bytes
        self.closed = False
        self.threads = ThreadPoolExecutor(workers, thread_name_prefix="daily8-cage")
        self._recycle = recycle
        self._modules = dict.fromkeys(warm)
        self._alive: set[_Child] = set()
        self._lock = threading.Lock()
        self._idle: queue.Queue[_Child | None] = queue.Queue()
        for _ in range(workers):
            self._idle.put(self._spawn())
        self._end = weakref.finalize(self, _kill_all, self._alive, self._lock, self.threads)

    def learn(self, module: str) -> None:
        """Remember a module that later children shall import before their first call."""
        self._modules[module] = None

    def take(self) -> _Child:
        """Wait for an idle child.

        :raises Caged: when the cage is closed, or no process can be started.
        """
        child = self._idle.get()
        if self.closed:
            self._idle.put(None)
            raise Caged("the cage is closed", passing=True)
        child = child or self._spawn()
        if child is None:
            self._idle.put(None)
            raise Caged("no further process could be started", passing=True)
        child.busy = True
        return child

    def give_back(self, child: _Child) -> None:
        """Take a healthy child back, or its successor when it has served enough."""
        child.busy = False
        if child.served >= self._recycle:
            successor, child.successor = child.successor, None
            self._drop(child)
            self._idle.put(successor or self._spawn())
            return
        if child.served == self._recycle - _AHEAD and child.successor is None:
            child.successor = self._spawn()
        self._idle.put(child)

    def replace(self, child: _Child) -> None:
        """Bury a dead child and put another in its place."""
        child.busy = False
        successor, child.successor = child.successor, None
        self._drop(child)
        self._idle.put(successor or self._spawn())

    def close(self) -> None:
        """Kill all children; calls under way end with `Caged`."""
        self.closed = True
        self._end()

    def _spawn(self) -> _Child | None:
        with self._lock:
            if self.closed:
                return None
            try:
                child = _Child(tuple(self._modules), self.memory_bytes)
            except OSError:
                return None
            self._alive.add(child)
            return child

    def _drop(self, child: _Child) -> None:
        with self._lock:
            self._alive.discard(child)
            child.kill()


def _kill_all(alive: set[_Child], lock: threading.Lock, threads: ThreadPoolExecutor) -> None:
    with lock:
        for child in alive:
            child.kill()
        alive.clear()
    threads.shutdown(wait=False, cancel_futures=True)


class Cage:
    """A pool of killable children to parse untrusted documents in. A context manager; safe for threads.

    ``cpu_seconds`` and ``wall_seconds`` bound one call, ``growth_bytes`` what it may add to its process and
    ``memory_bytes`` the process in all; each child is renewed after ``recycle`` calls. ``warm`` names what
    each child imports (``module``) or calls (``module:function``) before it is confined; modules of called
    functions are learnt.
    """

    def __init__(
        self,
        workers: int = 2,
        cpu_seconds: float = 2.0,
        wall_seconds: float = 10.0,
        memory_bytes: int = 1 << 30,
        recycle: int = 200,
        *,
        growth_bytes: int = 256 << 20,
        warm: Sequence[str] = WARM,
    ) -> None:
        self._wall_seconds = wall_seconds
        self._limits = TaskLimits(cpu_seconds, memory_bytes, growth_bytes)
        self._pool = _Pool(workers, memory_bytes, recycle, warm)

    def within(
        self,
        *,
        cpu_seconds: float | None = None,
        wall_seconds: float | None = None,
        growth_bytes: int | None = None,
    ) -> Cage:
        """Give a view of the same children with other limits for each call."""
        view = object.__new__(Cage)
        view._pool = self._pool
        view._wall_seconds = wall_seconds or self._wall_seconds
        view._limits = self._limits._replace(
            cpu_seconds=cpu_seconds or self._limits.cpu_seconds,
            growth_bytes=growth_bytes or self._limits.growth_bytes,
        )
        return view

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill the children; calls under way end with `Caged`. May be called twice."""
        self._pool.close()

    def weaknesses(self) -> tuple[str, ...]:
        """Tell what this system does not let the children give up, in words for the operator."""
        child = self._pool.take()
        try:
            child.ask(self._frame(len, ((),), {}), self._wall_seconds)
        except (TimeoutError, EOFError):
            self._pool.replace(child)
            return ("parsers cannot be started",)
        weak = child.weak
        self._pool.give_back(child)
        return weak

    def call(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function of a module in a child and give what it returns.

        Arguments are pickled. A result may hold plain values, dates, and dataclasses, named tuples and enums.

        :raises ValueError: as the function raised it, of whatever subclass.
        :raises Caged: when the call overstepped a limit, crashed, or failed in any other way.
        """
        frame = self._frame(function, args, kwargs)
        child = self._pool.take()
        try:
            answer = child.ask(frame, self._wall_seconds)
        except BaseException as error:
            caged = self._caged(child, error)
            self._pool.replace(child)
            if caged is None:
                raise
            raise caged from None
        ending, payload = answer[:1], answer[1:]
        if ending == NO_MEMORY:
            self._pool.replace(child)
            raise Caged(self._memory_reason())
        try:
            value = _Answer(io.BytesIO(payload)).load()
        except Exception as error:
            self._pool.replace(child)
            raise Caged("the parser answered with what it may not", repr(error)) from None
        self._pool.give_back(child)
        if ending == DONE:
            return cast("T", value)
        if ending == VALUE_ERROR and isinstance(value, ValueError):
            raise value
        name, detail = value if ending == FAILED else ("no answer", "")
        raise Caged(f"the parser failed ({name})", str(detail))

    async def acall(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as `call`, without holding up the event loop."""
        loop = asyncio.get_running_loop()
        if self._pool.closed:
            raise Caged("the cage is closed", passing=True)
        return await loop.run_in_executor(self._pool.threads, lambda: self.call(function, *args, **kwargs))

    def _frame(self, function: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
        module, name = function.__module__, function.__qualname__
        if "<" in name or module == "__main__":
            raise TypeError(f"{module}.{name} cannot be found by a child process: use a function of a module")
        self._pool.learn(module)
        return pickle.dumps((module, name, args, kwargs, self._limits), protocol=5)

    def _caged(self, child: _Child, error: BaseException) -> Caged | None:
        if self._pool.closed:
            return Caged("the cage is closed", passing=True)
        if isinstance(error, TimeoutError):
            return Caged(f"the parser took longer than {self._wall_seconds:g} s", passing=True)
        if not isinstance(error, EOFError):
            return None
        if child.ended_by() == getattr(signal, "SIGPROF", -1):
            return Caged(f"the parser took longer than {self._limits.cpu_seconds:g} s of CPU")
        return Caged("the parser crashed", passing=True)

    def _memory_reason(self) -> str:
        return f"the parser needed more than {self._limits.growth_bytes >> 20} MB of memory"
