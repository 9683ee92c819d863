"""Numbers that are not finite never reach a picture: walking ends as stepping does."""

import json
from dataclasses import replace

import pytest
import torch

from nets.figures.colours import round_scale
from nets.page.stage.messages import message_for
from nets.page.stage.state import StageState
from nets.page.visitor.session import Session
from nets.presets import PRESETS

DIVERGING = {
    "sine": replace(PRESETS["sine"], learning_rate=1e9, hidden_activation="relu"),
    "plane": replace(PRESETS["plane"], learning_rate=1000.0),
    "hills": replace(PRESETS["hills"], learning_rate=100.0),
    "iris": replace(
        PRESETS["iris"], loss="MSELoss", output_activation="linear", learning_rate=1e9
    ),
}  # fmt: skip
COLOURINGS = ("weight", "gradient", "last change")


@pytest.mark.parametrize("data", DIVERGING)
@pytest.mark.parametrize("by_phase", [False, True], ids=["stepping", "walking"])
def test_no_message_to_the_stage_holds_a_number_that_is_not_finite(data, by_phase):
    session, shown = Session.of(DIVERGING[data]), StageState()
    for number in range(500):
        message = message_for(
            session, shown, 0, logarithmic=False, colour_by=COLOURINGS[number % 3]
        )
        json.dumps(message, allow_nan=False)
        if session.run.divergence is not None:
            break
        session.step_phase() if by_phase else session.step_epoch()
    assert session.run.divergence is not None
    assert session.walk is None


@pytest.mark.parametrize("data", DIVERGING)
def test_walking_ends_with_the_same_sentence_as_stepping(data):
    walking, stepping = Session.of(DIVERGING[data]), Session.of(DIVERGING[data])
    while walking.run.divergence is None:
        walking.step_phase()
        assert walking.walk is None or walking.walk.is_finite
    while stepping.run.divergence is None:
        stepping.step_epoch()
    assert walking.run.divergence == stepping.run.divergence
    assert walking.run.epoch == stepping.run.epoch


@pytest.mark.parametrize("value", [torch.nan, torch.inf, -torch.inf, 0.0, 1e308, -1e308])
def test_the_end_of_a_scale_is_finite_and_no_lower_than_any_finite_number(value):
    numbers = torch.tensor([value, 2.5], dtype=torch.float64)
    end = round_scale(numbers)
    assert 2.5 <= end < torch.inf
