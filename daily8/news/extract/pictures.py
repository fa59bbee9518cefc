"""The lead image: what the publisher states, with words and size of the same picture where the page shows it."""

from __future__ import annotations

from dataclasses import replace

from daily8.news.extract.body import Unit
from daily8.news.extract.evidence import Evidence, microdata, string
from daily8.news.extract.linked import Node, address, reference
from daily8.news.figures import same_picture, usable
from daily8.news.tree import first
from daily8.news.types import Image
from daily8.news.urls import absolute


def lead_image(evidence: Evidence, shown: list[Unit]) -> Image | None:
    """Choose the lead image; ``shown`` are the pictures from the headline on, nearest first."""
    stated = stated_images(evidence)
    pictures = [u.drawn.block for u in shown if isinstance(u.drawn.block, Image)]
    for picture in pictures:
        if any(same_picture(picture.url, other.url) for other in stated):
            alike = next(other for other in stated if same_picture(picture.url, other.url))
            return replace(
                picture,
                alt=picture.alt or alike.alt,
                caption=picture.caption or alike.caption,
                credit=picture.credit or alike.credit,
            )
    if pictures:
        return pictures[0]
    return stated[0] if stated else None


def stated_images(evidence: Evidence) -> list[Image]:
    """Give the images that the page states for itself, the surest first."""
    found: list[Image] = []
    for value in reference(evidence.article.get("image"), evidence.nodes):
        image = _of_node(value, evidence)
        if image:
            found.append(image)
    alt = evidence.said("og:image:alt", "twitter:image:alt")
    for name in (
        "og:image",
        "og:image:url",
        "og:image:secure_url",
        "twitter:image",
        "twitter:image:src",
        "image",
        "thumbnail",
    ):
        found += [Image(url, alt=alt) for v in evidence.meta.get(name, ()) if (url := _address(v, evidence))]
    link = first(evidence.tree, "//link[@rel='image_src']")
    others = [link.get("href")] if link is not None else []
    others += microdata(evidence.tree, "image")[:1]
    others += [
        address(evidence.article.get("thumbnailUrl")),
        evidence.entry.image if evidence.entry else None,
    ]
    return found + [Image(url) for v in others if v and (url := _address(v, evidence))]


def _address(value: str, evidence: Evidence) -> str | None:
    url = absolute(value, evidence.base)
    return url if url and usable(url) else None


def _of_node(value: object, evidence: Evidence) -> Image | None:
    url = _address(address(value) or "", evidence)
    if not url:
        return None
    if not isinstance(value, dict):
        return Image(url)
    node: Node = value
    sizes = [
        n if isinstance(n, int) and 0 < n < 100_000 else None for n in (node.get("width"), node.get("height"))
    ]
    credit = (
        string(node.get("creditText")) or string(node.get("copyrightHolder")) or string(node.get("author"))
    )
    return Image(
        url, string(node.get("alternativeHeadline")), string(node.get("caption")), credit, sizes[0], sizes[1]
    )
