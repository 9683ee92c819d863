"""Every link gives a recipe, or a sentence that says what is wrong with the link."""

from dataclasses import fields, replace
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nets.config import (
    MAX_NOISE,
    MAX_PENALTY,
    MAX_TEST_FRACTION,
    REDUCTIONS,
    Config,
    with_derived_inputs,
)
from nets.data.datasets import DATASETS
from nets.data.features import FEATURES
from nets.engine.activations import ACTIVATIONS
from nets.engine.backprop import BIAS_RULES
from nets.engine.initializers import FIRST_WEIGHTS
from nets.engine.losses import LOSSES
from nets.engine.names import parameter_name
from nets.engine.optimizers import CONSTANTS, OPTIMIZERS
from nets.engine.softmax import FOR_OUTPUTS
from nets.presets import PRESETS, SHOWN_BYTES, bytes_of, require_shown
from nets.seeds import MAX_SEED
from nets.sharing.link import MAX_LINKED_EPOCHS, MAX_LINKED_STEPS, from_query, most_epochs, to_query
from nets.training.recipe import Epochs, LearningRate, Parameter, Recipe

FIELDS = [field.name for field in fields(Config)]
RATES = st.floats(1e-30, 1e9) | st.integers(1, 10**9)


@st.composite
def configs(draw):
    """Draw a Config that the page can show."""
    data = draw(st.sampled_from(list(DATASETS.values())))
    n_input, n_output = data.sizes or (draw(st.integers(1, 64)), draw(st.integers(1, 16)))
    hidden = draw(st.lists(st.integers(1, 64), max_size=6))
    derived = draw(st.sets(st.sampled_from(list(FEATURES)))) if data.is_plane else ()
    loss = draw(st.sampled_from(list(LOSSES)))
    if loss == "CrossEntropyLoss" and n_output == 1:
        loss = "BCEWithLogitsLoss"
    activations = ["sigmoid"] if loss == "BCELoss" else list(ACTIVATIONS)
    activations += FOR_OUTPUTS if n_output > 1 else []
    optimizer = draw(st.sampled_from(list(OPTIMIZERS)))
    constants = {
        name: draw(st.none() | st.floats(CONSTANTS[name].low, CONSTANTS[name].high))
        for name in OPTIMIZERS[optimizer].constants
    }
    config = Config(
        sizes=(n_input + len(derived), *hidden, n_output),
        hidden_activation=draw(st.sampled_from(list(ACTIVATIONS))),
        output_activation=draw(st.sampled_from(activations)),
        loss=loss,
        reduction=draw(st.sampled_from(REDUCTIONS)),
        bias_rule=draw(st.sampled_from(list(BIAS_RULES))),
        learning_rate=draw(RATES),
        optimizer=optimizer,
        **constants,
        l1=draw(st.floats(0, MAX_PENALTY)),
        l2=draw(st.floats(0, MAX_PENALTY)),
        first_weights=draw(st.sampled_from(list(FIRST_WEIGHTS))),
        data=data.name,
        examples=draw(st.integers(1, 10_000)),
        noise=draw(st.floats(0, MAX_NOISE)),
        test_fraction=draw(st.floats(0, MAX_TEST_FRACTION)),
        data_seed=draw(st.none() | st.integers(0, MAX_SEED)),
        derived=derived,
        batch_size=draw(st.none() | st.integers(1, 100_000)),
        seed=draw(st.integers(0, MAX_SEED)),
    )
    if bytes_of(config) > SHOWN_BYTES:
        return replace(config, batch_size=draw(st.integers(1, 1700)))
    return config


@st.composite
def recipes(draw):
    """Draw a Recipe that a link may ask for."""
    recipe = Recipe(draw(configs()))
    left, sizes = most_epochs(recipe.config), recipe.config.sizes
    names = st.integers(1, len(sizes) - 1).flatmap(
        lambda layer: st.builds(
            parameter_name,
            st.just(layer),
            st.none() | st.integers(0, sizes[layer - 1] - 1),
            st.integers(0, sizes[layer] - 1),
        )
    )
    by_hand = st.builds(Parameter, names, st.floats(-1e30, 1e30))
    wishes = st.integers(1, 20_000) | RATES.map(LearningRate) | by_hand
    for wish in draw(st.lists(wishes, max_size=12)):
        if not isinstance(wish, int):
            recipe = recipe.then(wish)
        elif left > 0:
            recipe = recipe.then(Epochs(min(wish, left)))
            left -= min(wish, left)
    return recipe


