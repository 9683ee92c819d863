"""Panels "Results" and "Data and output": how good the network is overall, and for each example."""

import math
from html import escape

import streamlit as st
import torch

from nets.data.examples import CLASSES, Data
from nets.engine.compatibility import lowest_loss, out_of_reach, range_of
from nets.engine.forward import forward
from nets.engine.names import column_symbol, symbol
from nets.explain.arithmetic import MOST_DIGITS, Factor, Line, Term, format_line, gives
from nets.page.html.tables import listed, number, table
from nets.page.html.text import as_markdown
from nets.page.html.words import help_on_notebook
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import names_of
from nets.training.metrics import Score, describe_classes, score
from nets.training.run import Run

MOST_ROWS, DIGITS = 50, 4
NO_SPLIT = (
    "All examples are used for training. With **Train/test split** in the sidebar some are held "
    "out, which shows how good the network is on examples that it has never seen."
)


def show_scores(session: Session) -> None:
    """Draw the scores and the confusion matrices of training and test data."""
    run = session.run
    parts: dict[str, Data] = {"training": run.data} | (
        {} if run.test is None else {"test": run.test}
    )
    scores = {name: score(run, data) for name, data in parts.items()}
    st.markdown(f"{about(run, scores)} {'' if run.test else NO_SPLIT}")
    with st.container(key="results", horizontal=True):
        columns, rows = scores_of(run, scores)
        st.html(table(f"Scores at epoch {run.epoch}", columns, rows), width="content")
        for name, result in reversed(scores.items()):
            if result.confusion is not None:
                counts: list[list[int]] = result.confusion.tolist()
                st.html(confusion_table(name, class_names(run.data), counts), width="content")


def about(run: Run, scores: dict[str, Score]) -> str:
    """Say in a sentence how good the network is."""
    name, last = list(scores.items())[-1]
    if last.accuracy is None:
        return (
            "R² is the share of the targets' variance that the network explains: 1 is perfect; 0 "
            "is as good as always predicting the mean."
        )
    right = round(last.accuracy * last.examples)
    sentence = (
        f"**{right} of {last.examples} {name} examples are classified correctly "
        f"({last.accuracy:.1%}).**"
    )
    return f"{sentence} {describe_classes(run.config)}"


def scores_of(
    run: Run, scores: dict[str, Score]
) -> tuple[list[str], list[tuple[str, list[float | str]]]]:
    """Name the columns, and write a row for training and one for test data."""
    if run.data.task == CLASSES:
        measures = ["accuracy"]
    else:
        names = run.data.output_names
        measures = ["R²"] if len(names) == 1 else [f"R² {column_symbol(name)}" for name in names]
    rows: list[tuple[str, list[float | str]]] = []
    for name, result in scores.items():
        values = result.r2 if result.accuracy is None else (result.accuracy,)
        cells = ["–" if value is None else number(value) for value in values]
        rows.append((name, [str(result.examples), result.loss, *cells]))
    return ["data", "examples", "loss", *measures], rows


def class_names(data: Data) -> tuple[str, ...]:
    """Name the classes; those of a single output are 0 and 1."""
    return data.output_names if len(data.output_names) > 1 else ("0", "1")


