"""How many can use the page at once: sessions over real websockets, each stepping once a second.

    python tests/benchmarks/classroom.py [--seconds 30] [--long] [--memory]

The server is the real page and has two cores; the pupils share the second one with it. A step
counts when the stage has brought the next epoch, and is answered when the server's run has ended.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from benchmarks.pupils import Pupil  # noqa: E402
from benchmarks.served import PAGE, served  # noqa: E402
from websocket_client import visiting  # noqa: E402

MEMORY = 690  # megabytes; the least that Streamlit Community Cloud documents for an app
PROMPT = 0.3  # seconds
CORES = sorted(os.sched_getaffinity(0))[:2]
LONG = 10_000  # steps
LESSON, LEFT, ONE = 600, 400, 450  # megabytes at the most, of a lesson and of single visits
AWAY = 60  # seconds after which a visitor who has left counts as gone
LARGEST = "sizes=64-64-64-64-64-64-64-16&examples=10000"
LARGEST_SHOWN = f"{LARGEST}&batch_size=1795"
FLAT = 1.05  # times the memory after a tenth of them


@dataclass
class Report:
    """How the page answered one pupil."""

    spans: list[float] = field(default_factory=list)
    pictures: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def step(pupil, report, epoch):
    """Step once; make sure that the next epoch came."""
    try:
        answer = await pupil.click("step_epoch")
        if answer.epoch != epoch:
            raise RuntimeError(f"Epoch {answer.epoch} came instead of {epoch}.")
    except Exception as error:
        report.errors.append(f"{type(error).__name__}: {error}")
        raise
    report.spans.append(answer.seconds)
    report.pictures.append(answer.picture)


async def keep_stepping(pupil, begun, ended):
    """Step once a second, or as soon as the step before is answered, where that is later."""
    report, due = Report(), begun
    try:
        while time.perf_counter() < ended:
            await asyncio.sleep(max(0, due - time.perf_counter()))
            await step(pupil, report, epoch=len(report.spans) + 1)
            due = max(due + 1, time.perf_counter())
    except Exception as error:
        report.errors = report.errors or [str(error)]
    return report


async def keep_playing(pupil, ended):
    """Play at full speed, asking for more at once; return the epochs reached."""
    answer = await pupil.click("play", speed="fastest")
    while time.perf_counter() < ended:
        answer = await pupil.more(answer.epoch)
    return answer.epoch


async def lesson(server, stepping, playing, seconds):
    """Let some step and some play; return the reports of the first, the epochs of the others."""
    pupils = [await Pupil.arrive(server) for _ in range(stepping + playing)]
    chance, now = random.Random(0), time.perf_counter() + 1
    works = [keep_stepping(one, now + chance.random(), now + seconds) for one in pupils[:stepping]]
    works += [keep_playing(one, now + seconds) for one in pupils[stepping:]]
    results = await asyncio.gather(*works)
    for pupil in pupils:
        await pupil.leave()
    return results[:stepping], results[stepping:]


def show(name, server, reports, epochs, seconds):
    """Print a lesson's line."""
    spans = sorted(span for report in reports for span in report.spans)
    pictures = [picture for report in reports for picture in report.pictures]
    steps = [len(report.spans) for report in reports]
    prompt = sum(span <= PROMPT for span in spans) / len(spans)
    errors = [error for report in reports for error in report.errors]
    print(
        f"{name:28} {100 * prompt:8.1f} % {1000 * statistics.median(spans):8.0f} "
        f"{1000 * spans[int(0.95 * len(spans))]:8.0f} {1000 * statistics.median(pictures):8.0f} "
        f"{len(spans) / seconds:8.1f} {min(steps):5} –{max(steps):3} "
        f"{len(errors):7} {server.memory_at_most():8.0f}",
        flush=True,
    )
    for error in errors[:3]:
        print("   ", error)
    for reached in epochs:
        print(f"    the one who played reached epoch {reached}")


HEADER = (
    f"{'':28} {'≤ 300 ms':>10} {'median':>8} {'95 %':>8} {'picture':>8} {'steps/s':>8} "
    f"{'each':>10} {'errors':>7} {'MB':>8}"
)


def lessons(seconds):
    """Hold some lessons, each at a server of its own, and print how they went."""
    print(HEADER)
    for stepping, playing in ((1, 0), (30, 0), (29, 1), (20, 10), (60, 0)):
        with served(PAGE, CORES) as server:
            reports, epochs = asyncio.run(lesson(server, stepping, playing, seconds))
            name = f"{stepping} stepping" + (f", {playing} playing" if playing else "")
            show(name, server, reports, epochs, seconds)
    print(
        f"goals: 30 stepping: 95 % within {1000 * PROMPT:.0f} ms and at most {MEMORY} MB; "
        "60 stepping: no error, and nobody much behind the others; 29 and 1: as 30."
    )


