"""Config: everything that is chosen before the first epoch, and what may be chosen."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from nets.activations import ACTIVATIONS
from nets.backprop import BIAS_RULES
from nets.datasets import DATASETS
from nets.losses import LOSSES
from nets.seeds import MAX_SEED

MAX_SIZE = 4096
MAX_EXAMPLES = 100_000
# The page can show less than the library can train.
SHOWN_INPUTS, SHOWN_HIDDEN, SHOWN_OUTPUTS = 64, 64, 16
SHOWN_HIDDEN_LAYERS = 6
SHOWN_EXAMPLES = 10_000
SHOWN_LEARNING_RATE = 1e9
REDUCTIONS = ("sum", "mean")


@dataclass(frozen=True)
class Config:
    """Everything that is chosen before epoch 0. The defaults are the notebook.

    Attributes:
        sizes: number of inputs, of neurons in each hidden layer, of outputs.
        hidden_activation, output_activation: keys of `ACTIVATIONS`.
        loss: a key of `LOSSES`.
        reduction: "sum" over the examples of a step, as in the notebook, or their "mean".
        bias_rule: "notebook", one number for every bias of a layer, or "gradient".
        learning_rate: how far one update goes; it can be changed during the run.
        data: a key of `DATASETS`.
        examples: how many examples are drawn, where the data set is drawn at random.
        batch_size: examples in one update; None for all of them at once.
        seed: where the random streams of this run start.

    Raises:
        ValueError: for an impossible value; names the field, the value and the range.
    """

    sizes: tuple[int, ...] = (5, 3, 1)
    hidden_activation: str = "sigmoid"
    output_activation: str = "sigmoid"
    loss: str = "SquaredError"
    reduction: str = "sum"
    bias_rule: str = "notebook"
    learning_rate: float = 0.1
    data: str = "notebook"
    examples: int = 1
    batch_size: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", tuple(self.sizes))
        if len(self.sizes) < 2:
            raise ValueError(
                "sizes must name at least the inputs and the outputs, as in (5, 3, 1); "
                f"got {self.sizes}."
            )
        for name, size in zip(size_names(self.sizes), self.sizes, strict=True):
            require_whole(name, size, 1, MAX_SIZE)
        require_choice("hidden_activation", self.hidden_activation, ACTIVATIONS)
        require_choice("output_activation", self.output_activation, ACTIVATIONS)
        require_choice("loss", self.loss, LOSSES)
        require_choice("reduction", self.reduction, REDUCTIONS)
        require_choice("bias_rule", self.bias_rule, BIAS_RULES)
        require_choice("data", self.data, DATASETS)
        require_learning_rate(self.learning_rate)
        require_whole("examples", self.examples, 1, MAX_EXAMPLES)
        if self.batch_size is not None:
            require_whole("batch_size", self.batch_size, 1, MAX_EXAMPLES)
        require_whole("seed", self.seed, 0, MAX_SEED)


def size_names(sizes: tuple[int, ...]) -> list[str]:
    """Name each entry of `sizes` as the page does: n_input, n_hidden, hidden 2, …, n_output."""
    hidden = [f"hidden layer {number}" for number in range(1, len(sizes) - 1)]
    if len(hidden) >= 1:
        hidden[0] = "n_hidden"
    return ["n_input", *hidden, "n_output"]


def require_shown(config: Config) -> None:
    """Raise a ValueError unless the page can show a run of this config."""
    hidden_layers = len(config.sizes) - 2
    if not 1 <= hidden_layers <= SHOWN_HIDDEN_LAYERS:
        raise ValueError(
            f"sizes must have from 1 to {SHOWN_HIDDEN_LAYERS} hidden layers; got {hidden_layers}."
        )
    limits = [SHOWN_INPUTS, *[SHOWN_HIDDEN] * hidden_layers, SHOWN_OUTPUTS]
    for name, size, limit in zip(size_names(config.sizes), config.sizes, limits, strict=True):
        require_whole(name, size, 1, limit)
    require_whole("examples", config.examples, 1, SHOWN_EXAMPLES)
    require_learning_rate(config.learning_rate, SHOWN_LEARNING_RATE)


def require_whole(field: str, value: object, low: int, high: int) -> None:
    """Raise a ValueError unless the value is a whole number from low to high."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError(f"{field} must be a whole number from {low} to {high}; got {value}.")


def require_choice(field: str, value: object, choices: Iterable[str]) -> None:
    """Raise a ValueError unless the value is one of the choices."""
    if value not in choices:
        raise ValueError(f"{field} must be one of {', '.join(choices)}; got {value!r}.")


def require_learning_rate(value: object, high: float = math.inf) -> None:
    """Raise a ValueError unless the value is a finite number above 0, at most `high`."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or not 0 < value <= high:
        limit = "" if high == math.inf else f" and at most {high:g}"
        raise ValueError(f"learning_rate must be a finite number above 0{limit}; got {value}.")
