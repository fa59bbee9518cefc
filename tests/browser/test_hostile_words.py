"""Words of strangers that would run: a real Chromium, with and without our policy, runs none of them.

`tests/xss/` has the payloads and brings them into each field; the pages are those of the table of routes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect

from daily8.net.cage import Cage
from daily8.store.models import Article, Publisher, Reader, Source, Story
from tests.browser.conftest import DESKTOP, Visitor
from tests.web.routes import ROUTES
from tests.xss import newsroom, reading
from tests.xss.columns import OURS, TEXTUAL
from tests.xss.payloads import MARK, packed, payloads

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]  # seconds on a machine that has other work

MOUNTED = 25
"""Pages in frames at one time."""

_SPY = """
window.pwned = n => console.log(`pwned ${n}`);
for (const name of ['alert', 'confirm', 'prompt', 'print'])
  window[name] = n => console.log(`pwned ${n} ${name}`);
addEventListener('securitypolicyviolation', e =>
  console.log(`pwned policy ${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
"""
_POKE = """
const players = ['https://www.youtube-nocookie.com/embed/', 'https://player.vimeo.com/video/'];
const look = document => {
  const wrong = [], web = /^(https?:|mailto:)/, base = new URL(document.baseURI);
  // Ours is the first at this place; what stands before it would be taken for it, and itself be the second.
  const ours = document.querySelector('body > template#bar');
  const known = one => one === ours
    && [one.dataset.script, one.dataset.turning].every(path => path.startsWith('/static/js/'));
  const played = one => one.localName === 'iframe' && one.matches('.film > iframe')
    && players.some(start => one.src.startsWith(start));
  const all = [...document.querySelectorAll('*'), ...(ours?.content.querySelectorAll('*') ?? [])];
  for (const one of all) {
    for (const {name, value} of [...one.attributes]) {
      const done = name === 'style' && one.matches('.bar-slider') && /^--done: [\\d.]+%;$/.test(value);
      if (/^(on|style$|srcdoc$|formaction$|ping$|background$)/i.test(name) && !done
          || /^(hx-|data-hx-|x-|v-|@|_$)/i.test(name) && !one.matches('.more a')
          || /^(href|src|action|poster|data|xlink:href|cite)$/i.test(name) && value
             && !web.test(new URL(value, base).protocol)
          || /^data-(sound|frame|video|stream)$/.test(name) && !value.startsWith('https://')
          || name === 'data-frame' && !players.some(start => value.startsWith(start))
          || name === 'src' && /^(video|audio|source|track)$/.test(one.localName)
             && !one.src.startsWith('https://'))
        wrong.push(`${one.localName} has ${name}=${value}`);
      if (/^on/i.test(name))
        one.dispatchEvent(new Event(name.slice(2).toLowerCase(), {bubbles: true}));
    }
    if (/^(iframe|object|embed|base|math|style|template|frame|portal)$/.test(one.localName)
        && !known(one) && !played(one)
        || one.localName === 'script' && !one.src.startsWith(`${base.origin}/static/`))
      wrong.push(`there is a ${one.localName}`);
  }
  return wrong;
};
const poke = (document, window, most) => {
  const web = /^(https?:|mailto:)/, wrong = look(document);
  const stay = event => {
    const link = event.target.closest?.('a[href], area[href]');
    if (link && web.test(link.href) && !link.matches('.film-play') || event.type === 'submit')
      event.preventDefault();
  };
  window.addEventListener('click', stay, true);
  window.addEventListener('submit', stay, true);
  const count = document.querySelectorAll('main *').length;
  const announced = [...document.querySelectorAll('[data-sound], [data-frame], [data-video], [data-stream]')]
    .map(({dataset}) => dataset.sound ?? dataset.frame ?? dataset.video ?? dataset.stream);
  const touched = 'main :is(a, summary, label, p, img, td, button, [tabindex])';
  const films = [...document.querySelectorAll('.film-play')].slice(0, most);
  for (const one of document.querySelectorAll(touched)) {
    if (one.matches('.film-play') && !films.includes(one)) continue;
    for (const kind of ['pointerover', 'mouseover', 'mousedown', 'mouseup'])
      one.dispatchEvent(new MouseEvent(kind, {bubbles: true}));
    one.focus?.({preventScroll: true});
    one.click?.();
    one.blur?.();
  }
  const plain = announced.map(path => new URL(path).href.split('#')[0]);
  return [[...new Set([...wrong, ...look(document)])], count, plain];
};
"""
_MOUNT = f"""
async paths => {{
  {_POKE}
  const mounted = await Promise.all(paths.map(async path => {{
    const answer = await fetch(path), frame = document.createElement('iframe');
    if (answer.status >= 500) return [path, frame, [`answers ${{answer.status}}`], 0, []];
    const loaded = new Promise(done => frame.onload = done);
    // Without its looks: they are the same on all pages, and slow.
    frame.srcdoc = (await answer.text()).replace(/<link rel="(preload|stylesheet|icon|manifest)[^>]*>/g, '');
    document.body.append(frame);
    await loaded;
    return [path, frame, ...poke(frame.contentDocument, frame.contentWindow, 2)];
  }}));
  await new Promise(done => setTimeout(done, 50));
  for (const entry of mounted) {{
    const [, frame, wrong] = entry;
    const now = frame.contentDocument ? look(frame.contentDocument) : [];
    wrong.push(...now.filter(what => !wrong.includes(what)));
    frame.remove();
  }}
  sessionStorage.removeItem('daily8.playing');
  return mounted.map(([path, , ...found]) => [path, ...found]);
}}
"""
_BARE = """
async texts => {
  const pause = time => new Promise(done => setTimeout(done, time));
  for (let at = 0; at < texts.length; at += 100) {
    const frames = texts.slice(at, at + 100).map(() => document.createElement('iframe'));
    const loaded = frames.map(frame => new Promise(done => frame.onload = done));
    frames.forEach((frame, n) => {
      frame.srcdoc = `<body><div>${texts[at + n]}</div>`;
      document.body.append(frame);
    });
    await Promise.race([Promise.all(loaded), pause(2000)]);
    for (const frame of frames) {
      const inside = frame.contentDocument;
      for (const one of inside?.querySelectorAll('*') ?? []) {
        for (const {name} of [...one.attributes])
          if (/^on/i.test(name)) one.dispatchEvent(new Event(name.slice(2).toLowerCase(), {bubbles: true}));
        if (one.matches('a, area, button, input')) one.click?.();
      }
    }
    await pause(100);
    for (const frame of frames) frame.remove();
  }
}
"""


@dataclass
class Watch:
    """A tab, and what ran in it or left it."""

    page: Page
    server: str
    ran: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    announced: set[str] = field(default_factory=set)
    """What pages said that their buttons would play."""
    seen: int = 0

    @property
    def left(self) -> list[str]:
        """Requests to others that no button was there for."""
        return [url for url in self.asked if url not in self.announced]

    def open(self, path: str) -> None:
        """Open a page and touch all that can be touched; note what is there that should not be."""
        answer = self.page.goto(self.server + path, wait_until="load")
        assert answer is not None
        assert answer.status < 500, path
        self.note(path, *self.page.evaluate(f"() => {{ {_POKE} return poke(document, window, 99); }}"))

    def mount(self, paths: list[str]) -> None:
        """Put pages into frames of one page, many at a time, and touch them there."""
        self.page.goto(f"{self.server}/about")
        for at in range(0, len(paths), MOUNTED):
            for path, wrong, count, played in self.page.evaluate(_MOUNT, paths[at : at + MOUNTED]):
                self.note(path, wrong, count, played)

    def look(self) -> None:
        """Note what is on the page by now that should not be."""
        self.note(self.page.url, self.page.evaluate(f"() => {{ {_POKE} return look(document); }}"))

    def note(self, path: str, wrong: list[str], count: int = 0, played: Sequence[str] = ()) -> None:
        """Keep what stands on a page that should not, and what it said that it would play."""
        self.seen += count
        self.announced.update(played)
        self.ran.extend(f"{path}: {what}" for what in wrong)


def watch(visitor: Visitor, *, policy: bool) -> Watch:
    """Open a tab, with our policy in force or without."""
    context: BrowserContext = visitor.browser.new_context(
        viewport=DESKTOP,  # type: ignore[arg-type]
        bypass_csp=not policy,
    )
    visitor.contexts.append(context)
    context.add_init_script(_SPY)
    found = Watch(context.new_page(), visitor.server)

    def said(text: str) -> None:
        if text.startswith(f"{MARK} "):
            found.ran.append(f"{found.page.url}: {text}")

    def asked(dialog: Dialog) -> None:
        found.ran.append(f"{found.page.url}: asks {dialog.message}")
        dialog.dismiss()

    def stay(route: Route) -> None:
        found.asked.append(route.request.url.partition("#")[0])
        route.abort()

    context.on("console", lambda message: said(message.text))
    context.on(
        "page", lambda page: found.asked.append(f"a new tab: {page.url}") if page != found.page else None
    )
    context.on("dialog", asked)
    context.route(lambda url: not url.startswith(visitor.server), stay)
    return found


def sign_in(watch: Watch, reader: Reader) -> None:
    """Let the tab be the reader's."""
    client = Client()
    client.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")
    watch.page.context.add_cookies(
        [{"name": "daily8", "value": client.cookies["daily8"].value, "url": watch.server}]
    )


def _typed() -> list[str]:
    """Give addresses of pages in which somebody else typed."""
    searched = [f"?q={quote(words)}" for words in packed(payloads(), 100)]
    return [
        *(f"{'/ar/console' if n % 2 else ''}/sources{query}" for n, query in enumerate(searched)),
        *(
            form + quote(words)
            for words in packed(payloads(), 1500)
            for form in (
                "/nothing/",
                "/ar/accounts/login/?next=",
                "/sources?older=",
                "/publisher/",
                f"/source/{Source.objects.latest('id').id.hex}?did=",
            )
        ),
    ]


def _told() -> list[str]:
    """Give addresses of the interface for programs, which a browser may be led to as well."""
    rows = [*Article.objects.order_by("id")[::20], *Article.objects.filter(timed_texts__kind="transcript")]
    shown = [f"/api/v1/articles/{row.id.hex}" for row in rows]
    asked = [f"/api/v1/sources?words={quote(words)}" for words in packed(payloads(), 1500)[::8]]
    none = [f"/api/v1/{quote(words)}" for words in packed(payloads(), 1500)[::8]]
    return ["/api/v1/articles?limit=100", "/api/v1/sources?limit=100", *shown, *asked, *none]


def _pages(name: str) -> list[str]:
    """Give the pages of a route, of each thing that it can be of."""
    things: dict[str, list[tuple[Any, ...]]] = {
        "article": [(row.id,) for row in Article.objects.order_by("id")],
        "history": [(row.id,) for row in Article.objects.filter(revisions__number=2)],
        "version": [(row.id, 1) for row in Article.objects.filter(revisions__number=2)[::6]],
        "publisher": [(row.slug,) for row in Publisher.objects.filter(domain__startswith="feed")],
        "source": [(row.id,) for row in Source.objects.filter(host__startswith="feed")],
        "console-watched": [(row.id,) for row in Source.objects.filter(way=Source.Way.PAGE)],
        "console-site": [(reading.DOMAIN,)],
        "story": [(row.id,) for row in Story.objects.filter(forward_to=None)],
        "console-story": [(row.id,) for row in Story.objects.filter(forward_to=None)],
        "edition": [(("IE", "en"),)],
        "account_confirm_email": [("none",)],
        "account_reset_password_from_key": [("1", "none")],
    }
    found = [reverse(name, args=args) for args in things.get(name, [()])]
    if name == "console-site":
        found += [f"{found[0]}?path={quote(path)}" for path in reading.rules_pages()]
    return found


def _further(watch: Watch, first: str, most: int = 30) -> None:
    """Open a list to its end."""
    watch.open(first)
    for _ in range(most):
        more = watch.page.query_selector(".more a")
        if more is None:
            return
        watch.open(first.partition("?")[0] + str(more.get_attribute("href")))


def _listen(watch: Watch, path: str) -> None:
    """Play an episode, open both sheets of the bar, turn a page meanwhile, and come back to it anew."""
    page = watch.page
    watch.page.goto(watch.server + path)
    watch.announced.add(
        str(page.evaluate("new URL(document.querySelector('[data-sound]').dataset.sound).href.split('#')[0]"))
    )
    page.locator(".story-player button.listen-play").click()
    for turned in (False, True):
        if turned:
            page.locator(".masthead-nav a", has_text="Sources").first.click()
            expect(page).to_have_url(re.compile("/sources$"))
        for name in ("chapters", "lines"):
            page.locator(f"[data-do={name}]").click()
            expect(page.locator(f".bar-{name} button").first).to_be_visible()
            watch.look()
    page.goto(f"{watch.server}/about")  # left for good: the lines are fetched again
    page.locator("[data-do=lines]").click()
    expect(page.locator(".bar-lines button").first).to_be_visible()
    watch.look()
    page.locator("[data-do=close]").click()


def _try_rules(watch: Watch) -> None:
    """Let the console show what stored pages would be by the rules of the site."""
    watch.page.goto(watch.server + reverse("console-site", args=[reading.DOMAIN]))
    watch.page.locator("button[value=try]").click()
    expect(watch.page.locator(".sides").first).to_be_visible()
    expect(watch.page.locator(".sides-one")).to_have_count(0)
    watch.look()


@pytest.fixture
def editor(visitor: Visitor) -> Reader:
    """The newsroom of hostile words, and somebody who may see all of it."""
    with Cage(workers=1) as cage:
        return newsroom.found(cage)


def _bare_columns() -> set[str]:
    """Give the columns of text that hold no payload, and have no word why."""
    bare = set()
    for model in apps.get_app_config("store").get_models():
        for column in model._meta.get_fields():
            name = f"{model.__name__}.{column.name}"
            if isinstance(column, TEXTUAL) and name not in OURS:
                values = model._default_manager.values_list(column.name, flat=True)
                if not any(re.search(rf"{MARK}|canary", str(value)) for value in values):
                    bare.add(name)
    return bare


def test_words_of_strangers_run_nowhere(visitor: Visitor, editor: Reader) -> None:
    """Each payload stands in each field of each page: none runs, reaches out or even breaks the policy."""
    assert _bare_columns() == set()
    free, held = watch(visitor, policy=False), watch(visitor, policy=True)
    for tab in (free, held):
        sign_in(tab, editor)
    for name, route in ROUTES.items():
        if route.kind == "page":
            paths = _pages(name)
            for number, path in enumerate(paths[::12]):
                (free, held)[number % 2].open(path)
            free.mount(paths)
            held.open(paths[0])
    for path in ("/", "/ar/edition/world", "/sources", "/console/sources"):
        _further(free, path)
    free.mount(_typed())
    played = Article.objects.filter(key__startswith="https://sound.").order_by("id")
    for number, row in enumerate(played.filter(kind="podcast")):
        _listen((free, held)[number % 2], reverse("article", args=[row.id]))
    for row in played.filter(kind="video"):
        for tab in (free, held):
            tab.open(reverse("article", args=[row.id]))
    _try_rules(held)
    for path in _told():
        free.open(path)
    for tab in (free, held):
        assert tab.ran == []
        assert tab.left == []
        assert {"www.youtube-nocookie.com", "film.example"} <= {urlsplit(url).hostname for url in tab.asked}
    assert free.seen > 20_000


def test_this_browser_would_run_them(visitor: Visitor) -> None:
    """The harness can fail: the same payloads, written into a page as they are, run or reach out."""
    tab = watch(visitor, policy=False)
    tab.page.goto(f"{visitor.server}/about")
    tab.page.evaluate(_BARE, [payload.text for payload in payloads() if not payload.address])
    tab.page.wait_for_timeout(500)
    ran = {int(found) for text in tab.ran for found in re.findall(r"pwned (\d+)", text)}
    asked = {int(found) for text in tab.left for found in re.findall(r"canary\.example/(\d+)", text)}
    whole = sum(not payload.address for payload in payloads())
    assert whole >= 400
    print(f"{len(ran)} of {whole} payloads run in this browser where nothing stops them")
    assert len(ran | asked) > 0.4 * whole, (len(ran), len(asked), whole)


def test_an_unescaped_field_is_seen(visitor: Visitor) -> None:
    """And so is one word of them in one field of one of our own pages."""
    tab = watch(visitor, policy=True)
    tab.page.goto(f"{visitor.server}/about")
    tab.page.evaluate("document.querySelector('main p').innerHTML = '<img src=x onerror=pwned(1)>'")
    tab.page.wait_for_timeout(200)
    assert any("pwned policy" in text for text in tab.ran)
    wrong, _, _ = tab.page.evaluate(f"() => {{ {_POKE} return poke(document, window, 99); }}")
    assert wrong == ["img has onerror=pwned(1)"]
