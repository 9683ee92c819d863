"""A session file is opened on the page, and what is none is refused."""

import pytest
import torch
from torch import nn
from visiting import arrive, open_link, type_into, visitor, work_on

from nets import Epochs, LearningRate, Observer, Parameter, replay
from nets.page.panels.panels import PANELS
from nets.page.panels.session_file import open_text, write
from nets.page.stage.address import address_of
from nets.page.stage.player import toggle
from nets.page.visitor.arrival import rest, wake
from nets.page.visitor.by_hand import set_parameters
from nets.page.visitor.pending import repeat, start_events
from nets.page.visitor.session import Session
from nets.page.visitor.time_travel import show_epoch
from nets.presets import PRESETS
from nets.sharing.session_file import to_session_file
from nets.training.recipe import Recipe


def open_file(page, content):
    page.segmented_control(key="panel").set_value("Download").run()
    page.file_uploader(key="session_file").upload("run.json", content, "application/json").run()
    page.button(key="open_session").click().run()
    return work_on(page)


def test_a_session_file_becomes_the_run_and_can_be_undone():
    page, recipe = arrive(), Recipe(PRESETS["iris"], (Epochs(7),))
    open_file(page, to_session_file(recipe).encode())
    session = visitor(page)
    assert session.recipe == recipe
    assert torch.equal(session.run.network.parameters, replay(recipe).network.parameters)
    assert page.selectbox(key="data").value == "iris"
    page.button(key="step_back").click().run()
    assert visitor(page).recipe.config.data == "notebook"


def observed():
    """Observe a small training."""
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    observer = Observer(model)
    for _ in range(4):
        nn.init.uniform_(model[0].weight)
        observer.note(torch.eye(2), torch.ones(2))
    return observer.recipe


def test_an_observed_run_is_there_to_be_looked_at():
    page, recipe = arrive(), observed()
    open_file(page, to_session_file(recipe).encode())
    session = visitor(page)
    assert torch.equal(session.run.network.parameters, replay(recipe).network.parameters)
    for key in ("reset", "step_phase", "step_epoch", "play"):
        assert page.button(key=key).disabled
    assert any("cannot be trained" in note.value for note in page.info)
    for panel in PANELS:
        page.segmented_control(key="panel").set_value(panel).run()
        visitor(page)
    show_epoch(session, 2)
    page.run()
    past = replay(recipe.until(2)).network
    assert torch.equal(visitor(page).run.network.parameters, past.parameters)
    page.button(key="step_back").click().run()
    assert not visitor(page).is_observed


def test_nothing_that_a_browser_sends_trains_an_observed_run():
    session = Session.of(PRESETS["xor"])
    repeat(session, observed())
    before = session.run
    session.step_epoch()
    session.step_phase()
    session.reset()
    toggle(session)
    for deed in (
        lambda: session.do(LearningRate(0.5)),
        lambda: start_events(session, [Epochs(3)]),
        lambda: set_parameters(session, [Parameter("w1[0, 0]", 1.0)]),
    ):
        with pytest.raises(ValueError, match="cannot be trained"):
            deed()
    assert session.run is before
    rest(session)
    wake(session)
    assert torch.equal(session.run.history.loss, before.history.loss)


def test_f5_and_a_session_file_bring_an_observed_run_back_at_the_epoch_on_show():
    session = Session.of(PRESETS["xor"])
    repeat(session, observed())
    show_epoch(session, 1)
    from_file = Session.of(PRESETS["xor"])
    open_text(from_file, write(session, {}), {})
    for again in (open_link(address_of(session, {}).query), from_file):
        assert not again.errors
        assert (again.is_observed, again.run.epoch) == (True, 1)
        assert torch.equal(again.run.network.parameters, session.run.network.parameters)
        show_epoch(again, 4)
        assert torch.equal(again.run.history.loss, session.latest.run.history.loss)


def test_a_changed_setting_begins_a_run_of_the_page_on_the_observed_data():
    page, recipe = arrive(), observed()
    open_file(page, to_session_file(recipe).encode())
    type_into(page, "learning_rate", 0.05)
    session = visitor(page)
    assert (session.run.epoch, session.is_observed) == (0, False)
    assert torch.equal(session.run.data.inputs, recipe.data.inputs)
    page.button(key="step_epoch").click().run()
    assert visitor(page).run.epoch == 1


def test_a_file_that_is_none_gets_a_sentence():
    page = open_file(arrive(), b"[1, 2]")
    assert visitor(page).recipe.config.data == "notebook"
    assert any("session file must" in error.value for error in page.error)
