"""The chart of a sweep shows every network, and which of them is the best."""

from dataclasses import replace
from itertools import pairwise

import pytest

from nets.analysis.sweep import SETTINGS, Sweep, best_of
from nets.figures.colours import DARK, LIGHT
from nets.figures.sweep_chart import DASHES, sweep_chart
from nets.presets import PRESETS


@pytest.fixture(scope="module")
def trials():
    return Sweep.of(replace(PRESETS["moons"], examples=40), "Learning rate", epochs=30).train()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_line_is_named_and_ends_at_the_loss_of_its_network(trials, theme):
    *lines, ends = sweep_chart(SETTINGS["Learning rate"], trials, theme)["data"]
    assert len(lines) == len(trials)
    for place, (line, trial) in enumerate(zip(lines, trials, strict=True)):
        assert f"learning rate {trial.value:g}" in line["hovertemplate"]
        assert {*line["ids"]} == {str(place)}
        assert line["x"][-1] == 30
        assert line["y"][-1] == pytest.approx(trial.loss[-1].item())
    assert ends["x"] == [trial.value for trial in trials]
    assert ends["y"] == pytest.approx([trial.test_loss[-1].item() for trial in trials])


def test_the_best_network_alone_is_thick_and_has_a_star(trials):
    *lines, ends = sweep_chart(SETTINGS["Learning rate"], trials, LIGHT)["data"]
    place = trials.index(best_of(trials))
    thick = [line["line"]["width"] > 2 for line in lines]
    assert [at for at, one in enumerate(thick) if one] == [place]
    stars = [symbol == "star" for symbol in ends["marker"]["symbol"]]
    assert [at for at, one in enumerate(stars) if one] == [place]


def test_the_legend_has_the_ends_of_the_shades_and_the_best_network(trials):
    *lines, ends = sweep_chart(SETTINGS["Learning rate"], trials, LIGHT)["data"]
    named = [line["name"] for line in lines if line["showlegend"]]
    best = best_of(trials)
    assert trials[0] is not best is not trials[-1]
    expected = [(trials[0], "lowest"), (best, "best"), (trials[-1], "highest")]
    assert named == [f"{trial.value:g} ({note})" for trial, note in expected]
    assert not ends["showlegend"]


def test_neighbours_differ_without_colour(trials):
    *lines, _ = sweep_chart(SETTINGS["Learning rate"], trials, LIGHT)["data"]
    looks = [(line["line"]["dash"], line["line"]["width"]) for line in lines]
    assert all(one != other for one, other in pairwise(looks))
    assert {dash for dash, _ in looks} == {*DASHES}
