"""The diagram: the network as neurons and lines, coloured by its numbers.

A diagram is drawn once, as a skeleton, and then only changed: `change` holds the few columns that
follow the numbers, `figure` is the skeleton with a change already made.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from nets.figures.layout import GRID, Edge, Spot, edges, positions
from nets.figures.palette import DIVERGING, ramp, shades_of
from nets.figures.theme import Theme, base_layout
from nets.network import Activity, Gradients, Network

Change = dict[str, Any]
SINGLE_EDGES = 200  # up to here each edge is a line of its own, with its own colour and width
MOST_EDGES = 1000  # beyond this only the strongest edges are drawn
BINS = 12  # magnitudes told apart when many edges share a line
WIDEST, THINNEST = 7.0, 0.8
DASH = "5px,3px"
TRACES = ("edges", "biases", "neurons", "colour bar")


@dataclass(frozen=True)
class Look:
    """All that stays the same while a network trains.

    Attributes:
        sizes: of the network.
        theme: light or dark.
        scale: the magnitude at which colour and width reach their end, frozen for the run.
        input_names, output_names: of the data's columns.
        selected: the name of the chosen weight, bias or neuron, if any.
    """

    sizes: tuple[int, ...]
    theme: Theme
    scale: float
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    selected: str | None = None

    @cached_property
    def spots(self) -> list[list[Spot]]:
        """Where the neurons stand, layer by layer."""
        return positions(self.sizes)

    @cached_property
    def neurons(self) -> list[Spot]:
        """All neurons, the inputs first."""
        return [spot for layer in self.spots for spot in layer]

    @cached_property
    def edges(self) -> list[Edge]:
        """All weights."""
        return edges(self.sizes)

    @property
    def single(self) -> bool:
        """Whether each edge is a line of its own."""
        return len(self.edges) <= SINGLE_EDGES

    def neuron_name(self, layer: int, index: int) -> str:
        """Name a neuron: the data's column for inputs and outputs, else h and its numbers."""
        if layer == 0:
            return self.input_names[index]
        if layer == len(self.sizes) - 1:
            return self.output_names[index]
        return f"h{index + 1}" if len(self.sizes) == 3 else f"h{layer},{index + 1}"

    def edge_name(self, edge: Edge) -> str:
        """Name a weight as the notebook's tensors index it."""
        return f"w{edge.layer + 1}[{edge.source}, {edge.target}]"


@dataclass(frozen=True)
class Numbers:
    """What a diagram shows of one moment.

    Attributes:
        network: its weights and biases.
        activity: a forward propagation; the neurons show its first example.
        gradients: for the hover boxes, or None where they are not wanted now.
    """

    network: Network
    activity: Activity
    gradients: Gradients | None = field(default=None)


def figure(look: Look, numbers: Numbers) -> dict[str, Any]:
    """Draw a network: a Plotly figure, with the segments of its shared lines beside it."""
    return applied(skeleton(look), change(look, numbers))


def change(look: Look, numbers: Numbers) -> Change:
    """Return the columns of a diagram that follow the numbers."""
    network, activity = numbers.network, numbers.activity
    weights = torch.cat([layer.weights.flatten() for layer in network.layers])
    biases = torch.cat([layer.biases.flatten() for layer in network.layers])
    answers = torch.cat([activity.inputs[0][0], *(a[0] for a in activity.outputs)])
    columns: Change = {
        "traces": {
            "biases": {"marker.color": shades_of(biases, -look.scale, look.scale, DIVERGING)},
            "neurons": _neuron_columns(look, answers),
        }
    }
    if look.single:
        columns["shapes"] = _line_columns(look, weights)
    else:
        columns["codes"] = _codes(look, weights)
    if numbers.gradients is not None:
        gradients = numbers.gradients
        slopes = torch.cat([part.flatten() for part in gradients.weights])
        bias_slopes = torch.cat([part.flatten() for part in gradients.biases])
        columns["traces"]["edges"] = {"customdata": _pairs(weights, slopes)}
        columns["traces"]["biases"]["customdata"] = _pairs(biases, bias_slopes)
    return columns


