"""Nothing is imported before it is needed, so that a cold start does not wait for it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
A_VISITOR = """
from streamlit.testing.v1 import AppTest
page = AppTest.from_file("app.py").run(timeout=60)
page.button(key="step_epoch").click().run(timeout=60)
assert page.session_state["visitor"].run.epoch == 1
"""
TYPING = """
page.selectbox(key="data").set_value("own").run()
page.segmented_control(key="own_way").set_value("Type a table").run()
"""


def imported(code, library):
    """Return whether a new process has imported a library after running this code."""
    code = f"import sys\n{code}\nprint({library!r} in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    return {"True\n": True, "False\n": False}[answer.stdout]


def test_scikit_learn_is_never_imported_for_its_data():
    """Importing it takes seconds and 160 MB; only its files are read."""
    assert not imported(
        "from nets import *\nstart(Config(data='iris', sizes=(4, 3, 3)))", "sklearn"
    )


def test_pandas_is_imported_only_when_a_table_is_typed():
    assert not imported(A_VISITOR, "pandas")
    assert imported(A_VISITOR + TYPING, "pandas")


READING = "nets.read_data(b'day,y\\n2024-01-01,1\\n2024-01-02,3\\n')"


@pytest.mark.parametrize("library", ["pandas", "clevercsv", "python_calamine"])
def test_what_reads_files_is_imported_only_when_a_file_comes(library):
    assert not imported(A_VISITOR, library)
    assert imported(f"import nets\n{READING}", library) == (library != "python_calamine")


def test_torch_s_optimisers_are_built_only_when_one_is_chosen():
    """Building one imports 800 modules."""
    assert not imported("from nets import *\nadvance(start(Config(l2=0.1)), 2)", "torch._dynamo")
    adam = "from nets import *\nadvance(start(Config(optimizer='Adam')), 2)"
    assert imported(adam, "torch._dynamo")
