"""A twin: the same training, from the same start, under the other bias rule."""

import time
from dataclasses import dataclass, replace
from typing import Self

from nets.engine.backprop import BIAS_RULES
from nets.training.advance import Run, advance, rewind, start, with_learning_rate
from nets.training.recipe import Epochs, LearningRate, Recipe


@dataclass(frozen=True)
class Comparison:
    """A run beside another, and the recipe that it follows.

    Attributes:
        run: under the other bias rule.
        recipe: of the run that it stands beside, as far as the twin knows it.
    """

    run: Run
    recipe: Recipe

    @classmethod
    def of(cls, recipe: Recipe) -> Self:
        """Begin at epoch 0: all that was chosen, but the bias rule, is the same."""
        other = next(rule for rule in BIAS_RULES if rule != recipe.config.bias_rule)
        config = replace(recipe.config, bias_rule=other)
        return cls(start(config, data=recipe.data), replace(recipe, events=()))

    @property
    def is_behind(self) -> bool:
        """Whether there is more to follow, and a run that can."""
        return self.run.epoch < self.recipe.epoch and self.run.divergence is None

    def following(self, recipe: Recipe, seconds: float) -> Self:
        """Go where a recipe leads, or some way there in about so many seconds.

        Where the recipe has become another one, the twin goes back to where they part. It stays
        itself where there is nothing to follow.
        """
        if recipe == self.recipe and not self.is_behind:
            return self
        deadline, epoch, run = time.perf_counter() + seconds, 0, self.run
        parting = shared_epochs(self.recipe, recipe)
        if run.epoch > parting:
            run = rewind(run, parting)
        for count, rate in spans_of(recipe):
            epoch += count
            if run.epoch < epoch and run.learning_rate != rate:
                run = with_learning_rate(run, rate)
            run = trained(run, epoch, deadline)
            if run.epoch < epoch:
                break
        return replace(self, run=run, recipe=recipe)


def spans_of(recipe: Recipe) -> list[tuple[int, float]]:
    """List how many epochs were trained with which learning rate, one after the other."""
    spans: list[tuple[int, float]] = []
    rate = recipe.config.learning_rate
    for event in recipe.events:
        match event:
            case Epochs(count):
                spans.append((count, rate))
            case LearningRate(rate):
                pass
    return spans


def shared_epochs(one: Recipe, other: Recipe) -> int:
    """Count the epochs from the start that two recipes of one config train in the same way."""
    spans, others = spans_of(one), spans_of(other)
    shared = 0
    while spans and others:
        (count, rate), (other_count, other_rate) = spans.pop(0), others.pop(0)
        if rate != other_rate:
            break
        both = min(count, other_count)
        shared += both
        if count > both:
            spans.insert(0, (count - both, rate))
        if other_count > both:
            others.insert(0, (other_count - both, rate))
    return shared


def trained(run: Run, epoch: int, deadline: float) -> Run:
    """Train up to an epoch, in growing parts, as long as there is time and the run is finite."""
    part = 1
    while run.epoch < epoch and run.divergence is None and time.perf_counter() < deadline:
        run = advance(run, min(part, epoch - run.epoch))
        part *= 2
    return run
