"""History: it has every loss, and can restore the parameters of any epoch exactly."""

from dataclasses import replace

import pytest
import torch

from nets.config import Config
from nets.training import history
from nets.training.advance import advance, rewind
from nets.training.run import start, with_learning_rate

PLAIN = Config(seed=2)
RATES = {13: 0.7, 14: 0.01, 31: 0.3}
SHUFFLED = Config(examples=9, batch_size=4, bias_rule="gradient", sizes=(3, 4, 2), seed=5)


WITH_MEMORY = [
    replace(SHUFFLED, optimizer=name, l2=0.01)
    for name in ("Momentum", "RMSprop", "Adagrad", "Adam")
]
CONFIGS = [PLAIN, SHUFFLED, *WITH_MEMORY]


@pytest.fixture(params=CONFIGS, ids=lambda c: f"{c.optimizer} {c.batch_size}")
def every_epoch(request):
    """Train 40 epochs one by one; the learning rate changes twice."""
    runs = [start(request.param)]
    for epoch in range(40):
        rate = RATES.get(epoch)
        runs.append(advance(with_learning_rate(runs[-1], rate) if rate else runs[-1], 1))
    return runs


@pytest.fixture(params=[2**20, 200, 1], ids=["all kept", "thinned", "hardly any kept"])
def room(request, monkeypatch):
    monkeypatch.setattr(history, "KEPT_NUMBERS", request.param)


@pytest.mark.usefixtures("room")
def test_any_epoch_can_be_restored_exactly(every_epoch):
    last = every_epoch[-1]
    for run in every_epoch:
        again = rewind(last, run.epoch)
        assert again.epoch == run.epoch
        assert torch.equal(again.network.parameters, run.network.parameters)
        assert torch.equal(again.optimizer_state, run.optimizer_state)
        assert torch.equal(again.history.loss, run.history.loss)


@pytest.mark.usefixtures("room")
def test_continuing_from_an_earlier_epoch_equals_continuing_then(every_epoch):
    for epoch in (0, 12, 13, 14, 30, 31, 33):
        then = every_epoch[epoch]
        if epoch in RATES:  # a rate chosen at an epoch belongs to it
            then = with_learning_rate(then, RATES[epoch])
        again, then = advance(rewind(every_epoch[-1], epoch), 4), advance(then, 4)
        assert torch.equal(again.network.parameters, then.network.parameters)
        assert torch.equal(again.optimizer_state, then.optimizer_state)
        assert torch.equal(again.history.loss, then.history.loss)


def test_there_is_one_loss_an_epoch_and_epoch_0_is_first(every_epoch):
    losses = every_epoch[-1].history.loss
    assert losses.tolist() == [run.loss for run in every_epoch]
    assert losses.shape == (41,)


def test_kept_parameters_are_those_of_every_stride_th_epoch(every_epoch, monkeypatch):
    monkeypatch.setattr(history, "KEPT_NUMBERS", 400)
    trained = advance(every_epoch[-1], 8)
    stride, kept = trained.history.stride, trained.history.parameters
    assert stride > 1
    assert trained.history.kept.first(len(kept)).numel() <= 400 + row_of(trained)
    for row, run in zip(kept, every_epoch[::stride], strict=False):
        assert torch.equal(row, run.network.parameters)


def row_of(run):
    """Return how many numbers are kept for an epoch."""
    return len(run.network.parameters) + len(run.optimizer_state)


@pytest.mark.parametrize("epoch", [-1, 5, 1.0, "2", None])
def test_an_epoch_that_is_not_there_is_refused_by_name(epoch):
    with pytest.raises(ValueError, match="epoch must be a whole number from 0 to 4"):
        rewind(advance(start(PLAIN), 4), epoch)


def test_rewinding_leaves_the_run_as_it_is():
    run = advance(start(PLAIN), 6)
    before = run.history.loss.clone()
    advance(rewind(run, 2), 9)
    assert run.epoch == 6
    assert torch.equal(run.history.loss, before)
