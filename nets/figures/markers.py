"""Points of the diagram: neurons, biases, and points on the edges that can be clicked."""

from typing import Any

from nets.engine.names import to_symbol
from nets.figures.colours import plain
from nets.figures.diagram_style import (
    GRID,
    HEIGHT,
    WIDTH,
    DiagramStyle,
    Edge,
    NodePosition,
    bias_id,
    edge_id,
)

Trace = dict[str, Any]
HOVER = "%{text}<br>KIND %{customdata[0]}<br>gradient %{customdata[1]}<extra></extra>"
# Where the points are along their edges: not all alike, because edges cross in the middle.
EDGE_POINTS = (0.30, 0.42, 0.36)


def edge_points(style: DiagramStyle) -> Trace:
    """Draw a nearly invisible point on each edge, because Plotly's lines cannot be clicked."""
    edges = style.edges if style.separate_lines else []
    names = style.names
    return _points(
        "edges",
        [_point_on(style, edge, EDGE_POINTS[edge.target % 3]) for edge in edges],
        meta="lines",  # the browser highlights the line, not the point
        ids=[edge_id(edge) for edge in edges],
        text=[
            plain(
                f"{to_symbol(edge_id(edge))}, {names[edge.layer][edge.source]} → "
                f"{names[edge.layer + 1][edge.target]}"
            )
            for edge in edges
        ],
        customdata=[],
        marker={"size": 16, "color": style.theme.active, "opacity": 0.01},
        hovertemplate=HOVER.replace("KIND", "weight"),
    )


def bias_points(style: DiagramStyle) -> Trace:
    """Draw a small square next to each neuron that has a bias."""
    nodes = style.nodes[style.sizes[0] :]
    left, below = bias_shift(style)["shift"]
    left, below = _grid_units(left, WIDTH), _grid_units(below, HEIGHT)
    return _points(
        "biases",
        [(node.x - left, node.y - below) for node in nodes],
        ids=style.ids["biases"],
        text=[
            plain(f"{to_symbol(bias_id(node))}, bias of {style.names[node.layer][node.index]}")
            for node in nodes
        ],
        customdata=[],
        marker={
            "symbol": "square",
            "size": max(4, min(9, style.radius * 0.6)),
            "color": [],
            "line": {},
        },
        hovertemplate=HOVER.replace("KIND", "bias"),
    )


def bias_shift(style: DiagramStyle) -> dict[str, Any]:
    """Say where biases are: `shift` pixels to the left of their neurons and below them.

    A browser whose figure has another shape than the design keeps this distance. `first` is the
    place of the first neuron that has a bias.
    """
    shift = [style.radius + 5, style.radius * 0.75]
    return {"first": style.sizes[0], "shift": shift}


def value_size(style: DiagramStyle) -> float:
    """Return the size of a value's letters inside a neuron, in pixels."""
    return round(style.radius * 0.8, 1)


def neuron_points(style: DiagramStyle) -> Trace:
    """Draw a circle for each neuron and input; colours and texts come with a change."""
    nodes = style.nodes
    kinds = ["input", *["hidden neuron"] * (len(style.sizes) - 2), "output"]
    size: dict[str, Any] = {"size": 2 * style.radius}
    return _points(
        "neurons",
        [(node.x, node.y) for node in nodes],
        mode="markers+text" if style.shows_values else "markers",
        ids=style.ids["neurons"],
        meta=[
            f"{kinds[node.layer]} {plain(style.names[node.layer][node.index])}" for node in nodes
        ],
        text=[],
        customdata=[],
        textfont={"size": value_size(style), "color": []},
        marker=size | {"color": [], "opacity": 1, "line": {}} | _pixel_markers(style),
        hovertemplate="%{meta}<br>value %{customdata}<extra></extra>",
    )


def _pixel_markers(style: DiagramStyle) -> dict[str, Any]:
    """Return squares for inputs that are pixels, and circles for all other neurons."""
    if style.pixel_size is None:
        return {}
    pixels, others = style.sizes[0], sum(style.sizes[1:])
    return {
        "size": [style.pixel_size] * pixels + [2 * style.radius] * others,
        "symbol": ["square"] * pixels + ["circle"] * others,
    }


def _points(name: str, places: list[tuple[float, float]], **properties: Any) -> Trace:
    x, y = [place[0] for place in places], [place[1] for place in places]
    return {"name": name, "type": "scatter", "mode": "markers", "x": x, "y": y} | properties


def edge_ends(style: DiagramStyle, edge: Edge) -> tuple[NodePosition, NodePosition]:
    """Return the positions of an edge's two neurons."""
    return style.positions[edge.layer][edge.source], style.positions[edge.layer + 1][edge.target]


def edge_path(style: DiagramStyle, edge: Edge) -> str:
    """Return an edge's SVG path: a curve, or a straight line where edges share lines."""
    start, end = edge_ends(style, edge)
    if not style.separate_lines:
        return f"M{start.x} {start.y}L{end.x} {end.y}"
    bend = (start.x + end.x) // 2
    return f"M{start.x} {start.y}C{bend} {start.y} {bend} {end.y} {end.x} {end.y}"


def _point_on(style: DiagramStyle, edge: Edge, t: float) -> tuple[float, float]:
    """Return the point of the Bézier curve in `edge_path` at t, from 0 to 1."""
    start, end = edge_ends(style, edge)
    bend = (start.x + end.x) // 2
    a, b, c, d = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
    x = a * start.x + b * bend + c * bend + d * end.x
    y = (a + b) * start.y + (c + d) * end.y
    return round(x, 1), round(y, 1)


def _grid_units(pixels: float, extent: float) -> float:
    """Turn pixels into units of the grid, which is `extent` pixels long."""
    return round(pixels * GRID / extent, 1)