def applied(figure: dict[str, Any], change: Change) -> dict[str, Any]:
    """Make a change to a figure, in place, as the browser does; return the figure."""
    for name, columns in change.get("traces", {}).items():
        trace = next(trace for trace in figure["data"] if trace["name"] == name)
        for path, column in columns.items():
            _put(trace, path, column)
    for path, column in change.get("shapes", {}).items():
        for shape, value in zip(figure["layout"]["shapes"], column, strict=False):
            _put(shape, path, value)
    if "codes" in change:
        for number, shape in enumerate(figure["layout"]["shapes"]):
            code = chr(ord("A") + number)
            pairs = zip(figure["segments"], change["codes"], strict=True)
            shape["path"] = "".join(path for path, mine in pairs if mine == code) or "M0 0"
    return figure


def skeleton(look: Look) -> dict[str, Any]:
    """Draw all that does not follow the numbers: places, names, axes, the colour bar."""
    lines = [_path(look, edge) for edge in look.edges]
    shapes = [_line(path) for path in lines] if look.single else _bins(look)
    return {
        "data": [
            _edge_points(look),
            _bias_points(look),
            _neuron_points(look),
            _colour_bar(look),
        ],
        "layout": base_layout(
            look.theme,
            margin={"l": 0, "r": 0, "t": 4, "b": 4},
            hovermode="closest",
            dragmode="pan",
            shapes=shapes,
            annotations=_annotations(look),
            xaxis={"visible": False, "range": [-0.16 * GRID, 1.16 * GRID]},
            yaxis={"visible": False, "range": [-0.02 * GRID, 1.07 * GRID]},
        ),
        **({} if look.single else {"segments": lines}),
    }


def left_out(look: Look) -> str:
    """Say what the diagram leaves out, or nothing."""
    if len(look.edges) <= MOST_EDGES:
        return ""
    return f"The {MOST_EDGES} strongest of {len(look.edges)} weights are drawn."


def _neuron_columns(look: Look, answers: Float[Tensor, " neurons"]) -> Change:
    """Fill by activation; the value is written where there is room."""
    theme = look.theme
    colours = ramp([theme.neuron_low, theme.neuron_high])
    shades = shades_of(answers, -0.1, 1.1, colours)
    columns: Change = {"marker.color": shades, "customdata": _short(answers)}
    if _radius(look) >= 13:
        columns["text"] = [f"{value:.2f}" for value in answers.tolist()]
        middle = (answers > 0.55).tolist()
        dark, light = (
            ("#262730", "#ffffff") if theme.surface == "#ffffff" else ("#fafafa", "#0e1117")
        )
        columns["textfont.color"] = [light if above else dark for above in middle]
    return columns


def _line_columns(look: Look, weights: Float[Tensor, " edges"]) -> Change:
    shares = (weights.abs() / look.scale).nan_to_num(0.0).clamp(max=1)
    widths = (THINNEST + (WIDEST - THINNEST) * shares).tolist()
    return {
        "line.color": shades_of(weights, -look.scale, look.scale, DIVERGING),
        "line.width": [round(width, 2) for width in widths],
        "line.dash": [DASH if below else "solid" for below in (weights < 0).tolist()],
    }


def _codes(look: Look, weights: Float[Tensor, " edges"]) -> str:
    """Say for each edge which shared line it is part of, a letter each; "." is not drawn."""
    shares = (weights.abs() / look.scale).nan_to_num(0.0).clamp(max=1)
    bins = (shares * BINS).long().clamp(max=BINS - 1)
    places = bins + BINS * (weights > 0)
    if len(weights) > MOST_EDGES:
        hidden = weights.abs().topk(len(weights) - MOST_EDGES, largest=False).indices
        places[hidden] = ord(".") - ord("A")
    return bytes((places + ord("A")).tolist()).decode()