def confusion_table(name: str, classes: tuple[str, ...], counts: list[list[int]]) -> str:
    """Write the confusion matrix; the larger its share of a row, the darker a cell."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in classes)
    body = "".join(
        f'<tr><th scope="row">{escape(each)}</th>{_cells(row)}</tr>'
        for each, row in zip(classes, counts, strict=True)
    )
    return (
        f'<div class="scroll" tabindex="0"><table class="numbers confusion"><caption><span>'
        f"{escape(name.capitalize())} data: true by row, predicted by column</span></caption>"
        f'<thead><tr><th scope="col">class</th>{head}</tr></thead><tbody>{body}</tbody>'
        "</table></div>"
    )


def _cells(row: list[int]) -> str:
    total = max(1, sum(row))
    return "".join(f'<td style="--share: {count / total:.3f}">{count}</td>' for count in row)


def show_examples(session: Session) -> None:
    """Draw a row for each example: inputs x, targets y, outputs ŷ, errors y − ŷ and losses."""
    now = session.now
    run = now.run_on_show
    if reach := about_reach(run):
        st.markdown(reach)
    if run.data.is_scaled:
        st.caption(
            "The network takes standardised numbers: (value − mean) / standard deviation. The "
            "panel Predict and the maps have the columns' own units."
        )
    shown = "" if len(run.data) <= MOST_ROWS else f", the first {MOST_ROWS} of {len(run.data)}"
    what = "Standardised examples" if run.data.is_scaled else "Examples"
    st.html(table(f"{what} at {now.moment}{shown}", *_examples(run)))
    if run.data.task == CLASSES:
        st.caption(describe_classes(run.config))
    if descent := about_descent(run):
        st.markdown(descent, help=help_on_notebook(descent))


def _examples(run: Run) -> tuple[list[str], list[tuple[str, list[float | str]]]]:
    """Name the columns, and write a row for each example; a loss follows its error."""
    inputs, targets = run.data.inputs[:MOST_ROWS], run.data.targets[:MOST_ROWS]
    output, squared = forward(run.network, inputs).output, run.config.loss == "SquaredError"
    names, outputs = names_of(run)[0], names_of(run)[-1]
    columns = [name.replace("ŷ", "y", 1) for name in outputs] + outputs
    for place in range(len(outputs)):
        error = f"{symbol('y', place)} − {symbol('ŷ', place)}"
        columns += [error, f"½({error})²"] if squared else [error]
    rows: list[tuple[str, list[float | str]]] = []
    for row, (x, *pair) in enumerate(zip(inputs, targets, output, strict=True), start=1):
        y_and_output = zip(*map(torch.Tensor.tolist, pair), strict=True)
        cells = [_write_error(y, predicted, squared=squared) for y, predicted in y_and_output]
        firsts = [cell[at] for at in (0, 1) for cell in cells]
        rows.append((str(row), [*x.tolist(), *firsts, *(t for cell in cells for t in cell[2:])]))
    return ["example", *names, *columns], rows


def _write_error(y: float, output: float, *, squared: bool) -> list[str]:
    """Write y, ŷ, y − ŷ and, if `squared`, ½(y − ŷ)², so that each follows."""
    terms = (
        Term((Factor("y", y, exact=y.is_integer()),)),
        Term((Factor("ŷ", output),), negative=True),
    )
    error = Line("error", y - output, terms)
    half, factor = Factor("½", 0.5, exact=True), Factor("error", error.value, power=2)
    loss = Line("loss", error.value**2 / 2, (Term((half, factor)),))
    result = format_line(loss, DIGITS).result
    digits, written = DIGITS, format_line(error, DIGITS)
    while squared and digits < MOST_DIGITS and not gives(loss, [("0.5", written.result)], result):
        digits += 1
        written = format_line(error, digits)
    (first,), (second,) = written.factors
    return [first, second, written.result, *([result] if squared else [])]


def about_descent(run: Run) -> str:
    """Say why an update that adds lowers the loss, if the loss is the notebook's."""
    if run.config.loss != "SquaredError":
        return ""
    return (
        "The notebook calls the error y − ŷ `loss`: `loss = y - output`. "
        "Why its `+=` lowers the loss: the derivative of ½(y − ŷ)² with respect to ŷ is "
        "−(y − ŷ). So adding (y − ŷ) · slope · a · η to a weight moves it against its gradient."
    )


def about_reach(run: Run) -> str:
    """Say which targets the output activation cannot reach, if any, and the lowest loss then."""
    activation, targets = run.config.output_activation, run.data.targets
    beyond = out_of_reach(targets, activation)
    places: list[list[int]] = beyond.nonzero().tolist()
    if not places:
        return ""
    low, high = range_of(activation)
    answers = (
        f"is never below {low:g}" if high == math.inf else f"is always between {low:g} and {high:g}"
    )
    floor = lowest_loss(targets, activation, run.config.loss)
    cost = f" The loss cannot fall below **{number(floor)}**." if floor else ""
    return (
        f"**{len(places)} of {targets.numel()} targets cannot be reached**, because the output of "
        f"{activation} {answers}: {_listed(run, places)}.{cost}"
    )


def _listed(run: Run, places: list[list[int]]) -> str:
    """Name some targets with their values, and count those that are not named."""
    names = (
        as_markdown(names_of(run)[-1][column].replace("ŷ", "y", 1))
        + " = "
        + number(run.data.targets[row, column].item())
        + (f" in example {row + 1}" if len(run.data) > 1 else "")
        for row, column in places
    )
    return listed(names, len(places))
