"""What must hold on every page: axe finds nothing, nothing is wider than the page, everything loaded is small.

Source: WCAG 2.2 AA and axe-core's best practices; WCAG 1.4.10 (reflow at 320 px). Each page is looked at in light and
in dark, at 1280 and at 320 px: all rules once in each scheme and at each width, and the colours in all four looks.
"""

from typing import Any, Literal, NamedTuple

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Frame, Page

from tests.browser.chromium import WINDOW

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"type": "tag", "values": TAGS}
COLOURS = {"type": "rule", "values": ["color-contrast"]}
LARGEST_ANSWER = 50_000  # bytes, of a page or of anything it loads


class Look(NamedTuple):
    """One way to look at a page, and the rules that are tried on it."""

    width: int
    scheme: Literal["light", "dark"]
    rules: dict[str, Any]


LOOKS = (
    Look(1280, "light", EVERYTHING),
    Look(1280, "dark", COLOURS),
    Look(320, "dark", EVERYTHING),
    Look(320, "light", COLOURS),
)
_LARGE = """most => performance.getEntries()
    .filter(one => one.decodedBodySize > most).map(one => `too large: ${one.name}: ${one.decodedBodySize} bytes`)"""
_WIDE = """() => {
    const root = document.scrollingElement, wide = root.scrollWidth - innerWidth;
    return wide > 0 ? [`wider than the window by ${wide} px`] : [];
}"""
_AXE = """async rules => {
    const found = await axe.run({ resultTypes: ["violations"], runOnly: rules });
    return found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${one.help}: ${node.html.slice(0, 200)}`));
}"""


def faults(page: Page, view: Frame | None = None) -> list[str]:
    """Everything that is wrong with this page, or with this frame of it, in words."""
    here = view or page
    here.wait_for_load_state()  # a heading can be seen before the style sheet has arrived
    here.evaluate(AXE_SCRIPT)
    found = list(here.evaluate(_LARGE, LARGEST_ANSWER))
    for look in LOOKS:
        page.set_viewport_size({"width": look.width, "height": WINDOW["height"]})
        page.emulate_media(color_scheme=look.scheme)
        seen = [*here.evaluate(_WIDE), *here.evaluate(_AXE, look.rules)]
        found += [f"{look.width} px, {look.scheme}: {one}" for one in seen]
    page.emulate_media(color_scheme="null")
    page.set_viewport_size(WINDOW)
    return [f"{here.title()}: {one}" for one in found]
