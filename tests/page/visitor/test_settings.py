"""What a browser sends while a weight is dragged is parsed, or dropped."""

import pytest

from nets.page.visitor.events import Setting, parse_setting

SENT = {"name": "w1[0, 0]", "value": 0.5, "joined": False}


def test_a_value_of_a_drag_is_parsed():
    assert parse_setting(SENT) == Setting("w1[0, 0]", 0.5, False)


@pytest.mark.parametrize(
    "wrong",
    [
        *(None, 3, "w1[0, 0]", [], {}),
        *(SENT | {"name": name} for name in (3, None, "w" * 41)),
        *(SENT | {"value": value} for value in ("1", None, True, [1])),
        *(SENT | {"joined": joined} for joined in (0, None, "yes")),
    ],
)
def test_anything_else_is_dropped(wrong):
    assert parse_setting(wrong) is None
