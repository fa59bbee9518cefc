// The player of sounds: a bar at the foot of the page. The sound itself lives here, outside of every page, and
// goes on while pages are turned. Where it was is remembered in this browser, and sent to nobody.

const PLACES = "daily8.places";
const PLAYING = "daily8.playing";
const SPEED = "daily8.speed";
const MOST_PLACES = 60;
const ENDED = 10;

const audio = new Audio();
audio.preload = "none";
const others = "BroadcastChannel" in window ? new BroadcastChannel("daily8.sound") : null;
let episode = null;
let bar = null;
let loaded = false;
let wanted = 0;
let sheet = "";
let turning = null;

const find = (name) => bar.querySelector(name);
const now = () => (loaded ? audio.currentTime : wanted);
const whole = () => (loaded && Number.isFinite(audio.duration) ? audio.duration : episode?.length ?? 0);

// What is remembered

function recall(store, key) {
  try {
    return JSON.parse(store.getItem(key));
  } catch {
    return null;
  }
}

function remember(store, key, value) {
  try {
    if (value === null) store.removeItem(key);
    else store.setItem(key, JSON.stringify(value));
  } catch { /* it holds for this page */ }
}

function mark() {
  if (!episode) return;
  const places = recall(localStorage, PLACES) ?? {};
  const over = whole() > 0 && whole() - now() < ENDED;
  delete places[episode.key];
  if (!over && now() > 5) places[episode.key] = [Math.floor(now()), Date.now()];
  const newest = Object.entries(places).sort((a, b) => b[1][1] - a[1][1]).slice(0, MOST_PLACES);
  remember(localStorage, PLACES, Object.fromEntries(newest));
  const { lines, ...short } = episode;
  remember(sessionStorage, PLAYING, { ...short, said: lines.length > 0 || episode.said, at: now(), going: !audio.paused });
}

// What a page says of an episode

function read(card, page = document) {
  const told = card.dataset;
  const own = card.closest(".story-player, .story-media") !== null;
  const places = own ? [...page.querySelectorAll(".chapters li")] : [];
  return {
    key: told.key,
    source: told.sound,
    title: told.title,
    publisher: told.publisher,
    page: told.page,
    language: told.language,
    picture: told.picture ?? "",
    length: Number(told.length ?? 0),
    chapters: places.map((row) => ({
      at: Number(row.querySelector(".place").dataset.at),
      text: row.querySelector(".chapter-title").textContent,
    })),
    lines: own ? lines(page) : [],
  };
}

function lines(page) {
  return [...page.querySelectorAll(".line[data-from]")].map((row) => ({
    at: Number(row.dataset.from),
    text: row.querySelector(".line-text").textContent,
  }));
}

function clock(seconds) {
  const left = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const text = left >= 3600
    ? `${Math.floor(left / 3600)}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`
    : `${Math.floor(left / 60)}:${two(left % 60)}`;
  return text.replace(/\d/g, (digit) => bar.dataset.digits[digit]);
}

// Playing

function open(next, at) {
  if (episode && episode.key !== next.key) mark();
  if (episode?.key !== next.key) {
    audio.pause();
    loaded = false;
    sheet = "";
    wanted = at ?? (recall(localStorage, PLACES) ?? {})[next.key]?.[0] ?? 0;
  } else if (at !== undefined) {
    seek(at);
  }
  episode = next;
  build();
  // Once: after a deployment the next page names another address of it, and two would turn each page twice.
  turning ??= import(document.getElementById("bar").dataset.turning).then((found) => found.begin(() => bar));
}

function load() {
  if (loaded) return;
  audio.src = episode.source;
  audio.playbackRate = audio.defaultPlaybackRate = Number(recall(localStorage, SPEED) ?? 1);
  audio.currentTime = wanted;
  loaded = true;
}

function play() {
  load();
  others?.postMessage(episode.key);
  for (const film of document.querySelectorAll("video")) film.pause();
  say("");
  return audio.play().catch((error) => {
    if (error.name === "NotAllowedError") say(find(".bar-state").dataset.wait);
    draw();
  });
}

function toggle() {
  if (audio.paused) play();
  else audio.pause();
}

function seek(to) {
  const most = whole() || Infinity;
  const at = Math.min(Math.max(0, to), most);
  if (loaded) audio.currentTime = at;
  else wanted = at;
  draw();
}

function close() {
  mark();
  audio.pause();
  audio.removeAttribute("src");
  audio.load();
  loaded = false;
  sheet = "";
  remember(sessionStorage, PLAYING, null);
  const key = episode.key;
  episode = null;
  bar.remove();
  bar = null;
  document.documentElement.classList.remove("has-bar");
  if (navigator.mediaSession) navigator.mediaSession.metadata = null;
  furnish();
  document.querySelector(`[data-key="${CSS.escape(key)}"] .listen-play, #content`)?.focus({ preventScroll: true });
}

