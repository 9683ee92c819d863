"""A scene: the diagram of a network at rest or in a phase, with its properties split by layer."""

from itertools import pairwise

import pytest
from following import draw_diagram

from nets import Config, advance, start
from nets.explain.phases import Phase, Walkthrough, phases
from nets.figures.colours import LIGHT, round_scale
from nets.figures.diagram_style import DiagramStyle
from nets.page.visitor.snapshot import DisplayOptions, Snapshot, diagram_values

SINGLE, SHARED = (3, 4, 3, 2), (12, 17, 4)  # each edge has its own line; edges share lines
PHASES = [(sizes, phase) for sizes in (SINGLE, SHARED) for phase in phases(len(sizes) - 1)]
EXAMPLE = 1


class Scene:
    """The diagram of a network at rest or in a phase."""

    def __init__(self, sizes, phase, theme=LIGHT, colour_by="weight", selected=None, **config):
        self.sizes, self.phase, self.last = sizes, phase, len(sizes) - 1
        self.run = advance(start(Config(sizes=sizes, examples=3, seed=6, **config)), 2)
        names = self.run.data.input_names, self.run.data.output_names
        self.style = DiagramStyle(
            sizes, theme, round_scale(self.run.network.parameters), *names, selected
        )
        walk = Walkthrough(self.run, phases(self.last).index(phase) + 1 if phase else 0)
        self.step, self.sight = walk.trace, DisplayOptions(EXAMPLE, colour_by)
        self.numbers = diagram_values(Snapshot(walk.run, walk), self.sight)[0]
        self.picture = draw_diagram(self.style, self.numbers)

    def trace(self, name):
        return next(trace for trace in self.picture["data"] if trace["name"] == name)

    def neurons(self, column):
        return cut(column, self.sizes)

    def biases(self, column):
        return cut(column, self.sizes[1:])

    def edges(self, column):
        return cut(column, [a * b for a, b in pairwise(self.sizes)])

    def colours(self):
        assert self.style.separate_lines
        return self.edges([shape["line"]["color"] for shape in self.picture["layout"]["shapes"]])

    def outlined(self):
        return {
            name
            for kind in ("neurons", "biases")
            for trace in [self.trace(kind)]
            for name, outline in zip(trace["ids"], trace["marker"]["line"]["color"], strict=True)
            if outline == self.style.theme.active
        }


def cut(column, sizes):
    places = iter(column)
    parts = [[next(places) for _ in range(size)] for size in sizes]
    assert not list(places)
    return parts


def computed_now(phase, last):
    """Return the layers that a phase computes."""
    match phase.step:
        case "loss":
            return {last}
        case "update":
            return set(range(1, last + 1))
    return {phase.layer}


def name_of(case):
    return f"{case.step}{case.layer or ''}" if isinstance(case, Phase) else str(case)


in_every_phase = pytest.mark.parametrize(("sizes", "phase"), PHASES, ids=name_of)
on_single_lines = pytest.mark.parametrize(
    ("sizes", "phase"), [case for case in PHASES if case[0] == SINGLE], ids=name_of
)
