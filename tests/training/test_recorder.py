"""Recorded calls do what the function does."""

import time
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Thread
from weakref import ref

import pytest
import torch
from torch.jit import ScriptFunction

from nets import Config, advance, advance_many, start, with_learning_rate
from nets.engine import four_steps, update
from nets.engine.activations import ACTIVATIONS
from nets.engine.backprop import BIAS_RULES
from nets.engine.losses import LOSSES
from nets.engine.optimizers import OPTIMIZERS
from nets.training.loop import quick_loop
from nets.training.program import Program, Record, compiled, each

DISTANCES = ["SquaredError", "MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"]


def by_itself_and_by_program(function, tensor, times):
    """Return what becomes of a tensor by a function itself, and by its program."""
    itself, again = tensor.clone(), tensor.clone()
    for _ in range(times):
        function(itself)
    Program(lambda _: function(again)).run(torch.zeros(times, 1))
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


def by_a_number(values):
    values.mul_(-2.0 if values.sum().item() > 0 else 3.0)


def by_a_choice(values):
    if (values > 0).any():
        values.sub_(1.0)
    else:
        values.add_(2.5)


def by_assignment(values):
    values[values > 0.5] = -3.0
    values[0] = 0.25


def by_what_has_no_words(values):
    values.sub_(torch.nn.functional.relu(values) * 0.5)


def of_changing_shape(values):
    values.add_(values[values > 0].sum()).sub_(values.nonzero().shape[0])


RECORDED = [
    in_place,
    with_new_tensors,
    through_views,
    into_what_is_given,
    with_several_results,
    by_parts,
]
CALLED_EVERY_TIME = [
    by_a_number,
    by_a_choice,
    by_assignment,
    by_what_has_no_words,
    of_changing_shape,
]


@pytest.mark.parametrize("function", RECORDED + CALLED_EVERY_TIME)
def test_a_program_does_what_its_function_does(function):
    begin = torch.randn(6, generator=torch.Generator().manual_seed(0))
    itself, again = by_itself_and_by_program(function, begin, 5)
    assert not torch.equal(itself, begin)
    assert torch.equal(again, itself)


@pytest.mark.parametrize("function", RECORDED + CALLED_EVERY_TIME)
def test_a_function_that_cannot_be_recorded_is_called_every_time(function):
    called = []

    def noted(values):
        called.append(values)
        function(values)

    values = torch.linspace(-1, 1, 6)
    Program(lambda _: noted(values)).run(torch.zeros(4, 1))
    assert len(called) == (2 if function in RECORDED else 4)


def test_with_the_recorder_off_a_breakpoint_in_the_four_steps_is_reached_at_every_update(
    monkeypatch,
):
    reached = []
    monkeypatch.setattr("nets.training.program.ENABLED", False)
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


def test_a_program_takes_the_series_of_each_run_and_its_inner_loops():
    totals, factors = torch.zeros(2), [torch.tensor(2.0), torch.tensor(3.0), torch.tensor(4.0)]

    def add(row, place):
        each(lambda factor: totals.add_(row * factor), factors)
        place.copy_(totals)

    rows = torch.arange(12.0).view(6, 2)
    program, places = Program(add), torch.zeros(6, 2)
    for part in (slice(0, 1), slice(1, 4), slice(4, 6)):
        program.run(rows[part], places[part].unbind())
    assert torch.equal(places, rows.cumsum(dim=0) * 9)


def test_a_call_that_failed_is_not_repeated():
    values, failing = torch.zeros(1), [True]

    def function(_):
        if failing:
            failing.pop()
            values.add_(1)
            raise ArithmeticError
        values.add_(10)

    program = Program(function)
    with pytest.raises(ArithmeticError):
        program.run(torch.zeros(4, 1))
    program.run(torch.zeros(4, 1))
    assert values.item() == 41


ENDS = {  # outputs, losses and data that fit together
    "squared": {"loss": "SquaredError"},
    **{name: {"loss": name, "output_activation": "linear"} for name in DISTANCES},
    "BCE": {"loss": "BCELoss", "data": "xor"},
    "logits": {"loss": "BCEWithLogitsLoss", "data": "xor", "output_activation": "linear"},
    "classes": {"loss": "CrossEntropyLoss", "data": "iris", "output_activation": "linear"},
    "softmax": {"data": "iris", "output_activation": "softmax"},
    "mean": {"reduction": "mean", "test_fraction": 0.3},
    "penalty": {"l1": 0.01, "l2": 0.1},
    **{name: {"optimizer": name} for name in OPTIMIZERS},
    **{f"{name} out": {"output_activation": name} for name in ACTIVATIONS},
}


