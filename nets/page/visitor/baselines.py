"""Baselines: up to four runs that a visitor keeps, to compare the present run with them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from nets.config import Config
from nets.figures.loss_chart import other_line
from nets.page.visitor.moments import Moment, Shown
from nets.sharing.link import MAX_LINKED_STEPS, format_field, from_query, to_query
from nets.sharing.packing import PACKED, pack
from nets.sharing.session_file import KEPT_NAMES as NAMES
from nets.training.recipe import Epochs, Recipe, replay
from nets.training.run import Run

MOST_BYTES = 4_000_000  # of all kept runs, besides their lines
TOO_LARGE = (
    "The kept runs and this one have more than {:.0f} MB of own data together. Remove one of them."
)


@dataclass(frozen=True, eq=False)
class Baseline:
    """A run that was kept.

    Attributes:
        name: one of `NAMES`.
        moment: the run at rest; only its recipe after its visitor was away, or from a link.
        config: with the learning rate that the run had at the end.
        epoch: where it stands; `loss` and `test_loss`: there, None if they are not known yet.
        lines: the points of its lines in the loss chart, by name.
    """

    name: str
    moment: Moment
    config: Config
    epoch: int
    loss: float | None
    test_loss: float | None
    lines: dict[str, dict[str, Any]]

    @classmethod
    def of(cls, shown: Shown, name: str) -> "Baseline":
        """Take the present run."""
        return cls.made(name, replace(Moment.of(shown), walk=None, latest=None), shown.recorded.run)

    @classmethod
    def made(cls, name: str, moment: Moment, run: Run) -> "Baseline":
        """Take the numbers of a run."""
        recipe, history = moment.recipe, run.history
        lines = {name: other_line(history.loss)}
        if history.test_loss is not None:
            lines[f"{name}, test"] = other_line(history.test_loss)
        config = replace(recipe.config, learning_rate=run.learning_rate)
        return cls(name, moment, config, run.epoch, run.loss, run.test_loss, lines)

    @classmethod
    def planned(cls, name: str, recipe: Recipe) -> "Baseline":
        """Take a recipe whose run is not made yet."""
        return cls(name, Moment(recipe), recipe.config, recipe.epoch, None, None, {})

    @cached_property
    def word(self) -> str | None:
        """What an address has of the run; None for own data and of a long recipe."""
        recipe = self.moment.recipe
        if recipe.data is not None or len(recipe.events) > MAX_LINKED_STEPS:
            return None
        return f"{self.name}.{pack(to_query(recipe), always=True)[PACKED]}"

    def repeated(self) -> "Baseline":
        """Repeat the recipe, for the numbers of its run."""
        return self.made(self.name, self.moment, replay(self.moment.recipe))

    def without_run(self) -> "Baseline":
        """Keep only what repeats the run, and its lines."""
        return replace(self, moment=Moment(self.moment.recipe))


def keep(baselines: tuple[Baseline, ...], shown: Shown) -> tuple[Baseline, ...]:
    """Return the kept runs with the present one, if one of the names is free.

    Raises:
        ValueError: if their own data take too much memory.
    """
    taken = {one.name for one in baselines}
    free = [name for name in NAMES if name not in taken]
    return _limited((*baselines, Baseline.of(shown, free[0]))) if free else baselines


def _limited(baselines: tuple[Baseline, ...]) -> tuple[Baseline, ...]:
    """Keep `MOST_BYTES` at the most: of the runs kept first only the recipe stays, to be repeated.

    Raises:
        ValueError: if their own data take more.
    """
    known: dict[int, int] = {}
    for one in baselines:
        known.update(one.without_run().moment.parts)
    if sum(known.values()) > MOST_BYTES:
        raise ValueError(TOO_LARGE.format(MOST_BYTES / 1e6))
    kept: list[Baseline] = []
    for one in reversed(baselines):
        fits = sum(known.values()) + one.moment.bytes_besides(known) <= MOST_BYTES
        kept.append(one if fits else one.without_run())
        known.update(kept[-1].moment.parts)
    return tuple(reversed(kept))


def drawn_lines(baselines: tuple[Baseline, ...]) -> dict[str, dict[str, Any]]:
    """Return the lines of all kept runs, by their names."""
    return {name: line for one in baselines for name, line in one.lines.items()}


def write_word(baselines: tuple[Baseline, ...]) -> str:
    """Write kept runs as one word of an address, as far as it can carry them."""
    return ".".join(one.word for one in baselines if one.word is not None)


def read_word(word: str) -> tuple[Baseline, ...]:
    """Read what `write_word` writes.

    Raises:
        ValueError: for anything else; says what is wrong.
    """
    names, packed = word.split(".")[::2], word.split(".")[1::2]
    if len(names) != len(packed) or len({*names} & {*NAMES}) != len(names):
        raise ValueError(f"kept must be up to {len(NAMES)} runs, as the page writes them.")
    recipes = [from_query({PACKED: text}) for text in packed]
    return planned(dict(zip(names, recipes, strict=True)))


def recipes_of(baselines: tuple[Baseline, ...]) -> dict[str, Recipe]:
    """Return the recipes of kept runs, by their names."""
    return {one.name: one.moment.recipe for one in baselines}


def planned(recipes: Mapping[str, Recipe]) -> tuple[Baseline, ...]:
    """Take recipes by their names as kept runs, which are not made yet."""
    return tuple(Baseline.planned(name, recipe) for name, recipe in recipes.items())


def list_differences(configs: list[Config]) -> dict[str, list[str]]:
    """List the settings in which configs differ: by name, the value in each config."""
    written = {
        field.name: [_write(field.name, getattr(config, field.name)) for config in configs]
        for field in fields(Config)
    }
    return {name: values for name, values in written.items() if len({*values}) > 1}


def _write(name: str, value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else format_field(name, value)


def count_changes(recipe: Recipe) -> int:
    """Count what was changed during a run: learning rates, and weights set by hand."""
    return sum(not isinstance(event, Epochs) for event in recipe.events)
