"""The frame that is sent before a click equals the one that the server sends after it."""

import copy

import pytest
import torch
from following import Browser, draw_diagram, tell
from hypothesis import given, settings
from hypothesis import strategies as st

from nets import Config, Epochs, LearningRate, advance, start
from nets.figures.colours import LIGHT
from nets.figures.diagram_style import COLOURINGS
from nets.figures.points import round_numbers
from nets.page.stage.frames import about_example, about_neurons, about_update, badge_text, loss_text
from nets.page.stage.messages import BUTTONS, BUTTONS_OF_A_WALK, StageState, style_of
from nets.page.visitor.pending import start_events
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import DisplayOptions, Snapshot, diagram_values
from nets.page.visitor.undo import redo, undo
from nets.presets import PRESETS

CONFIG = Config(sizes=(2, 3, 1), examples=3, batch_size=2, bias_rule="gradient", seed=4)
RUNAWAY = Config(output_activation="linear", learning_rate=1e6)


def click(session, button):
    {
        "step_epoch": Session.step_epoch,
        "step_phase": Session.step_phase,
        "step_back": undo,
        "redo": redo,
    }[button](session)


def begun(config=CONFIG, phases=0):
    """Begin a session, and show some phases."""
    session, shown, browser = Session.of(config), StageState(), Browser()
    tell(browser, session, shown)
    for _ in range(phases):
        click(session, "step_phase")
        tell(browser, session, shown)
    return session, shown, browser


def assert_all_shown(browser, session, sight):
    """Check that the browser has what a new browser gets."""
    run = session.run
    assert browser.diagram == draw_diagram(style_of(session), diagram_values(session.now, sight)[0])
    line, *_ = browser.chart["data"]
    assert (line["x"], line["y"]) == (list(range(run.epoch + 1)), round_numbers(run.history.loss))
    assert browser.texts == {
        "epoch": str(run.epoch),
        "loss": loss_text(session.now.loss),
        "badge": badge_text(run),
        "neuron_legend": about_neurons(session.now, LIGHT, maps=False),
        "shown_example": about_example(session.now, sight),
        "shown_update": about_update(session.now, None),
    }


@pytest.mark.parametrize("button", BUTTONS_OF_A_WALK)
@pytest.mark.parametrize("colour_by", COLOURINGS)
@pytest.mark.parametrize("example", [0, 2])
def test_the_frame_sent_ahead_is_the_one_that_the_click_brings(button, colour_by, example):
    session, shown, browser = begun(phases=button == "step_phase")
    session.example = example
    message = tell(browser, session, shown, colour_by=colour_by)
    for _ in range(15):
        ahead = copy.deepcopy(message["ahead"][button])
        click(session, button)
        message = tell(browser, session, shown, colour_by=colour_by)
        assert message["frames"] == [ahead | {"foreseen": button}]
        assert_all_shown(browser, session, DisplayOptions(example, colour_by))


@pytest.mark.parametrize("button", BUTTONS_OF_A_WALK)
def test_after_another_learning_rate_other_frames_go_ahead(button):
    session, shown, browser = begun()
    for _ in range(6):
        click(session, "step_phase")
    before = tell(browser, session, shown)["ahead"]
    session.do(LearningRate(0.9))
    message = tell(browser, session, shown)
    assert all("foreseen" not in frame for frame in message["frames"])
    while session.run.epoch == 0:
        click(session, button)
        moment, _ = shown.ahead[button]
        assert moment.run is session.run
        message = tell(browser, session, shown)
    assert message["frames"][-1]["texts"] != before["step_epoch"]["texts"]
    assert_all_shown(browser, session, DisplayOptions())


def test_stepping_back_shortens_the_loss_chart_and_stepping_on_lengthens_it():
    session, shown, browser = begun()
    session.do(Epochs(5))
    tell(browser, session, shown)
    for epoch in (4, 3):
        while session.run.epoch > epoch:
            click(session, "step_back")
            tell(browser, session, shown)
        assert browser.chart["data"][0]["x"] == list(range(epoch + 1))
    session.pause(1)
    tell(browser, session, shown)
    assert browser.chart["data"][0]["x"] == [0, 1]
    click(session, "step_epoch")
    tell(browser, session, shown)
    assert browser.chart["data"][0]["x"] == [0, 1, 2]


def test_nothing_goes_ahead_of_a_click_while_playing_or_working_or_where_a_run_has_ended():
    session, shown, browser = begun()
    assert set(browser.ahead) == set(BUTTONS)
    click(session, "step_phase")
    tell(browser, session, shown)
    assert set(browser.ahead) == set(BUTTONS_OF_A_WALK)
    session.playing = True
    session.do(Epochs(1))
    assert tell(browser, session, shown)["ahead"] == {}
    session.playing = False
    start_events(session, [Epochs(1_000_000)], seconds=0.01)
    assert tell(browser, session, shown)["ahead"] == {}
    session.begin(RUNAWAY)
    session.do(Epochs(100))
    assert session.run.divergence is not None
    assert tell(browser, session, shown)["ahead"] == {}


deeds = st.one_of(
    st.sampled_from(["step_epoch", "step_phase", "step_phase", "step_back", "step_back", "redo"]),
    st.builds(LearningRate, st.sampled_from([0.1, 0.5, 2.0])),
    st.builds(Epochs, st.integers(1, 3)),
    st.tuples(st.just("pause"), st.integers(0, 4)),
    st.builds(DisplayOptions, st.integers(0, 2), st.sampled_from(COLOURINGS)),
)


@settings(max_examples=20)
@given(st.lists(deeds, min_size=3, max_size=15))
def test_a_browser_that_paints_ahead_shows_the_session_after_any_actions(deeds):
    (session, shown, browser), sight = begun(), DisplayOptions()
    for deed in deeds:
        match deed:
            case str():
                browser.click(deed)
                if browser.foreseen:
                    painted = copy.deepcopy((browser.diagram, browser.chart, browser.texts))
                click(session, deed)
            case DisplayOptions():
                sight = deed
                session.example = sight.example
            case "pause", epoch:
                session.pause(epoch)
            case event:
                session.do(event)
        foreseen = browser.foreseen
        tell(browser, session, shown, colour_by=sight.colour_by)
        assert_all_shown(browser, session, sight)
        if foreseen:
            assert painted == (browser.diagram, browser.chart, browser.texts)


@pytest.mark.parametrize("config", [Config(sizes=(32, 64, 16)), PRESETS["circle"]])
def test_the_neurons_have_the_same_numbers_while_playing_and_at_rest(config):
    run = advance(start(config), 30)
    playing, _ = diagram_values(Snapshot(run), whole=False)
    resting, _ = diagram_values(Snapshot(run))
    for one, other in zip(playing.activity.outputs, resting.activity.outputs, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-12)
