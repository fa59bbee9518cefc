"""Newsletters: told from other mail, read in every writing, cleaned of whom they were sent to."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import quopri
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daily8.news.blocks import blocks_from_html, blocks_to_text
from daily8.news.newsletters import Newsletter, NotANewsletter, as_feed, read_message
from daily8.news.newsletters.addressee import Addressee
from daily8.news.newsletters.body import from_html
from daily8.news.newsletters.messages import decode_words, read
from daily8.news.sanitise import plain, sanitise
from daily8.news.storing import storable

ME = "samir.haddad@reader.example"
HTML = """<html lang="en"><head><style>p { color: red }</style></head><body>
<div style="display:none; max-height:0">Ferries, and a bridge &zwnj; &zwnj;</div>
<table><tr><td>
<a href="https://letters.harbour.example/issues/12?utm_source=mail&amp;email={me}">View in your browser</a>
</td></tr></table>
<table><tr><td>
<img src="https://cdn.harbour.example/logo.png" alt="Harbour logo" width="600" height="80"></td></tr>
<tr><td><p>Hello Samir,</p><h1>The ferry comes back</h1>
<p>After two winters the ferry sails again, says
<a href="https://harbour.example/ferry?id=7&amp;mc_eid=abc123">the harbour office</a>.</p>
<img src="https://cdn.harbour.example/ferry.jpg" alt="The ferry" width="560" height="300">
<img src="https://mail.harbour.example/wf/open?upn=abcdef" width="1" height="1">
<img src="https://mail.harbour.example/see.gif?r={me}" width="560">
<img src="cid:part1@harbour"><img src="https://cdn.harbour.example/dot.png" style="width:1px;height:1px">
<table><thead><tr><th>Day</th><th>Hour</th></tr></thead><tbody><tr><td>Monday</td><td>9</td></tr></tbody></table>
<p>Write to <a href="mailto:{me}">us</a>.</p></td></tr></table>
<table><tr><td><p>You are receiving this because {me} signed up at our site.</p>
<p>Harbour Post, 1 Quay Street</p>
<p><a href="https://letters.harbour.example/leave/abc">Unsubscribe</a> ·
<a href="https://x.example/p">Manage preferences</a></p></td></tr></table>
</body></html>"""
ARABIC = """<html dir="rtl" lang="ar"><body><p>
<a href="https://letters.mina.example/a/5">عرض الرسالة في المتصفح</a></p>
<p>مرحبًا سمير،</p><h2>عادت العبّارة إلى الميناء</h2>
<p>بعد شتاءين تبحر العبّارة من جديد كل صباح، كما قال مدير الميناء للصحفيين.</p>
<p>تصلك هذه الرسالة لأنك مشترك في نشرتنا.
<a href="https://letters.mina.example/u/9">إلغاء الاشتراك</a></p></body></html>"""


def mail(html: str | None = None, text: str | None = "The ferry sails again.", **headers: str) -> bytes:
    """Write a newsletter as its sender's program would."""
    message = EmailMessage()
    stated = {
        "From": "Harbour Post <letters@harbour.example>",
        "To": f"Samir Haddad <{ME}>",
        "Subject": "The ferry comes back",
        "Date": "Sun, 01 Jun 2025 08:00:00 +0000 (UTC)",
        "Message-ID": "<issue-12@harbour.example>",
        "List-Id": "Harbour Weekly <weekly.harbour.example>",
        "List-Unsubscribe": f"<https://letters.harbour.example/leave?m={ME}>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in stated.items():
        if value:
            message[name] = value
    if text is not None:
        message.set_content(text)
    if html is not None:
        if text is None:
            message.set_content(html, subtype="html")
        else:
            message.add_alternative(html, subtype="html")
    return message.as_bytes()


def raw(headers: str, body: bytes = b"", **more: str) -> bytes:
    """Write a newsletter by hand."""
    stated = "From: Post <a@post.example>\nList-Id: <w.post.example>\nSubject: News\n" + headers
    return stated.encode("utf-8", "surrogateescape") + b"\n" + body


def english() -> Newsletter:
    return read_message(mail(HTML.replace("{me}", ME)))


def test_a_newsletter_says_whose_it_is() -> None:
    issue = english()
    found = issue.envelope
    assert (found.sender, found.sender_name, found.site) == (
        "letters@harbour.example",
        "Harbour Post",
        "harbour.example",
    )
    assert (found.list_id, found.title) == ("weekly.harbour.example", "Harbour Weekly")
    assert found.id == "issue-12@harbour.example"
    assert found.date == datetime(2025, 6, 1, 8, tzinfo=UTC)
    assert issue.language == "en"


def test_its_news_is_kept_and_nothing_else() -> None:
    issue = english()
    text = blocks_to_text(blocks_from_html(issue.content))
    assert text.split("\n\n") == [
        "The ferry comes back",
        "After two winters the ferry sails again, says the harbour office.",
        "Day | Hour\nMonday | 9",
        "Write to us.",
    ]
    assert "https://harbour.example/ferry?id=7" in issue.content
    assert "mc_eid" not in issue.content
    assert "mailto" not in issue.content


def test_only_pictures_that_are_content_stay() -> None:
    issue = english()
    assert issue.content.count("<img") == 2
    assert issue.image == "https://cdn.harbour.example/ferry.jpg"


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="https://a.example/x.png" width="1">',
        '<img src="https://a.example/x.png" height="0">',
        '<img src="https://a.example/x.png" style="max-width: 1px">',
        '<img src="https://a.example/wf/open?upn=u001" width="600">',
        '<img src="https://a.example/track/open.php?u=1&id=2" width="600">',
        '<img src="https://a.example/img/spacer.gif" width="600">',
        '<img src="https://a.example/x.png?subscriber_id=5" width="600">',
        '<img src="data:image/png;base64,AAAA" width="600">',
    ],
)
def test_a_picture_that_reports_its_reader_is_dropped(picture: str) -> None:
    issue = read_message(mail(f"<p>News.</p>{picture}<img src='https://a.example/y.png' width='2'>"))
    assert issue.content.count("<img") == 1
    assert issue.image is None


