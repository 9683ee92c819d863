"""Whatever a visitor does, a link or a session file brings their run back, bit for bit."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nets import Config, Epochs, LearningRate, Parameter, read_data
from nets.engine.optimizers import CONSTANTS, OPTIMIZERS
from nets.figures.colours import round_scale
from nets.page.controls.actions import RATES
from nets.page.panels import session_file
from nets.page.stage.address import address_of
from nets.page.stage.messages import message_for
from nets.page.stage.state import StageState
from nets.page.visitor.arrival import rest, wake
from nets.page.visitor.baselines import keep
from nets.page.visitor.by_hand import kept_values, set_parameters
from nets.page.visitor.pending import cancel, continue_events, start_events
from nets.page.visitor.session import Session
from nets.page.visitor.time_travel import show_epoch
from nets.page.visitor.undo import redo, return_to_moment, undo
from nets.page.visitor.view_options import ViewOptions
from nets.presets import PRESETS, preset_for
from tests.visiting import open_link

ROOT = Path(__file__).parents[3]
MANY = int(os.environ.get("NETS_EXAMPLES", "12"))  # several hundred find what is rare
OWN = read_data(b"size,colour,price\n1,red,2\n2,blue,3\n4,red,1\n3,green,5\n2,red,2\n1,blue,4\n")
SMALL = replace(PRESETS["moons"], examples=25, batch_size=10)
BEGUN = [Config(), SMALL, PRESETS["xor"], PRESETS["mazur"], replace(PRESETS["sine"], examples=9)]
CHANGES = {
    "hidden_activation": st.sampled_from(["tanh", "relu"]),
    "optimizer": st.sampled_from(list(OPTIMIZERS)),
    "beta1": st.none() | st.just(0.5),
    "momentum": st.none() | st.just(0.0),
    "l2": st.sampled_from([0.0, 0.01]),
    "seed": st.integers(0, 5),
    "data_seed": st.none() | st.integers(0, 5),
    "batch_size": st.sampled_from([None, 3]),
    "test_fraction": st.sampled_from([0.0, 0.5]),
    "first_weights": st.sampled_from(["normal", "xavier", "zeros"]),
    "learning_rate": st.sampled_from([1e-3, 0.5, 1e9]),
}


class Visit:
    """A visit: deeds of its session, one after the other."""

    def __init__(self, config):
        self.session = Session.of(config)

    def finish(self):
        while self.session.pending:
            continue_events(self.session)

    def choose(self, config):
        self.session.begin(config)

    def use_own_data(self, seed):
        self.session.begin(replace(preset_for(OWN), seed=seed), OWN)

    def change(self, change):
        field, value = change
        with suppress(ValueError):  # the page says so, and the run stays
            config = replace(self.session.settings, **{field: value})
            self.session.begin(config, values=kept_values(self.session.recipe, config))

    def change_sizes(self, hidden):
        sizes = self.session.settings.sizes
        self.change(("sizes", (sizes[0], *hidden, sizes[-1])))

    def change_rate(self, rate):
        self.session.do(LearningRate(rate))

    def step(self, step):
        step(self.session)

    def train(self, epochs, *, whole):
        start_events(self.session, [Epochs(epochs)], 0.3 if whole else 0.0)
        if not whole:
            cancel(self.session)

    def play(self, epochs, back):
        begun = self.session.run.epoch
        self.session.note()
        self.session.playing = True
        self.session.do(Epochs(epochs))
        self.session.pause(begun + max(0, epochs - back))

    def scrub(self, share):
        latest = self.session.latest or self.session.recorded
        show_epoch(self.session, round(share * latest.run.epoch))

    def set_weight(self, place, value, joined):
        sizes = self.session.run.config.sizes
        layer = 1 + place[0] % (len(sizes) - 1)
        source, target = place[1] % sizes[layer - 1], place[2] % sizes[layer]
        name = f"b{layer}[{target}]" if place[3] else f"w{layer}[{source}, {target}]"
        with suppress(ValueError):  # the loss would be infinite
            set_parameters(self.session, [Parameter(name, value)], joined=joined)

    def keep_run(self):
        self.session.baselines = keep(self.session.baselines, self.session)

    def return_to_kept(self, number):
        if self.session.baselines:
            self.session.note()
            chosen = self.session.baselines[number % len(self.session.baselines)]
            return_to_moment(self.session, chosen.moment)

    def remove_kept(self, number):
        self.session.baselines = tuple(
            one for at, one in enumerate(self.session.baselines) if at != number
        )

    def show_pictures(self, *which):
        self.session.view = ViewOptions(*which)

    def choose_scale(self):
        self.session.scale = round_scale(self.session.run.network.parameters)

    def leave_and_return(self):
        rest(self.session)
        wake(self.session)


STEPS = [Session.step_epoch, Session.step_phase, Session.reset, undo, redo]


def doing(name, *arguments, **named):
    """Draw a deed: a method of `Visit` and what it is given."""
    return st.tuples(st.just(name), st.tuples(*arguments), st.fixed_dictionaries(named))


NUMBER = st.integers(0, 9)
DEEDS = st.one_of(
    *[doing("step", st.sampled_from(STEPS))] * 4,
    doing("choose", st.sampled_from(BEGUN)),
    doing("use_own_data", NUMBER),
    *[doing("change", st.tuples(st.just(name), values)) for name, values in CHANGES.items()],
    doing("change_sizes", st.lists(st.integers(1, 4), max_size=3)),
    doing("change_rate", st.sampled_from(RATES)),
    doing("train", st.integers(1, 60), whole=st.booleans()),
    doing("play", st.integers(1, 30), NUMBER),
    doing("scrub", st.floats(0, 1)),
    doing(
        "set_weight",
        st.tuples(NUMBER, NUMBER, NUMBER, st.booleans()),
        st.floats(-5, 5) | st.floats(-1e30, 1e30),
        st.booleans(),
    ),
    doing("keep_run"),
    doing("return_to_kept", NUMBER),
    doing("remove_kept", NUMBER),
    doing("show_pictures", st.booleans(), st.booleans(), st.booleans()),
    doing("choose_scale"),
    doing("leave_and_return"),
)


def open_file(text):
    """Open a session file."""
    new = Session.of(Config())
    session_file.open_text(new, text, {})
    while new.pending:
        continue_events(new)
    return new


def saved(session):
    """Return the address of a session, or its session file where a link cannot carry all."""
    if fits_a_link(session):
        return address_of(session, {}).query
    return session_file.write(session, {})


def opened(text):
    """Open what `saved` returns as a new visitor does; repeat the kept runs too."""
    session = open_file(text) if text.startswith("{") else open_link(text)
    assert "address" not in session.errors
    session.baselines = tuple(one.repeated() for one in session.baselines)
    return session


def picture(session):
    """Return all figures of the page, and what is written into them."""
    message = message_for(session, StageState(), 0, logarithmic=False)
    return message["figures"], message["frames"]


def used(config):
    """Leave out the constants of optimisers that are not chosen, as a link does."""
    return replace(config, **{name: None for name in CONSTANTS if name not in config.constants})


def fits_a_link(session):
    """Whether a link can carry the run and all kept runs: own data are in no link."""
    recipes = [session.recipe, *(one.moment.recipe for one in session.baselines)]
    return all(one.data is None for one in recipes)


def visited(config, deeds):
    """Do deeds, one after the other, beginning with a config."""
    visit = Visit(config)
    for name, arguments, named in deeds:
        getattr(visit, name)(*arguments, **named)
        visit.finish()
    return visit.session


DRAWN = {
    "config": st.sampled_from(BEGUN),
    "deeds": st.lists(DEEDS, min_size=30, max_size=30),
}


@settings(max_examples=MANY)
@given(**DRAWN)
def test_after_any_deeds_the_link_or_the_file_gives_the_same_run(config, deeds):
    session = visited(config, deeds)
    assert_same_run(session, opened(saved(session)))


def written(session):
    """Write a run and its picture as one line."""
    parts = session.run, session.whole.run
    numbers = [[part.network.parameters.tolist(), part.history.loss.tolist()] for part in parts]
    return json.dumps([session.run.epoch, numbers, picture(session)])


def answer():
    """Open each line of the standard input, and print what it shows."""
    for line in sys.stdin:
        print(written(opened(json.loads(line))), flush=True)


@pytest.fixture(scope="module")
def another_process():
    """Start a process that opens what it is sent; return a function that sends it."""
    command = [sys.executable, "-c", f"from {__name__} import answer; answer()"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:

        def send(text):
            process.stdin.write(json.dumps(text) + "\n")
            process.stdin.flush()
            return process.stdout.readline().rstrip("\n")

        yield send
        process.stdin.close()


@settings(max_examples=5)
@given(**DRAWN)
def test_another_process_shows_the_same_run_and_the_same_picture(another_process, config, deeds):
    session = visited(config, deeds)
    assert another_process(saved(session)) == written(session)


def assert_same_run(session, other):
    run, again = session.run, other.run
    assert used(session.settings) == used(other.settings)
    assert (run.epoch, run.learning_rate) == (again.epoch, again.learning_rate)
    assert torch.equal(run.network.parameters, again.network.parameters)
    assert torch.equal(run.optimizer_state, again.optimizer_state)
    assert torch.equal(run.history.loss, again.history.loss)
    later, later_again = session.whole.run, other.whole.run
    assert later.epoch == later_again.epoch
    assert torch.equal(later.network.parameters, later_again.network.parameters)
    if run.test is not None:
        assert torch.equal(run.history.test_loss, again.history.test_loss)
    assert picture(session) == picture(other)
    kept, kept_again = session.baselines, other.baselines
    assert [one.name for one in kept] == [one.name for one in kept_again]
    assert [one.lines for one in kept] == [one.lines for one in kept_again]
