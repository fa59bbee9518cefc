"""Mail that may be a newsletter."""

from __future__ import annotations

from daily8.news.newsletters import NotANewsletter, as_feed, read_message
from tests.faults.answers import ARABIC
from tests.fuzz.holding import is_feed, is_sentence

_HEAD = b"""From: =?utf-8?b?2K7YqNix?= <news@harbour.example>\r
To: reader@mail.example\r
Subject: =?windows-1256?q?=C3=CE=C8=C7=D1?= of the week\r
Date: Sun, 01 Jun 2025 12:00:00 +0300\r
Message-ID: <1@harbour.example>\r
List-Id: Harbour <list.harbour.example>\r
List-Unsubscribe: <https://harbour.example/leave?to=reader@mail.example>\r
MIME-Version: 1.0\r
"""
_HTML = "<h1>Week</h1><p>The ferry was late again, dear reader@mail.example.</p><a href='https://harbour.example/one?u=1'>Read</a><img src='https://t.example/o.gif' width=1 height=1><p>Unsubscribe</p>"
SEEDS = (
    _HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + _HTML.encode(),
    _HEAD
    + b"Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nPlain text\r\n"
    + b"--x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+VGV4dDwvcD4=\r\n--x--\r\n",
    _HEAD + b"Content-Type: text/plain; charset=windows-1256\r\n\r\n" + ARABIC.encode("cp1256") * 3,
    _HEAD
    + b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>caf=C3=A9 =\r\nx</p>",
)
WORDS = (
    *(
        b"\r\n\r\n",
        b"\r\n",
        b"Content-Type: ",
        b"multipart/mixed; boundary=x",
        b"--x",
        b"--x--",
        b"text/html",
        b"boundary=",
    ),
    *(
        b"=?utf-8?q?=00?=",
        b"=?x-none?b?////?=",
        b"=?utf-8?b?",
        b"charset=utf-7",
        b"charset=\xff",
        b"List-Id: <a>",
        b"message/rfc822",
    ),
    *(
        b"Content-Transfer-Encoding: base64",
        b"=\xff",
        b"<p>",
        b"<script>",
        b"href='javascript:1'",
        b"Date: x",
        b"From: \x00@",
        b"<>",
    ),
)


def one(data: bytes) -> None:
    """Read bytes as a mail."""
    try:
        found = read_message(data)
    except NotANewsletter as error:
        is_sentence(error)
        return
    is_feed(as_feed(found))
    if data.startswith(_HEAD):
        assert "reader@mail.example" not in found.content
