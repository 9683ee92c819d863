"""Predictions: pictures follow the network, and a browser that applies the frames has them."""

import threading

import plotly.graph_objects as go
import pytest
import torch
from following import Browser, tell
from visiting import text_of

from nets import Config, Epochs, forward
from nets.figures.colours import LIGHT
from nets.figures.predicted_vs_true import MAX_PREDICTIONS
from nets.figures.scatter import round_coordinates, sample_indices
from nets.page.stage import predictions
from nets.page.stage.messages import StageState, message_for, style_of
from nets.page.stage.predictions import PredictionPlot
from nets.page.visitor.memory import Gate
from nets.page.visitor.selection import Selection
from nets.page.visitor.session import Session
from nets.page.visitor.view_options import ViewOptions
from nets.presets import PRESETS

ALL = ViewOptions(map=True, in_neurons=True)
SETS = ["circle", "plane", "xor", "sine", "iris", "breast_cancer", "digits", "notebook"]


def session_on(data):
    session = Session.of(PRESETS[data])
    session.view = ALL
    return session


@pytest.mark.parametrize("data", SETS)
def test_plotly_accepts_the_picture_of_any_data(data):
    session = session_on(data)
    go.Figure(PredictionPlot(session.run, LIGHT, ALL, None).figure())


@pytest.mark.parametrize("data", SETS)
def test_following_the_frames_gives_what_a_new_browser_gets(data):
    session, shown, browser = session_on(data), StageState(), Browser()
    tell(browser, session, shown)
    for _ in range(2):
        session.do(Epochs(1))
        tell(browser, session, shown)
    fresh = Browser()
    session.unshown = []
    tell(fresh, session, StageState())
    assert browser.map == fresh.map
    assert browser.diagram == fresh.diagram


@pytest.mark.parametrize("button", ["step_epoch", "step_phase"])
def test_the_frame_sent_ahead_of_a_click_has_the_pictures(button):
    session, shown, browser = session_on("circle"), StageState(), Browser()
    tell(browser, session, shown)
    getattr(session, button)()  # after the first phase, the next one is sent ahead too
    tell(browser, session, shown)
    for _ in range(5):
        browser.click(button)
        assert browser.foreseen == button
        painted = str((browser.map, browser.diagram))
        getattr(session, button)()
        tell(browser, session, shown)
        assert painted == str((browser.map, browser.diagram))


def test_neurons_have_a_picture_each_at_rest_and_none_in_a_phase():
    session, shown, browser = session_on("circle"), StageState(), Browser()
    tell(browser, session, shown)
    pictures = browser.diagram["pictures"]["neurons"]
    assert len(set(pictures)) == sum(session.run.config.sizes)
    session.step_phase()
    tell(browser, session, shown)
    assert set(browser.diagram["pictures"]["neurons"]) == {""}


def test_the_picture_is_of_the_selected_neuron():
    session = session_on("circle")
    titles, maps = [], []
    for part in (None, Selection("a", 1, (0,)), Selection("a", 1, (1,)), Selection("w", 1, (0, 0))):
        learned = PredictionPlot(session.run, LIGHT, ALL, part)
        titles.append(learned.figure()["layout"]["annotations"][0]["text"])
        maps += learned.seen(session.run.network, fine=True).map["images"]
    assert [text_of(title) for title in titles] == [
        "output ŷ₁",
        "hidden neuron h₁",
        "hidden neuron h₂",
        "output ŷ₁",
    ]
    assert maps[0] == maps[3]
    assert len(set(maps)) == 3


def test_the_curve_is_what_the_network_gives():
    run = session_on("sine").run
    learned = PredictionPlot(run, LIGHT, ALL, None)
    figure = learned.figure()
    places = next(trace["x"] for trace in figure["data"] if trace["name"] == "curve")
    heights = learned.seen(run.network, fine=True).map["traces"]["curve"]["y"]
    output = forward(run.network, torch.tensor(places)[:, None]).output[:, 0]
    torch.testing.assert_close(torch.tensor(heights), output, rtol=2e-3, atol=2e-3)


def test_predicted_against_true_has_the_output_of_each_example_s_own_class():
    run = session_on("iris").run
    learned = PredictionPlot(run, LIGHT, ALL, None)
    places = sample_indices(run.data, MAX_PREDICTIONS)
    heights = learned.seen(run.network, fine=True).map["traces"]["training"]["y"]
    outputs = forward(run.network, run.data.inputs[places]).output
    assert heights == round_coordinates((outputs * run.data.targets[places]).sum(dim=1))


def test_the_notebook_s_page_has_no_picture_and_drawn_points_have_one():
    assert Session.of(Config()).view == ViewOptions()
    assert Session.of(PRESETS["circle"]).view == ALL
    assert Session.of(PRESETS["xor"]).view == ViewOptions(map=True)
    assert Session.of(PRESETS["digits"]).view == ViewOptions()


def test_other_data_bring_pictures_that_suit_them_and_another_seed_keeps_the_choice():
    session = Session.of(PRESETS["circle"])
    session.view = ViewOptions(as_classes=True)
    session.begin(Config(**{**vars(PRESETS["circle"]), "seed": 5}))
    assert session.view == ViewOptions(as_classes=True)
    session.begin(PRESETS["iris"])
    assert session.view == ViewOptions()


def test_with_pictures_off_messages_have_none():
    session, shown, browser = Session.of(Config()), StageState(), Browser()
    message = tell(browser, session, shown)
    assert set(message["figures"]) == {"diagram", "loss_chart"}
    assert shown.plot is None
    assert not style_of(session).maps
    assert all("map" not in frame["changes"] for frame in message["frames"])


def test_a_map_for_which_there_is_no_room_is_left_out_until_there_is(monkeypatch):
    gate = Gate(100, light=10)
    monkeypatch.setattr(predictions, "gate", gate)
    monkeypatch.setattr(predictions, "WAIT", 0.01)
    session, shown = session_on("circle"), StageState()
    browser, fresh = Browser(), Browser()
    with gate.through(100):
        seen = []
        thread = threading.Thread(target=lambda: seen.append(tell(browser, session, shown)))
        thread.start()
        thread.join(10)
        assert shown.plot.waiting
        assert "waiting" in shown.message["frames"][-1]["descriptions"]["map"]
    shown.lost()
    tell(browser, session, shown)
    assert not shown.plot.waiting
    tell(fresh, session, StageState())
    assert (browser.map, browser.diagram) == (fresh.map, fresh.diagram)


@pytest.mark.parametrize("data", ["xor", "sine", "iris"])
def test_the_way_back_to_the_outputs_map_is_offered_while_another_one_is_shown(data):
    session, shown = session_on(data), StageState()
    last, several = len(session.run.config.sizes) - 1, session.run.config.sizes[-1] > 1
    output = Selection("a", last, (0,))
    for part, expected in (
        (None, False),
        (Selection("w", 1, (0, 0)), False),
        (Selection("a", 1, (0,)), True),
        (output, several),
    ):
        session.selected = part
        message = message_for(session, shown, 0, logarithmic=False)
        assert message["figures"]["map"]["back"] == expected, part
