"""Many rows to predict: pasted or from a file, without targets; the answers can be downloaded."""

import streamlit as st

from nets.examples.delimited import read
from nets.page.session import Session
from nets.page.tables import number, table
from nets.results.answers import Answers, answers_to, coding_of

MEGABYTES = 10  # of a file
SHOWN_ROWS = 10


def show(session: Session) -> None:
    """Draw where rows come in, the first answers, and the button that downloads all."""
    names = ", ".join(part.name for part in coding_of(session.run.data).inputs)
    with st.expander("Many rows: paste or upload them, and download the predictions"):
        left, right = st.columns(2)
        file = left.file_uploader(
            "CSV file without targets", key="try_file", max_upload_size=MEGABYTES
        )
        text = right.text_area(
            "Or rows pasted here, below the names of the columns", key="try_text", placeholder=names
        )
        content = file.getvalue() if file is not None else text.encode()
        if not content.strip():
            return
        try:
            answers = answers_to(session.run, read(content))
        except ValueError as error:
            st.error(str(error))
            return
        _shown(session, answers)


def _shown(session: Session, answers: Answers) -> None:
    """Draw the first answers."""
    run, count = session.run, len(answers.table)
    left = f" {answers.left_out:,} rows could not be read and stay empty." * bool(answers.left_out)
    st.caption(f"{count:,} rows, answered by the network of epoch {run.epoch}.{left}")
    st.download_button(
        "Download the predictions",
        lambda: answers.as_csv().encode(),
        "predictions.csv",
        "text/csv",
        key="try_download",
        on_click="ignore",
    )
    columns = [*answers.targets, *answers.outputs]
    rows = [
        (str(row + 1), [_cell(column[row]) for column in columns])
        for row in range(min(count, SHOWN_ROWS))
    ]
    st.html(table(f"The first {len(rows)} of {count:,} rows", ["row", *answers.names], rows))


def _cell(value: float | str | None) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else number(value)