def test_its_page_on_the_web_bears_nobodys_name() -> None:
    assert english().url == "https://letters.harbour.example/issues/12"
    stated = read_message(mail(Archived_At="<https://harbour.example/archive/12>"))
    assert stated.url == "https://harbour.example/archive/12"


@pytest.mark.parametrize(
    "web",
    [
        "https://harbour.example/",
        "https://harbour.example/weekly/",
        "https://click.harbour.example/" + "a1B2" * 20,
        f"https://harbour.example/view/{ME}",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_page_of_the_issue_is_not_taken_for_one(web: str) -> None:
    html = f"<p><a href='{web}'>View in browser</a></p><p>News of the day.</p>"
    issue = read_message(mail(html, List_Archive="<https://harbour.example/weekly/>"))
    assert issue.url is None
    assert plain(issue.content) == "News of the day."


def test_an_article_about_the_web_is_not_the_way_to_the_page() -> None:
    html = "<p><a href='https://harbour.example/1'>Read more on our website</a></p>"
    html += "<p><a href='https://harbour.example/2'>A new browser is out</a></p>"
    issue = read_message(mail(html))
    assert issue.url is None
    assert issue.content.count("<a ") == 2


def test_arabic_is_read_as_well() -> None:
    issue = read_message(
        mail(
            ARABIC,
            "عادت العبّارة",
            From="ميناء <news@mina.example>",
            To=f"سمير حداد <{ME}>",
            Subject="عادت العبّارة",
        )
    )
    assert issue.envelope.sender_name == "ميناء"
    assert issue.subject == "عادت العبّارة"
    assert issue.url == "https://letters.mina.example/a/5"
    assert plain(issue.content) == (
        "عادت العبّارة إلى الميناء بعد شتاءين تبحر العبّارة من جديد كل صباح، كما قال مدير الميناء للصحفيين."
    )
    assert issue.language == "ar"


WORDS = "صباح الخير من الميناء، وصلت العبّارة أخيرًا بعد تأخير طويل"


@pytest.mark.parametrize("charset", ["windows-1256", "utf-8", "iso-8859-6", "utf-16"])
@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_charsets_and_encodings(charset: str, encoding: str) -> None:
    words = WORDS.replace("،", ",").replace("ّ", "") if charset == "iso-8859-6" else WORDS
    body = f"<p>{words}</p>".encode(charset)
    packed = base64.encodebytes(body) if encoding == "base64" else quopri.encodestring(body)
    head = f"Content-Type: text/html; charset={charset}\nContent-Transfer-Encoding: {encoding}\n"
    assert plain(read_message(raw(head, packed)).content) == words


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html; charset=utf-8", f"<p>{WORDS}</p>".encode("windows-1256")),  # a false charset
        ("text/html; charset=x-nobody-knows", f"<p>{WORDS}</p>".encode()),
        ("text/html", f"<meta charset=windows-1256><p>{WORDS}</p>".encode("windows-1256")),
        ("text/html; charset*=us-ascii'en'windows-1256", f"<p>{WORDS}</p>".encode("windows-1256")),
    ],
)
def test_wrong_and_odd_charsets(kind: str, body: bytes) -> None:
    assert WORDS in plain(read_message(raw(f"Content-Type: {kind}\n", body)).content)