def refusal(**params):
    """Return the error for a link with these parameters."""
    with pytest.raises(ValueError, match=r" must | is not ") as refused:
        from_query(params)
    return str(refused.value)


@given(recipes())
def test_a_recipe_comes_back_from_its_link(recipe):
    assert from_query(to_query(recipe)) == recipe


def test_a_link_leaves_out_the_constants_of_optimisers_that_are_not_chosen():
    words = {"optimizer": "Momentum", "momentum": "0.5", "beta1": "0.5", "epsilon": "0.001"}
    recipe = from_query(words)  # an old link may have them
    assert recipe.config.constants == {"momentum": 0.5}
    assert to_query(recipe) == {"data": "notebook", "optimizer": "Momentum", "momentum": "0.5"}


@given(recipes())
def test_a_recipe_comes_back_through_an_address_bar(recipe):
    address = urlencode(to_query(recipe))
    assert from_query(dict(parse_qsl(address, keep_blank_values=True))) == recipe


@given(recipes())
def test_reading_and_writing_a_link_gives_the_same_link(recipe):
    query = to_query(recipe)
    assert to_query(from_query(query)) == query


def test_a_link_without_data_has_the_notebook_s():
    assert to_query(Recipe(Config())) == {"data": "notebook"}
    assert from_query({}) == Recipe(Config())
    assert from_query({"seed": "7", "steps": "3"}) == Recipe(Config(seed=7), (Epochs(3),))


def test_a_link_reads_as_a_person_would_write_it():
    config = Config(sizes=(2, 4, 4, 1), data="xor", learning_rate=0.5, bias_rule="gradient")
    by_hand = Parameter("w1[1, 0]", 0.1), Parameter("b2[3]", -2)
    recipe = Recipe(config, (Epochs(200), LearningRate(0.05), *by_hand, Epochs(50)))
    assert to_query(recipe) == {
        "data": "xor",
        "sizes": "2-4-4-1",
        "learning_rate": "0.5",
        "steps": "200 rate=0.05 w1[1,0]=0.1 b2[3]=-2.0 50",
    }


def test_derived_inputs_in_a_link_set_n_input():
    config = from_query({"data": "circle", "derived": "x2_squared-x1_squared"}).config
    assert config == with_derived_inputs(PRESETS["circle"], ("x1_squared", "x2_squared"))
    assert to_query(Recipe(config)) == {"data": "circle", "derived": "x1_squared-x2_squared"}
    assert to_query(Recipe(replace(config, sizes=(4, 1))))["sizes"] == "4-1"


@pytest.mark.parametrize("data", DATASETS)
def test_a_link_that_only_names_data_has_the_preset_of_the_data(data):
    assert from_query({"data": data}) == Recipe(PRESETS[data])
    assert to_query(Recipe(PRESETS[data])) == {"data": data}


VALUES = st.text(max_size=30) | st.from_regex(r"[0-9०-९ .eE+_-]{0,12}", fullmatch=True)
STEP = VALUES | st.integers(-9, 10**13).map(str) | st.floats().map("rate={}".format)
STEP |= st.floats().map("w1[0,0]={}".format)


@given(
    st.dictionaries(
        st.sampled_from([*FIELDS, "steps"]) | st.text(max_size=8),
        VALUES
        | st.integers().map(str)
        | st.floats().map(str)
        | st.lists(VALUES | st.integers(-1, 99).map(str), max_size=9).map("-".join)
        | st.lists(STEP, max_size=20).map(" ".join)
        | st.sampled_from([*ACTIVATIONS, *LOSSES, *BIAS_RULES, *REDUCTIONS, *DATASETS]),
        max_size=4,
    )
)
def test_any_parameters_give_a_recipe_that_can_be_shown_or_a_sentence(params):
    assert_recipe_or_sentence(params)


HOSTILE = [
    *("१", "²", "1_0", "+1", " 1", "1e400", "\x00"),
    *("9" * 5000, "1 " * 100_000, "1-" * 50_000 + "1"),
]


@pytest.mark.parametrize("field", [*FIELDS, "steps", "colour", ""])
def test_any_text_gives_a_recipe_that_can_be_shown_or_a_sentence(field):
    for text in HOSTILE:
        assert_recipe_or_sentence({field: text})


