"""Training: it changes no given run, gives the same in parts as at once, and needs no autograd."""

import threading
from dataclasses import replace

import pytest
import torch

from nets.config import Config
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.training.advance import advance
from nets.training.run import start, with_learning_rate

WORKS = {
    "notebook": Config(seed=1),
    "many examples": Config(sizes=(4, 6, 2), examples=40, learning_rate=0.01, seed=2),
    "gradient rule": Config(sizes=(4, 6, 2), examples=40, bias_rule="gradient", seed=3),
    "deep, mini-batches": Config(
        sizes=(3, 5, 4, 2),
        hidden_activation="tanh",
        output_activation="leaky_relu",
        bias_rule="gradient",
        reduction="mean",
        examples=37,
        batch_size=8,
        seed=4,
    ),
    "notebook rule, mini-batches": Config(examples=10, batch_size=3, seed=5),
    "penalty": Config(sizes=(4, 6, 2), examples=9, l1=0.01, l2=0.1, bias_rule="gradient", seed=6),
    "momentum": Config(examples=10, batch_size=3, optimizer="Momentum", seed=7),
    "Adam, penalty": Config(
        sizes=(3, 5, 4, 2),
        examples=37,
        batch_size=8,
        bias_rule="gradient",
        optimizer="Adam",
        learning_rate=0.01,
        l2=0.01,
        seed=8,
    ),
    "wide": Config(sizes=(30, 40, 16), examples=300, bias_rule="gradient", learning_rate=1e-3),
}


@pytest.fixture(params=WORKS.values(), ids=WORKS)
def run(request):
    return start(request.param)


def state(run):
    return [
        run.network.parameters.clone(),
        run.optimizer_state.clone(),
        run.history.loss.clone(),
        run.history.parameters.clone(),
        run.data.inputs.clone(),
        run.data.targets.clone(),
    ]


def same(run, other):
    pairs = zip(state(run), state(other), strict=True)
    return run.epoch == other.epoch and all(torch.equal(a, b) for a, b in pairs)


def test_the_given_run_stays_as_it_is(run):
    run = advance(run, 3)
    before = state(run)
    assert advance(run, 5).epoch == 8
    assert run.epoch == 3
    assert all(map(torch.equal, before, state(run)))


def test_the_same_run_gives_the_same_twice(run):
    run = advance(run, 2)
    assert same(advance(run, 6), advance(run, 6))


@pytest.mark.parametrize("slices", [(5, 6), (1,) * 11, (10, 1), (0, 11, 0)], ids=str)
def test_epochs_in_slices_are_the_epochs_in_one_go(run, slices):
    sliced = run
    for epochs in slices:
        sliced = advance(sliced, epochs)
    assert same(sliced, advance(run, 11))


def test_training_in_internal_parts_changes_nothing(run, monkeypatch):
    in_one_go = advance(run, 10)
    monkeypatch.setattr("nets.training.advance.EPOCHS_AT_ONCE", 3)
    assert same(advance(run, 10), in_one_go)


def test_a_run_that_was_continued_does_not_change_when_its_start_is_continued_again(run):
    run = advance(run, 2)
    slow = advance(run, 4)
    before = state(slow)
    fast = advance(with_learning_rate(run, 0.5), 4)
    assert all(map(torch.equal, before, state(slow)))
    assert not torch.equal(fast.network.parameters, slow.network.parameters)
    assert torch.equal(fast.history.loss[:3], slow.history.loss[:3])


