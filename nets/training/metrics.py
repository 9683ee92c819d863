"""Metrics: the accuracy and confusion matrix of predicted classes, the R² of numbers."""

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
    """How well a network predicts some examples.

    Attributes:
        examples: how many there are.
        loss: per example.
        accuracy: the fraction of examples whose class is right; None if the targets are numbers.
        confusion: how many examples of each true class (row) got each predicted class (column).
        r2: for each output the fraction of its targets' variance that is explained, or None if its
            targets are all the same; empty if the targets are classes.
    """

    examples: int
    loss: float
    accuracy: float | None = None
    confusion: Int[Tensor, "classes classes"] | None = None
    r2: tuple[float | None, ...] = ()


def score(run: Run, data: Data) -> Score:
    """Predict examples with the present network of a run, and compare with their targets."""
    output = forward(run.network, data.inputs).output
    loss = LOSSES[run.config.loss].value(output, data.targets).item()
    if data.task != CLASSES:
        return Score(len(data), loss, r2=explained(output, data.targets))
    predicted, true = classes_of(output, run.config), labels_of(data.targets)
    count = max(2, data.targets.shape[1])
    return Score(len(data), loss, accuracy(predicted, true), confusion(predicted, true, count))


def accuracy_of(network: Network, config: Config, data: Data) -> float:
    """Return the fraction of examples whose class a network predicts correctly."""
    predicted = classes_of(forward(network, data.inputs).output, config)
    return accuracy(predicted, labels_of(data.targets))


def classes_of(output: Float[Tensor, "N n_output"], config: Config) -> Int[Tensor, " N"]:
    """Return the predicted classes: that of the largest output, or 1 for a high single output."""
    if output.shape[1] == 1:
        return (output[:, 0] > LOSSES[config.loss].threshold).long()
    return output.argmax(dim=1)


def describe_classes(config: Config) -> str:
    """Say how an output becomes a class: the rule of `classes_of` in a sentence."""
    if config.sizes[-1] > 1:
        return "The predicted class is the one with the largest output."
    threshold = LOSSES[config.loss].threshold
    return f"An output above {threshold:g} counts as class 1, any other as class 0."


def accuracy(predicted: Int[Tensor, " N"], true: Int[Tensor, " N"]) -> float:
    """Return the fraction of classes that are right, as `sklearn.metrics.accuracy_score` does."""
    return int((predicted == true).sum()) / len(true)


def confusion(
    predicted: Int[Tensor, " N"], true: Int[Tensor, " N"], classes: int
) -> Int[Tensor, "classes classes"]:
    """Count examples by true and predicted class, as `sklearn.metrics.confusion_matrix` does."""
    return torch.bincount(true * classes + predicted, minlength=classes**2).view(classes, classes)


def explained(
    output: Float[Tensor, "N n_output"], targets: Float[Tensor, "N n_output"]
) -> tuple[float | None, ...]:
    """Return R² = 1 - Σ (y - ŷ)² / Σ (y - mean y)² of each output, as `sklearn.metrics.r2_score`.

    1 is perfect. 0 is as good as the mean of the targets. Below 0 is worse than the mean.
    """
    output, targets = output.double(), targets.double()
    left = (targets - output).square().sum(dim=0)
    total = (targets - targets.mean(dim=0)).square().sum(dim=0)
    varied = (targets != targets[0]).any(dim=0)
    pairs = zip(left / total, varied, strict=True)
    return tuple(1 - share.item() if varies else None for share, varies in pairs)
