"""The stage's state: what the browser has been sent, and the frames that come next."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from nets.explain.comparison import Comparison
from nets.figures.diagram_style import DiagramStyle
from nets.figures.loss_chart import OTHER_RULE, mark, other_line
from nets.page.stage.frames import BadgeCache, Message, frame_of
from nets.page.stage.predictions import PredictionPlot
from nets.page.visitor.baselines import Baseline
from nets.page.visitor.snapshot import DisplayOptions, Snapshot
from nets.page.visitor.view_options import ViewOptions
from nets.training.history import Setting

FEW_POINTS, MANY_POINTS = 16, 500  # that a picture adds to the loss chart, while playing or at rest
NEVER = -1  # the end of a line that is to be drawn again
# Points of the loss chart's line, before it is thinned: while playing, and at rest, where more fit,
# so that a pause does not thin it. Then it would change a little.
MOST_POINTS, MOST_AT_REST = 3000, 6000


class ChartStyle(NamedTuple):
    """What stays the same in the loss chart and the predictions while a run trains."""

    run_number: int
    logarithmic: bool
    dark: bool
    bound: float
    view: ViewOptions
    baselines: tuple[Baseline, ...]
    compared: bool


@dataclass
class StageState:
    """What the browser has on its stage, as far as it has been sent.

    Attributes:
        style: of the diagram, and `chart`, of the loss chart: another style needs whole figures.
        picture: counts the whole figures.
        options: what of a snapshot is shown.
        plot: the pictures of the network's predictions, if any are shown.
        bound: the loss that no training goes below, or 0.
        branch: of the run whose line it is; of another one the whole line is drawn.
        epoch: the last epoch of the loss chart's line, and `points`, how many points it has.
        settings: the weights set by hand on that line: with others it is drawn again.
        plain: whether a frame that is not whole may follow the last one.
        marked: whether the loss chart marks an earlier epoch, which is on show.
        badges: those of the last runs.
        comparison: the run whose loss is drawn too, if any.
        ahead: the snapshots and frames that were sent before a click, by button.
        sent: the snapshots that the browser may still have to paint, after the one on show.
        message: the last message.
    """

    style: DiagramStyle | None = None
    chart: ChartStyle | None = None
    picture: int = 0
    options: DisplayOptions = field(default_factory=DisplayOptions)
    plot: PredictionPlot | None = None
    bound: float = 0.0
    branch: int = 0
    epoch: int = 0
    points: int = 0
    settings: tuple[Setting, ...] = ()
    plain: bool = True
    marked: bool = False
    badges: BadgeCache = field(default_factory=BadgeCache)
    comparison: Comparison | None = None
    ahead: dict[str, tuple[Snapshot, Message]] = field(default_factory=dict)
    sent: list[Snapshot] = field(default_factory=list)
    message: Message = field(default_factory=lambda: {"number": 0})

    def forget(self) -> None:
        """Keep only the numbers of the last message and of the last whole figures."""
        vars(self).update(vars(StageState(picture=self.picture, message=self._number)))

    @property
    def _number(self) -> Message:
        return {"number": self.message["number"]}

    def lost(self) -> None:
        """Note that the browser needs whole figures."""
        self.style = None

    def painted(self, epoch: int | None) -> None:
        """Note which epoch the browser shows: it has painted what came before."""
        if epoch is not None:
            self.sent = [one for one in self.sent if one.run.epoch >= epoch]

    def needs_figures(self, style: DiagramStyle, chart: ChartStyle) -> bool:
        """Whether these styles need whole figures."""
        return style != self.style or chart != self.chart

    def follow(self, branch: int) -> None:
        """Draw the whole line of the loss chart if the run is not the future of the last one."""
        if branch != self.branch:
            self.branch, self.epoch, self.points = branch, -1, MOST_AT_REST + 1

    def show_with(self, options: DisplayOptions) -> None:
        """Show something else; what was sent before a click does not show it."""
        if options != self.options:
            self.options, self.ahead = options, {}

    def frames(
        self, snapshots: list[Snapshot], *, playing: bool, past: bool = False
    ) -> list[Message]:
        """Write a frame for each snapshot; say which of them the browser may have already.

        With `past` they are earlier epochs of the run: the loss chart keeps its line, with a mark.
        """
        frames: list[Message] = []
        most = FEW_POINTS if playing else MANY_POINTS
        for snapshot in snapshots:
            whole = snapshot is snapshots[-1] or not self.plain
            frame = self._sent_ahead(snapshot) or self.frame(
                snapshot, whole=whole, most=most, fine=not playing, past=past
            )
            frames.append(frame)
            self.plain = snapshot.walk is None
            if past:
                continue
            self.points = self._points_with(frame)
            self.epoch, self.settings = snapshot.run.epoch, snapshot.run.history.settings
            self.plain = snapshot.walk is None
        return frames

    def _points_with(self, frame: Message) -> int:
        """Count the points of the loss chart's line with those of a frame."""
        match frame["changes"].get("loss_chart"):
            case {"extend": {"lines": {"loss": {"x": more}}}}:
                return self.points + len(more)
            case {"traces": {"loss": {"x": all_of_them}}}:
                return len(all_of_them)
            case _:
                return self.points

    def _sent_ahead(self, snapshot: Snapshot) -> Message | None:
        """Find the frame of a snapshot that was sent before its click, with the button."""
        for button, (foreseen, frame) in self.ahead.items():
            if foreseen is snapshot:
                return frame | {"foreseen": button}
        return None

    def frame(
        self,
        snapshot: Snapshot,
        *,
        whole: bool = True,
        most: int = FEW_POINTS,
        fine: bool = True,
        past: bool = False,
    ) -> Message:
        """Write the frame that leads from what is on the stage to a snapshot."""
        assert self.style is not None
        same = past or snapshot.run.history.settings == self.settings
        frame = frame_of(
            snapshot,
            self.style,
            self.options,
            after=snapshot.run.epoch if past else self.epoch if same else NEVER,
            most=most if same and self.points <= (MOST_AT_REST if fine else MOST_POINTS) else None,
            badges=self.badges if whole else None,
            predictions=self.plot and self.plot.seen(snapshot.network, fine=fine),
            bound=self.bound,
        )
        if past or self.marked:
            self.marked = past
            return _with_traces(frame, {"here": mark(snapshot.run.history.loss if past else None)})
        return frame

    def add_comparison(self, frame: Message, comparison: Comparison | None) -> Message:
        """Add to a frame the loss of another run, or its removal."""
        if comparison is None and self.comparison is None:
            return frame
        self.comparison = comparison
        return _with_traces(
            frame, {OTHER_RULE: other_line(comparison and comparison.run.history.loss)}
        )


def _with_traces(frame: Message, traces: dict[str, Any]) -> Message:
    """Add changes of some traces of the loss chart to a frame."""
    changes = dict(frame["changes"])
    chart = dict(changes.get("loss_chart", {"traces": {}}))
    chart["traces"] = chart["traces"] | traces
    changes["loss_chart"] = chart
    return frame | {"changes": changes}
