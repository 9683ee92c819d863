"""Page limits: the page can show less than the library can train."""

from nets.config import Config, require_fit, require_learning_rate, size_names
from nets.datasets import SOURCES
from nets.requiring import require_whole

SHOWN_INPUTS, SHOWN_HIDDEN, SHOWN_OUTPUTS = 64, 64, 16
SHOWN_HIDDEN_LAYERS = 6
SHOWN_EXAMPLES = 10_000
SHOWN_LEARNING_RATE = 1e9


def require_shown(config: Config) -> None:
    """Raise a ValueError unless the page can show a run of this config, on the data it names."""
    hidden_layers = len(config.sizes) - 2
    if hidden_layers > SHOWN_HIDDEN_LAYERS:
        raise ValueError(
            f"sizes must have at most {SHOWN_HIDDEN_LAYERS} hidden layers; got {hidden_layers}."
        )
    limits = [SHOWN_INPUTS, *[SHOWN_HIDDEN] * hidden_layers, SHOWN_OUTPUTS]
    for name, size, limit in zip(size_names(config.sizes), config.sizes, limits, strict=True):
        require_whole(name, size, 1, limit)
    fixed = SOURCES[config.data].fixed
    if fixed is not None:
        require_fit(config.sizes, (fixed[0] + len(config.derived), fixed[1]))
    require_whole("examples", config.examples, 1, SHOWN_EXAMPLES)
    require_learning_rate(config.learning_rate, SHOWN_LEARNING_RATE)
