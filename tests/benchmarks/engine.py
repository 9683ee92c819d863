"""How fast the engine trains, compared with idiomatic PyTorch and the notebook, in one run.

    python tests/benchmarks/engine.py

Everything is measured in turns, several times, and the medians are compared. Both sides train the
same network on the same data, continue from their last epoch, and compute the loss on all examples
once an epoch. First a check makes sure that they give the same numbers. The engine is measured as
the page calls it, with `advance`, which also records the parameters of every epoch.
"""

import math
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS)]

import idiomatic  # noqa: E402
import torch  # noqa: E402
import unrolled  # noqa: E402
from the_notebook import the_notebook  # noqa: E402

from nets import Config, advance, advance_many, start, with_learning_rate  # noqa: E402
from nets.presets import PRESETS  # noqa: E402
from nets.training import history, program  # noqa: E402
from nets.training.batches import order_of  # noqa: E402

ROUNDS = 21


@dataclass(frozen=True)
class Work:
    """Something to train, and how many times faster than idiomatic PyTorch it should be."""

    name: str
    config: Config
    epochs: int
    notebook_goal: float | None
    gradient_goal: float

    @property
    def updates(self):
        return math.ceil(self.config.examples / (self.config.batch_size or self.config.examples))


def config(sizes, examples, learning_rate, **more):
    return Config(sizes=sizes, examples=examples, learning_rate=learning_rate, **more)


TANH = {"hidden_activation": "tanh", "output_activation": "tanh", "batch_size": 10}
WORKS = [
    Work("5-3-1, one example", config((5, 3, 1), 1, 0.1), 500, 12, 28),
    Work("2-4-2-1 tanh, 250, batch 10", config((2, 4, 2, 1), 250, 0.01, **TANH), 20, None, 24),
    Work("5-3-1, 1000 examples", config((5, 3, 1), 1000, 1e-3), 200, 5, 14),
    Work("32-64-16, 1000 examples", config((32, 64, 16), 1000, 1e-3), 50, 1.6, 2),
    Work(
        "64-256-10, 10,000, batch 64",
        config((64, 256, 10), 10_000, 1e-3, batch_size=64),
        1,
        None,
        3.3,
    ),
]


def with_rule(run, rule):
    """Return a run at epoch 0 with another bias rule."""
    return start(replace(run.config, bias_rule=rule), data=run.data, network=run.network)


def check(work):
    """Make sure that engine, idiomatic PyTorch and notebook train the same, or stop."""
    epochs = min(work.epochs, 50)
    chosen, run = work.config, with_rule(start(work.config), "gradient")
    model = idiomatic.model_of(run.network)
    idiomatic.train(
        model,
        run.data,
        epochs,
        chosen.learning_rate,
        chosen.batch_size,
        lambda epoch: order_of(chosen.examples, epoch, chosen.seed),
    )
    layers = advance(run, epochs).network.layers
    ours = [part for layer in layers for part in (layer.weights.t(), layer.biases[0])]
    torch.testing.assert_close(ours, [*model.parameters()], rtol=1e-3, atol=1e-4)
    if work.notebook_goal:
        rate, sizes = chosen.learning_rate, chosen.sizes
        by_notebook = the_notebook(chosen.seed, sizes, chosen.examples, epochs, rate)
        first, last = advance(start(chosen), epochs).network.layers
        assert torch.equal(first.weights, by_notebook["w1"])
        assert torch.equal(last.biases, by_notebook["b2"])


def medians(contestants: dict[str, Callable[[], object]], per: float) -> dict[str, float]:
    """Time each in turns; return the medians in µs, divided by `per`."""
    times = {name: [] for name in contestants}
    for _ in range(ROUNDS):
        for name, go in contestants.items():
            begun = time.perf_counter()
            go()
            times[name].append(time.perf_counter() - begun)
    return {name: statistics.median(spans) * 1e6 / per for name, spans in times.items()}


def continued(run, epochs):
    """Return a function that continues a run by some epochs at every call."""
    latest = [run]

    def go():
        latest.append(advance(latest.pop(), epochs))

    return go


def without_recorder(go):
    """Return what does the same with the recorder off."""

    def plainly():
        program.ENABLED = False
        go()
        program.ENABLED = True

    return plainly


def measure(work):
    """Return µs a parameter update, by name of contestant."""
    chosen, run = work.config, start(work.config)
    model = idiomatic.model_of(run.network)
    contestants = {
        "idiomatic": lambda: idiomatic.train(
            model,
            run.data,
            work.epochs,
            chosen.learning_rate,
            chosen.batch_size,
            lambda epoch: torch.randperm(chosen.examples),
        ),
        "gradient": continued(with_rule(run, "gradient"), work.epochs),
        "off": without_recorder(continued(with_rule(run, "gradient"), work.epochs)),
    }
    if work.notebook_goal:
        contestants["lines"] = lambda: the_notebook(
            chosen.seed, chosen.sizes, chosen.examples, work.epochs, chosen.learning_rate
        )
        contestants["notebook"] = continued(run, work.epochs)
    return medians(contestants, work.epochs * work.updates)


