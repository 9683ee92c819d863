"""Look: what a diagram keeps while a network trains, and the numbers that it shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from jaxtyping import Float
from torch import Tensor

from nets.engine.activity import Activity, Gradients
from nets.engine.names import bias_name, neuron_name, weight_name
from nets.engine.network import Network
from nets.explain.phases import Phase
from nets.figures.colours import Theme
from nets.figures.layout import GRID, PIXEL, Edge, NodePosition, edges, positions

WIDTH, HEIGHT = 420, 320  # pixels from the first neuron to the last, in the picture's design
SINGLE_EDGES = 200  # up to here each edge is a line of its own, with its own colour and width
MOST_EDGES = 600  # beyond this only the strongest edges are drawn
COLOURINGS = ("weight", "gradient", "last change")


@dataclass(frozen=True)
class DiagramValues:
    """What a diagram shows of one moment.

    Attributes:
        network: its weights and biases; in a phase, before the update.
        activity: a forward propagation of some examples.
        gradients: for deltas and hover boxes, or None where they are not wanted now.
        change: what the last update, or the one that is walked through, adds to the parameters;
            None where that is not wanted.
        example: which row of the activity the neurons show.
        phase: how far an update is revealed, or None where all of the network is shown at rest.
        colour_by: what colours the edges: one of `COLOURINGS`.
        maps: a picture a neuron, as the source of an image, where the look has maps.
    """

    network: Network
    activity: Activity
    gradients: Gradients | None = None
    change: Float[Tensor, " n_parameters"] | None = None
    example: int = 0
    phase: Phase | None = None
    colour_by: str = "weight"
    maps: list[str] | None = None


@dataclass(frozen=True)
class DiagramStyle:
    """All of a diagram that stays the same while the network trains.

    Attributes:
        sizes: of the network.
        theme: light or dark.
        scale: the magnitude at which colour and width reach their end, frozen for the run.
        input_names, output_names: of the data's columns.
        selected: the name of the chosen weight, bias or neuron, if any.
        maps: whether neurons at rest show a picture each, in place of one example's activation.
        picture: (rows, columns) of the inputs, where they are pixels.
    """

    sizes: tuple[int, ...]
    theme: Theme
    scale: float
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    selected: str | None = None
    maps: bool = False
    picture: tuple[int, int] | None = None

    @cached_property
    def spots(self) -> list[list[NodePosition]]:
        """Where the neurons stand, layer by layer."""
        return positions(self.sizes, self.picture)

    @cached_property
    def all_spots(self) -> list[NodePosition]:
        """Where the neurons are, in one list."""
        return [spot for layer in self.spots for spot in layer]

    @cached_property
    def ids(self) -> dict[str, list[str]]:
        """The names of all neurons and of all biases, as the code has them."""
        own = self.all_spots[self.sizes[0] :]
        return {
            "neurons": [neuron_id(spot) for spot in self.all_spots],
            "biases": [bias_id(spot) for spot in own],
        }

    @cached_property
    def edges(self) -> list[Edge]:
        """All weights."""
        return edges(self.sizes)

    @cached_property
    def names(self) -> list[list[str]]:
        """What the neurons are called, layer by layer."""
        return neuron_names(self.sizes, self.input_names, self.output_names)

    @property
    def single(self) -> bool:
        """Whether each edge is a line of its own."""
        return len(self.edges) <= SINGLE_EDGES

    @property
    def radius(self) -> float:
        """A neuron's radius in pixels: rows and columns of them have room in the picture."""
        tallest = max(self.sizes[1:] if self.picture else self.sizes)
        in_column = (0.44 if self.maps else 0.36) * HEIGHT / tallest
        in_row = 0.26 * WIDTH / (len(self.sizes) - 1)
        return round(max(3.0, min(19.0, in_column, in_row)), 1)

    @property
    def pixel(self) -> float | None:
        """The length of an input's side in pixels, where inputs are a picture."""
        return None if self.picture is None else round(0.9 * PIXEL[1] * HEIGHT / GRID, 1)

    @property
    def shows_values(self) -> bool:
        """Whether a neuron has room for its value."""
        return self.radius >= 13


def neuron_names(
    sizes: Sequence[int], input_names: Sequence[str], output_names: Sequence[str]
) -> list[list[str]]:
    """Name every neuron: the data's columns for inputs and outputs, else h and its numbers."""
    hidden = [
        [f"h{i + 1}" if len(sizes) == 3 else f"h{layer},{i + 1}" for i in range(size)]
        for layer, size in enumerate(sizes[1:-1], start=1)
    ]
    return [list(input_names), *hidden, list(output_names)]


def edge_id(edge: Edge) -> str:
    """Name the weight of an edge."""
    return weight_name(edge.layer + 1, edge.source, edge.target)


def bias_id(spot: NodePosition) -> str:
    """Name the bias of the neuron at a spot."""
    return bias_name(spot.layer, spot.index)


def neuron_id(spot: NodePosition) -> str:
    """Name the neuron at a spot."""
    return neuron_name(spot.layer, spot.index)
