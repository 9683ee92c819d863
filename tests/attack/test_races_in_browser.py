"""Races in a real browser, whose stage asks for more while a person changes the sidebar.

`NETS_ROUNDS=10` has 40 changes made.
"""

import os
import time
from dataclasses import replace

from attack.sidebar import losses_of

from nets import DATASETS
from nets.presets import PRESETS

SECONDS = 60  # after which a change counts as lost; a busy machine takes its time
ROUNDS = int(os.environ.get("NETS_ROUNDS", "2"))  # of four changes


def test_no_change_in_the_sidebar_is_lost_in_the_browser(browse):
    config = PRESETS["circle"]
    visitor = browse("?data=circle")
    visitor.choose("speed", "fastest")
    for number in range(1, ROUNDS + 1):
        data = "moons" if config.data == "circle" else "circle"
        for key, value, changes in (
            ("seed", number, {"seed": number}),
            ("n_hidden", 4 + number, {"sizes": (2, 4 + number, 1)}),
            ("batch_size", 10 + number, {"batch_size": 10 + number}),
            ("data", DATASETS[data].title, None),
        ):
            preset = replace(PRESETS[data], seed=number)
            config = preset if changes is None else replace(config, **changes)
            visitor.click("play")
            visitor.wait_for_epoch(3)
            choose(visitor, key, value)
            for epoch, loss in enumerate(losses_of(config)[:2]):
                wait_for(visitor, epoch, loss, (key, value))
                visitor.click("step_epoch")


def choose(visitor, key, value):
    """Change a widget, and do not wait for what comes of it."""
    if key == "data":
        visitor.pick(key, value)
    else:
        visitor.element(key, "input").fill(str(value))
        visitor.element(key, "input").press("Enter")


def wait_for(visitor, epoch, loss, what):
    """Wait until the page shows this epoch with this loss."""
    deadline = time.monotonic() + SECONDS
    while (visitor.epoch, visitor.loss) != (epoch, loss):
        fields = ("seed", "n_hidden", "batch_size")
        sidebar = {key: visitor.element(key, "input").input_value() for key in fields}
        shown = f"After {what} the page shows {visitor.epoch}, {visitor.loss} with {sidebar}"
        assert time.monotonic() < deadline, f"{shown} instead of {epoch}, {loss}."
