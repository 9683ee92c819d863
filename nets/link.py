"""Links: a recipe as the query parameters of an address, and back."""

from collections.abc import Mapping
from dataclasses import fields, replace
from itertools import pairwise

from nets.batches import number_of_batches
from nets.config import Config, require_learning_rate, with_derived_inputs
from nets.datasets import OWN_DATA, SOURCES
from nets.field_text import as_text, from_text, number, whole
from nets.page_limits import SHOWN_LEARNING_RATE, require_shown
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


def to_query(recipe: Recipe) -> dict[str, str]:
    """Write a recipe as query parameters; what is as in its data set's preset is left out.

    Own data are not written: such a link is refused where it is opened.
    """
    config = recipe.config
    preset = SUITED.get(config.data, Config())
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
            f"{quoted(unknown[0])} is not a setting; settings are {', '.join([*names, STEPS])}."
        )
    given = {name: from_text(name, params[name]) for name in names if name in params}
    if given.get("data") == OWN_DATA.name:
        raise ValueError(
            "data must not be 'own' in a link, which does not carry data of one's own: choose the "
            "file or the table again, under Data."
        )
    usual = SUITED.get(given.get("data", Config.data), Config())
    return replace(with_derived_inputs(usual, given.get("derived", usual.derived)), **given)


def most_epochs(config: Config) -> int:
    """Say how many epochs a link may ask for: the larger the network and its data, the fewer.

    The times were measured on one core: 30 µs a layer and update whatever its size, 0.25 ns a
    weight and example, 5 ns a neuron and example, 150 µs an update by an optimiser of torch's own.
    """
    examples = SOURCES[config.data].examples or config.examples
    updates = number_of_batches(examples, config.batch_size)
    layers, neurons = len(config.sizes) - 1, sum(config.sizes[1:])
    weights = sum(fan_in * fan_out for fan_in, fan_out in pairwise(config.sizes))
    an_update = layers * 30_000 + (150_000 if OPTIMIZERS[config.optimizer].of_torch else 0)
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
        rate = number(f"rate in {STEPS}", step.removeprefix("rate="))
        return LearningRate(require_learning_rate(rate, SHOWN_LEARNING_RATE))
    return Epochs(whole(STEPS, step))
