"""Derived inputs: computed from x1 and x2, so that the network need not learn them itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from nets.data.examples import Data

Points = Float[Tensor, "N 2"]
PLANE_INPUTS = 2  # x1 and x2, of a data set in the plane


@dataclass(frozen=True)
class Feature:
    """An input computed from x1 and x2.

    Attributes:
        name: what `Config.derived` and a link call it.
        title: its name on the page.
        of: computes it, (N, 2) to (N,).
        notebook: the same in the notebook's style, of `x`.
    """

    name: str
    title: str
    of: Callable[[Points], Float[Tensor, " N"]]
    notebook: str


FEATURES = {
    feature.name: feature
    for feature in (
        Feature("x1_squared", "x1²", lambda points: points[:, 0].square(), "x[:, 0].square()"),
        Feature("x2_squared", "x2²", lambda points: points[:, 1].square(), "x[:, 1].square()"),
        Feature(
            "x1_times_x2", "x1·x2", lambda points: points[:, 0] * points[:, 1], "x[:, 0] * x[:, 1]"
        ),
        Feature("sin_x1", "sin x1", lambda points: points[:, 0].sin(), "x[:, 0].sin()"),
        Feature("sin_x2", "sin x2", lambda points: points[:, 1].sin(), "x[:, 1].sin()"),
    )
}


def add_features(inputs: Points, names: Sequence[str]) -> Float[Tensor, "N columns"]:
    """Append derived inputs to x1 and x2: (N, 2) to (N, 2 + number of names)."""
    return torch.cat([inputs, *(FEATURES[name].of(inputs)[:, None] for name in names)], dim=1)


def with_features(data: Data, names: Sequence[str]) -> Data:
    """Return the same examples with derived inputs; without names, the data itself."""
    if not names:
        return data
    titles = tuple(FEATURES[name].title for name in names)
    return replace(
        data,
        inputs=add_features(data.inputs, names),
        input_names=(*data.input_names, *titles),
    )
