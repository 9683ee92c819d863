"""The diagram: the network as neurons and lines, coloured by its numbers.

It is drawn once, as a skeleton of everything that stays: places, names, axes, the colour bar. What
follows the numbers comes as a change (see `nets.figures.changes`), now and at every later epoch.
"""

from typing import Any

import torch

from nets.figures.changes import applied, change
from nets.figures.colours import DIVERGING, MIDPOINT, base_layout, colour_bar, shades_of
from nets.figures.diagram_style import MOST_EDGES, DiagramStyle, DiagramValues, edge_id
from nets.figures.edges import BINS, DASH, WIDEST, width_of
from nets.figures.layout import GRID, Edge
from nets.figures.markers import bias_points, edge_points, ends, neuron_points

Part = dict[str, Any]
NOWHERE = "M0 0"
DESIGN = {"width": 520, "height": 380}  # px, in which names beside neurons have room
MOST_NAMES, LONGEST_NAME = 16, 14  # neurons of a layer that are named, letters of a name


def figure(look: DiagramStyle, numbers: DiagramValues) -> Part:
    """Draw a network: a Plotly figure, with the segments of its shared lines beside it."""
    return applied(skeleton(look), change(look, numbers))


def skeleton(look: DiagramStyle) -> Part:
    """Draw all that does not follow the numbers."""
    paths = [_path(look, edge) for edge in look.edges]
    lines = [_line(path) for path in paths] if look.single else _shared_lines()
    drawn = {
        "data": [edge_points(look), bias_points(look), neuron_points(look), _colour_bar(look)],
        "layout": base_layout(
            look.theme,
            margin={"l": 0, "r": 0, "t": 4, "b": 4},
            hovermode="closest",
            dragmode="pan",
            shapes=[*lines, *_halo(look, paths)],
            annotations=[*_headings(look), *_names(look), *_left_out(look)],
            xaxis={"visible": False, "range": _reach(look)},
            yaxis={"visible": False, "range": [-0.04 * GRID, 1.07 * GRID]},
        ),
    }
    drawn["design"] = DESIGN
    return drawn if look.single else drawn | {"segments": paths, "bins": len(lines)}


def _shared_lines() -> list[Part]:
    """One line for each sign and magnitude: negative, weak to strong, then positive."""
    middles = [(number + 0.5) / BINS for number in range(BINS)]
    shares = torch.tensor([-share for share in middles] + middles)
    colours = shades_of(shares, -1, 1, DIVERGING)
    return [
        _line(
            NOWHERE,
            color=colour,
            width=width_of(abs(share)) / 2,
            dash=DASH if share < 0 else "solid",
        )
        for share, colour in zip(shares.tolist(), colours, strict=True)
    ]


def _line(path: str, **line: Any) -> Part:
    usual = {"color": MIDPOINT, "width": 1, "dash": "solid"}
    return {"type": "path", "path": path, "layer": "below", "line": usual | line}


def _halo(look: DiagramStyle, paths: list[str]) -> list[Part]:
    """A soft line around the chosen weight, if it is a weight that is chosen."""
    return [
        _line(path, color=look.theme.active, width=WIDEST + 6) | {"opacity": 0.4}
        for edge, path in zip(look.edges, paths, strict=True)
        if edge_id(edge) == look.selected
    ]


def _path(look: DiagramStyle, edge: Edge) -> str:
    """A curve that leaves and arrives level; a straight line where edges are many."""
    start, end = ends(look, edge)
    if not look.single:
        return f"M{start.x} {start.y}L{end.x} {end.y}"
    bend = (start.x + end.x) // 2
    return f"M{start.x} {start.y}C{bend} {start.y} {bend} {end.y} {end.x} {end.y}"


def _colour_bar(look: DiagramStyle) -> Part:
    """The colours of the edges, from the scale's one end to the other."""
    stops = DIVERGING[:: (len(DIVERGING) - 1) // 2]
    bar = {
        "title": {"text": "", "font": {"size": 13}},
        "thickness": 12,
        "xpad": 16,  # room for ends that become longer than the first ones
        "len": 0.8,
        "outlinewidth": 0,
        "tickvals": [-look.scale, 0, look.scale],
        "ticktext": [],
        "tickfont": {"size": 12},
    }
    return colour_bar(
        {
            "cmin": -look.scale,
            "cmax": look.scale,
            "colorscale": [[i / 2, stop] for i, stop in enumerate(stops)],
            "showscale": True,
            "colorbar": bar,
        }
    )


def _headings(look: DiagramStyle) -> list[Part]:
    """What stands over the columns."""
    hidden = len(look.sizes) - 2
    word = "hidden" if hidden <= 4 else "hid."
    titles = [word] if hidden == 1 else [f"{word} {i + 1}" for i in range(hidden)]
    return [
        _note((column[0].x + column[-1].x) / 2, 1.05 * GRID, title, look.theme.quiet)
        for column, title in zip(look.spots, ["input", *titles, "output"], strict=True)
    ]


def _names(look: DiagramStyle) -> list[Part]:
    """What stands beside inputs and outputs, while there is room."""
    shift = look.radius + 7
    return [
        _note(spot.x, spot.y, shortened(name), look.theme.ink)
        | {"xanchor": anchor, "xshift": shift * side}
        for layer, anchor, side in ((0, "right", -1), (-1, "left", 1))
        if len(look.spots[layer]) <= MOST_NAMES
        for spot, name in zip(look.spots[layer], look.names[layer], strict=True)
    ]


def _reach(look: DiagramStyle) -> list[float]:
    """Where the picture begins and ends, with room for the names of inputs and outputs."""
    left, right = (
        max(len(shortened(name)) for name in names) if len(names) <= MOST_NAMES else 0
        for names in (look.names[0], look.names[-1])
    )
    begin = look.spots[0][0].x - GRID * (0.1 if look.picture else 0.15 + 0.019 * left)
    return [round(begin), round(GRID * (1.15 + 0.016 * right))]


def shortened(name: str) -> str:
    """Cut a name to what has room beside a neuron."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _left_out(look: DiagramStyle) -> list[Part]:
    """Say what the diagram leaves out, if anything."""
    if len(look.edges) <= MOST_EDGES:
        return []
    text = f"The {MOST_EDGES} strongest of {len(look.edges)} weights are drawn."
    return [_note(GRID / 2, -0.02 * GRID, text, look.theme.quiet)]


def _note(x: float, y: float, text: str, colour: str) -> Part:
    font = {"size": 13, "color": colour}
    return {"x": x, "y": y, "text": text, "showarrow": False, "font": font}
