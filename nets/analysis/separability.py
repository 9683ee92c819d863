"""Straight: examples that no straight line divides, so that it takes a hidden layer."""

import itertools
from collections.abc import Iterator

import torch

from nets.analysis.symptoms import Inseparable
from nets.data.examples import Data
from nets.engine.compatibility import lowest_loss
from nets.engine.losses import LOSSES
from nets.engine.network import Network
from nets.training.run import Run

FEW = 8  # examples that are looked at in pairs


def inseparable(network: Network, data: Data) -> Inseparable | None:
    """Find two pairs of examples that are the same to a network without a hidden layer, but not so.

    Both pairs have the same sum of inputs and so, whatever the weights, the same sum of z; but the
    targets are 1 in one pair and 0 in the other. That cannot be divided; where no such pairs are
    found, nothing is known.
    """
    if len(network.layers) > 1 or len(data) > FEW or data.targets.shape[1] != 1:
        return None
    for ones, zeros in itertools.product(_pairs(data, 1.0), list(_pairs(data, 0.0))):
        if torch.equal(data.inputs[list(ones)].sum(dim=0), data.inputs[list(zeros)].sum(dim=0)):
            return Inseparable(ones, zeros)
    return None


def best_possible_loss(run: Run) -> float:
    """Compute the loss per example that no training goes below, 0 where no such bound is known.

    Either targets are out of the output's reach, or there are four examples that no straight line
    separates: the bound is then the loss of answering ½ everywhere.
    """
    config, targets = run.config, run.data.targets
    loss, bound = LOSSES[config.loss], lowest_loss(targets, config.output_activation, config.loss)
    half_is_best = config.output_activation in loss.half_after and len(targets) == 4
    if not half_is_best or inseparable(run.network, run.data) is None:
        return bound
    exact = targets.to(torch.float64)
    return max(bound, loss.value(torch.full_like(exact, loss.threshold), exact).item())


def _pairs(data: Data, target: float) -> Iterator[tuple[int, int]]:
    places = [n for n, row in enumerate(data.targets) if row.item() == target]
    return itertools.combinations(places, 2)
