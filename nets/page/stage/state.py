"""Shown: what the browser has on its stage, and the frames that take it further."""

from dataclasses import dataclass, field
from typing import NamedTuple

from nets.explain.comparison import Comparison
from nets.figures.diagram_style import DiagramStyle
from nets.figures.loss_chart import other_line
from nets.page.stage.frames import BadgeCache, Message, frame_of
from nets.page.stage.predictions import PredictionPlot
from nets.page.visitor.snapshot import DisplayOptions, Snapshot
from nets.page.visitor.view_options import ViewOptions

FEW_POINTS, MANY_POINTS = 16, 500  # that a picture adds to the loss chart, playing or at a stroke
MOST_POINTS = 3000  # of the loss chart's line, before it is thinned


class ChartStyle(NamedTuple):
    """What the loss chart and the pictures beside it keep while a run trains."""

    begun: int
    logarithmic: bool
    dark: bool
    floor: float
    pictures: ViewOptions


@dataclass
class StageState:
    """What the browser has on its stage, as far as it has been told.

    Attributes:
        look: of the diagram, and `chart`, of the loss chart: another look is another picture.
        picture: the number of this pair of looks.
        sight: what of the moment is looked at.
        learned: the pictures of what the network has learned, if any are wanted.
        epoch: the last epoch of the loss chart's line.
        points: how many points the line has.
        plain: whether the last frame was one that a frame without its whole may follow.
        glances: at the gradients of the last runs.
        twin: whose loss is drawn beside, if any.
        ahead: the moments and frames that went ahead of a click, by button.
        under_way: the moments that were sent and may not be painted yet, after the one on show.
        message: the last message.
    """

    look: DiagramStyle | None = None
    chart: ChartStyle | None = None
    picture: int = 0
    sight: DisplayOptions = field(default_factory=DisplayOptions)
    learned: PredictionPlot | None = None
    epoch: int = 0
    points: int = 0
    plain: bool = True
    glances: BadgeCache = field(default_factory=BadgeCache)
    twin: Comparison | None = None
    ahead: dict[str, tuple[Snapshot, Message]] = field(default_factory=dict)
    under_way: list[Snapshot] = field(default_factory=list)
    message: Message = field(default_factory=lambda: {"number": 0})

    def lost(self) -> None:
        """Note that the browser does not have what it was told."""
        self.look = None

    def painted(self, epoch: object) -> None:
        """Note which epoch the browser has on show: what came before it is painted."""
        if isinstance(epoch, int):
            self.under_way = [one for one in self.under_way if one.run.epoch >= epoch]

    def needs_anew(self, look: DiagramStyle, chart: ChartStyle) -> bool:
        """Say whether whole figures are needed for these looks."""
        return look != self.look or chart != self.chart

    def look_at(self, sight: DisplayOptions) -> None:
        """Look at something else; what went ahead of a click does not show it."""
        if sight != self.sight:
            self.sight, self.ahead = sight, {}

    def frames(self, moments: list[Snapshot], *, playing: bool) -> list[Message]:
        """Write a frame for each moment; those that the browser may have from before say so."""
        frames: list[Message] = []
        most = FEW_POINTS if playing else MANY_POINTS
        for moment in moments:
            whole = moment is moments[-1] or not self.plain
            frame = self._sent_ahead(moment) or self.frame(
                moment, whole=whole, most=most, fine=not playing
            )
            frames.append(frame)
            self.points = self._points_with(frame)
            self.epoch = moment.run.epoch
            self.plain = moment.walk is None
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

    def _sent_ahead(self, moment: Snapshot) -> Message | None:
        """Find the frame of a moment that was foreseen, with the button that led to it."""
        for button, (foreseen, frame) in self.ahead.items():
            if foreseen is moment:
                return frame | {"foreseen": button}
        return None

    def frame(
        self, moment: Snapshot, *, whole: bool = True, most: int = FEW_POINTS, fine: bool = True
    ) -> Message:
        """Write the frame that leads from what is on the stage to a moment."""
        assert self.look is not None
        return frame_of(
            moment,
            self.look,
            self.sight,
            after=self.epoch,
            most=None if self.points > MOST_POINTS else most,
            glances=self.glances if whole else None,
            seen=self.learned and self.learned.seen(moment.run.network, fine=fine),
        )

    def beside(self, frame: Message, twin: Comparison | None) -> Message:
        """Draw the loss of a twin beside that of the run, or take it away, with a frame."""
        if twin is None and self.twin is None:
            return frame
        self.twin = twin
        changes = dict(frame["changes"])
        chart = dict(changes.get("loss_chart", {"traces": {}}))
        chart["traces"] = chart["traces"] | {"beside": other_line(twin and twin.run.history.loss)}
        changes["loss_chart"] = chart
        return frame | {"changes": changes}
