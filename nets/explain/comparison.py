"""Comparison: the same training from the same first weights, under the other bias rule."""

import time
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from nets.engine.backprop import BIAS_RULES
from nets.training.advance import advance, rewind
from nets.training.recipe import Epochs, LearningRate, Parameter, Recipe, apply_all
from nets.training.run import Divergence, Run, start, with_learning_rate


@dataclass(frozen=True)
class Comparison:
    """A run under the other bias rule, to compare a run with.

    Attributes:
        run: the run under the other bias rule.
        recipe: what the original run did, as far as it is known here.
    """

    run: Run
    recipe: Recipe

    @classmethod
    def of(cls, recipe: Recipe) -> Self:
        """Start at epoch 0, with the recipe's config and data but the other bias rule."""
        other = next(rule for rule in BIAS_RULES if rule != recipe.config.bias_rule)
        config = replace(recipe.config, bias_rule=other)
        return cls(start(config, data=recipe.data), replace(recipe, events=()))

    @property
    def is_behind(self) -> bool:
        """Whether the original run is ahead and this one can still train."""
        return self.run.epoch < self.recipe.epoch and self.run.divergence is None

    def follow(self, recipe: Recipe, seconds: float) -> Self:
        """Train as the recipe says, for about this many seconds at most.

        Where the recipe's past has changed, the run first goes back to the last epoch that both
        have in common. Returns `self` if there is nothing to do.
        """
        if recipe == self.recipe and not self.is_behind:
            return self
        deadline, run = time.perf_counter() + seconds, self.run
        common = count_common_epochs(self.recipe, recipe)
        if common < 0:
            run = start(run.config, data=recipe.data)
        elif run.epoch > common:
            run = rewind(run, common)
        for stage in list_stages(recipe):
            if run.epoch == stage.begin:
                run = choose(run, stage)
            run = train_until(run, stage.begin + stage.epochs, deadline)
            if run.epoch < stage.begin + stage.epochs:
                break
        return replace(self, run=run, recipe=recipe)


class Stage(NamedTuple):
    """What was chosen at an epoch, and how many epochs were trained then."""

    begin: int
    rate: float
    settings: tuple[Parameter, ...]
    epochs: int


def list_stages(recipe: Recipe) -> list[Stage]:
    """List in order what was chosen, and for how many epochs it was trained then."""
    stages: list[Stage] = []
    begin, rate, chosen = 0, recipe.config.learning_rate, tuple[Parameter, ...]()
    for event in recipe.events:
        match event:
            case Epochs(count):
                stages.append(Stage(begin, rate, chosen, count))
                begin, chosen = begin + count, ()
            case LearningRate(rate):
                pass
            case Parameter():
                chosen += (event,)
    return [*stages, Stage(begin, rate, chosen, 0)]


def count_common_epochs(one: Recipe, other: Recipe) -> int:
    """Return the last epoch at which two recipes of one config have the same run; -1 for none."""
    stages, others = list_stages(one), list_stages(other)
    while stages and others:
        mine, theirs = stages.pop(0), others.pop(0)
        if mine.settings != theirs.settings:
            return mine.begin - 1
        if mine.rate != theirs.rate and mine.epochs and theirs.epochs:
            return mine.begin
        both = min(mine.epochs, theirs.epochs)
        for longer, rest in ((mine, stages), (theirs, others)):
            if longer.epochs > both:
                rest.insert(0, Stage(mine.begin + both, longer.rate, (), longer.epochs - both))
    return min(one.epoch, other.epoch)


def choose(run: Run, stage: Stage) -> Run:
    """Do what was chosen at the epoch of a run; where the loss is not finite then, it diverges."""
    if run.learning_rate != stage.rate:
        run = with_learning_rate(run, stage.rate)
    try:
        return apply_all(run, stage.settings)
    except ValueError:
        return replace(run, divergence=Divergence("loss", run.epoch))


def train_until(run: Run, epoch: int, deadline: float) -> Run:
    """Train up to an epoch while there is time and the run is finite, in parts that double."""
    part = 1
    while run.epoch < epoch and run.divergence is None and time.perf_counter() < deadline:
        run = advance(run, min(part, epoch - run.epoch))
        part *= 2
    return run
