"""Splitting: some examples are kept aside, to test on what the network has never seen."""

from dataclasses import replace

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from nets.data.examples import CLASSES, Data, labels_of
from nets.data.real import standardised


class SplitError(ValueError):
    """No example can be spared for testing."""


def split(data: Data, fraction: float, generator: torch.Generator) -> tuple[Data, Data]:
    """Keep a fraction of the examples aside, chosen at random: (what is trained on, what is not).

    Of classes the same fraction of each is kept aside, as nearly as there are whole examples, and
    every class keeps one for training at least. One example at least is kept aside. Both parts
    stay in their order. Standardised inputs are standardised anew, both parts with the mean and
    the spread of what is trained on, so that training knows nothing of what it will be tested on.

    Raises:
        Unsplittable: if no example can be spared.
    """
    order = torch.randperm(len(data), generator=generator)
    groups = labels_of(data.targets) if data.task == CLASSES else torch.zeros(len(data)).long()
    aside = torch.zeros(len(data), dtype=torch.bool)
    for group, count in enumerate(_shares(groups.bincount(), fraction)):
        aside[order[groups[order] == group][:count]] = True
    if not aside.any():
        raise SplitError(
            "test_fraction must be 0 where there is no more than one example"
            f"{' of each class' if data.task == CLASSES else ''}; got {fraction:g}."
        )
    return _part(data, ~aside, ~aside), _part(data, aside, ~aside)


def _shares(sizes: Int[Tensor, " groups"], fraction: float) -> list[int]:
    """Say how many of each group to keep aside: the largest remainders are rounded up."""
    wished = sizes * fraction
    most = (sizes - 1).clamp(min=0)
    shares = torch.minimum(wished.floor().long(), most)
    total = max(1, round(wished.sum().item()))
    for group in (wished - shares).argsort(descending=True, stable=True):
        if shares.sum() < total and shares[group] < most[group]:
            shares[group] += 1
    return [int(share) for share in shares]


def _part(data: Data, rows: Bool[Tensor, " N"], known: Bool[Tensor, " N"]) -> Data:
    """Take some rows; standardise them, where that is wished, by those that are known."""
    inputs, coding = data.inputs[rows], data.coding
    if data.standardised:
        inputs = standardised(inputs, data.inputs[known])
        coding = coding and coding.standardised_anew(data.inputs[known])
    return replace(data, inputs=inputs, targets=data.targets[rows], coding=coding)
