"""Results, test split and conditions that stop, as a visitor has them."""

from dataclasses import replace

import torch
from visiting import open_train_box, visitor, work_on

from nets.presets import PRESETS
from nets.training.recipe import replay


def test_a_split_starts_a_new_run_and_one_that_cannot_be_is_said(page):
    page.number_input(key="test_fraction").set_value(0.3).run()
    assert "test_fraction must be 0" in page.error[0].value
    assert visitor(page).run.test is None
    page.number_input(key="examples").set_value(10).run()
    assert not page.error
    assert len(visitor(page).run.test) == 3


def test_a_new_sample_is_other_data_with_the_same_first_weights(page):
    page.selectbox(key="data").select("circle").run()
    before = visitor(page).run
    page.button(key="new_sample").click().run()
    after = visitor(page).run
    assert not torch.equal(before.data.inputs, after.data.inputs)
    assert torch.equal(before.network.parameters, after.network.parameters)
    assert replace(after.config, data_seed=None) == PRESETS["circle"]


def test_training_stops_by_itself_says_so_and_can_be_replayed(page):
    page.selectbox(key="data").select("iris").run()
    page.segmented_control[0].set_value("Results").run()
    open_train_box(page)
    page.selectbox(key="stop_when").select("accuracy above").run()
    page.number_input(key="stop_accuracy").set_value(0.9).run()
    page.button(key="train").click().run()
    session = visitor(work_on(page))
    assert 0 < session.run.epoch < 100
    assert f"Training stopped at epoch {session.run.epoch}" in page.info[0].value
    again = replay(session.recipe)
    assert torch.equal(again.network.parameters, session.run.network.parameters)
    page.button(key="step_epoch").click().run()
    assert not page.info


def test_a_condition_that_cannot_be_met_is_said_and_nothing_is_trained(page):
    open_train_box(page)
    page.selectbox(key="stop_when").select("accuracy above").run()
    page.button(key="train").click().run()
    assert "targets are numbers" in page.warning[0].value
    assert visitor(page).run.epoch == 0
