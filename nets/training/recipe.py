"""Recipes: what a person did, as data, so that every run can be made again."""

from dataclasses import dataclass, replace
from typing import Self

from nets.config import Config, require_learning_rate
from nets.data.examples import Data
from nets.training.advance import advance
from nets.training.run import Run, start, with_learning_rate
from nets.validate import require_whole

MAX_EPOCHS = 10_000_000


@dataclass(frozen=True)
class Epochs:
    """Train for some epochs."""

    count: int

    def __post_init__(self) -> None:
        require_whole("epochs", self.count, 1, MAX_EPOCHS)


@dataclass(frozen=True)
class LearningRate:
    """Go on with another learning rate."""

    value: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", require_learning_rate(self.value))


Event = Epochs | LearningRate


@dataclass(frozen=True)
class Recipe:
    """A config and what happened after it, in order; and the examples, where they are one's own.

    Epochs are those that were trained: a run that runs away stops before it has done all that it
    was asked for, and what it did not do does not belong into its recipe.
    """

    config: Config
    events: tuple[Event, ...] = ()
    data: Data | None = None

    @property
    def epoch(self) -> int:
        """For how many epochs the recipe trains."""
        return sum(event.count for event in self.events if isinstance(event, Epochs))

    def then(self, event: Event) -> Self:
        """Add an event; it joins the one before it where the two say one thing."""
        match self.events, event:
            case (*earlier, Epochs(before)), Epochs(more) if before + more <= MAX_EPOCHS:
                events = (*earlier, Epochs(before + more))
            case (*earlier, LearningRate()), LearningRate():
                events = (*earlier, event)
            case _:
                events = (*self.events, event)
        return replace(self, events=events)

    def until(self, epoch: int) -> Self:
        """Forget what happened after an epoch; a learning rate chosen at it stays."""
        recipe = replace(self, events=())
        for event in self.events:
            left = epoch - recipe.epoch
            if isinstance(event, Epochs) and event.count > left:
                return recipe.then(Epochs(left)) if left else recipe
            recipe = recipe.then(event)
        return recipe


def apply(run: Run, event: Event) -> Run:
    """Let one event happen to a run."""
    match event:
        case Epochs(count):
            return advance(run, count)
        case LearningRate(value):
            return with_learning_rate(run, value)


def replay(recipe: Recipe) -> Run:
    """Make a run again: bit for bit the live one, on the same build of torch."""
    run = start(recipe.config, data=recipe.data)
    for event in recipe.events:
        run = apply(run, event)
    return run
