"""Take the README's pictures of the example pages with a headless Chromium (test environment)."""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "reports" / "examples" / "gaps.zh-Hans.html"
SIZES = {"desktop": (1200, 1240), "phone": (390, 844)}


def main() -> None:
    """Write docs/images/gaps-desktop.png and gaps-phone.png."""
    out = ROOT / "docs" / "images"
    out.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (width, height) in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(PAGE.as_uri())
            page.screenshot(path=out / f"gaps-{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
