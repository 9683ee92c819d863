"""A session file gives the same run with own data, or a sentence that says what is wrong."""

import json

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nets import Epochs, LearningRate, read_data, replay
from nets.presets import PRESETS, preset_for
from nets.sharing.session_file import from_session_file, to_session_file
from nets.training.recipe import Recipe

OWN = read_data(b"size,colour,day,price\n1,red,2,3.5\n2,blue,3,1\n4,red,1,2.25\n3,green,5,0.1\n")
RECIPE = Recipe(preset_for(OWN), data=OWN).then(Epochs(5), LearningRate(0.01), Epochs(150_000))
SHORT = Recipe(preset_for(OWN), data=OWN).then(Epochs(5), LearningRate(0.01), Epochs(3))
KEPT = {"A": Recipe(PRESETS["xor"], (Epochs(2),)), "C": SHORT.until(5)}
CONTENT = json.loads(to_session_file(SHORT, KEPT))


def test_a_run_on_own_data_comes_back_from_its_file_bit_for_bit():
    read = from_session_file(to_session_file(SHORT)).recipe
    assert (read.config, read.events) == (SHORT.config, SHORT.events)
    assert read.data.encoding == OWN.encoding
    assert read.data.notes == OWN.notes
    assert torch.equal(read.data.inputs, OWN.inputs)
    assert torch.equal(replay(read).network.parameters, replay(SHORT).network.parameters)
    assert to_session_file(read) == to_session_file(SHORT)


def test_kept_runs_come_back_with_their_names_and_the_data_are_in_the_file_once():
    read = from_session_file(json.dumps(CONTENT))
    assert [*read.kept] == ["A", "C"]
    assert read.kept["A"] == KEPT["A"]
    assert read.kept["C"].events == KEPT["C"].events
    assert read.kept["C"].data is read.recipe.data


def test_a_run_that_is_too_long_for_a_link_comes_back_from_its_file():
    assert from_session_file(to_session_file(RECIPE)).recipe.events == RECIPE.events
    steps = [event for i in range(1, 2000) for event in (Epochs(i), LearningRate(i / 100))]
    long = Recipe(PRESETS["xor"]).then(*steps)
    assert from_session_file(to_session_file(long)).recipe == long


def places(value, path=()):
    """List the path of every value in a file."""
    yield path
    if not isinstance(value, dict | list):
        return
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        yield from places(part, (*path, key))


def with_value(value, path, other):
    if not path:
        return other
    changed = value.copy()
    changed[path[0]] = with_value(value[path[0]], path[1:], other)
    return changed


@given(
    st.sampled_from(list(places(CONTENT))),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from([[], {}, [[]], [1, 2], {"a": 1}, 10**400, "x" * 1000]),
)  # fmt: skip
def test_a_file_with_one_other_value_gives_a_recipe_or_a_sentence(path, other):
    text = json.dumps(with_value(CONTENT, path, other))
    try:
        recipe = from_session_file(text).recipe
    except ValueError as error:
        sentence = str(error)
    else:
        sentence = "."
        assert from_session_file(to_session_file(recipe)).recipe.config == recipe.config
    assert sentence.endswith(".")
    assert len(sentence) < 400


@pytest.mark.parametrize("text", ["", "[" * 100_000, "null", "{}", "NaN", '{"nets session": 2}'])
def test_what_is_no_session_file_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match=r"A session file must .*\.$"):
        from_session_file(text)
