"""Config: what can be chosen before the first epoch, and the errors for all other choices."""

import math
from dataclasses import FrozenInstanceError, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nets.config import (
    HIGHEST_RATE,
    LOWEST_RATE,
    MAX_EXAMPLES,
    MAX_SIZE,
    REDUCTIONS,
    Config,
    size_names,
    with_derived_inputs,
)
from nets.data.datasets import ALL_DATASETS
from nets.data.features import FEATURES
from nets.engine.activations import ACTIVATIONS
from nets.engine.backprop import BIAS_RULES
from nets.engine.initializers import FIRST_WEIGHTS
from nets.engine.losses import LOSSES
from nets.engine.optimizers import OPTIMIZERS
from nets.engine.softmax import FOR_OUTPUTS
from nets.presets import (
    BYTES_IN_A_BATCH,
    SHOWN_BYTES,
    SHOWN_EXAMPLES,
    SHOWN_HIDDEN,
    SHOWN_HIDDEN_LAYERS,
    SHOWN_INPUTS,
    SHOWN_LEARNING_RATE,
    SHOWN_OUTPUTS,
    bytes_of,
    require_shown,
)
from nets.seeds import MAX_SEED
from nets.validate import require_number, require_whole

NAN, INFINITY = float("nan"), float("inf")
NO_NUMBERS = [None, "3", b"3", [3], (3,), {}, True, False, 1j]
WHOLE = {
    "examples": (1, MAX_EXAMPLES),
    "batch_size": (1, MAX_EXAMPLES),
    "seed": (0, MAX_SEED),
    "data_seed": (0, MAX_SEED),
}
CHOICES = {
    "hidden_activation": ACTIVATIONS,
    "output_activation": ACTIVATIONS | FOR_OUTPUTS,
    "loss": LOSSES,
    "reduction": REDUCTIONS,
    "bias_rule": BIAS_RULES,
    "data": ALL_DATASETS,
    "optimizer": OPTIMIZERS,
    "first_weights": FIRST_WEIGHTS,
}
CONSTANTS_OF_OPTIMIZERS = {
    **dict.fromkeys(("momentum", "alpha", "beta1", "beta2"), (0, 0.9999)),
    "epsilon": (1e-12, 1),
}
NUMBERS = {"noise": 0.5, "test_fraction": 0.9, "l1": 10, "l2": 10}


def refusal(**chosen):
    """Return the error for a Config of these values."""
    with pytest.raises(ValueError, match=" must ") as refused:
        Config(**chosen)
    return str(refused.value)


def sentence(require, *arguments):
    """Return the error for a value that is not allowed."""
    with pytest.raises(ValueError, match=" must ") as refused:
        require(*arguments)
    return str(refused.value)


def test_the_defaults_are_the_notebook():
    config = Config()
    assert config.sizes == (5, 3, 1)
    assert config.learning_rate == 0.1
    assert (config.examples, config.noise) == (1, 0.0)
    assert (config.test_fraction, config.data_seed) == (0.0, None)
    assert config.batch_size is None
    assert (config.hidden_activation, config.output_activation) == ("sigmoid", "sigmoid")
    assert (config.loss, config.reduction) == ("SquaredError", "sum")
    assert (config.optimizer, config.l1, config.l2) == ("GradientDescent", 0.0, 0.0)
    assert config.first_weights == "normal"
    assert (config.bias_rule, config.data, config.seed) == ("notebook", "notebook", 0)
    assert config.derived == ()


def test_every_field_is_tested_here():
    tested = {"sizes", "learning_rate", "derived", *NUMBERS, *WHOLE, *CHOICES}
    tested |= {*CONSTANTS_OF_OPTIMIZERS}
    assert {field.name for field in fields(Config)} == tested


@pytest.mark.parametrize(("field", "ends"), CONSTANTS_OF_OPTIMIZERS.items())
def test_a_constant_is_none_or_a_number_in_its_range(field, ends):
    for allowed in (None, *ends):
        assert getattr(Config(**{field: allowed}), field) == allowed
    for wrong in ("0.5", True, NAN, -0.1, 1.1):
        assert refusal(**{field: wrong}) == sentence(require_number, field, wrong, *ends)


def test_only_the_constants_of_the_chosen_optimiser_count():
    config = Config(optimizer="Adam", beta1=0.5, momentum=0.1, epsilon=1e-8)
    assert config.constants == {"beta1": 0.5, "beta2": 0.999, "epsilon": 1e-8}
    assert config.unusual_constants == {"beta1": 0.5}
    assert Config(momentum=0.1).constants == {}


def test_a_config_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Config().seed = 1


def test_sizes_of_any_iterable_are_equal_and_hash_alike():
    assert Config(sizes=[5, 3, 1]) == Config(sizes=iter([5, 3, 1])) == Config()
    assert hash(Config(sizes=[5, 3, 1])) == hash(Config())


