"""In a notebook cell: figures of a run, tables of runs and networks, and a bar for training."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import plotly.graph_objects as go
import pytest
import torch

from nets import Config, advance, draw, read_data, start
from nets.figures.diagram_style import MAX_EDGES
from nets.presets import PRESETS, preset_for

LARGEST = Config(sizes=(64, *[64] * 6, 16), examples=2, bias_rule="gradient")


def run_of(config, epochs=2):
    return advance(start(config), epochs)


def trace(figure, name):
    return next(one for one in figure.data if one.name == name)


def test_the_diagram_has_a_line_for_every_weight_in_the_colours_of_the_page():
    run = run_of(Config(sizes=(3, 4, 2)))
    figure = draw(run)
    assert isinstance(figure, go.Figure)
    assert len(figure.layout.shapes) == 3 * 4 + 4 * 2
    strongest = max(figure.layout.shapes, key=lambda shape: shape.line.width)
    weights = torch.cat([layer.weights.flatten() for layer in run.network.layers])
    place = [*figure.layout.shapes].index(strongest)
    assert place == int(weights.abs().argmax())
    assert (strongest.line.dash == "solid") == bool(weights[place] > 0)
    hover = trace(figure, "edges").customdata
    assert float(hover[0][0].replace("−", "-")) == pytest.approx(weights[0].item(), rel=1e-4)


def test_a_large_network_shows_its_strongest_weights():
    figure = draw(run_of(LARGEST, 1))
    drawn = sum(shape.path.count("M") for shape in figure.layout.shapes if shape.path != "M0 0")
    assert drawn == MAX_EDGES


def test_the_loss_has_a_point_for_every_epoch_and_a_line_for_test_data():
    run = run_of(replace(PRESETS["iris"]), 5)
    figure = draw(run, "loss")
    assert trace(figure, "test").y == pytest.approx(run.history.test_loss.tolist(), rel=1e-6)
    assert [*trace(figure, "loss").x] == list(range(6))


@pytest.mark.parametrize("data", ["xor", "sine", "iris", "moons"])
@pytest.mark.parametrize("dark", [False, True])
def test_the_map_shows_the_predictions_for_any_number_of_inputs(data, dark):
    figure = draw(run_of(PRESETS[data], 1), "map", dark=dark)
    if data in ("xor", "moons"):
        assert figure.layout.images[0].source.startswith("data:image/png")
    else:
        shown = trace(figure, "curve" if data == "sine" else "training")
        assert all(value is not None for value in shown.y)


def test_another_picture_is_refused_by_name():
    with pytest.raises(ValueError, match="picture must be one of diagram, loss, map"):
        draw(start(Config()), "losses")


def test_runs_and_networks_are_short_tables_and_no_name_becomes_markup():
    data = read_data(b"<script>,y\n1,2\n3,5\n4,1\n5,9\n")
    own = advance(start(replace(preset_for(data), test_fraction=0.3), data=data), 3)
    for shown in (own, own.network, run_of(LARGEST, 1), run_of(LARGEST, 1).network):
        html = shown._repr_html_()
        assert ET.fromstring(html).tag == "table"
        assert len(html) < 2000
        assert "<script" not in html
    assert f"{own.loss:.6g}" in own._repr_html_()


def test_a_bar_changes_no_number(capsys):
    run = start(PRESETS["xor"])
    with_bar = advance(run, 250, progress=True)
    assert "250/250" in capsys.readouterr().err
    assert torch.equal(with_bar.network.parameters, advance(run, 250).network.parameters)
    assert torch.equal(with_bar.history.loss, advance(run, 250).history.loss)
