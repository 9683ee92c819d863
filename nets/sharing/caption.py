"""Captions: the settings of a run in one line, for files that leave the page."""

from nets.config import Config
from nets.data.datasets import ALL_DATASETS
from nets.engine.optimizers import CONSTANTS, OPTIMIZERS
from nets.training.run import Run


def caption(run: Run) -> str:
    """Write the settings with which a run was made, and how far it came."""
    config = run.config
    batch = "" if config.batch_size is None else f", batch size {config.batch_size}"
    settings = (
        ALL_DATASETS[config.data].title,
        f"network {'-'.join(map(str, config.sizes))}",
        f"{config.hidden_activation} and {config.output_activation}",
        config.loss,
        f"{name_optimizer(config)} with learning rate {run.learning_rate:g}{batch}",
        f"seed {config.seed}",
        f"epoch {run.epoch}",
        f"loss {run.loss:.6g}",
    )
    return " · ".join(settings)


def name_optimizer(config: Config) -> str:
    """Name the optimiser, with those of its constants that have not their usual values."""
    unusual = config.unusual_constants.items()
    constants = ", ".join(f"{CONSTANTS[name].title} {value:g}" for name, value in unusual)
    return OPTIMIZERS[config.optimizer].title + (f" ({constants})" if constants else "")


def file_name(run: Run, what: str) -> str:
    """Name a file after a run and what it has, such as nets-xor-2-4-1-epoch-300-diagram.svg."""
    sizes = "-".join(map(str, run.config.sizes))
    return f"nets-{run.config.data.replace('_', '-')}-{sizes}-epoch-{run.epoch}-{what}"
