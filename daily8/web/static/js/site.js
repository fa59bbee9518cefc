"use strict";
// Everything here is an addition: each page reads and works without it.

const root = document.documentElement;
let offer = null;

// What each page is given: when it is opened, and when it is turned to while something plays.
function furnish() {
  for (const button of document.querySelectorAll("[data-theme-switch]")) button.hidden = false;
  for (const button of document.querySelectorAll("[data-install]")) button.hidden = !offer;
  if (document.querySelector("[data-sound], .transcript")) wake();
}

// Light or dark: remembered in this browser, sent to nobody.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-switch]")) return;
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try {
    localStorage.setItem("daily8.theme", root.dataset.theme);
  } catch { /* it holds for this page */ }
});

// The player of sounds comes when a page has one, or when one was playing on the page before.
let player = null;
function wake() {
  const bar = document.getElementById("bar");
  if (bar) player ??= import(bar.dataset.script);
}
try {
  if (sessionStorage.getItem("daily8.playing")) wake();
} catch { /* nothing is remembered */ }

// A film comes from another site only after a click. The policy of our pages knows two players.
const players = ["https://www.youtube-nocookie.com/", "https://player.vimeo.com/"];

function frame(film) {
  if (!players.some((address) => film.dataset.frame.startsWith(address))) return null;
  const made = document.createElement("iframe");
  made.src = film.dataset.frame;
  made.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
  made.allowFullscreen = true;
  document.dispatchEvent(new Event("daily8:film"));
  return made;
}

function clip(film, at) {
  const made = document.createElement("video");
  if (film.dataset.stream && !made.canPlayType("application/vnd.apple.mpegurl")) return unable(film);
  made.controls = made.playsInline = true;
  made.poster = film.querySelector("img")?.currentSrc ?? "";
  made.addEventListener("error", () => { made.remove(); unable(film); });
  made.src = film.dataset.video ?? film.dataset.stream;
  if (at) made.currentTime = at;
  made.play().catch(() => { /* it waits for its own button */ });
  return made;
}

function unable(film) {
  film.querySelector(".film-play").hidden = true;
  film.querySelector(".film-unable").hidden = false;
  film.querySelector(".film-unable a").focus();
  return null;
}

function show(film, at = 0) {
  const made = film.dataset.frame ? frame(film) : clip(film, at);
  if (!made) return false;
  made.title = film.dataset.title;
  film.querySelector(".film-play").hidden = true;
  film.append(made);
  made.focus();
  return true;
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  const film = event.target.closest(".film-play")?.closest(".film");
  if (film) {
    event.preventDefault();
    if (!show(film) && film.dataset.frame) location.assign(event.target.closest("a").href);
  }
  // Chapters and lines of a film lead into it; those of a sound are the player's.
  const place = event.target.closest("a.place");
  const whole = document.querySelector(".story-player .film[data-video]");
  if (!place || !whole) return;
  event.preventDefault();
  const shown = whole.querySelector("video");
  if (shown) shown.currentTime = Number(place.dataset.at);
  else show(whole, Number(place.dataset.at));
});

// Menus close when something else is meant.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// "Load more": whoever used the keyboard goes on at the first new item.
document.addEventListener("htmx:beforeRequest", (event) => {
  const item = event.target.closest?.("li.more");
  if (item) item.parentElement.dataset.shown = item.parentElement.children.length - 1;
});
document.addEventListener("htmx:afterSwap", () => {
  for (const list of document.querySelectorAll("[data-shown]")) {
    list.children[Number(list.dataset.shown)]?.querySelector("a")?.focus({ preventScroll: true });
    delete list.dataset.shown;
  }
});

// The browser offers to install: the button stands only then.
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
  furnish();
});
document.addEventListener("click", (event) => {
  if (!offer || !event.target.closest("[data-install]")) return;
  offer.prompt();
  offer = null;
  furnish();
});

document.addEventListener("daily8:page", furnish);
furnish();