// The bar

function build() {
  const focused = bar?.contains(document.activeElement) ? document.activeElement.dataset.do : null;
  bar?.remove();
  bar = document.getElementById("bar").content.firstElementChild.cloneNode(true);
  document.body.append(bar);
  document.documentElement.classList.add("has-bar");
  const title = find(".bar-title");
  title.textContent = episode.title;
  title.href = episode.page;
  title.lang = episode.language;
  title.dir = "auto";
  find(".bar-speed").value = String(recall(localStorage, SPEED) ?? 1);
  find("[data-do=chapters]").hidden = episode.chapters.length === 0;
  find("[data-do=lines]").hidden = episode.lines.length === 0 && !episode.said;
  bar.addEventListener("click", pressed);
  bar.addEventListener("keydown", keyed);
  find(".bar-slider").addEventListener("input", (event) => seek(Number(event.target.value)));
  find(".bar-speed").addEventListener("change", (event) => {
    audio.playbackRate = audio.defaultPlaybackRate = Number(event.target.value);
    remember(localStorage, SPEED, Number(event.target.value));
    draw();
  });
  if (sheet && !find(`[data-do="${sheet}"]`).hidden) unfold(sheet, true);
  if (focused) find(`[data-do="${focused}"]`)?.focus();
  tell();
  draw();
}

const ACTS = {
  play: toggle,
  back: () => seek(now() - 15),
  ahead: () => seek(now() + 30),
  chapters: () => unfold("chapters"),
  lines: () => unfold("lines"),
  close,
};

function pressed(event) {
  const button = event.target.closest("button");
  if (button?.dataset.at) {
    seek(Number(button.dataset.at));
    play();
  } else if (button) {
    ACTS[button.dataset.do]?.();
  }
}

function keyed(event) {
  if (event.key === "Escape" && sheet) {
    const name = sheet;
    unfold(name);
    find(`[data-do="${name}"]`).focus();
  }
  if (!event.target.matches(".bar-slider")) return;
  // A second is too little for a key: an arrow means five, a page a minute.
  const turned = getComputedStyle(bar).direction === "rtl" ? -1 : 1;
  const steps = { ArrowRight: 5 * turned, ArrowLeft: -5 * turned, ArrowUp: 5, ArrowDown: -5, PageUp: 60, PageDown: -60 };
  if (!(event.key in steps)) return;
  event.preventDefault();
  seek(now() + steps[event.key]);
}

async function unfold(name, again = false) {
  const folded = find(".bar-sheet");
  sheet = sheet === name && !again ? "" : name;
  for (const other of ["chapters", "lines"]) {
    find(`[data-do="${other}"]`).setAttribute("aria-expanded", String(sheet === other));
  }
  folded.hidden = !sheet;
  folded.replaceChildren();
  if (!sheet) return;
  if (sheet === "lines" && episode.lines.length === 0) await fetchLines();
  if (!bar || sheet !== name) return;
  const list = document.createElement("ol");
  list.className = `bar-list bar-${sheet}`;
  list.setAttribute("role", "list");
  for (const row of episode[sheet]) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const time = document.createElement("span");
    const text = document.createElement("span");
    button.type = "button";
    button.dataset.at = row.at;
    time.className = "bar-at";
    time.textContent = clock(row.at);
    text.textContent = row.text;
    text.dir = "auto";
    text.lang = episode.language;
    button.append(time, text);
    item.append(button);
    list.append(item);
  }
  folded.replaceChildren(list);
  draw();
}

