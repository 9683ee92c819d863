"""Splitting: some examples are held out as test data, which the network never learns from."""

from dataclasses import replace

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from nets.data.examples import CLASSES, Data, labels_of
from nets.data.real import standardise


class SplitError(ValueError):
    """There are too few examples to hold one out."""


def split(data: Data, fraction: float, generator: torch.Generator) -> tuple[Data, Data]:
    """Hold out a fraction of the examples, chosen at random: (training data, test data).

    Each class gives about the same fraction, and keeps at least one example for training. At least
    one example is held out. Both parts keep their order. Standardised inputs of both parts are
    standardised again, with mean and standard deviation of the training data, so that training
    knows nothing of the test data.

    Raises:
        SplitError: if there are too few examples.
    """
    order = torch.randperm(len(data), generator=generator)
    groups = labels_of(data.targets) if data.task == CLASSES else torch.zeros(len(data)).long()
    held_out = torch.zeros(len(data), dtype=torch.bool)
    for group, count in enumerate(_counts(groups.bincount(), fraction)):
        held_out[order[groups[order] == group][:count]] = True
    if not held_out.any():
        raise SplitError(
            "test_fraction must be 0 if there is only one example"
            f"{' of each class' if data.task == CLASSES else ''}; got {fraction:g}."
        )
    return _part(data, ~held_out, ~held_out), _part(data, held_out, ~held_out)


def _counts(sizes: Int[Tensor, " groups"], fraction: float) -> list[int]:
    """Say how many examples of each group to hold out; the largest remainders are rounded up."""
    exact = sizes * fraction
    most = (sizes - 1).clamp(min=0)
    counts = torch.minimum(exact.floor().long(), most)
    total = max(1, round(exact.sum().item()))
    for group in (exact - counts).argsort(descending=True, stable=True):
        if counts.sum() < total and counts[group] < most[group]:
            counts[group] += 1
    return [int(count) for count in counts]


def _part(data: Data, rows: Bool[Tensor, " N"], training: Bool[Tensor, " N"]) -> Data:
    """Take some rows; standardised inputs are standardised again by the training rows."""
    inputs, encoding = data.inputs[rows], data.encoding
    if data.standardised:
        inputs = standardise(inputs, data.inputs[training])
        encoding = encoding and encoding.restandardised(data.inputs[training])
    return replace(data, inputs=inputs, targets=data.targets[rows], encoding=encoding)
