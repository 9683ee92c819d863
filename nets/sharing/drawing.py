"""Drawing: a run as Plotly figures, as the page draws it."""

from typing import Any

import torch

from nets.analysis.decision_map import MAX_AXES, Grid, count_axes, derive_inputs, point_sets
from nets.data.encoding import Unit
from nets.data.examples import CLASSES
from nets.engine.forward import forward
from nets.engine.four_steps import forward_and_backward
from nets.engine.losses import LOSSES
from nets.figures.changes import diagram_change
from nets.figures.colours import DARK, LIGHT, Theme, round_scale
from nets.figures.decision_boundary import (
    decision_boundary,
    decision_boundary_change,
    response_curve,
    response_curve_change,
)
from nets.figures.diagram import skeleton
from nets.figures.diagram_style import DiagramStyle, DiagramValues, neuron_names
from nets.figures.heat_map import activation_scales, draw_classes, draw_maps, target_scale
from nets.figures.loss_chart import loss_chart
from nets.figures.plotly_figure import plotly_figure
from nets.figures.predicted_vs_true import (
    MAX_PREDICTIONS,
    predicted_vs_true,
    predicted_vs_true_change,
)
from nets.figures.scatter import Subject, sample_indices
from nets.training.run import Run, learning_rule

PIXELS, POINTS = 100, 200  # along an axis of the map; of a curve
SIZE = {"width": 560, "height": 400}  # of charts, in a cell


def draw_diagram(run: Run, *, dark: bool = False) -> Any:
    """Draw the network: lines for weights, squares for biases, neurons with the first example."""
    data, theme = run.data, _theme(dark=dark)
    scale = round_scale(run.network.parameters)
    style = DiagramStyle(
        run.network.sizes,
        theme,
        scale,
        data.input_names,
        data.output_names,
        image_shape=data.picture,
        input_units=tuple(data.input_units),
        output_units=tuple(data.output_units),
    )
    rule = learning_rule(run.config)
    activity, gradients = forward_and_backward(run.network, data.inputs, data.targets, rule)
    own = None
    if rule.bias_rule == "notebook" and max(run.network.sizes[1:]) > 1:
        own = [delta.sum(dim=0, keepdim=True) for delta in gradients.deltas]
    values = DiagramValues(run.network, activity, gradients, own)
    return plotly_figure(skeleton(style), diagram_change(style, values))


def draw_loss(run: Run, *, dark: bool = False) -> Any:
    """Draw the loss of every epoch, and that on the test data if there are any."""
    history = run.history
    chart = loss_chart(history.loss, _theme(dark=dark), test_loss=history.test_loss)
    return plotly_figure(chart | {"design": SIZE})


def draw_map(run: Run, *, dark: bool = False) -> Any:
    """Draw what the network predicts, over one or two inputs or against the targets."""
    theme, subject = _theme(dark=dark), _subject(run)
    match count_axes(run):
        case 1:
            drawn, change = _curve(run, subject, theme)
        case 2:
            drawn, change = _surface(run, subject, theme)
        case _:
            drawn, change = _hits(run, subject, theme)
    return plotly_figure(drawn | {"design": SIZE}, change)


def _theme(*, dark: bool) -> Theme:
    return DARK if dark else LIGHT


def _subject(run: Run) -> Subject:
    """Say what the map shows: which class wins, or the first output."""
    data, sizes = run.data, run.network.sizes
    classes = data.task == CLASSES
    several = classes and sizes[-1] > 1
    title = f"output {neuron_names(sizes, data.input_names, data.output_names)[-1][0]}"
    title = "which class wins" if several else title
    if count_axes(run) > MAX_AXES:
        title = f"{'all classes' if several else title}: predicted against true"
    unit = data.output_units[0] if data.output_units else Unit()
    return Subject(title, 0, several, classes, True, unit)


def _curve(run: Run, subject: Subject, theme: Theme) -> tuple[dict[str, Any], dict[str, Any]]:
    grid = Grid.over(run, POINTS)
    drawn = response_curve(subject, grid.fed[:, 0], point_sets(run), theme)
    with grid.maps(run.network) as maps:
        return drawn, response_curve_change(subject, maps[-1][0, 0])


def _surface(run: Run, subject: Subject, theme: Theme) -> tuple[dict[str, Any], dict[str, Any]]:
    grid = Grid.over(run, PIXELS)
    first, second = grid.ranges
    drawn = decision_boundary(subject, (first, second), point_sets(run), theme)
    with grid.maps(run.network) as maps:
        if subject.all_classes:
            return drawn, decision_boundary_change(subject, draw_classes(maps[-1], theme), None)
        values = maps[-1][:1]
        if LOSSES[run.config.loss].squash:
            (scale,) = activation_scales(run.network.activations[-1].name, values)
        else:
            scale = target_scale(run.data.targets, classes=subject.classes)
        (source,) = draw_maps(values, [scale], theme)
    return drawn, decision_boundary_change(subject, source, scale)


def _hits(run: Run, subject: Subject, theme: Theme) -> tuple[dict[str, Any], dict[str, Any]]:
    sets, outputs = point_sets(run), dict[str, torch.Tensor]()
    for name, data in sets.items():
        inputs = derive_inputs(run, data.inputs[sample_indices(data, MAX_PREDICTIONS)])
        outputs[name] = forward(run.network, inputs).output
    drawn = predicted_vs_true(subject, sets, theme)
    return drawn, predicted_vs_true_change(subject, sets, outputs)
