"""Script: a program in the notebook's style that computes the numbers of a run.

It needs torch alone, and scikit-learn too for measured data.
"""

import textwrap
from collections.abc import Sequence

from nets.explain.notebook_code import align_comments, write_phase
from nets.explain.phases import Walkthrough, phases
from nets.sharing import source
from nets.sharing.chapters import write_chapters
from nets.training.recipe import Epochs, Event, Recipe
from nets.training.run import Run


def to_script(recipe: Recipe, run: Run | None = None) -> str:
    """Write a program that repeats a run, shows its loss and compares it with the page's numbers.

    The parameters are those of the page, bit for bit; only silu and softplus under the notebook's
    bias update are rounded differently.

    Args:
        recipe: of the run.
        run: what `replay(recipe)` gives, where it is known already.
    """
    parts: list[str] = []
    for chapter in write_chapters(recipe, run):
        told = [f"# {line}".rstrip() for line in _plain(chapter.text)]
        lines = [line for cell in chapter.cells if not cell.is_step for line in cell.lines]
        if lines or not chapter.cells:
            parts.append("\n".join([*told, *lines]).strip())
    return "\n\n".join(parts) + "\n"


def _plain(text: str) -> list[str]:
    """Write a text in Markdown as short lines without marks."""
    lines = [textwrap.wrap(line.lstrip("# "), 96) or [""] for line in text.splitlines()]
    return [part.replace("`", "") for line in lines for part in line]


def write_script(walk: Walkthrough, events: Sequence[Event] | None = None) -> str:
    """Write a program that computes the same numbers, from the seed to the phase shown last.

    Args:
        walk: the position.
        events: what led to the start of its epoch; read from the run's history if not given.
    """
    run = walk.start
    config = run.config
    events = source.events_of(run) if events is None else events
    trains = any(isinstance(event, Epochs) for event in events)
    drawn = source.write_data(run)
    lines = [
        *drawn,
        *source.write_first_weights(config),
        "",
        *source.define_activations(config),
        *source.define_slopes(config),
        *(source.define_training(run) if trains else []),
        *source.begin_training(config),
        *map(source.write_event, events),
        *source.set_rate(config),
        *(_write_shown_phases(walk) if walk.phase is not None else []),
    ]
    return "\n".join([*source.write_imports(lines), *lines]) + "\n"


def _write_shown_phases(walk: Walkthrough) -> list[str]:
    """Write the phases of the next epoch that have been shown."""
    run, every = walk.start, phases(len(walk.start.network.layers))
    *before, taken = source.take_batch(run, run.epoch + 1, walk.batch) or [""]
    lines = [*before]
    if walk.batch:
        earlier = [line for phase in every for line in source.phase_lines(run.config, phase)]
        rows = ["x, y = inputs[rows], targets[rows]", *earlier]
        lines += [f"for rows in batches[:{walk.batch}]:", *source.indent(rows)]
    lines += [taken] if taken else []
    for phase in every[: (walk.shown - 1) % len(every) + 1]:
        lines += align_comments(write_phase(run.config, phase, len(walk.trace.rows))).splitlines()
    return lines
