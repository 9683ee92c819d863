"""Predict: inputs are what was typed or drawn."""

import torch
from visiting import arrive, type_into, visitor

from nets import forward, read_data
from nets.page.html.tables import number
from nets.presets import preset_for


def answer_of(page):
    return next((html.value for html in page.html if 'class="answers"' in html.value), None)


def try_it(page):
    return page.segmented_control(key="panel").set_value("Predict").run()


def test_a_number_is_not_read_as_the_file_writes_its_numbers(page):
    """In this file a comma is the decimal sign, so 2.345 in it would be more than a thousand."""
    data = read_data(b"x;y\n1,5;0\n1,25;1\n3,125;0\n2,5;1\n", ["x"], ["y"])
    visitor(page).begin(preset_for(data), data)
    (slider,) = try_it(page).slider
    slider.set_value(2.345).run()
    (column,) = data.encoding.inputs
    inputs = torch.tensor([[(2.345 - column.mean) / column.spread]])
    output = forward(visitor(page).run.network, inputs).output
    expected = data.output_units[0].own(output).item()
    assert f"<output>{number(expected)}</output>" in answer_of(page)


def test_what_is_no_number_is_said_and_nothing_is_predicted():
    page = try_it(arrive(data="wine"))
    field = next(field for field in page.text_input if field.label == "hue")
    usual = answer_of(page)
    type_into(page, field.key, "much")
    assert "hue must be a number" in page.error[0].value
    assert answer_of(page) is None
    type_into(page, field.key, "1,5")
    assert not page.error
    assert page.text_input(key=field.key).value == "1.5"
    assert answer_of(page) not in (None, usual)


def test_the_example_whose_inputs_are_copied_is_a_whole_number_of_those_there_are(page):
    try_it(page)
    for wrong in ("2", "1.5", "one"):
        type_into(page, "try_example", wrong)
        assert "The example must be a whole number from 1 to 1; got" in page.error[0].value
    type_into(page, "try_example", "1")
    assert not page.error


def test_an_empty_sheet_is_no_digit():
    page = try_it(arrive(data="digits"))
    assert answer_of(page) is None
    assert any("The sheet is empty" in html.value for html in page.html)
    type_into(page, "try_example", "1")
    assert "digit: " in answer_of(page)
