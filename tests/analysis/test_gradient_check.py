"""Gradient check: right gradients pass, wrong ones are found and named."""

import itertools
from dataclasses import replace

import pytest
import torch

from nets.analysis import autograd
from nets.analysis.autograd import Objective, find_torch_activation, find_torch_loss
from nets.analysis.gradient_check import check_gradients
from nets.analysis.gradients_by_hand import compute_by_hand
from nets.analysis.verdict import summarize
from nets.config import REDUCTIONS, Config
from nets.data.examples import Data
from nets.engine.activations import ACTIVATIONS, ONE, Activation
from nets.engine.backprop import BIAS_RULES
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.engine.softmax import FOR_OUTPUTS
from nets.page.visitor.selection import Selection
from nets.training.advance import advance
from nets.training.run import FUSED, start

SIZES = {1: (3, 2), 2: (4, 3, 2), 5: (2, 4, 3, 1, 5, 3)}
OUTPUTS = dict(zip(ACTIVATIONS, [*list(ACTIVATIONS)[1:], next(iter(ACTIVATIONS))], strict=True))
FITTING = [
    (loss, output)
    for loss, output in itertools.product(LOSSES, ACTIVATIONS)
    if loss != "BCELoss" or output == "sigmoid"
]
HIDDEN = "tanh", "relu", "softplus"
SETTINGS = list(itertools.product(REDUCTIONS, BIAS_RULES))


def run_of(hidden="sigmoid", output="sigmoid", depth=2, loss="SquaredError", **settings):
    """Begin a run; for a loss of probabilities with targets from 0 to 1."""
    config = Config(
        sizes=SIZES[depth], examples=7, hidden_activation=hidden, output_activation=output
    )
    config = replace(config, **{"bias_rule": "gradient"} | settings)
    data = start(config).data
    if LOSSES[loss].probabilities:
        data = Data(data.inputs, data.targets.softmax(dim=1))
    return start(replace(config, loss=loss), data=data)


def names(rows):
    return [row.parameter for row in rows]


@pytest.mark.parametrize(("hidden", "output"), OUTPUTS.items())
def test_every_gradient_by_hand_agrees_except_layer_sums_of_biases(hidden, output):
    for seed, (depth, (reduction, rule)) in enumerate(itertools.product(SIZES, SETTINGS)):
        run = run_of(hidden, output, depth, reduction=reduction, bias_rule=rule, seed=seed)
        verdict = summarize(check_gradients(run))
        assert verdict.wrong == []
        assert verdict.largest_difference < 1e-7 * max(1, verdict.largest_gradient)
        if rule == "gradient":
            assert verdict.layer_sums == []
        assert all(row.is_bias for row in verdict.layer_sums)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_gradients_of_every_loss_agree_for_every_output_activation_it_accepts(loss):
    every = [(hidden, output) for name, output in FITTING if name == loss for hidden in HIDDEN]
    for seed, (hidden, output) in enumerate(every):
        reduction, rule = SETTINGS[seed % len(SETTINGS)]
        run = run_of(hidden, output, loss=loss, reduction=reduction, bias_rule=rule, seed=seed)
        verdict = summarize(check_gradients(run))
        assert verdict.wrong == []
        assert all(row.is_bias for row in verdict.layer_sums)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_neither_saturation_nor_large_numbers_raise_a_false_alarm(activation):
    scales = itertools.product([0.01, 1.0, 30.0], [1.0, 1e4], range(3))
    for (weights, inputs, seed), rule in itertools.product(scales, BIAS_RULES):
        begun = run_of(activation, activation, 2, bias_rule=rule, seed=seed)
        network = begun.network.with_parameters(begun.network.parameters * weights)
        data = Data(begun.data.inputs * inputs, begun.data.targets)
        run = start(begun.config, data=data, network=network)
        assert summarize(check_gradients(run)).wrong == []


@pytest.mark.parametrize("rule", BIAS_RULES)
def test_a_converged_run_raises_no_false_alarm(rule):
    config = Config(
        sizes=(5, 8, 1), output_activation="linear", bias_rule=rule, learning_rate=0.1, seed=4
    )
    run = advance(start(config), 3000)
    assert run.loss < 1e-12
    assert summarize(check_gradients(run)).wrong == []


