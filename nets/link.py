"""Links: a recipe as the query parameters of an address, and back."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any, cast

from nets.config import (
    SHOWN_LEARNING_RATE,
    Config,
    require_derived,
    require_learning_rate,
    require_shown,
    with_derived_inputs,
)
from nets.datasets import OWN_DATA, SOURCES
from nets.presets import SUITED
from nets.recipe import Epochs, Event, LearningRate, Recipe
from nets.requiring import quoted
from nets.update import OPTIMIZERS

# What opening a link may ask of the server, which replays it: so many epochs and steps, and about
# so many seconds of one core.
MAX_LINKED_EPOCHS = 100_000
MAX_LINKED_STEPS = 1000
MAX_LINKED_SECONDS = 20
STEPS = "steps"
ALL = "all"  # the batch size of updates from all examples
SAME = "seed"  # the data's seed where it is that of the weights
NUMBER = re.compile(r"\d+(\.\d*)?(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def to_query(recipe: Recipe) -> dict[str, str]:
    """Write a recipe as query parameters; what is as in its data set's preset is left out.

    Own data are not written: such a link is refused where it is opened.
    """
    config = recipe.config
    preset = SUITED.get(config.data, Config())
    usual = with_derived_inputs(preset, config.derived)
    query = {} if config.data == Config.data else {"data": config.data}
    if config.derived != preset.derived:
        query["derived"] = _written("derived", config.derived)
    for field in fields(Config):
        value = getattr(config, field.name)
        if value != getattr(usual, field.name):
            query[field.name] = _written(field.name, value)
    if recipe.events:
        query[STEPS] = " ".join(
            str(event.count) if isinstance(event, Epochs) else f"rate={event.value!r}"
            for event in recipe.events
        )
    return query


def from_query(params: Mapping[str, str]) -> Recipe:
    """Read a recipe from query parameters; what they leave out is as in the data set's preset.

    Raises:
        ValueError: for anything else than what `to_query` writes of a run that the page can show
            and a link may ask for; names the parameter, the value and what is allowed.
    """
    readers = {field.name: _reader(field.name) for field in fields(Config)}
    unknown = sorted(set(params) - set(readers) - {STEPS})
    if unknown:
        raise ValueError(
            f"{quoted(unknown[0])} is not a setting; settings are {', '.join([*readers, STEPS])}."
        )
    given = {name: readers[name](params[name]) for name in readers if name in params}
    if given.get("data") == OWN_DATA.name:
        raise ValueError(
            "data must not be 'own' in a link, which does not carry data of one's own: choose the "
            "file or the table again, under Data."
        )
    usual = SUITED.get(given.get("data", Config.data), Config())
    config = replace(with_derived_inputs(usual, given.get("derived", usual.derived)), **given)
    require_shown(config)
    recipe = Recipe(config)
    for event in _events(params.get(STEPS, "")):
        recipe = recipe.then(event)
    most = most_epochs(config)
    if recipe.epoch > most:
        raise ValueError(
            f"{STEPS} must not train for more than {most} epochs with these sizes and examples; "
            f"got {recipe.epoch}."
        )
    return recipe


def most_epochs(config: Config) -> int:
    """Say how many epochs a link may ask for: the larger the network and its data, the fewer.

    The times were measured on one core: 30 µs a layer and update whatever its size, 0.25 ns a
    weight and example, 5 ns a neuron and example, 150 µs an update by an optimiser of torch's own.
    """
    examples = SOURCES[config.data].examples or config.examples
    updates = -(-examples // (config.batch_size or examples))
    layers, neurons = len(config.sizes) - 1, sum(config.sizes[1:])
    weights = sum(fan_in * fan_out for fan_in, fan_out in pairwise(config.sizes))
    an_update = layers * 30_000 + (150_000 if OPTIMIZERS[config.optimizer].of_torch else 0)
    nanoseconds = updates * an_update + examples * (weights / 4 + neurons * 5)
    return max(1, min(MAX_LINKED_EPOCHS, int(MAX_LINKED_SECONDS * 1e9 / nanoseconds)))


def _written(name: str, value: object) -> str:
    if isinstance(value, tuple):
        return "-".join(map(str, cast(tuple[object, ...], value)))
    if value is None:
        return ALL if name == "batch_size" else SAME
    return str(value)


def _reader(name: str) -> Callable[[str], Any]:
    """Return what turns a parameter's text into the value of a Config field."""
    match name:
        case "sizes":
            return _sizes
        case "derived":
            return lambda text: require_derived(text.split("-") if text else ())
        case "batch_size":
            return lambda text: None if text == ALL else _whole(name, text)
        case "data_seed":
            return lambda text: None if text == SAME else _whole(name, text)
        case "examples" | "seed":
            return lambda text: _whole(name, text)
        case "learning_rate" | "noise" | "test_fraction" | "l1" | "l2":
            return lambda text: _number(name, text)
        case _:
            return str


def _events(text: str) -> list[Event]:
    steps = text.split()
    if len(steps) > MAX_LINKED_STEPS:
        raise ValueError(
            f"{STEPS} must be at most {MAX_LINKED_STEPS} steps, divided by spaces; "
            f"got {len(steps)}."
        )
    return [_event(step) for step in steps]


def _event(step: str) -> Event:
    if step.startswith("rate="):
        rate = _number(f"rate in {STEPS}", step.removeprefix("rate="))
        return LearningRate(require_learning_rate(rate, SHOWN_LEARNING_RATE))
    return Epochs(_whole(STEPS, step))


def _sizes(text: str) -> tuple[int, ...]:
    if len(text) > 100 or not all(_is_whole(size) for size in text.split("-")):
        raise ValueError(
            f"sizes must be whole numbers joined by hyphens, as in 5-3-1; got {quoted(text)}."
        )
    return tuple(map(int, text.split("-")))


def _whole(name: str, text: str) -> int:
    if not _is_whole(text):
        raise ValueError(f"{name} must be whole numbers; got {quoted(text)}.")
    return int(text)


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12


def _number(name: str, text: str) -> float:
    if not NUMBER.fullmatch(text) or len(text) > 40:
        raise ValueError(f"{name} must be a number such as 0.1; got {quoted(text)}.")
    return float(text)
