"""A run can be repeated from what a person did."""

import itertools
from dataclasses import replace
from decimal import Decimal

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from nets.config import Config
from nets.engine.names import parameter_name
from nets.engine.network import place_of
from nets.training.advance import advance, rewind
from nets.training.recipe import (
    HIGHEST_VALUE,
    MAX_EPOCHS,
    Epochs,
    LearningRate,
    Parameter,
    Recipe,
    apply,
    apply_all,
    replay,
)
from nets.training.run import start, with_learning_rate, with_parameters

NOTEBOOK = Config(seed=3)
SHUFFLED = Config(sizes=(3, 4, 2, 2), examples=7, batch_size=3, bias_rule="gradient", seed=11)
RUNAWAY = Config(output_activation="linear", learning_rate=1e6)
DEEDS = {
    "nothing": (),
    "epochs": (Epochs(9),),
    "epochs in pieces": (Epochs(1), Epochs(5), Epochs(3)),
    "a rate from the start": (LearningRate(0.7), Epochs(4)),
    "a rate on the way": (Epochs(4), LearningRate(0.01), Epochs(5)),
    "second thoughts": (Epochs(2), LearningRate(9.0), LearningRate(0.2), Epochs(2)),
    "a rate at the end": (Epochs(3), LearningRate(0.5)),
    "weights by hand": (
        Parameter("w1[0, 0]", 0.25),
        Parameter("b2[0]", -1.0),
        Epochs(3),
        Parameter("w2[1, 0]", 0.1),
        LearningRate(0.5),
        Parameter("w1[0, 0]", -0.3),
        Epochs(4),
    ),
    "second thoughts on a weight": (
        Epochs(2),
        Parameter("b1[1]", 3.0),
        LearningRate(0.2),
        Parameter("b1[1]", 0.2),
        Epochs(2),
        Parameter("b1[1]", 7.0),
    ),
    "back and forth": (Epochs(2), LearningRate(1.0), Epochs(2), LearningRate(0.1), Epochs(3)),
}


@pytest.fixture(params=[NOTEBOOK, SHUFFLED], ids=["notebook", "shuffled"])
def config(request):
    return request.param


@pytest.fixture(params=DEEDS.values(), ids=DEEDS.keys())
def events(request):
    return request.param


def recipe_of(config, events):
    recipe = Recipe(config)
    for event in events:
        recipe = recipe.then(event)
    return recipe


def live_run(config, events):
    """Do what the events say, as a person would, without a recipe."""
    run = start(config)
    for event in events:
        if isinstance(event, Epochs):
            for _ in range(event.count):
                run = advance(run)
        elif isinstance(event, Parameter):
            run = with_parameters(run, {event.name: event.value})
        else:
            run = with_learning_rate(run, event.value)
    return run


def assert_same(run, other):
    """Compare two runs to the last bit."""
    assert run.config == other.config
    assert run.epoch == other.epoch
    assert run.learning_rate == other.learning_rate
    assert run.history.rates == other.history.rates
    assert run.history.settings == other.history.settings
    assert run.history.stride == other.history.stride
    assert run.divergence == other.divergence
    for mine, theirs in [
        (run.network.parameters, other.network.parameters),
        (run.optimizer_state, other.optimizer_state),
        (run.data.inputs, other.data.inputs),
        (run.data.targets, other.data.targets),
        (run.history.loss, other.history.loss),
        (run.history.parameters, other.history.parameters),
    ]:
        assert torch.equal(mine, theirs)


def test_replaying_a_recipe_gives_the_live_run_bit_for_bit(config, events):
    assert_same(replay(recipe_of(config, events)), live_run(config, events))


def test_adding_an_event_equals_applying_it_to_the_replayed_run(config, events):
    recipe, run = Recipe(config), start(config)
    for event in events:
        recipe, run = recipe.then(event), apply(run, event)
        assert_same(replay(recipe), run)


def test_a_recipe_until_an_epoch_replays_to_the_run_rewound_to_it(config, events):
    recipe = recipe_of(config, events)
    run = replay(recipe)
    for epoch in range(run.epoch + 1):
        assert recipe.until(epoch).epoch == epoch
        assert_same(replay(recipe.until(epoch)), rewind(run, epoch))


