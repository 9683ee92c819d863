"""Colours: the colour of a number shows its sign and its magnitude."""

import itertools
import re
import tomllib
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nets.figures.colours import (
    CLASS_COLOURS,
    DARK,
    DIVERGING,
    LIGHT,
    MIDPOINT,
    NEGATIVE,
    POSITIVE,
    SHADES,
    blend,
    colours_for,
    ramp,
    round_scale,
)

FLOATS = st.floats(-(2.0**100), 2.0**100, width=32)
COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
ROOT = Path(__file__).parents[2]
HEX = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})\b")
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
BLACK, WHITE, GREY = "#000000", "#ffffff", "#777777"


def files_with_code():
    """Every file of the page and its tests that could name a colour."""
    suffixes = {".py", ".js", ".css", ".toml", ".svg", ".html"}
    for folder in ("nets", "tests", ".streamlit"):
        yield from (path for path in (ROOT / folder).rglob("*") if path.suffix in suffixes)
    yield ROOT / "app.py"


def test_every_colour_is_in_one_file():
    repeats = {ROOT / ".streamlit/config.toml", ROOT / "nets/page/icon.svg"}  # see below
    home = {ROOT / "nets/figures/colours.py", Path(__file__)}
    named = {
        str(path.relative_to(ROOT)): found
        for path in set(files_with_code()) - repeats - home
        if (found := HEX.findall(path.read_text(encoding="utf-8")))
    }
    assert named == {}


def test_streamlits_settings_and_the_icon_repeat_colours_of_the_figures():
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"]
    assert settings["light"] == {"primaryColor": LIGHT.accent}
    assert settings["dark"] == {"primaryColor": DARK.accent}
    icon = (ROOT / "nets/page/icon.svg").read_text()
    assert set(HEX.findall(icon)) == {POSITIVE, LIGHT.accent}


def channels(colour):
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def luminance(colour):
    """Relative luminance, as WCAG 2.2 defines it."""
    shares = [channel / 255 for channel in channels(colour)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one, other):
    """Contrast ratio, as WCAG 2.2 defines it: from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def blueness(colour):
    red, _, blue = channels(colour)
    return blue - red


def test_contrast_is_measured_as_defined():
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast(GREY, WHITE) == pytest.approx(4.48, abs=0.005)


@THEMES
def test_every_weight_and_every_class_can_be_seen_on_the_pages_background(theme):
    assert min(contrast(colour, theme.paper) for colour in (*DIVERGING, *CLASS_COLOURS)) >= 3


@THEMES
def test_text_can_be_read_on_its_background(theme):
    pairs = [
        (theme.ink, theme.paper),
        (theme.quiet, theme.paper),
        (theme.active, theme.paper),
        (theme.active, theme.active_pale),
        (theme.negative_text, theme.paper),
        (theme.positive_text, theme.paper),
        (theme.text_on_low, theme.fills[0]),
        (theme.text_on_high, theme.fills[-1]),
    ]
    assert min(contrast(*pair) for pair in pairs) >= 4.5


def test_negative_is_orange_and_positive_is_blue():
    red, green, blue = channels(NEGATIVE)
    assert red > green > blue
    red, green, blue = channels(POSITIVE)
    assert blue > green > red
    assert max(channels(MIDPOINT)) - min(channels(MIDPOINT)) <= 12


def test_the_scale_runs_from_negative_through_the_midpoint_to_positive():
    middle = len(DIVERGING) // 2
    assert (DIVERGING[0], DIVERGING[middle], DIVERGING[-1]) == (NEGATIVE, MIDPOINT, POSITIVE)
    assert len(DIVERGING) == SHADES == 2 * middle + 1


def test_the_larger_a_number_the_bluer_its_colour():
    steps = [blueness(colour) for colour in DIVERGING]
    assert steps == sorted(steps)
    assert len(set(DIVERGING)) > SHADES / 2


@given(st.lists(FLOATS, min_size=2, max_size=20), st.floats(0.01, 1e6))
def test_a_larger_number_never_has_a_less_blue_colour(values, scale):
    values = torch.tensor(sorted(values))
    colours = colours_for(values, -scale, scale, DIVERGING)
    for lower, higher in itertools.pairwise(map(blueness, colours)):
        assert lower <= higher


@given(st.lists(FLOATS, min_size=1, max_size=20), st.floats(0.01, 1e6))
def test_no_number_has_the_colour_of_the_other_sign(values, scale):
    neutral = blueness(MIDPOINT)
    colours = colours_for(torch.tensor(values), -scale, scale, DIVERGING)
    for value, colour in zip(values, colours, strict=True):
        assert blueness(colour) >= neutral if value >= 0 else blueness(colour) <= neutral


def test_the_ends_and_the_middle_of_a_scale_have_their_own_colours():
    values = torch.tensor([[-2.0, 0.0], [2.0, -1e38], [1e38, float("-inf")]])
    assert colours_for(values, -2, 2, DIVERGING) == [
        NEGATIVE,
        MIDPOINT,
        POSITIVE,
        NEGATIVE,
        POSITIVE,
        NEGATIVE,
    ]


def test_a_number_between_two_shades_has_the_nearer_one():
    assert colours_for(torch.tensor([0.2, 0.3, 0.7, 0.8]), 0, 1, "abc") == ["a", "b", "b", "c"]


def test_nan_has_the_colour_of_the_middle():
    assert colours_for(torch.tensor([float("nan")]), -1, 1, DIVERGING) == [MIDPOINT]


@given(COLOURS, COLOURS)
def test_a_blend_begins_and_ends_with_its_colours(start, end):
    assert (blend(start, end, 0), blend(start, end, 1)) == (start, end)
    for a, b, mixed in zip(*map(channels, (start, end, blend(start, end, 0.5))), strict=True):
        assert abs(mixed - (a + b) / 2) <= 0.5


@given(st.lists(COLOURS, min_size=2, max_size=5), st.integers(2, 60))
def test_a_ramp_begins_and_ends_with_its_stops(stops, shades):
    colours = ramp(stops, shades)
    assert len(colours) == shades
    assert (colours[0], colours[-1]) == (stops[0], stops[-1])


@given(st.lists(st.floats(-(2.0**100), 2.0**100, width=32), min_size=1, max_size=9))
def test_a_scale_is_a_round_number_that_no_magnitude_exceeds(values):
    scale, largest = round_scale(torch.tensor(values)), max(map(abs, values))
    assert largest <= scale <= max(2 * largest, 1e-3)
    assert float(f"{scale:.2g}") == scale


@pytest.mark.parametrize(
    ("largest", "scale"),
    [
        (0.0, 0.001),
        (0.9, 1),
        (1.0, 1),
        (1.2, 1.5),
        (2.1, 3),
        (8.5, 10),
        (1000.0, 1000),
        (1000.1, 1500),
    ],
)
def test_a_scale_ends_at_the_next_round_number(largest, scale):
    assert round_scale(torch.tensor([-largest, 0.0])) == scale
