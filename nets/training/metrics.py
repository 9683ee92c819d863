"""Scores: how many classes a network gets right, and how much of the numbers it explains."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from nets.config import Config
from nets.data.examples import CLASSES, Data, labels_of
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.engine.network import Network
from nets.training.run import Run


@dataclass(frozen=True)
class Score:
    """What a network makes of some examples.

    Attributes:
        examples: how many there are.
        loss: per example.
        accuracy: the share of classes that are right; None where the targets are numbers.
        confusion: how many examples of each class (row) were taken for each class (column).
        r2: for each output the share of its targets' variance that is explained; None where the
            targets are classes, and for an output whose targets are all the same.
    """

    examples: int
    loss: float
    accuracy: float | None = None
    confusion: Int[Tensor, "classes classes"] | None = None
    r2: tuple[float | None, ...] = ()


def score(run: Run, data: Data) -> Score:
    """Let a run's network, as it is now, answer examples, and compare."""
    output = forward(run.network, data.inputs).output
    loss = LOSSES[run.config.loss].value(output, data.targets).item()
    if data.task != CLASSES:
        return Score(len(data), loss, r2=explained(output, data.targets))
    said, true = classes_of(output, run.config), labels_of(data.targets)
    count = max(2, data.targets.shape[1])
    return Score(len(data), loss, accuracy(said, true), confusion(said, true, count))


def accuracy_of(network: Network, config: Config, data: Data) -> float:
    """Return the share of examples whose class a network gets right."""
    said = classes_of(forward(network, data.inputs).output, config)
    return accuracy(said, labels_of(data.targets))


def classes_of(output: Float[Tensor, "N n_output"], config: Config) -> Int[Tensor, " N"]:
    """Say which class outputs stand for: the largest's, or 1 where a single one is high."""
    if output.shape[1] == 1:
        return (output[:, 0] > LOSSES[config.loss].threshold).long()
    return output.argmax(dim=1)


def accuracy(said: Int[Tensor, " N"], true: Int[Tensor, " N"]) -> float:
    """Return the share of classes that are right, as `sklearn.metrics.accuracy_score` does."""
    return int((said == true).sum()) / len(true)


def confusion(
    said: Int[Tensor, " N"], true: Int[Tensor, " N"], classes: int
) -> Int[Tensor, "classes classes"]:
    """Count the examples of each class by what was said, as `sklearn.metrics.confusion_matrix`."""
    return torch.bincount(true * classes + said, minlength=classes**2).view(classes, classes)


def explained(
    output: Float[Tensor, "N n_output"], targets: Float[Tensor, "N n_output"]
) -> tuple[float | None, ...]:
    """Return R² = 1 - Σ (y - ŷ)² / Σ (y - mean y)² of each output, as `sklearn.metrics.r2_score`.

    1 is perfect, 0 no better than the mean of the targets, and less is worse than that.
    """
    output, targets = output.double(), targets.double()
    left = (targets - output).square().sum(dim=0)
    total = (targets - targets.mean(dim=0)).square().sum(dim=0)
    varied = (targets != targets[0]).any(dim=0)
    pairs = zip(left / total, varied, strict=True)
    return tuple(1 - share.item() if varies else None for share, varies in pairs)
