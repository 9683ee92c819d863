"""Phases: the numbers of an update agree with autograd and with torch.optim.SGD."""

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from independent import SINGLE, Update, networks

from nets import Config, advance, start
from nets.explain.phases import Phase, phases, trace_update, updates_per_epoch


def updated(step, **options):
    run, rows = step.run, list(step.rows)
    x, y = run.data.inputs[rows], run.data.targets[rows]
    return Update(run.config, step.network, x, y, run.learning_rate, **options)


@given(st.integers(1, 9))
def test_phases_go_forward_through_the_layers_then_the_loss_then_back(layers):
    steps, numbers = zip(*((p.step, p.layer) for p in phases(layers)), strict=True)
    assert steps == ("forward",) * layers + ("loss",) + ("backward",) * layers + ("update",)
    assert numbers[:layers] == tuple(range(1, layers + 1))
    assert numbers[layers + 1 : -1] == numbers[:layers][::-1]
    assert numbers[layers] == numbers[-1] == Phase("loss").layer


@given(networks, st.data())
def test_every_number_of_an_update_agrees_with_autograd_and_torch_sgd(config, data):
    run = start(config)
    step = trace_update(run, data.draw(st.integers(0, updates_per_epoch(run) - 1)))
    expected = updated(step)
    found = {
        "sums": step.activity.sums,
        "outputs": step.activity.outputs,
        "slopes": step.gradients.slopes,
        "deltas": step.gradients.deltas,
        "weights": step.gradients.weights,
        "biases": step.gradients.biases,
        "new_weights": [layer.weights for layer in step.after.layers],
        "new_biases": [layer.biases for layer in step.after.layers],
    }
    for name, tensors in found.items():
        for about, tensor in zip(getattr(expected, name), tensors, strict=True):
            assert tensor.dtype == torch.float64
            assert about.misses(tensor) <= 0, name


@given(networks)
def test_the_updates_of_an_epoch_use_every_example_once_and_list_their_rows(config):
    run = start(config)
    steps = [trace_update(run, batch) for batch in range(updates_per_epoch(run))]
    assert sorted(row for step in steps for row in step.rows) == list(range(config.examples))
    for step in steps:
        rows = list(step.rows)
        assert torch.equal(step.activity.inputs[0], run.data.inputs[rows].double())
        assert torch.equal(step.targets, run.data.targets[rows].double())


@given(networks, st.integers(0, 2))
def test_the_updates_of_an_epoch_in_order_lead_to_the_next_epoch(config, epochs):
    run = advance(start(config), epochs)
    trained = advance(run, 1)
    assume(trained.divergence is None)
    steps = [trace_update(run, batch) for batch in range(updates_per_epoch(run))]
    assert torch.equal(steps[0].network.parameters, run.network.parameters.double())
    next_networks = [*(step.network for step in steps[1:]), trained.network]
    for step, reached in zip(steps, next_networks, strict=True):
        expected = updated(step, eps=SINGLE)
        for number, (then, layer) in enumerate(zip(step.after.layers, reached.layers, strict=True)):
            for about, exact, single in (
                (expected.new_weights[number], then.weights, layer.weights),
                (expected.new_biases[number], then.biases, layer.biases),
            ):
                assert ((single.double() - exact).abs() <= about.error).all()


@given(networks)
def test_tracing_an_update_changes_neither_the_run_nor_the_global_random_stream(config):
    run = advance(start(config), 1)
    before = run.network.parameters.clone(), run.history.loss.clone(), torch.get_rng_state()
    expected = advance(run, 1).network.parameters
    steps = [trace_update(run, batch) for batch in range(updates_per_epoch(run))]
    assert all(step.run is run for step in steps)
    after = run.network.parameters, run.history.loss, torch.get_rng_state()
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    assert torch.equal(advance(run, 1).network.parameters, expected)


@pytest.mark.parametrize(
    ("examples", "batch_size", "count"), [(7, None, 1), (7, 3, 3), (6, 3, 2), (1, 1, 1), (5, 9, 1)]
)
def test_an_epoch_has_one_update_per_mini_batch(examples, batch_size, count):
    assert updates_per_epoch(start(Config(examples=examples, batch_size=batch_size))) == count
