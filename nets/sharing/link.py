"""Links: a recipe as the query parameters of an address, and back."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any, cast

from nets.config import Config, require_derived, require_learning_rate, with_derived_inputs
from nets.data.datasets import ALL_DATASETS, OWN_DATA
from nets.engine.update import OPTIMIZERS
from nets.presets import PRESETS, SHOWN_LEARNING_RATE, require_shown
from nets.training.batches import number_of_batches
from nets.training.recipe import Epochs, Event, LearningRate, Recipe
from nets.validate import quote

# What opening a link may ask of the server, which replays it: so many epochs and steps, and about
# so many seconds of one core.
MAX_LINKED_EPOCHS = 100_000
MAX_LINKED_STEPS = 1000
MAX_LINKED_SECONDS = 20
STEPS = "steps"


def to_query(recipe: Recipe) -> dict[str, str]:
    """Write a recipe as query parameters; what is as in its data set's preset is left out.

    Own data are not written: such a link is refused where it is opened.
    """
    config = recipe.config
    preset = PRESETS.get(config.data, Config())
    usual = with_derived_inputs(preset, config.derived)
    query = {} if config.data == Config.data else {"data": config.data}
    if config.derived != preset.derived:
        query["derived"] = as_text("derived", config.derived)
    for field in fields(Config):
        value = getattr(config, field.name)
        if value != getattr(usual, field.name):
            query[field.name] = as_text(field.name, value)
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
    config = _config(params)
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


def _config(params: Mapping[str, str]) -> Config:
    """Read what is chosen before epoch 0."""
    names = [field.name for field in fields(Config)]
    unknown = sorted(set(params) - {*names, STEPS})
    if unknown:
        raise ValueError(
            f"{quote(unknown[0])} is not a setting; settings are {', '.join([*names, STEPS])}."
        )
    given = {name: from_text(name, params[name]) for name in names if name in params}
    if given.get("data") == OWN_DATA.name:
        raise ValueError(
            "data must not be 'own' in a link, because a link does not carry your own data: choose "
            "the file or the table again, under Data."
        )
    usual = PRESETS.get(given.get("data", Config.data), Config())
    return replace(with_derived_inputs(usual, given.get("derived", usual.derived)), **given)


def most_epochs(config: Config) -> int:
    """Say how many epochs a link may ask for: the larger the network and its data, the fewer.

    The times were measured on one core: 30 µs a layer and update whatever its size, 0.25 ns a
    weight and example, 5 ns a neuron and example, 150 µs an update by an optimiser of torch's own.
    """
    examples = ALL_DATASETS[config.data].n_examples or config.examples
    updates = number_of_batches(examples, config.batch_size)
    layers, neurons = len(config.sizes) - 1, sum(config.sizes[1:])
    weights = sum(fan_in * fan_out for fan_in, fan_out in pairwise(config.sizes))
    an_update = layers * 30_000 + (150_000 if OPTIMIZERS[config.optimizer].torch_class else 0)
    nanoseconds = updates * an_update + examples * (weights / 4 + neurons * 5)
    return max(1, min(MAX_LINKED_EPOCHS, int(MAX_LINKED_SECONDS * 1e9 / nanoseconds)))


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
        rate = as_number(step.removeprefix("rate="))
        return LearningRate(require_learning_rate(rate, SHOWN_LEARNING_RATE))
    return Epochs(cast(Any, as_number(step)))


ALL = "all"  # the batch size of updates from all examples
SAME = "seed"  # the data's seed where it is that of the weights
NUMBER = re.compile(r"-?\d+(\.\d*)?(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
MAX_DIGITS = 400  # of a number in a link


def as_text(name: str, value: object) -> str:
    """Write the value of the field of this name."""
    if isinstance(value, tuple):
        return "-".join(map(str, cast(tuple[object, ...], value)))
    if value is None:
        return ALL if name == "batch_size" else SAME
    return str(value)


def from_text(name: str, text: str) -> Any:
    """Read the value of the field of this name; whether it may be chosen, Config says.

    Raises:
        ValueError: if the text is of another kind; names the field, the text and what is allowed.
    """
    match name:
        case "sizes":
            return _sizes(text)
        case "derived":
            return require_derived(text.split("-") if text else ())
        case "batch_size":
            return None if text == ALL else as_number(text)
        case "data_seed":
            return None if text == SAME else as_number(text)
        case "examples" | "seed" | "learning_rate" | "noise" | "test_fraction" | "l1" | "l2":
            return as_number(text)
        case _:
            return text


def as_number(text: str) -> int | float | str:
    """Read a number; what is none stays text, and Config says what it should be."""
    if not NUMBER.fullmatch(text) or len(text) > MAX_DIGITS:
        return text
    return int(text) if text.removeprefix("-").isdigit() else float(text)


def _sizes(text: str) -> tuple[int, ...]:
    if len(text) > 100 or not all(_is_whole(size) for size in text.split("-")):
        raise ValueError(
            f"sizes must be whole numbers joined by hyphens, as in 5-3-1; got {quote(text)}."
        )
    return tuple(map(int, text.split("-")))


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12
