"""Links: a recipe as the query parameters of an address, and back."""

from collections.abc import Callable, Mapping
from dataclasses import fields

from nets.config import Config, require_shown
from nets.recipe import Epochs, Event, LearningRate, Recipe

MAX_LINKED_EPOCHS = 100_000  # what opening a link may ask of the server
STEPS = "steps"


def to_query(recipe: Recipe) -> dict[str, str]:
    """Write a recipe as query parameters; what is as in the notebook is left out."""
    query = {
        field.name: _written(getattr(recipe.config, field.name))
        for field in fields(Config)
        if getattr(recipe.config, field.name) != field.default
    }
    if recipe.events:
        query[STEPS] = " ".join(
            str(event.count) if isinstance(event, Epochs) else f"rate={event.value!r}"
            for event in recipe.events
        )
    return query


def from_query(params: Mapping[str, str]) -> Recipe:
    """Read a recipe from query parameters.

    Raises:
        ValueError: for anything else than what `to_query` writes within the page's limits; names
            the parameter, the value and what is allowed.
    """
    readers = {field.name: _reader(field.name) for field in fields(Config)}
    unknown = sorted(set(params) - set(readers) - {STEPS})
    if unknown:
        raise ValueError(
            f"{unknown[0]!r} is not a setting; settings are {', '.join([*readers, STEPS])}."
        )
    config = Config(**{name: readers[name](params[name]) for name in readers if name in params})
    require_shown(config)
    recipe = Recipe(config)
    for step in params.get(STEPS, "").split():
        recipe = recipe.then(_event(step))
    if recipe.epoch > MAX_LINKED_EPOCHS:
        raise ValueError(
            f"steps must not train for more than {MAX_LINKED_EPOCHS} epochs; got {recipe.epoch}."
        )
    return recipe


def _written(value: object) -> str:
    return "-".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _reader(name: str) -> Callable[[str], object]:
    """Return what turns a parameter's text into the value of a Config field."""
    match name:
        case "sizes":
            return lambda text: tuple(_whole(name, size) for size in text.split("-"))
        case "examples" | "batch_size" | "seed":
            return lambda text: _whole(name, text)
        case "learning_rate":
            return lambda text: _number(name, text)
        case _:
            return str


def _event(step: str) -> Event:
    if step.startswith("rate="):
        return LearningRate(_number("rate", step.removeprefix("rate=")))
    return Epochs(_whole("steps", step))


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise ValueError(f"{name} must be made of whole numbers; got {text!r}.")
    return int(text)


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} must be a number such as 0.1; got {text!r}.") from None
