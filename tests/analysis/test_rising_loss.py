"""A learning rate is blamed for a rising loss when it is to blame, and never otherwise."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nets.analysis import rising_loss as module
from nets.analysis.rising_loss import GENTLER, RECENT, RISE, rising_loss
from nets.config import Config
from nets.data.examples import Data
from nets.engine.network import Network
from nets.training.advance import advance
from nets.training.run import start, with_learning_rate


def parabola(rate, weight=1.0):
    """One weight and one bias, whose sum u has the loss ½ u²: an update makes it (1 - 2 rate) u."""
    config = Config(sizes=(1, 1), output_activation="linear", learning_rate=rate)
    data = Data(torch.ones(1, 1), torch.zeros(1, 1))
    return start(config, data=data, network=Network.of([([[weight]], [0.0])]))


@pytest.mark.parametrize("rate", [1.01, 1.5, 9.0, 25.0, 1e3])
@pytest.mark.parametrize("epochs", [1, 4, 14])
def test_a_step_that_is_too_long_is_blamed_with_what_a_shorter_one_does(rate, epochs):
    run = advance(parabola(rate), epochs)
    found, span = rising_loss(run), min(RECENT, run.epoch)
    assert (found.since, found.rate, found.now) == (run.epoch - span, rate, run.loss)
    before = (1 - 2 * rate) ** (2 * found.since) / 2
    assert found.before == pytest.approx(before, rel=1e-3)
    assert found.gentler_rate in [rate / times for times in GENTLER]
    lower = found.before * (1 - 2 * found.gentler_rate) ** (2 * span)
    assert found.gentler == pytest.approx(lower, rel=1e-3)
    assert found.gentler < found.before < found.now


@pytest.mark.parametrize("rate", [1e-6, 0.1, 0.5, 0.99, 1.0])
@pytest.mark.parametrize("epochs", [0, 1, 4, 14])
def test_a_step_that_is_just_short_enough_is_not(rate, epochs):
    assert rising_loss(advance(parabola(rate), epochs)) is None


def test_a_rise_that_rounding_could_make_is_not_one():
    rate = 1 + RISE / 8
    assert rising_loss(advance(parabola(rate), 1)) is None
    assert rising_loss(advance(parabola(rate), 5)) is not None


def test_another_learning_rate_begins_with_a_clean_slate():
    risen = advance(parabola(1.5), 5)
    mended = with_learning_rate(risen, 0.1)
    assert rising_loss(risen) is not None
    assert rising_loss(mended) is None
    assert rising_loss(advance(mended, 1)) is None
    worse = rising_loss(advance(with_learning_rate(mended, 2.0), 1))
    assert (worse.since, worse.rate) == (5, 2.0)


def test_what_rose_long_ago_is_not_told_any_more():
    run = advance(with_learning_rate(advance(parabola(1.5), 5), 0.01), RECENT + 5)
    assert run.loss > run.history.loss[0]
    assert rising_loss(run) is None


def test_where_no_rate_lowers_the_loss_none_is_blamed():
    config = Config(
        sizes=(1, 1), output_activation="linear", learning_rate=0.5, batch_size=1, examples=2
    )
    data = Data(torch.ones(2, 1), torch.tensor([[1.0], [-1.0]]))
    run = advance(start(config, data=data, network=Network.of([([[0.0]], [0.0])])), 3)
    assert run.loss > run.history.loss[0] * (1 + RISE)
    assert rising_loss(run) is None


def test_beyond_the_work_that_is_worth_it_nothing_is_said(monkeypatch):
    run = advance(parabola(1.5), 5)
    monkeypatch.setattr(module, "WORK", 1)
    assert rising_loss(run) is None


@given(
    st.integers(0, 10_000),
    st.sampled_from([0.1, 3.0, 30.0]),
    st.sampled_from(["notebook", "gradient"]),
    st.sampled_from([None, 2]),
    st.integers(0, 15),
)
def test_what_is_said_is_true(seed, rate, rule, batch_size, epochs):
    config = Config(
        sizes=(3, 4, 2),
        learning_rate=rate,
        bias_rule=rule,
        batch_size=batch_size,
        examples=4,
        seed=seed,
    )
    run = advance(start(config), epochs)
    found = rising_loss(run)
    if found is None:
        return
    losses = run.history.loss.tolist()
    assert (found.before, found.now) == (losses[found.since], losses[-1])
    assert found.now > found.before
    past = start(config, network=advance(start(config), found.since).network)
    if batch_size is None:
        again = advance(with_learning_rate(past, found.gentler_rate), run.epoch - found.since)
        assert again.loss == found.gentler
    assert found.gentler < found.before
