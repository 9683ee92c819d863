"""Recorded calls do what the function does."""

from dataclasses import replace

import pytest
import torch

from nets import Config, advance, advance_many, start, with_learning_rate
from nets.engine import four_steps, update
from nets.engine.activations import ACTIVATIONS
from nets.engine.backprop import BIAS_RULES
from nets.engine.losses import LOSSES
from nets.engine.update import OPTIMIZERS
from nets.training.recorder import RecordedCalls

DISTANCES = ["SquaredError", "MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"]


def replayed_or_not(function, tensor, times):
    """Return the results of a function on a tensor: called, and replayed."""
    itself, again = tensor.clone(), tensor.clone()
    recorded = RecordedCalls()
    for _ in range(times):
        function(itself)
        recorded.do(function, again)
    return itself, again


def in_place(values):
    values.mul_(1.5).add_(1)


def with_new_tensors(values):
    values.copy_((values.sum() - values) * values.sigmoid())


def through_views(values):
    values.view(2, 3).mT[1].add_(values[:2])


def into_what_is_given(values):
    torch.sub(values, values.mean(), out=values)


def with_several_results(values):
    largest, _ = values.max(dim=-1)
    values.sub_(largest)


def by_parts(values):
    first, *others = values.unbind()
    for other in others:
        first.add_(other)


def by_assignment(values):
    values[values > 0.5] = -3.0
    values[0] = 0.25


def by_a_number(values):
    values.mul_(-2.0 if values.sum().item() > 0 else 3.0)


def by_a_choice(values):
    if (values > 0).any():
        values.sub_(1.0)
    else:
        values.add_(2.5)


def of_changing_shape(values):
    values.add_(values[values > 0].sum()).sub_(values.nonzero().shape[0])


RECORDED = [
    in_place,
    with_new_tensors,
    through_views,
    into_what_is_given,
    with_several_results,
    by_parts,
    by_assignment,
]
CALLED_EVERY_TIME = [by_a_number, by_a_choice, of_changing_shape]


@pytest.mark.parametrize("function", RECORDED + CALLED_EVERY_TIME)
def test_recorded_calls_do_what_the_function_does(function):
    begin = torch.randn(6, generator=torch.Generator().manual_seed(0))
    itself, again = replayed_or_not(function, begin, 4)
    assert not torch.equal(itself, begin)
    assert torch.equal(again, itself)


@pytest.mark.parametrize("function", RECORDED + CALLED_EVERY_TIME)
def test_a_function_that_cannot_be_recorded_is_called_every_time(function):
    called = []

    def noted(values):
        called.append(values)
        function(values)

    values, recorded = torch.linspace(-1, 1, 6), RecordedCalls()
    for _ in range(4):
        recorded.do(noted, values)
    assert len(called) == (2 if function in RECORDED else 4)


def test_with_the_recorder_off_a_breakpoint_in_the_four_steps_is_reached_at_every_update(
    monkeypatch,
):
    reached = []
    monkeypatch.setattr("nets.training.recorder.ENABLED", False)
    for module, step in ((four_steps, "forward"), (four_steps, "backward"), (update, "update")):
        real = getattr(module, step)
        monkeypatch.setattr(
            module,
            step,
            lambda *args, step=step, real=real, **named: (
                reached.append(step) or real(*args, **named)
            ),
        )
    advance(start(Config()), 3)
    assert reached == ["forward", "backward", "update"] * 3


def test_the_function_is_called_twice():
    called = []
    values = torch.zeros(1)

    def function(step):
        called.append(step)
        values.add_(step)

    recorded = RecordedCalls()
    for _ in range(3):
        recorded.do(function, 1)
    assert (called, values.item()) == ([1, 1], 3)


def test_a_call_that_failed_is_not_repeated():
    values, recorded = torch.zeros(1), RecordedCalls()

    def fails():
        values.add_(1)
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        recorded.do(fails)
    recorded.do(values.add_, 10)
    recorded.do(values.add_, 10)
    assert values.item() == 21


CHOICES = [
    *({"hidden_activation": name} for name in ACTIVATIONS),
    *({"output_activation": name} for name in ACTIVATIONS),
    *({"loss": name, "output_activation": "linear"} for name in DISTANCES),
    {"loss": "BCELoss", "data": "xor"},
    {"loss": "BCEWithLogitsLoss", "data": "xor", "output_activation": "linear"},
    {"loss": "CrossEntropyLoss", "data": "iris", "output_activation": "linear"},
    {"data": "iris", "output_activation": "softmax"},
    {"batch_size": 2},
    {"reduction": "mean"},
    {"l1": 0.01},
    {"l2": 0.1},
    *({"optimizer": name} for name in OPTIMIZERS),
]


def test_every_loss_is_among_the_choices():
    assert {choice["loss"] for choice in CHOICES if "loss" in choice} == {*LOSSES}


@pytest.mark.parametrize("bias_rule", BIAS_RULES)
@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_recorded_training_equals_training_to_the_last_bit(choice, bias_rule, monkeypatch):
    sizes = {"xor": (2, 3, 1), "iris": (4, 3, 3)}.get(choice.get("data"), (5, 3, 2))
    usual = {"sizes": sizes, "examples": 5, "learning_rate": 0.01, "bias_rule": bias_rule}
    run = start(Config(**(usual | choice)))
    runs = [with_learning_rate(run, rate) for rate in (0.01, 0.02)]
    by_replay = [advance(run, 7), *advance_many(runs, 7)]
    monkeypatch.setattr("nets.training.recorder.ENABLED", False)
    by_itself = [advance(run, 7), *advance_many(runs, 7)]
    for one, other in zip(by_replay, by_itself, strict=True):
        assert torch.equal(one.history.parameters, other.history.parameters)
        assert torch.equal(one.history.loss, other.history.loss)


def test_a_new_learning_rate_reaches_the_recorded_calls():
    run = advance(start(Config()), 5)
    going_on = advance(with_learning_rate(run, 0.7), 5)
    fresh = advance(with_learning_rate(advance(start(Config()), 5), 0.7), 5)
    once_more = advance(with_learning_rate(replace(run, network=run.network.copy()), 0.7), 5)
    for other in (fresh, once_more):
        assert torch.equal(going_on.network.parameters, other.network.parameters)
    assert not torch.equal(going_on.network.parameters, advance(run, 5).network.parameters)
