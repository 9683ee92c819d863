"""Config: everything that is chosen before epoch 0, and the limits of each choice."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from nets.data.datasets import ALL_DATASETS
from nets.data.examples import MAX_EXAMPLES, MAX_SIZE
from nets.data.features import FEATURES, PLANE_INPUTS
from nets.data.textbooks import BOOK
from nets.engine.activations import ACTIVATIONS
from nets.engine.backprop import BIAS_RULES
from nets.engine.compatibility import IncompatibleChoice, require_fitting_output
from nets.engine.initializers import FIRST_WEIGHTS
from nets.engine.losses import LOSSES
from nets.engine.optimizers import CONSTANTS, OPTIMIZERS
from nets.engine.softmax import FOR_OUTPUTS
from nets.seeds import MAX_SEED
from nets.validate import quote, require_choice, require_number, require_whole

# Beyond these, float32 rounds the rate itself to 0 or to infinity.
LOWEST_RATE, HIGHEST_RATE = 1e-30, 1e30
MAX_NOISE = 0.5
MAX_PENALTY = 10
MAX_TEST_FRACTION = 0.9
# The highest value of each number whose lowest is 0.
HIGHEST = {
    "noise": MAX_NOISE,
    "test_fraction": MAX_TEST_FRACTION,
    "l1": MAX_PENALTY,
    "l2": MAX_PENALTY,
}
REDUCTIONS = ("sum", "mean")


@dataclass(frozen=True)
class Config:
    """Everything that is chosen before epoch 0. The defaults are the notebook.

    Attributes:
        sizes: how many inputs, neurons in each hidden layer, and outputs.
        hidden_activation: a key of `ACTIVATIONS`.
        output_activation: a key of `ACTIVATIONS` or `FOR_OUTPUTS`.
        loss: a key of `LOSSES`.
        reduction: "sum" over the examples of an update, as in the notebook, or their "mean".
        bias_rule: "notebook", one number for all biases of a layer, or "gradient".
        learning_rate: the step size of an update; it can be changed during the run.
        optimizer: a key of `OPTIMIZERS`: plain gradient descent, or one of torch's own.
        momentum, alpha, beta1, beta2, epsilon: constants of the optimiser; None for the usual value
            in its row of `OPTIMIZERS`. An optimiser ignores those that it does not have.
        l1, l2: strength of the penalties on weights (not on biases); see `Penalty`.
        first_weights: a key of `FIRST_WEIGHTS`, or "book" for those of a textbook's example.
        data: a key of `DATASETS`, or "own" where the examples are given to `start`.
        examples: how many examples are drawn; ignored by a data set of fixed length.
        noise: how noisy the drawn examples are, from 0 to 0.5; ignored by a data set without noise.
        test_fraction: the part of the examples that is held out as test data.
        data_seed: the seed of the data and the split; the first weights still come from `seed`.
            None: both come from `seed`, as in the notebook.
        derived: keys of `FEATURES`: inputs computed from x1 and x2 of a data set in the plane, in
            the order of the table. The first of `sizes` counts them.
        batch_size: examples in one update; None for all of them.
        seed: the seed of the run's random streams.

    Raises:
        ValueError: for an impossible value; names the field, the value and the range. An
            `IncompatibleChoice` where the loss does not fit the outputs.
    """

    sizes: tuple[int, ...] = (5, 3, 1)
    hidden_activation: str = "sigmoid"
    output_activation: str = "sigmoid"
    loss: str = "SquaredError"
    reduction: str = "sum"
    bias_rule: str = "notebook"
    learning_rate: float = 0.1
    optimizer: str = "GradientDescent"
    momentum: float | None = None
    alpha: float | None = None
    beta1: float | None = None
    beta2: float | None = None
    epsilon: float | None = None
    l1: float = 0.0
    l2: float = 0.0
    first_weights: str = "normal"
    data: str = "notebook"
    examples: int = 1
    noise: float = 0.0
    test_fraction: float = 0.0
    data_seed: int | None = None
    derived: tuple[str, ...] = ()
    batch_size: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", require_sizes(self.sizes))
        require_choice("hidden_activation", self.hidden_activation, ACTIVATIONS)
        require_choice("output_activation", self.output_activation, ACTIVATIONS | FOR_OUTPUTS)
        require_choice("loss", self.loss, LOSSES)
        require_fitting_output(self.loss, self.output_activation, self.sizes[-1])
        require_choice("reduction", self.reduction, REDUCTIONS)
        require_choice("bias_rule", self.bias_rule, BIAS_RULES)
        require_choice("optimizer", self.optimizer, OPTIMIZERS)
        for field in CONSTANTS:
            object.__setattr__(self, field, require_constant(field, getattr(self, field)))
        require_choice("data", self.data, ALL_DATASETS)
        require_first_weights(self.first_weights, self.data, self.sizes)
        object.__setattr__(self, "learning_rate", require_learning_rate(self.learning_rate))
        require_whole("examples", self.examples, 1, MAX_EXAMPLES)
        for field, high in HIGHEST.items():
            object.__setattr__(self, field, require_number(field, getattr(self, field), 0, high))
        if self.data_seed is not None:
            require_whole("data_seed", self.data_seed, 0, MAX_SEED)
        object.__setattr__(self, "derived", require_derived(self.derived))
        if self.derived:
            require_derived_to_fit(self)
        if self.batch_size is not None:
            require_whole("batch_size", self.batch_size, 1, MAX_EXAMPLES)
        require_whole("seed", self.seed, 0, MAX_SEED)

    @property
    def constants(self) -> dict[str, float]:
        """The constants of the optimiser, by their names."""
        chosen = {name: getattr(self, name) for name in CONSTANTS}
        usual = OPTIMIZERS[self.optimizer].constants
        return {name: usual[name] if chosen[name] is None else chosen[name] for name in usual}

    @property
    def unusual_constants(self) -> dict[str, float]:
        """Those of them that have not their usual values."""
        usual = OPTIMIZERS[self.optimizer].constants
        return {name: value for name, value in self.constants.items() if value != usual[name]}


def with_derived_inputs(config: Config, names: tuple[str, ...]) -> Config:
    """Return the config with these derived inputs; its first size follows."""
    n_input = config.sizes[0] - len(config.derived) + len(names)
    return replace(config, derived=names, sizes=(n_input, *config.sizes[1:]))


def size_names(sizes: tuple[int, ...]) -> list[str]:
    """Name each entry of `sizes` as the page does: n_input, n_hidden, hidden layer 2, …."""
    hidden = ["n_hidden", *(f"hidden layer {number}" for number in range(2, len(sizes) - 1))]
    return ["n_input", *hidden[: len(sizes) - 2], "n_output"]


def require_fit(sizes: tuple[int, ...], columns: tuple[int, int]) -> None:
    """Raise a ValueError unless the data have these (n_input, n_output) columns."""
    ends = ("n_input", sizes[0], columns[0]), ("n_output", sizes[-1], columns[1])
    for field, size, count in ends:
        if size != count:
            raise ValueError(f"{field} must be {count} to fit the data; got {size}.")


def require_sizes(sizes: object) -> tuple[int, ...]:
    """Return the sizes as a tuple; raise a ValueError unless each is the size of a layer."""
    if not isinstance(sizes, Iterable) or isinstance(sizes, str | bytes):
        raise ValueError(f"sizes must be whole numbers, as in (5, 3, 1); got {quote(sizes)}.")
    sizes = tuple(cast(Iterable[int], sizes))
    if len(sizes) < 2:
        raise ValueError(
            f"sizes must have at least n_input and n_output, as in (5, 3, 1); got {sizes}."
        )
    for name, size in zip(size_names(sizes), sizes, strict=True):
        require_whole(name, size, 1, MAX_SIZE)
    return sizes


def require_derived(names: object) -> tuple[str, ...]:
    """Return the names, each once, in the table's order; raise a ValueError for any other name."""
    if not isinstance(names, Iterable) or isinstance(names, str | bytes):
        raise ValueError(
            f"derived must be a list of derived inputs, as in ['x1_squared']; got {quote(names)}."
        )
    names = list(cast(Iterable[str], names))
    for name in names:
        require_choice("derived", name, FEATURES)
    return tuple(name for name in FEATURES if name in names)


