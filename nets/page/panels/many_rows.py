"""Many rows, in the panel "Predict": paste or upload them, and download the predictions."""

from hashlib import blake2b

import streamlit as st

from nets.analysis.predictions import Predictions, find_encoding, predict
from nets.data.reading import read
from nets.data.table import Table
from nets.page.html.tables import table
from nets.page.html.text import as_markdown
from nets.page.visitor.kept import NotYet, kept, store, when_large
from nets.page.visitor.session import Session
from nets.training.run import Run

MEGABYTES = 10  # the largest file
MOST_LETTERS = 1_000_000  # in rows that are pasted
SHOWN_ROWS = 10
ANSWERS = "try_answers"  # the predictions that are kept


def show(session: Session) -> None:
    """Draw where rows are entered, the first predictions, and the button that downloads all."""
    names = ", ".join(part.name for part in find_encoding(session.run.data).inputs)
    with st.expander("Many rows: paste or upload them, and download the predictions"):
        left, right = st.columns(2)
        file = left.file_uploader(
            "CSV or Excel file without targets", key="try_file", max_upload_size=MEGABYTES
        )
        text = right.text_area(
            "Or paste rows here, with the column names in the first line",
            key="try_text",
            max_chars=MOST_LETTERS,
            placeholder=names,
        )
        content = file.getvalue() if file is not None else text.encode()
        if not content.strip():
            return
        slow = when_large(content, "Predicting the rows")
        try:
            rows = kept("try_rows", blake2b(content).digest(), lambda: read(content), *slow)
            run, number = _run_to_ask(session, rows, large=bool(slow[1])), session.run_number
            of = rows, number, run
            answers = kept(ANSWERS, of, lambda: predict(run, rows), *slow)
        except ValueError as error:
            st.error(as_markdown(str(error)))
        except NotYet as wait:
            wait.show()
        else:
            _show_predictions(session, run, answers)


def _run_to_ask(session: Session, rows: Table, *, large: bool) -> Run:
    """Return the run that predicts the rows: of a large file, the same one until training rests."""
    if large and (session.playing or session.pending):
        for known, number, run in store().asked(ANSWERS):
            if known is rows and number == session.run_number:
                return run
    return session.run


def _show_predictions(session: Session, run: Run, answers: Predictions) -> None:
    """Draw the download button and the first predictions, which are those of a run."""
    count = len(answers.table)
    unread = answers.left_out
    left = f" {unread:,} rows could not be read; their predictions are empty." if unread else ""
    later = "" if run is session.run else " They are predicted again when training stops."
    st.caption(f"{count:,} rows, predicted by the network at epoch {run.epoch}.{later}{left}")
    st.download_button(
        "Download the predictions",
        lambda: answers.as_csv().encode(),
        "predictions.csv",
        "text/csv",
        key="try_download",
        on_click="ignore",
    )
    columns = (column[:SHOWN_ROWS] for column in (*answers.targets, *answers.outputs))
    rows = [
        (str(row), ["–" if value is None else value for value in values])
        for row, values in enumerate(zip(*columns, strict=True), start=1)
    ]
    st.html(table(f"The first {len(rows)} of {count:,} rows", ["row", *answers.names], rows))
