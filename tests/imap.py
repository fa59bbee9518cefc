"""A small IMAP4rev1 server on loopback (RFC 3501), true to the protocol, and able to break it on purpose."""

from __future__ import annotations

import base64
import contextlib
import re
import socket
import ssl
import tempfile
import threading
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgg963A9Om8vCX7z2s
i2EyWWVWoALDbqUs5yjpYs2AUzqhRANCAASD/F0hEs7pKI1fodm2BvOUQ92KBOox
XxnZ0whGrS/51WKt6tgm8jGEy+gN7rZx6FuPip9tU2LHNWPGvWuXhNjM
-----END PRIVATE KEY-----
"""
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBtjCCAVugAwIBAgIUHRQUhk2LZY4mqTnChtnkwYY9NakwCgYIKoZIzj0EAwIw
ITEfMB0GA1UEAwwWRGFpbHk4IG1haWwgdGVzdHMgb25seTAgFw0yNjExMjIyMDE5
MDhaGA8yMTI2MTAyOTIwMTkwOFowITEfMB0GA1UEAwwWRGFpbHk4IG1haWwgdGVz
dHMgb25seTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIP8XSESzukojV+h2bYG
85RD3YoE6jFfGdnTCEatL/nVYq3q2CbyMYTL6A3utnHoW4+Kn21TYsc1Y8a9a5eE
2MyjbzBtMB0GA1UdDgQWBBTjHDFNXDFtT4fGeBDIeAutuatnKjAfBgNVHSMEGDAW
gBTjHDFNXDFtT4fGeBDIeAutuatnKjAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8A
AAEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAzdsPu5slX2Zo
s7JVuFxfVvsSjr5jxQF/CFHBpJvuCqUCIQDEwpRxY92/6SoDMSmIlqpmpkaR29ae
jPlEyjxadN58xA==
-----END CERTIFICATE-----
"""
"""Of localhost and 127.0.0.1, made for these tests; it signs itself, so `client_context` trusts it alone."""

USER, PASSWORD = "news@reader.example", 'canary "word" \\ 7'


@dataclass
class Folder:
    """A folder of mails by UID."""

    mails: dict[int, bytes] = field(default_factory=dict)
    uidvalidity: int = 1
    flagged: list[str] = field(default_factory=list)
    """What was done that changes something: nobody here should."""

    def bring(self, *raws: bytes) -> None:
        """Put mails in, each under the next UID."""
        for raw in raws:
            self.mails[max(self.mails, default=0) + 1] = raw


