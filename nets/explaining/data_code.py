"""Data's code: the lines of a program that make what a run learns from, or read it."""

from typing import Any, cast

from nets.config import Config
from nets.datasets import OWN_DATA, SOURCES
from nets.examples.coding import Classes
from nets.examples.data import Data

MOST_NUMBERS = 2000  # of own data that are written out


def imports(config: Config, data: Data) -> list[str]:
    """Import what the lines need."""
    if config.data == OWN_DATA.name and _is_written(data):
        return []
    needed: list[str] = []
    if config.data == OWN_DATA.name:
        needed.append("from nets.own import read_data")
    elif not _is_notebook(config):
        needed.append("from nets.datasets import DATASETS, Wish")
    if config.derived:
        needed.append("from nets.examples.derived import with_derived")
    if config.test_fraction or config.data_seed is not None:
        needed.append("from nets.seeds import stream")
    if config.test_fraction:
        needed.append("from nets.examples.splitting import split")
    return needed


def lines(config: Config, data: Data, x: str, y: str) -> list[str]:
    """Draw, load or write out inputs and targets, and give them these names."""
    if config.data == OWN_DATA.name:
        return _own_numbers(config, data, x, y)
    if _is_notebook(config):
        return [
            f"{name} = torch.randn(({config.examples}, {size}))"
            for name, size in ((x, config.sizes[0]), (y, config.sizes[-1]))
        ]
    inputs = "data.inputs"
    if config.derived:
        inputs = f"with_derived({inputs}, {list(config.derived)})"
    return [*_made(config), f"{x}, {y} = {inputs}, data.targets"]


def _is_written(data: Data) -> bool:
    """Whether own data are few enough to be written out, or were not read from columns."""
    return data.inputs.numel() + data.targets.numel() <= MOST_NUMBERS or data.coding is None


def _own_numbers(config: Config, own: Data, x: str, y: str) -> list[str]:
    """Write out what of own data is trained on, or how they are read from their file."""
    if _is_written(own) or own.coding is None:
        pairs = ((x, own.inputs), (y, own.targets))
        return [f"{name} = torch.tensor({cast(Any, values).tolist()})" for name, values in pairs]
    inputs, targets = own.coding.inputs, own.coding.targets
    chosen = f"inputs={[part.name for part in inputs]}, targets={[part.name for part in targets]}"
    classes = [part.name for part in (*inputs, *targets) if isinstance(part, Classes)]
    return [
        "# Own data, too many to write here: from your file.",
        'with open("your file.csv", "rb") as file:',
        f"    data = read_data(file.read(), {chosen}, classes={classes})",
        *_split(config),
        f"{x}, {y} = data.inputs, data.targets",
    ]


def _is_notebook(config: Config) -> bool:
    """Say whether the notebook's own two lines draw the data."""
    return config.data == "notebook" and not config.test_fraction and config.data_seed is None


def _made(config: Config) -> list[str]:
    """Make the data as a run does, and keep some aside."""
    wish = f"Wish({config.examples}, {config.sizes[0]}, {config.sizes[-1]}, {config.noise})"
    make = f'data = DATASETS["{config.data}"].make({wish}, '
    lines = [f"{make}torch.default_generator)"]
    if config.data_seed is not None and SOURCES[config.data].examples is None:
        lines += [f'{make}stream({config.data_seed}, "data"))']
    return lines + _split(config)


def _split(config: Config) -> list[str]:
    """Keep some data aside, if that is wished."""
    if not config.test_fraction:
        return []
    seed = config.seed if config.data_seed is None else config.data_seed
    drawn = f'stream({seed}, "test split")'
    return [f"data, test = split(data, {config.test_fraction}, {drawn})"]
