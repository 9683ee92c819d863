"""Moments: the states of a visitor's run before each change, so that changes can be undone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

from torch import Tensor

from nets.explain.phases import Walkthrough
from nets.training.recipe import Recipe, RecordedRun
from nets.training.run import Run

LOOK = ("scale", "bound", "inseparable", "view", "selected")  # of a run, besides its recipe
MOST = 100  # moments that are kept
INSTANT = 20  # the newest of them keep their runs; of older ones the recipe is repeated
MOST_BYTES = 8_000_000  # of everything that is kept, so that a class of 30 fits into the memory


class Shown(Protocol):
    """What a visitor is shown."""

    recorded: RecordedRun
    walk: Walkthrough | None
    latest: RecordedRun | None


@dataclass(frozen=True, eq=False)
class Moment:
    """One state of a visitor's run.

    Attributes:
        recipe: what makes the run.
        run: the run itself; None if it must be repeated from its recipe.
        walk: how much of an epoch was shown.
        latest: the run of which this one shows the past, if it does.
        look: what belongs to the run and not to its recipe, such as the scale of the colours.
    """

    recipe: Recipe
    run: Run | None = None
    walk: Walkthrough | None = None
    latest: RecordedRun | None = None
    look: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, shown: "Shown") -> "Moment":
        """Take the present state."""
        walk = shown.walk and replace(shown.walk)  # without what it has computed
        look = tuple((name, getattr(shown, name)) for name in LOOK)
        return cls(shown.recorded.recipe, shown.recorded.run, walk, shown.latest, look)

    def is_at(self, other: "Moment") -> bool:
        """Whether both are the same state of the same run."""
        same = (self.recipe, self.latest and self.latest.recipe) == (
            other.recipe,
            other.latest and other.latest.recipe,
        )
        return same and _place(self.walk) == _place(other.walk)

    @cached_property
    def parts(self) -> dict[int, int]:
        """What the moment holds in memory: the bytes of each part, by its identity."""
        return dict(_parts(self.recipe, self.run, self.latest and self.latest.run))

    def bytes_besides(self, known: Mapping[int, int]) -> int:
        """Count the bytes that the moment holds besides known parts."""
        return sum(size for part, size in self.parts.items() if part not in known)


def _parts(recipe: Recipe, *runs: Run | None) -> Iterator[tuple[int, int]]:
    yield id(recipe.events), 8 * len(recipe.events)
    if recipe.data is not None:
        yield id(recipe.data), _bytes(recipe.data.inputs, recipe.data.targets)
    for rows in recipe.observed.rows if recipe.observed is not None else ():
        yield id(rows), rows.nbytes
    for run in runs:
        if run is not None:
            yield id(run.data), _bytes(run.data.inputs, run.data.targets)
            yield id(run.network), _bytes(run.network.parameters, run.optimizer_state)
            for rows in run.history.rows:
                yield id(rows), rows.nbytes


def _place(walk: Walkthrough | None) -> tuple[int, int] | None:
    return None if walk is None else (walk.start.epoch, walk.shown)


def _bytes(*tensors: Tensor) -> int:
    return sum(tensor.nbytes for tensor in tensors)


@dataclass(eq=False)
class Moments:
    """The moments before the present one, and those after it that were undone, the nearest last."""

    before: list[Moment] = field(default_factory=list)
    after: list[Moment] = field(default_factory=list)

    def add(self, moment: Moment) -> None:
        """Keep the moment before a new change; what was undone cannot be done again."""
        if not (self.before and self.before[-1].is_at(moment)):
            self.before.append(moment)
            self._forget_old_ones()
        self.after.clear()

    def back(self, now: Moment) -> Moment | None:
        """Return the moment before the last change; None if there is none."""
        return _move(now, self.before, self.after)

    def forth(self, now: Moment) -> Moment | None:
        """Return the moment after the last undone change; None if there is none."""
        return _move(now, self.after, self.before)

    def leads_back(self, now: Moment) -> bool:
        """Whether there is a moment before the last change."""
        return len(self.before) > (1 if self.before and self.before[-1].is_at(now) else 0)

    def forget_from(self, epoch: int) -> None:
        """Forget the newest moments that are later than an epoch."""
        while self.before and self.before[-1].recipe.epoch > epoch:
            self.before.pop()

    def _forget_old_ones(self) -> None:
        """Keep the runs of the newest moments only, and few enough bytes."""
        del self.before[:-MOST]
        known: dict[int, int] = {}
        left = MOST_BYTES
        for at in range(len(self.before) - 1, -1, -1):
            moment, is_new = self.before[at], at >= len(self.before) - INSTANT
            if moment.run is not None and not (is_new and moment.bytes_besides(known) <= left):
                moment = self.before[at] = Moment(moment.recipe)
            left -= moment.bytes_besides(known)
            if left < 0:
                del self.before[: at + 1]
                return
            known.update(moment.parts)


def _move(now: Moment, there: list[Moment], here: list[Moment]) -> Moment | None:
    while there and there[-1].is_at(now):  # nothing came of that change
        there.pop()
    if not there:
        return None
    here.append(now)
    return there.pop()
