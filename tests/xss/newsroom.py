"""A newsroom whose every word is a payload: brought through the whole line where news comes that way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import connections
from django.db.models import F

from daily8.desk.subscribing import Wanted, add
from daily8.net.cage import Cage
from daily8.net.outside import Outside
from daily8.news.opml import read_opml
from daily8.news.storing import storable
from daily8.store import mailboxes
from daily8.store.mailboxes import Issue, MailboxState
from daily8.store.models import (
    Alias,
    Article,
    Embedding,
    Errand,
    Fetch,
    Host,
    Mailbox,
    Picture,
    Poll,
    Publisher,
    Reader,
    Source,
    Subscription,
    VectorPlan,
)
from daily8.store.sources import NewSource
from tests.sites import HTML, NOW, XML, Sites, feed, open_sites
from tests.xss import episodes, reading, stories
from tests.xss.documents import excerpts, items, json_feed, names, opml, page, rss
from tests.xss.payloads import payloads

ENTRIES = 200
"""Of all feeds together: as many as bring each payload into each field in either format."""
PAGE_PAYLOADS = 30
BOX = "mails"
TAG = '"><img src=x onerror=pwned(-1)>'
"""For columns that have room for little."""


def _fit(texts: list[str]) -> list[str]:
    """Make texts fit to be written into rows, as the line does with all that arrives."""
    return storable(texts)


def _feeds(sites: Sites) -> list[Wanted]:
    """Write a feed for each name: half of them RSS, half JSON; their pages may not be read."""
    titles = names()
    wanted = []
    each = ENTRIES // len(titles) + 1
    for number, title in enumerate(titles):
        host = f"feed{number}.example"
        rows = items(host, number * each, each)
        if number < len(titles) // 2:
            sites.put(f"{host}/feed", rss(title, rows), XML)
        else:
            sites.put(f"{host}/feed", json_feed(title, rows), "application/feed+json")
        sites.put(f"{host}/robots.txt", "User-agent: *\nDisallow: /held/\n", "text/plain")
        wanted.append(
            Wanted(
                f"http://{host}/feed",
                title=title,
                home=f"http://{host}/?{title[:1000]}",
                publisher=title,
                country="IE",
                language="en",
                kind=title,
                owner=title,
                rights="full",
            )
        )
    return wanted


def _pages(sites: Sites) -> Wanted:
    """Write the pages of articles, and the feed that leads to them."""
    links = []
    for number, start in enumerate(range(0, len(payloads()), PAGE_PAYLOADS)):
        url = f"http://wire.example/page/{number}"
        row = replace(items("wire.example", ENTRIES + number, 1)[0], url=url)
        sites.put(f"wire.example/page/{number}", page(row, payloads()[start : start + PAGE_PAYLOADS]), HTML)
        links.append((url, f"Ferry number {number} came in late"))
    sites.put("wire.example/feed", feed(*links), XML)
    return Wanted("http://wire.example/feed", publisher="Wire", country="IE", language="en", rights="full")


def _subscriptions() -> list[Wanted]:
    """Read a list of subscriptions, and want what is in it."""
    return [
        Wanted(row.url, title=row.title or "", home=row.home or "", folders=row.folders)
        for row in read_opml(opml("list.example").encode()).outlines
    ]


def _brought(sites: Sites) -> None:
    """Let everything arrive that has a way to arrive by."""
    _subscribe(sites, [*_feeds(sites), _pages(sites)])
    while Errand.objects.filter(kind=Errand.Kind.PAGE, verdict=None).exists() or not Errand.objects.exists():
        sites.drain()
        sites.moment += timedelta(minutes=1)
    _subscribe(sites, _subscriptions())


def _subscribe(sites: Sites, wanted: list[Wanted]) -> None:
    def subscribe(world: Outside) -> None:
        try:
            add(world, storable(wanted))
        finally:
            connections.close_all()

    async def ask(world: Outside) -> None:
        await asyncio.to_thread(subscribe, world)

    sites.run(ask)


def _watched() -> None:
    """Let a page be watched whose links have payloads for titles and for paths."""
    source = Source.objects.order_by("id")[1]
    source.way = Source.Way.PAGE
    source.pattern = {
        "links": "/news/*",
        "within": "",
        "least_words": 0,
        "count": 4,
        "score": 0.9,
        "reasons": _fit(names()),
        "seen": [[f"/news/{text}"[:500], text] for text in _fit(names())],
        "passed": [],
    }
    source.save()


def _mailed() -> None:
    """Let newsletters wait whose names and senders are payloads."""
    Mailbox.objects.create(name=BOX)
    issues = [
        Issue(
            NewSource(
                url=f"mail:letter{number}.example/{name}",
                key=f"mail:letter{number}.example/{name[:900]}",
                host=f"mail:letter{number}.example",
                publisher_domain=f"letter{number}.example",
                publisher_name=name,
                title=name,
                way="mail",
                format="mail",
            ),
            f"{number}@letter.example",
            b"Subject: x\r\n\r\n",
        )
        for number, name in enumerate(_fit(names()))
    ]
    state = MailboxState(BOX, 0, 0, 0)
    mailboxes.record(state, issues, uidvalidity=7, uid=1, trusting=False, now=NOW, next_at=NOW)
    for name in _fit(names()):
        Mailbox.objects.create(name=name, fetched_at=NOW, cause=name)


def _troubled() -> None:
    """Let the machine have written payloads down: what servers and hubs said of themselves."""
    for source, name in zip(Source.objects.order_by("id"), _fit(names()) * 20, strict=False):
        cause = f"The hub will not send the news of this source, saying: {name[:250]}"
        Poll.objects.filter(source=source).update(cause=name, failures=3)
        for text in (name, cause):
            Fetch.objects.create(source=source, at=NOW, status=403, cause=text)
        Subscription.objects.update_or_create(
            source=source,
            defaults={"hub": f"https://hub.example/{name}", "topic": name, "cause": cause, "state": "denied"},
            create_defaults={
                "hub": f"https://{name}/",
                "topic": name,
                "cause": cause,
                "state": "denied",
                "token": source.id.hex,
                "secret": name,
            },
        )
        Source.objects.filter(id=source.id).update(format=name)
    for errand, text in zip(
        Errand.objects.filter(kind=Errand.Kind.PAGE), _fit(excerpts()) * 20, strict=False
    ):
        if errand.verdict == Errand.Verdict.ASIDE and errand.id % 2:
            Errand.objects.filter(id=errand.id).update(cause=text)
    VectorPlan.objects.create(recipes=[], made_at=NOW, cause=_fit(excerpts())[0])
    for article, text in zip(Article.objects.order_by("id"), _fit(excerpts()) * 20, strict=False):
        Embedding.objects.update_or_create(article=article, defaults={"cause": text})
        # What no way of news brings yet may come by one some day.
        Article.objects.filter(id=article.id).update(
            dek=article.dek or text,
            section=article.section or text,
            image={"url": "https://wire.example/", "alt": text, "caption": text, "credit": text},
            updated_at=F("arrived_at") + timedelta(days=1),
        )


def _alone(act: Callable[[Sites], None], sites: Sites) -> None:
    try:
        act(sites)
    finally:
        connections.close_all()


def _labelled() -> None:
    """Put a payload where a code, a validator or an address of ours is expected."""
    first, second = Source.objects.order_by("id")[:2]
    Source.objects.filter(id=first.id).update(language=TAG, rights=TAG, state=TAG)
    Publisher.objects.filter(id=first.publisher_id).update(language=TAG)
    Article.objects.filter(source=first).update(language=TAG, kind=TAG, verdict=TAG)
    Poll.objects.filter(source=first).update(etag=TAG, last_modified=TAG, moved_to=TAG)
    Host.objects.filter(name=second.host).update(quiet_why=TAG, quiet_until=NOW + timedelta(days=9))
    Errand.objects.filter(kind=Errand.Kind.LOOK).update(etag=TAG, last_modified=TAG)
    Picture.objects.update(colour="red;x'")
    Alias.objects.create(key=TAG, source=first, since=NOW)


def found(cage: Cage) -> Reader:
    """Found the newsroom; give an administrator whose name and address are payloads, too."""
    # The browser's event loop runs in the test's own thread.
    with open_sites(cage) as world, ThreadPoolExecutor(1) as thread:
        thread.submit(_alone, _brought, world).result()
    _watched()
    _mailed()
    _troubled()
    reading.found()
    episodes.found(Source.objects.get(host=reading.DOMAIN))
    stories.found(_fit([payload.text for payload in payloads()]))
    _labelled()
    reader = Reader.objects.create_superuser(f"{TAG}@harbour.example", "a long pass phrase", name=TAG)
    for number, text in enumerate(_fit([payload.text for payload in payloads()[:150]])):
        EmailAddress.objects.create(user=reader, email=f"{text[:200]}@{number}.example", primary=not number)
    return reader
