"""Screenshots of the page: 13 states at six sizes, in light, in dark and with large type.

    python tests/screenshots.py FOLDER [--states xor,play] [--sizes 390x844] [--looks light,large]

Each picture is also measured: a text that overlaps another, that is cut off or that is too small
is printed. The browser tests measure a sample of the same states.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests" / "browser"), str(ROOT / "tests"), str(ROOT)]

from playground import Playground  # noqa: E402

# The last one is a window of 1280×800 at a zoom of 150 %.
SIZES = ((1280, 800), (1366, 768), (1920, 1080), (820, 1180), (390, 844), (853, 533))
LOOKS = ("light", "dark", "large")
MEASURE = (Path(__file__).with_name("text_boxes.js")).read_text(encoding="utf-8")
LEAST = 12.0  # px; letters are larger on a larger screen
LEAST_LARGE = 20.0  # px; with large type at 1920×1080


def least_type(width: int, *, large: bool) -> float:
    """Return the smallest allowed size of letters."""
    return LEAST_LARGE if large and width >= 1920 else LEAST


def faults_of(visitor: Playground, least: float = LEAST) -> list[str]:
    """Measure all texts that can be seen; return a sentence for each fault."""
    visitor.page.evaluate("() => document.fonts.ready")
    return visitor.page.evaluate(MEASURE, least)


def rest(visitor: Playground) -> None:
    """Leave the page as it opened."""


def trained(visitor: Playground) -> None:
    """Train a few epochs."""
    visitor.step(3)


def forward(visitor: Playground) -> None:
    """Show the first phase as numbers, as code and as matrices."""
    visitor.step_phase()
    visitor.show_views("One number", "Code", "Matrices")


def backward(visitor: Playground) -> None:
    """Show the way back through the hidden layer."""
    for _ in range(5):
        visitor.step_phase()


def update(visitor: Playground) -> None:
    """Show the update with old and new weights."""
    for _ in range(6):
        visitor.step_phase()
    visitor.show_views("One number", "Matrices")


def playing(visitor: Playground) -> None:
    """Play at full speed."""
    visitor.choose("speed", "fastest")
    visitor.click("play")
    visitor.wait_for_epoch(100)


def paused(visitor: Playground) -> None:
    """Play, and pause again."""
    playing(visitor)
    visitor.click("play")
    visitor.settle()


def panel(name: str) -> Callable[[Playground], None]:
    """Return what opens a panel after one epoch."""

    def show(visitor: Playground) -> None:
        visitor.step()
        visitor.show_panel(name)

    return show


def gallery(visitor: Playground) -> None:
    """Open the pictures of all data sets; on a phone the sidebar comes first."""
    if visitor.page.viewport_size["width"] < 500:
        visitor.page.locator("[data-testid=stExpandSidebarButton]").click()
    visitor.click("open_gallery")
    visitor.page.get_by_role("dialog").wait_for()


def view(visitor: Playground) -> None:
    """Open the popover View."""
    visitor.element("view", "button").click()
    visitor.settle()


# For each state: the address, and what is done there.
STATES: dict[str, tuple[str, Callable[[Playground], None]]] = {
    "greeting": ("?", rest),
    "start": ("?data=notebook", rest),
    "xor": ("?data=xor", trained),
    "forward": ("?data=xor", forward),
    "backward": ("?data=notebook", backward),
    "update": ("?data=xor", update),
    "play": ("?data=spiral", playing),
    "large_network": ("?sizes=64-64-64-64-64-64-64-16&examples=100", trained),
    "predict": ("?data=digits", panel("Predict")),
    "data": ("?data=iris", panel("Data and output")),
    "check": ("?data=notebook", panel("Gradient check")),
    "view": ("?data=circle", view),
    "gallery": ("?data=xor", gallery),
}
STILL_PLAYING = ("play",)


def set_large_type(visitor: Playground) -> None:
    """Switch to large type, as one does for a projector."""
    view(visitor)
    visitor.page.locator(".st-key-large_type label").click()
    visitor.settle()
    visitor.page.keyboard.press("Escape")
    visitor.page.locator("[data-testid=stPopoverBody]").wait_for(state="detached")


@contextmanager
def prepared(browser, address: str, state: str, size: tuple[int, int], look: str):
    """Open a page in a state, as a new visitor with a screen of this size."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if look == "dark" else "light",
        has_touch=width < 500,
        is_mobile=width < 500,
    )
    visitor = Playground(context.new_page(), address)
    visitor.page.emulate_media(reduced_motion="reduce")  # no colours half way to others
    query, act = STATES[state]
    visitor.open(query)
    if look == "large":
        set_large_type(visitor)
    act(visitor)
    if state not in STILL_PLAYING:
        visitor.settle()
    yield visitor
    context.close()


def pictures(browser, address: str, states, sizes, looks) -> Iterator[tuple[str, Playground]]:
    """Bring the page into each state, at each size; yield the name of the picture with the page.

    Light and dark share a page, and so do all sizes but the phone's.
    """
    for state in states:
        for large in (False, True):
            shown = [look for look in looks if (look == "large") == large]
            for group in ([s for s in sizes if s[0] >= 500], [s for s in sizes if s[0] < 500]):
                if not (shown and group):
                    continue
                with prepared(browser, address, state, group[0], shown[0]) as visitor:
                    for width, height in group:
                        visitor.page.set_viewport_size({"width": width, "height": height})
                        for look in shown:
                            scheme = "dark" if look == "dark" else "light"
                            visitor.page.emulate_media(color_scheme=scheme)
                            visitor.page.wait_for_timeout(700)
                            if state not in STILL_PLAYING:
                                visitor.settle()
                            yield f"{state}_{width}x{height}_{look}", visitor


def main() -> None:
    """Take the pictures that the command line names."""
    from conftest import CHROMIUM, FLAGS, serve
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--states", default=",".join(STATES))
    parser.add_argument("--sizes", default=",".join(f"{w}x{h}" for w, h in SIZES))
    parser.add_argument("--looks", default=",".join(LOOKS))
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    sizes = [tuple(map(int, size.split("x"))) for size in chosen.sizes.split(",")]
    with serve(ROOT) as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        choice = chosen.states.split(","), sizes, chosen.looks.split(",")
        for name, visitor in pictures(browser, address, *choice):
            visitor.page.screenshot(path=chosen.folder / f"{name}.png")
            width = visitor.page.viewport_size["width"]
            for fault in faults_of(visitor, least_type(width, large=name.endswith("large"))):
                print(f"{name}: {fault}", flush=True)
            for fault in visitor.faults:
                print(f"{name}: {fault}", flush=True)


if __name__ == "__main__":
    main()
