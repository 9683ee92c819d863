"""The trainer stops at the first epoch that meets a condition, with the numbers of `advance`."""

import threading
import time
from dataclasses import replace

import pytest
import torch

from nets.config import Config
from nets.page.visitor import trainer
from nets.page.visitor.trainer import Trainer
from nets.page.visitor.turns import Slices
from nets.training.advance import advance
from nets.training.early_stopping import EarlyStopping
from nets.training.metrics import score
from nets.training.recipe import Epochs, Recipe, RecordedRun
from nets.training.run import start

PLAIN = Config(sizes=(2, 4, 1), data="moons", examples=60, bias_rule="gradient", batch_size=5)
SPLIT = replace(PLAIN, test_fraction=0.4)
EPOCHS = 60


@pytest.fixture(params=[PLAIN, SPLIT], ids=["without test data", "with test data"])
def every_epoch(request):
    runs = [start(request.param)]
    for _ in range(EPOCHS):
        runs.append(advance(runs[-1]))
    return runs


def watched(run):
    """Return the present loss and accuracy on the data that are measured."""
    loss = run.loss if run.test is None else run.test_loss
    return loss, score(run, run.test or run.data).accuracy


def advance_until(run, epochs, stop):
    """Train without a deadline and without another deed of the visitor."""
    recipe = Recipe(run.config)
    recorded = RecordedRun(recipe.then(Epochs(run.epoch)) if run.epoch else recipe, run)
    trained, _ = Trainer().train(recorded, epochs, stop, float("inf"), lambda: False)
    return trained.run


def assert_stops_at(every_epoch, stop, epoch):
    got = advance_until(every_epoch[0], EPOCHS, stop)
    assert got.epoch == epoch
    assert torch.equal(got.network.parameters, every_epoch[epoch].network.parameters)
    assert torch.equal(got.history.loss, every_epoch[epoch].history.loss)


def test_a_loss_below_ends_training_at_the_first_epoch_that_has_it(every_epoch):
    losses = [watched(run)[0] for run in every_epoch]
    for value in (losses[0] + 1, losses[30], min(losses) / 2):
        first = next((epoch for epoch, loss in enumerate(losses) if loss < value), EPOCHS)
        assert_stops_at(every_epoch, EarlyStopping("loss below", value), first)


def test_an_accuracy_above_ends_training_at_the_first_epoch_that_has_it(every_epoch):
    shares = [watched(run)[1] for run in every_epoch]
    for value in (0.0, 0.8, 0.85, 1.0):
        first = next((epoch for epoch, share in enumerate(shares) if share > value), EPOCHS)
        assert_stops_at(every_epoch, EarlyStopping("accuracy above", value), first)


@pytest.mark.parametrize("patience", [1, 3, 8])
def test_no_improvement_ends_training_that_many_epochs_after_the_lowest_loss(every_epoch, patience):
    losses = [watched(run)[0] for run in every_epoch]
    first = next(
        (
            epoch
            for epoch in range(patience, EPOCHS)
            if min(losses[: epoch - patience + 1]) <= min(losses[: epoch + 1])
        ),
        EPOCHS,
    )
    assert_stops_at(every_epoch, EarlyStopping("no improvement", patience), first)


def test_losses_before_the_training_began_do_not_count(every_epoch):
    run = advance_until(every_epoch[20], 30, EarlyStopping("no improvement", 5, since=20))
    assert run.epoch >= 25


def test_training_gives_way_to_a_deed_while_others_train(monkeypatch):
    slices, run = Slices(1, lambda: False), start(PLAIN)
    monkeypatch.setattr(trainer, "slices", slices)
    recorded = RecordedRun(Recipe(PLAIN), run)
    with slices.one(lambda: False):
        trained, _ = Trainer().train(recorded, EPOCHS, None, float("inf"), lambda: True)
    assert trained is recorded
    trained, _ = Trainer().train(recorded, EPOCHS, None, float("inf"), lambda: False)
    assert trained.run.epoch == EPOCHS


def test_training_that_takes_long_lets_others_train_in_between(monkeypatch):
    slices, happened = Slices(1, lambda: False), []
    monkeypatch.setattr(trainer, "slices", slices)

    def other():
        with slices.one(lambda: False):
            happened.append("other")

    thread = threading.Thread(target=other)

    def is_awaited():
        if not thread.ident:
            thread.start()
        return bool(happened)  # training ends early only after the other had its slice

    recorded, far = RecordedRun(Recipe(PLAIN), start(PLAIN)), 10**9
    trained, _ = Trainer().train(recorded, far, None, time.perf_counter() + 20, is_awaited)
    thread.join(20)
    assert happened
    assert trained.run.epoch < far


def test_a_long_epoch_gives_way_in_the_middle_and_continues_where_it_was():
    config = replace(PLAIN, sizes=(2, 32, 32, 1), examples=10_000, batch_size=1)
    recorded, own = RecordedRun.begin(config), Trainer()
    for _ in range(2):
        same, _ = own.train(recorded, 1, None, float("inf"), lambda: True)
        assert same.run is recorded.run
    trained, _ = own.train(recorded, 1, None, float("inf"), lambda: False)
    expected = advance(recorded.run).network.parameters
    assert torch.equal(trained.run.network.parameters, expected)
