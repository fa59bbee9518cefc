"""The icon that a page declares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daily8.news.icons import declared_icon

PAGE = "https://harbour-post.example/news/1"


def link(href: str, rel: str = "icon", **given: str) -> str:
    said = "".join(f' {name}="{value}"' for name, value in given.items())
    return f'<link rel="{rel}" href="{href}"{said}>'


@pytest.mark.parametrize(
    ("html", "icon"),
    [
        (link("/i.png", sizes="32x32"), "/i.png"),
        (link("/i.png"), "/i.png"),
        (link("/i", type="image/png"), "/i"),
        (link("/16.png", sizes="16x16"), None),
        (link("/favicon.ico", "shortcut icon", sizes="32x32"), None),
        (link("/favicon", type="image/x-icon"), None),
        (link("/i.svg", type="image/svg+xml"), None),
        (link("/i.svg?v=1"), None),
        (link("/mask.png", "mask-icon"), None),
        (link("data:image/png;base64,AAAA"), None),
        (
            link("/a.png", sizes="32x32") + link("/b.png", sizes="96x96") + link("/c.png", sizes="512x512"),
            "/b.png",
        ),
        (link("/a.png", sizes="32x32") + link("/t.png", "apple-touch-icon"), "/t.png"),
        (link("/t.png", "apple-touch-icon", sizes="180x180") + link("/b.png", sizes="64x64"), "/b.png"),
        (link("/a.png", sizes="16x16 48x48"), "/a.png"),
        (link("/x") + link("/y.png"), "/y.png"),
        ("<base href='/pictures/'>" + link("i.png"), "/pictures/i.png"),
        (f"<!-- {link('/i.png')} --><script>{link('/j.png')}</script>", None),
        ("", None),
    ],
)
def test_the_best_raster_icon_is_taken(html: str, icon: str | None) -> None:
    assert declared_icon(html, PAGE) == (f"https://harbour-post.example{icon}" if icon else None)


@given(st.text())
def test_any_text_is_a_page(html: str) -> None:
    assert declared_icon(html + link("/i.png", sizes=html[:20]), PAGE) in (
        None,
        "https://harbour-post.example/i.png",
    )
