"""What is kept of sites: what they ask, how they are read, what they repeat, how their texts changed."""

from __future__ import annotations

import re
from datetime import timedelta

from daily8.news.repair import BadRules, checked, rules_to_json
from daily8.news.storing import storable
from daily8.store.models import Article, KeptPage, RepeatedBlock, Revision, Site, SiteRules, Source
from tests.sites import NOW
from tests.xss.documents import LONG, excerpts, names
from tests.xss.payloads import MARK, packed, payloads

DOMAIN = "wire.example"
"""The site whose pages are read."""
ASKED = 79
"""Characters of what is asked that the page of a source shows."""
RULED = 40
"""Lines of one field of rules."""
TAG = '"><img src=x onerror=pwned(-1)>'


def found() -> None:
    """Write payloads wherever a stranger, or an editor who was deceived, may have written something."""
    _asked()
    _kept()
    _ruled()
    _changed()


def _asked() -> None:
    """Let articles and whole sites ask payloads of those who show them."""
    texts = storable(packed(tuple(p for p in payloads() if len(p.text) <= ASKED), ASKED))
    sources = list(Source.objects.filter(host__startswith="feed").order_by("id"))
    for number, source in enumerate(sources):
        some = texts[number :: len(sources)]
        half = len(some) // 2
        articles = Article.objects.filter(source=source)
        name = storable([payloads()[number].text])[0]
        seen = NOW.isoformat()
        wishes = [
            {"name": "rsl", "place": "page", "value": value, "seen_at": seen} for value in some[:half]
        ] + [{"name": name, "place": name, "value": name, "seen_at": seen}]
        articles.update(wishes=wishes)
        said = {
            "usage": [["content-usage", name, name]],
            "licences": some[half:-1],
            "reservations": [["/", True, value] for value in some[-1:]],
        }
        Site.objects.update_or_create(
            name=f"https://{source.host}", defaults={"wishes": said, "seen_at": NOW}
        )


def _kept() -> None:
    """Let kept pages come from payloads, and feeds have said payloads of them."""
    texts, long = storable(excerpts()), storable(names())
    for number, row in enumerate(KeptPage.objects.filter(domain=DOMAIN).order_by("pk")):
        row.url = f"{row.url}?{texts[number % len(texts)]}"
        row.content_type = f"text/html; charset={TAG}; {texts[number % len(texts)]}"
        row.said |= {"title": long[number % len(long)], "authors": [long[number % len(long)]]}
        row.score = 0.1
        row.save()
    blocks = [
        RepeatedBlock(
            domain=DOMAIN,
            mark=f"{number}",
            text=text[:LONG],
            articles=9,
            days=9,
            learned_at=NOW,
            recipe="test",
        )
        for number, text in enumerate(long)
    ]
    RepeatedBlock.objects.bulk_create(blocks)


def _fitting(field: str, texts: list[str]) -> list[str]:
    """Give the texts that can stand in a field of rules."""
    fit = []
    for text in texts:
        try:
            checked(DOMAIN, "", {field: [text]})
        except BadRules:
            continue
        fit.append(text)
    return fit


def _ruled() -> None:
    """Let the site have rules in whose every field, path and name stand payloads."""
    texts = storable([" ".join(payload.text.split()) for payload in payloads()])
    forms = _fitting("drop", texts)
    selectors = _fitting("body", [f'[title="{text}"]' for text in storable(texts) if '"' not in text])
    by = storable(names())
    for start in range(0, len(forms), 2 * RULED):
        number = start // (2 * RULED)
        bare = re.sub(r"[\s\x00-\x1f?#]", "/", forms[start])[:150]
        rules = checked(
            DOMAIN,
            f"/page/{bare}" if number else "",
            {
                "body": selectors[number * 5 : number * 5 + 5],
                "title": selectors[number * 5 + 5 : number * 5 + 9],
                "drop": forms[start : start + RULED],
                "keep": forms[start + RULED : start + 2 * RULED],
            },
        )
        SiteRules.objects.create(
            domain=DOMAIN,
            path=rules.path,
            said=rules_to_json(rules),
            saved_at=NOW - timedelta(minutes=number),
            saved_by=by[number % len(by)],
        )


def rules_pages() -> list[str]:
    """Give the paths of the site for which there are rules."""
    return list(SiteRules.objects.filter(domain=DOMAIN).order_by("id").values_list("path", flat=True))


def _changed() -> None:
    """Let each text that was read have been another one before, of which nothing but payloads is left."""
    rows = list(Revision.objects.filter(article__source__host=DOMAIN).order_by("id"))
    assert any(MARK in str(row.blocks) for row in rows)
    long = storable(names())
    for number, (row, other) in enumerate(zip(rows, [*rows[1:], rows[0]], strict=True)):
        Revision.objects.create(
            article=row.article,
            number=row.number + 1,
            seen_at=row.seen_at + timedelta(hours=2),
            kind="rewritten",
            silent=bool(number % 2),
            title=long[number % len(long)],
            dek=long[(number + 1) % len(long)],
            blocks=[*row.blocks[:40], *other.blocks[:40]],
            aside=[{"at": n, "mark": f"{n}", "block": block} for n, block in enumerate(row.blocks[40:50])],
            digest=f"{number}",
            recipe=row.recipe,
        )
