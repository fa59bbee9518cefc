// Turning pages without leaving them, while something plays: the next page is fetched, what stays is kept.
// Without this, or where anything is in doubt, the browser goes there as it always does.

let kept = () => null;
let begun = false;
let here = location.pathname + location.search;
let asked = null;
let resting = 0;

/** Turn pages from now on; `stays` gives the element that is kept, or null when nothing needs to be. */
export function begin(stays) {
  kept = stays;
  if (begun) return;
  begun = true;
  history.scrollRestoration = "manual";
  addEventListener("pagehide", () => { history.scrollRestoration = "auto"; });
  addEventListener("pageshow", () => { history.scrollRestoration = "manual"; });
  document.addEventListener("click", clicked);
  document.addEventListener("submit", submitted);
  addEventListener("popstate", (event) => {
    if (location.pathname + location.search !== here) {
      turn(new URL(location.href), event.state?.y ?? 0, false);
    } else {
      halt();
      scrollTo(0, event.state?.y ?? 0);
    }
  });
  addEventListener("scroll", () => {
    clearTimeout(resting);
    resting = setTimeout(mark, 150);
  }, { passive: true });
}

function mark() {
  if (!asked) history.replaceState({ ...history.state, y: scrollY }, "");
}

function clicked(event) {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest("a[href]");
  if (!link || (link.target && link.target !== "_self") || link.hasAttribute("download")) return;
  const to = new URL(link.href, location.href);
  const within = to.hash && to.pathname + to.search === here;
  if (!kept() || to.origin !== location.origin || within) return;
  event.preventDefault();
  turn(to, 0, true);
}

function submitted(event) {
  const form = event.target;
  if (event.defaultPrevented || !kept() || form.method !== "get" || form.hasAttribute("hx-get")) return;
  const to = new URL(form.action || location.href, location.href);
  if (to.origin !== location.origin) return;
  event.preventDefault();
  to.search = new URLSearchParams(new FormData(form, event.submitter)).toString();
  turn(to, 0, true);
}

// A page that is still on its way is not wanted any more.
function halt() {
  asked?.abort();
  asked = null;
  document.body.removeAttribute("aria-busy");
}

async function turn(to, y, forward) {
  asked?.abort();
  const mine = new AbortController();
  if (forward) mark();
  asked = mine;
  document.body.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(to, { headers: { Accept: "text/html" }, signal: mine.signal });
    const page = await read(answer);
    if (mine.signal.aborted) return;
    if (!page) return leave(to, forward);
    const reached = new URL(answer.url);
    reached.hash = to.hash;
    await dress(page);
    if (mine.signal.aborted) return;
    if (forward) history.pushState({ y: 0 }, "", reached);
    here = reached.pathname + reached.search;
    swap(page);
    undress(page);
    settle(reached, y);
  } catch (error) {
    if (error.name !== "AbortError") leave(to, forward);
  } finally {
    if (asked === mine) {
      asked = null;
      document.body.removeAttribute("aria-busy");
    }
  }
}

function leave(to, forward) {
  if (forward) location.assign(to);
  else location.reload();
}

// Only a page of ours, with a place for what stays, can be turned to.
async function read(answer) {
  const kind = answer.headers.get("Content-Type") ?? "";
  if (!kind.startsWith("text/html") || new URL(answer.url).origin !== location.origin) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.getElementById("content") || !page.getElementById("bar") || outdated(page)) return null;
  return page;
}

// After a deployment a page names other versions of our scripts: beside the old ones they would run twice.
function outdated(page) {
  const running = new Map([...document.scripts].map((script) => script.src.split("?")));
  return [...page.scripts].some((script) => {
    const [at, version] = script.src.split("?");
    return at && running.has(at) && running.get(at) !== version;
  });
}

const sheets = (page) => [...page.querySelectorAll("link[rel=stylesheet]")];

// Style sheets that only the next page has are there before it is shown.
function dress(page) {
  const worn = new Set(sheets(document).map((link) => link.href));
  const missing = sheets(page).filter((link) => !worn.has(link.href));
  return Promise.all(missing.map((link) => new Promise((done) => {
    const made = document.createElement("link");
    made.rel = "stylesheet";
    made.onload = made.onerror = done;
    made.href = link.href;
    document.head.append(made);
  })));
}

// Those that only the page before had go with it.
function undress(page) {
  const worn = new Set(sheets(page).map((link) => link.href));
  for (const link of sheets(document)) if (!worn.has(link.href)) link.remove();
}

const SAID = ["meta[name=description]", "meta[name=robots]", "link[rel=canonical]"];

function swap(page) {
  const root = document.documentElement;
  root.lang = page.documentElement.lang;
  root.dir = page.documentElement.dir;
  document.title = page.title;
  for (const what of SAID) {
    document.head.querySelector(what)?.remove();
    const said = page.head.querySelector(what);
    if (said) document.head.append(said);
  }
  const stays = kept();
  document.body.className = page.body.className;
  for (const node of [...document.body.childNodes]) if (node !== stays) node.remove();
  document.body.prepend(...page.body.childNodes);
  const known = new Set([...document.scripts].map((script) => script.src));
  for (const script of page.head.querySelectorAll("script[src]")) {
    if (known.has(script.src)) continue;
    const made = document.createElement("script");
    made.src = script.src;
    document.head.append(made);
  }
  window.htmx?.process(document.body);
  document.dispatchEvent(new Event("daily8:page"));
}

function settle(to, y) {
  const target = to.hash ? document.getElementById(fragment(to)) : null;
  if (target && target.tabIndex < 0) target.tabIndex = -1;
  (target ?? document.getElementById("content")).focus({ preventScroll: true });
  if (target) target.scrollIntoView();
  else scrollTo({ top: y, behavior: "instant" });
}

function fragment(to) {
  const raw = to.hash.slice(1);
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}
