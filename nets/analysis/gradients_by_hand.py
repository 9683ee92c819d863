"""Gradients by hand: steps 1 to 3 for all examples of a run at once, in double precision."""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from nets.analysis.autograd import Objective
from nets.engine.activity import Activity, Gradients
from nets.engine.four_steps import LearningRule, forward_and_backward
from nets.engine.network import Network
from nets.engine.storage import augment


@dataclass(frozen=True)
class ByHand:
    """What steps 1 to 3 compute for all examples of a run, in float64.

    Attributes:
        network: in float64, before the update.
        activity: of one example, which was chosen.
        gradients: of all examples; the deltas and slopes are those of the chosen example.
        bias_gradients: of every bias, layer by layer, where `gradients` has the notebook's sums.
        input_scales: for each parameter the largest |input| that it multiplies, over all examples.
    """

    network: Network
    activity: Activity
    gradients: Gradients
    bias_gradients: list[Tensor] | None
    input_scales: Float[Tensor, " length"]


def compute_by_hand(
    network: Network, objective: Objective, bias_rule: str, example: int = 0
) -> ByHand:
    """Take steps 1 to 3 for all examples, as training does; choose an example by its number."""
    totals = network.with_parameters(torch.zeros_like(network.parameters))
    scales = network.with_parameters(torch.ones_like(network.parameters))
    rule = LearningRule(objective.loss, bias_rule, objective.reduction)  # the penalty counts once
    augmented, (at, row) = bias_rule == "gradient", divmod(example, objective.at_once)
    shared = bias_rule == "notebook" and max(network.sizes[1:]) > 1
    own = [torch.zeros_like(layer.biases) for layer in network.layers] if shared else []
    chosen = None
    for number, (inputs, targets, share) in enumerate(objective.parts()):
        fed = augment(inputs) if augmented else inputs
        room = Activity.empty(network, fed, augmented=augmented)
        activity, gradients = forward_and_backward(network, fed, targets, rule, room)
        totals.parameters.add_(gradients.parameters, alpha=share)
        _raise_to_inputs(scales, activity)
        for total, delta in zip(own, gradients.deltas, strict=False):
            total.add_(delta.sum(dim=0, keepdim=True), alpha=share)
        if number == at:
            chosen = _of_one_example(network, activity, gradients, row, share)
        del room, activity, gradients  # before those of the next part are made
    assert chosen is not None
    weights = tuple([layer.weights for layer in totals.layers])
    if objective.penalty is not None:
        objective.penalty.add_slope(network, weights)
    activity, gradients = chosen
    biases = tuple([layer.biases for layer in totals.layers])
    whole = replace(gradients, parameters=totals.parameters, weights=weights, biases=biases)
    return ByHand(network, activity, whole, own or None, scales.parameters)


def _of_one_example(
    network: Network, activity: Activity, gradients: Gradients, row: int, share: float
) -> tuple[Activity, Gradients]:
    """Copy what was computed for one example, so that the rest can be freed."""
    at = slice(row, row + 1)
    one = Activity.empty(network, activity.inputs[0][at].clone())
    computed = (*activity.sums, *activity.outputs)
    for copy, of_all in zip((*one.sums, *one.outputs), computed, strict=True):
        copy.copy_(of_all[at])
    deltas = tuple([delta[at] * share for delta in gradients.deltas])
    slopes = tuple([slope[at].clone() for slope in gradients.slopes])
    return one, replace(gradients, deltas=deltas, slopes=slopes, groups=())


def _raise_to_inputs(scales: Network, activity: Activity) -> None:
    """Raise the scale of each weight to the largest |input| that it multiplies, in place."""
    for layer, fed in zip(scales.layers, activity.inputs, strict=True):
        layer.weights.copy_(layer.weights.maximum(fed.abs().amax(dim=0)[:, None]))
