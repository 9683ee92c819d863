"""The loss chart shows the loss of every epoch."""

import plotly.graph_objects as go
import pytest
import torch
from following import apply_change
from hypothesis import given
from hypothesis import strategies as st

from nets.config import Config
from nets.figures.colours import DARK, LIGHT
from nets.figures.loss_chart import (
    MAX_POINTS,
    loss_chart,
    loss_lines,
    loss_points,
    other_line,
)
from nets.figures.points import round_numbers, thinned
from nets.training.advance import advance
from nets.training.run import start

LOSSES = st.lists(st.floats(0, 2.0**100, width=32), min_size=1, max_size=300).map(torch.tensor)


@pytest.fixture(scope="module")
def loss():
    """Losses of a real run, epoch 0 first."""
    return advance(start(Config(seed=2)), 40).history.loss


def jagged(count, seed=0):
    return torch.rand(count, generator=torch.Generator().manual_seed(seed)) + 0.1


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("logarithmic", [False, True], ids=["linear", "log"])
def test_plotly_accepts_the_chart(loss, theme, logarithmic):
    chart = loss_chart(loss, theme, logarithmic=logarithmic)
    assert set(chart) == {"data", "layout"}
    drawn = go.Figure(chart).to_plotly_json()
    assert list(drawn["data"][0]["y"]) == chart["data"][0]["y"]
    assert drawn["layout"]["yaxis"]["type"] == ("log" if logarithmic else "linear")


def test_each_epoch_is_one_point_at_its_loss(loss):
    line, *_ = loss_chart(loss, LIGHT)["data"]
    assert line["x"] == list(range(41))
    assert line["y"] == pytest.approx(loss.tolist(), rel=1e-6)


def test_a_run_at_epoch_0_is_one_point_that_can_be_seen(loss):
    line, *_ = loss_chart(loss[:1], LIGHT)["data"]
    assert line["x"] == [0]
    assert "markers" in line["mode"]


@pytest.mark.parametrize("logarithmic", [False, True])
def test_both_axes_have_a_title(loss, logarithmic):
    layout = loss_chart(loss, LIGHT, logarithmic=logarithmic)["layout"]
    assert layout["xaxis"]["title"]["text"] == "epoch"
    assert layout["yaxis"]["title"]["text"] == "loss per example"


def test_a_linear_axis_begins_at_zero_and_a_logarithmic_one_does_not(loss):
    assert loss_chart(loss, LIGHT)["layout"]["yaxis"]["rangemode"] == "tozero"
    chart = loss_chart(loss, LIGHT, logarithmic=True)
    assert chart["layout"]["yaxis"]["rangemode"] == "normal"


@pytest.mark.parametrize("logarithmic", [False, True], ids=["linear", "log"])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_floor_is_a_dashed_line_across_the_chart_at_its_loss(loss, theme, logarithmic):
    chart = loss_chart(loss, theme, logarithmic=logarithmic, floor=0.03)
    line, text = go.Figure(chart).to_plotly_json()["layout"]["shapes"]
    assert (line["y0"], line["y1"], line["x0"], line["x1"]) == (0.03, 0.03, 0, 1)
    assert (line["xref"], line["line"]["dash"]) == ("paper", "dash")
    assert text["label"]["text"] == "\N{EM SPACE}best possible loss"
    assert (text["y0"], text["layer"]) == (0.03, "above")  # the grid does not run through it
    without = loss_chart(loss, theme, logarithmic=logarithmic)
    assert chart["data"] == without["data"]
    assert chart["layout"] | {"shapes": []} == without["layout"]


@pytest.mark.parametrize("floor", [None, 0.0])
def test_without_a_floor_there_is_no_line(loss, floor):
    assert loss_chart(loss, LIGHT, floor=floor)["layout"]["shapes"] == []


@pytest.mark.parametrize(("floor", "side"), [(0.5, "top"), (0.01, "bottom")])
def test_the_text_of_the_floor_is_below_its_line_where_there_is_room(floor, side):
    chart = loss_chart(torch.tensor([1.0, 0.9]), LIGHT, floor=floor)
    assert chart["layout"]["shapes"][1]["label"]["yanchor"] == side


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_line_and_text_have_the_ink_of_the_theme(theme):
    chart = loss_chart(jagged(3), theme)
    assert chart["data"][0]["line"]["color"] == theme.ink
    assert chart["layout"]["font"]["color"] == theme.ink


def test_a_long_run_is_drawn_with_its_first_last_lowest_and_highest_loss():
    loss = jagged(40_000)
    line, *_ = loss_chart(loss, LIGHT)["data"]
    assert len(line["x"]) <= MAX_POINTS
    assert (line["x"][0], line["x"][-1]) == (0, 39_999)
    assert min(line["y"]) == pytest.approx(loss.min().item(), rel=1e-6)
    assert max(line["y"]) == pytest.approx(loss.max().item(), rel=1e-6)
    assert line["y"] == pytest.approx(loss[line["x"]].tolist(), rel=1e-6)