def _bins(look: Look) -> list[Change]:
    """One line for each sign and magnitude: orange, weak to strong, then blue."""
    middles = [(number + 0.5) / BINS for number in range(BINS)]
    shares = torch.tensor([-share for share in middles] + middles)
    colours = shades_of(shares, -1, 1, DIVERGING)
    return [
        _line("M0 0")
        | {
            "line": {
                "color": colour,
                "width": round(0.5 + 2.5 * abs(share), 2),
                "dash": "4px,2px" if share < 0 else "solid",
            }
        }
        for share, colour in zip(shares.tolist(), colours, strict=True)
    ]


def _line(path: str) -> Change:
    return {
        "type": "path",
        "path": path,
        "layer": "below",
        "line": {"color": "#000000", "width": 1, "dash": "solid"},
    }


def _path(look: Look, edge: Edge) -> str:
    """A curve that leaves and arrives level; a straight line where edges are many."""
    start = look.spots[edge.layer][edge.source]
    end = look.spots[edge.layer + 1][edge.target]
    if not look.single:
        return f"M{start.x} {start.y}L{end.x} {end.y}"
    bend = (start.x + end.x) // 2
    return f"M{start.x} {start.y}C{bend} {start.y} {bend} {end.y} {end.x} {end.y}"


def _edge_points(look: Look) -> Change:
    """Nearly invisible points on the edges, which can be hovered and clicked where lines cannot.

    They stand apart along the edges, so that those of crossing edges do not cover each other.
    """
    points: list[tuple[float, float]] = []
    for edge in look.edges if look.single else []:
        start = look.spots[edge.layer][edge.source]
        end = look.spots[edge.layer + 1][edge.target]
        points.append(_along(start, end, (0.30, 0.42, 0.36)[edge.target % 3]))
    names = look.edges if look.single else []
    return {
        "name": "edges",
        "type": "scatter",
        "mode": "markers",
        "x": [x for x, _ in points],
        "y": [y for _, y in points],
        "text": [
            f"{look.edge_name(edge)}, {look.neuron_name(edge.layer, edge.source)} → "
            f"{look.neuron_name(edge.layer + 1, edge.target)}"
            for edge in names
        ],
        "ids": [look.edge_name(edge) for edge in names],
        "customdata": [],
        "marker": {"size": 16, "color": look.theme.active, "opacity": 0.01},
        "hovertemplate": "%{text}<br>weight %{customdata[0]}<br>gradient %{customdata[1]}"
        "<extra></extra>",
    }


def _along(start: Spot, end: Spot, t: float) -> tuple[float, float]:
    """A point of the curve that `_path` draws, at t from 0 to 1."""
    bend = (start.x + end.x) // 2
    a, b, c, d = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
    x = a * start.x + b * bend + c * bend + d * end.x
    y = (a + b) * start.y + (c + d) * end.y
    return round(x, 1), round(y, 1)


def _bias_points(look: Look) -> Change:
    """A small square beside every neuron that has a bias."""
    spots = [spot for layer in look.spots[1:] for spot in layer]
    radius = _radius(look)
    return {
        "name": "biases",
        "type": "scatter",
        "mode": "markers",
        "x": [spot.x - _pixels_x(radius + 5) for spot in spots],
        "y": [spot.y - _pixels_y(radius * 0.75) for spot in spots],
        "ids": [f"b{spot.layer}[{spot.index}]" for spot in spots],
        "text": [
            f"b{spot.layer}[{spot.index}], bias of {look.neuron_name(spot.layer, spot.index)}"
            for spot in spots
        ],
        "customdata": [],
        "marker": {
            "symbol": "square",
            "size": max(4, min(9, radius * 0.6)),
            "color": [],
            "line": {"width": 1, "color": look.theme.quiet},
        },
        "hovertemplate": "%{text}<br>bias %{customdata[0]}<br>gradient %{customdata[1]}"
        "<extra></extra>",
    }


