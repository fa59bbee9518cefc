"""The inside of the cage: what runs in each child process, and the frames that go through its pipes.

A frame is its length in eight bytes and the bytes. Downward comes a pickled (module, name, args, kwargs,
limits). Upward goes one byte that tells how it ended, and a pickle that `daily8.net.cage` reads with a list
of what may stand in it: a parser that was taken over must not reach the parent by its answer.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple

READY, DONE, VALUE_ERROR, NO_MEMORY, FAILED = b"R", b"D", b"V", b"M", b"F"
_LENGTH = struct.Struct(">Q")

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
# socket, connect, bind, execve, execveat, ptrace, process_vm_readv, process_vm_writev, io_uring_setup:
# by audit architecture, from the kernel's syscall tables.
_CLOSED_CALLS = {
    "x86_64": (0xC000003E, (41, 42, 49, 59, 322, 101, 310, 311, 425)),
    "aarch64": (0xC00000B7, (198, 203, 200, 221, 281, 117, 270, 271, 425)),
}


class TaskLimits(NamedTuple):
    """What one call may use."""

    cpu_seconds: float
    memory_bytes: int
    growth_bytes: int


def write_frame(pipe: BinaryIO, *parts: bytes) -> None:
    """Write one frame to an unbuffered pipe."""
    pipe.write(_LENGTH.pack(sum(map(len, parts))))
    for part in parts:
        left = memoryview(part)
        while left:
            left = left[pipe.write(left) :]


def read_frame(pipe: BinaryIO, largest: int) -> bytes:
    """Read one frame from an unbuffered pipe.

    :raises EOFError: when the other side is gone, or announces more than ``largest`` bytes.
    """
    (size,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    if size > largest:
        raise EOFError("a frame beyond all measure")
    return _exactly(pipe, size)


def _exactly(pipe: BinaryIO, size: int) -> bytes:
    parts = []
    while size:
        part = pipe.read(min(size, 1 << 20))
        if not part:
            raise EOFError("the other side of the pipe is gone")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def main() -> None:
    """Serve calls until the parent closes the pipe."""
    downward, upward = _pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warm, memory_bytes = pickle.loads(read_frame(downward, 1 << 20))  # noqa: S301 -- from the parent
    weak = (*_warm_up(warm), *_confine(memory_bytes))
    write_frame(upward, READY, pickle.dumps(weak))
    while True:
        try:
            frame = read_frame(downward, 1 << 30)
        except EOFError:
            return
        ending, payload = _serve(frame, memory_bytes)
        del frame
        write_frame(upward, ending, payload)
        if ending == NO_MEMORY:
            return


def _warm_up(warm: tuple[str, ...]) -> tuple[str, ...]:
    """Import each ``module`` and call each ``module:function``. Answer with what went wrong."""
    weak = []
    for item in warm:
        module, _, name = item.partition(":")
        try:
            found = importlib.import_module(module)
            if name:
                getattr(found, name)()
        except Exception as error:
            weak.append(f"{item} could not be loaded ahead ({type(error).__name__})")
    return tuple(weak)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Take the standard streams for the frames, so that nothing that prints can break them."""
    downward = os.fdopen(os.dup(0), "rb", buffering=0)
    upward = os.fdopen(os.dup(1), "wb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)
    return downward, upward


def _serve(frame: bytes, memory_bytes: int) -> tuple[bytes, bytes]:
    try:
        module, name, args, kwargs, limits = pickle.loads(frame)  # noqa: S301 -- from the parent
        function: Any = importlib.import_module(module)
        for part in name.split("."):
            function = getattr(function, part)
        return DONE, _limited(function, args, kwargs, limits)
    except MemoryError:
        _release(memory_bytes)
        return NO_MEMORY, pickle.dumps(None)
    except ValueError as error:
        _release(memory_bytes)
        return VALUE_ERROR, _portable(error)
    except BaseException as error:
        _release(memory_bytes)
        return FAILED, pickle.dumps((type(error).__name__, traceback.format_exc(limit=-12)[-4000:]))


def _limited(
    function: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any], limits: TaskLimits
) -> bytes:
    """Call under the limits. Who oversteps the CPU is killed by the kernel, in C code too."""
    _allow_growth(limits)
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, limits.cpu_seconds)
    try:
        return pickle.dumps(function(*args, **kwargs), protocol=5)
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, 0)
        _release(limits.memory_bytes)


def _portable(error: ValueError) -> bytes:
    try:
        data = pickle.dumps(error)
        pickle.loads(data)  # noqa: S301 -- our own, to see that it survives the way
    except Exception:
        return pickle.dumps(ValueError(str(error)))
    return data


if sys.platform != "win32":
    import resource

    def _allow_growth(limits: TaskLimits) -> None:
        with contextlib.suppress(OSError, ValueError):
            with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 -- no import of pathlib for one read
                size = int(file.read().split()[0]) * resource.getpagesize()
            most = min(limits.memory_bytes, size + limits.growth_bytes)
            resource.setrlimit(resource.RLIMIT_AS, (most, limits.memory_bytes))

    def _release(memory_bytes: int) -> None:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))

    def _confine(memory_bytes: int) -> tuple[str, ...]:
        """Give up for good what no parser needs. Answer with what could not be given up here."""
        weak = []
        limits = [
            (resource.RLIMIT_AS, memory_bytes, "the memory of parsers is not limited"),
            (resource.RLIMIT_FSIZE, 0, "parsers could write files"),
            (resource.RLIMIT_CORE, 0, "a crash of a parser may leave a core file"),
        ]
        for which, most, note in limits:
            try:
                resource.setrlimit(which, (most, most))
            except (OSError, ValueError):
                weak.append(note)
        if sys.platform == "darwin":
            weak.append("the memory of parsers is not limited")
        if not _cut_off():
            weak.append("parsers are not cut off from the network")
        return tuple(dict.fromkeys(weak))

else:

    def _allow_growth(limits: TaskLimits) -> None:
        """There is no such limit on Windows."""

    def _release(memory_bytes: int) -> None:
        """There is no such limit on Windows."""

    def _confine(memory_bytes: int) -> tuple[str, ...]:
        return (
            "the memory of parsers is not limited",
            "parsers are stopped by the clock, not by their CPU time",
            "parsers are not cut off from the network",
        )


def _cut_off() -> bool:
    """Close the system calls that reach a network, another program or another process (seccomp(2))."""
    known = _CLOSED_CALLS.get(os.uname().machine) if sys.platform == "linux" else None
    if known is None:
        return False
    import ctypes

    architecture, calls = known
    # Classic BPF: refuse a foreign architecture and x32, answer EPERM to each closed call, allow the rest.
    deny = 0x00050000 | 1
    program = [(0x20, 0, 0, 4), (0x15, 1, 0, architecture), (0x06, 0, 0, deny), (0x20, 0, 0, 0)]
    if os.uname().machine == "x86_64":
        program += [(0x35, 0, 1, 0x40000000), (0x06, 0, 0, deny)]
    for call in calls:
        program += [(0x15, 0, 1, call), (0x06, 0, 0, deny)]
    program.append((0x06, 0, 0, 0x7FFF0000))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    libc = ctypes.CDLL(None, use_errno=True)
    filtered = Program(len(program), ctypes.addressof(code))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filtered), 0, 0) == 0)
