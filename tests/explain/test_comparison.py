"""A twin: it is the training that the other rule gives, wherever its run goes."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nets import Config, Epochs, LearningRate, Recipe, replay
from nets.explain.comparison import Comparison

EVENTS = st.lists(
    st.one_of(st.integers(1, 30).map(Epochs), st.sampled_from([0.01, 0.1, 0.5]).map(LearningRate)),
    max_size=6,
)


def made(config, events):
    recipe = Recipe(config)
    for event in events:
        recipe = recipe.then(event)
    return recipe


def under_the_other_rule(recipe):
    other = {"notebook": "gradient", "gradient": "notebook"}[recipe.config.bias_rule]
    return replace(recipe, config=replace(recipe.config, bias_rule=other))


@pytest.mark.parametrize("rule", ["notebook", "gradient"])
@settings(max_examples=30)
@given(events=EVENTS, cut=st.integers(0, 200), more=EVENTS)
def test_a_twin_that_followed_is_the_recipe_made_under_the_other_rule(rule, events, cut, more):
    recipe = made(Config(bias_rule=rule), events)
    twin = Comparison.of(recipe).following(recipe, 60)
    shorter = recipe.until(min(cut, recipe.epoch))
    for event in more:
        shorter = shorter.then(event)
    for wanted, found in ((recipe, twin), (shorter, twin.following(shorter, 60))):
        expected = replay(under_the_other_rule(wanted))
        assert torch.equal(found.run.history.loss, expected.history.loss)
        assert torch.equal(found.run.network.parameters, expected.network.parameters)


def test_following_in_short_spans_comes_to_the_same():
    recipe = made(Config(), [Epochs(300), LearningRate(0.3), Epochs(200)])
    twin, spans = Comparison.of(recipe).following(recipe, 1e-3), 1
    while twin.is_behind:
        twin, spans = twin.following(recipe, 1e-3), spans + 1
    assert spans > 1
    assert torch.equal(twin.run.history.loss, replay(under_the_other_rule(recipe)).history.loss)


def test_a_twin_that_diverges_stays_where_it_is():
    config = Config(
        sizes=(4, 5, 3), data="iris", hidden_activation="relu", output_activation="linear",
        learning_rate=1e6,
    )  # fmt: skip
    recipe = made(config, [Epochs(100)])
    twin = Comparison.of(recipe).following(recipe, 60)
    assert twin.run.divergence is not None
    assert not twin.is_behind
    assert twin.following(recipe, 60).run is twin.run