def require_derived_to_fit(config: Config) -> None:
    """Raise a ValueError unless derived inputs suit the data and n_input counts them."""
    if not ALL_DATASETS[config.data].is_plane:
        raise ValueError(
            f"derived must be empty for {config.data}, whose inputs are not points of a plane; "
            f"got {', '.join(config.derived)}."
        )
    n_input = PLANE_INPUTS + len(config.derived)
    if config.sizes[0] != n_input:
        raise ValueError(
            f"n_input must be {n_input}, for x1, x2 and the derived inputs; got {config.sizes[0]}."
        )


def require_first_weights(name: object, data: str, sizes: tuple[int, ...]) -> None:
    """Raise a ValueError unless first weights of this name suit the data and the sizes."""
    book = ALL_DATASETS[data].textbook
    if name != BOOK or book is None:
        require_choice("first_weights", name, FIRST_WEIGHTS)
    elif book.sizes != sizes:
        wanted, got = ("-".join(map(str, one)) for one in (book.sizes, sizes))
        raise IncompatibleChoice(
            f"sizes must be {wanted} for the first weights of the book; got {got}.",
            {"first_weights": "normal"},
        )


def require_constant(name: str, value: object) -> float | None:
    """Return the value; raise a ValueError unless it is None or in the limits of the constant."""
    row = CONSTANTS[name]
    return None if value is None else require_number(name, value, row.low, row.high)


def require_learning_rate(value: object, high: float = HIGHEST_RATE) -> float:
    """Return the value; raise a ValueError unless it is a number from the lowest rate to `high`."""
    return require_number("learning_rate", value, LOWEST_RATE, high)