def _neuron_points(look: Look) -> Change:
    radius = _radius(look)
    last = len(look.sizes) - 1
    chosen = [look.selected == _neuron_id(spot) for spot in look.neurons]
    return {
        "name": "neurons",
        "type": "scatter",
        "mode": "markers+text" if radius >= 13 else "markers",
        "x": [spot.x for spot in look.neurons],
        "y": [spot.y for spot in look.neurons],
        "ids": [_neuron_id(spot) for spot in look.neurons],
        "meta": [
            ("input " if spot.layer == 0 else "output " if spot.layer == last else "hidden neuron ")
            + look.neuron_name(spot.layer, spot.index)
            for spot in look.neurons
        ],
        "text": [],
        "customdata": [],
        "textfont": {"size": max(9, round(radius * 0.68)), "color": []},
        "marker": {
            "size": 2 * radius,
            "color": [],
            "opacity": 1,
            "line": {
                "width": [3.5 if mine else 1.5 for mine in chosen],
                "color": [look.theme.active if mine else look.theme.quiet for mine in chosen],
            },
        },
        "hovertemplate": "%{meta}<br>value %{customdata}<extra></extra>",
    }


def _neuron_id(spot: Spot) -> str:
    return f"a{spot.layer}[{spot.index}]"


def _colour_bar(look: Look) -> Change:
    """A trace without a visible point, there for its colour bar."""
    stops = DIVERGING[:: (len(DIVERGING) - 1) // 2]
    return {
        "name": "colour bar",
        "type": "scatter",
        "mode": "markers",
        "x": [None],
        "y": [None],
        "hoverinfo": "skip",
        "marker": {
            "color": [0],
            "cmin": -look.scale,
            "cmax": look.scale,
            "colorscale": [[i / 2, stop] for i, stop in enumerate(stops)],
            "showscale": True,
            "colorbar": {
                "title": {"text": "weight", "font": {"size": 13}},
                "thickness": 12,
                "len": 0.8,
                "outlinewidth": 0,
                "tickvals": [-look.scale, 0, look.scale],
                "ticktext": [f"≤ −{look.scale:g}", "0", f"≥ {look.scale:g}"],
                "tickfont": {"size": 12},
            },
        },
    }


def _annotations(look: Look) -> list[Change]:
    """Headings over the columns, and names beside inputs and outputs while there is room."""
    last = len(look.sizes) - 1
    headings = [
        _note(
            column[0].x,
            1.05 * GRID,
            "input" if layer == 0 else "output" if layer == last else _hidden_heading(look, layer),
            look.theme.quiet,
        )
        for layer, column in enumerate(look.spots)
    ]
    if max(look.sizes[0], look.sizes[-1]) > 16:
        return headings
    shift = _radius(look) + 7
    names = [
        _note(spot.x, spot.y, look.neuron_name(layer, spot.index), look.theme.ink)
        | {"xanchor": anchor, "xshift": shift * side}
        for layer, anchor, side in ((0, "right", -1), (last, "left", 1))
        for spot in look.spots[layer]
    ]
    return headings + names


def _hidden_heading(look: Look, layer: int) -> str:
    return "hidden" if len(look.sizes) == 3 else f"hidden {layer}"


def _note(x: float, y: float, text: str, colour: str) -> Change:
    return {
        "x": x,
        "y": y,
        "text": text,
        "showarrow": False,
        "font": {"size": 13, "color": colour},
    }


def _radius(look: Look) -> float:
    """A neuron's radius in pixels, so that a column of them has room in a picture 340 high."""
    return round(max(3.0, min(19.0, 0.36 * 320 / max(look.sizes))), 1)


def _pixels_x(pixels: float) -> float:
    return round(pixels * GRID / 420, 1)


def _pixels_y(pixels: float) -> float:
    return round(pixels * GRID / 320, 1)


def _pairs(values: Float[Tensor, " n"], slopes: Float[Tensor, " n"]) -> list[list[str]]:
    return [list(pair) for pair in zip(_short(values), _short(slopes), strict=True)]


def _short(values: Float[Tensor, " n"]) -> list[str]:
    """Write numbers with six digits, and with a real minus sign."""
    return [f"{value:.6g}".replace("-", "−") for value in values.tolist()]


def _put(target: dict[str, Any], path: str, value: object) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        target = target.setdefault(parent, {})
    target[last] = value
