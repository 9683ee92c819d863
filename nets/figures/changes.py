"""Changes: the columns of a diagram that follow the numbers, and nothing else.

Changes travel to the browser at every epoch, so they are short: a column a property, in the order
in which the skeleton has its parts.
"""

from typing import Any

from jaxtyping import Float
from torch import Tensor

from nets.engine.network import Network
from nets.explain.phases import Phase
from nets.figures import neurons
from nets.figures.diagram_style import DiagramStyle, DiagramValues
from nets.figures.edges import BINS, FIRST, Edges, codes, edges_of, lines, weights_and_biases
from nets.figures.neurons import short
from nets.figures.visibility import visibility_in

Change = dict[str, Any]


def change(look: DiagramStyle, numbers: DiagramValues, *, whole: bool = True) -> Change:
    """Return what a diagram needs to show other numbers.

    `traces` holds columns by the trace's name and the property's path, `shapes` columns for the
    edges where each is a line of its own, `codes` a letter an edge where edges share lines, and
    `pictures` what points are filled with, by the trace's name, "" for their colour. Without
    `whole` the outlines, the colour bar and what only hover boxes show are left as they are.
    """
    revealed = visibility_in(numbers.phase, len(look.sizes) - 1, numbers.colour_by)
    edges = edges_of(look, numbers, revealed)
    columns: Change = {
        "traces": {
            "biases": neurons.biases(look, numbers, revealed),
            "neurons": neurons.neurons(look, numbers, revealed),
        }
    }
    if look.single:
        columns["shapes"] = lines(edges, look)
    else:
        columns["codes"] = codes(edges)
    if look.maps:
        at_rest = numbers.maps if numbers.phase is None else None
        columns["pictures"] = {"neurons": at_rest or [""] * sum(look.sizes)}
    if whole:
        traces = columns["traces"]
        for name, outline in neurons.outlines(look, revealed).items():
            traces[name] |= outline
        traces["colour bar"] = _bar(edges)
        traces["edges"] = {}
        _add_hover(traces, look, numbers)
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
    for image, source in zip(
        figure["layout"].get("images", []), change.get("images", []), strict=False
    ):
        image["source"] = source
    if "pictures" in change:
        figure["pictures"] = change["pictures"]
    if "codes" in change:
        for number in range(2 * BINS):
            mine = chr(ord(FIRST) + number)
            pairs = zip(figure["segments"], change["codes"], strict=True)
            path = "".join(segment for segment, code in pairs if code == mine)
            figure["layout"]["shapes"][number]["path"] = path or "M0 0"
    return figure


def _bar(edges: Edges) -> Change:
    """Name what the colours stand for, and the numbers at both ends."""
    end = f"{edges.scale:g}".replace("-", "−")
    return {
        "marker.colorbar.title.text": edges.shown.removeprefix("new ").removeprefix("last "),
        "marker.colorbar.ticktext": [f"≤ −{end}", "0", f"≥ {end}"],
    }


def _add_hover(traces: dict[str, Change], look: DiagramStyle, numbers: DiagramValues) -> None:
    """Add value and gradient for the hover boxes of single edges and of biases."""
    values = [short(column) for column in weights_and_biases(numbers.network)]
    slopes = [["…"] * len(column) for column in values]
    if numbers.phase == Phase("update") and numbers.change is not None:
        values = _before_and_after(numbers.network, numbers.change)
    if numbers.gradients is not None and _gradients_are_known(numbers):
        slopes = [short(column) for column in weights_and_biases(numbers.gradients)]
    for name, value, slope in zip(("edges", "biases"), values, slopes, strict=True):
        if name == "biases" or look.single:
            traces[name]["customdata"] = [list(pair) for pair in zip(value, slope, strict=True)]


def _gradients_are_known(numbers: DiagramValues) -> bool:
    """Backpropagation is shown layer by layer, but hover boxes wait until it is done."""
    return numbers.phase in (None, Phase("update"))


def _before_and_after(network: Network, change: Float[Tensor, " n_parameters"]) -> list[list[str]]:
    """Write each parameter before the update, what is added to it, and what it is then."""
    three = network.parameters, change, network.parameters + change
    columns = (weights_and_biases(network.with_parameters(part)) for part in three)
    return [
        [f"{old} + ({more}) = {new}" for old, more, new in zip(*map(short, parts), strict=True)]
        for parts in zip(*columns, strict=True)
    ]


def _put(target: dict[str, Any], path: str, value: object) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        target = target.setdefault(parent, {})
    target[last] = value
