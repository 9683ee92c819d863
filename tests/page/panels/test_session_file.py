"""A session file is opened on the page, and what is none is refused."""

import torch
from visiting import arrive, visitor, work_on

from nets import Epochs, replay
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


def test_a_file_that_is_none_gets_a_sentence():
    page = open_file(arrive(), b"[1, 2]")
    assert visitor(page).recipe.config.data == "notebook"
    assert any("session file must" in error.value for error in page.error)
