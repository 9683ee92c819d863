"""How fast the page is, compared with a floor app of one button and one chart, in one run.

    python tests/benchmarks/page.py [--rounds 21] [--only step,play]

Both are started as the README starts the page, and driven in one headless Chromium, in turns. What
counts is the picture: the SVG of the diagram, watched frame by frame from the click on. Medians.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from playground import BARE, NOTEBOOK, Playground  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from served import FLOOR, FLOOR_WITH_TORCH, PAGE, served  # noqa: E402

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DIAGRAM, CHART = ".st-key-diagram", ".st-key-chart"
DRAWN = f"() => document.querySelector('{DIAGRAM} .main-svg .shapelayer path')"
CHARTED = f"() => document.querySelector('{CHART} .main-svg .points path')"
SIZES = {"5-3-1": "", "32-64-16": "?sizes=32-64-16"}
TANH = "?sizes=2-4-2-1&hidden_activation=tanh&examples=250&batch_size=10&bias_rule=gradient"
CHANGED = "watch => watch.clicked && watch.frames.at(-1).changed"
PARTS = ("step", "phase", "play", "scrub", "pause", "thousand", "cold")


@dataclass(frozen=True)
class Row:
    """One line of the table; a goal in times the floor where there is a floor."""

    what: str
    value: float
    unit: str
    goal: float | None = None
    floor: float | None = None
    at_least: bool = False

    @property
    def reached(self):
        if self.goal is None:
            return ""
        reading = self.value if self.floor is None else self.value / self.floor
        good = reading >= self.goal if self.at_least else reading <= self.goal
        return "yes" if good else "NO"

    def __str__(self):
        floor, ratio = ("", "")
        if self.floor is not None:
            floor, ratio = f"{self.floor:.4g}", f"{self.value / self.floor:.2f}×"
        goal = ""
        if self.goal is not None:
            sign, unit = "≥" if self.at_least else "≤", self.unit if self.floor is None else "×"
            goal = f"{sign} {self.goal:g} {unit}"
        value = f"{self.value:.4g} {self.unit}"
        return f"{self.what:52} {value:>16} {floor:>8} {ratio:>7} {goal:>16}  {self.reached}"


HEADER = f"{'':52} {'measured':>16} {'floor':>8} {'ratio':>7} {'goal':>16}  reached"


class Visitor(Playground):
    """A visitor whose page is watched frame by frame."""

    def __init__(self, page, address):
        super().__init__(page, address)
        self.bytes = 0
        page.add_init_script(path=HERE / "watch.js")
        page.on("websocket", self._count)

    def _count(self, websocket):
        for event in ("framereceived", "framesent"):
            websocket.on(event, lambda payload: self._add(payload))

    def _add(self, payload):
        self.bytes += len(payload)

    def begin_watching(self, selector=DIAGRAM, *, compare=False):
        self.page.evaluate(
            "([selector, compare]) => watch.begin(selector, { compare })", [selector, compare]
        )

    def end_watching(self):
        return self.page.evaluate("() => watch.end()")

    def from_click(self, key, condition, selector=DIAGRAM):
        """Click a button; return how many ms later a frame satisfied a condition."""
        self.begin_watching(selector)
        self.page.evaluate(f"() => watch.want({condition})")
        self.click(key)
        found = self.page.evaluate("() => watch.found")
        self.end_watching()
        return found


@contextmanager
def visiting(chromium, server, query="", ready=DRAWN) -> Iterator[Visitor]:
    """Open a page in a new browser context, with nothing kept from before."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    visitor = Visitor(context.new_page(), server.address)
    visitor.page.goto(server.address + (query or NOTEBOOK))
    visitor.page.wait_for_function(ready)
    try:
        yield visitor
    finally:
        context.close()
    if visitor.faults:
        raise RuntimeError(f"The page complained: {visitor.faults}")