def assert_recipe_or_sentence(params):
    try:
        recipe = from_query(params)
    except ValueError as error:
        sentence = str(error)
        assert sentence.endswith(".")
        assert len(sentence) < 400
        assert " must " in sentence or " is not a setting; " in sentence
    else:
        require_shown(recipe.config)
        assert recipe.epoch <= most_epochs(recipe.config) <= MAX_LINKED_EPOCHS
        assert from_query(to_query(recipe)) == recipe


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"sizes": "5-3-1-"}, "sizes must be whole numbers joined by hyphens, as in 5-3-1"),
        ({"sizes": ""}, "sizes must be whole numbers joined by hyphens, as in 5-3-1; got ''."),
        ({"sizes": "5--1"}, "sizes must be whole numbers joined by hyphens"),
        ({"sizes": "5,3,1"}, "sizes must be whole numbers joined by hyphens"),
        ({"sizes": "５-3-1"}, "sizes must be whole numbers joined by hyphens"),
        ({"sizes": "5"}, "sizes must have at least n_input and n_output"),
        ({"sizes": "5-1-1-1-1-1-1-1-1"}, "sizes must have at most 6 hidden layers; got 7."),
        ({"sizes": "0-3-1"}, "n_input must be a whole number from 1 to"),
        ({"sizes": "5-65-1"}, "n_hidden must be a whole number from 1 to 64; got 65."),
        ({"sizes": "5-3-17"}, "n_output must be a whole number from 1 to 16; got 17."),
        ({"data": "xor", "sizes": "5-3-1"}, "n_input must be 2 to fit the data; got 5."),
        ({"seed": "-1"}, "seed must be a whole number, 0 or more; got -1."),
        ({"seed": "1.0"}, "seed must be a whole number, 0 or more; got 1.0."),
        ({"seed": "99999999999"}, "seed must be a whole number from 0 to 4294967295"),
        ({"seed": "9" * 99}, f"seed must be a whole number from 0 to 4294967295; got {'9' * 60}…."),
        ({"examples": "0"}, "examples must be a whole number from 1 to"),
        ({"examples": "10001"}, "examples must be a whole number from 1 to 10000; got 10001."),
        ({"batch_size": "None"}, "batch_size must be a whole number from 1 to 100000; got 'None'."),
        ({"learning_rate": ""}, "learning_rate must be a number greater than 0; got ''."),
        ({"learning_rate": "nan"}, "learning_rate must be a number greater than 0; got 'nan'."),
        ({"learning_rate": "-0.1"}, "learning_rate must be a number greater than 0; got -0.1."),
        ({"learning_rate": "１"}, "learning_rate must be a number greater than 0; got '１'."),
        ({"learning_rate": "1_0"}, "learning_rate must be a number greater than 0; got '1_0'."),
        ({"learning_rate": " 1"}, "learning_rate must be a number greater than 0; got ' 1'."),
        ({"learning_rate": "0"}, "learning_rate must be a number greater than 0; got 0."),
        ({"learning_rate": "1e400"}, "learning_rate must be a number from 1e-30 to 1e+30; got inf"),
        ({"learning_rate": "1e10"}, "learning_rate must be a number from 1e-30 to 1e+09; got"),
        ({"data": "circle", "derived": "x1"}, "derived must be one of x1_squared, x2_squared, x1_"),
        ({"derived": "sin_x1"}, "derived must be empty for notebook, whose inputs are not points"),
        (
            {"data": "circle", "derived": "sin_x1", "sizes": "2-1"},
            "n_input must be 3, for x1, x2 and the derived inputs; got 2.",
        ),
        ({"noise": "0.6"}, "noise must be a number from 0 to 0.5; got 0.6."),
        ({"noise": "a bit"}, "noise must be a number from 0 to 0.5; got 'a bit'."),
        ({"l2": "11"}, "l2 must be a number from 0 to 10; got 11."),
        ({"l1": "-1"}, "l1 must be a number from 0 to 10; got -1."),
        ({"momentum": "1"}, "momentum must be a number from 0 to 0.9999; got 1."),
        ({"epsilon": "0"}, "epsilon must be a number from 1e-12 to 1; got 0."),
        ({"optimizer": "SGD"}, "optimizer must be one of GradientDescent, Momentum, RMSprop, Ad"),
        ({"first_weights": "0"}, "first_weights must be one of normal, uniform, xavier, he, zeros"),
        ({"loss": "MSE"}, "loss must be one of SquaredError, MSELoss, L1Loss, SmoothL1Loss, Hub"),
        ({"loss": "CrossEntropyLoss"}, "n_output must be at least 2 for CrossEntropyLoss"),
        (
            {"loss": "BCELoss", "output_activation": "tanh"},
            "output_activation must be sigmoid for BCELoss, which takes outputs from 0 to 1; got ",
        ),
        ({"steps": "0"}, "epochs must be a whole number, 1 or more; got 0."),
        ({"steps": "1.5"}, "epochs must be a whole number, 1 or more; got 1.5."),
        ({"steps": "rate="}, "learning_rate must be a number greater than 0; got ''."),
        ({"steps": "rate=1e10"}, "learning_rate must be a number from 1e-30 to 1e+09; got"),
        ({"steps": "100001"}, "steps must not train for more than 100000 epochs with these sizes"),
        ({"steps": "60000 40001"}, "steps must not train for more than 100000 epochs"),
        ({"steps": "1 rate=1 " * 501}, "steps must be at most 1000 steps"),
        ({"steps": "w1[5,0]=1"}, "name must be a weight or a bias of the network 5-3-1, such as"),
        ({"steps": "v=1"}, "name must be a weight or a bias of the network 5-3-1, such as"),
        ({"steps": "w1[0,0]="}, "w1[0, 0] must be a number; got ''."),
        ({"steps": "w1[0,0]=1e31"}, "w1[0, 0] must be a number from -1e+30 to 1e+30; got 1e+31."),
        ({"colour": "red"}, "'colour' is not a setting; settings are sizes, hidden_activation"),
    ],
)
def test_a_wrong_link_is_refused_by_name_value_and_range(params, message):
    assert refusal(**params).startswith(message)


