"""Decision map: every neuron's output over a grid of points, for one or two inputs."""

from dataclasses import dataclass, replace
from typing import Self

import torch
from jaxtyping import Float
from torch import Tensor

from nets.data.examples import Data
from nets.data.features import add_features
from nets.engine.activity import Activity
from nets.engine.forward import forward
from nets.engine.network import Network
from nets.engine.storage import augment
from nets.training.run import Run

MARGIN = 0.08  # on every side, as a share of the data's extent
SAME_SCALE = 3.0  # the largest ratio of two extents that are drawn on the same scale
MAX_AXES = 2

Range = tuple[float, float]


def count_axes(run: Run) -> int:
    """Count the data's own inputs, without those derived from them."""
    return run.data.inputs.shape[1] - len(run.config.derived)


def derive_inputs(run: Run, points: Float[Tensor, "N n_axes"]) -> Float[Tensor, "N n_input"]:
    """Add the derived inputs to points, so that the network can take them."""
    return add_features(points, run.config.derived) if run.config.derived else points


def point_sets(run: Run) -> dict[str, Data]:
    """Return the training and test data by name, without derived inputs."""
    sets = {"training": run.data} | ({} if run.test is None else {"test": run.test})
    return {name: _drop_derived(run, data) for name, data in sets.items()}


def _drop_derived(run: Run, data: Data) -> Data:
    """Leave out the derived inputs, which are the last columns."""
    if not run.config.derived:
        return data
    own = count_axes(run)
    return replace(data, inputs=data.inputs[:, :own], input_names=data.input_names[:own])


def find_ranges(run: Run) -> tuple[Range, ...]:
    """Find the lowest and highest value of each axis: over all points, with a margin.

    Two axes of about the same extent get the same scale, so that distances look true.
    """
    points = torch.cat([data.inputs for data in point_sets(run).values()])
    low, high = points.amin(dim=0), points.amax(dim=0)
    extents = (high - low).where(high > low, torch.ones(()))
    if extents.max() <= SAME_SCALE * extents.min():
        extents = extents.max().expand_as(extents)
    half, middle = extents * (0.5 + MARGIN), (low + high) / 2
    ends = torch.stack([middle - half, middle + half], dim=1)
    return tuple((low.item(), high.item()) for low, high in ends)


@dataclass(frozen=True)
class Grid:
    """A grid of points with buffers for a network's outputs at them; made once for a run.

    Attributes:
        ranges: the lowest and highest value along each axis.
        resolution: the number of points along each axis. Each is the middle of its pixel.
        activity: the buffers.
    """

    ranges: tuple[Range, ...]
    resolution: int
    activity: Activity

    @classmethod
    def over(cls, run: Run, resolution: int) -> Self:
        """Make a grid over the data of a run.

        Raises:
            ValueError: if the data has more than two inputs.
        """
        ranges = find_ranges(run)
        if len(ranges) > MAX_AXES:
            raise ValueError(f"inputs must be at most {MAX_AXES} for a plane; got {len(ranges)}.")
        points = derive_inputs(run, _list_points(ranges, resolution))
        fed = augment(points.to(run.network.parameters.dtype)).mT.contiguous().mT
        return cls(ranges, resolution, Activity.empty(run.network, fed, augmented=True))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns: the second axis from top to bottom, the first from left to right."""
        return (self.resolution if len(self.ranges) == MAX_AXES else 1), self.resolution

    def compute_maps(self, network: Network) -> list[Float[Tensor, "_ rows columns"]]:
        """Compute a map for every neuron, layer by layer, the inputs first.

        The maps are views of the buffers, which the next call overwrites.
        """
        with torch.inference_mode():
            forward(network, self.activity.fed[0], self.activity)
        layers = self.activity.inputs[0], *self.activity.outputs
        return [values.mT.unflatten(-1, self.shape) for values in layers]


def _list_points(ranges: tuple[Range, ...], resolution: int) -> Float[Tensor, "points n_axes"]:
    """List the middle of every pixel, row by row from the top."""
    shares = (torch.arange(resolution) + 0.5) / resolution
    x, *y = (low + (high - low) * shares for low, high in ranges)
    if not y:
        return x[:, None]
    return torch.cartesian_prod(y[0].flip(0), x).flip(1)
