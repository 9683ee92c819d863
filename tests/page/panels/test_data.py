"""The panel "Data and output": the error and what it costs, side by side."""

import re
from dataclasses import replace
from html import unescape

import pytest
from visiting import arrive

from nets import LOSSES, forward
from nets.page.html.tables import number


def opened(**query):
    page = arrive(**query)
    page.segmented_control(key="panel").set_value("Data and output").run()
    assert not page.exception
    return page


def read(page):
    """The table's header, and the cells of each row."""
    (html,) = (e.value for e in page.html if "Examples at epoch" in e.value)
    header, *rows = html.split("<tr>")[1:]
    names = re.findall(r"<th scope=\"col\">([^<]*)</th>", header)
    return list(map(unescape, names)), [re.findall(r"<td>([^<]*)</td>", row) for row in rows]


def test_the_signed_error_and_its_loss_stand_side_by_side():
    page = opened(examples="4")
    header, rows = read(page)
    assert header[-4:] == ["y", "ŷ", "y − ŷ", "½(y − ŷ)²"]
    run = page.session_state["visitor"].run
    output = forward(run.network, run.data.inputs).output
    for row, y, ŷ in zip(rows, run.data.targets.flatten(), output.flatten(), strict=True):
        numbers = y, ŷ, y - ŷ, (y - ŷ) ** 2 / 2
        assert row[-4:] == [number(value.item()) for value in numbers]
    losses = ((run.data.targets - output) ** 2).sum() / 2 / len(rows)
    assert run.loss == pytest.approx(losses.item(), rel=1e-5)


def test_of_several_outputs_each_has_its_error_beside_its_loss():
    header, rows = read(opened(data="iris", sizes="4-3-3"))
    species = "setosa", "versicolor", "virginica"
    pairs = [f"{sign} {name}" for name in species for sign in ("y − ŷ", "½(y − ŷ)²")]
    assert header[-6:] == pairs
    assert all(len(row) == len(header) - 1 for row in rows)


def test_it_says_why_adding_goes_downhill():
    text = " ".join(element.value for element in opened().markdown)
    assert "`+=` lowers the loss" in text
    assert "derivative of ½(y − ŷ)² with respect to ŷ is −(y − ŷ)" in text


def test_of_another_loss_nothing_of_the_kind_is_said(monkeypatch):
    monkeypatch.setitem(LOSSES, "Other", replace(LOSSES["SquaredError"], name="Other"))
    page = opened(loss="Other")
    assert read(page)[0][-3:] == ["y", "ŷ", "y − ŷ"]
    assert "lowers the loss" not in " ".join(element.value for element in page.markdown)