def test_encoded_words() -> None:
    # The cut runs through a letter.
    halves = [base64.b64encode(WORDS.encode()[a:b]).decode() for a, b in ((0, 7), (7, 200))]
    assert decode_words(f"=?UTF-8?B?{halves[0]}?=\r\n =?utf-8?b?{halves[1]}?=") == WORDS
    assert decode_words("=?windows-1256?Q?=E3=D1=CD=C8=C7?=") == "مرحبا"
    assert decode_words("=?utf-8*ar?q?a_b?= and =?utf-8?q?c?=") == "a b and c"
    assert decode_words("=?utf-8?b?====?= =?x?= plain") is not None


def test_a_raw_subject_is_read_by_the_charset_of_its_mail() -> None:
    subject = "مرحبا بكم في النشرة".encode("windows-1256").decode("ascii", "surrogateescape")
    message = b"From: a@b.example\nList-Id: <w.b.example>\n"
    message += b"Content-Type: text/plain; charset=windows-1256\nSubject: "
    message += subject.encode("ascii", "surrogateescape") + b"\n\nx"
    assert read_message(message).subject == "مرحبا بكم في النشرة"


def test_plain_text_becomes_paragraphs() -> None:
    text = (
        f"View this email in your browser:\nhttps://post.example/i/3?e={ME}&email={ME}\n\n"
        f"The ferry\nsails <again>.\n\n"
        f"More at https://post.example/more, and write to {ME}.\n\n"
        "To unsubscribe go to https://post.example/x\n-- \nThe Post"
    )
    issue = read_message(mail(None, text))
    assert issue.url == "https://post.example/i/3"
    assert [plain(part) for part in issue.content.split("\n")] == [
        "The ferry sails <again>.",
        "More at post.example/more, and write to .",
    ]


def test_the_text_stands_in_for_html_that_says_nothing() -> None:
    assert plain(read_message(mail("<p> </p>", "The news.")).content) == "The news."


FORMS = [
    ME,
    ME.upper(),
    ME.replace("@", "\u200b@\u200b"),
    ME.replace("@", "&#64;"),
    f"<b>{ME.partition('@')[0]}</b>@<i>{ME.partition('@')[2]}</i>",
    f"{ME.partition('@')[0]}<wbr>@<span>{ME.partition('@')[2]}</span>",
]


@pytest.mark.parametrize("form", FORMS)
def test_the_addressee_is_named_nowhere(form: str) -> None:
    for wrapped in (
        f"<p>Sent to {form}. News.</p><p>More.</p>",
        f"<div>{form}<p>More</p></div>",
        f"<img alt='{form}' src='https://a.example/x.png' width=300>",
    ):
        issue = read_message(mail(f"<p>The ferry.</p>{wrapped}", Subject=f"News for {ME}"))
        shown = f"{issue.subject} {issue.content} {issue.url}"
        assert ME not in "".join(plain(shown).lower().split()).replace("\u200b", "")
        assert ME not in shown.lower()


