"""The browser of the tests: an installed Chromium or Chrome, else Playwright's own, else Debian's.

Run as a script, it installs one where there is none.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)
DOWNLOAD_SECONDS = 300


def executable() -> str | None:
    """Return the path of a browser that Playwright can drive, or None when there is none."""
    installed = [found for name in NAMES if (found := shutil.which(name))]
    places = [place for place in (*PLACES, _playwrights_own()) if Path(place).is_file()]
    return next(iter([*installed, *places]), None)


def _playwrights_own() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def install() -> str | None:
    """Install a browser: Playwright's own, or as root on Debian its package; return its path."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        subprocess.run(command, timeout=DOWNLOAD_SECONDS)
    except subprocess.TimeoutExpired:
        sys.stderr.write("Playwright's browser could not be downloaded in time.\n")
    if executable() is None and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"])
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])
    return executable()


if __name__ == "__main__":
    if (executable() or install()) is None:
        sys.exit("The tests need a browser. Install Chromium or Chrome, then run them again.")
