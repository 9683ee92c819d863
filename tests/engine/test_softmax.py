"""Softmax: the output whose neurons depend on each other, against torch.softmax and autograd."""

import itertools
from dataclasses import replace

import pytest
import torch

from nets import Config, Data, Network, advance, advance_many, start
from nets.analysis.autograd import find_torch_loss
from nets.analysis.diagnosis import Saturated, diagnose
from nets.analysis.gradient_check import check_gradients
from nets.analysis.verdict import summarize
from nets.config import REDUCTIONS
from nets.engine.activations import ACTIVATIONS
from nets.engine.activity import Activity
from nets.engine.backprop import BIAS_RULES, backward
from nets.engine.compatibility import IncompatibleChoice, lowest_loss
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.engine.network import initialize
from nets.engine.softmax import FOR_OUTPUTS
from nets.engine.storage import augment
from nets.explain.arithmetic import format_line, gives
from nets.explain.derivation import derive
from nets.explain.phases import Phase, trace_update
from nets.explain.quantities import Quantities
from nets.seeds import stream

SOFTMAX, TANH = FOR_OUTPUTS["softmax"], ACTIVATIONS["tanh"]
SIZES = {1: (3, 4), 2: (4, 3, 2), 4: (2, 4, 3, 5, 3)}
IRIS = Config((4, 5, 3), output_activation="softmax", data="iris", bias_rule="gradient")


def work(depth, batch, dtype=torch.float64):
    """Make a network, inputs, and targets that add up to 1."""
    activations = [TANH] * (depth - 1) + [SOFTMAX]
    network = initialize(SIZES[depth], activations, stream(depth)).copy(dtype)
    drawn = torch.randn(batch, 16, generator=stream(batch), dtype=dtype)
    inputs, targets = drawn[:, : network.sizes[0]], drawn[:, -network.sizes[-1] :].softmax(1)
    return network, inputs.contiguous(), targets


def by_autograd(network, inputs, targets, loss):
    """∂(loss summed over the examples)/∂parameter, in the order of the network."""
    parameters = network.parameters.clone().requires_grad_()
    x = inputs
    for layer in network.with_parameters(parameters).layers:
        z = x @ layer.weights + layer.biases
        x = torch.softmax(z, dim=-1) if layer.activation.back else torch.tanh(z)
    value = find_torch_loss(LOSSES[loss])(x, targets)
    return torch.autograd.grad(value * len(targets), parameters)[0]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("far", [1.0, 30.0, 1000.0])
def test_values_and_backpropagated_errors_are_those_of_torch_and_finite(dtype, far):
    z = far * torch.randn(50, 4, generator=stream(1), dtype=dtype)
    z[0], z[1], z[2, :2] = far, -far, torch.tensor([far, -far])
    delta = torch.randn(50, 4, generator=stream(2), dtype=dtype)
    leaf = z.clone().requires_grad_()
    a = torch.softmax(leaf, dim=-1)
    (expected,) = torch.autograd.grad(a, leaf, delta)
    for turned in (False, True):  # examples in rows, or in columns as in the augmented layout
        out = torch.empty(4, 50, dtype=dtype).mT if turned else torch.empty(50, 4, dtype=dtype)
        assert SOFTMAX.value(z, out) is out
        torch.testing.assert_close(out, a.detach())
        passed = delta.mT.contiguous().mT if turned else delta.clone()
        SOFTMAX.back(passed, out)
        torch.testing.assert_close(passed, expected)
        assert out.isfinite().all()
        assert passed.isfinite().all()


def test_the_slope_is_the_derivative_of_an_output_by_its_own_sum():
    z = torch.randn(4, generator=stream(3), dtype=torch.float64)
    own = torch.autograd.functional.jacobian(lambda z: torch.softmax(z, -1), z).diagonal()
    torch.testing.assert_close(SOFTMAX.slope(z, z.softmax(-1), torch.empty_like(z)), own)


@pytest.mark.parametrize("depth", SIZES)
@pytest.mark.parametrize("loss", LOSSES)
def test_backward_agrees_with_autograd(loss, depth):
    for batch, augmented in itertools.product((1, 33), (False, True)):
        network, inputs, targets = work(depth, batch)
        x = augment(inputs) if augmented else inputs
        activity = forward(network, x, Activity.empty(network, x, augmented=augmented))
        gradients = backward(network, activity, targets, LOSSES[loss])
        expected = by_autograd(network, inputs, targets, loss)
        torch.testing.assert_close(gradients.parameters, expected, rtol=1e-9, atol=1e-12)