@pytest.mark.parametrize(
    "mark",
    [
        ME,
        quote(ME, safe=""),
        quote(quote(ME, safe=""), safe=""),
        base64.b64encode(ME.encode()).decode(),
        base64.urlsafe_b64encode(ME.encode()).decode().rstrip("="),
        *(hashlib.new(name, ME.encode()).hexdigest() for name in ("md5", "sha1", "sha256")),
        hashlib.md5(ME.encode()).hexdigest().upper(),
        base64.urlsafe_b64encode(hashlib.sha256(ME.encode()).digest()).decode().rstrip("="),
        ME.encode().hex(),
        "e" + ME.encode().hex(),
        ME.replace("@", "="),
        quote(quote(quote(ME, safe=""), safe=""), safe=""),
        *(
            base64.urlsafe_b64encode(json.dumps({"n": "x" * n, "email": address}).encode())
            .decode()
            .rstrip("=")
            for n in range(3)
            for address in (ME, ME.upper(), quote(ME, safe=""))
        ),
        base64.b64encode(json.dumps({"m": ME}).replace("@", "\\u0040").encode()).decode(),
        base64.b64encode(base64.b64encode(ME.encode())).decode(),
        "t/c/" + base64.b64encode(b"\xff\xfe" + ME.encode()).decode(),
    ],
)
def test_links_and_pictures_do_not_hold_the_addressee(mark: str) -> None:
    html = (
        f"<p><a href='https://a.example/1?x={mark}&amp;id=5'>one</a> <a href='https://a.example/{mark}/2'>two</a></p>"
        f"<img src='https://a.example/p.png?who={mark}' width=300><p>News.</p>"
    )
    content = read_message(mail(html)).content
    assert mark not in content
    assert "https://a.example/1?id=5" in content
    assert "two" in content
    assert "<img" not in content


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("Samir, your weekly news", "Your weekly news"),
        ("Hi Samir, the ferry is back", "The ferry is back"),
        ("The ferry is back, Samir!", "The ferry is back!"),
        ("Samira, a portrait", "Samira, a portrait"),
        ("The ferry: Samir sails", "The ferry: Samir sails"),
        ("Samir,", "Harbour Weekly"),
        ("سمير، عادت العبّارة", "عادت العبّارة"),
    ],
)
def test_subjects_do_not_call_their_reader(subject: str, shown: str) -> None:
    names = f"Samir Haddad <{ME}>, =?utf-8?b?{base64.b64encode('سمير حداد'.encode()).decode()}?= <{ME}>"
    assert read_message(mail(To=names, Subject=subject)).subject == shown


def test_a_token_is_no_page() -> None:
    for token in ("a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6", base64.b64encode(f'{{"e":"{ME}"}}'.encode()).decode()):
        assert read_message(mail(Archived_At=f"<https://harbour.example/w/{token}>")).url is None
    words = "https://harbour.example/2025/the-ferry-comes-back-after-two-winters"
    assert read_message(mail(Archived_At=f"<{words}>")).url == words


def test_the_canary_would_be_seen() -> None:
    """Another's address stays, so the tests above could fail."""
    assert (
        "editor@harbour.example" in read_message(mail("<p>Write to editor@harbour.example now</p>")).content
    )


def test_invitations_and_reports_are_left_alone() -> None:
    message = EmailMessage()
    message["From"], message["List-Id"] = "a@b.example", "<l.b.example>"
    message.set_content("Come")
    message.add_alternative("BEGIN:VCALENDAR", subtype="calendar")
    with pytest.raises(NotANewsletter):
        read_message(message.as_bytes())
    report = raw('Content-Type: multipart/report; boundary="b"\n', b"--b\n\nfailed\n--b--\n")
    with pytest.raises(NotANewsletter):
        read_message(report)


def test_an_issue_is_a_feed_of_one_entry() -> None:
    feed = as_feed(english())
    (entry,) = feed.entries
    assert (feed.kind, feed.title, entry.id) == ("mail", "Harbour Weekly", "issue-12@harbour.example")
    assert entry.title == "The ferry comes back"
    assert entry.content == sanitise(entry.content or "")


@pytest.mark.parametrize(
    "body",
    [
        b"--x\nContent-Type: text/html\n\n<p>The news.</p>\n--x--\n",
        b"preamble\n--y\nContent-Type: text/html\n\n<p>The news.</p>\n--y--\n",
        b"--x\nContent-Type: text/html\n\n<p>The news.</p>\n",  # broken off
        b"--x\n\nThe news.\n--x\nContent-Type: text/plain\n\nOf the list",
        b"--x  \nContent-Type: multipart/alternative; boundary=z\n\n--z\n\nThe news.\n--z--\n--x--\n",
        b"The news.",
    ],
)
def test_broken_parts_are_read(body: bytes) -> None:
    assert (
        plain(read_message(raw('Content-Type: multipart/mixed; boundary="x"\n', body)).content) == "The news."
    )


def test_attachments_and_uuencoding_are_not_read() -> None:
    body = (
        b"--x\nContent-Type: text/html\nContent-Disposition: attachment; filename=a.html\n\n<p>No.</p>\n"
        b"--x\nContent-Type: text/plain\nContent-Transfer-Encoding: x-uuencode\n\n"
        b"begin 644 a\n#0V%T\n`\nend\n"
        b"--x\nContent-Type: message/rfc822\n\nSubject: inner\n\nNo.\n--x\n\nYes.\n--x--\n"
    )
    assert plain(read_message(raw("Content-Type: multipart/mixed; boundary=x\n", body)).content) == "Yes."


