"""The chart of a sweep: the loss of every network over the epochs, and where each of them ends."""

from collections.abc import Sequence
from typing import Any

from nets.analysis.sweep import Setting, Trial, best_of
from nets.figures.colours import Theme, base_layout, ramp
from nets.figures.loss_chart import LEGEND, LINEAR, LOGARITHMIC, chart_axis
from nets.figures.points import round_numbers, thinned

Figure = dict[str, Any]
SWEEP_DESIGN = {"width": 370, "height": 420}
MAX_POINTS = 200  # of a line
DASHES = ("solid", "dash", "dot", "dashdot")  # in turn, so that neighbours differ without colour
UPPER, LOWER = [0.46, 1.0], [0.0, 0.28]  # the heights of the two parts


def sweep_chart(
    setting: Setting, trials: Sequence[Trial], theme: Theme, *, logarithmic: bool = False
) -> Figure:
    """Draw the loss of every trial over the epochs, and below it the last loss by the setting.

    A click on a line or a point tells the place of its trial. The best trial is marked. A trial
    that diverged has no point below: its last loss says nothing. The legend has the lines of the
    lowest and the highest value, between which the shades are, and that of the best trial.

    Args:
        setting: what differs.
        trials: in the order of their values.
        theme: light or dark.
        logarithmic: whether the axes of the loss are logarithmic.
    """
    best = best_of(trials)
    shades = ramp([theme.accent, theme.quiet], max(2, len(trials)))
    lines = [
        _line(trial, place, setting, shades[place], theme, best=trial is best)
        | _in_legend(trial, trials, best)
        for place, trial in enumerate(trials)
    ]
    scale = LOGARITHMIC if logarithmic else LINEAR
    return {
        "data": [*lines, _ends(setting, trials, best, theme)],
        "layout": base_layout(
            theme,
            margin={"l": 8, "r": 12, "t": 8, "b": 8},
            showlegend=True,
            legend=LEGEND
            | {"title": {"text": setting.name.lower(), "side": "top", "font": {"size": 14}}},
            hovermode="closest",
            xaxis=chart_axis("epoch", theme) | {"anchor": "y", "rangemode": "tozero"},
            yaxis=chart_axis("loss per example", theme) | scale | {"domain": UPPER},
            xaxis2=chart_axis(setting.name.lower(), theme)
            | {"anchor": "y2", "type": "log" if setting.by_ratio else "linear"}
            | ({"nticks": 5, "tickformat": "~g"} if setting.by_ratio else {}),
            yaxis2=chart_axis("last loss", theme) | scale | {"domain": LOWER, "nticks": 3},
        ),
        "design": SWEEP_DESIGN,
    }


def _line(
    trial: Trial, place: int, setting: Setting, shade: str, theme: Theme, *, best: bool
) -> Figure:
    """Draw the loss of one trial."""
    shown = thinned(trial.loss, MAX_POINTS)
    name = f"{setting.name.lower()} {trial.value:g}"
    label = f"{name}{' (best)' * best}"
    return {
        "name": name,
        "type": "scatter",
        "mode": "lines",
        "showlegend": False,
        "x": shown.tolist(),
        "y": round_numbers(trial.loss[shown]),
        "ids": [str(place)] * len(shown),
        "line": {
            "color": theme.active if best else shade,
            "width": 4 if best else 1.5,
            "dash": "solid" if best else DASHES[place % len(DASHES)],
        },
        "hovertemplate": f"{label}<br>epoch %{{x}}, loss %{{y:.4g}}<extra></extra>",
    }


def _in_legend(trial: Trial, trials: Sequence[Trial], best: Trial | None) -> Figure:
    """Return the line's entry in the legend, if it has one."""
    notes = {"lowest": trials[0], "highest": trials[-1], "best": best}
    words = " and ".join(note for note, one in notes.items() if one is trial)
    return {"name": f"{trial.value:g} ({words})", "showlegend": True} if words else {}


def _ends(setting: Setting, trials: Sequence[Trial], best: Trial | None, theme: Theme) -> Figure:
    """Draw the last loss of every trial by its value; a star marks the best."""
    shown = [(place, trial) for place, trial in enumerate(trials) if not trial.diverged]
    is_best = [trial is best for _, trial in shown]
    return {
        "name": "last loss",
        "type": "scatter",
        "showlegend": False,
        "mode": "lines+markers",
        "xaxis": "x2",
        "yaxis": "y2",
        "x": [trial.value for _, trial in shown],
        "y": [float(f"{trial.result:.7g}") for _, trial in shown],
        "ids": [str(place) for place, _ in shown],
        "line": {"color": theme.quiet, "width": 1.5},
        "marker": {
            "color": [theme.active if one else theme.accent for one in is_best],
            "symbol": ["star" if one else "circle" for one in is_best],
            "size": [16 if one else 9 for one in is_best],
        },
        "hovertemplate": f"{setting.name.lower()} %{{x:g}}: last loss %{{y:.4g}}<extra></extra>",
    }
