"""Diagnosis: every problem is reported when it is true, and not a little earlier."""

import itertools
import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nets.analysis.diagnosis import DIFFERENCE, SAMPLE, Plateau, RisingLoss, diagnose
from nets.analysis.symptoms import (
    VANISHED,
    DeadRelus,
    Neuron,
    Saturated,
    Symmetric,
    VanishingGradients,
)
from nets.config import Config
from nets.data.examples import Data
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.engine.network import Network
from nets.presets import PRESETS
from nets.training.advance import advance
from nets.training.run import Divergence, start, with_learning_rate

TORCHS_OWN = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": torch.nn.functional.leaky_relu,
    "linear": torch.clone,
}


def made(layers, inputs, targets, hidden="linear", output="linear"):
    """Make a run at epoch 0 with these first weights and data."""
    data = Data(torch.as_tensor(inputs), torch.as_tensor(targets))
    network = Network.of(layers)
    activations = {"hidden_activation": hidden, "output_activation": output}
    return start(Config(sizes=network.sizes, **activations), data=data, network=network)


def found(run, kind):
    """The one diagnosis of this kind, or None."""
    return next((diagnosis for diagnosis in diagnose(run) if isinstance(diagnosis, kind)), None)


def hidden_at(places, hidden, output="linear"):
    """Make a run with one hidden neuron whose z, one for each example, are these places."""
    inputs = torch.tensor(places)[:, None]
    return made([([[1.0]], [0.0]), ([[1.0]], [0.0])], inputs, torch.ones_like(inputs), hidden)


@pytest.mark.parametrize(
    ("activation", "edge"), [("sigmoid", math.log(99)), ("tanh", math.atanh(0.98))]
)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_neuron_within_one_percent_of_an_end_of_its_range_is_saturated(activation, edge, sign):
    symptom = found(hidden_at([sign * (edge + 1e-3)], activation), Saturated)
    assert (symptom.neurons, symptom.of) == ((Neuron(1, 0),), 2)
    assert (symptom.least, symptom.examples) == (1, 1)
    assert symptom.steepness == pytest.approx(4 * 0.01 * 0.99, rel=1e-2)
    assert found(hidden_at([sign * (edge - 1e-3)], activation), Saturated) is None


def test_a_neuron_is_saturated_if_flat_for_nine_in_ten_examples():
    symptom = found(hidden_at([9.0] * 5 + [-9.0] * 4 + [0.0], "sigmoid"), Saturated)
    assert (symptom.least, symptom.examples) == (9, 10)
    assert found(hidden_at([9.0] * 8 + [0.0] * 2, "sigmoid"), Saturated) is None


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "linear"])
def test_an_activation_without_two_flat_ends_is_never_saturated(activation):
    assert found(hidden_at([1e4, -1e4], activation), Saturated) is None


@pytest.mark.parametrize(
    ("target", "saturated"), [(0.0, True), (0.98, True), (0.995, False), (1.0, False), (2.0, False)]
)
def test_an_output_at_the_same_end_as_its_target_is_not_saturated(target, saturated):
    run = made([([[1.0]], [9.0])], [[0.0]], [[target]], output="sigmoid")
    assert (found(run, Saturated) is not None) == saturated


def test_a_relu_is_dead_if_it_is_0_for_every_example():
    assert found(hidden_at([-1.0, 0.0], "relu"), DeadRelus) == DeadRelus((Neuron(1, 0),), 1, 2)
    assert found(hidden_at([-1.0, 1e-6], "relu"), DeadRelus) is None
    assert found(hidden_at([-1.0, 0.0], "leaky_relu"), DeadRelus) is None


@pytest.mark.parametrize(("target", "dead"), [(1.0, True), (0.0, False), (-1.0, False)])
def test_an_output_of_0_is_dead_only_if_a_target_is_above_0(target, dead):
    run = made([([[1.0]], [-1.0])], [[0.0]], [[target]], output="relu")
    assert (found(run, DeadRelus) is not None) == dead


@pytest.mark.parametrize(("factor", "vanished"), [(1.01, True), (0.99, False)])
def test_gradients_have_vanished_at_a_hundredth_of_the_last_layer(factor, vanished):
    run = made([([[1.0]], [0.0]), ([[1 / (VANISHED * factor)]], [0.0])], [[1.0]], [[1.0]])
    symptom = found(run, VanishingGradients)
    assert (symptom is not None) == vanished
    if vanished:
        assert symptom.ratio == pytest.approx(VANISHED * factor, rel=1e-5)
        assert symptom.last == pytest.approx(1 - 1 / (VANISHED * factor), rel=1e-5)


def test_a_first_gradient_of_0_has_vanished():
    run = made([([[1.0]], [0.0]), ([[0.0]], [0.0])], [[1.0]], [[1.0]])
    assert found(run, VanishingGradients).ratio == math.inf


