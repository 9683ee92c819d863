"""Forged messages: whatever a browser says, no exception comes of it, and the visit goes on."""

import json
import math

import pytest
from websocket_client import forged

from nets.data.datasets import OWN_DATA

WRONG = {
    "a click": ("trigger_value", True),
    "not a number": ("double_value", math.nan),
    "a negative number": ("double_value", -1.0),
    "a huge number": ("double_value", 1e308),
    "a huge integer": ("int_value", -(2**63)),
    "an unknown option": ("string_value", "nonsense"),
    "a huge text": ("string_value", "x" * 100_000),
    "numbers": ("double_array_value", [math.nan, 1]),
    "texts": ("string_array_value", ["nonsense", ""]),
    "broken JSON": ("json_value", "{"),
}
VIEWS = {  # an address, and what is clicked or chosen there: together they show all widgets
    "walking": ("data=circle", [("step_phase", True), ("view", True)]),
    "trying": ("data=iris", [("panel", ["Predict"])]),
    "training": ("", [("train_box", True)]),
    "bringing a file": ("", [("data", OWN_DATA.title)]),
    "typing a table": ("", [("data", OWN_DATA.title), ("own_way", ["Type a table"])]),
}
EVENTS = ["more", "pause", "select", "example", "check", "redraw", "dark", "unheard_of"]
NESTED = "[" * 100_000 + "]" * 100_000
PAYLOADS = [None, True, -1, 0, 10**400, 1.5, math.nan, "", "w1[0, 0]", "x" * 100_000, [], [[]], {}]
RECEIVED = [{"received": value, "shown": value} for value in PAYLOADS]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_forged_value_of_any_widget_is_dropped(visit, wrong):
    field, value = WRONG[wrong]
    raising, tried = [], set()
    for view in VIEWS:
        visitor = arrive(visit, view)
        for key in visitor.page.on_page():
            if key in tried:
                continue
            tried.add(key)
            widget = visitor.page.widgets[key]
            visitor.ask(forged(widget.id, field, value), fragment=widget.fragment)
            if visitor.page.exceptions:
                raising.append(key)
                visitor = arrive(visit, view)
        still_works(visitor)
    assert raising == []


def arrive(visit, view):
    """Open the page and show what belongs to a view."""
    query, settings = VIEWS[view]
    visitor = visit(query)
    for name, value in settings:
        key = next(key for key in visitor.page.on_page() if key.startswith(name))
        visitor.do(**{key: value})
    return visitor


def still_works(visitor):
    """A step of an epoch is answered by the next epoch."""
    visitor.do(reset=True)
    assert visitor.page.readings["epoch"] == "0"
    visitor.click("step_epoch")
    assert visitor.page.readings["epoch"] == "1"


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("playing", [False, True])
def test_a_forged_event_of_the_stage_is_dropped(visit, event, playing):
    visitor = visit()
    raising = []
    for payload in [*PAYLOADS, *RECEIVED] if event == "more" else PAYLOADS:
        if playing:
            visitor.do(play=True)
        fragment = visitor.page.widgets["stage"].fragment
        visitor.ask(visitor.page.event(event, payload), fragment=fragment)
        if visitor.page.exceptions:
            raising.append(repr(payload)[:40])
            visitor = visit()
        still_works(visitor)
    assert raising == []


def test_a_forged_question_for_a_film_is_dropped(visit):
    visitor = visit("data=xor")
    visitor.do(panel=["Download"])
    for payload in PAYLOADS:
        state = visitor.page.events([{"event": "film", "value": payload}], "download_pictures")
        visitor.ask(state, fragment=visitor.page.widgets["download_pictures"].fragment)
        visitor.wait_for_work()
        assert visitor.page.exceptions == []
    still_works(visitor)


@pytest.mark.parametrize(
    "text", ["", "{", "null", "7", "[]", "[null, 7, {}]", '[{"event": ["more"]}]', NESTED]
)
def test_what_is_no_list_of_events_is_dropped(visit, text):
    visitor = visit()
    visitor.ask(visitor.page.events(text), fragment=visitor.page.widgets["stage"].fragment)
    assert visitor.page.exceptions == []
    still_works(visitor)


@pytest.mark.parametrize(
    "drawn", [None, [], ["x"] * 64, [math.nan] * 64, [10**400] * 64, [[0]] * 64, {"0": 1}, "x" * 64]
)
def test_a_forged_drawing_is_dropped(visit, drawn):
    visitor = visit("data=digits")
    visitor.do(panel=["Predict"])
    state = visitor.page.events([{"event": "drawn", "value": drawn}], "sheet")
    visitor.ask(state, fragment=visitor.page.widgets["sheet"].fragment)
    assert visitor.page.exceptions == []
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
    assert visitor.page.exceptions == []
    still_works(visitor)
