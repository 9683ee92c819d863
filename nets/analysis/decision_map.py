"""Plane: a grid of points over one or two inputs, and what every neuron makes of each of them."""

from dataclasses import dataclass, replace
from typing import Self

import torch
from jaxtyping import Float
from torch import Tensor

from nets.data.examples import Data
from nets.data.features import add_features
from nets.engine.activity import Activity, augment
from nets.engine.forward import forward
from nets.engine.network import Network
from nets.training.run import Run

MARGIN = 0.08  # of the data's extent, on every side
ALIKE = 3.0  # times one extent that the other may be for both to have one measure
MOST_AXES = 2

Range = tuple[float, float]


def axes_of(run: Run) -> Float[Tensor, "N n_axes"]:
    """Return the data's own inputs, before anything is derived from them."""
    return _own(run, run.data).inputs


def inputs_of(run: Run, points: Float[Tensor, "places n_axes"]) -> Float[Tensor, "places n_input"]:
    """Turn points of the data's own axes into what the network is fed."""
    return add_features(points, run.config.derived) if run.config.derived else points


def point_sets(run: Run) -> dict[str, Data]:
    """Return the examples that a picture shows, with their own inputs, by what they are for."""
    sets = {"training": run.data} | ({} if run.test is None else {"test": run.test})
    return {name: _own(run, data) for name, data in sets.items()}


def _own(run: Run, data: Data) -> Data:
    """Leave out what is derived from other inputs: the last columns."""
    if not run.config.derived:
        return data
    own = len(data.input_names) - len(run.config.derived)
    return replace(data, inputs=data.inputs[:, :own], input_names=data.input_names[:own])


def ranges_of(run: Run) -> tuple[Range, ...]:
    """Return from where to where each axis goes: over all points, with a margin.

    Two axes of about the same extent have one measure, so that distances are what they look like.
    """
    points = torch.cat([data.inputs for data in point_sets(run).values()])
    low, high = points.amin(dim=0), points.amax(dim=0)
    extents = (high - low).where(high > low, torch.ones(()))
    if extents.max() <= ALIKE * extents.min():
        extents = extents.max().expand_as(extents)
    reach, middle = extents * (0.5 + MARGIN), (low + high) / 2
    ends = torch.stack([middle - reach, middle + reach], dim=1)
    return tuple((low.item(), high.item()) for low, high in ends)


@dataclass(frozen=True)
class Grid:
    """A grid of points, and the room for a network's answers to them; made once for a run.

    Attributes:
        ranges: from where to where it goes along each axis.
        places: how many points there are along each axis. Each is the middle of its pixel.
        activity: the room.
    """

    ranges: tuple[Range, ...]
    places: int
    activity: Activity

    @classmethod
    def over(cls, run: Run, places: int) -> Self:
        """Lay a grid over the data of a run.

        Raises:
            ValueError: if the data has more than two inputs, which no plane shows.
        """
        ranges = ranges_of(run)
        if len(ranges) > MOST_AXES:
            raise ValueError(f"inputs must be at most {MOST_AXES} for a plane; got {len(ranges)}.")
        points = inputs_of(run, _grid(ranges, places)).to(run.network.parameters.dtype)
        fed = augment(points).mT.contiguous().mT
        return cls(ranges, places, Activity.empty(run.network, fed, augmented=True))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns: the second axis from top to bottom, the first from left to right."""
        return (self.places if len(self.ranges) == MOST_AXES else 1), self.places

    def maps(self, network: Network) -> list[Float[Tensor, "_ rows columns"]]:
        """Propagate all points forward; return a map for every neuron, by layers, inputs first.

        They are views of room that is filled again the next time.
        """
        with torch.inference_mode():
            forward(network, self.activity.fed[0], self.activity)
        layers = self.activity.inputs[0], *self.activity.outputs
        return [values.mT.unflatten(-1, self.shape) for values in layers]


def _grid(ranges: tuple[Range, ...], places: int) -> Float[Tensor, "points n_axes"]:
    """Place a point in the middle of every pixel, row by row from the top."""
    shares = (torch.arange(places) + 0.5) / places
    x, *y = (low + (high - low) * shares for low, high in ranges)
    if not y:
        return x[:, None]
    return torch.cartesian_prod(y[0].flip(0), x).flip(1)