def test_continuing_from_an_earlier_epoch_replays_to_continuing_the_rewound_run(config, events):
    recipe = recipe_of(config, events)
    again = recipe.until(2).then(LearningRate(0.3)).then(Epochs(3))
    run = advance(with_learning_rate(rewind(replay(recipe), min(2, recipe.epoch)), 0.3), 3)
    assert_same(replay(again), run)


def test_a_recipe_until_its_own_end_or_later_is_itself(events):
    recipe = recipe_of(NOTEBOOK, events)
    assert recipe.until(recipe.epoch) == recipe.until(recipe.epoch + 1) == recipe


def test_replaying_a_changed_rate_agrees_with_the_notebook_s_lines():
    torch.manual_seed(NOTEBOOK.seed)
    x, y = torch.randn(1, 5), torch.randn(1, 1)
    w1, w2 = torch.randn(5, 3), torch.randn(3, 1)
    b1, b2 = torch.randn(1, 3), torch.randn(1, 1)
    for learning_rate in [0.1] * 4 + [0.5] * 3 + [0.025] * 6:
        a1 = 1 / (1 + torch.exp(-(torch.mm(x, w1) + b1)))
        output = 1 / (1 + torch.exp(-(torch.mm(a1, w2) + b2)))
        d_outp = (y - output) * (output * (1 - output))
        d_hidn = torch.mm(d_outp, w2.t()) * (a1 * (1 - a1))
        w2 += torch.mm(a1.t(), d_outp) * learning_rate
        w1 += torch.mm(x.t(), d_hidn) * learning_rate
        b2 += d_outp.sum() * learning_rate
        b1 += d_hidn.sum() * learning_rate

    deeds = (Epochs(4), LearningRate(0.5), Epochs(3), LearningRate(0.025), Epochs(6))
    hidden, output = replay(recipe_of(NOTEBOOK, deeds)).network.layers

    assert torch.equal(hidden.weights, w1)
    assert torch.equal(hidden.biases, b1)
    assert torch.equal(output.weights, w2)
    assert torch.equal(output.biases, b2)


def test_the_recipe_of_a_diverging_run_replays_to_where_it_stopped():
    stopped = advance(start(RUNAWAY), 100)
    assert stopped.divergence is not None
    went_on = advance(with_learning_rate(stopped, 1e-6), 5)
    deeds = (Epochs(stopped.epoch), LearningRate(1e-6), Epochs(went_on.epoch - stopped.epoch))
    recipe = recipe_of(RUNAWAY, deeds)
    assert_same(replay(recipe), went_on)
    for epoch in range(recipe.epoch + 1):
        assert_same(replay(recipe.until(epoch)), rewind(went_on, epoch))


def test_the_epoch_of_a_recipe_is_that_of_its_run(events):
    assert recipe_of(NOTEBOOK, events).epoch == live_run(NOTEBOOK, events).epoch


def test_adding_an_event_leaves_the_recipe_as_it_was():
    recipe = Recipe(NOTEBOOK, (Epochs(2),))
    recipe.then(Epochs(3))
    recipe.until(1)
    assert recipe == Recipe(NOTEBOOK, (Epochs(2),))


def test_events_of_one_kind_in_a_row_become_one_event():
    for one, other in itertools.pairwise(recipe_of(NOTEBOOK, DEEDS["second thoughts"] * 3).events):
        assert type(one) is not type(other)
    assert recipe_of(NOTEBOOK, DEEDS["epochs in pieces"]).events == (Epochs(9),)
    assert recipe_of(NOTEBOOK, DEEDS["second thoughts"]).events == (
        Epochs(2),
        LearningRate(0.2),
        Epochs(2),
    )


def test_more_epochs_than_one_event_may_have_become_a_second_event():
    recipe = recipe_of(NOTEBOOK, (Epochs(MAX_EPOCHS), Epochs(1)))
    assert recipe.events == (Epochs(MAX_EPOCHS), Epochs(1))
    assert recipe.epoch == MAX_EPOCHS + 1


@pytest.mark.parametrize("wrong", [0, -1, MAX_EPOCHS + 1, 1.0, True, "3", None, float("nan")])
def test_wrong_epochs_are_refused_by_name_value_and_range(wrong):
    with pytest.raises(ValueError, match="epochs") as refused:
        Epochs(wrong)
    assert str(refused.value).startswith("epochs must be a ")
    assert str(refused.value).endswith(f"; got {wrong!r}.")


