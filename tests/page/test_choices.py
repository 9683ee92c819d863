"""What is chosen in the sidebar goes together, and travels in the recipe."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from nets.datasets import DATASETS
from nets.presets import SUITED

APP = str(Path(__file__).parent.parent.parent / "app.py")


@pytest.fixture
def page():
    return AppTest.from_file(APP, default_timeout=60).run()


def visitor(page):
    assert not page.exception
    return page.session_state["visitor"]


def config_of(page):
    return visitor(page).recipe.config


def has(page, key):
    return any(field.key == key for field in page.number_input)


def test_every_data_set_comes_with_its_preset_and_with_the_seed_that_was(page):
    page.number_input(key="seed").set_value(7).run()
    for name in (*DATASETS, *reversed(DATASETS)):
        page.selectbox(key="data").select(name).run()
        assert config_of(page) == replace(SUITED[name], seed=7)
        assert has(page, "noise") == DATASETS[name].noisy


def test_noise_makes_other_data_and_leaves_with_them(page):
    page.selectbox(key="data").select("spiral").run()
    clear = visitor(page).run.data
    page.number_input(key="noise").set_value(0.3).run()
    assert config_of(page).noise == 0.3
    assert not visitor(page).run.data.inputs.equal(clear.inputs)
    page.selectbox(key="data").select("xor").run()
    page.number_input(key="seed").set_value(7).run()
    assert config_of(page) == replace(SUITED["xor"], seed=7)
    page.selectbox(key="data").select("circle").run()
    assert config_of(page).noise == page.number_input(key="noise").value == 0


@pytest.mark.parametrize("wrong", [-0.1, 0.6])
def test_noise_that_cannot_be_leaves_the_run_and_is_said(page, wrong):
    page.selectbox(key="data").select("moons").run()
    page.number_input(key="noise").set_value(wrong).run()
    (complaint,) = page.error
    assert complaint.value.startswith("noise must be a number from 0 to 0.5; got ")
    assert config_of(page) == SUITED["moons"]
    page.number_input(key="noise").set_value(0.1).run()
    assert not page.error
    assert config_of(page).noise == 0.1
