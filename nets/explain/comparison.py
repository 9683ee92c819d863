"""Comparison: the same training from the same first weights, under the other bias rule."""

import time
from dataclasses import dataclass, replace
from typing import Self

from nets.engine.backprop import BIAS_RULES
from nets.training.advance import advance, rewind
from nets.training.recipe import Epochs, LearningRate, Recipe
from nets.training.run import Run, start, with_learning_rate


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
        deadline, epoch, run = time.perf_counter() + seconds, 0, self.run
        common = count_common_epochs(self.recipe, recipe)
        if run.epoch > common:
            run = rewind(run, common)
        for count, rate in list_spans(recipe):
            epoch += count
            if run.epoch < epoch and run.learning_rate != rate:
                run = with_learning_rate(run, rate)
            run = train_until(run, epoch, deadline)
            if run.epoch < epoch:
                break
        return replace(self, run=run, recipe=recipe)


def list_spans(recipe: Recipe) -> list[tuple[int, float]]:
    """List in order how many epochs were trained with which learning rate."""
    spans: list[tuple[int, float]] = []
    rate = recipe.config.learning_rate
    for event in recipe.events:
        match event:
            case Epochs(count):
                spans.append((count, rate))
            case LearningRate(rate):
                pass
    return spans


def count_common_epochs(one: Recipe, other: Recipe) -> int:
    """Count the first epochs that two recipes of one config train with the same learning rates."""
    spans, others = list_spans(one), list_spans(other)
    common = 0
    while spans and others:
        (count, rate), (other_count, other_rate) = spans.pop(0), others.pop(0)
        if rate != other_rate:
            break
        both = min(count, other_count)
        common += both
        if count > both:
            spans.insert(0, (count - both, rate))
        if other_count > both:
            others.insert(0, (other_count - both, rate))
    return common


def train_until(run: Run, epoch: int, deadline: float) -> Run:
    """Train up to an epoch while there is time and the run is finite, in parts that double."""
    part = 1
    while run.epoch < epoch and run.divergence is None and time.perf_counter() < deadline:
        run = advance(run, min(part, epoch - run.epoch))
        part *= 2
    return run
