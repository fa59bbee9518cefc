"""A real Chromium reading real pages from a real server on loopback."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, Route, sync_playwright

from daily8.store.models import Article, Story
from tests import newsroom as rows
from tests.newsroom import Newsroom

NAMES = ("chromium", "chromium-browser", "google-chrome")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


def _launch(playwright: Playwright) -> Browser:
    arguments = ["--no-sandbox"] if os.getuid() == 0 else []
    try:
        return playwright.chromium.launch(args=arguments)
    except Error:
        for name in NAMES:
            if path := shutil.which(name):
                return playwright.chromium.launch(executable_path=path, args=arguments)
    pytest.fail(
        "The browser tests need Chromium: `make setup` prepares it, or install it by hand "
        "(`.venv/bin/playwright install chromium`, or `apt-get install chromium`)."
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium: Playwright's own, else the distribution's.

    Not kept for the whole run: Playwright leaves an event loop running, which other tests must not see.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the loop is Playwright's; our code is synchronous
        with sync_playwright() as playwright:
            started = _launch(playwright)
            yield started
            started.close()


class _Server(ThreadedWSGIServer):
    """A server that knows whether it is at work: no answer in progress is to meet emptied tables."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._changed = threading.Condition()
        self._connections = 0

    def process_request(self, request: Any, client_address: Any) -> None:
        self._count(1)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._count(-1)

    def rest(self) -> None:
        """Wait until all connections are closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._connections == 0, timeout=10)

    def _count(self, change: int) -> None:
        with self._changed:
            self._connections += change
            self._changed.notify_all()


@pytest.fixture(scope="session")
def listener() -> Iterator[_Server]:
    """The pages as the WSGI entry serves them, static files included."""
    from daily8.conf.wsgi import application

    listener = _Server(("127.0.0.1", 0), QuietWSGIRequestHandler)
    listener.set_app(application)
    thread = threading.Thread(target=listener.serve_forever, daemon=True)
    thread.start()
    yield listener
    listener.shutdown()
    listener.server_close()
    thread.join()


@pytest.fixture(scope="session")
def server(listener: _Server) -> str:
    """Give the address of the pages."""
    return f"http://127.0.0.1:{listener.server_address[1]}"


@dataclass
class Visit:
    """A page that is open, and everything that went wrong on it."""

    page: Page
    server: str
    wrong: list[str] = field(default_factory=list)

    def to(self, path: str) -> Page:
        """Open a page of ours and wait until it is quiet."""
        answer = self.page.goto(self.server + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        self.page.wait_for_load_state("networkidle")
        return self.page


@dataclass
class Visitor:
    """Opens pages with a browser of this or that size and taste."""

    browser: Browser
    server: str
    contexts: list[BrowserContext] = field(default_factory=list)

    def visit(self, path: str = "", *, size: dict[str, int] | None = None, **wishes: Any) -> Visit:
        """Open a page in a fresh browser profile."""
        context = self.browser.new_context(viewport=size or DESKTOP, **wishes)  # type: ignore[arg-type]
        self.contexts.append(context)
        context.add_init_script(
            "addEventListener('securitypolicyviolation', e => "
            "console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))"
        )
        page = context.new_page()
        visit = Visit(page, self.server)
        page.on(
            "console",
            lambda said: visit.wrong.append(said.text) if said.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: visit.wrong.append(str(error)))

        def stay(route: Route) -> None:
            visit.wrong.append(f"a request to {route.request.url}")
            route.abort()

        page.route(lambda url: not url.startswith(self.server), stay)
        if path:
            visit.to(path)
        return visit


@pytest.fixture
def visitor(browser: Browser, listener: _Server, server: str, transactional_db: None) -> Iterator[Visitor]:
    """Somebody with a browser; the database is emptied afterwards."""
    cache.clear()
    visitor = Visitor(browser, server)
    yield visitor
    for context in visitor.contexts:
        context.close()
    listener.rest()


@pytest.fixture
def newsroom(visitor: Visitor, tmp_path: Path, settings: Any) -> Newsroom:
    """Three publishers with news, most of it illustrated; one source is failing."""
    settings.MEDIA_FOLDER = tmp_path
    room = rows.found()
    for number in range(2, 42):
        made = room.publish(number, source=room.other if number % 3 == 0 else room.english)
        if number % 4:
            room.picture(made, media=tmp_path)
    for number in range(2, 12):
        made = room.publish(number, arabic=True)
        if number % 3:
            room.picture(made, media=tmp_path)
    rows.fail(room.english, room.now)
    return room


@pytest.fixture
def article(newsroom: Newsroom, tmp_path: Path) -> Article:
    """An English article with every kind of block."""
    return _article(newsroom, tmp_path, arabic=False)


@pytest.fixture
def arabic_article(newsroom: Newsroom, tmp_path: Path) -> Article:
    """An Arabic article with every kind of block (those of the English one, within Arabic)."""
    return _article(newsroom, tmp_path, arabic=True)


def _article(newsroom: Newsroom, media: Path, *, arabic: bool) -> Article:
    address = f"https://harbour.example/whole-{arabic}"
    made = newsroom.publish(
        17,
        arabic=arabic,
        key=address,
        url=address,
        dek="عادت العبّارة بعد ثلاثة أيام من العاصفة."
        if arabic
        else "Nobody was hurt, and the harbour is open again.",
        authors=["مها الميناوي" if arabic else "Maeve Byrne"],
        image={"alt": "A ferry", "caption": "The ferry", "credit": "Quay", "url": address},
        updated_at=newsroom.now,
    )
    newsroom.text(made, *rows.every_block())
    newsroom.picture(made, media=media)
    newsroom.picture(made, url="https://harbour.example/quay.jpg", lead=False, media=media)
    return made


@pytest.fixture
def told(newsroom: Newsroom, article: Article, arabic_article: Article) -> Story:
    """A story in two languages, which leads every front page."""
    return rows.tell(newsroom, article, arabic_article)