class ImapServer:
    """Serve folders to one user, one thread a connection. A context manager.

    ``wrong`` names what it does badly: ``slow`` (a byte at a time), ``huge`` (announces a literal of 2 GB),
    ``short`` and ``long`` (announce another length than they send), ``breaks`` (hangs up within the second
    mail), ``silent`` (says nothing), ``floods`` (lines without end), ``endless`` (one line without end),
    ``babbles`` (no IMAP at all), ``unavailable`` (lets nobody in), ``refers`` (names another server),
    ``injects`` (speaks on before the encryption that it promised), ``behind`` (gives the UID after the mail),
    ``belittles`` (says of each mail that it is small), ``counts`` (sends a text where a number belongs).
    """

    def __init__(
        self,
        folder: Folder | None = None,
        *,
        tls: bool = False,
        starttls: bool = False,
        plain_login: bool = True,
        wrong: str = "",
    ) -> None:
        self.folders = {"INBOX": folder or Folder(), "&BkYGNAYxBicGKg-": folder or Folder()}
        self.tls = tls
        self.starttls = starttls
        self.plain_login = plain_login
        self.wrong = wrong
        self.said: list[str] = []
        """Every command, without its tag."""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> ImapServer:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in self._open:
            _hang_up(connection)
        for thread in self._threads:
            thread.join(5)

    def _start(self, target: object, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.append(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        talk = None
        try:
            if self.tls:
                connection = server_context().wrap_socket(connection, server_side=True)
                self._open.append(connection)
            talk = _Talk(self, connection)
            talk.run()
        except (OSError, ValueError):
            pass
        finally:
            _hang_up(talk.connection if talk else connection)  # STARTTLS puts another in its place


def _hang_up(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


class _Talk:
    """One conversation."""

    def __init__(self, server: ImapServer, connection: socket.socket) -> None:
        self.server = server
        self.connection = connection
        self.file = connection.makefile("rb")
        self.folder: Folder | None = None
        self.fetched = 0
        self.secure = server.tls

    def say(self, *lines: str | bytes) -> None:
        for line in lines:
            data = line if isinstance(line, bytes) else f"{line}\r\n".encode()
            if self.server.wrong == "slow":
                for at in range(len(data)):
                    self.connection.sendall(data[at : at + 1])
                    time.sleep(0.02)
            else:
                self.connection.sendall(data)

    def run(self) -> None:
        wrong = self.server.wrong
        if wrong == "silent":
            self.file.read()
        if wrong == "babbles":
            self.say("220 mail.example ESMTP ready", "250 fine")
            self.file.read()
        if wrong == "endless":
            while True:
                self.say(b"* OK " + b"a" * 65536)
        self.say("* OK ready")
        if wrong == "floods":
            while True:
                self.say(b"* 1 EXISTS\r\n" * 1000)
        while line := self.file.readline():
            tag, _, command = line.decode().strip().partition(" ")
            self.server.said.append(command)
            name, _, rest = command.partition(" ")
            handler = getattr(self, f"do_{name.lower()}", None)
            if handler is None:
                self.server.folders["INBOX"].flagged.append(command)
                self.say(f"{tag} BAD what")
            elif handler(tag, rest) is False:
                return

    def do_capability(self, tag: str, _: str) -> None:
        known = ["IMAP4rev1"]
        if self.server.starttls and not self.secure:
            known += ["STARTTLS", "LOGINDISABLED"]
        elif self.server.plain_login:
            known.append("AUTH=PLAIN")
        self.say(f"* CAPABILITY {' '.join(known)}", f"{tag} OK done")

    def do_starttls(self, tag: str, _: str) -> None:
        more = b"* CAPABILITY IMAP4rev1\r\n" if self.server.wrong == "injects" else b""
        self.connection.sendall(f"{tag} OK begin\r\n".encode() + more)
        self.connection = server_context().wrap_socket(self.connection, server_side=True)
        self.server._open.append(self.connection)
        self.file = self.connection.makefile("rb")
        self.secure = True

    def do_authenticate(self, tag: str, _: str) -> None:
        self.say("+ ")
        _, user, password = base64.b64decode(self.file.readline()).decode().split("\0")
        self._enter(tag, user, password)

    def do_login(self, tag: str, rest: str) -> None:
        words = re.findall(r'"((?:[^"\\]|\\.)*)"', rest)
        user, password = (re.sub(r"\\(.)", r"\1", word) for word in words)
        self._enter(tag, user, password)

    def _enter(self, tag: str, user: str, password: str) -> None:
        if self.server.wrong == "unavailable":
            self.say(f"{tag} NO [UNAVAILABLE] later")
        elif self.server.wrong == "refers":
            self.say(f"{tag} NO [REFERRAL imap://elsewhere.example/] {password} is there")
        elif (user, password) == (USER, PASSWORD):
            self.say(f"{tag} OK come in")
        else:
            self.say(f"{tag} NO [AUTHENTICATIONFAILED] {password} is wrong")

    def do_examine(self, tag: str, rest: str) -> None:
        self.folder = self.server.folders.get(rest.strip('"'))
        if self.folder is None:
            self.say(f"{tag} NO no such folder")
            return
        if self.server.wrong == "counts":
            self.say("* 0 EXISTS", "* UIDVALIDITY {3}", b"abc\r\n", f"{tag} OK done")
            return
        self.say(
            "* FLAGS (\\Seen)",
            f"* {len(self.folder.mails)} EXISTS",
            f"* OK [UIDVALIDITY {self.folder.uidvalidity}] valid",
            f"* OK [UIDNEXT {max(self.folder.mails, default=0) + 1}] next",
            f"{tag} OK [READ-ONLY] done",
        )

    def do_uid(self, tag: str, rest: str) -> bool | None:
        assert self.folder is not None
        name, _, what = rest.partition(" ")
        if name == "SEARCH":
            by_uid = what.startswith("UID ")
            found = self._range(what.removeprefix("UID "), by_uid=by_uid)
            self.say(f"* SEARCH{''.join(f' {number}' for number in found)}", f"{tag} OK done")
            return None
        numbers, _, items = what.partition(" ")
        if name != "FETCH" or items not in {"(UID RFC822.SIZE)", "(UID BODY.PEEK[])"}:
            self.folder.flagged.append(rest)
            self.say(f"{tag} BAD what")
            return None
        for number in map(int, numbers.split(",")):
            if (raw := self.folder.mails.get(number)) is None:
                continue
            if "SIZE" in items:
                size = 40 if self.server.wrong == "belittles" else len(raw)
                self.say(f"* 1 FETCH (UID {number} RFC822.SIZE {size})")
            elif self._mail(number, raw) is False:
                return False
        self.say(f"{tag} OK done")
        return None

    def _range(self, text: str, *, by_uid: bool) -> list[int]:
        assert self.folder is not None
        uids = sorted(self.folder.mails)
        last = uids[-1] if by_uid and uids else len(uids)
        low, high = (last if end == "*" else int(end) for end in text.split(":"))
        low, high = sorted((low, high))  # `*` is the last, also where that is less (RFC 3501 section 6.4.8)
        return [u for n, u in enumerate(uids, 1) if low <= (u if by_uid else n) <= high]

    def _mail(self, number: int, raw: bytes) -> bool:
        self.fetched += 1
        wrong, length = self.server.wrong, len(raw)
        if wrong == "breaks" and self.fetched == 2:
            self.say(f"* 1 FETCH (UID {number} BODY[] {{{length}}}", raw[: length // 2])
            return False
        length = {"huge": 2_000_000_000, "short": length // 2, "long": length + 50}.get(wrong, length)
        if wrong == "behind":
            self.say(f"* 1 FETCH (BODY[] {{{length}}}", raw + f" UID {number})\r\n".encode())
        else:
            self.say(f"* 1 FETCH (UID {number} BODY[] {{{length}}}", raw + b")\r\n")
        return True

    def do_logout(self, tag: str, _: str) -> bool:
        self.say("* BYE", f"{tag} OK done")
        return False


@cache
def server_context() -> ssl.SSLContext:
    """Make the context of the server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "both.pem")
        file.write_text(_KEY + CERTIFICATE)
        context.load_cert_chain(file)
    return context


def client_context() -> ssl.SSLContext:
    """Make the trust of a client that believes in this certificate alone."""
    return ssl.create_default_context(cadata=CERTIFICATE)
