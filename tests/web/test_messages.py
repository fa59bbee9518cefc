"""No word is left untranslated, and what the machine writes down is said in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from daily8.net import mailbox
from daily8.net.egress import SENTENCES as FAILURES
from daily8.net.trusted import TrustedFailed
from daily8.news import reasons, websub
from daily8.news.feeds import MAX_BODY, NotAFeed, parse_feed
from daily8.news.feeds.refusals import unreadable
from daily8.news.listing import BadPattern, checked
from daily8.news.statuses import explain_status
from daily8.pipeline import mail, polls, reading
from daily8.pipeline.documents import NO_LINKS
from daily8.store.mailboxes import FULL, LARGE, WAITS
from daily8.web.causes import FORMS, known, said
from tools import messages


def test_the_catalogues_are_whole() -> None:
    assert list(messages.problems()) == []


def test_the_check_notices_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = messages.read("ar")
    first = next(message for message in catalog if message.id)
    first.string = ""
    catalog.add("Said nowhere", "لا يقال")
    monkeypatch.setattr(messages, "read", lambda locale: catalog)
    found = "\n".join(messages.problems())
    assert "is not translated" in found
    assert "is said nowhere" in found
    assert "the .mo is not what the .po says" in found


PROBLEMS = (
    "has a certificate or an encryption that is not in order",
    "did not answer within 20 seconds",
    "has a name that cannot be found",
    "cannot be reached; see whether it runs",
    "broke off before its answer was complete",
)
MAIL = (
    *("There is nothing to read in this mail.", "This mail is an invitation or a report."),
    *(WAITS, FULL, LARGE, mail.BUSY, mail.OURS, mailbox.PASSED),
)

WATCHED = (
    *(reading.ROBOTS_SAY_NO, reading.ROBOTS_UNKNOWN, reading.NESTED, reading.NO_PARTS, NO_LINKS),
    *("24 links of the page are like this.", "3 of them stand in headings."),
    *("2 other links look like articles too.", "The page calls itself an article, not a list."),
)
NO_PATTERNS: tuple[tuple[Any, ...], ...] = (
    *(("/" + "a" * 300,), ("news",), ("/ne ws/*",), ("/news",), ("/" + "*a" * 40,), ("/**/*",)),
    *(("/*", "a > b"), ("/*", "", 99)),
)


def _refused(*given: Any) -> str:
    with pytest.raises(BadPattern) as error:
        checked(*given)
    return str(error.value)


def _no_feed(body: bytes) -> str:
    with pytest.raises(NotAFeed) as error:
        parse_feed(body)
    return str(error.value)


def _written() -> list[str]:
    documents = ["", "<html><body>", "<opml>", "<rss><item>", "<rss>x</rss>", "{}", "<svg/>", "plain"]
    return [
        polls.PAGE_INSTEAD,
        *(reasons.explain(reasons.Reason(code, 5400.0)) for code in reasons.SENTENCES),
        *(text.format(seconds=20, megabytes=5, status=418) for text in FAILURES.values()),
        *(explain_status(status) for status in (204, 401, 402, 403, 404, 410, 418, 429, 451, 500, 503)),
        *(str(unreadable(document)) for document in documents),
        *map(
            _no_feed, (b" " * (MAX_BODY + 1), b"\x1f\x8b\x08 no gzip", b'{"version": "https://jsonfeed.org')
        ),
        *(text.format(name="mail.example", folder="News") for text in mailbox.SENTENCES.values()),
        *(str(TrustedFailed("imaps://mail.example:993", problem)) for problem in PROBLEMS),
        *MAIL,
        *WATCHED,
        *(_refused(*given) for given in NO_PATTERNS),
        *(text.format(status=500, words="\u2068not now\u2069.") for text in websub.SENTENCES),
    ]


@pytest.mark.parametrize("sentence", _written())
def test_each_sentence_of_the_machine_is_known(sentence: str) -> None:
    assert known(sentence), sentence
    with translation.override("ar"):
        words, language = said(sentence)
    assert language == "ar"
    assert words != sentence
    with translation.override("en"):
        assert said(sentence)[0].rstrip(".").casefold() == sentence.rstrip(".").casefold()


def test_each_form_is_written_by_somebody() -> None:
    used = {found[0] for sentence in _written() if (found := known(sentence))}
    spoken_of_pages = {form for form in FORMS if "robots.txt" in form}
    assert set(FORMS) - used - spoken_of_pages == set()


def test_an_unknown_sentence_stays_as_it_is() -> None:
    with translation.override("ar"):
        assert said("Something <b>else</b> happened.") == ("Something <b>else</b> happened.", "en")


def test_spans_and_numbers_are_said_in_the_locale() -> None:
    with translation.override("ar"):
        assert "كل ١٫٥ ساعة" in said(reasons.explain(reasons.Reason("floor", 5400.0)))[0]
        assert "٤٠٣" in said(explain_status(403))[0]