def test_all_three_gradients_equal_those_of_a_torch_model():
    run = run_of("tanh", "linear", 2)
    layers = [layer for fans in ((4, 3), (3, 2)) for layer in (torch.nn.Linear(*fans).double(),)]
    for linear, layer in zip(layers, run.network.layers, strict=True):
        linear.weight.data, linear.bias.data = layer.weights.mT.double(), layer.biases[0].double()
    network = torch.nn.Sequential(layers[0], torch.nn.Tanh(), layers[1])
    output = network(run.data.inputs.double())
    error = torch.nn.functional.mse_loss(output, run.data.targets.double(), reduction="sum") / 2
    error.backward()
    expected = torch.cat(
        [g.flatten() for linear in layers for g in (linear.weight.grad.mT, linear.bias.grad)]
    )
    rows = check_gradients(run)
    for field, within in (("by_hand", 1e-12), ("autograd", 1e-12), ("finite_difference", 1e-7)):
        got = torch.tensor([getattr(row, field) for row in rows], dtype=torch.float64)
        torch.testing.assert_close(got, expected, rtol=within, atol=within)


@pytest.mark.parametrize("rule", BIAS_RULES)
def test_a_leaky_relu_without_its_leak_is_caught_and_named(monkeypatch, rule):
    def settings():
        return run_of("leaky_relu", "sigmoid", 2, bias_rule=rule)

    right = check_gradients(settings())
    for table in (ACTIVATIONS, FUSED):
        wrong = replace(table["leaky_relu"], slope=ACTIVATIONS["relu"].slope)
        monkeypatch.setitem(table, "leaky_relu", wrong)
    rows = check_gradients(settings())
    changed = [a.parameter for a, b in zip(rows, right, strict=True) if a.by_hand != b.by_hand]
    assert len(changed) > 3
    assert all(name[1] == "1" for name in changed)
    assert names(summarize(rows).wrong) == changed


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "linear"])
def test_a_slightly_wrong_slope_is_caught(monkeypatch, name):
    def slope(z, a, out):
        return ACTIVATIONS["linear"].slope(z, a, out).mul_(0.999)

    def slightly_off(z, a, out):
        return right.slope(z, a, out).mul_(1 + 1e-6)

    right = FUSED[name]
    for wrong in (slope, slightly_off):
        monkeypatch.setitem(FUSED, name, replace(right, slope=wrong, back=None))
        assert summarize(check_gradients(run_of(name, name))).wrong


def test_a_wrong_value_or_slope_of_the_loss_is_caught(monkeypatch):
    right = LOSSES["SquaredError"]
    wrong_value = replace(right, value=lambda output, targets: 1.1 * right.value(output, targets))
    wrong_slope = replace(right, slope=lambda o, t, out: right.slope(o, t, out).mul_(2))
    for wrong in (wrong_value, wrong_slope):
        monkeypatch.setitem(LOSSES, "SquaredError", wrong)
        rows = check_gradients(run_of())
        assert len(summarize(rows).wrong) == len(rows)


def test_a_wrong_notebook_rule_is_caught(monkeypatch):
    wrong = replace(
        BIAS_RULES["notebook"],
        gradient=lambda delta, out: out.copy_(delta.mean((-2, -1), True)),
    )
    monkeypatch.setitem(BIAS_RULES, "notebook", wrong)
    verdict = summarize(check_gradients(run_of(bias_rule="notebook")))
    assert set(names(verdict.wrong)) == set(names(verdict.biases))


@pytest.mark.parametrize("sizes", [(5, 3, 1), (2, 7, 3), (1, 1, 1)])
def test_the_uphill_biases_are_those_of_the_notebook_code(sizes):
    moved_wrong = 0
    for seed in range(60):
        run = start(Config(sizes=sizes, seed=seed, examples=3))
        x, y = run.data.inputs.double(), run.data.targets.double()
        (w1, b1), (w2, b2) = (
            (la.weights.double(), la.biases.double()) for la in run.network.layers
        )
        a1 = 1 / (1 + torch.exp(-(x @ w1 + b1)))
        output = 1 / (1 + torch.exp(-(a1 @ w2 + b2)))
        d_outp = (y - output) * (output * (1 - output))
        d_hidn = (d_outp @ w2.t()) * (a1 * (1 - a1))
        expected = [
            f"b{number}[{place}]"
            for number, delta in ((1, d_hidn), (2, d_outp))
            for place in range(delta.shape[1])
            if delta.sum() * delta[:, place].sum() < 0
        ]
        wrong = names(summarize(check_gradients(run)).uphill)
        assert wrong == expected
        moved_wrong += bool(wrong)
    assert (moved_wrong > 30) == (sizes[1] > 1)


