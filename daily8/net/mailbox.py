"""Read the newest mails of a mailbox by IMAP (RFC 3501), and change nothing in it.

The protocol is the standard library's `imaplib`, of which every read and write is replaced: it would take
whatever length a server announces, and wait anew for each byte. Here a line, a literal, the number of lines,
the bytes of a visit and its time have limits, so a hostile server costs a visit and no more. What a server
says of other places (RFC 2221) is not followed: `Trusted` reaches one place.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import imaplib
import ipaddress
import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from daily8.net.trusted import Trusted, TrustedFailed
from daily8.news.urls import domain

MAILS_MOST = 50
"""Mails of one visit."""
MAIL_MOST = 7_000_000
"""Bytes of a mail as it is sent: base64 makes 5 MB this long."""
VISIT_MOST = 25_000_000
"""Bytes of all mails of one visit; one mail more may stand over."""
DEADLINE = 90.0
"""Seconds of a whole visit."""

TRIES = 3
"""Visits that may end at one mail before it is passed over."""

_SILENCE = 20.0
"""Seconds in which something must come."""
_LINE_MOST = 1_000_000
_LINES_MOST = 20_000
_LITERAL_MOST = 64_000
"""Bytes of a literal that is no mail."""
_UID_MOST = 2**32 - 1
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,15})\b")
_PASSING = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN)", re.IGNORECASE)
_FORM = "write it as imaps://user@host/folder"

Security = Literal["tls", "starttls", "plain"]

SENTENCES = {
    "refused": "The mail server {name} refused the user or the password.",
    "closed": "The mail server {name} lets nobody in at the moment.",
    "no-login": "The mail server {name} takes no password on this connection.",
    "bare": "The mail server {name} offers no encryption; use imaps://, or imap+plain:// "
    "where nobody else can listen.",
    "folder": "There is no folder {folder} in the mailbox at {name}.",
    "unnumbered": "The mail server {name} does not number its mails.",
    "unlisted": "The mail server {name} does not say which mails there are.",
    "late": "The mail server {name} did not answer in time.",
    "broken": "The mail server {name} broke off before its answer was complete.",
    "odd": "What the mail server {name} said could not be understood.",
    "much": "The mail server {name} sends more than is read.",
}
PASSED = "A mail could not be read in three visits, so it was passed over."
"""Why a mailbox was not read. None of a server's own words is among them: it may repeat what it was told."""


class MailboxFailed(Exception):
    """A mailbox was not read. As text: one sentence for the operator; it bears no secret."""

    def __init__(self, code: str, name: str, folder: str = "") -> None:
        super().__init__(SENTENCES[code].format(name=name, folder=folder) if code else name)
        self.refused = code == "refused"
        """Whether the server refused the user or the password: asking on may lock the account."""
        self.stuck = False
        """Whether it was for the first of the mails that were asked for."""


class _TooLarge(MailboxFailed):
    """A mail is longer than the server said at first. What it says further is not heard."""


@dataclass(frozen=True, slots=True)
class MailboxAddress:
    """Where a mailbox is, and who reads it."""

    user: str
    password: str = field(repr=False)
    host: str
    port: int
    folder: str
    security: Security

    @property
    def url(self) -> str:
        """Give the endpoint, for `Trusted`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'imaps' if self.security == 'tls' else 'imap'}://{host}:{self.port}"

    @property
    def name(self) -> str:
        """Name the mailbox for people, and for its row."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"

    @property
    def owners(self) -> tuple[str, ...]:
        """Give the mail addresses that its owner may have, as far as the user tells them.

        A user without a domain may have one of the server's name, or of a name above that.
        """
        if "@" in self.user:
            return (self.user,)
        places, above = [self.host], domain(self.host)
        while places[-1] != above and "." in places[-1]:
            places.append(places[-1].partition(".")[2])
        return tuple(f"{self.user}@{place}" for place in places)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, as it was sent."""

    uid: int
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit to a mailbox brought."""

    uidvalidity: int
    uid: int
    """The highest that was passed."""
    mails: tuple[Mail, ...]
    more: bool = False
    """Whether newer mails stand there still."""
    large: int = 0
    """Mails that were passed over because of their size."""
    cause: str = ""
    """Why it ended early."""
    stuck: bool = False
    """Whether it ended at the mail above ``uid``."""


