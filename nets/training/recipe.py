"""Recipes: what a person did, as data, so that every run can be repeated."""

from dataclasses import dataclass, replace
from typing import NamedTuple, Self

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
    """Continue with another learning rate."""

    value: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", require_learning_rate(self.value))


Event = Epochs | LearningRate


@dataclass(frozen=True)
class Recipe:
    """A config and the events after it, in order; and the examples, if they are own data.

    Epochs are those that were trained: a run that diverges stops before it has trained all that
    was asked for, and its recipe has only what it trained.
    """

    config: Config
    events: tuple[Event, ...] = ()
    data: Data | None = None

    @property
    def epoch(self) -> int:
        """The number of epochs that the recipe trains."""
        return sum(event.count for event in self.events if isinstance(event, Epochs))

    def then(self, event: Event) -> Self:
        """Add an event; join it with the one before it if both are of the same kind."""
        match self.events, event:
            case (*earlier, Epochs(before)), Epochs(more) if before + more <= MAX_EPOCHS:
                events = (*earlier, Epochs(before + more))
            case (*earlier, LearningRate()), LearningRate():
                events = (*earlier, event)
            case _:
                events = (*self.events, event)
        return replace(self, events=events)

    def until(self, epoch: int) -> Self:
        """Return the recipe up to an epoch; a learning rate chosen at that epoch stays."""
        recipe = replace(self, events=())
        for event in self.events:
            left = epoch - recipe.epoch
            if isinstance(event, Epochs) and event.count > left:
                return recipe.then(Epochs(left)) if left else recipe
            recipe = recipe.then(event)
        return recipe


def apply(run: Run, event: Event) -> Run:
    """Apply one event to a run."""
    match event:
        case Epochs(count):
            return advance(run, count)
        case LearningRate(value):
            return with_learning_rate(run, value)


def replay(recipe: Recipe) -> Run:
    """Repeat a run: bit for bit the live one, on the same build of torch."""
    run = start(recipe.config, data=recipe.data)
    for event in recipe.events:
        run = apply(run, event)
    return run


class RecordedRun(NamedTuple):
    """A recipe and the run that it makes: `replay(recipe)` gives `run`."""

    recipe: Recipe
    run: Run

    @classmethod
    def begin(cls, config: Config, own: Data | None = None) -> Self:
        """Begin at epoch 0."""
        return cls(Recipe(config, data=own), start(config, data=own))

    def after(self, event: Event) -> Self:
        """Apply an event and record it; only epochs that were trained are recorded."""
        run = apply(self.run, event)
        if isinstance(event, Epochs):
            return self.on_at(run)
        return type(self)(self.recipe.then(event), run)

    def on_at(self, run: Run) -> Self:
        """Continue with the same run at this epoch or a later one."""
        more = run.epoch - self.run.epoch
        return type(self)(self.recipe.then(Epochs(more)) if more else self.recipe, run)

    def back_at(self, run: Run) -> Self:
        """Take epochs back, but not the present learning rate."""
        rate, back = self.run.learning_rate, type(self)(self.recipe.until(run.epoch), run)
        return back if rate == run.learning_rate else back.after(LearningRate(rate))
