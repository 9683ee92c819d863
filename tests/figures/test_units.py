"""Own data in pictures: axes, points and texts are in the columns' own units."""

import pytest

from nets import draw, forward, read_data, start
from nets.figures.colours import LIGHT
from nets.page.stage.predictions import PredictionPlot
from nets.page.visitor.view_options import ViewOptions
from nets.presets import preset_for

ROWS = [(20.5, 1003.0, 7.0, 94645.5), (33.0, 1010.0, 5.0, 94700.0), (71.0, 1042.5, 6.0, 95210.0)]
ROWS = [(x, z + 0.25 * i, w, y + i) for i in range(4) for x, z, w, y in ROWS]

FILE = "\n".join(["age,price", *(f"{row[0]},{row[3]}" for row in ROWS)])


def picture(inputs):
    """Draw the predictions of an untrained network from this number of columns of a file."""
    names = ["age", "height", "width"][:inputs]
    lines = [",".join([*names, "price"])]
    lines += [",".join(map(str, (*row[:inputs], row[3]))) for row in ROWS]
    data = read_data("\n".join(lines).encode(), names, ["price"])
    run = start(preset_for(data), data=data)
    plot = PredictionPlot(run, LIGHT, ViewOptions(map=True), None)
    return plot.figure(), plot.seen(run.network, fine=False)


def points_in(figure):
    return next(trace for trace in figure["data"] if trace["name"] == "training")


def test_a_curve_is_over_the_column_and_as_high_as_the_target():
    figure, frame = picture(1)
    assert points_in(figure)["x"] == pytest.approx([row[0] for row in ROWS], rel=1e-4)
    assert points_in(figure)["y"] == pytest.approx([row[3] for row in ROWS], rel=1e-6)
    heights = frame.map["traces"]["curve"]["y"]
    assert all(90_000 < height < 100_000 for height in heights)
    assert len(set(heights)) > 100
    low, high = figure["layout"]["yaxis"]["range"]
    assert 94_000 < low < 94_645
    assert 95_213 < high < 96_000


def test_a_map_has_the_columns_as_axes_and_its_colours_are_prices():
    figure, frame = picture(2)
    left, right = figure["layout"]["xaxis"]["range"]
    assert left < 20.5 < 71 < right < 120
    (image,) = figure["layout"]["images"]
    assert (image["x"], image["y"]) == (left, figure["layout"]["yaxis"]["range"][1])
    assert points_in(figure)["y"] == pytest.approx([row[1] for row in ROWS], abs=0.06)
    assert "age = 20.5<br>height = 1003<br>price = 94645.5" in points_in(figure)["text"]
    ticks = frame.map["traces"]["colour bar"]["marker.colorbar.ticktext"]
    assert all(93_000 < float(text) < 97_000 for text in ticks)
    assert len(set(ticks)) == 3


def test_predicted_and_true_numbers_are_prices():
    figure, frame = picture(3)
    assert points_in(figure)["x"] == pytest.approx([row[3] for row in ROWS], rel=1e-6)
    assert all(90_000 < height < 100_000 for height in frame.map["traces"]["training"]["y"])
    (line,) = figure["layout"]["shapes"]
    assert (line["x0"], line["x1"]) == pytest.approx((94645.5, 95213), rel=1e-6)


def test_a_standardised_number_in_a_hover_box_says_so_and_has_its_column_s_unit():
    data = read_data(FILE.encode(), ["age"], ["price"])
    run = start(preset_for(data), data=data)
    texts = next(trace for trace in draw(run).data if trace.name == "neurons").customdata
    assert texts[0].endswith(" (standardised)<br>in its column’s own unit: 20.5")
    own = float(texts[-1].partition(" (standardised)<br>in its column’s own unit: ")[2])
    (output,) = forward(run.network, data.inputs[:1]).output.squeeze(0)
    assert own == pytest.approx(data.output_units[0].own(output).item(), rel=1e-5)
    assert not any("standardised" in text for text in texts[1:-1])


def test_numbers_as_they_are_have_no_unit_in_a_hover_box():
    data = read_data(FILE.encode(), ["age"], ["price"], standardise=False)
    drawn = draw(start(preset_for(data), data=data))
    texts = next(trace for trace in drawn.data if trace.name == "neurons").customdata
    assert not any("standardised" in text for text in texts)
