"""Presets: for every data set, settings that learn it. The notebook's are the defaults of Config.

Most presets for classes hold out test data. Accuracy on it, with seed 0: iris 95 % after 50 epochs
(96 % on average over ten seeds), digits 96 % after 30; spiral at least 98 % after 300 with each of
four seeds.
"""

from typing import Any

from nets.config import Config, require_fit, require_learning_rate, size_names
from nets.data.datasets import ALL_DATASETS, OWN_DATA
from nets.data.encoding import CategoricalColumn
from nets.data.examples import Data
from nets.data.reading import MAX_ROWS
from nets.data.textbooks import BOOK
from nets.validate import require_whole

# A few hundred points in batches of ten: many small updates in each epoch.
DRAWN: dict[str, Any] = {
    "hidden_activation": "tanh",
    "examples": 500,
    "test_fraction": 0.2,
    "batch_size": 10,
}
FITTED = DRAWN | {"output_activation": "linear", "learning_rate": 0.01, "test_fraction": 0.0}
MEASURED: dict[str, Any] = {"learning_rate": 0.1, "test_fraction": 0.2, "batch_size": 10}


def _preset(data: str, *sizes: int, **settings: Any) -> Config:
    return Config(sizes=sizes, data=data, bias_rule="gradient", **settings)


PRESETS = {
    config.data: config
    for config in (
        Config(),
        _preset("and", 2, 2, 1, learning_rate=1.0),
        _preset("or", 2, 2, 1, learning_rate=1.0),
        # With two or three hidden neurons, XOR is not learned from some first weights.
        _preset("xor", 2, 4, 1, learning_rate=1.0),
        _preset("circle", 2, 4, 1, **DRAWN),
        _preset("quadrant_xor", 2, 6, 1, **DRAWN),
        _preset("gaussians", 2, 2, 1, **DRAWN),
        _preset("spiral", 2, 16, 16, 1, **DRAWN),
        _preset("moons", 2, 4, 1, **DRAWN),
        _preset("plane", 2, 3, 1, **FITTED),
        _preset("hills", 2, 32, 16, 1, **FITTED | {"learning_rate": 0.02}),
        _preset("sine", 1, 8, 1, **FITTED),
        _preset("iris", 4, 5, 3, **MEASURED | {"test_fraction": 0.3}),
        _preset("wine", 13, 5, 3, **MEASURED),
        _preset("breast_cancer", 30, 4, 1, **MEASURED),
        _preset("digits", 64, 32, 10, **MEASURED),
        _preset("han", 3, 2, 1, learning_rate=0.9, first_weights=BOOK),
        _preset("mazur", 2, 2, 2, learning_rate=0.5, first_weights=BOOK),
        _preset("negnevitsky", 2, 2, 1, learning_rate=0.1, first_weights=BOOK),
    )
}

HIDDEN_FOR_OWN = 8
MAX_UPDATES = 100  # in an epoch, for own data


def preset_for(data: Data) -> Config:
    """Choose settings for own data: sizes, and a loss that suits classes or numbers."""
    classes = data.encoding is not None and all(
        isinstance(column, CategoricalColumn) for column in data.encoding.targets
    )
    count = len(data)
    batch_size = max(10, -(-count // MAX_UPDATES))
    return Config(
        sizes=(data.inputs.shape[1], HIDDEN_FOR_OWN, data.targets.shape[1]),
        hidden_activation="tanh",
        output_activation="sigmoid" if classes else "linear",
        loss="BCELoss" if classes else "MSELoss",
        reduction="mean",
        bias_rule="gradient",
        learning_rate=0.3 if classes else 0.05,
        data=OWN_DATA.name,
        examples=count,
        batch_size=batch_size if batch_size < count else None,
    )


SHOWN_INPUTS, SHOWN_HIDDEN, SHOWN_OUTPUTS = 64, 64, 16
SHOWN_HIDDEN_LAYERS = 6
SHOWN_EXAMPLES = MAX_ROWS
SHOWN_LEARNING_RATE = 1e9
SHOWN_BYTES = 40_000_000  # of what one run computes for the examples of a batch
# For each neuron and each example of a batch: z, a, the slope and delta of training, in float32,
# and of a phase that is shown, in float64.
BYTES_IN_A_BATCH = 4 * 4 + 4 * 8


def require_shown(config: Config) -> None:
    """Raise a ValueError unless the page can show a run of this config."""
    hidden_layers = len(config.sizes) - 2
    if hidden_layers > SHOWN_HIDDEN_LAYERS:
        raise ValueError(
            f"sizes must have at most {SHOWN_HIDDEN_LAYERS} hidden layers; got {hidden_layers}."
        )
    limits = [SHOWN_INPUTS, *[SHOWN_HIDDEN] * hidden_layers, SHOWN_OUTPUTS]
    for name, size, limit in zip(size_names(config.sizes), config.sizes, limits, strict=True):
        require_whole(name, size, 1, limit)
    sizes = ALL_DATASETS[config.data].sizes
    if sizes is not None:
        require_fit(config.sizes, (sizes[0] + len(config.derived), sizes[1]))
    require_whole("examples", config.examples, 1, SHOWN_EXAMPLES)
    require_learning_rate(config.learning_rate, SHOWN_LEARNING_RATE)
    require_room(config)


def bytes_of(config: Config) -> int:
    """Estimate the memory of what a run computes for the examples of a batch."""
    return BYTES_IN_A_BATCH * _batch(config) * sum(config.sizes)


def require_room(config: Config) -> None:
    """Raise a ValueError if what a run computes needs more memory than the page gives one run."""
    neurons, batch = sum(config.sizes), _batch(config)
    most = SHOWN_BYTES // (BYTES_IN_A_BATCH * neurons)
    if batch > most:
        raise ValueError(
            f"batch_size must be a whole number from 1 to {most} for {neurons} neurons; got "
            f"{batch}, which takes {bytes_of(config) / 1e6:.0f} MB. The page allows "
            f"{SHOWN_BYTES / 1e6:.0f} MB."
        )


def _batch(config: Config) -> int:
    """Count the examples in a batch; without a batch size it has all examples."""
    examples = ALL_DATASETS[config.data].n_examples or config.examples
    return min(config.batch_size or examples, examples)