def test_the_only_bias_of_a_layer_follows_its_gradient_under_both_rules():
    verdict = summarize(check_gradients(start(Config())))
    assert names(verdict.layer_sums) == ["b1[0]", "b1[1]", "b1[2]"]
    assert "b2[0]" in names(verdict.agreeing)


def test_the_check_changes_neither_the_run_nor_the_global_random_stream():
    run = advance(start(Config(examples=4)), 20)
    before = run.network.parameters.clone(), run.history.loss.clone(), torch.get_rng_state()
    rows = check_gradients(run)
    after = run.network.parameters, run.history.loss, torch.get_rng_state()
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    assert check_gradients(run) == rows
    expected = advance(start(Config(examples=4)), 40)
    assert torch.equal(advance(run, 20).network.parameters, expected.network.parameters)


def test_the_check_works_inside_no_grad():
    run = run_of()
    with torch.no_grad():
        assert summarize(check_gradients(run)).wrong == []


def test_activations_are_compared_with_those_that_torch_has():
    z = torch.randn(5, 10, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    for row in (ACTIVATIONS | FOR_OUTPUTS).values():
        torch.testing.assert_close(find_torch_activation(row)(z), row.value(z, torch.empty_like(z)))


def test_every_loss_except_the_notebook_s_is_compared_with_torch():
    output, targets = torch.rand(2, 6, 3, generator=torch.Generator().manual_seed(0)).softmax(dim=2)
    for name, row in LOSSES.items():
        assert bool(row.oracle) == (name != "SquaredError")
        expected = row.value(output, targets)
        torch.testing.assert_close(find_torch_loss(row)(output, targets), expected)


def test_an_output_at_the_kink_of_its_loss_raises_no_false_alarm():
    run = run_of("tanh", "linear", loss="L1Loss")
    met = forward(run.network, run.data.inputs).output
    rows = check_gradients(start(run.config, data=Data(run.data.inputs, met)))
    verdict = summarize(rows)
    assert verdict.wrong == []
    assert verdict.unreliable


def test_an_activation_unknown_to_torch_is_differentiated_itself(monkeypatch):
    def softsign(z, out):
        return torch.div(z, torch.add(z.abs(), ONE), out=out)

    def slope(z, a, out):
        return torch.add(z.abs(), ONE, out=out).pow_(-2)

    for right in (True, False):
        row = Activation(
            "not_in_torch",
            softsign,
            slope if right else ACTIVATIONS["linear"].slope,
            formula="{x} / (1 + |{x}|)",
            slope_formula="1 / (1 + |{x}|)²",
            notebook="z / (1 + z.abs())",
            notebook_slope="1 / (1 + z.abs()) ** 2",
        )
        monkeypatch.setitem(ACTIVATIONS, "not_in_torch", row)
        monkeypatch.setitem(FUSED, "not_in_torch", row)
        assert bool(summarize(check_gradients(run_of("not_in_torch"))).wrong) != right


@pytest.mark.parametrize("depth", SIZES)
def test_rows_have_the_names_of_the_page_in_the_order_of_the_network(depth):
    run = run_of(depth=depth)
    rows, sizes = check_gradients(run), run.config.sizes
    assert [str(Selection.named(row.parameter, sizes)) for row in rows] == names(rows)
    assert len(rows) == sum((a + 1) * b for a, b in itertools.pairwise(sizes))


@pytest.mark.parametrize("rule", BIAS_RULES)
@pytest.mark.parametrize("example", [0, 2, 3, 7])
def test_what_is_computed_by_hand_for_one_example_is_its_own(monkeypatch, rule, example):
    monkeypatch.setattr(autograd, "EXAMPLES_AT_ONCE", 3)
    run = start(Config(sizes=(3, 4, 2), examples=8, bias_rule=rule, reduction="sum", seed=3))
    network = run.network.copy(torch.float64)
    computed = compute_by_hand(network, Objective.of(run), rule, example)
    alone = forward(network, run.data.inputs[example : example + 1].double())
    for ours, expected in zip(computed.activity.outputs, alone.outputs, strict=True):
        torch.testing.assert_close(ours, expected)
    error = alone.output - run.data.targets[example : example + 1].double()
    slope = alone.output * (1 - alone.output)
    torch.testing.assert_close(computed.gradients.deltas[-1], error * slope)