def test_a_mail_without_anything_to_read_is_refused() -> None:
    with pytest.raises(NotANewsletter, match="nothing to read"):
        read_message(mail("<img src='cid:1'>", " "))


HOSTILE = {
    "nested": b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(20_000)
    ),
    "brackets": b"Content-Type: " + b"(" * 200_000 + b"\n\n<p>x</p>",
    "parameters": b'Content-Type: multipart/mixed; boundary="' + b";" * 400_000 + b"\n\nx",
    "words": b"Subject: " + b"=?utf-8?q?a?= " * 60_000 + b"\n\nx",
    "addresses": b"To: " + b"<a@b.example>," * 80_000 + b"\n\nx",
    "headers": b"X: y\n" * 200_000 + b"\nx",
    "parts": b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\na\n" * 300_000,
    "anchors": b"Content-Type: text/html\n\n" + b"<a href=x>Unsubscribe</a> word " * 40_000,
    "empty-anchors": b"Content-Type: text/html\n\n<div>" + b"<a></a>" * 200_000 + b"text " * 100_000,
    "hidden": b"Content-Type: text/html\n\n" + b"<p style='display:none'>a" * 60_000 + b"<p>x",
    "deep": b"Content-Type: text/html\n\n" + b"<div>" * 200_000 + b"x",
    "tables": b"Content-Type: text/html\n\n" + b"<table><tr><td>" * 50_000 + b"x",
    "paragraphs": b"\n" + b"a\n\n" * 500_000,
    "leaves": b"Content-Type: text/html\n\n" + b"<div>" * 100 + b"<p>unsubscribe</p>" * 30_000,
    "coded": b"Content-Type: text/html\n\n"
    + b"<a href=https://a.example/" * 1
    + b"QUFB" * 300_000
    + b">x</a>",
    "tokens": b"Content-Type: text/html\n\n"
    + (b"<a href=https://a.example/" + b"QUFB" * 1500 + b">x</a>") * 200,
    "urls": b"\n" + b"https://a.example/x " * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mail_is_read_in_a_moment(name: str) -> None:
    message = b"From: a@b.example\nDelivered-To: me@c.example\nList-Id: <l.b.example>\n" + HOSTILE[name]
    began = time.process_time()
    with contextlib.suppress(NotANewsletter):
        read_message(message)
    assert time.process_time() - began < 20  # seconds, where a quadratic reading takes many minutes


PIECES = st.sampled_from(
    [
        *(
            "From: a@b.example\n",
            "To: me@c.example\n",
            "List-Id: <l.b.example>\n",
            "Subject: =?utf-8?b?",
            "?=\n",
        ),
        *(
            "Content-Type: multipart/mixed; boundary=x\n",
            "Content-Type: text/html; charset=",
            "utf-16\n",
            "\n\n",
        ),
        *(
            "--x\n",
            "--x--\n",
            "Content-Transfer-Encoding: base64\n",
            "Content-Transfer-Encoding: quoted-printable\n",
        ),
        *(
            "<p>",
            "<a href='",
            "?email=me@c.example'>",
            "me@c.example",
            "<table><tr><td>",
            "\x00",
            "\ud800",
            "=00=D8",
        ),
        *(
            "View in browser",
            "Unsubscribe",
            "<img src='https://a.example/",
            "' width=300>",
            "مرحبا",
            "Date: ",
            "<div>",
        ),
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40).map(
            lambda parts: "".join(parts).encode("utf-8", "surrogatepass")
        ),
    )
)
def test_nothing_raises_but_its_own_error(tail: bytes) -> None:
    for message in (tail, b"From: a@b.example\nList-Id: <l.b.example>\nTo: me@c.example\n" + tail):
        try:
            issue = read_message(message)
        except NotANewsletter:
            continue
        feed = as_feed(issue)
        assert storable(feed) == feed
        assert sanitise(issue.content) == issue.content
        assert issue.subject
        assert "me@c.example" not in f"{issue.subject} {issue.content} {issue.url} {issue.image}".lower()


@given(st.text(max_size=200))
def test_forgetting_an_address_twice_is_forgetting_it_once(text: str) -> None:
    them = Addressee([ME])
    assert them.forget(them.forget(text + ME)) == them.forget(text + ME)


def test_a_body_without_body_is_empty() -> None:
    assert from_html("", Addressee([])).content == ""
    assert read(b"").text == ""