def step(chromium, page, floor, rounds):
    """From a click on Next epoch to the new picture, and the same for the floor app."""
    with visiting(chromium, floor, ready=CHARTED) as plain:
        for (sizes, query), goal in zip(SIZES.items(), (0.75, 2), strict=True):
            with visiting(chromium, page, query) as visitor:
                ours, theirs = [], []
                for _ in range(rounds + 3):
                    theirs.append(click_on_floor(plain))
                    ours.append(visitor.from_click("step_epoch", CHANGED))
                    visitor.settle()
                name = f"click on Next epoch → picture, {sizes}"
                yield Row(name, median(ours[3:]), "ms", goal, floor=median(theirs[3:]))


def phase(chromium, page, _floor, rounds):
    """From a click on Next phase to the new picture, in turns with a click on Next epoch."""
    for sizes in ("5-3-1", "4-6-3"):
        with visiting(chromium, page, f"?sizes={sizes}") as visitor:
            ours, theirs = [], []
            for number in range(rounds + 3):
                ours.append(visitor.from_click("step_phase", CHANGED))
                visitor.settle()
                if number % 3 == 2:  # of the phases, not always the first
                    theirs.append(visitor.from_click("step_epoch", CHANGED))
                    visitor.settle()
        name = f"click on Next phase → picture, {sizes}, × Next epoch"
        yield Row(name, median(ours[1:]), "ms", 1.2, floor=median(theirs))


def click_on_floor(plain):
    """Click the floor's button; return how many ms later its chart showed the new point."""
    clicks = "document.querySelector('.st-key-chart .js-plotly-plot')?.data?.[0].y[0]"
    before = plain.page.evaluate(f"() => {clicks}")
    drawn = f"watch => {clicks} === {before + 1} && ({CHARTED})()"
    found = plain.from_click("step", drawn, selector=CHART)
    plain.settle()
    return found


def play(chromium, page, _floor, rounds):
    """Painted epochs a second, bytes an epoch, and whether the picture was ever missing."""
    works = [
        ("5-3-1", "25 epochs/s", None, 3),
        ("5-3-1", "fastest", 25, 3),
        ("32-64-16", "25 epochs/s", None, 30),
        ("32-64-16", "fastest", 10, 30),
    ]
    for sizes, speed, rate_goal, bytes_goal in works:
        with visiting(chromium, page, SIZES[sizes]) as visitor:
            visitor.choose("speed", speed.partition("/")[0])
            visitor.click("play")
            visitor.wait_for_epoch(10)
            seen, size = watch_playing(visitor, rounds)
        painted, name = painted_epochs(seen["frames"]), f"{sizes} at {speed}"
        rate = statistics.median(a_second(painted, seen["frames"]))
        blank = sum(not frame["there"] for frame in seen["frames"])
        yield Row(f"painted epochs a second, {name}", rate, "/s", rate_goal, at_least=True)
        yield Row(f"bytes a painted epoch, {name}", size / len(painted) / 1e3, "kB", bytes_goal)
        yield Row(f"unmounts in {len(painted)} painted epochs", seen["unmounts"], "", 0)
        yield Row(f"blank ones among {len(seen['frames'])} frames", blank, "", 0)


def watch_playing(visitor, seconds):
    """Watch for some seconds and for 200 painted epochs; return what was seen, and the bytes."""
    before = visitor.bytes
    visitor.begin_watching()
    visitor.page.wait_for_timeout(1000 * seconds)
    counted = "() => new Set(watch.frames.filter(f => f.changed).map(f => f.epoch)).size > 200"
    visitor.page.wait_for_function(counted, polling=500, timeout=120_000)
    return visitor.end_watching(), visitor.bytes - before


def painted_epochs(frames):
    """Return the time of the first frame of every epoch for which the picture changed."""
    painted = {}
    for frame in frames:
        if frame["changed"]:
            painted.setdefault(frame["epoch"], frame["time"])
    return list(painted.values())


