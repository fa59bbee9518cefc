"""The lead image: the picture above the text, or what the publisher states, with its words."""

from __future__ import annotations

from dataclasses import replace

from daily8.news.extract.body import Body
from daily8.news.extract.evidence import Evidence, string
from daily8.news.extract.linked import Node, address, reference
from daily8.news.extract.witness import Unit
from daily8.news.figures import same_picture, usable
from daily8.news.types import Image
from daily8.news.urls import absolute


def lead_image(evidence: Evidence, body: Body) -> Image | None:
    """Choose the lead image.

    In this order: a picture above the text that is stated too, any picture above the text, a picture in the
    text that is stated too, the first that is stated.
    """
    stated = stated_images(evidence)
    leads, later = _images(body.leads), _images(body.later)
    above = next((i for i in leads if _alike(i, stated)), None) or next(iter(leads), None)
    chosen = above or next((i for i in later if _alike(i, stated)), None)
    if chosen is None:
        return stated[0] if stated else None
    known = _alike(chosen, stated)
    if known is None:
        return chosen
    return replace(
        chosen,
        alt=chosen.alt or known.alt,
        caption=chosen.caption or known.caption,
        credit=chosen.credit or known.credit,
    )


def _images(units: list[Unit]) -> list[Image]:
    return [unit.drawn.block for unit in units if isinstance(unit.drawn.block, Image)]


def _alike(image: Image, others: list[Image]) -> Image | None:
    return next((other for other in others if same_picture(image.url, other.url)), None)


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
    others: list[str | None] = [*evidence.links.get("image_src", ())[:1]]
    others += evidence.properties.get("image", [])[:1]
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
