"""Gradient check: gradients by hand, by autograd and by finite differences, compared."""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from nets.analysis.autograd import Objective, differentiate_by_torch, nearly_equal
from nets.analysis.finite_differences import STEP, compute_finite_differences
from nets.analysis.gradients_by_hand import ByHand, compute_by_hand
from nets.analysis.verdict import CheckedGradient, QuickCheck
from nets.engine.names import bias_name, weight_name
from nets.engine.network import Network
from nets.engine.storage import matrix_shapes, starts_of
from nets.seeds import stream
from nets.training.run import Run

# Finite differences are computed for all parameters of a small network, for a sample of a large.
LARGEST_SAMPLE, SMALLEST_SAMPLE = 400, 8
WORK = 2**31  # parameters · examples · sample size: a second or two on one core
QUICK_CHECK_WORK = 2**20  # parameters · examples of a quick check: a few milliseconds
# A generous bound for the rounding error of a gradient of size 1.
ROUNDING = 1000 * torch.finfo(torch.float64).eps
# The relative difference between two estimates that count as equal: by hand and autograd, and
# autograd and finite difference.
TOLERANCE, FINITE_DIFFERENCE_TOLERANCE = 1e-9, 1e-4


@dataclass(frozen=True)
class Estimates:
    """What was computed for every parameter, in float64.

    Attributes:
        by_hand, autograd: the gradient by our backpropagation and by torch.
        layer_sum: the sum of the gradients of all biases of the layer, by torch, for a bias under
            the notebook's rule; otherwise NaN.
        finite_difference: the gradient by a finite difference; NaN if it was not computed.
        unreliable: whether the finite difference crossed a kink or the loss is rough there.
        rounding, finite_difference_rounding: a bound for the rounding error of the first two, and
            of the finite difference.
    """

    by_hand: Float[Tensor, " n_parameters"]
    autograd: Float[Tensor, " n_parameters"]
    layer_sum: Float[Tensor, " n_parameters"]
    finite_difference: Float[Tensor, " n_parameters"]
    unreliable: Bool[Tensor, " n_parameters"]
    rounding: Float[Tensor, " n_parameters"]
    finite_difference_rounding: Float[Tensor, " n_parameters"]


def check_gradients(
    run: Run, report: Callable[[float], object] = lambda done: None
) -> list[CheckedGradient]:
    """Compute the gradient of every parameter by hand, by autograd and by finite differences.

    All three are gradients of the same objective: the loss of all examples, summed or averaged,
    plus the penalty, at the run's present epoch, in float64. For a large network with many examples
    the finite differences are computed for a random sample of the parameters. At the kink of a
    ReLU, by hand and by autograd the slope is that of the left side. The run does not change.

    Args:
        run: the run, at its present epoch.
        report: is told the share that is done, from 0 to 1.

    Returns:
        One row per parameter, in the order of the network: each layer's weights, then its biases.
    """
    network, objective = run.network.copy(torch.float64), Objective.of(run)
    computed = compute_by_hand(network, objective, run.config.bias_rule)
    by_hand, scales = computed.gradients.parameters, computed.input_scales
    indices = list_indices(network)
    autograd, value = differentiate_by_torch(network, objective)
    layer_sum = sum_over_layers(network, autograd, run.config.bias_rule)
    sample = indices[draw_sample(run, len(indices))]
    finite_difference = torch.full_like(autograd, torch.nan)
    unreliable = torch.zeros(len(autograd), dtype=torch.bool)
    finite_difference[sample], unreliable[sample] = compute_finite_differences(
        network, objective, sample, scales, report
    )
    examples = len(run.data) if objective.reduction == "sum" else 1
    rounding = bound_rounding(network, value + examples, scales)
    columns = by_hand, autograd, layer_sum, finite_difference, unreliable, rounding, rounding / STEP
    estimates = Estimates(*(column[indices] for column in columns))
    return compare(list_names(network), estimates)


