"""Read a page as a program: its tree, and the text of its parts."""

from __future__ import annotations

from typing import Any

from lxml import html


def tree(response: Any) -> html.HtmlElement:
    """Give the tree of a page that was answered."""
    assert response["Content-Type"].startswith("text/html")
    return html.document_fromstring(response.content.decode())


def texts(page: html.HtmlElement, path: str) -> list[str]:
    """Give the text of each element that an XPath finds, white space folded."""
    return [" ".join(found.text_content().split()) for found in page.xpath(path)]


def text(page: html.HtmlElement, path: str) -> str:
    """Give the text of the one element that an XPath finds."""
    found = texts(page, path)
    assert len(found) == 1, f"{path}: {found}"
    return found[0]