def parse_mailboxes(text: str, password: str = "") -> tuple[MailboxAddress, ...]:
    """Read the mailboxes of a setting, with spaces between them: ``imaps://user@host:993/INBOX``.

    ``imap`` is encrypted by STARTTLS before anything is said, except on loopback; ``imap+plain`` is not.
    ``password`` is for those that bear none.

    :raises ValueError: in one sentence, which repeats no user and no password.
    """
    found = tuple(_address(item, password) for item in text.split())
    if len({box.name for box in found}) < len(found):
        raise ValueError("DAILY8_MAILBOX names a mailbox twice.")
    return found


def _address(item: str, password: str) -> MailboxAddress:
    try:
        parts = urlsplit(item)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise ValueError(f"DAILY8_MAILBOX holds no address of a mailbox; {_FORM}.") from None
    security: dict[str, tuple[Security, int]] = {
        "imaps": ("tls", 993),
        "imap": ("plain" if _loopback(host) else "starttls", 143),
        "imap+plain": ("plain", 143),
    }
    if parts.scheme not in security or not host or port == 0 or parts.query or parts.fragment:
        raise ValueError(f"DAILY8_MAILBOX holds no address of a mailbox; {_FORM}.")
    user, secret = unquote(parts.username or ""), unquote(parts.password or "") or password
    if not user:
        raise ValueError(f"DAILY8_MAILBOX names no user for {host}; {_FORM}.")
    if not secret:
        raise ValueError(f"There is no password for the mailbox at {host}; set DAILY8_MAILBOX_PASSWORD_FILE.")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if not (user + secret + folder).isprintable():
        raise ValueError(f"User, password or folder of the mailbox at {host} hold a character of control.")
    kind, usual = security[parts.scheme]
    return MailboxAddress(user, secret, host, port or usual, folder, kind)


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def visit(
    box: MailboxAddress,
    endpoint: Trusted,
    *,
    uidvalidity: int = 0,
    uid: int = 0,
    stuck: int = 0,
    deadline: float = DEADLINE,
) -> Visit:
    """Fetch the mails above ``uid``, oldest first; the newest `MAILS_MOST` where ``uidvalidity`` is not the
    folder's own (RFC 3501 section 2.3.1.1). Blocks: use it in a thread.

    What came before a failure is given with its cause. A mail at which ``stuck`` visits in a row ended before
    is passed over after `TRIES`.

    :raises MailboxFailed: where nothing came.
    """
    with _open(box, endpoint, deadline) as session:
        now_valid, count = session.examine(box.folder)
        known = uid if now_valid == uidvalidity else 0
        wanted = session.newer(known) if now_valid == uidvalidity else session.newest(count)
        return _take(session, box, Visit(now_valid, known, ()), wanted, stuck)


def _take(session: _Session, box: MailboxAddress, begun: Visit, wanted: Sequence[int], stuck: int) -> Visit:
    """Fetch mails in turn, as far as that goes."""
    sizes = session.sizes(wanted[:MAILS_MOST])
    mails: list[Mail] = []
    passed, large, cause, ended = begun.uid, 0, "", False
    left = VISIT_MOST
    try:
        for number in wanted[:MAILS_MOST]:
            if left <= 0:
                break
            if sizes.get(number, 0) > MAIL_MOST:
                large += 1
            elif (raw := session.mail(number)) is not None:
                mails.append(Mail(number, raw))
                left -= len(raw)
            passed = number
    except _TooLarge:
        session.shutdown()
        passed, large = number, large + 1
    except (MailboxFailed, TrustedFailed, OSError, imaplib.IMAP4.error, ValueError) as error:
        failure = _plainly(box, error)
        if passed > begun.uid:
            cause, ended = str(failure), True
        elif stuck + 1 < TRIES:
            failure.stuck = True
            raise failure from None
        else:
            session.shutdown()
            passed, cause = number, PASSED
    more = bool(wanted) and passed < wanted[-1]
    return replace(begun, uid=passed, mails=tuple(mails), more=more, large=large, cause=cause, stuck=ended)