def test_runs_in_threads_do_not_touch_each_other():
    begun = advance(start(WORKS["notebook"]), 3)
    others = [start(config) for config in WORKS.values()]
    work = [begun] * 4 + others
    results = [None] * len(work)

    def go(place):
        run = work[place]
        for _ in range(20):
            run = advance(run, 1)
        results[place] = run

    threads = [threading.Thread(target=go, args=(place,)) for place in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(same(got, advance(run, 20)) for got, run in zip(results, work, strict=True))


def test_training_in_another_thread_changes_no_bit(run):
    results = []
    thread = threading.Thread(target=lambda: results.append(advance(run, 30)))
    thread.start()
    thread.join()
    assert same(results[0], advance(run, 30))


def test_training_never_calls_autograd(run, monkeypatch):
    modes = []

    def forbidden(*args, **kwargs):
        raise AssertionError("training called autograd")

    def watched(output, targets, out):
        modes.append(torch.is_inference_mode_enabled())
        return slope(output, targets, out)

    slope = LOSSES[run.config.loss].slope
    for name in ("Tensor.backward", "Tensor.requires_grad_", "autograd.backward", "autograd.grad"):
        monkeypatch.setattr(f"torch.{name}", forbidden)
    object.__setattr__(LOSSES[run.config.loss], "slope", watched)
    try:
        trained = advance(run, 3)
    finally:
        object.__setattr__(LOSSES[run.config.loss], "slope", slope)
    assert modes
    assert all(modes)
    assert not any(values.requires_grad or values.grad_fn for values in state(trained))


def test_what_training_returns_can_be_used_with_autograd_on(run):
    trained = advance(run, 2)
    assert not any(values.is_inference() for values in state(trained))


def test_no_global_random_state_is_touched(run):
    before = torch.get_rng_state()
    advance(run, 3)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_loss_of_an_epoch_is_that_of_its_parameters(run):
    trained = advance(run, 6)
    for loss, parameters in zip(trained.history.loss, trained.history.parameters, strict=True):
        network = trained.network.with_parameters(parameters)
        output = forward(network, trained.data.inputs).output
        expected = LOSSES[run.config.loss].value(output, trained.data.targets)
        torch.testing.assert_close(loss, expected, rtol=1e-5, atol=1e-8)


def test_parameters_stay_views_of_one_flat_tensor(run):
    network = advance(run, 2).network
    storage = network.parameters.untyped_storage().data_ptr()
    for layer in network.layers:
        assert layer.weights.untyped_storage().data_ptr() == storage
        assert layer.biases.untyped_storage().data_ptr() == storage


@pytest.mark.parametrize("epochs", [-1, 1.5, "3", True, None])
def test_an_impossible_number_of_epochs_is_refused_by_name(epochs):
    with pytest.raises(ValueError, match="epochs must be a whole number"):
        advance(start(Config()), epochs)


@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_training_agrees_with_torch_s_own(reduction):
    config = Config(
        sizes=(4, 5, 2), bias_rule="gradient", examples=20, reduction=reduction, learning_rate=0.05
    )
    run = start(config)
    parts = [part.clone() for layer in run.network.layers for part in (layer.weights, layer.biases)]
    w1, b1, w2, b2 = (part.requires_grad_() for part in parts)
    optimizer = torch.optim.SGD([w1, b1, w2, b2], lr=0.05)
    for _ in range(50):
        output = torch.sigmoid(torch.sigmoid(run.data.inputs @ w1 + b1) @ w2 + b2)
        error = 0.5 * (output - run.data.targets).square().sum()
        optimizer.zero_grad()
        (error / 20 if reduction == "mean" else error).backward()
        optimizer.step()
    first, last = advance(run, 50).network.layers
    torch.testing.assert_close(
        [first.weights, first.biases, last.weights, last.biases],
        [w1.detach(), b1.detach(), w2.detach(), b2.detach()],
        rtol=1e-4,
        atol=1e-5,
    )


@pytest.mark.parametrize("batch_size", [None, 3])
def test_a_run_can_be_continued_several_times_with_the_same_result(batch_size):
    config = Config(sizes=(3, 4, 2), examples=8, batch_size=batch_size)
    run, fresh = advance(start(config), 5), advance(start(config), 9)
    first = advance(run, 4)
    with_rate = advance(with_learning_rate(run, 0.7), 4)
    second = advance(run, 4)
    for one in (first, second):
        assert torch.equal(one.network.parameters, fresh.network.parameters)
        assert torch.equal(one.history.loss, fresh.history.loss)
    assert not torch.equal(with_rate.network.parameters, fresh.network.parameters)
    assert torch.equal(run.network.parameters, advance(start(config), 5).network.parameters)


def test_a_run_whose_data_were_replaced_trains_on_the_new_data():
    run, data = advance(start(Config(examples=4))), start(Config(examples=4, seed=9)).data
    other = replace(run, data=data)
    expected = advance(start(run.config, data=data, network=run.network)).network.parameters
    assert torch.equal(advance(other).network.parameters, expected)