@given(LOSSES, st.integers(4, 40))
def test_thinning_keeps_first_last_lowest_and_highest_in_order(values, most):
    kept = thinned(values, most).tolist()
    assert kept == sorted(set(kept))
    assert len(kept) <= most
    assert (kept[0], kept[-1]) == (0, len(values) - 1)
    assert values[kept].min() == values.min()
    assert values[kept].max() == values.max()


@given(LOSSES, st.integers(0, 40))
def test_thinning_keeps_everything_if_there_is_room(values, room):
    most = max(4, len(values) + room)
    assert thinned(values, most).tolist() == list(range(len(values)))


@given(st.integers(5, 400), st.integers(4, 40))
def test_thinning_keeps_a_spike_wherever_it_is(count, most):
    for place in range(0, count, 7):
        values = torch.ones(count)
        values[place] = 2.0
        assert place in thinned(values, most)


@given(st.integers(1, 60), st.integers(0, 59))
def test_points_are_added_after_the_last_epoch_drawn(count, after):
    loss = jagged(count)
    added = loss_points(loss, after, most=100)["extend"]
    assert added["after"] == after
    added = added["lines"]["loss"]
    assert added["x"] == list(range(after + 1, count))
    assert added["y"] == pytest.approx(loss[after + 1 :].tolist(), rel=1e-6)


def test_adding_points_gives_the_same_chart_as_drawing_it_again(loss):
    line, *_ = loss_chart(loss[:11], LIGHT)["data"]
    for after, now in [(10, 11), (11, 25), (25, 40)]:
        added = loss_points(loss[: now + 1], after)["extend"]["lines"]["loss"]
        line["x"] += added["x"]
        line["y"] += added["y"]
    new, *_ = loss_chart(loss, LIGHT)["data"]
    assert (line["x"], line["y"]) == (new["x"], new["y"])


@pytest.mark.parametrize("epochs", [20, 5000])
def test_lines_drawn_from_epoch_0_are_those_of_a_new_chart(epochs):
    loss, test = jagged(epochs), jagged(epochs) + 0.1
    chart = loss_chart(loss[:11], LIGHT, test_loss=test[:11])
    new = loss_chart(loss, LIGHT, test_loss=test)
    assert apply_change(chart, loss_lines(loss, test))["data"] == new["data"]


def test_many_points_added_at_once_are_thinned_and_end_with_the_last_epoch():
    loss = jagged(5000)
    added = loss_points(loss, 99)["extend"]["lines"]["loss"]
    assert len(added["x"]) <= 16
    assert (added["x"][0], added["x"][-1]) == (100, 4999)
    assert min(added["y"]) == pytest.approx(loss[100:].min().item(), rel=1e-6)


@given(st.lists(st.floats(-(2.0**100), 2.0**100, width=32), max_size=20))
def test_losses_are_rounded_to_seven_digits(values):
    for value, short in zip(values, round_numbers(torch.tensor(values)), strict=True):
        assert short == pytest.approx(value, rel=5e-7, abs=0)
        assert float(f"{short:.7g}") == short


@pytest.mark.parametrize("logarithmic", [False, True], ids=["linear", "log"])
def test_the_test_loss_is_a_second_line_that_grows_with_the_first(loss, logarithmic):
    test = loss + 0.1
    chart = loss_chart(loss[:11], LIGHT, logarithmic=logarithmic, test_loss=test[:11])
    new = loss_chart(loss, LIGHT, logarithmic=logarithmic, test_loss=test)
    go.Figure(chart)
    added = loss_points(loss, 10, 100, test)["extend"]["lines"]
    lines = {line["name"]: line for line in chart["data"]}
    for line in new["data"]:
        more = added.get(line["name"], {"x": [], "y": []})
        assert lines[line["name"]]["x"] + more["x"] == line["x"]
        assert lines[line["name"]]["y"] + more["y"] == line["y"]
    assert chart["layout"]["showlegend"]


def test_a_loss_that_is_not_finite_is_a_gap():
    assert round_numbers(torch.tensor([1.0, torch.inf, torch.nan])) == [1.0, None, None]


def test_the_legend_names_every_line_and_no_two_lines_have_the_same_dashes():
    loss, test = torch.rand(50), torch.rand(50)
    names = [f"{name}{part}" for name in "ABCD" for part in ("", ", test")]
    figure = loss_chart(
        loss, LIGHT, test_loss=test, baselines={name: other_line(loss) for name in names},
        compared=True,
    )  # fmt: skip
    lines = [line for line in figure["data"] if line["mode"] != "markers"]
    assert figure["layout"]["showlegend"]
    assert all(line.get("showlegend", True) for line in lines)
    assert [line["name"] for line in lines] == ["loss", "other bias update", "test", *names]
    dashes = [line["line"].get("dash", "solid") for line in lines]
    assert len({*dashes}) == len(lines)
    assert not loss_chart(loss, LIGHT)["layout"].get("showlegend")