@pytest.mark.parametrize(
    ("inputs", "target"), [(1e-4, 9.0), (0.0, 9.0), (1.0, 2.0)], ids=["small", "zero", "no error"]
)
def test_small_inputs_or_no_error_are_not_vanishing_gradients(inputs, target):
    run = made([([[1.0]], [1.0]), ([[1.0]], [0.0])], [[inputs]], [[target]])
    assert found(run, VanishingGradients) is None
    assert found(made([([[1.0]], [0.0])], [[1.0]], [[target]]), VanishingGradients) is None


ALIKE = [([[0.3, 0.5, 0.3], [-2.0, 1.0, -2.0]], [0.1, 0.1, 0.1]), ([[0.7], [0.7], [0.7]], [0.0])]


def test_neurons_with_equal_incoming_weights_bias_and_outgoing_weights_are_symmetric():
    run = made(ALIKE, [[1.0, 2.0]], [[1.0]])
    assert found(run, Symmetric) == Symmetric(((Neuron(1, 0), Neuron(1, 2)),), 0.0)


@pytest.mark.parametrize("place", [(0, 0), (0, 1), (0, 2), (1, 0)])
@pytest.mark.parametrize(("share", "symmetric"), [(1e-3, False), (1e-6, True)])
def test_any_difference_beyond_rounding_breaks_the_symmetry(place, share, symmetric):
    network = Network.of(ALIKE)
    layer, row = place
    network.layers[layer].matrix[row, 0] *= 1 + share
    layers = [(layer.weights, layer.biases) for layer in network.layers]
    symptom = found(made(layers, [[1.0, 2.0]], [[1.0]]), Symmetric)
    assert (symptom is not None) == symmetric
    assert symptom is None or 0 < symptom.difference < 1e-5


def test_every_group_of_every_hidden_layer_is_listed_and_outputs_are_not():
    sizes = 2, 4, 3, 2
    layers = [(torch.ones(i, o), torch.zeros(o)) for i, o in itertools.pairwise(sizes)]
    layers[0][0][:, 2:] = 5.0
    groups = found(made(layers, [[1.0, 2.0]], [[1.0, 1.0]]), Symmetric).groups
    places = [[(neuron.layer, neuron.index) for neuron in group] for group in groups]
    assert places == [[(1, 0), (1, 1)], [(1, 2), (1, 3)], [(2, 0), (2, 1), (2, 2)]]


@pytest.mark.parametrize("rule", ["notebook", "gradient"])
def test_symmetric_neurons_stay_symmetric_in_training(rule):
    config = Config(sizes=(2, 3, 1), bias_rule=rule, examples=7)
    run = advance(start(config, network=Network.of(ALIKE)), 2000)
    assert found(run, Symmetric).groups == ((Neuron(1, 0), Neuron(1, 2)),)


def test_a_divergence_is_reported_until_the_learning_rate_changes():
    begun = start(Config(output_activation="linear", hidden_activation="linear", examples=5))
    stopped = advance(with_learning_rate(begun, 3.0), 200)
    assert stopped.divergence is not None
    assert found(stopped, Divergence) == stopped.divergence
    assert found(with_learning_rate(stopped, 0.1), Divergence) is None
    assert found(begun, Divergence) is None


def test_a_loss_that_rises_is_reported():
    config = Config(sizes=(1, 1), output_activation="linear", learning_rate=1.5)
    data = Data(torch.ones(1, 1), torch.zeros(1, 1))
    assert found(advance(start(config, data=data), 3), RisingLoss).rate == 1.5
    gentle = replace(config, learning_rate=0.1)
    assert found(advance(start(gentle, data=data), 3), RisingLoss) is None


def test_outputs_on_a_plateau_are_reported_with_a_rate_that_leaves_it():
    config = replace(PRESETS["xor"], sizes=(2, 2, 1), learning_rate=0.1, batch_size=1)
    run = advance(start(config), 224)
    (found,) = diagnose(run)
    outputs, targets = forward(run.network, run.data.inputs).output, run.data.targets
    assert (found.low, found.high) == (outputs.min().item(), outputs.max().item())
    assert found.high - found.low < DIFFERENCE
    mean = torch.full_like(targets, outputs.mean().item())
    assert found.constant_loss == pytest.approx(((targets - mean) ** 2).mean().item() / 2)
    assert found.loss == pytest.approx(run.loss)
    assert found.times is not None
    quicker = advance(start(replace(config, learning_rate=0.1 * found.times)), 224)
    assert quicker.loss == found.larger_loss < run.loss / 2


def test_a_run_that_has_left_the_plateau_has_no_problem():
    run = advance(start(replace(PRESETS["xor"], sizes=(2, 2, 1), batch_size=1)), 2000)
    assert run.loss < 0.01
    assert not any(isinstance(found, Plateau) for found in diagnose(run))


