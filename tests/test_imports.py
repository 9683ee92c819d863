"""Nothing is imported before it is needed, so that a cold start does not wait for it."""

import subprocess
import sys
from pathlib import Path

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


def imported(code, libraries):
    """Return which of these libraries a new process has imported after running this code."""
    code = f"import sys\n{code}\nprint(*(name for name in {libraries!r} if name in sys.modules))"
    answer = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    return answer.stdout.split()


def test_scikit_learn_is_never_imported_for_its_data():
    """Importing it takes seconds and 160 MB; only its files are read."""
    assert not imported(
        "from nets import *\nstart(Config(data='iris', sizes=(4, 3, 3)))", ["sklearn"]
    )


def test_pandas_is_imported_only_when_a_table_is_typed():
    assert not imported(A_VISITOR, ["pandas"])
    assert imported(A_VISITOR + TYPING, ["pandas"])


READERS = ["pandas", "clevercsv", "charset_normalizer", "babel", "python_calamine"]
DATES = "day,y\n1. März 2024,1\n2. März 2024,3\n".encode("cp1252")


def test_what_reads_files_is_imported_only_when_a_file_comes():
    assert imported(A_VISITOR, READERS) == []
    assert imported(f"import nets\nnets.read_data({DATES})", READERS) == READERS[:4]


TAKEN_HOME = ["safetensors", "plotly", "PIL"]
A_RUN = "from nets import *\nrun = start(Config(sizes=(2, 4, 1), data='xor'))\n"


def test_what_is_taken_home_imports_its_libraries_only_then():
    assert not imported(A_VISITOR, TAKEN_HOME[:1])
    assert imported(f"{A_RUN}run._repr_html_()\nto_notebook(Recipe(Config()))", TAKEN_HOME) == []
    taken = "to_safetensors(run.network)\ndraw(run)"
    assert imported(A_RUN + taken, TAKEN_HOME) == TAKEN_HOME


def test_no_optimiser_imports_torch_s_compiler():
    """It has 800 modules."""
    every = """
from nets import *
for name in OPTIMIZERS:
    advance(start(Config(optimizer=name, bias_rule="gradient")), 2)
"""
    assert not imported(every, ["torch._dynamo"])
