"""Straight: examples that no straight line divides, so that it takes a hidden layer."""

import itertools
from collections.abc import Iterator

import torch

from nets.analysis.symptoms import Inseparable
from nets.data.examples import Data
from nets.engine.losses import LOSSES
from nets.engine.network import Network
from nets.engine.reach import loss_floor
from nets.training.run import Run

FEW = 8  # examples that are looked at in pairs
# After these outputs the best that can be done with two such pairs is to answer ½ everywhere. Of a
# loss that is convex in z that follows from z being as large in one pair as in the other; of a
# squared error after a sigmoid the tests search all z.
HALF = {
    ("SquaredError", "sigmoid"): 0.5,
    ("SquaredError", "linear"): 0.5,
    ("MSELoss", "sigmoid"): 0.5,
    ("MSELoss", "linear"): 0.5,
    ("BCELoss", "sigmoid"): 0.5,
    ("BCEWithLogitsLoss", "linear"): 0.0,  # whose sigmoid is ½
}


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

    Either because targets are out of the output's reach, or because the four examples there are
    cannot be divided: then it is the loss of answering ½ everywhere.
    """
    config, targets = run.config, run.data.targets
    floor = loss_floor(targets, config.output_activation, config.loss)
    half = HALF.get((config.loss, config.output_activation))
    if half is None or len(targets) != 4 or inseparable(run.network, run.data) is None:
        return floor
    wanted = targets.to(torch.float64)
    return max(floor, LOSSES[config.loss].value(torch.full_like(wanted, half), wanted).item())


def _pairs(data: Data, target: float) -> Iterator[tuple[int, int]]:
    places = [n for n, row in enumerate(data.targets) if row.item() == target]
    return itertools.combinations(places, 2)
