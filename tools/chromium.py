"""Find a Chromium to look at pages with: Playwright's own, else the distribution's."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Browser, Error, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


class NoChromium(Exception):
    """There is none; the text says how to get one."""


def launch(playwright: Playwright) -> Browser:
    """Start Chromium without a window.

    :raises NoChromium: where there is none.
    """
    arguments = ["--no-sandbox"] if os.getuid() == 0 else []
    try:
        return playwright.chromium.launch(args=arguments)
    except Error:
        for name in NAMES:
            if path := shutil.which(name):
                return playwright.chromium.launch(executable_path=path, args=arguments)
    raise NoChromium(
        "There is no Chromium: `make test` prepares one, or install it by hand "
        "(`.venv/bin/playwright install chromium`, or `apt-get install chromium`)."
    )
