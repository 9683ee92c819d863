"""What the diagram keeps while a network trains (positions, sizes, names), and what it shows."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from jaxtyping import Float
from torch import Tensor

from nets.data.encoding import Unit
from nets.engine.activity import Activity, Gradients
from nets.engine.names import bias_name, column_symbol, neuron_name, symbol, weight_name
from nets.engine.network import Network
from nets.explain.phases import Phase
from nets.figures.colours import Theme

GRID = 1000  # the diagram is a square of GRID by GRID units: integers, because they are short
WIDTH, HEIGHT = 420, 320  # px of that square, in the size that the diagram is designed for
PIXEL = 46, 48  # grid units: width and height of an input that is a pixel, about square on screen
MAX_DISTINCT = 16  # neurons in a column that the eye can tell apart
MAX_SEPARATE_LINES = 200  # edges that have a line each, with its own colour and width
MAX_EDGES = 600  # of more edges only the strongest are drawn
COLOURINGS = ("weight", "gradient", "last change")


@dataclass(frozen=True)
class NodePosition:
    """The position of one neuron: layer 0 is the inputs; y grows upwards."""

    layer: int
    index: int
    x: int
    y: int


@dataclass(frozen=True)
class Edge:
    """The line of one weight: from neuron `source` of `layer` to neuron `target` of the next."""

    layer: int
    source: int
    target: int


def node_positions(
    sizes: Sequence[int], image_shape: tuple[int, int] | None = None
) -> list[list[NodePosition]]:
    """Place every neuron: layers are columns from left to right, each column centred.

    All layers have the same distance between neurons, which fits the largest layer. Next to a very
    large layer, smaller ones use larger distances, so that their neurons can be told apart.

    Args:
        sizes: of the layers.
        image_shape: (rows, columns) if the inputs are the pixels of an image. They are placed as in
            the image, whose right edge is where the column of inputs would be.
    """
    if image_shape is not None:
        return [_pixel_positions(*image_shape), *node_positions((1, *sizes[1:]))[1:]]
    common = max(GRID / max(3, *sizes), GRID / MAX_DISTINCT)
    return [
        [
            NodePosition(
                layer,
                index,
                round(layer * GRID / (len(sizes) - 1)),
                int(GRID / 2 + ((size - 1) / 2 - index) * distance + 0.5),
            )
            for index in range(size)
        ]
        for layer, size in enumerate(sizes)
        for distance in [min(common, GRID / size)]
    ]


def _pixel_positions(rows: int, columns: int) -> list[NodePosition]:
    """Place pixels row by row from the top."""
    return [
        NodePosition(
            0,
            row * columns + column,
            (column - columns + 1) * PIXEL[0],
            round(GRID / 2 + ((rows - 1) / 2 - row) * PIXEL[1]),
        )
        for row in range(rows)
        for column in range(columns)
    ]


def all_edges(sizes: Sequence[int]) -> list[Edge]:
    """List every weight in the order of a network's parameters: by layer, source, target."""
    return [
        Edge(layer, source, target)
        for layer, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes))
        for source in range(fan_in)
        for target in range(fan_out)
    ]


@dataclass(frozen=True)
class DiagramValues:
    """What a diagram shows at one moment.

    Attributes:
        network: its weights and biases; in a phase those before the update.
        activity: the forward pass of some examples.
        gradients: for deltas and hover boxes, or None where neither is needed.
        bias_gradients: the gradient of every bias, layer by layer, (1, fan_out) each, where it is
            not `gradients.biases`: under the notebook's rule.
        change: what the last update, or the update of this phase, adds to each parameter; None
            where it is not needed.
        example: the row of the activity that the neurons show.
        phase: the phase of the update that is shown, or None at rest.
        colour_by: what colours the edges: one of `COLOURINGS`.
        maps: an image source for each neuron, where the style has maps.
    """

    network: Network
    activity: Activity
    gradients: Gradients | None = None
    bias_gradients: Sequence[Tensor] | None = None
    change: Float[Tensor, " n_parameters"] | None = None
    example: int = 0
    phase: Phase | None = None
    colour_by: str = "weight"
    maps: list[str] | None = None