async def avisit(
    box: MailboxAddress, endpoint: Trusted, *, uidvalidity: int = 0, uid: int = 0, stuck: int = 0
) -> Visit:
    """Do as `visit`, from an event loop.

    The thread is a daemon's: a server that drags on holds up nobody who wants to end.
    """
    loop = asyncio.get_running_loop()
    waiting: asyncio.Future[Visit] = loop.create_future()

    def tell(found: Visit | None, error: BaseException | None) -> None:
        if waiting.cancelled():
            return
        if found is None:
            waiting.set_exception(error or RuntimeError("a visit without an end"))
        else:
            waiting.set_result(found)

    def run() -> None:
        found, error = None, None
        try:
            found = visit(box, endpoint, uidvalidity=uidvalidity, uid=uid, stuck=stuck)
        except BaseException as failure:
            error = failure
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(tell, found, error)

    threading.Thread(target=run, name="daily8-mail", daemon=True).start()
    return await waiting


def count(box: MailboxAddress, endpoint: Trusted, *, deadline: float = 10.0) -> int:
    """See whether a mailbox answers; give the number of its mails. Blocks.

    :raises MailboxFailed: where it does not.
    """
    with _open(box, endpoint, deadline) as session:
        return session.examine(box.folder)[1]


@contextlib.contextmanager
def _open(box: MailboxAddress, endpoint: Trusted, deadline: float) -> Iterator[_Session]:
    """Open a session in which the user is known, and turn every failure into one sentence."""
    try:
        session = _Session(endpoint, time.monotonic() + deadline)
        try:
            if box.security == "starttls":
                session.secure()
            session.enter(box.user, box.password)
            yield session
            with contextlib.suppress(imaplib.IMAP4.error, OSError, MailboxFailed, TrustedFailed):
                session.logout()
        finally:
            session.shutdown()
    except (MailboxFailed, TrustedFailed, OSError, imaplib.IMAP4.error, ValueError) as error:
        raise _plainly(box, error) from None


def _plainly(box: MailboxAddress, error: Exception) -> MailboxFailed:
    if isinstance(error, MailboxFailed):
        return error
    if isinstance(error, TrustedFailed):
        return MailboxFailed("", str(error))
    if isinstance(error, TimeoutError):
        return MailboxFailed("late", box.host)
    if isinstance(error, OSError) or "EOF" in str(error):
        return MailboxFailed("broken", box.host)
    return MailboxFailed("odd", box.host)


