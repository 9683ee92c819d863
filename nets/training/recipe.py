"""Recipes: what a person did, as data, so that every run can be repeated."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self, cast

from nets.config import Config, require_learning_rate
from nets.data.examples import Data
from nets.engine.names import parameter_name, parse_parameter
from nets.training.advance import advance
from nets.training.history import History
from nets.training.observed import observed_run
from nets.training.run import Run, start, with_learning_rate, with_parameters
from nets.validate import quote, require_number, require_whole, to_float32

MAX_EPOCHS = 10_000_000
HIGHEST_VALUE = 1e30  # of a parameter that is set by hand; float32 ends at 3e38


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


@dataclass(frozen=True)
class Parameter:
    """Set one weight or bias by hand.

    Attributes:
        name: the code's name: w1[2, 0] or b1[0].
        value: as float32 holds it, written as shortly as possible.
    """

    name: str
    value: float

    def __post_init__(self) -> None:
        parsed = parse_parameter(self.name)
        if parsed is None:
            raise ValueError(
                "name must be that of a weight or a bias, such as w1[2, 0] or b1[0]; "
                f"got {quote(self.name)}."
            )
        name = parameter_name(*parsed)
        value = require_number(name, self.value, -HIGHEST_VALUE, HIGHEST_VALUE)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "value", to_float32(value) + 0.0)  # no -0.0


Event = Epochs | LearningRate | Parameter
Values = Sequence[Parameter]


@dataclass(frozen=True)
class Recipe:
    """A config and the events after it, in order; and the examples, if they are own data.

    An observed run has the history of a training elsewhere, and shows its epochs.

    Epochs are those that were trained: a run that diverges stops before it has trained all that
    was asked for, and its recipe has only what it trained.
    """

    config: Config
    events: tuple[Event, ...] = ()
    data: Data | None = None
    observed: History | None = None

    @property
    def epoch(self) -> int:
        """The number of epochs that the recipe trains."""
        return sum(event.count for event in self.events if isinstance(event, Epochs))

    @property
    def set_at_first(self) -> tuple[Parameter, ...]:
        """The parameters that are set by hand before the first epoch."""
        return tuple(event for event in self.until(0).events if isinstance(event, Parameter))

    @property
    def after_first(self) -> tuple[Event, ...]:
        """The events without `set_at_first`."""
        first = len(self.until(0).events)
        kept = (event for event in self.events[:first] if not isinstance(event, Parameter))
        return (*kept, *self.events[first:])

    def then(self, *events: Event) -> Self:
        """Add events; join epochs with those just before them.

        A learning rate, or a value of a parameter, replaces the one of the same epoch.
        """
        done, last = [*self.events], list[LearningRate | Parameter]()
        while done and not isinstance(done[-1], Epochs):
            last.append(cast(Any, done.pop()))
        chosen = {_chosen_by(event): event for event in reversed(last)}
        for event in events:
            if not isinstance(event, Epochs):
                chosen[_chosen_by(event)] = event
                continue
            done += chosen.values()
            match done:
                case [*_, Epochs(before)] if before + event.count <= MAX_EPOCHS:
                    done[-1] = Epochs(before + event.count)
                case _:
                    done.append(event)
            chosen = {}
        return replace(self, events=(*done, *chosen.values()))

    def until(self, epoch: int) -> Self:
        """Return the recipe up to an epoch, with what was chosen at that epoch."""
        events, left = list[Event](), epoch
        for event in self.events:
            if isinstance(event, Epochs):
                if event.count > left:
                    events += [Epochs(left)] if left > 0 else []
                    break
                left -= event.count
            events.append(event)
        return replace(self, events=()).then(*events)


def _chosen_by(event: Epochs | LearningRate | Parameter) -> str:
    """Name what an event chooses; the last choice of an epoch counts."""
    return event.name if isinstance(event, Parameter) else "learning_rate"


def apply(run: Run, event: Event) -> Run:
    """Apply one event to a run."""
    match event:
        case Epochs(count):
            return advance(run, count)
        case LearningRate(value):
            return with_learning_rate(run, value)
        case Parameter(name, value):
            return with_parameters(run, {name: value})


def apply_all(run: Run, events: Iterable[Event]) -> Run:
    """Apply events in order; parameters that follow each other are set together."""
    for kind, group in itertools.groupby(events, type):
        if kind is Parameter:
            run = with_parameters(run, {one.name: one.value for one in cast(Any, group)})
        else:
            for event in group:
                run = apply(run, event)
    return run


def replay(recipe: Recipe) -> Run:
    """Repeat a run: bit for bit the live one, on the same build of torch."""
    if recipe.observed is not None:
        return observed_run(recipe.config, recipe.data, recipe.observed.until(recipe.epoch))
    return apply_all(start(recipe.config, data=recipe.data), recipe.events)


class RecordedRun(NamedTuple):
    """A recipe and the run that it makes: `replay(recipe)` gives `run`."""

    recipe: Recipe
    run: Run

    @classmethod
    def begin(cls, config: Config, own: Data | None = None, values: Values = ()) -> Self:
        """Begin at epoch 0; set some parameters by hand, if any are given."""
        begun = cls(Recipe(config, data=own), start(config, data=own))
        return begun.with_parameters(values) if values else begun

    @classmethod
    def of(cls, recipe: Recipe) -> Self:
        """Repeat the run of a recipe."""
        return cls(recipe, replay(recipe))

    def after(self, event: Event) -> Self:
        """Apply an event and record it; only epochs that were trained are recorded."""
        run = apply(self.run, event)
        if isinstance(event, Epochs):
            return self.on_at(run)
        return type(self)(self.recipe.then(event), run)

    def with_parameters(self, values: Values) -> Self:
        """Set parameters by hand, and record it."""
        return type(self)(self.recipe.then(*values), apply_all(self.run, values))

    def on_at(self, run: Run) -> Self:
        """Continue with the same run at this epoch or a later one."""
        more = run.epoch - self.run.epoch
        return type(self)(self.recipe.then(Epochs(more)) if more else self.recipe, run)

    def back_at(self, run: Run) -> Self:
        """Take epochs back, but not the present learning rate."""
        rate, back = self.run.learning_rate, type(self)(self.recipe.until(run.epoch), run)
        return back if rate == run.learning_rate else back.after(LearningRate(rate))
