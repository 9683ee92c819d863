"""The panel "Gradient check" says what the check of the engine finds."""

import re
from dataclasses import replace

import pytest
from visiting import arrive, begin_to_train, text_of

from nets import ACTIVATIONS, Config, check_gradients, start
from nets.analysis.verdict import summarize
from nets.engine.names import to_symbol
from nets.page.panels import gradient_check
from nets.page.panels.gradient_check import MOST_ROWS, headline
from nets.training.run import FUSED


def opened(panel="Gradient check", **query):
    page = arrive(**query)
    page.segmented_control(key="panel").set_value(panel).run()
    assert not page.exception
    return page


def verdict(page):
    (line,) = page.container(key="verdict").subheader
    return line.value


def words(page):
    return " ".join(text.value for text in page.markdown)


def rows(page):
    """Return the names in the table, in order."""
    (html,) = (e.value for e in page.html if "Gradients at epoch" in e.value)
    return [text_of(name) for name in re.findall(r'<th scope="row">(.*?)</th>', html)]


def test_under_the_gradient_rule_every_parameter_agrees():
    page = opened(data="xor", sizes="2-4-1", bias_rule="gradient")
    assert verdict(page) == "✓ All 17 gradients agree"
    assert len(rows(page)) == 17


@pytest.mark.parametrize("seed", range(4))
def test_under_the_notebook_s_rule_the_verdict_counts_the_biases_at_this_very_epoch(seed):
    page = opened(seed=str(seed))
    for _ in range(2):
        run = page.session_state["visitor"].run
        checked = summarize(check_gradients(run))
        count = len(checked.uphill)
        assert verdict(page).startswith("✗ 3 of 4 biases do not follow their gradient")
        assert f"; {count or 'none'} move" in verdict(page)
        assert f"gradients at epoch {run.epoch} are" in words(page)
        for row in checked.uphill:
            assert to_symbol(row.parameter) in words(page)
        assert rows(page)[:count] == [to_symbol(row.parameter) for row in checked.uphill]
        page.button(key="step_epoch").click().run()


def test_switching_the_rule_switches_the_verdict():
    page = opened()
    assert verdict(page).startswith("✗")
    page.selectbox(key="bias_rule").select("gradient").run()
    assert verdict(page) == "✓ All 22 gradients agree"


@pytest.mark.parametrize("rule", ["notebook", "gradient"])
def test_a_wrong_slope_is_named(monkeypatch, rule):
    for table in (ACTIVATIONS, FUSED):
        wrong = replace(table["leaky_relu"], slope=ACTIVATIONS["relu"].slope)
        monkeypatch.setitem(table, "leaky_relu", wrong)
    page = opened(hidden_activation="leaky_relu", bias_rule=rule)
    mistaken = summarize(check_gradients(page.session_state["visitor"].run)).wrong
    assert verdict(page) == f"✗ {len(mistaken)} of 22 gradients are wrong"
    assert to_symbol(mistaken[0].parameter) in words(page)
    assert rows(page)[: len(mistaken)] == [to_symbol(row.parameter) for row in mistaken]


def test_a_large_network_shows_the_worst_rows_and_says_what_it_leaves_out():
    page = opened(sizes="20-10-2")
    assert len(rows(page)) == MOST_ROWS
    assert rows(page)[0].startswith("b")
    assert any("60 of 232 parameters" in element.value for element in page.html)


@pytest.mark.parametrize("sizes", ["1-1-1", "64-64-64-16"])
@pytest.mark.parametrize("examples", ["1", "3"])
def test_it_can_be_shown_for_every_size(sizes, examples):
    page = opened(sizes=sizes, examples=examples, batch_size="2")
    alone = sizes == "1-1-1"
    assert ("All 4 gradients agree" in verdict(page)) == alone
    assert ("mini-batch" in words(page)) == (examples == "3")


def test_the_panel_says_if_finite_differences_are_a_sample(monkeypatch):
    monkeypatch.setattr("nets.analysis.gradient_check.WORK", 1)
    page = opened(bias_rule="gradient")
    assert "for 8 of 22 parameters, chosen at random" in words(page)


def test_it_is_computed_once_a_run_and_only_where_it_is_shown(monkeypatch):
    runs = []
    monkeypatch.setattr(
        gradient_check, "check_gradients", lambda run, _: runs.append(run) or check_gradients(run)
    )
    page = opened("Inspect")
    page.button(key="step_epoch").click().run()
    assert runs == []
    page.segmented_control(key="panel").set_value("Gradient check").run()
    page.run()
    assert len(runs) == 1
    for _ in range(2):
        page.button(key="play").click().run()
        page.run()
    assert len(runs) > 1
    assert len({run.epoch for run in runs}) == len(runs)


def test_while_work_is_pending_nothing_is_checked():
    page = opened()
    begin_to_train(page, 9_000_000)
    assert page.session_state["visitor"].pending
    assert not any("Gradients at epoch" in element.value for element in page.html)


def test_one_bias_is_in_the_singular_and_several_are_in_the_plural():
    for seed in range(30):
        checked = summarize(check_gradients(start(Config(seed=seed))))
        goes = "; 1 moves in the wrong direction" in headline(checked)
        assert goes == (len(checked.uphill) == 1)
