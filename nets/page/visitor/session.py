"""Session: what one visitor has in hand: a recipe, the run it makes, and what is looked at."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from nets.config import Config
from nets.data.examples import Data
from nets.explain.comparison import Comparison
from nets.explain.phases import Walkthrough
from nets.figures.colours import scale_of
from nets.page.visitor.recorded_run import RecordedRun
from nets.page.visitor.selection import Selection
from nets.page.visitor.snapshot import Snapshot
from nets.page.visitor.turns import turn
from nets.page.visitor.view_options import ViewOptions
from nets.training.advance import rewind
from nets.training.early_stopping import EarlyStopping, first_met
from nets.training.recipe import Epochs, Event, Recipe
from nets.training.run import Run

SLICE = 0.3  # seconds of training at a stroke; longer work shows its progress and can be stopped


@dataclass
class Session:
    """One visitor's run and how it came about. The run changes through events only.

    Attributes:
        course: what was done, and the run as it is now.
        walk: how far its next epoch, or the one just done, is revealed; None at rest.
        scale: the magnitude of weight at which colours and widths end, frozen for the run.
        begun: how many runs this visitor has begun.
        pending: events still to be worked off, slice by slice, because they take long.
        progress: the epochs from which and to which they lead.
        playing: whether the browser asks for epoch after epoch.
        reading: the run whose epoch and loss the server writes; while the browser plays, it writes
            its own over them, and this one stays what it was.
        fresh: moments that came to be and are not on show yet, in order.
        foreseen: what a click on a button will lead to from here, computed beforehand.
        twin: the same training under the other bias rule, if it is wanted for comparison.
        example: the example that neurons show, by its number in the data, from 0.
        selected: the weight, bias or neuron that was chosen, if any.
        errors: what was wrong with an input, by the key of its widget.
        pictures: which pictures of what the network has learned are wanted.
        dark: whether the browser shows a dark theme.
        stride: epochs behind one picture when it plays as fast as it goes.
        stroke: how many epochs were last trained at a stroke, and `strokes`, how often that was.
        stop: the condition that ends training, if one is set, and `stopped`, whether it has.
    """

    course: RecordedRun
    reading: Run
    scale: float
    walk: Walkthrough | None = None
    begun: int = 0
    pending: list[Event] = field(default_factory=list)
    progress: tuple[int, int] = (0, 0)
    playing: bool = False
    fresh: list[Snapshot] = field(default_factory=list)
    foreseen: dict[str, Snapshot] = field(default_factory=dict)
    twin: Comparison | None = None
    example: int = 0
    selected: Selection | None = None
    errors: dict[str, str] = field(default_factory=dict)
    pictures: ViewOptions = field(default_factory=ViewOptions)
    dark: bool = False
    stride: int = 1
    stroke: int = 100
    strokes: int = 0
    stop: EarlyStopping | None = None
    stopped: bool = False

    @classmethod
    def of(cls, config: Config, own: Data | None = None) -> "Session":
        """Begin with a run at epoch 0."""
        course = RecordedRun.begun(config, own)
        run = course.run
        scale, pictures = scale_of(run.network.parameters), ViewOptions.suiting(run)
        return cls(course, run, scale, fresh=[Snapshot(run)], pictures=pictures)

    @property
    def recipe(self) -> Recipe:
        """What was done; `replay(recipe)` gives the run."""
        return self.course.recipe

    @property
    def run(self) -> Run:
        """The run as it is now."""
        return self.course.run

    @property
    def now(self) -> Snapshot:
        """What there is to show."""
        return Snapshot(self.run, self.walk)

    def begin(self, config: Config, own: Data | None = None) -> None:
        """Start a new run; of the one before stays what is still wanted, own data too."""
        before = self.recipe
        other = own is not None or config.data != before.config.data
        new = Session.of(config, own if other else before.data)
        new.begun, new.dark = self.begun + 1, self.dark
        new.stroke, new.strokes = self.stroke, self.strokes
        if config.sizes == before.config.sizes:
            new.selected = self.selected
        if not other:
            new.pictures = self.pictures
        vars(self).update(vars(new))

    def do(self, event: Event) -> None:
        """Let an event happen to the run, and note it in the recipe."""
        self.course = self.course.after(event, self.stop)
        if isinstance(event, Epochs) and self.stop is not None:
            self.stopped = first_met(self.run, self.stop, self.run.epoch) is not None
        self.walk = self._walk_on_with(event)
        self._arrived(self.now)

    def _walk_on_with(self, event: Event) -> Walkthrough | None:
        """Another learning rate leaves an epoch as far revealed as it is, if it is not yet done."""
        walk = self.walk
        if walk is None or isinstance(event, Epochs) or walk.shown == walk.phase_count:
            return None
        return replace(walk, start=self.run)

    def _arrived(self, moment: Snapshot) -> None:
        """Show what has come to be."""
        self.fresh.append(moment)
        self.foreseen = {}
        self.errors.pop("address", None)  # whoever goes on has read it
        if self.run.divergence is not None or self.stopped:
            self.pending, self.playing = [], False
        if not self.playing:
            self.reading = self.run

    def step_epoch(self) -> None:
        """Train for one epoch."""
        self._go_to(self.ahead("step_epoch"))

    def step_phase(self) -> None:
        """Reveal the next phase of the epoch."""
        self._go_to(self.ahead("step_phase"))

    def step_back(self) -> None:
        """Go back by one phase, as far as epoch 0."""
        walk = (self.walk or Walkthrough(self.run)).previous_phase()
        if walk.run.epoch < self.run.epoch:
            self._return_to(walk.run)
            walk = replace(walk, start=self.run)
        self._go_to(Snapshot(self.run, walk if walk.shown else None))

    def ahead(self, button: str) -> Snapshot:
        """Say what a click on a button leads to; found once and kept until something happens."""
        if button not in self.foreseen:
            now = self.now
            by_epoch = button == "step_epoch"
            self.foreseen[button] = now.after_epoch() if by_epoch else now.after_phase()
        return self.foreseen[button]

    def _go_to(self, moment: Snapshot) -> None:
        self.stop, self.stopped = None, False
        self.course = self.course.on_at(moment.run)
        self.walk = moment.walk
        self._arrived(moment)

    def _return_to(self, run: Run) -> None:
        """Take back epochs, but not the learning rate that is set now."""
        self.course = self.course.back_at(run)
        self.walk, self.stopped = None, False

    def undertake(self, events: Sequence[Event], seconds: float = SLICE) -> None:
        """Begin with events that may take long."""
        self.playing, self.pending = False, list(events)
        self.strokes += 1
        epochs = sum(event.count for event in events if isinstance(event, Epochs))
        self.progress = (self.run.epoch, self.run.epoch + epochs)
        self.work(seconds)

    def work(self, seconds: float = SLICE) -> None:
        """Work off pending events for about so many seconds."""
        deadline, part = time.perf_counter() + seconds, 1
        while self.pending and time.perf_counter() < deadline:
            match self.pending.pop(0):
                case Epochs(count):
                    part = min(part, count)
                    if count > part:
                        self.pending.insert(0, Epochs(count - part))
                    with turn():
                        self.do(Epochs(part))
                    part *= 2
                case event:
                    self.do(event)
        self.fresh = [self.now]

    def compare(self, *, wanted: bool) -> None:
        """Have a twin or not; it follows for as long as one may wait."""
        if wanted:
            self.twin = (self.twin or Comparison.of(self.recipe)).follow(self.recipe, SLICE)
        else:
            self.twin = None

    def reset(self) -> None:
        """Go back to epoch 0 and the same first weights, with the learning rate of now."""
        self.begin(replace(self.recipe.config, learning_rate=self.run.learning_rate))

    @contextmanager
    def reporting_errors(self, key: str, kind: type[ValueError] = ValueError) -> Iterator[None]:
        """Turn an error of this kind into a sentence, which the widget of this key shows."""
        self.errors.pop(key, None)
        try:
            yield
        except kind as error:
            self.errors[key] = f"{error} Nothing was changed."

    def pause(self, epoch: object) -> None:
        """Stop playing, at the epoch that the browser has on show."""
        self.playing = False
        if isinstance(epoch, int) and 0 <= epoch < self.run.epoch:
            self._return_to(rewind(self.run, epoch))
        self.reading, self.fresh, self.foreseen = self.run, [self.now], {}