def row(work, times):
    """Write one line of the table."""
    cells = [f"{work.name:28}", f"{times['idiomatic']:10.1f}"]
    for name, goal in (("lines", None), ("notebook", work.notebook_goal), ("gradient", None)):
        goal = work.gradient_goal if name == "gradient" else goal
        if name not in times:
            cells.append(" " * (10 if name == "lines" else 23))
            continue
        cells.append(f"{times[name]:10.1f}")
        if goal:
            cells.append(f"{times['idiomatic'] / times[name]:6.1f}×" + f"{goal:5g}×")
    return " ".join([*cells, f"{times['off']:10.1f}"])


def table():
    """Print the engine and the others for all works."""
    print("µs a parameter update; × as fast as idiomatic PyTorch, and the goal")
    print(
        f"{'':28} {'idiomatic':>10} {'notebook':>10} {'notebook rule':>23} {'gradient rule':>23} "
        f"{'rec. off':>10}"
    )
    for work in WORKS:
        check(work)
        print(row(work, measure(work)), flush=True)


def limit():
    """Print the first work compared with the same calls written out for it alone."""
    run, epochs = with_rule(start(WORKS[0].config), "gradient"), WORKS[0].epochs
    rate = run.learning_rate
    losses, parameters = unrolled.train(run.network, run.data, epochs, rate)
    ours = advance(run, epochs)
    torch.testing.assert_close(ours.network.parameters, parameters)
    torch.testing.assert_close(ours.history.loss[1:], losses)
    model = idiomatic.model_of(run.network)
    contestants = {
        "idiomatic": lambda: idiomatic.train(model, run.data, epochs, rate),
        "unrolled": lambda: unrolled.train(run.network, run.data, epochs, rate),
        "ours": continued(run, epochs),
    }
    times = medians(contestants, epochs)
    print(
        f"\n5-3-1, one example, every call written out: {times['unrolled']:.1f} µs, "
        f"{times['idiomatic'] / times['unrolled']:.1f}× idiomatic; the engine {times['ours']:.1f} "
        f"µs, {times['ours'] / times['unrolled']:.2f} of that"
    )


def recording():
    """Print what it costs to keep every epoch's parameters, on the first work."""
    run, epochs, room = with_rule(start(WORKS[0].config), "gradient"), 1000, history.KEPT_NUMBERS

    def with_room(numbers):
        history.KEPT_NUMBERS = numbers
        advance(run, epochs)
        history.KEPT_NUMBERS = room

    times = medians({"kept": lambda: with_room(room), "not": lambda: with_room(0)}, epochs)
    more = 100 * (times["kept"] / times["not"] - 1)
    print(f"recording every epoch: {times['kept']:.1f} against {times['not']:.1f} µs, {more:.0f} %")


def many():
    """Print what sixteen learning rates at once cost compared with one, on the first work."""
    epochs = 500
    for rule in ("notebook", "gradient"):
        run = with_rule(start(WORKS[0].config), rule)
        runs = [with_learning_rate(run, 0.01 * 1.5**number) for number in range(16)]
        contestants = {
            "one": lambda run=run: advance(run, epochs),
            "all": lambda runs=runs: advance_many(runs, epochs),
        }
        times = medians(contestants, epochs)
        factor = times["all"] / times["one"]
        print(
            f"sixteen learning rates at once, {rule} rule: {times['all']:.1f} against "
            f"{times['one']:.1f} µs an epoch, {factor:.1f}× one"
        )


def steps():
    """Print what single calls cost in a loop of Python, as a notebook makes them."""
    run, calls = advance(start(WORKS[0].config), 10), 100
    contestants = {
        "advance(run, 1) of one run again and again": lambda: advance(run, 1),
        "advance(run, 1), going on": continued(run, 1),
        "advance(run, 1), going on after 100,000 epochs": continued(advance(run, 100_000), 1),
    }
    loops = {name: lambda go=go: [go() for _ in range(calls)] for name, go in contestants.items()}
    for name, micros in medians(loops, calls).items():
        print(f"{name}: {micros:.0f} µs a call")


def threads():
    """Print how many epochs of the digits two threads train in the time of one."""
    runs = [start(replace(PRESETS["digits"], seed=seed)) for seed in (1, 2)]
    ways = [continued(advance(run, 5), 20) for run in runs]

    def both():
        started = [Thread(target=go) for go in ways]
        for thread in started:
            thread.start()
        for thread in started:
            thread.join()

    times = medians({"one": ways[0], "two": both}, 1)
    print(f"two threads train {2 * times['one'] / times['two']:.2f}× the epochs of one (goal 1.7×)")


if __name__ == "__main__":
    table()
    limit()
    recording()
    many()
    steps()
    threads()
