"""Sweep: one setting takes up to 16 values, and a network trains with each of them."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from jaxtyping import Float
from torch import Tensor

from nets.config import Config
from nets.data.examples import Data
from nets.presets import SHOWN_HIDDEN, SHOWN_LEARNING_RATE, require_shown
from nets.seeds import MAX_SEED
from nets.training.idle_loops import idle_loops
from nets.training.many import SHARED, advance_many
from nets.training.run import Run, start
from nets.validate import require_choice, require_whole

MOST = 16  # networks in one sweep
MOST_EPOCHS = 100_000
RATES_IN_A_DECADE = 4
HIDDEN_SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, SHOWN_HIDDEN)
PART = 0.05  # seconds of training between two looks at Stop


@dataclass(frozen=True)
class Setting:
    """A setting that a sweep can vary.

    Attributes:
        name: on the page.
        values: lists the values to try, in ascending order, for a config and a number of examples.
        field: of `Config`.
        by_ratio: whether the values are spaced by a ratio, so that their axis is logarithmic.
    """

    name: str
    field: str
    values: Callable[[Config, int], Sequence[float]]
    by_ratio: bool = True

    def apply(self, config: Config, value: float) -> Config:
        """Return the config with this value."""
        if self.field == "sizes":
            n_input, _, *others = config.sizes
            return replace(config, sizes=(n_input, int(value), *others))
        return replace(config, **{self.field: value})


def list_rates(config: Config, _: int) -> list[float]:
    """List learning rates around the present one, four in each factor of ten."""
    places = range(-MOST // 2, MOST // 2)
    rates = (config.learning_rate * 10 ** (place / RATES_IN_A_DECADE) for place in places)
    return [float(f"{rate:.3g}") for rate in rates if rate <= SHOWN_LEARNING_RATE]


def list_seeds(config: Config, _: int) -> range:
    """List the present seed and those after it."""
    first = min(config.seed, MAX_SEED + 1 - MOST)
    return range(first, first + MOST)


def list_batch_sizes(config: Config, examples: int) -> list[int]:
    """List powers of two, the present batch size, and the number of examples."""
    powers = (2**power for power in range(MOST - 2))
    return sorted(
        {size for size in (*powers, config.batch_size or 1) if size < examples} | {examples}
    )


def list_hidden_sizes(config: Config, _: int) -> list[int]:
    """List sizes of the first hidden layer with the present one; none without a hidden layer."""
    now = config.sizes[1]
    others = sorted(set(HIDDEN_SIZES) - {now}, key=lambda size: abs(math.log(size / now)))
    return sorted([now, *others[: MOST - 1]]) if len(config.sizes) > 2 else []


SETTINGS = {
    row.name: row
    for row in (
        Setting("Learning rate", "learning_rate", list_rates),
        Setting("Seed", "seed", list_seeds, by_ratio=False),
        Setting("Batch size", "batch_size", list_batch_sizes),
        Setting("Hidden neurons", "sizes", list_hidden_sizes),
    )
}


@dataclass(frozen=True)
class Trial:
    """One network of a sweep.

    Attributes:
        value: of the setting.
        config: with this value.
        loss: per example on the training data, epoch 0 first.
        test_loss: the same on the test data, if there are any.
        diverged: whether training stopped at the last epoch with finite numbers.
    """

    value: float
    config: Config
    loss: Float[Tensor, " epochs"]
    test_loss: Float[Tensor, " epochs"] | None
    diverged: bool

    @property
    def epoch(self) -> int:
        """The epoch that it reached."""
        return len(self.loss) - 1

    @property
    def result(self) -> float:
        """The last loss that counts: on the test data if there are any; infinite if it diverged."""
        losses = self.loss if self.test_loss is None else self.test_loss
        return math.inf if self.diverged else losses[-1].item()


@dataclass(eq=False)
class Sweep:
    """Networks that differ in one setting and train for the same epochs.

    Attributes:
        setting: what differs.
        configs: by its value, in ascending order.
        epochs: how many each network is to train.
        data: own data, if the configs have them.
        share: how much of the training is done, from 0 to 1.
        stopped: whether somebody has asked it to stop. `train` then returns soon.
    """

    setting: Setting
    configs: dict[float, Config]
    epochs: int
    data: Data | None = None
    share: float = 0.0
    stopped: bool = False

    @classmethod
    def of(cls, config: Config, setting: str, epochs: int, data: Data | None = None) -> "Sweep":
        """Choose the values: all that suit the config and that the page can show.

        Args:
            config: what all networks have in common.
            setting: a key of `SETTINGS`.
            epochs: how many each network is to train, up to `MOST_EPOCHS`.
            data: own data, if the config has them.

        Raises:
            ValueError: for an unknown setting, an impossible number of epochs, or no value to try.
        """
        require_choice("setting", setting, SETTINGS)
        row = SETTINGS[setting]
        require_whole("The number of epochs", epochs, 1, MOST_EPOCHS)
        examples = len(start(config, data=data).data)
        configs = {value: row.apply(config, value) for value in row.values(config, examples)}
        shown = {value: one for value, one in configs.items() if _is_shown(one)}
        if not shown:
            raise ValueError(
                f"{setting} cannot be varied, because the network has no hidden layer."
            )
        return cls(row, shown, epochs, data)

    def train(self, on_part: Callable[[float], object] = lambda share: None) -> list[Trial]:
        """Train all networks to the end, or until `stopped` is set; those of one shape together.

        Args:
            on_part: is told the share that is done, after each part of the training.
        """
        runs = [start(config, data=self.data) for config in self.configs.values()]
        for places in _group(runs):
            self._train_together(runs, places, on_part)
        return [
            Trial(value, run.config, run.history.loss, run.history.test_loss, bool(run.divergence))
            for value, run in zip(self.configs, runs, strict=True)
        ]

    def _train_together(
        self, runs: list[Run], places: list[int], on_part: Callable[[float], object]
    ) -> None:
        """Train the runs at these places, in parts of about `PART` seconds."""
        part, epoch = 1, 0
        while epoch < self.epochs and not self.stopped:
            begun, count = time.perf_counter(), min(part, self.epochs - epoch)
            trained = advance_many([runs[place] for place in places], count)
            for place, run in zip(places, trained, strict=True):
                runs[place] = run
            seconds = max(time.perf_counter() - begun, 1e-6)
            epoch, part = epoch + count, max(1, min(2 * part, int(count * PART / seconds)))
            self.share += count * len(places) / (self.epochs * len(runs))
            on_part(self.share)
        idle_loops.forget(runs[places[0]].data)  # that of sixteen networks takes megabytes


def _is_shown(config: Config) -> bool:
    """Whether the page can show a run of this config."""
    try:
        require_shown(config)
    except ValueError:
        return False
    return True


def _group(runs: Sequence[Run]) -> list[list[int]]:
    """Return the places of runs that can train side by side, group by group."""
    groups: list[tuple[list[object], list[int]]] = []
    for place, run in enumerate(runs):
        kind = [of(run) for of in SHARED.values()]
        same = next((places for other, places in groups if other == kind), None)
        if same is None:
            groups.append((kind, [place]))
        else:
            same.append(place)
    return [places for _, places in groups]


def best_of(trials: Sequence[Trial]) -> Trial | None:
    """Return the trial with the lowest result; None if all diverged."""
    best = min(trials, key=lambda trial: trial.result)
    return None if math.isinf(best.result) else best