class _Session(imaplib.IMAP4):
    """A conversation with limits."""

    def __init__(self, endpoint: Trusted, until: float) -> None:
        self._endpoint = endpoint
        self._until = until
        self._buffer = bytearray()
        self._left = VISIT_MOST + MAIL_MOST + 4 * _LINE_MOST
        self._lines = 0
        self._literal_most = _LITERAL_MOST
        super().__init__(endpoint.host, endpoint.port)

    # What `imaplib` lets be replaced: its ways to the network.

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        """Connect to the endpoint."""
        self.host, self.port = host, port
        self.sock = self._endpoint.connect(host, port, timeout=self._patience())

    def read(self, size: int) -> bytes:
        """Read a literal, unless it is announced as too long."""
        if size > self._literal_most:
            kind = _TooLarge if self._literal_most == MAIL_MOST else MailboxFailed
            raise kind("much", self.host)
        while len(self._buffer) < size:
            self._receive()
        return self._taken(size)

    def readline(self) -> bytes:
        """Read a line."""
        self._lines += 1
        seen = 0
        while (end := self._buffer.find(b"\n", seen)) < 0:
            seen = len(self._buffer)
            if seen > _LINE_MOST:
                break
            self._receive()
        if max(end, seen) > _LINE_MOST or self._lines > _LINES_MOST:
            raise MailboxFailed("much", self.host)
        return self._taken(end + 1)

    def send(self, data: Any) -> None:
        """Send what is to be said."""
        self.sock.settimeout(self._patience())
        self.sock.sendall(data)

    def shutdown(self) -> None:
        """Hang up."""
        sock = getattr(self, "sock", None)
        if sock is not None:
            sock.close()

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _patience(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, _SILENCE)

    def _receive(self) -> None:
        self.sock.settimeout(self._patience())
        piece = self.sock.recv(65_536)
        if not piece:
            raise ConnectionResetError
        self._left -= len(piece)
        if self._left < 0:
            raise MailboxFailed("much", self.host)
        self._buffer += piece

    # What a visit says.

    def secure(self) -> None:
        """Encrypt the connection (STARTTLS)."""
        if "STARTTLS" not in self.capabilities or self.xatom("STARTTLS")[0] != "OK":
            raise MailboxFailed("bare", self.host)
        if self._buffer:  # said before the encryption, to be heard as if said within (CVE-2011-0411)
            raise MailboxFailed("odd", self.host)
        self.sock.settimeout(self._patience())
        self.sock = self._endpoint.encrypt(self.sock)
        _, said = self.capability()
        self.capabilities = tuple(str(said[-1] or b"", "ascii", "replace").upper().split())

    def enter(self, user: str, password: str) -> None:
        """Say who reads: by SASL PLAIN (RFC 4616), which has every character, else by LOGIN."""
        try:
            if "AUTH=PLAIN" in self.capabilities:
                self.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
                return
            if "LOGINDISABLED" in self.capabilities or not (user + password).isascii():
                raise MailboxFailed("no-login", self.host)
            self.login(_quoted(user), password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            if _PASSING.search(str(error)):
                raise MailboxFailed("closed", self.host) from None
            raise MailboxFailed("refused", self.host) from None

    def examine(self, folder: str) -> tuple[int, int]:
        """Open a folder for reading alone; give its UIDVALIDITY and the number of its mails."""
        said, found = self.select(_quoted(modified_utf7(folder)), readonly=True)
        if said != "OK":
            raise MailboxFailed("folder", self.host, folder)
        numbers = [int(number) for number in self.response("UIDVALIDITY")[1] if _is_number(number)]
        if not numbers or not _is_number(found[-1]):
            raise MailboxFailed("unnumbered", self.host)
        return numbers[-1], int(found[-1] or 0)

    def newest(self, exists: int) -> list[int]:
        """Give the UIDs of the newest mails."""
        return self._search(f"{max(1, exists - MAILS_MOST + 1)}:{exists}")[-MAILS_MOST:] if exists else []

    def newer(self, uid: int) -> list[int]:
        """Give the UIDs above one; the range means the last mail whatever its number is."""
        return [number for number in self._search(f"UID {uid + 1}:*") if number > uid]

    def _search(self, what: str) -> list[int]:
        said, found = self.uid("SEARCH", what)
        if said != "OK":
            raise MailboxFailed("unlisted", self.host)
        words = (word for line in found if isinstance(line, bytes) for word in line.split())
        return sorted({int(word) for word in words if _is_number(word) and int(word) <= _UID_MOST})

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """Give the sizes of mails in bytes, as far as the server tells them."""
        if not uids:
            return {}
        _, found = self.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
        lines = [line for line in found if isinstance(line, bytes)]
        pairs = ((_UID.search(line), _SIZE.search(line)) for line in lines)
        return {int(number[1]): int(size[1]) for number, size in pairs if number and size}

    def mail(self, uid: int) -> bytes | None:
        """Give a mail as it was sent, without marking it as read; ``None`` where it is gone."""
        self._literal_most = MAIL_MOST
        try:
            said, found = self.uid("FETCH", str(uid), "(UID BODY.PEEK[])")
        finally:
            self._literal_most = _LITERAL_MOST
        if said != "OK":
            return None
        for place, part in enumerate(found):
            if isinstance(part, tuple):
                # The UID may stand before the mail or behind it.
                behind = found[place + 1] if place + 1 < len(found) else b""
                if not isinstance(behind, bytes) or not behind.startswith((b")", b" ")):
                    raise imaplib.IMAP4.abort("a mail of another length than announced")
                number = _UID.search(part[0] + behind)
                if number and int(number[1]) == uid and b"BODY[]" in part[0].upper():
                    return bytes(part[1])
        return None


def _is_number(word: object) -> bool:
    # A server may send a literal where a number belongs; `imaplib` makes a tuple of that.
    return isinstance(word, bytes) and 0 < len(word) <= 10 and word.isdigit()


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def modified_utf7(name: str) -> str:
    """Write the name of a folder as IMAP does (RFC 3501 section 5.1.3)."""

    def wide(match: re.Match[str]) -> str:
        coded = base64.b64encode(match[0].encode("utf-16-be")).decode("ascii")
        return "&" + coded.rstrip("=").replace("/", ",") + "-"

    return re.sub(r"[^\x20-\x7e]+", wide, name.replace("&", "&-"))
