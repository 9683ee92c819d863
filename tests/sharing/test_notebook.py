"""The notebook and the script to take home: they run alone and give the page's numbers."""

import json
import os
import platform
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
import torch
from nbclient import NotebookClient
from sharing.kinds_of_run import KINDS

from nets import (
    DATASETS,
    Config,
    Epochs,
    Recipe,
    replay,
    to_notebook,
    to_safetensors,
    to_script,
    to_session_file,
    weights_as_csv,
)
from nets.presets import PRESETS

ALONE = "import importlib.util\nassert importlib.util.find_spec('nets') is None\n"
# Printed by the last cell: what the tests read.
FOUND = """
import json
parts = {name: here.flatten().tolist() for name, here, _ in page}
print(json.dumps({"parts": parts, "losses": losses, "tests": test_losses, "largest": largest}))
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """One Python for all notebooks, started in an empty folder; the package is not there."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONPATH", raising=False)
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.setenv("PYTHONWARNINGS", "ignore")
        first = NotebookClient(nbformat.v4.new_notebook(), resources=path_of(folder))
        with first.setup_kernel():
            yield first, folder


def path_of(folder):
    return {"metadata": {"path": str(folder)}}


def executed(kernel, text):
    """Run a notebook from top to bottom; return what it printed last and all that it printed."""
    first, folder = kernel
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("%reset -f\n" + ALONE))
    notebook.cells.append(nbformat.v4.new_code_cell(FOUND))
    client = NotebookClient(notebook, km=first.km, resources=path_of(folder), timeout=60)
    client.kc = first.kc
    client.execute()
    printed = [
        output.text
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream"
    ]
    return json.loads(printed[-1]), "".join(printed)


def check(recipe, found):
    """Compare what a program computed with the run itself."""
    run, losses = replay(recipe), found["losses"]
    layers = enumerate(run.network.layers, start=1)
    expected = {f"{kind}{i}": part for i, layer in layers for kind, part in parts_of(layer)}
    assert expected.keys() == found["parts"].keys() - {"loss"}
    for name, values in expected.items():
        assert torch.equal(torch.tensor(found["parts"][name]).view_as(values), values), name
    torch.testing.assert_close(torch.tensor(losses), run.history.loss, rtol=1e-5, atol=1e-6)
    tests = [] if run.history.test_loss is None else run.history.test_loss
    torch.testing.assert_close(
        torch.tensor(found["tests"]), torch.as_tensor(tests), rtol=1e-5, atol=1e-6
    )
    assert found["largest"] <= 1e-6


def parts_of(layer):
    return (("w", layer.weights), ("b", layer.biases))


@pytest.mark.parametrize("kind", KINDS)
def test_the_notebook_runs_from_top_to_bottom_and_gives_the_numbers_of_the_page(kind, kernel):
    found, printed = executed(kernel, to_notebook(KINDS[kind]))
    check(KINDS[kind], found)
    assert "All numbers are those of the page" in printed


def test_the_scripts_give_the_same_numbers(tmp_path):
    for place, recipe in enumerate(KINDS.values()):
        (tmp_path / f"script{place}.py").write_text(to_script(recipe) + FOUND, encoding="utf-8")
    runner = f"{ALONE}import runpy\nfor i in range({len(KINDS)}): runpy.run_path(f'script{{i}}.py')"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", runner],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    for recipe, numbers in zip(KINDS.values(), found, strict=True):
        check(recipe, numbers)


DRAWN = [name for name, row in DATASETS.items() if row.n_examples is None]


@pytest.mark.parametrize("name", DRAWN)
def test_after_a_thousand_epochs_the_script_has_the_page_s_bits(name):
    few = replace(PRESETS[name], examples=14, batch_size=10)
    recipe, names = Recipe(few, (Epochs(1000),)), {}
    exec(to_script(recipe), names)
    for number, layer in enumerate(replay(recipe).network.layers, start=1):
        for kind, values in parts_of(layer):
            assert torch.equal(names[f"{kind}{number}"], values)


def test_the_notebook_has_the_four_steps_as_headings():
    cells = json.loads(to_notebook(Recipe(Config())))["cells"]
    headings = ["".join(cell["source"]).partition("\n")[0] for cell in cells]
    steps = [line.partition(". ")[2] for line in headings if line.startswith("## Step ")]
    assert steps == [
        "Forward propagation",
        "Loss computation",
        "Backpropagation",
        "Updating the parameters",
    ]


def test_the_chart_has_the_losses_of_training_and_test_data(monkeypatch):
    drawn = []
    chart = ModuleType("matplotlib.pyplot")
    chart.plot = lambda losses, label: drawn.append((label, len(losses)))
    chart.xlabel = chart.ylabel = chart.legend = chart.show = lambda *_: None
    package = ModuleType("matplotlib")
    package.pyplot = chart
    monkeypatch.setitem(sys.modules, "matplotlib", package)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", chart)
    exec(to_script(KINDS["moons with test data"]), {})
    assert drawn == [("training", 8), ("test", 8)]


def test_no_file_names_a_folder_or_a_person():
    secrets = {str(Path(__file__).parents[2]), str(Path.home()), sys.prefix, platform.node()}
    for recipe in KINDS.values():
        network = replay(recipe).network
        files = [to_notebook(recipe), to_script(recipe), "".join(weights_as_csv(network))]
        files += [to_session_file(recipe, {"A": recipe})]
        content = "".join(files) + to_safetensors(network).decode("latin-1")
        assert not [name for name in secrets if len(name) > 3 and name in content]


def test_the_same_recipe_gives_the_same_file():
    for recipe in KINDS.values():
        assert to_notebook(recipe) == to_notebook(recipe, replay(recipe))