async def long_lesson(server, steps):
    """Step many times in one session; print the memory on the way."""
    pupil, report = await Pupil.arrive(server), Report()
    for epoch in range(1, steps + 1):
        await step(pupil, report, epoch)
        if epoch == steps // 10:
            early = server.memory()
        if epoch % (steps // 10) == 0:
            print(f"{epoch:8} steps {server.memory():8.1f} MB", flush=True)
    await pupil.leave()
    ratio = server.memory() / early
    verdict = "yes" if ratio <= FLAT else "NO"
    print(
        f"memory at the end: {ratio:.2f}× that after {steps // 10} steps, goal {FLAT}×: {verdict}"
    )


def digits_with_everything_open(server):
    """Thirty pupils on the digits: a phase, maps, and then the gradient check of all at once."""
    with ExitStack() as visits, ThreadPoolExecutor(30) as pupils:
        everybody = [
            visits.enter_context(visiting(server.address, "data=digits")) for _ in range(30)
        ]
        yield "30 pupils on the digits", LESSON
        for deed in (
            {"step_epoch": True}, {"step_phase": True}, {"view": True},
            {"show_map": True}, {"show_in_neurons": True},
        ):  # fmt: skip
            list(pupils.map(lambda pupil, deed=deed: pupil.do(**deed), everybody))
        yield "  a phase and maps", LESSON
        list(pupils.map(lambda pupil: pupil.do(panel=["Gradient check"]), everybody))
        list(pupils.map(lambda pupil: pupil.wait_for_work(), everybody))
        yield "  all open the gradient check", LESSON
        list(pupils.map(lambda pupil: pupil.click("step_epoch"), everybody))
        yield "  and step once more", LESSON


def spiral_visits_that_left(server):
    """Two hundred visits to the spiral, one after the other, and a while after the last."""
    for _ in range(200):
        with visiting(server.address, "data=spiral") as pupil:
            pupil.click("step_epoch")
    yield "200 spiral visits that left", LEFT
    time.sleep(AWAY)
    with visiting(server.address) as pupil:
        pupil.click("step_epoch")
    yield f"  {AWAY} s later", LEFT


def the_largest_visitor(server):
    """One visitor of the largest run that the page shows, who steps, plays and looks.

    Before that somebody asks for more than the page shows, and gets a sentence.
    """
    with visiting(server.address, LARGEST) as pupil:
        assert any("batch_size must be" in text for text in pupil.page.texts("alert"))
        yield "more than the page shows", ONE
    with visiting(server.address, LARGEST_SHOWN) as pupil:
        yield "the largest visitor", ONE
        for deed in ({"step_epoch": True}, {"step_phase": True}, {"panel": ["Gradient check"]}):
            pupil.do(**deed)
            pupil.wait_for_work()
        yield "  a step, a phase, the check", ONE
        pupil.do(speed="fastest", play=True)
        pupil.until(lambda page: int(page.readings["epoch"]) >= 30, 600, playing=True)
        yield "  plays to epoch 30", ONE


def memory():
    """Print what the server holds after each part of a lesson, and the most it has ever held."""
    print(f"{'':36} {'RSS':>8} {'peak':>8} {'goal':>8} MB")
    for part in (digits_with_everything_open, spiral_visits_that_left, the_largest_visitor):
        with served(PAGE, CORES) as server:
            for name, goal in part(server):
                now, most = server.memory(), server.memory_at_most()
                verdict = "yes" if most <= goal else "NO"
                print(f"{name:36} {now:8.0f} {most:8.0f} {goal:8} {verdict}", flush=True)


def main():
    """Hold the lessons that are asked for."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seconds", type=int, default=30, help="how long a lesson takes")
    arguments.add_argument("--long", action="store_true", help="10,000 steps of one instead")
    arguments.add_argument("--memory", action="store_true", help="what is held, instead of speed")
    chosen = arguments.parse_args()
    if chosen.memory:
        return memory()
    os.sched_setaffinity(0, CORES[-1:])
    if not chosen.long:
        return lessons(chosen.seconds)
    with served(PAGE, CORES) as server:
        asyncio.run(long_lesson(server, LONG))


if __name__ == "__main__":
    main()
