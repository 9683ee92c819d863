"""Points: the traces of markers in the diagram: neurons, biases, and handles on the edges."""

from typing import Any

from nets.figures.diagram_style import HEIGHT, WIDTH, DiagramStyle, bias_id, edge_id, neuron_id
from nets.figures.layout import GRID, Edge, NodePosition

Trace = dict[str, Any]
HOVER = "%{text}<br>KIND %{customdata[0]}<br>gradient %{customdata[1]}<extra></extra>"


def _along(start: NodePosition, end: NodePosition, t: float) -> tuple[float, float]:
    """A point of the curve that `_path` draws, at t from 0 to 1."""
    bend = (start.x + end.x) // 2
    a, b, c, d = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
    x = a * start.x + b * bend + c * bend + d * end.x
    y = (a + b) * start.y + (c + d) * end.y
    return round(x, 1), round(y, 1)


def ends(look: DiagramStyle, edge: Edge) -> tuple[NodePosition, NodePosition]:
    """Return where an edge leaves and where it arrives."""
    return look.spots[edge.layer][edge.source], look.spots[edge.layer + 1][edge.target]


def _points(name: str, places: list[tuple[float, float]], **properties: Any) -> Trace:
    """A trace of markers."""
    x, y = [place[0] for place in places], [place[1] for place in places]
    return {"name": name, "type": "scatter", "mode": "markers", "x": x, "y": y} | properties


def edge_points(look: DiagramStyle) -> Trace:
    """Nearly invisible points on the edges, which can be hovered and clicked where lines cannot.

    They stand apart along the edges, so that those of crossing edges do not cover each other.
    """
    own = look.edges if look.single else []
    steps = (0.30, 0.42, 0.36)
    names = look.names
    return _points(
        "edges",
        [_along(*ends(look, edge), steps[edge.target % 3]) for edge in own],
        meta="lines",  # the points stand for lines, in the same order
        ids=[edge_id(edge) for edge in own],
        text=[
            f"{edge_id(edge)}, {names[edge.layer][edge.source]} → "
            f"{names[edge.layer + 1][edge.target]}"
            for edge in own
        ],
        customdata=[],
        marker={"size": 16, "color": look.theme.active, "opacity": 0.01},
        hovertemplate=HOVER.replace("KIND", "weight"),
    )


def bias_points(look: DiagramStyle) -> Trace:
    """A small square beside every neuron that has a bias."""
    spots = [spot for layer in look.spots[1:] for spot in layer]
    left, below = _units(look.radius + 5, WIDTH), _units(look.radius * 0.75, HEIGHT)
    return _points(
        "biases",
        [(spot.x - left, spot.y - below) for spot in spots],
        ids=[bias_id(spot) for spot in spots],
        text=[f"{bias_id(spot)}, bias of {look.names[spot.layer][spot.index]}" for spot in spots],
        customdata=[],
        marker={
            "symbol": "square",
            "size": max(4, min(9, look.radius * 0.6)),
            "color": [],
            "line": {},
        },
        hovertemplate=HOVER.replace("KIND", "bias"),
    )


def neuron_points(look: DiagramStyle) -> Trace:
    """A circle for every neuron, inputs included; its colour and text follow the numbers."""
    spots = [spot for layer in look.spots for spot in layer]
    kinds = ["input", *["hidden neuron"] * (len(look.sizes) - 2), "output"]
    return _points(
        "neurons",
        [(spot.x, spot.y) for spot in spots],
        mode="markers+text" if look.shows_values else "markers",
        ids=[neuron_id(spot) for spot in spots],
        meta=[f"{kinds[spot.layer]} {look.names[spot.layer][spot.index]}" for spot in spots],
        text=[],
        customdata=[],
        textfont={"size": max(9, round(look.radius * 0.68)), "color": []},
        marker={
            "size": 2 * look.radius,
            "color": [],
            "opacity": 1,
            "line": {},
        }
        | _as_pixels(look),
        hovertemplate="%{meta}<br>value %{customdata}<extra></extra>",
    )


def _as_pixels(look: DiagramStyle) -> dict[str, Any]:
    """Draw inputs that are a picture as its pixels."""
    if look.pixel is None:
        return {}
    pixels, others = look.sizes[0], sum(look.sizes[1:])
    return {
        "size": [look.pixel] * pixels + [2 * look.radius] * others,
        "symbol": ["square"] * pixels + ["circle"] * others,
    }


def _units(pixels: float, extent: float) -> float:
    """Turn pixels into units of the grid, in a picture whose grid is `extent` pixels long."""
    return round(pixels * GRID / extent, 1)
