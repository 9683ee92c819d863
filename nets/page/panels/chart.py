"""A chart in a panel, drawn by the stage's scripts."""

from collections.abc import Callable
from typing import Any

from nets.page.panels.scripts import component_of, sent
from nets.page.visitor.events import parse_name

HTML = '<div class="chart" data-figure="chart" role="img"></div>'


def show_chart(key: str, figure: dict[str, Any], on_pick: Callable[[str], None]) -> None:
    """Draw a figure; `on_pick` gets the id of a point that is clicked, unchecked."""

    def picked() -> None:
        name = parse_name(sent(key, "pick"))
        if name is not None:
            on_pick(name)

    # In a list: of a dictionary Streamlit would ask pandas about its values.
    component_of("chart", HTML)(key=key, data=[figure], on_pick_change=picked)
