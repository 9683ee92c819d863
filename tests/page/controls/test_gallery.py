"""The gallery: a data set is chosen from its picture, and the page says what it shows."""

from base64 import b64decode

import pytest
from visiting import arrive, visitor

from nets.data.datasets import ALL_DATASETS, DATASETS
from nets.page.controls.gallery import EXAMPLES, picture_of
from nets.presets import PRESETS


@pytest.mark.parametrize("name", DATASETS)
def test_every_data_set_has_a_picture_of_its_examples(name):
    svg = b64decode(picture_of(name).partition(",")[2]).decode()
    marks = svg.count("<circle") or svg.count("<rect") - 1
    fixed = DATASETS[name].n_examples or EXAMPLES
    assert marks >= min(fixed, 64) * (1 - PRESETS[name].test_fraction) - 1
    assert "nan" not in svg


@pytest.mark.parametrize("name", ["and", "iris"])
def test_the_page_says_what_the_present_data_shows_also_after_a_link(name):
    page = arrive(data=name)
    (shown,) = (text.value for text in page.html if "<img" in text.value)
    assert picture_of(name) in shown
    assert shown.split("<span>")[1].partition(".")[0] in ALL_DATASETS[name].about
    assert not page.toast


def test_a_picture_chooses_its_data_set_with_its_preset_and_keeps_the_seed():
    page = arrive(data="moons", seed="7")
    page.button(key="open_gallery").click().run()
    page.button(key="pick_sine").click().run()
    config = visitor(page).run.config
    assert (config.data, config.seed, config.sizes) == ("sine", 7, PRESETS["sine"].sizes)
    assert page.selectbox(key="data").value == "sine"
    assert "pick_sine" not in [button.key for button in page.button]


def test_the_gallery_and_the_dialog_for_own_data_are_never_open_together(page):
    page.button(key="open_gallery").click().run()
    page.selectbox(key="data").set_value("own").run()
    assert not page.exception
    assert "use_own" in [one.key for one in page.button]
    assert "pick_xor" not in [one.key for one in page.button]