@pytest.mark.parametrize("field", WHOLE)
def test_a_whole_number_may_be_either_end_of_its_range(field):
    for end in WHOLE[field]:
        assert getattr(Config(**{field: end}), field) == end


@pytest.mark.parametrize("wrong", [*NO_NUMBERS, 2.0, 1.5, NAN, INFINITY, -INFINITY], ids=repr)
@pytest.mark.parametrize("field", WHOLE)
def test_a_whole_number_of_another_type_is_refused_by_name_value_and_range(field, wrong):
    if field in ("batch_size", "data_seed") and wrong is None:
        assert getattr(Config(**{field: None}), field) is None
        return
    assert refusal(**{field: wrong}) == sentence(require_whole, field, wrong, *WHOLE[field])


@pytest.mark.parametrize("field", WHOLE)
def test_a_whole_number_out_of_range_is_refused_by_name_value_and_range(field):
    low, high = WHOLE[field]
    for wrong in (low - 1, high + 1, -(10**30), 10**30):
        assert refusal(**{field: wrong}) == sentence(require_whole, field, wrong, low, high)


@pytest.mark.parametrize("rate", [LOWEST_RATE, 1e-4, 1, 10.0, HIGHEST_RATE])
def test_a_learning_rate_may_be_any_number_of_its_range(rate):
    assert Config(learning_rate=rate).learning_rate == rate


@pytest.mark.parametrize(
    "wrong",
    [*NO_NUMBERS, NAN, INFINITY, -INFINITY, 0, 0.0, -0.1, 1e-31, 1.1e30, 10**40, 1e-320],
    ids=repr,
)
def test_a_wrong_learning_rate_is_refused_by_name_value_and_range(wrong):
    expected = sentence(require_number, "learning_rate", wrong, LOWEST_RATE, HIGHEST_RATE)
    assert refusal(learning_rate=wrong) == expected


@pytest.mark.parametrize("share", [0, 0.0, 1e-9, 0.5, 1])
@pytest.mark.parametrize("field", NUMBERS)
def test_a_number_may_be_any_in_its_range(field, share):
    value = share * NUMBERS[field]
    assert getattr(Config(**{field: value}), field) == value


@pytest.mark.parametrize(
    "wrong", [*NO_NUMBERS, NAN, INFINITY, -INFINITY, -0.1, 10.000001, 11, 10**40], ids=repr
)
@pytest.mark.parametrize("field", NUMBERS)
def test_a_number_outside_its_range_is_refused_by_name_value_and_range(field, wrong):
    expected = f"{field} must be a number from 0 to {NUMBERS[field]:g}; got {wrong!r}."
    assert refusal(**{field: wrong}) == expected


def test_derived_inputs_are_taken_in_any_order_and_kept_in_that_of_the_table():
    names = ["sin_x1", "x1_squared", "sin_x1"]
    config = Config(sizes=(4, 3, 1), data="circle", derived=names)
    assert config.derived == ("x1_squared", "sin_x1")
    assert hash(config) == hash(replace(config, derived=reversed(names)))
    assert with_derived_inputs(config, ()) == Config(data="circle", sizes=(2, 3, 1))
    assert with_derived_inputs(config, ("x2_squared",)).sizes == (3, 3, 1)


@pytest.mark.parametrize("wrong", [None, 3, "x1_squared", b"sin_x1", True], ids=repr)
def test_derived_inputs_that_are_not_a_list_of_names_are_refused(wrong):
    expected = f"derived must be a list of derived inputs, as in ['x1_squared']; got {wrong!r}."
    assert refusal(data="circle", derived=wrong) == expected


@pytest.mark.parametrize("wrong", ["", "x1", "x1²", None, 3, ["x1_squared"]], ids=repr)
def test_a_wrong_derived_input_is_refused_by_name_and_what_there_is(wrong):
    expected = f"derived must be one of {', '.join(FEATURES)}; got {wrong!r}."
    assert refusal(sizes=(3, 3, 1), data="circle", derived=[wrong]) == expected


def test_derived_inputs_need_points_and_neurons_that_take_them():
    names = ("x1_squared", "sin_x2")
    assert refusal(sizes=(6, 3, 3), data="iris", derived=names) == (
        "derived must be empty for iris, whose inputs are not points of a plane; "
        "got x1_squared, sin_x2."
    )
    assert refusal(sizes=(2, 3, 1), data="moons", derived=names) == (
        "n_input must be 4, for x1, x2 and the derived inputs; got 2."
    )


@pytest.mark.parametrize("chosen", [{"learning_rate": 10**400}, {"loss": "MSE" * 99}], ids=list)
def test_a_long_value_is_cut_in_the_message(chosen):
    message = refusal(**chosen)
    assert message.startswith(next(iter(chosen)))
    assert len(message) < 200


@pytest.mark.parametrize("field", CHOICES)
def test_every_row_of_a_table_can_be_chosen(field):
    for name in CHOICES[field]:
        assert getattr(Config(sizes=(5, 3, 2), **{field: name}), field) == name


