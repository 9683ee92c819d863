"""Decision map: every neuron's output over a grid of points, for one or two inputs."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
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


MOST_SPARE_NUMBERS = 2**22  # in the buffers that wait for their next use: 16 MB


class _SpareBuffers:
    """Buffers for a network's outputs at the points of a grid, which all runs use in turn.

    They take megabytes, and they are needed only until a picture is drawn. So no run has its own.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[object, int, Activity]] = []  # the oldest first
        self._lock = threading.Lock()

    @contextmanager
    def lend(self, network: Network, fed: Float[Tensor, "points _"]) -> Generator[Activity]:
        """Lend buffers for a network's outputs at these points, which are augmented."""
        key = network.sizes, tuple(map(id, network.activations)), network.parameters.dtype, len(fed)
        with self._lock:
            place = next((at for at, one in enumerate(self._waiting) if one[0] == key), None)
            found = None if place is None else self._waiting.pop(place)[2].for_examples(fed)
        activity = found or Activity.empty(network, fed, augmented=True)
        try:
            yield activity
        finally:
            with self._lock:
                self._waiting.append((key, 2 * len(fed) * sum(network.sizes), activity))
                while sum(numbers for _, numbers, _ in self._waiting) > MOST_SPARE_NUMBERS:
                    self._waiting.pop(0)


spare_buffers = _SpareBuffers()


@dataclass(frozen=True)
class Grid:
    """A grid of points, made once for a run.

    Attributes:
        ranges: the lowest and highest value along each axis.
        resolution: the number of points along each axis. Each is the middle of its pixel.
        fed: the points as a network takes them, with derived inputs and one more that is always 1.
    """

    ranges: tuple[Range, ...]
    resolution: int
    fed: Float[Tensor, "points _"]

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
        return cls(ranges, resolution, fed)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns: the second axis from top to bottom, the first from left to right."""
        return (self.resolution if len(self.ranges) == MAX_AXES else 1), self.resolution

    def bytes_for(self, network: Network) -> int:
        """Count the bytes of the buffers that the maps of a network take."""
        return 2 * len(self.fed) * sum(network.sizes) * self.fed.element_size()

    @contextmanager
    def maps(self, network: Network) -> Generator[list[Float[Tensor, "_ rows columns"]]]:
        """Compute a map for every neuron, layer by layer, the inputs first.

        The maps are views of buffers, which others may overwrite after the `with` block.
        """
        with spare_buffers.lend(network, self.fed) as activity:
            with torch.inference_mode():
                forward(network, self.fed, activity)
            layers = activity.inputs[0], *activity.outputs
            yield [values.mT.unflatten(-1, self.shape) for values in layers]


def _list_points(ranges: tuple[Range, ...], resolution: int) -> Float[Tensor, "points n_axes"]:
    """List the middle of every pixel, row by row from the top."""
    shares = (torch.arange(resolution) + 0.5) / resolution
    x, *y = (low + (high - low) * shares for low, high in ranges)
    if not y:
        return x[:, None]
    return torch.cartesian_prod(y[0].flip(0), x).flip(1)
