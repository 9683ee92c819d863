"""The diagram: a network as neurons and lines, coloured by its numbers.

It is drawn once, as a skeleton: positions, names, axes, the colour bar. Everything that follows the
numbers comes as a change (`nets.figures.changes`), at once and after every epoch.
"""

from typing import Any

import torch

from nets.figures.colours import DIVERGING, MIDPOINT, base_layout, colour_bar, colours_for, plain
from nets.figures.diagram_style import (
    GRID,
    MAX_EDGES,
    DiagramStyle,
    bias_id,
    edge_id,
    neuron_id,
)
from nets.figures.edges import BINS, DASH, WIDEST, line_width
from nets.figures.markers import (
    bias_points,
    bias_shift,
    edge_path,
    edge_points,
    neuron_points,
    value_size,
)

Part = dict[str, Any]
EMPTY_PATH = "M0 0"
LOWEST = -0.04 * GRID  # the lower end of the vertical axis
DESIGN = {"width": 520, "height": 380}  # px; smaller than this there is no room for names
MAX_NAMES = 16  # neurons of a layer with names
PLOT_WIDTH, NAME_WIDTH = 440, 100  # px: without the colour bar; of the longest name
NOTE_HEIGHT = 20  # px: of a line of text below the neurons
NO_NAMES = 56  # px on a side without long names
WIDE, NARROW = "WMmw@%…—", "iljtfrI.,:;'|!()[]- "


def skeleton(style: DiagramStyle) -> Part:
    """Draw everything that does not follow the numbers.

    Returns:
        A Plotly figure as a dict, with the `design` size for the browser and the `walk` through
        its parts. Where edges share lines
        also `segments`, an SVG path for each edge, and `bins`, the number of shared lines.
    """
    paths = [edge_path(style, edge) for edge in style.edges]
    lines = [_line(path) for path in paths] if style.separate_lines else _shared_lines()
    drawn = {
        "data": [
            edge_points(style),
            bias_points(style),
            neuron_points(style),
            _colour_bar(style),
            _empty_note(style),
        ],
        "layout": base_layout(
            style.theme,
            margin={"l": 0, "r": 0, "t": 10, "b": NOTE_HEIGHT * (2 if _is_thinned(style) else 1)},
            hovermode="closest",
            dragmode="pan",
            shapes=[*lines, *_selected_edge(style, paths)],
            annotations=[*_headings(style), *_names(style), *_note_on_thinning(style)],
            xaxis={"visible": False, "range": _horizontal_range(style)},
            yaxis={"visible": False, "range": [LOWEST, 1.07 * GRID]},
        ),
        "design": DESIGN
        | {"words": _words(style), "biases": bias_shift(style)}
        | _neuron_design(style),
        "walk": _walk(style),
    }
    return drawn if style.separate_lines else drawn | {"segments": paths, "bins": len(lines)}


def _walk(style: DiagramStyle) -> Part:
    """Say where the arrow keys lead: to columns of neurons, and to weights and biases as links."""
    neurons = [[neuron_id(node) for node in column] for column in style.positions]
    edges = style.edges if style.separate_lines else []
    weights = [
        [edge_id(edge), neurons[edge.layer][edge.source], neurons[edge.layer + 1][edge.target]]
        for edge in edges
    ]
    biases = [[bias_id(node), None, neuron_id(node)] for node in style.nodes if node.layer]
    return {"columns": neurons, "links": weights + biases}


def _shared_lines() -> list[Part]:
    """Draw one empty line for each sign and width: negative first, each from thin to wide."""
    middles = [(number + 0.5) / BINS for number in range(BINS)]
    shares = torch.tensor([-share for share in middles] + middles)
    colours = colours_for(shares, -1, 1, DIVERGING)
    return [
        _line(
            EMPTY_PATH,
            color=colour,
            width=line_width(abs(share)) / 2,
            dash=DASH if share < 0 else "solid",
        )
        for share, colour in zip(shares.tolist(), colours, strict=True)
    ]


def _line(path: str, **line: Any) -> Part:
    first = {"color": MIDPOINT, "width": 1, "dash": "solid"}
    return {"type": "path", "path": path, "layer": "below", "line": first | line}


def _selected_edge(style: DiagramStyle, paths: list[str]) -> list[Part]:
    """Draw a wide pale line around the selected weight, if a weight is selected."""
    return [
        _line(path, color=style.theme.active, width=WIDEST + 6) | {"opacity": 0.4}
        for edge, path in zip(style.edges, paths, strict=True)
        if edge_id(edge) == style.selected
    ]