def test_as_many_steps_as_allowed_are_read():
    steps = ("1 rate=1 " * MAX_LINKED_STEPS).split()[:MAX_LINKED_STEPS]
    assert len(from_query({"steps": " ".join(steps)}).events) == MAX_LINKED_STEPS


@pytest.mark.parametrize(
    "config",
    [
        Config(sizes=(64, 64, 64, 64, 64, 64, 64, 16), examples=10_000, batch_size=1700),
        Config(sizes=(5, 3, 1), examples=10_000, batch_size=1),
    ],
    ids=["large", "one by one"],
)
def test_a_link_that_would_train_too_long_is_refused_with_the_most_epochs_allowed(config):
    most = most_epochs(config)
    query = to_query(Recipe(config, (Epochs(most + 1),)))
    assert most < 300
    assert refusal(**query) == (
        f"steps must not train for more than {most} epochs with these sizes and examples; "
        f"got {most + 1}."
    )


@given(configs(), st.integers(0, 7), st.integers(1, 4000))
def test_the_larger_the_network_or_its_data_the_fewer_epochs(config, place, more):
    config = replace(config, derived=())
    wider = list(config.sizes)
    wider[place % len(wider)] += more
    assert most_epochs(replace(config, sizes=tuple(wider))) <= most_epochs(config)
    assert most_epochs(replace(config, examples=config.examples + more)) <= most_epochs(config)
    assert 1 <= most_epochs(config) <= MAX_LINKED_EPOCHS


def test_the_deeper_the_network_or_the_smaller_its_batches_the_fewer_epochs():
    shallow, deep = (Config(sizes=(1,) * count, examples=100, batch_size=9) for count in (3, 8))
    assert most_epochs(deep) < most_epochs(shallow)
    assert most_epochs(replace(deep, batch_size=8)) < most_epochs(deep)


def test_with_an_optimiser_of_torch_a_link_may_ask_for_fewer_epochs():
    plain = Config(examples=100, batch_size=1)
    assert most_epochs(replace(plain, optimizer="Adam")) < most_epochs(plain)


def test_a_batch_larger_than_the_data_counts_as_all_examples():
    config = Config(sizes=(1,) * 8)
    assert most_epochs(replace(config, batch_size=9)) == most_epochs(config) < MAX_LINKED_EPOCHS


def test_the_notebook_and_iris_may_train_for_the_most_epochs_of_any_link():
    for config in (Config(), Config(data="iris", sizes=(4, 5, 3))):
        assert most_epochs(config) == MAX_LINKED_EPOCHS
