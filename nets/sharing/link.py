"""Links: a recipe as the query parameters of an address, and back."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, cast

from nets import validate
from nets.config import Config, require_derived, require_learning_rate, with_derived_inputs
from nets.data.datasets import ALL_DATASETS, OWN_DATA
from nets.engine.network import place_of
from nets.engine.optimizers import CONSTANTS, OPTIMIZERS
from nets.presets import PRESETS, SHOWN_LEARNING_RATE, require_shown
from nets.sharing import packing
from nets.training.batches import number_of_batches
from nets.training.recipe import Epochs, Event, LearningRate, Parameter, Recipe
from nets.validate import quote

# The server replays a link when it is opened. These are limits for its epochs and its steps, and
# roughly for the seconds on one core.
MAX_LINKED_EPOCHS = 100_000
MAX_LINKED_STEPS = 1000
MAX_LINKED_SECONDS = 20
STEPS = "steps"


def to_query(recipe: Recipe) -> dict[str, str]:
    """Write a recipe as query parameters, without the values of its data set's preset.

    Long parameters are packed into one. A link does not carry your own data, so `from_query`
    refuses such a link.
    """
    return packing.pack(words_of(recipe))


def words_of(recipe: Recipe) -> dict[str, str]:
    """Write a recipe as words, however long they are."""
    query = dict(_config_words(recipe.config))
    if recipe.events:
        query[STEPS] = " ".join(_format_event(event) for event in recipe.events)
    return query


@lru_cache(128)  # every step of every visitor asks for it, and a config seldom changes
def _config_words(config: Config) -> tuple[tuple[str, str], ...]:
    """Write a config as words, without the constants of optimisers that are not chosen."""
    preset = PRESETS.get(config.data, Config())
    usual = with_derived_inputs(preset, config.derived)
    query = {"data": config.data}  # always: an address without any parameter greets a newcomer
    if config.derived != preset.derived:
        query["derived"] = format_field("derived", config.derived)
    for field in fields(Config):
        value = getattr(config, field.name)
        is_unused = field.name in CONSTANTS and field.name not in config.constants
        if field.name != "data" and value != getattr(usual, field.name) and not is_unused:
            query[field.name] = format_field(field.name, value)
    return tuple(query.items())


def from_query(params: Mapping[str, str]) -> Recipe:
    """Read a recipe from query parameters; the data set's preset supplies what is missing.

    Without `data` the data are the notebook's.

    Raises:
        ValueError: for anything else than what `to_query` writes of a run that the page can show
            and a link may ask for; names the parameter, the value and what is allowed.
    """
    params = packing.unpack(params)
    if params.get("data") == OWN_DATA.name:
        raise ValueError(
            "data must not be 'own' in a link, because a link does not carry your own data: open a "
            "session file of the run, in the panel Download, or choose the file or the table "
            "again, under Data."
        )
    recipe = recipe_of(params)
    most = most_epochs(recipe.config)
    if recipe.epoch > most:
        raise ValueError(
            f"{STEPS} must not train for more than {most} epochs with these sizes and examples; "
            f"got {recipe.epoch}."
        )
    return recipe


def recipe_of(words: Mapping[str, str], most_steps: int = MAX_LINKED_STEPS) -> Recipe:
    """Read a recipe from words, however many epochs it trains.

    Raises:
        ValueError: for anything else than what `words_of` writes of a run that the page can show.
    """
    config = _parse_config(words)
    require_shown(config)
    return Recipe(config).then(*parse_events(words.get(STEPS, ""), config.sizes, most_steps))


def _parse_config(params: Mapping[str, str]) -> Config:
    """Read the config."""
    names = [field.name for field in fields(Config)]
    unknown = sorted(set(params) - {*names, STEPS})
    if unknown:
        raise ValueError(
            f"{quote(unknown[0])} is not a setting; settings are {', '.join([*names, STEPS])}."
        )
    given = {name: parse_field(name, params[name]) for name in names if name in params}
    usual = PRESETS.get(given.get("data", Config.data), Config())
    return replace(with_derived_inputs(usual, given.get("derived", usual.derived)), **given)


def most_epochs(config: Config) -> int:
    """Compute the most epochs a link may ask for: the larger network and data, the fewer.

    The times were measured on one core: 30 µs per layer and update of any size, 0.25 ns per
    weight and example, 5 ns per neuron and example, 150 µs per update by a torch optimiser.
    """
    examples = ALL_DATASETS[config.data].n_examples or config.examples
    updates = number_of_batches(examples, config.batch_size)
    layers, neurons = len(config.sizes) - 1, sum(config.sizes[1:])
    weights = sum(fan_in * fan_out for fan_in, fan_out in pairwise(config.sizes))
    an_update = layers * 30_000 + (150_000 if OPTIMIZERS[config.optimizer].torch_class else 0)
    nanoseconds = updates * an_update + examples * (weights / 4 + neurons * 5)
    return max(1, min(MAX_LINKED_EPOCHS, int(MAX_LINKED_SECONDS * 1e9 / nanoseconds)))


def parse_events(text: str, sizes: tuple[int, ...], most: int = MAX_LINKED_STEPS) -> list[Event]:
    """Read the steps of a link, for a network of these sizes.

    Raises:
        ValueError: if there are too many, or one of them is not a step.
    """
    steps = text.split()
    if len(steps) > most:
        raise ValueError(
            f"{STEPS} must be at most {most} steps, separated by spaces; got {len(steps)}."
        )
    return [_parse_event(step, sizes) for step in steps]


def _format_event(event: Event) -> str:
    """Write an event as one word: 20, rate=0.5, w1[2,0]=0.5."""
    match event:
        case Epochs(count):
            return str(count)
        case LearningRate(value):
            return f"rate={value!r}"
        case Parameter(name, value):
            return f"{name.replace(' ', '')}={value!r}"


def _parse_event(step: str, sizes: tuple[int, ...]) -> Event:
    name, equals, value = step.partition("=")
    if not equals:
        return Epochs(cast(Any, parse_number(step)))
    number = cast(Any, parse_number(value))
    if name == "rate":
        return LearningRate(require_learning_rate(number, SHOWN_LEARNING_RATE))
    place_of(name, sizes)
    return Parameter(name, number)


ALL = "all"  # the batch size for updates with all examples
SAME = "seed"  # the data seed where it equals the seed of the weights
USUAL = "usual"  # a constant of the optimiser that has its usual value
NUMBER = re.compile(r"-?\d+(\.\d*)?(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def format_field(name: str, value: object) -> str:
    """Write the value of the field of this name."""
    if isinstance(value, tuple):
        return "-".join(map(str, cast(tuple[object, ...], value)))
    if value is None:
        return {"batch_size": ALL, "data_seed": SAME}.get(name, USUAL)
    return str(value)


def parse_field(name: str, text: str) -> Any:
    """Read the value of the field of this name. `Config` checks whether it is allowed.

    Raises:
        ValueError: if the text is of another kind; names the field, the text and what is allowed.
    """
    match name:
        case "sizes":
            return _parse_sizes(text)
        case "derived":
            return require_derived(text.split("-") if text else ())
        case "batch_size":
            return None if text == ALL else parse_number(text)
        case "data_seed":
            return None if text == SAME else parse_number(text)
        case _ if name in CONSTANTS:
            return None if text == USUAL else parse_number(text)
        case "examples" | "seed" | "learning_rate" | "noise" | "test_fraction" | "l1" | "l2":
            return parse_number(text)
        case _:
            return text


def parse_number(text: str) -> int | float | str:
    """Read a number as programs write it. Other text is returned; `Config` says what is allowed."""
    return validate.parse_typed_number(text) if NUMBER.fullmatch(text) else text


def _parse_sizes(text: str) -> tuple[int, ...]:
    if len(text) > 100 or not all(_is_whole(size) for size in text.split("-")):
        raise ValueError(
            f"sizes must be whole numbers joined by hyphens, as in 5-3-1; got {quote(text)}."
        )
    return tuple(map(int, text.split("-")))


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12
