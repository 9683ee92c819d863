"""Plotly figure: a figure and its changes as a `plotly.graph_objects.Figure`, for a notebook.

The browser of the page applies changes itself (`page/stage/browser/figure.js`).
"""

from copy import deepcopy
from typing import Any

from nets.figures.diagram import EMPTY_PATH
from nets.figures.edges import FIRST


def plotly_figure(drawn: dict[str, Any], change: dict[str, Any] | None = None) -> Any:
    """Make a figure of a dict and of the change that gives it its numbers.

    Args:
        drawn: `data`, `layout` and `design`; perhaps `segments` and `bins`, as in `skeleton`.
        change: `traces`, `shapes`, `codes` and `images`, as in `diagram_change`.
    """
    from plotly.graph_objects import Figure

    data, layout = deepcopy((drawn["data"], drawn["layout"]))
    change = change or {}
    by_name = {trace.get("name"): trace for trace in data}
    for name, properties in change.get("traces", {}).items():
        for path, value in properties.items():
            _set(by_name[name], path, value)
    for path, values in change.get("shapes", {}).items():
        for shape, value in zip(layout["shapes"], values, strict=False):
            _set(shape, path, value)
    for image, source in zip(layout.get("images", ()), change.get("images", ()), strict=True):
        image["source"] = source
    if "segments" in drawn:
        paths = _joined(drawn["segments"], change.get("codes", ""), drawn["bins"])
        for shape, path in zip(layout["shapes"], paths, strict=False):
            shape["path"] = path
    size = {name: drawn["design"][name] for name in ("width", "height")}
    return Figure(data, layout | size)


def _set(part: dict[str, Any], path: str, value: Any) -> None:
    """Set a property at a path such as "marker.line.color"."""
    *keys, last = path.split(".")
    for key in keys:
        part = part.setdefault(key, {})
    part[last] = value


def _joined(segments: list[str], codes: str, bins: int) -> list[str]:
    """Join the paths of all edges with the same letter; other letters are not drawn."""
    parts: list[list[str]] = [[] for _ in range(bins)]
    for path, code in zip(segments, codes, strict=True):
        place = ord(code) - ord(FIRST)
        if 0 <= place < bins:
            parts[place].append(path)
    return ["".join(part) or EMPTY_PATH for part in parts]
