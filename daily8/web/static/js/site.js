"use strict";
// Everything here is an addition: each page reads and works without it.

const root = document.documentElement;

// Light or dark: remembered in this browser, sent to nobody.
for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem("daily8.theme", root.dataset.theme);
    } catch { /* it holds for this page */ }
  });
}

// A film comes from another site only after a click. The policy of our pages knows two players.
const players = ["https://www.youtube-nocookie.com/", "https://player.vimeo.com/"];
document.addEventListener("click", (event) => {
  const link = event.target.closest(".film-play");
  const film = link?.closest("[data-frame]");
  if (!film || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  if (!players.some((player) => film.dataset.frame.startsWith(player))) return;
  event.preventDefault();
  const frame = document.createElement("iframe");
  frame.src = film.dataset.frame;
  frame.title = film.dataset.title;
  frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
  frame.allowFullscreen = true;
  film.replaceChildren(frame);
  frame.focus();
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
addEventListener("beforeinstallprompt", (offer) => {
  offer.preventDefault();
  for (const button of document.querySelectorAll("[data-install]")) {
    button.hidden = false;
    button.onclick = () => {
      offer.prompt();
      button.hidden = true;
    };
  }
});
