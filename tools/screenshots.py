"""Take the pictures of ``docs/screens``: the demo's pages, phone and desktop, both directions, both themes.

    python -m tools.screenshots [--all]

Without ``--all`` only the few that the README and the documents show.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tools.chromium import launch

FOLDER = Path(__file__).parents[1] / "docs" / "screens"
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
PREFIXES = {"en": "", "ar": "/ar"}
SHOWN = {
    ("home", "en", "light", "desktop"),
    ("home", "ar", "dark", "phone"),
    ("article", "ar", "light", "desktop"),
    ("story", "en", "light", "desktop"),
    ("story", "ar", "dark", "phone"),
    ("article", "en", "dark", "phone"),
    ("source", "en", "light", "desktop"),
}


@contextmanager
def demo() -> Iterator[str]:
    """Run the demo on a folder of its own until its news and pictures are there; gives the address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DAILY8_DATA": folder}
        command = [sys.executable, "-m", "daily8", "run", "--demo", "--port", str(port)]
        service = subprocess.Popen(command, env=environment)
        try:
            _await_news(environment | {"DAILY8_DATA": f"{folder}/demo"})
            yield f"http://localhost:{port}"
        finally:
            service.terminate()
            service.wait(60)


def _await_news(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "daily8", "doctor", "--json"]
    for _ in range(60):
        time.sleep(3)
        answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if not answer.stdout:
            continue
        told = {f["subject"]: f["detail"] for f in json.loads(answer.stdout)["findings"]}
        idle = all(told.get(f"stage {stage}", "").startswith("0 due") for stage in ("page", "picture"))
        if idle and " 0 articles" not in told.get("sources", " 0 articles"):
            return
    raise SystemExit("The demo's news did not arrive within three minutes.")


def _first(address: str, page: str, mark: str) -> str:
    """Give the first link on a page that begins with a mark."""
    with urllib.request.urlopen(f"{address}{page}") as answer:
        text: str = answer.read().decode()
    start = text.index(f'href="{mark}') + 6
    return text[start : text.index('"', start)]


def _told_in_both(address: str) -> str:
    """Give the first story of the English front page that stands on the Arabic one, too."""
    found = []
    for page in ("/", "/ar/"):
        with urllib.request.urlopen(f"{address}{page}") as answer:
            found.append(re.findall(r"/stories/[0-9a-f]{32}", answer.read().decode()))
    return str(next(story for story in found[0] if story in found[1]))


def take(browser: Browser, address: str, wanted: set[tuple[str, str, str, str]]) -> None:
    """Take the wanted pictures: (page, locale, theme, size)."""
    for locale, prefix in PREFIXES.items():
        pages = {
            "home": f"{prefix}/",
            "article": _first(address, f"{prefix}/", f"{prefix}/article/"),
            "story": f"{prefix}{_told_in_both(address)}",
            "sources": f"{prefix}/sources",
            "source": _first(address, f"{prefix}/sources", f"{prefix}/source/"),
            "publisher": _first(address, f"{prefix}/", f"{prefix}/publisher/"),
            "sign-in": f"{prefix}/accounts/login/",
            "about": f"{prefix}/about",
        }
        for size, (width, height) in SIZES.items():
            for theme in ("light", "dark"):
                options: dict[str, Any] = {
                    "viewport": {"width": width, "height": height},
                    "color_scheme": theme,
                }
                context = browser.new_context(**options)
                for name, path in pages.items():
                    if (name, locale, theme, size) not in wanted:
                        continue
                    page = context.new_page()
                    page.goto(address + path, wait_until="networkidle")
                    page.screenshot(path=FOLDER / f"{name}-{locale}-{theme}-{size}.png")
                    page.close()
                context.close()


def main() -> None:
    """Take them."""
    parser = argparse.ArgumentParser(description="Take the pictures of docs/screens.")
    parser.add_argument("--all", action="store_true")
    every = {
        (page, locale, theme, size)
        for page in ("home", "story", "article", "sources", "source", "publisher", "sign-in", "about")
        for locale in PREFIXES
        for theme in ("light", "dark")
        for size in SIZES
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    with demo() as address, sync_playwright() as playwright:
        browser = launch(playwright)
        take(browser, address, every if parser.parse_args().all else SHOWN)
        browser.close()


if __name__ == "__main__":
    main()
