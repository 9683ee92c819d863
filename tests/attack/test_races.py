"""Races: whatever the server is busy with, the newest choice of a person is what is shown.

`NETS_CHANGES=200` has 200 changes made while it plays, of every widget of the sidebar in turn, and
as many while it trains.
"""

import itertools
import os
import threading

import pytest
import torch
from attack.sidebar import config_of, losses_of

from nets import DATASETS, FIRST_WEIGHTS, OPTIMIZERS, Epochs, LearningRate, replay
from nets.data.features import FEATURES
from nets.engine.backprop import BIAS_RULES
from nets.engine.names import column_symbol
from nets.page.visitor.baselines import keep
from nets.page.visitor.by_hand import set_parameters
from nets.page.visitor.pending import start_events
from nets.page.visitor.session import Session
from nets.page.visitor.undo import redo, return_to_moment, undo
from nets.presets import PRESETS
from nets.training.recipe import Parameter

SECONDS = 60  # after which a change counts as lost; a busy machine takes its time
TIMES = 5
CYCLE = 29  # changes, each of another widget
CHANGES = int(os.environ.get("NETS_CHANGES", CYCLE))
TITLES = {name: source.title for name, source in DATASETS.items()}


def test_a_run_that_begins_while_another_trains_is_the_one_that_stays():
    session = Session.of(PRESETS["digits"])
    training = threading.Thread(target=session.do, args=(Epochs(400),))
    training.start()
    training.join(0.2)
    assert training.is_alive()
    session.begin(PRESETS["xor"])
    training.join()
    assert session.recipe.config == session.run.config == PRESETS["xor"]
    assert session.run.config.sizes == (2, 4, 1)


def return_to_kept(session):
    with session.in_order():
        session.note()
        return_to_moment(session, session.baselines[0].moment)


def keep_run(session):
    with session.in_order():
        session.baselines = keep(session.baselines[:1], session)


DEEDS = [
    undo,
    redo,
    keep_run,
    return_to_kept,
    Session.step_phase,
    Session.step_epoch,
    lambda session: session.do(Epochs(9)),
    lambda session: start_events(session, [LearningRate(0.3), Epochs(9)]),
    lambda session: session.pause(1),
    lambda session: session.begin(PRESETS["or"]),
    lambda session: set_parameters(session, [Parameter("w1[0, 0]", 0.5)]),
]


def test_whatever_is_done_at_the_same_time_the_run_is_always_the_one_of_its_recipe():
    session, errors = Session.of(PRESETS["or"]), []
    session.baselines = keep((), session)

    def repeat(deed):
        try:
            for _ in range(TIMES):
                deed(session)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=repeat, args=(deed,)) for deed in DEEDS]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        with session.in_order():
            recipe, run, now = session.recipe, session.run, session.now
            assert session.walk is None or now.run_on_show.config == run.config
        assert torch.equal(replay(recipe).network.parameters, run.network.parameters)
    assert errors == []


def changes():
    """Change every widget of the sidebar, over and over, each time to something else."""
    for number in itertools.count(1):
        odd = number % 2
        yield "learning_rate", 0.01
        yield "seed", number
        yield "new_weights", True
        yield "n_hidden", 5 + odd
        yield "add_layer", True
        yield "n_hidden_2", 3
        yield "remove_layer", True
        yield "hidden_activation", "relu" if odd else "sigmoid"
        yield "output_activation", "tanh"
        yield "loss_function", "MSELoss"
        yield "bias_rule", BIAS_RULES["notebook"].title
        yield "optimizer", OPTIMIZERS["Momentum"].title
        yield "l1", 0.001
        yield "l2", 0.01
        yield "first_weights", FIRST_WEIGHTS["he"].title
        yield "examples", 200 + number
        yield "batch_size", 20 + number
        yield "noise", 0.1
        yield "test_fraction", 0.3
        yield "data_seed", number
        yield "new_sample", True
        yield "derived", [column_symbol(FEATURES["x1_squared"].title)]
        yield "learning_rate", 0.02
        yield "rate_down", True
        yield "rate_up", True
        yield "data", TITLES["notebook"]
        yield "n_input", 4
        yield "n_output", 2
        yield "data", TITLES["moons" if odd else "circle"]


def play(visitor):
    """Play at full speed; return when the server has begun to train for the next burst."""
    visitor.do(speed="fastest", play=True)
    visitor.say(visitor.page.more())
    visitor.until(lambda page: page.running)


def train(visitor):
    """Train a million epochs; return when the server has begun to."""
    box = next(key for key in visitor.page.on_page() if key.startswith("train_box"))
    visitor.do(**{box: True})
    visitor.change(train_epochs=1_000_000, train=True)
    visitor.until(lambda page: page.running)


