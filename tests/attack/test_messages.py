"""Forged messages: whatever a browser says, no exception comes of it, and the visit goes on."""

import json
import math
import re
from pathlib import Path

import pytest
from websocket_client import forged

import nets.page
from nets.data.datasets import OWN_DATA
from nets.page.panels.panels import PANELS as NAMES
from nets.page.panels.panels import SHORT
from nets.page.visitor.events import More, Scrub, Setting

WRONG = {
    "not a number": ("double_value", math.nan),
    "a negative number": ("double_value", -1.0),
    "a huge number": ("double_value", 1e308),
    "a huge integer": ("int_value", -(2**63)),
    "an unknown option": ("string_value", "nonsense"),
    "a huge text": ("string_value", "x" * 20_000),
    "numbers": ("double_array_value", [math.nan, 1]),
    "texts": ("string_array_value", ["nonsense", ""]),
    "broken JSON": ("json_value", "{"),
    "an unknown file": ("file_uploader_state_value", {"file_id": "x", "name": "x", "size": 1}),
    "a click": ("trigger_value", True),
}
STATES = {  # an address, and what is clicked or chosen there, besides each panel of a trained run
    "walking": ("data=circle", [("step_phase", True)]),
    "answering": ("data=xor", [("panel", ["Steps"]), ("steps_views", ["Quiz"])]),
    "comparing": (
        "data=xor",
        [("panel", ["Compare"]), ("keep_run", True), ("sweep_epochs", 5), ("sweep", True)],
    ),
    "classifying": ("data=iris", [("panel", ["Predict"])]),
    "drawing a digit": ("data=digits", [("panel", ["Predict"])]),
    "training": ("", [("train_box", True), ("train_epochs", 1_000_000), ("train", True)]),
    "choosing from pictures": ("", [("open_gallery", True)]),
    "bringing a file": ("", [("data", OWN_DATA.title)]),
    "typing a table": ("", [("data", OWN_DATA.title), ("own_way", ["Type a table"])]),
}
PANELS = {
    name: ("data=xor", [("step_epoch", True), ("panel", [SHORT.get(name, name)])]) for name in NAMES
}
VIEWS = STATES | PANELS
SOURCE = "".join(path.read_text() for path in Path(nets.page.__path__[0]).rglob("*.py"))
EVENTS = sorted({*re.findall(r"\bon_(\w+)_change=", SOURCE), "unheard_of"})
COMPONENTS = {
    "stage": "walking",
    "download_pictures": "Download",
    "sheet": "drawing a digit",
    "sweep_chart": "comparing",
}
NESTED = "[" * 100_000 + "]" * 100_000
PAYLOADS = [None, True, -1, 0, 10**400, 1.5, math.nan, "", "w1[0, 0]", "x" * 100_000, [], [[]], {}]
FIELDS = (*More._fields, *Setting._fields, *Scrub._fields)
NEARLY_RIGHT = [
    {"received": 0, "shown": 2**53},
    {"epoch": 2**53, "end": True},
    *[{"name": "w1[0, 0]", "value": value, "joined": True} for value in (math.nan, 1e308, 10**400)],
    {"name": "w9[9, 9]", "value": 1, "joined": False},
]
EVERYTHING = [*PAYLOADS, *(dict.fromkeys(FIELDS, one) for one in PAYLOADS), *NEARLY_RIGHT]


@pytest.mark.parametrize("view", VIEWS)
def test_a_forged_value_of_any_widget_is_dropped(visit, view, tried):
    visitor = arrive(visit, view)
    widgets = visitor.page.widgets
    components = {one for one in visitor.page.on_page() if widgets[one].kind == "bidi_component"}
    assert {"stage"} <= components <= {*COMPONENTS}  # whose events are tried below
    for kind, (field, value) in WRONG.items():
        keys = [key for key in visitor.page.on_page() if (kind, key) not in tried]
        tried.update((kind, key) for key in keys)
        for key in keys:
            widget = widgets[key]
            visitor.send(forged(widget.id, field, value), fragment=widget.fragment)
        if keys:
            visitor.ask()
            assert visitor.page.exceptions == [], kind
    still_works(visitor)


@pytest.fixture(scope="module")
def tried():
    """Return a set of what was sent already, for widgets that several views have."""
    return set()


def arrive(visit, view):
    """Open the page, click and choose what belongs to a view, and open all that opens."""
    query, settings = VIEWS[view]
    visitor = visit(query)
    for name, value in settings:
        key = min((key for key in visitor.page.on_page() if key.startswith(name)), key=len)
        visitor.do(**{key: value})
        visitor.wait_for_work()
    for key in visitor.page.on_page():
        if visitor.page.widgets[key].kind == "popover" and not visitor.page.values[key]:
            visitor.do(**{key: True})
    return visitor


def still_works(visitor):
    """No exception was shown, and a step of an epoch is answered by the next epoch."""
    for key, epoch in (("reset", "0"), ("step_epoch", "1")):
        visitor.change(**{key: True})
        visitor.until(lambda page, at=epoch: page.readings["epoch"] == at and not page.running)
    assert visitor.page.exceptions == []


@pytest.mark.parametrize("event", EVENTS)
def test_a_forged_event_of_any_component_is_dropped(visit, event):
    for component, view in COMPONENTS.items():
        visitor = arrive(visit, view)
        for playing in (False, True):
            if playing:
                visitor.change(play=True)
            fragment = visitor.page.widgets[component].fragment
            for payload in EVERYTHING:
                state = visitor.page.events([{"event": event, "value": payload}], component)
                visitor.send(state, fragment=fragment)
            still_works(visitor)


@pytest.mark.parametrize(
    "text", ["", "{", "null", "7", "[]", "[null, 7, {}]", '[{"event": ["more"]}]', NESTED]
)
def test_what_is_no_list_of_events_is_dropped(visit, text):
    visitor = visit()
    visitor.ask(visitor.page.events(text), fragment=visitor.page.widgets["stage"].fragment)
    still_works(visitor)


@pytest.mark.parametrize(
    "drawn", [None, [], ["x"] * 64, [math.nan] * 64, [10**400] * 64, [[0]] * 64, {"0": 1}, "x" * 64]
)
def test_a_forged_drawing_is_dropped(visit, drawn):
    visitor = visit("data=digits")
    visitor.do(panel=["Predict"])
    state = visitor.page.events([{"event": "drawn", "value": drawn}], "sheet")
    visitor.ask(state, fragment=visitor.page.widgets["sheet"].fragment)
    still_works(visitor)


@pytest.mark.parametrize(
    "edits",
    [
        {"edited_rows": 7},
        {"edited_rows": {"x": {}}},
        {"edited_rows": {"999999999": {"0": "1"}}},
        {"edited_rows": {"-1": {"no such column": [1]}}},
        {"edited_rows": {"0": {"x1": {"a": "b"}}}},
        {"added_rows": ["x"]},
        {"added_rows": [{"no such column": "1"}]},
        {"deleted_rows": [0, 0, 99, "x", None]},
        ["no", "dictionary"],
    ],
)
def test_forged_edits_of_a_typed_table_are_dropped(visit, edits):
    visitor = arrive(visit, "typing a table")
    (key,) = (key for key in visitor.page.on_page() if key.startswith("own_cells"))
    widget = visitor.page.widgets[key]
    visitor.ask(forged(widget.id, "string_value", json.dumps(edits)), fragment=widget.fragment)
    still_works(visitor)
