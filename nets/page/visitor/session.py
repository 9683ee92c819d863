"""A session: one visitor's recipe, the run that it makes, and what is shown of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from nets.analysis.diagnosis import best_possible_loss, find_inseparable
from nets.config import Config
from nets.data.examples import Data
from nets.explain.comparison import Comparison
from nets.explain.phases import Walkthrough
from nets.figures.colours import round_scale
from nets.page.visitor.baselines import Baseline
from nets.page.visitor.moments import Moment, Moments
from nets.page.visitor.selection import Selection
from nets.page.visitor.snapshot import Snapshot
from nets.page.visitor.trainer import Trainer
from nets.page.visitor.turns import InOrder, deed
from nets.page.visitor.view_options import ViewOptions
from nets.training.advance import rewind
from nets.training.early_stopping import EarlyStopping
from nets.training.idle_loops import idle_loops
from nets.training.observed import LOOK_ONLY
from nets.training.recipe import Epochs, Event, Recipe, RecordedRun, Values
from nets.training.run import Run

# To the next run.
CARRIED = ("dark", "train_count", "train_requests", "on_rest", "moments", "baselines")


@dataclass(eq=False)
class Session(InOrder):
    """One visitor's run and its recipe. The run changes through events only.

    Attributes:
        recorded: the recipe and the run as it is now.
        displayed: the run whose epoch and loss the server writes; the browser writes its own.
        scale: the magnitude of weight at which colours and widths end, until a new one is chosen.
        bound: the loss that no training of this run goes below, or 0.
        inseparable: whether this network can never classify all examples correctly.
        walk: how much of an epoch is shown; None at rest.
        latest: the run of which the present one shows the past; None if it shows the present.
        moments: what can be undone or done again.
        branch: counts how often the run became one that is not its own future.
        run_number: how many runs this visitor began before this one.
        pending: events that are not done yet (see `pending.py`); `progress`: from which epoch to
            which they lead; `destination`: the epoch to show after them, and how many phases.
        playing: whether the browser asks for epoch after epoch.
        unshown: snapshots that the browser has not been sent, in order.
        precomputed: what a click on a button leads to.
        comparison: the same training under the other bias rule, if it is shown.
        example: the number of the example that neurons show, from 0.
        selected: the weight, bias or neuron that is selected, if any.
        errors: what was wrong with an input, by the key of its widget.
        view: which pictures of the predictions are shown; `dark`: whether on a dark theme.
        epochs_per_picture: while it plays at full speed.
        train_count: the epochs of the last Train; `train_requests` counts how often it was clicked.
        stop: the condition that ends training, if one is set; `stopped` says whether it has.
        trainer: what trains the run, in parts.
        resting: the recipe to repeat when the visitor returns; `on_rest`: what else forgets.
        baselines: the runs that the visitor keeps for comparison.
    """

    recorded: RecordedRun
    displayed: Run
    scale: float
    bound: float
    inseparable: bool
    walk: Walkthrough | None = None
    latest: RecordedRun | None = None
    moments: Moments = field(default_factory=Moments)
    branch: int = 0
    run_number: int = 0
    pending: list[Event] = field(default_factory=list)
    progress: tuple[int, int] = (0, 0)
    destination: tuple[int, int] | None = None
    playing: bool = False
    unshown: list[Snapshot] = field(default_factory=list)
    precomputed: dict[str, Snapshot] = field(default_factory=dict)
    comparison: Comparison | None = None
    example: int = 0
    selected: Selection | None = None
    errors: dict[str, str] = field(default_factory=dict)
    view: ViewOptions = field(default_factory=ViewOptions)
    dark: bool = False
    epochs_per_picture: int = 1
    train_count: int = 100
    train_requests: int = 0
    stop: EarlyStopping | None = None
    stopped: bool = False
    trainer: Trainer = field(default_factory=Trainer)
    resting: Recipe | None = None
    on_rest: list[Callable[[], None]] = field(default_factory=list)
    baselines: tuple[Baseline, ...] = ()

    @classmethod
    def of(cls, config: Config, own: Data | None = None, values: Values = ()) -> "Session":
        """Begin with a run at epoch 0; set some parameters by hand, if any are given."""
        return cls.showing(RecordedRun.begin(config, own, values))

    @classmethod
    def showing(cls, recorded: RecordedRun) -> "Session":
        """Begin with a run."""
        run = recorded.run
        scale, bound = round_scale(run.network.parameters), best_possible_loss(run)
        cannot = find_inseparable(run.network, run.data) is not None
        shown = {"unshown": [Snapshot(run)], "view": ViewOptions.suiting(run)}
        return cls(recorded, run, scale, bound, cannot, **shown)

    @property
    def recipe(self) -> Recipe:
        """The recipe of the run."""
        return self.recorded.recipe

    @property
    def run(self) -> Run:
        """The run as it is now."""
        return self.recorded.run

    @property
    def whole(self) -> RecordedRun:
        """The run with its later epochs, if an earlier epoch is on show."""
        return self.latest or self.recorded

    @property
    def is_observed(self) -> bool:
        """Whether the run was trained elsewhere: it can be looked at, but not trained."""
        return self.recipe.observed is not None

    @property
    def now(self) -> Snapshot:
        """What there is to show."""
        return Snapshot(self.run, self.walk)

    @property
    def settings(self) -> Config:
        """The config with the present learning rate."""
        return replace(self.recipe.config, learning_rate=self.run.learning_rate)

    def note(self) -> None:
        """Keep the present state before it is changed."""
        self.moments.add(Moment.of(self))
        self.destination = None
        if self.latest is not None:
            self.latest, self.branch = None, self.branch + 1

    @deed
    def begin(self, config: Config, own: Data | None = None, values: Values = ()) -> None:
        """Start a new run, with some parameters set by hand; keep what fits, own data too."""
        other_data = own is not None or config.data != self.recipe.config.data
        own = own if other_data else self.recipe.data
        self._begin(Session.of(config, own, values), other_data=other_data)

    @deed
    def observe(self, recipe: Recipe) -> None:
        """Show a run that was trained elsewhere, at its last epoch."""
        self._begin(Session.showing(RecordedRun.of(recipe)), other_data=True)

    def _begin(self, new: "Session", *, other_data: bool) -> None:
        config, before = new.recipe.config, self.recipe
        self.note()
        new.run_number = self.run_number + 1
        for name in CARRIED:
            setattr(new, name, getattr(self, name))
        new.selected = self.selected if config.sizes == before.config.sizes else None
        new.view = new.view if other_data else self.view
        idle_loops.forget(self.run.data)
        self.become(new)

    @deed
    def do(self, event: Event, seconds: float = float("inf")) -> int:
        """Apply an event and record it; return the number of epochs trained: see `Trainer`.

        Raises:
            ValueError: if the run was trained elsewhere.
        """
        self.require_trainable()
        if not isinstance(event, Epochs):
            if not self.pending:
                self.note()
            self.recorded = self.recorded.after(event)
            self.walk = self.walk and self.walk.from_start(self.run)
            self.arrive(self.now)
            return 0
        before, deadline = self.run.epoch, time.perf_counter() + seconds
        self.recorded, self.stopped = self.trainer.train(
            self.recorded, event.count, self.stop, deadline, self.is_awaited
        )
        if self.run.epoch > before or self.stopped or self.run.divergence:
            self.walk = None
            self.arrive(self.now)
        return self.run.epoch - before

    def require_trainable(self) -> None:
        """Raise a ValueError if the run was trained elsewhere."""
        if self.is_observed:
            raise ValueError(LOOK_ONLY)

    def arrive(self, snapshot: Snapshot) -> None:
        """Note what there is to show now."""
        self.unshown.append(snapshot)
        self.precomputed = {}
        for key in () if self.pending else ("address", "lost"):  # by now they have been read
            self.errors.pop(key, None)
        if self.run.divergence is not None or self.stopped:
            self.pending, self.playing = [], False
        if not self.playing:
            self.displayed = self.run

    @deed
    def step_epoch(self) -> None:
        """Train for one epoch."""
        self._step("step_epoch")

    @deed
    def step_phase(self) -> None:
        """Show the next phase of the epoch."""
        self._step("step_phase")

    def ahead(self, button: str) -> Snapshot:
        """Compute, within a turn, what a click leads to; keep it until something happens."""
        if button not in self.precomputed:
            step = self.now.after_epoch if button == "step_epoch" else self.now.after_phase
            self.precomputed[button] = step()
        return self.precomputed[button]

    def _step(self, button: str) -> None:
        if self.is_observed:  # then the buttons are disabled
            return
        snapshot = self.ahead(button)
        self.note()
        self.stop, self.stopped = None, False
        self.recorded = self.recorded.on_at(snapshot.run)
        self.walk = snapshot.walk
        self.arrive(snapshot)

    def return_to(self, run: Run) -> None:
        """Take epochs back, but not the present learning rate."""
        self.recorded = self.recorded.back_at(run)
        self.walk, self.stopped = None, False

    @deed
    def reset(self) -> None:
        """Go back to epoch 0 and the same first weights, with the present learning rate."""
        if self.is_observed:  # then the button is disabled
            return
        self.begin(self.settings, values=self.recipe.set_at_first)

    @deed
    def pause(self, epoch: int | None) -> None:
        """Stop playing, at the epoch that the browser shows."""
        self.playing = False
        if epoch is not None and 0 <= epoch < self.run.epoch:
            self.return_to(rewind(self.run, epoch))
            self.moments.forget_from(epoch)
        self.displayed, self.unshown, self.precomputed = self.run, [self.now], {}

    @contextmanager
    def reporting_errors(self, key: str, kind: type[ValueError] = ValueError) -> Iterator[None]:
        """Turn an error of this kind into a sentence, which the widget of this key shows."""
        self.errors.pop(key, None)
        try:
            yield
        except kind as error:
            self.errors[key] = f"{error} Nothing was changed."
