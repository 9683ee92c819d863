"""Of a link with a wrong word, the word is named and the rest is obeyed."""

import base64
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nets import Config, Epochs, LearningRate
from nets.presets import PRESETS
from nets.sharing.lenient import read_link
from nets.sharing.link import MAX_LINKED_EPOCHS, to_query
from nets.sharing.packing import LONG, PACKED, length, unpack
from nets.training.recipe import Recipe

LONG_RECIPE = Recipe(PRESETS["iris"]).then(
    *(event for i in range(1, 120) for event in (Epochs(i), LearningRate(i / 100)))
)
WORDS = st.sampled_from(["data", "sizes", "seed", "loss", "examples", "steps", PACKED, "a", ""])
VALUES = st.text(max_size=12) | st.integers().map(str) | st.sampled_from(["iris", "4-3", "BCELoss"])


@pytest.mark.parametrize("word", ["colour", "seed", "loss", "steps", "learning_rate", "run"])
def test_one_wrong_word_is_named_and_the_rest_is_obeyed(word):
    right = {"data": "xor", "sizes": "2-5-1", "noise": "0.1"}
    recipe, (sentence,) = read_link(right | {word: "nonsense"})
    assert (recipe, []) == read_link(right)
    assert {"steps": "epochs"}.get(word, word) in sentence
    assert sentence.endswith(".")


def test_two_words_that_do_not_fit_each_other_cost_one_of_them_only():
    recipe, sentences = read_link({"data": "iris", "sizes": "5-3-1", "seed": "7"})
    assert recipe.config.seed == 7
    assert len(sentences) == 1


def test_of_too_many_epochs_as_many_as_a_link_may_ask_for_are_trained():
    recipe, sentences = read_link({"steps": "60000 rate=0.5 90000"})
    assert recipe.epoch == MAX_LINKED_EPOCHS
    assert recipe.events[1] == LearningRate(0.5)
    assert len(sentences) == 1


def test_a_long_recipe_is_packed_into_one_word():
    query = to_query(LONG_RECIPE)
    assert list(query) == [PACKED]
    assert length(query) < length(unpack(query)) / 2 < 2000
    assert length(unpack(query)) > LONG
    assert read_link(query) == (LONG_RECIPE, [])


@given(st.data())
def test_a_packed_word_that_was_changed_is_named_and_the_rest_is_obeyed(data):
    text = to_query(LONG_RECIPE)[PACKED]
    at = data.draw(st.integers(0, len(text) - 2))
    letter = data.draw(st.sampled_from("AZaz09-_*%é").filter(lambda one: one != text[at]))
    recipe, sentences = read_link({PACKED: text[:at] + letter + text[at + 1 :], "seed": "3"})
    assert recipe == Recipe(Config(seed=3))
    assert PACKED in sentences[0]


def test_a_packed_word_that_unpacks_to_megabytes_is_refused():
    large = base64.urlsafe_b64encode(zlib.compress(b"steps=" + b"1+" * 5_000_000)).decode()
    assert "packed run" in read_link({PACKED: large})[1][0]


@given(st.dictionaries(WORDS, VALUES, max_size=4))
def test_any_words_give_a_recipe_and_whole_sentences(words):
    recipe, sentences = read_link(words)
    assert read_link(to_query(recipe)) == (recipe, [])
    assert all(len(sentence) < 400 and sentence.endswith(".") for sentence in sentences)


def test_long_nonsense_is_left_out_at_once():
    recipe, sentences = read_link({"steps": "1 " * 100_000, "sizes": "1-" * 50_000, "seed": "5"})
    assert recipe.config == Config(seed=5)
    assert len(sentences) == 2