@pytest.mark.parametrize(("work", "first"), [(play, 0), (train, CYCLE)])
def test_no_change_in_the_sidebar_is_lost_while_the_server_works(visit, work, first):
    visitor = visit("data=circle")
    for key, value in itertools.islice(changes(), first, first + CHANGES):
        work(visitor)
        change(visitor, key, value)


def test_a_choice_that_comes_with_the_stage_s_question_is_not_lost(visit):
    """The browser makes one message of both; a person goes back to what was chosen before."""
    visitor = visit("data=circle")
    page = visitor.page
    for number, name in enumerate(("moons", "circle") * TIMES):
        play(visitor)
        both = page.state("data", TITLES[name]), page.more()
        fragment = page.widgets["stage"].fragment if number % 2 else ""
        visitor.send(*both, fragment=fragment)  # either may have been the first
        visitor.until(lambda _: shows(page, 0), SECONDS, playing=True)
        assert page.values["data"] == TITLES[name]


@pytest.mark.parametrize("work", [play, train])
def test_a_kept_run_that_one_returns_to_while_the_server_works_is_the_one_that_stays(visit, work):
    visitor = visit("data=xor")
    page = visitor.page
    visitor.do(panel=["Compare"])
    visitor.click("step_epoch")
    visitor.click("keep_run")
    for _ in range(TIMES):
        work(visitor)
        visitor.change(return_A=True)
        visitor.until(lambda _: shows(page, 1), SECONDS, playing=True)
        visitor.click("step_epoch")
        assert shows(page, 2)
        assert page.exceptions == []


def change(visitor, key, value):
    """Change a widget; the run on show must become that of the sidebar, and stay it.

    Return how many seconds it took.
    """
    page = visitor.page
    visitor.change(**{key: value})
    if key in ("learning_rate", "rate_down", "rate_up"):  # a run continues at another rate
        visitor.change(reset=True)
    spent = visitor.until(lambda _: shows(page, 0), SECONDS, playing=True)
    visitor.change(step_epoch=True)
    visitor.until(lambda _: shows(page, 1), SECONDS)
    assert page.sizes == config_of(page).sizes
    assert page.exceptions == []
    return spent


def shows(page, epoch):
    """Say whether the page is at rest at an epoch of the run that the sidebar describes."""
    if page.running or page.readings["epoch"] != str(epoch):
        return False
    try:
        return page.readings["loss"] == losses_of(config_of(page))[epoch]
    except ValueError:  # half of the sidebar says one thing, and half another
        return False


@pytest.mark.parametrize(
    ("key", "value"), [("data", TITLES["moons"]), ("new_weights", True), ("new_sample", True)]
)
@pytest.mark.parametrize("other", ["redraw", "n_hidden"])
def test_what_a_browser_says_late_about_the_sidebar_changes_nothing(visit, key, value, other):
    """The browser speaks before its fields have taken over what the server has set."""
    visitor = visit("data=circle")
    visitor.do(n_hidden=5, seed=3, data_seed=4)
    page = visitor.page
    visitor.change(**{key: value})  # the server sets other fields for it
    if other == "redraw":
        visitor.say(page.event("redraw", page.stage["number"]))
    else:
        visitor.change(n_hidden=6)
    visitor.change(step_epoch=True)
    visitor.until(lambda _: shows(page, 1), SECONDS)
    if other == "n_hidden":
        assert page.sizes == (2, 6, 1)


def test_the_first_message_of_a_stage_is_answered(visit):
    visitor = visit()
    first = visitor.page.stage["number"]
    redraw = visitor.page.event("redraw", first)
    visitor.ask(redraw, fragment=visitor.page.widgets["stage"].fragment)
    assert visitor.page.stage["figures"]
    assert visitor.page.stage["number"] == first + 1


def test_clicks_that_come_together_are_all_done(visit):
    visitor = visit("data=digits")
    visitor.do(panel=["Results"])
    before = visitor.page.finished
    for _ in range(10):
        visitor.change(step_epoch=True)
    visitor.until(lambda page: page.readings["epoch"] == "10" and not page.running)
    assert visitor.page.finished > before


def test_a_browser_that_comes_back_to_a_server_without_its_run_is_told_so(visit):
    before = visit("data=xor")
    before.do(n_hidden=7, speed="fastest")
    again = visit("data=xor", before.page)
    assert any("begun again" in text for text in again.page.texts("alert"))
    assert shows(again.page, 0)
    assert again.page.sizes == (2, 4, 1)
    again.click("step_epoch")
    assert not any("begun again" in text for text in again.page.texts("alert"))