def test_of_too_many_examples_only_evenly_spaced_ones_are_checked():
    places = torch.full((SAMPLE + 1,), -1.0)
    places[-1] = 1.0
    assert found(hidden_at(places.tolist(), "relu"), DeadRelus) is None
    places[-1], places[1] = -1.0, 1.0
    assert found(hidden_at(places.tolist(), "relu"), DeadRelus).examples == SAMPLE // 2 + 1
    assert found(hidden_at(places[1:].tolist(), "relu"), DeadRelus) is None


@pytest.mark.parametrize("epochs", [0, 1, 100])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "config",
    [
        Config(examples=20),
        Config(sizes=(2, 4, 1), data="xor", bias_rule="gradient", learning_rate=1.0),
        Config(sizes=(4, 6, 3), data="iris", bias_rule="gradient", learning_rate=0.01),
    ],
    ids=["notebook", "xor", "iris"],
)
def test_a_healthy_run_has_no_problem(config, seed, epochs):
    found = diagnose(advance(start(replace(config, seed=seed)), epochs))
    assert [each for each in found if not isinstance(each, Plateau)] == []


def recomputed(run):
    """Slopes of every layer and gradients of its weights, by torch alone in float64."""
    x, slopes, weights, a = run.data.inputs.double(), [], [], run.data.inputs.double()
    for layer in run.network.layers:
        w = layer.weights.double().requires_grad_()
        z = a @ w + layer.biases.double()
        a = TORCHS_OWN[layer.activation.name](z)
        at = z.detach().clone().requires_grad_()
        (slope,) = torch.autograd.grad(TORCHS_OWN[layer.activation.name](at).sum(), at)
        slopes.append(slope)
        weights.append(w)
    loss = LOSSES[run.config.loss].value(a, run.data.targets.double()) * len(x)
    return slopes, torch.autograd.grad(loss, weights)


@settings(max_examples=150)
@given(
    st.integers(0, 10_000),
    st.sampled_from([(5, 3, 1), (2, 4, 4, 2), (3, 2, 2, 2, 2, 1)]),
    st.sampled_from(list(TORCHS_OWN)),
    st.sampled_from(["sigmoid", "relu", "linear"]),
    st.integers(1, 12),
    st.sampled_from([0, 1, 30]),
)
def test_every_report_is_true(seed, sizes, hidden, output, examples, epochs):
    config = Config(
        sizes=sizes,
        hidden_activation=hidden,
        output_activation=output,
        examples=examples,
        seed=seed,
    )
    run = advance(start(config), epochs)
    slopes, gradients = recomputed(run)
    steepest = {"sigmoid": 0.25, "tanh": 1.0}
    said = diagnose(run)
    kinds = [type(diagnosis) for diagnosis in said]
    assert len(set(kinds)) == len(kinds)
    assert (run.divergence in said) == (run.divergence is not None)
    for symptom in said:
        match symptom:
            case Saturated():
                for neuron in symptom.neurons:
                    activation = run.network.layers[neuron.layer - 1].activation.name
                    share = slopes[neuron.layer - 1][:, neuron.index] / steepest[activation]
                    assert (share < 0.0397).sum() >= symptom.least >= 0.9 * examples
            case DeadRelus():
                for neuron in symptom.neurons:
                    assert (slopes[neuron.layer - 1][:, neuron.index] == 0).all()
            case VanishingGradients():
                first, last = (g.abs().mean().item() for g in (gradients[0], gradients[-1]))
                assert symptom.first == pytest.approx(first, rel=1e-2, abs=1e-30)
                assert symptom.last == pytest.approx(last, rel=1e-2)
                assert last > 99 * first
            case Symmetric():
                pytest.fail("weights drawn at random are never alike")


@given(st.integers(0, 10_000), st.sampled_from(["sigmoid", "tanh"]), st.integers(1, 5))
def test_every_hidden_neuron_that_is_flat_for_all_examples_is_reported(seed, hidden, examples):
    run = start(Config(hidden_activation=hidden, examples=examples, seed=seed))
    slopes, _ = recomputed(run)
    flat = slopes[0] < 0.039 * {"sigmoid": 0.25, "tanh": 1.0}[hidden]
    wanted = {Neuron(1, index) for index in range(3) if flat[:, index].all()}
    symptom = found(run, Saturated)
    assert wanted <= set(symptom.neurons if symptom else ())


def test_a_diagnosis_does_not_change_the_run():
    run = advance(start(Config(learning_rate=30.0, examples=6)), 5)
    before = run.network.parameters.clone(), run.history.loss.clone()
    assert diagnose(run) == diagnose(run)
    assert torch.equal(run.network.parameters, before[0])
    assert torch.equal(run.history.loss, before[1])
