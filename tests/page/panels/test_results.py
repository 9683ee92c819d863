"""The panels "Results" and "Data and output", the test split, and conditions that stop training."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
import torch
from visiting import arrive, open_train_box, text_of, type_into, visitor, work_on

from nets import LOSSES, Config, Data, forward, start
from nets.engine.compatibility import lowest_loss
from nets.page.panels.results import about_reach
from nets.presets import PRESETS
from nets.training.recipe import replay


def test_a_split_starts_a_new_run_and_an_impossible_one_gets_a_sentence(page):
    type_into(page, "test_fraction", 0.3)
    assert "Test fraction must be 0" in page.error[0].value
    assert visitor(page).run.test is None
    type_into(page, "examples", 10)
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
    type_into(page, "stop_accuracy", 0.9)
    page.button(key="train").click().run()
    session = visitor(work_on(page))
    assert 0 < session.run.epoch < 100
    assert f"Training stopped at epoch {session.run.epoch}" in page.info[0].value
    again = replay(session.recipe)
    assert torch.equal(again.network.parameters, session.run.network.parameters)
    page.button(key="step_epoch").click().run()
    assert not page.info


def test_a_condition_that_cannot_be_met_gets_a_sentence_and_nothing_is_trained(page):
    open_train_box(page)
    page.selectbox(key="stop_when").select("accuracy above").run()
    page.button(key="train").click().run()
    assert "targets are numbers" in page.warning[0].value
    assert visitor(page).run.epoch == 0


def examples_panel(**query):
    page = arrive(**query)
    page.segmented_control(key="panel").set_value("Data and output").run()
    assert not page.exception
    return page


def read_examples(page):
    """The table's header, and the cells of each row."""
    (html,) = (e.value for e in page.html if "xamples at epoch" in e.value)
    header, *rows = html.split("<tr>")[1:]
    names = re.findall(r"<th scope=\"col\">(.*?)</th>", header)
    return list(map(text_of, names)), [re.findall(r"<td>([^<]*)</td>", row) for row in rows]


def test_the_signed_error_and_its_loss_are_side_by_side_and_follow_from_y_and_ŷ():
    page = examples_panel(examples="40")
    header, rows = read_examples(page)
    assert header[-4:] == ["y₁", "ŷ₁", "y₁ − ŷ₁", "½(y₁ − ŷ₁)²"]
    run = page.session_state["visitor"].run
    output = forward(run.network, run.data.inputs).output
    for row, y, ŷ in zip(rows, run.data.targets.flatten(), output.flatten(), strict=True):
        shown = [Decimal(text.replace("−", "-")) for text in row[-4:]]
        values = [value.item() for value in (y, ŷ, y - ŷ, (y - ŷ) ** 2 / 2)]
        assert [float(one) for one in shown] == pytest.approx(values, rel=1e-3, abs=1e-6)
        for result, computed in ((shown[2], shown[0] - shown[1]), (shown[3], shown[2] ** 2 / 2)):
            assert abs(result - computed) <= Decimal(1).scaleb(result.as_tuple().exponent) / 2
    losses = ((run.data.targets - output) ** 2).sum() / 2 / len(rows)
    assert run.loss == pytest.approx(losses.item(), rel=1e-5)


def test_of_several_outputs_each_has_its_error_next_to_its_loss():
    header, rows = read_examples(examples_panel(data="iris", sizes="4-3-3"))
    assert header[1:3] == ["x₁ (sepal length)", "x₂ (sepal width)"]
    assert header[5:9] == ["y₁ (setosa)", "y₂ (versicolor)", "y₃ (virginica)", "ŷ₁ (setosa)"]
    assert header[-4:] == ["y₂ − ŷ₂", "½(y₂ − ŷ₂)²", "y₃ − ŷ₃", "½(y₃ − ŷ₃)²"]
    assert all(len(row) == len(header) - 1 for row in rows)


def test_the_panel_says_why_adding_lowers_the_loss():
    text = " ".join(element.value for element in examples_panel().markdown)
    assert "`+=` lowers the loss" in text
    assert "derivative of ½(y − ŷ)² with respect to ŷ is −(y − ŷ)" in text


def test_for_another_loss_the_panel_does_not_say_so(monkeypatch):
    monkeypatch.setitem(LOSSES, "Other", replace(LOSSES["SquaredError"], name="Other"))
    page = examples_panel(loss="Other")
    assert read_examples(page)[0][-3:] == ["y₁", "ŷ₁", "y₁ − ŷ₁"]
    assert "lowers the loss" not in " ".join(element.value for element in page.markdown)


def test_targets_out_of_reach_are_counted_with_the_lowest_loss():
    page = examples_panel(seed="2", examples="8")
    run = page.session_state["visitor"].run
    count = int(((run.data.targets < 0) | (run.data.targets > 1)).sum())
    assert 0 < count < 8
    text = " ".join(text.value for text in page.markdown)
    assert f"{count} of 8 targets cannot be reached" in text
    assert f"{lowest_loss(run.data.targets, 'sigmoid', 'SquaredError'):.4f}" in text


def test_targets_within_reach_are_not_mentioned():
    page = examples_panel(data="xor", sizes="2-4-1")
    assert "cannot be reached" not in " ".join(text.value for text in page.markdown)


@pytest.mark.parametrize(
    ("activation", "said"),
    [
        ("sigmoid", "always between 0 and 1: y₁ = 2.0000 in example 1, y₁ = −0.5000 in example 2."),
        ("relu", "never below 0: y₁ = −0.5000 in example 2."),
        ("linear", ""),
    ],
)
def test_targets_out_of_reach_are_named(activation, said):
    data = Data(torch.zeros(2, 3), torch.tensor([[2.0], [-0.5]]))
    config = Config(sizes=(3, 2, 1), output_activation=activation)
    text = about_reach(start(config, data=data))
    assert said in text
    assert bool(text) == bool(said)
