"""The recipes of the README's section "How to add", followed to the letter in a copy."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDED = ("softsign", "x1_cubed", "stripes")
BLOCK = re.compile(
    r"In\s`(?P<file>[^`]+)`,\s(?P<place>above the table|among the rows of|at the end)"
    r"(?:\s`(?P<table>\w+)`)?:\n\n```python\n(?P<code>.*?)```",
    re.DOTALL,
)
# Function, derivative, formula and notebook line of a row give the same numbers.
LAWS = """
import torch
from nets import ACTIVATIONS, Config, advance, check_gradients, forward, start
from nets.presets import PRESETS

row = ACTIVATIONS["softsign"]
z = torch.arange(-800, 801).double() / 100
a = row.value(z, torch.empty_like(z))
slope = row.slope(z, a, torch.empty_like(z))
named = {"z": z, "a": a, "torch": torch}
torch.testing.assert_close(eval(row.notebook, named), a)
torch.testing.assert_close(eval(row.notebook_slope, named), slope)
for formula, numbers in ((row.formula, a), (row.slope_formula, slope)):
    python = formula.replace("|{x}|", "abs({x})").replace("²", "**2").format(x="z")
    torch.testing.assert_close(eval(python, named), numbers)
assert slope.max() == row.steepest
assert row.range[0] <= a.min() < a.max() <= row.range[1]
config = Config((2, 3, 1), "softsign", "softsign", data="stripes", examples=9, bias_rule="gradient")
assert all(check.agrees for check in check_gradients(start(config)))
run = advance(start(PRESETS["stripes"]), 200)
right = (forward(run.network, run.data.inputs).output > 0.5) == (run.data.targets > 0.5)
assert right.float().mean() > 0.95
"""
PAGE = """
from streamlit.testing.v1 import AppTest
page = AppTest.from_file("app.py", default_timeout=60).run()
choices = {"data": "stripes", "hidden_activation": "softsign", "output_activation": "softsign"}
for key, choice in choices.items():
    page.selectbox(key=key).set_value(choice).run()
page.button_group(key="derived").set_value(["x1_cubed"]).run()
page.button(key="step_epoch").click().run()
page.button(key="step_phase").click().run()
run = page.session_state["visitor"].run
assert not page.exception
assert run.epoch == 1
assert run.history.loss[1] != run.history.loss[0]
chosen = run.config.data, run.config.hidden_activation, run.config.derived
assert chosen == ("stripes", "softsign", ("x1_cubed",))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the project in which every recipe has been followed."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("nets", "tests", ".streamlit"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app.py", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder)
    for block in BLOCK.finditer(section("How to add")):
        file = folder / block["file"]
        file.write_text(follow(file.read_text(encoding="utf-8"), block), encoding="utf-8")
    return folder


def section(title):
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def follow(source, block):
    """Put the code of a recipe where the sentence above it says."""
    if block["place"] == "at the end":
        return f"{source}\n\n{block['code']}"
    before, table, after = re.split(rf"^({block['table']}\b.* = \{{\n)", source, flags=re.MULTILINE)
    if block["place"] == "above the table":
        return f"{before}{block['code']}\n\n{table}{after}"
    rows, end, rest = after.partition("    )\n}")
    return before + table + rows + block["code"] + end + rest


def python(folder, *arguments):
    """Run Python in a folder, and show what it says if it fails."""
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
    return done.stdout


def test_every_block_of_the_recipes_says_where_it_goes():
    recipes = section("How to add")
    assert len(list(BLOCK.finditer(recipes))) == recipes.count("```python")


def test_a_new_activation_keeps_the_laws_and_a_new_data_set_is_learned(copy):
    python(copy, "-c", LAWS)


def test_the_tests_of_the_project_cover_the_new_rows_and_pass(copy):
    rooms = [f"tests/{room}" for room in ("engine", "data", "analysis", "explain", "training")]
    options = ["-q", "-p", "no:cacheprovider", "-k", " or ".join((*ADDED, "test_derivation"))]
    said = python(copy, "-m", "pytest", *rooms, "tests/test_presets.py", "-rA", *options)
    for name in ADDED:
        assert f"[{name}" in said


def test_the_page_offers_and_trains_the_new_rows(copy):
    python(copy, "-c", PAGE)


@pytest.mark.parametrize("block", re.findall(r"```python\n(.*?)```", section("In Python"), re.S))
def test_the_examples_in_python_run(block, tmp_path):
    rows = "length,width,species\n1.5,2,a\n3,1,b\n2,2.5,a\n4,1.5,b\n"
    (tmp_path / "flowers.csv").write_text(rows)
    (tmp_path / "unseen.csv").write_text("length,width\n1.5,2\n3,1\n")
    done = subprocess.run(
        [sys.executable, "-c", block],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
