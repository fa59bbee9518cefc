"""No word is left untranslated, and what the machine writes down is said in both languages."""

from __future__ import annotations

import inspect
from typing import Any, get_args

import pytest
from django.utils import translation

from daily8.desk.stories import NO_ADDRESS
from daily8.net import mailbox
from daily8.net.egress import SENTENCES as FAILURES
from daily8.net.trusted import TrustedFailed
from daily8.news import extract, reasons, websub
from daily8.news.extract import gate
from daily8.news.feeds import MAX_BODY, NotAFeed, parse_feed
from daily8.news.feeds.refusals import unreadable
from daily8.news.listing import BadPattern, checked
from daily8.news.repair import BadRules, sharing
from daily8.news.repair import checked as rules_of
from daily8.news.repair.applying import BY_RULES, NOT_BY_RULES, WHOLE
from daily8.news.statuses import explain_status
from daily8.news.types import ArticleKind
from daily8.pipeline import mail, polls, reading
from daily8.pipeline.assigning import FAILED, NONSENSE
from daily8.pipeline.documents import NO_LINKS
from daily8.store import story_acts, wishes
from daily8.store.mailboxes import FULL, LARGE, WAITS
from daily8.store.sites import UNREADABLE
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


STORIES = (
    *(story_acts.SAME, story_acts.MERGED, story_acts.EMPTY, story_acts.WHOLE, story_acts.UNKNOWN),
    *(story_acts.LONG, NO_ADDRESS, NONSENSE, FAILED),
)

_GATE = (
    *("text, title and time found", "the text is the feed's own", "the page is empty", "this is no web page"),
    *("an error page, not an article", "a cookie or robot wall, not an article", "no text found"),
    *("a page that lists articles, not an article", "the text is too short to be an article"),
    "behind a paywall: only the beginning is here",
    "readers are asked to subscribe or sign in for the rest",
    "truncated: the publisher states a longer text than the page shows",
    *("truncated: the text breaks off", "short: perhaps not the whole article"),
    *("no title found", "no time of publication found"),
)
QUALITY = (
    *(*_GATE, BY_RULES, NOT_BY_RULES, WHOLE),
    "truncated: 31 of 400 words are here",
    *(f"a {kind} page" for kind in get_args(ArticleKind)),
    *(f"a {kind} page with little text" for kind in get_args(ArticleKind) if kind != "text"),
    "The page that was kept is damaged.",
)
NO_RULES: tuple[tuple[Any, ...], ...] = (
    ("no name", "", {}),
    ("a.example", "x", {}),
    ("a.example", "", {"colour": []}),
    *(("a.example", "", {name: lines}) for name, lines in [("body", ["p:x"]), ("body", ["p" * 300])]),
    ("a.example", "", {"remove": [f".x{n}" for n in range(50)]}),
    ("a.example", "", {name: [f".x{n}" for n in range(35)] for name in ("remove", "body")}),
    *(("a.example", "", {"drop": [form]}) for form in ("a" * 400, "*", "abc\x00")),
    *(("a.example", "", {"flags": flags}) for flags in (["loud"], ["page", "feed"])),
)
_HEAD = 'format = "daily8-site-rules/1"\n'
NO_FILES = (
    *("{", "", "x" * 500_001, f"{_HEAD}site = 3"),
    _HEAD + '[[site]]\ndomain = "a.example"\nbody = 3',
    _HEAD + '[[site]]\ndomain = "a.example"\n' * 2_001,
)


def _no_rules(*given: Any) -> str:
    with pytest.raises(BadRules) as error:
        rules_of(*given)
    return str(error.value)


def _no_file(text: str) -> str:
    with pytest.raises(BadRules) as error:
        sharing.read(text)
    return str(error.value)


def test_the_gate_speaks_in_these_words() -> None:
    spoken = "".join(inspect.getsource(module) for module in (extract, gate))
    assert [sentence for sentence in _GATE if sentence not in spoken] == []


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
        UNREADABLE,
        wishes.CLOSED,
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
        *QUALITY,
        *(_no_rules(*given) for given in NO_RULES),
        *map(_no_file, NO_FILES),
        *STORIES,
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