def _colour_bar(style: DiagramStyle) -> Part:
    stops = DIVERGING[:: (len(DIVERGING) - 1) // 2]
    bar = {
        "title": {"text": "", "font": {"size": 13}},
        "thickness": 12,
        "xpad": 20,  # room for labels that become longer than the first ones
        "len": 0.8,
        "outlinewidth": 0,
        "tickvals": [-style.scale, 0, style.scale],
        "ticktext": [],
        "tickfont": {"size": 13},
    }
    return colour_bar(
        {
            "cmin": -style.scale,
            "cmax": style.scale,
            "colorscale": [[i / 2, stop] for i, stop in enumerate(stops)],
            "showscale": True,
            "colorbar": bar,
        }
    )


def _empty_note(style: DiagramStyle) -> Part:
    """Make room for a line of text in the margin below the neurons."""
    return {
        "name": "note",
        "type": "scatter",
        "mode": "text",
        "x": [GRID / 2],
        "y": [LOWEST],
        "text": [""],
        "textposition": "bottom center",
        "textfont": {"size": 13, "color": style.theme.quiet},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _headings(style: DiagramStyle) -> list[Part]:
    """Write a title above each layer."""
    hidden = len(style.sizes) - 2
    word = "hidden" if hidden <= 4 else "hid."
    titles = [word] if hidden == 1 else [f"{word} {i + 1}" for i in range(hidden)]
    return [
        _note((column[0].x + column[-1].x) / 2, 1.05 * GRID, title, style.theme.quiet)
        for column, title in zip(style.positions, ["input", *titles, "output"], strict=True)
    ]


def _names(style: DiagramStyle) -> list[Part]:
    """Write names next to inputs and outputs, where there is room."""
    shift = style.radius + 7
    return [
        _note(node.x, node.y, plain(_shorten(name)), style.theme.ink)
        | {"xanchor": anchor, "xshift": shift * side}
        for layer, anchor, side in ((0, "right", -1), (-1, "left", 1))
        if len(style.positions[layer]) <= MAX_NAMES
        for node, name in zip(style.positions[layer], style.names[layer], strict=True)
    ]


def _horizontal_range(style: DiagramStyle) -> list[float]:
    """Return both ends of the x axis, with room for the names of inputs and outputs."""
    words = _words(style)
    (start, end), (left, right) = words["ends"], words["room"]
    unit = (end - start) / (PLOT_WIDTH - left - right)  # of the grid, in a pixel
    return [round(start - left * unit), round(end + right * unit)]


def _words(style: DiagramStyle) -> Part:
    """Say how much room the names need at both sides of the neurons, which the browser keeps."""
    widths = (
        max(_text_width(_shorten(name)) for name in names) if len(names) <= MAX_NAMES else 0.0
        for names in (style.names[0], style.names[-1])
    )
    return {
        "ends": [style.positions[0][0].x, GRID],
        "room": [max(NO_NAMES, round(width + style.radius + 14)) for width in widths],
        "other": DESIGN["width"] - PLOT_WIDTH,
    }


def _neuron_design(style: DiagramStyle) -> Part:
    """Say how large neurons and the values in them are, and how many share the picture."""
    rows = max(style.sizes[1:] if style.image_shape else style.sizes)
    size = {"radius": style.radius, "rows": rows, "columns": len(style.sizes) - 1}
    return size | ({"values": value_size(style)} if style.shows_values else {})


def _shorten(name: str) -> str:
    """Write "x₁ (sepal length)" as "x₁ sepal length", and cut what is longer than there is room."""
    symbol, _, column = name.removesuffix(")").partition(" (")
    whole = kept = f"{symbol} {column}".rstrip()
    while _text_width(kept) > NAME_WIDTH:
        whole = whole[:-1].rstrip()
        kept = f"{whole}…"
    return kept


def _text_width(text: str) -> float:
    """Estimate the width of a name in pixels: no browser is here to measure it."""
    return sum(
        14.0 if letter > "\u2e7f" else 12.5 if letter in WIDE else 5.0 if letter in NARROW else 7.5
        for letter in text
    )


def _note_on_thinning(style: DiagramStyle) -> list[Part]:
    """Say how many weights are drawn, unless all are."""
    if not _is_thinned(style):
        return []
    text = f"The {MAX_EDGES} strongest of {len(style.edges)} weights are drawn."
    note = _note(0.5, 0, text, style.theme.quiet)
    middle = (DESIGN["width"] - PLOT_WIDTH) / 2  # from that of the axis to that of the picture
    below = {"yanchor": "top", "yshift": -NOTE_HEIGHT, "xshift": middle}
    return [note | {"xref": "paper", "yref": "paper"} | below]


def _is_thinned(style: DiagramStyle) -> bool:
    return len(style.edges) > MAX_EDGES


def _note(x: float, y: float, text: str, colour: str) -> Part:
    font = {"size": 13, "color": colour}
    return {"x": x, "y": y, "text": text, "showarrow": False, "font": font}
