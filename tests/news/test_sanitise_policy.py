"""The policy of the sanitiser: what may never stand in it, what always comes out, and its version."""

from __future__ import annotations

import hashlib
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news import allowed
from daily8.news.sanitise import MAX_LENGTH, POLICY_VERSION, plain, sanitise, sanitise_inline
from daily8.news.wellformed import written
from tests.fuzz.holding import is_safe
from tests.xss.payloads import payloads

BASE = "https://news.example/a/b"
_NEVER_TAGS = """
    script style svg math iframe frame frameset form input button select option textarea template noscript
    object embed applet base meta link html head body title dialog slot portal marquee plaintext xmp noembed
    noframes canvas map area track picture keygen isindex bgsound image annotation-xml foreignobject
"""
_NEVER_ATTRIBUTES = """
    id class name style srcset sizes srcdoc action formaction form ping target background cite data xmlns
    tabindex accesskey contenteditable draggable hidden is part slot popover autofocus usemap integrity nonce
"""
NEVER_TAGS = frozenset(_NEVER_TAGS.split())
NEVER_ATTRIBUTES = frozenset(_NEVER_ATTRIBUTES.split())
FRAGMENTS = (
    *(
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<a href=/x>",
        '<a href="https://a.example/?a=1&amp;b=2">',
        "</a>",
        "<br>",
    ),
    *("<img src=/a.jpg alt='a\"b'>", '<img src="https://a.example/a.jpg" alt="a">', "<ul>", "<li>", "</ul>"),
    *(
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<blockquote>",
        "</blockquote>",
        "<h2>",
        "</h2>",
        "<pre>",
        "</pre>",
    ),
    *("<svg>", "</svg>", "<math>", "<mtext>", "<mglyph>", "<style>", "</style>", "<script>", "</script>"),
    *(
        "<!--",
        "-->",
        "--!>",
        "<![CDATA[",
        "]]>",
        "<?",
        "<noscript>",
        "</noscript>",
        "<template>",
        "</template>",
    ),
    *("<title>", "</title>", "<textarea>", "</textarea>", "<xmp>", "<plaintext>", "<select>", "<form>"),
    *(
        "<a title='",
        '">',
        "'>",
        "`",
        "=",
        " onclick=x ",
        " id=a class=b name=c style=d ",
        " href=javascript:x ",
    ),
    *(
        "&lt;",
        "&gt",
        "&#60;",
        "&#x3c",
        "&amp;lt;",
        "&colon;",
        "&Tab;",
        "&nbsp;",
        "\x00",
        "\x0b",
        "\r\n",
        "\u202e",
    ),
    *(
        "<details>",
        "<summary>",
        "<ruby>",
        "<rt>",
        "<figure>",
        "<figcaption>",
        "<video src=/v.mp4>",
        "<dl><dt><dd>",
    ),
)
HTML = st.lists(
    st.one_of(
        st.sampled_from(FRAGMENTS),
        st.sampled_from([payload.text for payload in payloads()]),
        st.text(max_size=12),
    ),
    max_size=14,
).map("".join)


