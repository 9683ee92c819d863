"""Course: a run together with the recipe that it came about by."""

from typing import NamedTuple, Self

from nets.config import Config
from nets.data.examples import Data
from nets.training.early_stopping import EarlyStopping, advance_until
from nets.training.recipe import Epochs, Event, LearningRate, Recipe, apply
from nets.training.run import Run, start


class RecordedRun(NamedTuple):
    """What was done, and what came of it: `replay(recipe)` gives `run`."""

    recipe: Recipe
    run: Run

    @classmethod
    def begun(cls, config: Config, own: Data | None = None) -> Self:
        """Begin at epoch 0."""
        return cls(Recipe(config, data=own), start(config, data=own))

    def after(self, event: Event, stop: EarlyStopping | None = None) -> Self:
        """Let an event happen; of epochs those are noted that were trained."""
        if not isinstance(event, Epochs):
            return type(self)(self.recipe.then(event), apply(self.run, event))
        if stop is None:
            return self.on_at(apply(self.run, event))
        return self.on_at(advance_until(self.run, event.count, stop))

    def on_at(self, run: Run) -> Self:
        """Go on to the same run at this epoch or a later one."""
        more = run.epoch - self.run.epoch
        return type(self)(self.recipe.then(Epochs(more)) if more else self.recipe, run)

    def back_at(self, run: Run) -> Self:
        """Take back epochs, but not the learning rate that is set now."""
        rate, back = self.run.learning_rate, type(self)(self.recipe.until(run.epoch), run)
        return back if rate == run.learning_rate else back.after(LearningRate(rate))
