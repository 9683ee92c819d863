"""Messages: a browser that applies the changes has the same figures as a new browser."""

from dataclasses import replace

import pytest
import torch
from following import Browser, draw_diagram, tell

from nets import Config, Data, Epochs, start
from nets.engine.compatibility import lowest_loss
from nets.page.stage.messages import StageState, message_for, style_of
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import diagram_values


@pytest.mark.parametrize("sizes", [(5, 3, 1), (20, 20, 3), (32, 64, 16)])
def test_following_the_changes_gives_a_newly_drawn_figure(sizes):
    session, shown, browser = Session.of(Config(sizes=sizes)), StageState(), Browser()
    tell(browser, session, shown)
    for events in ([Epochs(1)], [Epochs(1), Epochs(2), Epochs(3)]):
        for event in events:
            session.do(event)
        message = tell(browser, session, shown)
        assert message["figures"] is None
        assert len(message["frames"]) == len(events)
    assert browser.diagram == draw_diagram(style_of(session), diagram_values(session.now)[0])
    assert browser.chart["data"][0]["x"] == list(range(8))
    assert browser.texts["epoch"] == "7"


def test_nothing_new_is_the_same_message_again():
    session, shown = Session.of(Config()), StageState()
    first = message_for(session, shown, 40, logarithmic=False)
    assert message_for(session, shown, 40, logarithmic=False) is first


@pytest.mark.parametrize(
    "change",
    [
        lambda session, shown: session.begin(Config(seed=3)),
        lambda session, shown: session.begin(Config(sizes=(2, 2, 1))),
        lambda session, shown: setattr(session, "dark", True),
        lambda session, shown: shown.lost(),
    ],
)
def test_what_a_change_cannot_express_is_drawn_again(change):
    session, shown, browser = Session.of(Config()), StageState(), Browser()
    before = tell(browser, session, shown)
    change(session, shown)
    message = tell(browser, session, shown)
    assert message["figures"] is not None
    assert message["picture"] > before["picture"]
    assert browser.diagram == draw_diagram(style_of(session), diagram_values(session.now)[0])


@pytest.mark.parametrize("on_show", [2, 5, 6])
def test_figures_redrawn_while_playing_begin_with_the_picture_on_show(on_show):
    session, shown, browser = Session.of(Config()), StageState(), Browser()
    tell(browser, session, shown)
    session.playing = True
    for events in ([Epochs(1)] * 3, [Epochs(1)] * 3):
        for event in events:
            session.do(event)
        tell(browser, session, shown)
    shown.painted(on_show)
    session.dark = True
    session.do(Epochs(1))
    message = message_for(session, shown, 40, logarithmic=False)
    assert [frame["number"] for frame in message["frames"]] == list(range(on_show, 8))
    assert message["figures"]["loss_chart"]["data"][0]["x"] == list(range(on_show + 1))
    browser.receive(message)
    assert browser.diagram == draw_diagram(style_of(session), diagram_values(session.now)[0])
    assert browser.chart["data"][0]["x"] == list(range(8))


def test_a_long_run_keeps_the_line_short_and_complete_at_both_ends():
    session, shown, browser = Session.of(Config()), StageState(), Browser()
    tell(browser, session, shown)
    for _ in range(30):
        session.do(Epochs(400))
        assert tell(browser, session, shown)["figures"] is None
    x = browser.chart["data"][0]["x"]
    assert (x[0], x[-1]) == (0, 12_000)
    assert len(x) < 4000
    assert x == sorted(set(x))


def test_the_chart_shows_the_loss_that_no_training_goes_below():
    session = Session.of(Config(seed=2))
    chart = message_for(session, StageState(), 40, logarithmic=False)["figures"]["loss_chart"]
    floor = chart["layout"]["shapes"][0]["y0"]
    assert floor == lowest_loss(session.run.data.targets, "sigmoid", "SquaredError") > 0
    session.begin(Config(data="xor", sizes=(2, 2, 1)))
    chart = message_for(session, StageState(), 40, logarithmic=False)["figures"]["loss_chart"]
    assert chart["layout"]["shapes"] == []


def test_a_floor_far_below_the_losses_comes_into_a_logarithmic_chart_when_they_are_near():
    config = Config(learning_rate=1.0)
    data = Data(start(config).data.inputs, torch.tensor([[1.01]]))
    session, shown = Session.of(replace(config, data="own"), data), StageState()
    targets = data.targets
    first = message_for(session, shown, 40, logarithmic=True)
    assert first["figures"]["loss_chart"]["layout"]["shapes"] == []
    session.do(Epochs(2000))
    message = message_for(session, shown, 40, logarithmic=True)
    line, _words = message["figures"]["loss_chart"]["layout"]["shapes"]
    assert line["y0"] == lowest_loss(targets, "sigmoid", "SquaredError")
