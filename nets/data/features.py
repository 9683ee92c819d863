"""Derived inputs: numbers made of two inputs, so that a network need not find them itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from nets.data.examples import Data

Points = Float[Tensor, "N 2"]
PLANE_INPUTS = 2  # inputs of the data sets that can have derived ones


@dataclass(frozen=True)
class Feature:
    """An input made of two others.

    Attributes:
        name: what `Config.derived` and a link call it.
        title: what its neuron is called.
        of: makes it, (N, 2) to (N,).
    """

    name: str
    title: str
    of: Callable[[Points], Float[Tensor, " N"]]


FEATURES = {
    derived.name: derived
    for derived in (
        Feature("x1_squared", "x1²", lambda points: points[:, 0].square()),
        Feature("x2_squared", "x2²", lambda points: points[:, 1].square()),
        Feature("x1_times_x2", "x1·x2", lambda points: points[:, 0] * points[:, 1]),
        Feature("sin_x1", "sin x1", lambda points: points[:, 0].sin()),
        Feature("sin_x2", "sin x2", lambda points: points[:, 1].sin()),
    )
}


def add_features(inputs: Points, names: Sequence[str]) -> Float[Tensor, "N columns"]:
    """Put derived inputs beside two own ones: (N, 2) to (N, 2 + number of names)."""
    return torch.cat([inputs, *(FEATURES[name].of(inputs)[:, None] for name in names)], dim=1)


def with_features(data: Data, names: Sequence[str]) -> Data:
    """Return the same examples with derived inputs, named so; without names the data itself."""
    if not names:
        return data
    titles = tuple(FEATURES[name].title for name in names)
    return replace(
        data,
        inputs=add_features(data.inputs, names),
        input_names=(*data.input_names, *titles),
    )