def quick_check(run: Run, computed: ByHand | None = None) -> QuickCheck:
    """Compare every gradient by hand with autograd's and count; quick enough for every step.

    Of many examples only the first ones are used; a wrong gradient shows on those as well.

    Args:
        run: the run, at its present epoch.
        computed: what was computed by hand for all of its examples, if it was.
    """
    objective = Objective.of(run)
    most = max(1, QUICK_CHECK_WORK // len(run.network.parameters))
    if computed is None or len(run.data) > most:
        first = objective.inputs[:most], objective.targets[:most]
        objective = replace(objective, inputs=first[0], targets=first[1])
        network = run.network.copy(torch.float64)
        computed = compute_by_hand(network, objective, run.config.bias_rule)
    network = computed.network
    by_hand = computed.gradients.parameters
    indices = list_indices(network)
    autograd, value = differentiate_by_torch(network, objective)
    layer_sum = sum_over_layers(network, autograd, run.config.bias_rule)
    rounding = bound_rounding(network, value + most, computed.input_scales)
    agrees = nearly_equal(by_hand, autograd, TOLERANCE, rounding)[indices]
    is_layer_sum = nearly_equal(by_hand, layer_sum, TOLERANCE, rounding)[indices] & ~agrees
    wrong = ~agrees & ~is_layer_sum
    return QuickCheck(len(indices), int(is_layer_sum.sum()), int(wrong.sum()))


def list_indices(network: Network) -> Int[Tensor, " n_parameters"]:
    """List the positions of all parameters in the flat tensor, in the order of `list_names`."""
    shapes = matrix_shapes(network.sizes)
    pairs = zip(starts_of(shapes), shapes, strict=False)
    return torch.cat([torch.arange(begin, begin + n * m) for begin, (n, m) in pairs])


def list_names(network: Network) -> list[str]:
    """List the names of all parameters: each layer's weights, then its biases."""
    names: list[str] = []
    for number, (fan_in, fan_out) in enumerate(itertools.pairwise(network.sizes), start=1):
        names += [weight_name(number, i, j) for i in range(fan_in) for j in range(fan_out)]
        names += [bias_name(number, j) for j in range(fan_out)]
    return names


def sum_over_layers(
    network: Network, gradients: Float[Tensor, " length"], bias_rule: str
) -> Float[Tensor, " length"]:
    """Sum the gradients of the biases over each layer, as the notebook's rule does; else NaN."""
    sums = network.with_parameters(torch.full_like(gradients, torch.nan))
    if bias_rule == "notebook":
        layers = network.with_parameters(gradients).layers
        for layer, gradient in zip(sums.layers, layers, strict=True):
            layer.biases.fill_(gradient.biases.sum().item())
    return sums.parameters


def draw_sample(run: Run, parameters: int) -> Int[Tensor, " count"]:
    """Draw the numbers of the parameters to compute finite differences for: all, if time allows."""
    affordable = max(SMALLEST_SAMPLE, WORK // (parameters * len(run.data)))
    count = min(parameters, LARGEST_SAMPLE, affordable)
    if count == parameters:
        return torch.arange(parameters)
    order = torch.randperm(parameters, generator=stream(run.config.seed, "gradient check"))
    return order[:count].sort().values


def bound_rounding(
    network: Network, size: Float[Tensor, ""], input_scales: Float[Tensor, " length"]
) -> Float[Tensor, " length"]:
    """Bound the rounding error of each gradient, for a loss of this size."""
    return ROUNDING * size * network.parameters.abs().max().clamp(min=1) * input_scales


def compare(names: Sequence[str], found: Estimates) -> list[CheckedGradient]:
    """Compare the estimates: one row per parameter, in the order of the names."""
    confirmed = nearly_equal(
        found.autograd,
        found.finite_difference,
        FINITE_DIFFERENCE_TOLERANCE,
        found.finite_difference_rounding,
    )
    unreliable = found.unreliable & ~confirmed
    sound = confirmed | unreliable | found.finite_difference.isnan()
    agrees = sound & nearly_equal(found.by_hand, found.autograd, TOLERANCE, found.rounding)
    is_layer_sum = nearly_equal(found.by_hand, found.layer_sum, TOLERANCE, found.rounding)
    is_layer_sum &= sound & ~agrees
    from_finite = (found.by_hand - found.finite_difference).abs()
    from_finite = from_finite.masked_fill(unreliable, 0).nan_to_num(0)
    difference = (found.by_hand - found.autograd).abs().maximum(from_finite)
    columns = found.by_hand, found.autograd, found.finite_difference, difference
    numbers = cast(Any, torch.stack(columns, dim=1)).tolist()
    marks = cast(Any, torch.stack((agrees, is_layer_sum, unreliable), dim=1)).tolist()
    return [
        CheckedGradient(name, by_hand, autograd, None if math.isnan(finite) else finite, apart, *of)
        for name, (by_hand, autograd, finite, apart), of in zip(names, numbers, marks, strict=True)
    ]
