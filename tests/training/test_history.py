"""History: it has every loss, and can restore the parameters of any epoch exactly."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nets.config import Config
from nets.training import history
from nets.training.advance import advance, rewind
from nets.training.many import advance_many
from nets.training.recipe import Epochs, LearningRate, Parameter, apply
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


def test_the_memory_of_a_history_has_a_bound_however_long_the_run(monkeypatch):
    monkeypatch.setattr(history, "KEPT_NUMBERS", 20_000)
    run, sizes = start(Config(sizes=(20, 20, 4), optimizer="Adam")), []
    for _ in range(4):
        run = advance(run, 300)
        sizes.append(run.history.kept.nbytes)
    assert max(sizes) <= 4 * 1.5 * (20_000 + 2 * row_of(run))
    assert run.history.stride > 8


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


NAMES = ("w1[0, 0]", "w1[2, 1]", "b1[1]", "w2[1, 0]", "b2[0]")
SET = st.builds(Parameter, st.sampled_from(NAMES), st.sampled_from([-2.0, 0.1, 0.3]))
CHOICES = st.integers(1, 6).map(Epochs) | SET | SET | st.just(LearningRate(0.03))


@pytest.mark.parametrize("optimizer", ["GradientDescent", "Adam"])
@pytest.mark.parametrize("kept", [2**20, 300, 1])
@settings(max_examples=15, deadline=None)
@given(events=st.lists(CHOICES, min_size=2, max_size=9))
def test_every_epoch_is_as_it_was_left_also_where_weights_were_set(optimizer, kept, events):
    config = replace(SHUFFLED, optimizer=optimizer, test_fraction=0.3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "KEPT_NUMBERS", kept)
        run = start(config)
        left = [run]  # at every epoch, after all that was chosen there
        for event in events:
            for step in [Epochs(1)] * event.count if isinstance(event, Epochs) else [event]:
                run = apply(run, step)
                left = [*left[: run.epoch], run]
        for past in left:
            again = rewind(run, past.epoch)
            assert_as_left(again, past)
            assert_as_left(advance(again, 3), advance(past, 3))


def assert_as_left(again, past):
    """Compare two runs to the last bit, except how many parameters are kept."""
    assert again.epoch == past.epoch
    assert again.history.rates == past.history.rates
    assert again.history.settings == past.history.settings
    assert torch.equal(again.network.parameters, past.network.parameters)
    assert torch.equal(again.optimizer_state, past.optimizer_state)
    assert torch.equal(again.history.loss, past.history.loss)
    if past.test is not None:
        assert torch.equal(again.history.test_loss, past.history.test_loss)


def test_runs_with_weights_set_by_hand_train_side_by_side_as_alone():
    runs = [apply(start(SHUFFLED), Parameter("w1[0, 0]", value)) for value in (0.5, -2.0)]
    for one, alone in zip(advance_many(runs, 4), [advance(run, 4) for run in runs], strict=True):
        assert one.history.settings == alone.history.settings
        torch.testing.assert_close(one.history.loss, alone.history.loss)
        assert_as_left(rewind(one, 0), rewind(alone, 0))


def test_setting_a_weight_replaces_the_present_loss_and_row_and_no_other():
    run = advance(start(replace(PLAIN, test_fraction=0.5, examples=4)), 6)
    before = run.history.loss.clone(), run.history.parameters.clone()
    changed = apply(run, Parameter("w1[0, 0]", 2.5))
    assert torch.equal(changed.history.loss[:-1], before[0][:-1])
    assert torch.equal(changed.history.parameters[:-1], before[1][:-1])
    assert torch.equal(changed.history.parameters[-1], changed.network.parameters)
    assert changed.loss == start(run.config, network=changed.network).loss != run.loss
    assert changed.test_loss == start(run.config, network=changed.network).test_loss
    assert torch.equal(run.history.loss, before[0])
    assert torch.equal(run.history.parameters, before[1])