class _Links(HTMLParser):
    """Holds what every link and every picture of ours is."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        assert len(values) == len(attrs), "an attribute stands twice"
        assert tag not in NEVER_TAGS
        assert not NEVER_ATTRIBUTES & set(values)
        if tag == "a":
            assert values["rel"] == "noopener noreferrer nofollow ugc"
        for name in ("href", "src", "poster"):
            if name in values:
                address = values[name] or ""
                web = address.startswith(("http://", "https://"))
                assert web or (tag == "a" and address.lower().startswith("mailto:")), address


def holds(html: str) -> None:
    """Hold what comes out of the sanitiser to the policy, by another reader than its own."""
    is_safe(html)
    reader = _Links(convert_charrefs=True)
    reader.feed(html)
    reader.close()


def test_what_could_run_is_in_no_list() -> None:
    tags = allowed.RICH | allowed.INLINE
    assert not tags & NEVER_TAGS
    assert not set(allowed.RENAMED.values()) & NEVER_TAGS
    for tag, names in allowed.ATTRIBUTES.items():
        assert not names & NEVER_ATTRIBUTES, tag
        assert not [name for name in names if name.startswith(("on", "data-", "hx-", "aria-", "xlink:"))], tag
    assert {"svg", "math", "iframe", "style", "template", "noscript", "script", "object"} <= allowed.DROPPED
    assert {"nofollow", "noopener", "noreferrer", "ugc"} == set(allowed.REL.split())


POLICIES = {1: "efd19dea133a009a"}
"""A digest of each version of the policy: the newest is the one in force."""


def policy() -> str:
    """Give a digest of what is let through."""
    lists = [
        *map(sorted, (allowed.RICH, allowed.INLINE, allowed.DROPPED)),
        sorted(allowed.RENAMED.items()),
        sorted((tag, sorted(names)) for tag, names in allowed.ATTRIBUTES.items()),
        [allowed.REL, allowed.MAX_DEPTH, allowed.MAX_FORMATTING, MAX_LENGTH],
        [allowed.NUMBER.pattern, allowed.LANGUAGE.pattern, allowed.MAIL.pattern, allowed.BAD.pattern],
    ]
    return hashlib.blake2b(repr(lists).encode(), digest_size=8).hexdigest()


def test_a_policy_that_changes_gets_a_version_of_its_own() -> None:
    """Who changes the lists raises `POLICY_VERSION`, so that stored texts are made anew, and adds a line."""
    assert max(POLICIES) == POLICY_VERSION
    assert POLICIES[POLICY_VERSION] == policy()
    assert len(set(POLICIES.values())) == len(POLICIES)


def test_a_change_of_the_policy_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowed, "RICH", allowed.RICH | {"marquee"})
    assert policy() != POLICIES[POLICY_VERSION]


@given(HTML)
def test_it_is_idempotent_and_lets_nothing_through(html: str) -> None:
    """By whichever of the two ways it is written, and with or without an address to be relative to."""
    for base in (None, BASE):
        rich = sanitise(html, base)
        holds(rich)
        assert sanitise(rich, base) == rich
        assert sanitise(rich) == rich
        inline = sanitise_inline(html, base)
        holds(inline)
        assert sanitise_inline(inline) == inline
        assert sanitise_inline(inline, base) == inline


@given(HTML)
def test_the_way_without_a_parser_keeps_to_the_policy_by_itself(html: str) -> None:
    """Where it is sure of its answer, that answer holds without a judge, and settles."""
    straight = written(allowed.legal(html).replace("\r", ""), BASE)
    if straight is not None:
        holds(straight)
        again = written(straight, BASE)
        assert again in (None, straight)


@given(HTML)
def test_plain_text_stays_plain(html: str) -> None:
    """What is text is shown as text: made HTML by escaping, it is the same text again."""
    from html import escape

    words = plain(html)
    assert plain(escape(words)) == words
    assert sanitise(escape(words, quote=False)).replace("&nbsp;", "\xa0") == escape(words, quote=False)


@pytest.mark.parametrize(
    "wrap", ["{}", "<p>{}</p>", "<div><b>{}</b></div>", "<ul><li>{}<li>x</ul>", "{}<p>x"]
)
def test_each_payload_is_made_harmless(wrap: str) -> None:
    for payload in payloads():
        for base in (None, BASE):
            html = wrap.replace("{}", payload.text)
            for clean, way in (
                (sanitise(html, base), sanitise),
                (sanitise_inline(html, base), sanitise_inline),
            ):
                holds(clean)
                assert way(clean, base) == clean, payload.text


def test_both_ways_are_tried_by_the_payloads() -> None:
    ways = [written(allowed.legal(payload.text).replace("\r", ""), BASE) is None for payload in payloads()]
    assert sum(ways) > 100
    assert len(ways) - sum(ways) > 100
