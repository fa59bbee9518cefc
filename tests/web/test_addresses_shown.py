"""Addresses that should never have been stored: what stands in a link or plays is of the web all the same."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from daily8.news import types
from daily8.news.storing import storable
from daily8.store.models import Article, Publisher, Source
from tests.newsroom import Newsroom
from tests.web.reading import tree
from tests.xss.payloads import addresses

_WEB = re.compile(r"https?://[!-?A-~]+|mailto:[!-~]+|/(?![/\\])[!-~ ]*|[?#][!-~]*|", re.ASCII)


def links(response: Any) -> list[str]:
    """Give all addresses on a page that a browser would follow, load or play."""
    page = tree(response)
    return [
        str(value)
        for name in ("href", "src", "poster", "action", "data-frame", "srcset", "hx-get", "content")
        for value in page.xpath(f"//*/@{name}")
        if name != "content" or str(value).startswith("http")
    ]


def test_no_address_that_runs_is_shown(client: Client, newsroom: Newsroom, article: Article) -> None:
    """Whatever got into a row, by whichever way: templates judge once more."""
    given = storable([payload.text for payload in addresses()])
    shown = 0
    for text in given:
        Publisher.objects.update(home=text)
        Source.objects.filter(id=article.source_id).update(url=text, home=text)
        Article.objects.filter(id=article.id).update(
            url=text,
            canonical_url=text,
            image={"url": text, "alt": text},
            enclosures=[{"url": text, "type": "audio/mpeg"}, {"url": text, "type": "video/mp4"}],
            kind="video",
        )
        blocks: list[types.Block] = [
            types.Image(text, caption="c"),
            types.Embed("x", text),
            types.Embed("video", text),
            types.Embed("audio", text),
            types.Embed("youtube", text, id=text),
            types.Embed("vimeo", text, id=text),
            types.Paragraph(f'<a href="{text}">x</a>'),
        ]
        article.revisions.update(blocks=[types.block_to_json(block) for block in blocks])
        paths = (
            f"/article/{article.id.hex}",
            "/publisher/the-harbour-post",
            f"/source/{article.source_id.hex}",
        )
        for path in paths:
            for address in links(client.get(path)):
                shown += "canary.example" in address
                assert _WEB.fullmatch(address), (text, path, address)
                assert "@" not in address.partition("://")[2].partition("/")[0], (text, path, address)
    assert shown > 50, "what is an address after all is shown, so the pages were looked at"