// After a page was left for good its transcript is read again from the episode's own page.
async function fetchLines() {
  try {
    const answer = await fetch(episode.page, { headers: { Accept: "text/html" } });
    episode.lines = lines(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch { /* the page of the episode has it */ }
}

function draw() {
  furnish();
  if (!bar) return;
  const at = now();
  const length = whole();
  const button = find(".bar-play");
  const label = audio.paused ? button.dataset.play : button.dataset.pause;
  if (button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
  bar.classList.toggle("is-playing", !audio.paused);
  find(".bar-now").textContent = clock(at);
  find(".bar-whole").textContent = length ? clock(length) : "";
  const slider = find(".bar-slider");
  slider.max = Math.max(1, Math.floor(length));
  slider.value = Math.floor(at);
  slider.disabled = !length;
  const words = slider.dataset.of.replace("{now}", clock(at)).replace("{whole}", clock(length));
  slider.setAttribute("aria-valuetext", words);
  find(".bar-line").textContent = current(episode.chapters, at)?.text ?? episode.publisher;
  light(find(".bar-sheet"), "button[data-at]", "at", at, true);
  const shown = document.querySelector(`.listen[data-key="${CSS.escape(episode.key)}"]`);
  if (shown?.closest(".story-player, .story-media")) light(document.querySelector(".lines"), ".line[data-from]", "from", at, false);
}

function current(rows, at) {
  return rows.findLast?.((row) => row.at <= at + 0.2);
}

// The row that is being said stands out; in the sheet it is kept in sight.
function light(place, rows, name, at, follow) {
  if (!place) return;
  const all = [...place.querySelectorAll(rows)];
  const row = all.findLast?.((one) => Number(one.dataset[name]) <= at + 0.2);
  const before = place.querySelector("[aria-current]");
  if (before === row) return;
  before?.removeAttribute("aria-current");
  row?.setAttribute("aria-current", "true");
  if (!row || !follow) return;
  const box = row.closest(".bar-sheet");
  box.scrollTop = row.offsetTop - box.clientHeight / 3;
}

function say(text) {
  if (bar) find(".bar-state").textContent = text;
}

// What the lock screen and the keys of a keyboard know

function tell() {
  const session = navigator.mediaSession;
  if (!session) return;
  const artwork = episode.picture ? [{ src: new URL(episode.picture, location.href).href, type: "image/webp" }] : [];
  session.metadata = new MediaMetadata({ title: episode.title, artist: episode.publisher, artwork });
  const acts = {
    play,
    pause: () => audio.pause(),
    stop: close,
    seekbackward: (act) => seek(now() - (act.seekOffset ?? 15)),
    seekforward: (act) => seek(now() + (act.seekOffset ?? 30)),
    seekto: (act) => seek(act.seekTime),
  };
  for (const [name, act] of Object.entries(acts)) {
    try {
      session.setActionHandler(name, act);
    } catch { /* this browser knows no such key */ }
  }
}

function position() {
  if (!navigator.mediaSession?.setPositionState || !loaded || !Number.isFinite(audio.duration)) return;
  const state = { duration: audio.duration, playbackRate: audio.playbackRate, position: Math.min(now(), audio.duration) };
  navigator.mediaSession.setPositionState(state);
}

// Cards and places on pages

function furnish() {
  for (const card of document.querySelectorAll("[data-sound]")) {
    let button = card.querySelector(".listen-play");
    if (button.tagName === "A") {
      const made = document.createElement("button");
      made.type = "button";
      made.className = button.className;
      Object.assign(made.dataset, button.dataset);
      made.append(...button.childNodes);
      button.replaceWith(made);
      button = made;
    }
    const going = episode?.key === card.dataset.key && !audio.paused;
    card.classList.toggle("is-playing", going);
    const word = button.querySelector("span");
    const text = going ? button.dataset.pause : button.dataset.play;
    if (word.textContent !== text) word.textContent = text;
  }
  const search = document.querySelector(".transcript-find[hidden]");
  if (search) search.hidden = false;
}

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("button.listen-play");
  if (pressed) {
    const card = pressed.closest("[data-sound]");
    const same = episode?.key === card.dataset.key;
    if (!same) open(read(card));
    if (same) toggle();
    else play();
    return;
  }
  const place = event.target.closest("a.place");
  const card = document.querySelector(":is(.story-player, .story-media) [data-sound]");
  if (!place || !card || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  open(read(card), Number(place.dataset.at));
  play();
}, true);

// Finding words in a transcript
document.addEventListener("input", (event) => {
  const field = event.target.closest(".transcript-find input");
  if (!field) return;
  const words = field.value.trim().toLocaleLowerCase();
  const found = document.querySelector(".transcript-found");
  let shown = 0;
  for (const line of document.querySelectorAll(".line")) {
    line.hidden = words !== "" && !line.textContent.toLocaleLowerCase().includes(words);
    if (!line.hidden) shown += 1;
  }
  found.textContent = shown ? "" : found.dataset.none;
});

for (const name of ["play", "pause", "seeked", "durationchange", "timeupdate", "ended"]) {
  audio.addEventListener(name, draw);
}
for (const name of ["play", "pause", "seeked", "ratechange", "durationchange"]) audio.addEventListener(name, position);
for (const name of ["pause", "seeked", "ended"]) audio.addEventListener(name, mark);
audio.addEventListener("error", () => {
  if (!loaded) return;
  wanted = audio.currentTime || wanted;
  loaded = false;
  audio.pause();
  if (bar) say(find(".bar-state").dataset.error);
  draw();
});
setInterval(() => { if (!audio.paused) mark(); }, 5000);
addEventListener("pagehide", () => { if (episode) mark(); });
others?.addEventListener("message", () => audio.pause());
document.addEventListener("daily8:film", () => audio.pause());
document.addEventListener("play", (event) => { if (event.target.tagName === "VIDEO") audio.pause(); }, true);
document.addEventListener("daily8:page", () => {
  if (!bar) return furnish();
  if (bar.lang !== document.documentElement.lang) build();
  else draw();
  find(".bar-said").textContent = document.title;
});

const before = recall(sessionStorage, PLAYING);
if (before) {
  open({ ...before, lines: [] }, before.at);
  if (before.going) play();
}
furnish();