def a_second(times, frames):
    """Count times in each whole second of what was watched."""
    begun, ended = frames[0]["time"], frames[-1]["time"]
    counts = [0] * int((ended - begun) // 1000)
    for at in times:
        second = int((at - begun) // 1000)
        if second < len(counts):
            counts[second] += 1
    return counts


DRAG = """(seconds) => new Promise((done) => {
    const slider = document.querySelector(".timeline input"), begun = performance.now();
    const move = (now) => {
        const share = (now - begun) / 1000 / seconds;
        if (share > 1) return done();
        slider.value = Math.round(slider.max * (1 - share));
        slider.dispatchEvent(new Event("input"));
        requestAnimationFrame(move);
    };
    requestAnimationFrame(move);
})"""
PAST = 10_000  # epochs


def scrub(chromium, page, _floor, rounds):
    """Painted epochs a second while the slider goes over the whole past."""
    for (sizes, query), goal in zip(SIZES.items(), (15, 8), strict=True):
        with visiting(chromium, page, f"{query or NOTEBOOK}&steps={PAST}") as visitor:
            visitor.wait_for_epoch(PAST)
            visitor.settle()
            visitor.begin_watching()
            visitor.page.evaluate(DRAG, rounds)
            seen = visitor.end_watching()
        painted = painted_epochs(seen["frames"])
        rate = statistics.median(a_second(painted, seen["frames"]))
        name = f"painted epochs a second, the slider over {PAST} epochs, {sizes}"
        yield Row(name, rate, "/s", goal, at_least=True)


def pause(chromium, page, _floor, rounds):
    """From a click on Pause to the last frame that looks different from the one before."""
    for sizes, query in SIZES.items():
        with visiting(chromium, page, query) as visitor:
            visitor.choose("speed", "fastest")
            lasts = [last_change_after_pause(visitor) for _ in range(rounds)]
        yield Row(f"click on Pause → last change, {sizes} at fastest", median(lasts), "ms", 100)
        yield Row("  the longest of them", max(lasts), "ms")


def last_change_after_pause(visitor):
    """Play for a moment and pause; return how many ms after the click the picture last changed."""
    visitor.click("play")
    visitor.wait_for_epoch(visitor.epoch + 10)
    visitor.begin_watching(compare=True)
    visitor.click("play")
    visitor.page.wait_for_timeout(500)
    visitor.settle()
    seen = visitor.end_watching()
    changes = [frame["time"] for frame in seen["frames"] if frame["changed"]]
    return max(0, *(at - seen["clicked"] for at in changes)) if changes else 0


def thousand(chromium, page, _floor, rounds):
    """From a click on Play, at full speed, to epoch 1000 in the picture."""
    there = "watch => watch.clicked && watch.frames.at(-1).changed && watch.frames.at(-1).epoch"
    with visiting(chromium, page, TANH) as visitor:
        visitor.choose("speed", "fastest")
        spans = []
        for _ in range(rounds):
            spans.append(visitor.from_click("play", f"{there} >= 1000"))
            visitor.click("play")
            visitor.settle()
            visitor.click("reset")
            visitor.settle()
    yield Row("Play → epoch 1000, 2-4-2-1 tanh, 250 in tens", median(spans) / 1e3, "s", 2)


def cold(chromium, _page, _floor, rounds):
    """From the start of the server's process to the first picture in a fresh browser."""
    ours, theirs = [], []
    for _ in range(rounds):
        for app, ready, spans in ((FLOOR_WITH_TORCH, CHARTED, theirs), (PAGE, DRAWN, ours)):
            with served(app) as server, visiting(chromium, server, BARE, ready):
                spans.append(time.perf_counter() - server.begun)
    yield Row("cold start → first picture", median(ours), "s", 1.3, floor=median(theirs))


def median(values):
    return statistics.median(values)


def main():
    """Measure what is asked for, and print the table line by line."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=21, help="how often each is measured")
    arguments.add_argument("--only", default=",".join(PARTS), help="parts, by commas")
    chosen = arguments.parse_args()
    print(HEADER)
    with served(PAGE) as page, served(FLOOR) as floor, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for part in chosen.only.split(","):
            for row in globals()[part](chromium, page, floor, chosen.rounds):
                print(row, flush=True)
        chromium.close()


if __name__ == "__main__":
    main()
