"""Comparison: it equals the training under the other bias rule, for every recipe."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nets import Config, Epochs, LearningRate, Parameter, Recipe, replay
from nets.explain.comparison import Comparison

EVENTS = st.lists(
    st.one_of(
        st.integers(1, 30).map(Epochs),
        st.sampled_from([0.01, 0.1, 0.5]).map(LearningRate),
        st.builds(Parameter, st.sampled_from(["w1[2, 0]", "b2[0]"]), st.sampled_from([-1.5, 0.1])),
    ),
    max_size=6,
)


def make_recipe(config, events):
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
def test_a_comparison_equals_replaying_the_recipe_under_the_other_rule(rule, events, cut, more):
    recipe = make_recipe(Config(bias_rule=rule), events)
    comparison = Comparison.of(recipe).follow(recipe, 60)
    shorter = recipe.until(min(cut, recipe.epoch))
    for event in more:
        shorter = shorter.then(event)
    for wanted, found in ((recipe, comparison), (shorter, comparison.follow(shorter, 60))):
        expected = replay(under_the_other_rule(wanted))
        assert torch.equal(found.run.history.loss, expected.history.loss)
        assert torch.equal(found.run.network.parameters, expected.network.parameters)


def test_following_in_short_steps_gives_the_same_result():
    recipe = make_recipe(Config(), [Epochs(300), LearningRate(0.3), Epochs(200)])
    comparison, spans = Comparison.of(recipe).follow(recipe, 1e-3), 1
    while comparison.is_behind:
        comparison, spans = comparison.follow(recipe, 1e-3), spans + 1
    assert spans > 1
    assert torch.equal(
        comparison.run.history.loss, replay(under_the_other_rule(recipe)).history.loss
    )


def test_a_diverged_comparison_stops_training():
    config = Config(
        sizes=(4, 5, 3), data="iris", hidden_activation="relu", output_activation="linear",
        learning_rate=1e6,
    )  # fmt: skip
    recipe = make_recipe(config, [Epochs(100)])
    comparison = Comparison.of(recipe).follow(recipe, 60)
    assert comparison.run.divergence is not None
    assert not comparison.is_behind
    assert comparison.follow(recipe, 60).run is comparison.run
