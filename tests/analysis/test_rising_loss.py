"""Rising loss: the learning rate is reported when a smaller one would have been better."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nets.analysis import diagnosis as module
from nets.analysis.diagnosis import DIVISORS, RECENT, RISE, find_rising_loss
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
def test_too_large_a_learning_rate_is_reported_with_the_loss_of_a_smaller_one(rate, epochs):
    run = advance(parabola(rate), epochs)
    found, span = find_rising_loss(run), min(RECENT, run.epoch)
    assert (found.since, found.rate, found.now) == (run.epoch - span, rate, run.loss)
    before = (1 - 2 * rate) ** (2 * found.since) / 2
    assert found.before == pytest.approx(before, rel=1e-3)
    assert found.smaller_rate in [rate / times for times in DIVISORS]
    lower = found.before * (1 - 2 * found.smaller_rate) ** (2 * span)
    assert found.smaller_loss == pytest.approx(lower, rel=1e-3)
    assert found.smaller_loss < found.before < found.now


@pytest.mark.parametrize("rate", [1e-6, 0.1, 0.5, 0.99, 1.0])
@pytest.mark.parametrize("epochs", [0, 1, 4, 14])
def test_a_learning_rate_that_is_just_small_enough_is_not_reported(rate, epochs):
    assert find_rising_loss(advance(parabola(rate), epochs)) is None


def test_a_rise_within_rounding_is_not_reported():
    rate = 1 + RISE / 8
    assert find_rising_loss(advance(parabola(rate), 1)) is None
    assert find_rising_loss(advance(parabola(rate), 5)) is not None


def test_a_new_learning_rate_is_judged_by_its_own_epochs():
    risen = advance(parabola(1.5), 5)
    mended = with_learning_rate(risen, 0.1)
    assert find_rising_loss(risen) is not None
    assert find_rising_loss(mended) is None
    assert find_rising_loss(advance(mended, 1)) is None
    worse = find_rising_loss(advance(with_learning_rate(mended, 2.0), 1))
    assert (worse.since, worse.rate) == (5, 2.0)


def test_a_rise_long_ago_is_not_reported():
    run = advance(with_learning_rate(advance(parabola(1.5), 5), 0.01), RECENT + 5)
    assert run.loss > run.history.loss[0]
    assert find_rising_loss(run) is None


def test_nothing_is_reported_where_no_smaller_rate_lowers_the_loss():
    config = Config(
        sizes=(1, 1), output_activation="linear", learning_rate=0.5, batch_size=1, examples=2
    )
    data = Data(torch.ones(2, 1), torch.tensor([[1.0], [-1.0]]))
    run = advance(start(config, data=data, network=Network.of([([[0.0]], [0.0])])), 3)
    assert run.loss > run.history.loss[0] * (1 + RISE)
    assert find_rising_loss(run) is None


def test_nothing_is_reported_where_retraining_would_take_too_long(monkeypatch):
    run = advance(parabola(1.5), 5)
    monkeypatch.setattr(module, "WORK", 1)
    assert find_rising_loss(run) is None


@given(
    st.integers(0, 10_000),
    st.sampled_from([0.1, 3.0, 30.0]),
    st.sampled_from(["notebook", "gradient"]),
    st.sampled_from([None, 2]),
    st.integers(0, 15),
)
def test_every_report_is_true(seed, rate, rule, batch_size, epochs):
    config = Config(
        sizes=(3, 4, 2),
        learning_rate=rate,
        bias_rule=rule,
        batch_size=batch_size,
        examples=4,
        seed=seed,
    )
    run = advance(start(config), epochs)
    found = find_rising_loss(run)
    if found is None:
        return
    losses = run.history.loss.tolist()
    assert (found.before, found.now) == (losses[found.since], losses[-1])
    assert found.now > found.before
    past = start(config, network=advance(start(config), found.since).network)
    if batch_size is None:
        again = advance(with_learning_rate(past, found.smaller_rate), run.epoch - found.since)
        assert again.loss == found.smaller_loss
    assert found.smaller_loss < found.before