def test_every_loss_is_among_the_choices():
    assert {end["loss"] for end in ENDS.values() if "loss" in end} == {*LOSSES}


@pytest.fixture
def programs(monkeypatch):
    """The kinds of programs that have run."""
    kinds, real = set(), Record.run

    def noted(record, series, **named):
        kinds.add("TorchScript" if isinstance(record.program, ScriptFunction) else "Python")
        real(record, series, **named)

    monkeypatch.setattr(Record, "run", noted)
    return kinds


@contextmanager
def recorder_off():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nets.training.program.ENABLED", False)
        yield


@contextmanager
def torchscript_refused():
    def refused(source):
        raise RuntimeError("no words")

    with pytest.MonkeyPatch.context() as patch:
        compiled.cache_clear()
        patch.setattr("torch.jit.CompilationUnit", refused)
        yield
        compiled.cache_clear()


def trained(run, many):
    """Train a run for 7 epochs, by a new loop, and with `many` two of its rates side by side."""
    run = replace(run, data=replace(run.data))
    runs = [with_learning_rate(run, rate) for rate in (0.01, 0.02)]
    return [advance(run, 7), *(advance_many(runs, 7) if many else ())]


def assert_equal(runs, others):
    for one, other in zip(runs, others, strict=True):
        assert torch.equal(one.history.parameters, other.history.parameters)
        assert torch.equal(one.history.loss, other.history.loss)
        if one.history.test_loss is not None:
            assert torch.equal(one.history.test_loss, other.history.test_loss)


@pytest.mark.parametrize("batch_size", [None, 2])
@pytest.mark.parametrize("bias_rule", BIAS_RULES)
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_training_by_program_is_training_to_the_last_bit(end, bias_rule, batch_size, programs):
    recorded = {"optimizer": "GradientDescent"} | end
    by_torchscript = {"TorchScript"} if recorded["optimizer"] == "GradientDescent" else set()
    sizes = {"xor": (2, 3, 1), "iris": (4, 3, 3)}.get(end.get("data"), (5, 3, 2))
    for hidden in ACTIVATIONS if "optimizer" not in end else ("tanh",):
        config = Config(
            **{
                "sizes": sizes,
                "hidden_activation": hidden,
                "examples": 5,
                "learning_rate": 0.01,
                "bias_rule": bias_rule,
                "batch_size": batch_size and (40 if sizes[0] == 4 else 2),
            }
            | end
        )
        run = start(config)
        by_program = trained(run, many=hidden == "tanh")
        assert programs == by_torchscript
        programs.clear()
        with recorder_off():
            by_itself = trained(run, many=hidden == "tanh")
        assert programs == set()
        assert_equal(by_program, by_itself)
        if hidden == "tanh":
            with torchscript_refused():
                assert_equal(trained(run, many=True), by_itself)
            assert programs == ({"Python"} if by_torchscript else set())
            programs.clear()


def test_other_threads_of_python_run_while_a_program_does():
    values, ticks, over = torch.zeros(1), [], Event()

    def tick():
        while not over.wait(0.001):
            ticks.append(time.perf_counter())

    program = Program(values.add_)
    program.run(torch.zeros(2, 1))
    clock = Thread(target=tick)
    clock.start()
    begun = time.perf_counter()
    program.run(torch.zeros(200_000, 1))  # one call, a tenth of a second or more
    ended = time.perf_counter()
    over.set()
    clock.join()
    # If the program held Python's lock, the clock would tick at its beginning and its end alone.
    assert sum(begun < moment < ended for moment in ticks) > 20


def test_a_new_learning_rate_reaches_the_recorded_calls():
    run = advance(start(Config()), 5)
    going_on = advance(with_learning_rate(run, 0.7), 5)
    fresh = advance(with_learning_rate(advance(start(Config()), 5), 0.7), 5)
    once_more = advance(with_learning_rate(replace(run, network=run.network.copy()), 0.7), 5)
    for other in (fresh, once_more):
        assert torch.equal(going_on.network.parameters, other.network.parameters)
    assert not torch.equal(going_on.network.parameters, advance(run, 5).network.parameters)


def test_the_memory_of_a_training_is_free_as_soon_as_nobody_uses_it():
    loop = quick_loop([start(Config())])
    loop.train(range(1, 30), 1)
    gone = ref(loop)
    del loop
    assert gone() is None