def test_every_layer_may_be_softmax():
    network = initialize((3, 4, 2, 3), [SOFTMAX] * 3, stream(1)).copy(torch.float64)
    _, inputs, targets = work(4, 5)
    inputs = torch.cat([inputs, inputs[:, :1]], dim=1)
    gradients = backward(network, forward(network, inputs), targets, LOSSES["SquaredError"])
    expected = by_autograd(network, inputs, targets, "SquaredError")
    torch.testing.assert_close(gradients.parameters, expected)


def test_networks_trained_together_equal_those_trained_alone():
    runs = [start(replace(IRIS, seed=seed, learning_rate=0.01)) for seed in range(4)]
    for together, alone in zip(advance_many(runs, 20), runs, strict=True):
        expected = advance(alone, 20)
        torch.testing.assert_close(together.network.parameters, expected.network.parameters)
        torch.testing.assert_close(together.history.loss, expected.history.loss)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_gradient_check_agrees(loss):
    for reduction, rule in itertools.product(REDUCTIONS, BIAS_RULES):
        config = replace(IRIS, loss=loss, reduction=reduction, bias_rule=rule)
        for run in (start(config), advance(start(replace(config, learning_rate=1e-3)), 50)):
            assert summarize(check_gradients(run)).wrong == []


def test_softmax_is_for_output_layers_of_two_neurons_or_more():
    with pytest.raises(ValueError, match="hidden_activation must be one of sigmoid, tanh"):
        Config(hidden_activation="softmax")
    with pytest.raises(ValueError, match="hidden_activation must be one of"):
        Network.of([([[1.0]], [0.0])], hidden_activation="softmax")
    with pytest.raises(
        IncompatibleChoice, match="n_output must be at least 2 for a softmax output"
    ) as refused:
        Config(output_activation="softmax")
    assert Config(**refused.value.remedy).output_activation == "sigmoid"
    with pytest.raises(IncompatibleChoice) as refused:
        Config(output_activation="softmax", loss="CrossEntropyLoss")
    assert Config(**refused.value.remedy)


def test_losses_of_probabilities_accept_softmax_outputs():
    for loss in (name for name, row in LOSSES.items() if row.probabilities):
        run = advance(start(replace(IRIS, loss=loss, learning_rate=0.001)), 20)
        assert run.loss < run.history.loss[0]


def test_iris_is_learned_with_a_softmax_output():
    for loss in ("SquaredError", "BCELoss"):
        run = start(replace(IRIS, loss=loss, learning_rate=0.1, batch_size=10))
        run = advance(run, 100)
        answers = forward(run.network, run.data.inputs).output
        torch.testing.assert_close(answers.sum(dim=1), torch.ones(150))
        right = answers.argmax(dim=1) == run.data.targets.argmax(dim=1)
        assert right.float().mean() >= 0.95


def test_no_training_goes_below_the_lowest_loss():
    targets = torch.tensor([[2.0, -1.0], [1.0, 1.0]])
    data = Data(torch.tensor([[1.0, 0.0], [0.0, 1.0]]), targets)
    run = advance(start(Config((2, 3, 2), output_activation="softmax"), data=data), 500)
    assert run.history.loss.min() >= lowest_loss(targets, "softmax", "SquaredError") > 0


@pytest.mark.parametrize("far", [1.0, 1000.0])
@pytest.mark.parametrize(("loss", "reduction"), list(itertools.product(LOSSES, REDUCTIONS)))
def test_every_line_of_softmax_adds_up_to_the_number_of_the_engine(loss, reduction, far):
    begun = start(replace(IRIS, loss=loss, reduction=reduction, batch_size=4))
    network = begun.network.with_parameters(begun.network.parameters * far)
    step = trace_update(start(begun.config, data=begun.data, network=network))
    for row, neuron in itertools.product(range(4), range(3)):
        factors = Quantities(step, row)
        there = derive(factors, Phase("forward", 2), neuron)
        back = derive(factors, Phase("backward", 2), neuron, 1)
        assert there[-1].value == step.activity.output[row, neuron]
        assert back[-2].value == step.gradients.deltas[-1][row, neuron]
        for line in (*there, *back):
            if line.terms:
                computed = float(line.compute(line.format_factors(25)))
                assert computed == pytest.approx(line.value, rel=1e-9, abs=1e-12)
            for digits in (2, 4, 6):
                shown = format_line(line, digits)
                assert not line.terms or gives(line, shown.factors, shown.result)


def test_an_output_stuck_at_0_is_diagnosed_as_saturated():
    network = Network.of([([[0.0, 0.0]], [-20.0, 20.0])], output_activation="softmax")
    data = Data(torch.tensor([[1.0], [2.0]]), torch.tensor([[1.0, 0.0], [1.0, 0.0]]))
    run = start(Config((1, 2), output_activation="softmax"), data=data, network=network)
    (found,) = [each for each in diagnose(run) if isinstance(each, Saturated)]
    assert len(found.neurons) == 2