@dataclass(frozen=True)
class DiagramStyle:
    """Everything about a diagram that stays the same while the network trains.

    Attributes:
        sizes: of the layers.
        theme: light or dark.
        scale: the weight at the end of the colour scale and with the widest line, fixed for a run.
        input_names, output_names: of the data's columns.
        selected: the name of the selected weight, bias or neuron, if any.
        maps: whether neurons at rest show a map each, instead of one example's activation.
        image_shape: (rows, columns) if the inputs are the pixels of an image.
        input_units, output_units: of the data's columns; empty where all numbers are as they are.
    """

    sizes: tuple[int, ...]
    theme: Theme
    scale: float
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    selected: str | None = None
    maps: bool = False
    image_shape: tuple[int, int] | None = None
    input_units: tuple[Unit, ...] = ()
    output_units: tuple[Unit, ...] = ()

    @cached_property
    def positions(self) -> list[list[NodePosition]]:
        """The positions of the neurons, layer by layer."""
        return node_positions(self.sizes, self.image_shape)

    @cached_property
    def nodes(self) -> list[NodePosition]:
        """The positions of all neurons in one list, the inputs first."""
        return [node for layer in self.positions for node in layer]

    @cached_property
    def ids(self) -> dict[str, list[str]]:
        """The names in the code of all neurons and of all biases, in the order of `nodes`."""
        return {
            "neurons": [neuron_id(node) for node in self.nodes],
            "biases": [bias_id(node) for node in self.nodes if node.layer],
        }

    @cached_property
    def edges(self) -> list[Edge]:
        """All edges, in the order of the network's weights."""
        return all_edges(self.sizes)

    @cached_property
    def names(self) -> list[list[str]]:
        """The names of the neurons, layer by layer."""
        return neuron_names(self.sizes, self.input_names, self.output_names)

    @cached_property
    def scaled(self) -> dict[int, Unit]:
        """The units of inputs and outputs that are standardised, by their places in `nodes`."""
        first_output = len(self.nodes) - self.sizes[-1]
        columns = (*enumerate(self.input_units), *enumerate(self.output_units, first_output))
        return {place: unit for place, unit in columns if unit != Unit()}

    @property
    def separate_lines(self) -> bool:
        """Whether each edge has its own line."""
        return len(self.edges) <= MAX_SEPARATE_LINES

    @property
    def radius(self) -> float:
        """A neuron's radius in pixels, so that neurons of one row or column do not overlap."""
        tallest = max(self.sizes[1:] if self.image_shape else self.sizes)
        in_column = 0.43 * HEIGHT / tallest
        in_row = 0.26 * WIDTH / (len(self.sizes) - 1)
        return round(max(3.0, min(21.0, in_column, in_row)), 1)

    @property
    def pixel_size(self) -> float | None:
        """The side of an input in pixels of the screen, if the inputs are an image."""
        return None if self.image_shape is None else round(0.9 * PIXEL[1] * HEIGHT / GRID, 1)

    @property
    def shows_values(self) -> bool:
        """Whether a neuron has room for its value."""
        return self.radius >= 13


def neuron_names(
    sizes: Sequence[int], input_names: Sequence[str], output_names: Sequence[str]
) -> list[list[str]]:
    """Name every neuron: x₁, h₁ or, of several hidden layers, h¹₁, and ŷ₁.

    Inputs and outputs have the names of the data's columns too, unless those are just x₁ or y₁.
    """
    hidden = [
        [symbol("h", i, layer=None if len(sizes) == 3 else layer) for i in range(size)]
        for layer, size in enumerate(sizes[1:-1], start=1)
    ]
    inputs = [_name("x", "x", i, name) for i, name in enumerate(input_names)]
    return [inputs, *hidden, [_name("ŷ", "y", i, name) for i, name in enumerate(output_names)]]


def _name(letter: str, usual: str, place: int, column: str) -> str:
    name, column = symbol(letter, place), column_symbol(column)
    return name if column == symbol(usual, place) else f"{name} ({column})"


def edge_id(edge: Edge) -> str:
    """Return the name of an edge's weight."""
    return weight_name(edge.layer + 1, edge.source, edge.target)


def bias_id(node: NodePosition) -> str:
    """Return the name of a neuron's bias."""
    return bias_name(node.layer, node.index)


def neuron_id(node: NodePosition) -> str:
    """Return the name of a neuron."""
    return neuron_name(node.layer, node.index)
