"""Panel "Results": how good the network is on what it has learned from and what it never saw."""

from html import escape

import streamlit as st

from nets.data.examples import Data
from nets.page.html.tables import number, table
from nets.page.visitor.session import Session
from nets.training.advance import Run
from nets.training.metrics import Score, score, threshold

NO_SPLIT = (
    "All examples are trained on. **Test split and more**, beside the data, keeps some aside, to "
    "see how the network does on what it has never seen."
)


def show(session: Session) -> None:
    """Draw the scores of training and test data, and what was taken for what."""
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
            "R² is the share of the targets' variance that is explained: 1 is perfect, 0 a guess."
        )
    right = round(last.accuracy * last.examples)
    sentence = f"**{right} of {last.examples} {name} examples are right ({last.accuracy:.1%}).**"
    if run.data.targets.shape[1] > 1:
        return f"{sentence} The class is that of the largest output."
    return f"{sentence} The class is 1 where the output is above {threshold(run.config.loss):g}."


def scores_of(
    run: Run, scores: dict[str, Score]
) -> tuple[list[str], list[tuple[str, list[float | str]]]]:
    """Name the columns, and write a row for training and one for test data."""
    if run.data.task == "classes":
        measures = ["accuracy"]
    else:
        names = run.data.output_names
        measures = ["R²"] if len(names) == 1 else [f"R² {name}" for name in names]
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
    """Write how many of each class were taken for each: the larger its share, the darker a cell."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in classes)
    body = "".join(
        f'<tr><th scope="row">{escape(each)}</th>{_cells(row)}</tr>'
        for each, row in zip(classes, counts, strict=True)
    )
    return (
        f'<div class="scroll"><table class="numbers confusion"><caption>{escape(name.capitalize())}'
        " data: true by row, answer by column</caption>"
        f'<thead><tr><th scope="col">class</th>{head}</tr></thead><tbody>{body}</tbody>'
        "</table></div>"
    )


def _cells(row: list[int]) -> str:
    total = max(1, sum(row))
    return "".join(f'<td style="--share: {count / total:.3f}">{count}</td>' for count in row)