@pytest.mark.parametrize("wrong", ["", "Sigmoid", "sigmoid ", None, 0, NAN, True, [], {}], ids=repr)
@pytest.mark.parametrize("field", CHOICES)
def test_a_wrong_choice_is_refused_by_name_value_and_what_there_is(field, wrong):
    expected = f"{field} must be one of {', '.join(CHOICES[field])}; got {wrong!r}."
    assert refusal(**{field: wrong}) == expected


@pytest.mark.parametrize("wrong", [5, None, NAN, True, "5-3-1", b"531"], ids=repr)
def test_sizes_that_are_not_whole_numbers_are_refused(wrong):
    expected = f"sizes must be whole numbers, as in (5, 3, 1); got {wrong!r}."
    assert refusal(sizes=wrong) == expected


@pytest.mark.parametrize("wrong", [(), (5,)])
def test_sizes_without_inputs_and_outputs_are_refused(wrong):
    assert refusal(sizes=wrong) == (
        f"sizes must have at least n_input and n_output, as in (5, 3, 1); got {wrong}."
    )


@pytest.mark.parametrize("wrong", [*NO_NUMBERS, 0, -1, MAX_SIZE + 1, 2.0, NAN, INFINITY], ids=repr)
@pytest.mark.parametrize("place", range(4))
def test_a_wrong_size_is_refused_by_the_name_of_its_layer(place, wrong):
    sizes = [5, 3, 4, 1]
    sizes[place] = wrong
    name = ["n_input", "n_hidden", "hidden layer 2", "n_output"][place]
    expected = f"{name} must be a whole number from 1 to {MAX_SIZE}; got {wrong!r}."
    assert refusal(sizes=tuple(sizes)) == expected


@pytest.mark.parametrize("count", range(2, 9))
def test_every_layer_has_a_name_of_its_own(count):
    names = size_names((1,) * count)
    assert len(set(names)) == len(names) == count
    assert (names[0], names[-1]) == ("n_input", "n_output")


def test_the_page_shows_its_widest_networks():
    widest = (SHOWN_INPUTS, *[SHOWN_HIDDEN] * SHOWN_HIDDEN_LAYERS, SHOWN_OUTPUTS)
    most = {"examples": SHOWN_EXAMPLES, "learning_rate": SHOWN_LEARNING_RATE}
    require_shown(Config(sizes=widest, batch_size=1000, **most))
    require_shown(Config(sizes=(SHOWN_INPUTS, SHOWN_OUTPUTS), **most))


@given(
    st.lists(st.integers(1, SHOWN_OUTPUTS), min_size=2, max_size=SHOWN_HIDDEN_LAYERS + 2),
    st.integers(1, SHOWN_EXAMPLES),
    st.none() | st.integers(1, SHOWN_EXAMPLES),
)
def test_what_the_page_shows_takes_a_bounded_number_of_bytes(sizes, examples, batch_size):
    hidden = [4 * size for size in sizes[:-1]]
    config = Config(sizes=(*hidden, sizes[-1]), examples=examples, batch_size=batch_size)
    numbers = min(examples, batch_size or examples) * sum(config.sizes)
    assert bytes_of(config) == numbers * BYTES_IN_A_BATCH
    if bytes_of(config) <= SHOWN_BYTES:
        require_shown(config)
    else:
        with pytest.raises(ValueError, match=r"^batch_size must be a whole number from 1 to "):
            require_shown(config)


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"sizes": (1,) * 9}, "sizes must have at most 6 hidden layers; got 7."),
        ({"sizes": (65, 3, 1)}, "n_input must be a whole number from 1 to 64; got 65."),
        ({"sizes": (5, 65, 1)}, "n_hidden must be a whole number from 1 to 64; got 65."),
        ({"sizes": (5, 3, 65, 1)}, "hidden layer 2 must be a whole number from 1 to 64; got 65."),
        ({"sizes": (5, 3, 17)}, "n_output must be a whole number from 1 to 16; got 17."),
        ({"data": "xor"}, "n_input must be 2 to fit the data; got 5."),
        ({"data": "iris", "sizes": (4, 3, 1)}, "n_output must be 3 to fit the data; got 1."),
        ({"examples": 10_001}, "examples must be a whole number from 1 to 10000; got 10001."),
        (
            {"sizes": (64, 64, 64, 16), "examples": 10_000},
            "batch_size must be a whole number from 1 to 4006 for 208 neurons; got 10000, which "
            "takes 100 MB. The page allows 40 MB.",
        ),
        (
            {"learning_rate": math.nextafter(1e9, INFINITY)},
            "learning_rate must be a number from 1e-30 to 1e+09; got 1000000000.0000001.",
        ),
    ],
)
def test_what_the_page_cannot_show_is_refused_by_name_value_and_range(chosen, message):
    config = replace(Config(), **chosen)
    with pytest.raises(ValueError, match=" must ") as refused:
        require_shown(config)
    assert str(refused.value) == message