@pytest.mark.parametrize("wrong", [0, -0.1, float("nan"), float("inf"), True, "0.1", None])
def test_a_wrong_learning_rate_is_refused_by_name_value_and_range(wrong):
    with pytest.raises(ValueError, match="learning_rate") as refused:
        LearningRate(wrong)
    assert str(refused.value).startswith("learning_rate must be a ")
    assert str(refused.value).endswith(f"; got {wrong!r}.")


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -2 * HIGHEST_VALUE, True, "1", None])
def test_a_wrong_value_of_a_parameter_is_refused_by_name_value_and_range(wrong):
    with pytest.raises(ValueError, match=r"^w1\[0, 0\] must be a number") as refused:
        Parameter("w1[0, 0]", wrong)
    assert str(refused.value).endswith(f"; got {wrong!r}.")


@pytest.mark.parametrize("wrong", ["", "w1", "w0[0, 0]", "a1[0]", "w1[0]", "b1[1, 0]", "b1[-1]", 3])
def test_a_wrong_name_of_a_parameter_is_refused(wrong):
    with pytest.raises(ValueError, match="name must be that of a weight or a bias"):
        Parameter(wrong, 0.5)


@pytest.mark.parametrize("wrong", ["w1[5, 0]", "w1[0, 3]", "b1[3]", "w3[0, 0]", "w2[2, 1]"])
def test_a_parameter_that_the_network_does_not_have_is_refused_by_name(wrong):
    with pytest.raises(ValueError, match="must be a weight or a bias of the network 5-3-1"):
        apply(start(NOTEBOOK), Parameter(wrong, 0.5))


def test_a_name_may_be_written_as_a_notebook_does():
    assert Parameter("w1[2,0]", 0.5) == Parameter("w1[2, 0]", 0.5)
    assert Parameter("b1[0, 2]", 0.5) == Parameter("b1[2]", 0.5)


def test_a_value_that_makes_the_loss_infinite_is_refused_and_the_run_stays():
    run = start(replace(NOTEBOOK, output_activation="linear"))
    with pytest.raises(ValueError, match=r"b2\[0\] must be nearer to 0"):
        apply(run, Parameter("b2[0]", 1e30))
    assert apply(run, Parameter("b2[0]", 1.0)).network.layers[1].biases.item() == 1


def test_setting_a_parameter_lets_a_diverged_run_train_again():
    stopped = advance(start(RUNAWAY), 100)
    run = apply_all(with_learning_rate(stopped, 1e-6), [Parameter("b2[0]", 0.0)])
    assert stopped.divergence is not None
    assert advance(run, 5).epoch == stopped.epoch + 5


def test_setting_every_parameter_gives_the_run_of_that_network():
    config, other = Config(), start(Config(seed=9))
    values = [
        Parameter(parameter_name(layer, source, neuron), value)
        for layer, (fan_in, fan_out) in enumerate(itertools.pairwise(config.sizes), start=1)
        for neuron in range(fan_out)
        for source in (*range(fan_in), None)
        for value in [other.network.parameters[place_of(
            parameter_name(layer, source, neuron), config.sizes)].item()]
    ]  # fmt: skip
    by_hand = advance(apply_all(start(config), values), 5)
    from_network = advance(start(config, network=other.network), 5)
    assert torch.equal(by_hand.network.parameters, from_network.network.parameters)
    assert torch.equal(by_hand.history.loss, from_network.history.loss)
    assert torch.equal(by_hand.history.parameters, from_network.history.parameters)


def digits(number):
    return len(Decimal(repr(number)).normalize().as_tuple().digits)


@given(st.floats(-HIGHEST_VALUE / 2, HIGHEST_VALUE / 2))
@example(999999953436673.0)  # is 1e15, whose repr is longer than that of its neighbour in float32
def test_the_value_of_a_parameter_is_the_shortest_number_with_its_bits_in_float32(value):
    kept, exact = Parameter("b1[0]", value).value, torch.tensor(value)
    assert torch.equal(torch.tensor(kept), exact)
    assert digits(kept) <= min(9, digits(exact.item()))
    assert Parameter("b1[0]", exact.item()).value == kept
