"""The code to paste: it runs in an empty folder with torch alone and gives the page's numbers."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from written_files import workbook

from nets import (
    LOSSES,
    Config,
    Epochs,
    LearningRate,
    Parameter,
    Recipe,
    advance,
    read_data,
    replay,
    start,
)
from nets.config import with_derived_inputs
from nets.data.datasets import DATASETS
from nets.data.features import FEATURES
from nets.explain.phases import Walkthrough
from nets.presets import PRESETS, preset_for
from nets.sharing.script import write_script

MEASURED = ("iris", "wine", "breast_cancer", "digits")
RUNNER = """
import importlib.util, json, sys, torch
assert importlib.util.find_spec("nets") is None
results = []
for code in json.load(sys.stdin):
    names = {}
    exec(code, names)
    x, y = (names.get("inputs", names["x"]), names.get("targets", names["y"]))
    kept = [name for name in names if name[0] in "wb" and name[1:].isdigit()]
    results.append({"x": x, "y": y, **{name: names[name] for name in kept}})
torch.save(results, "results.pt")
assert DRAWN == ("sklearn" not in sys.modules)
"""


def configs_of(names):
    """The suggested settings of each data set, and with test data, another seed and more inputs."""
    for name in names:
        # A small learning rate, because a large one multiplies what float32 rounds.
        usual = replace(PRESETS[name], examples=24, noise=0.25, batch_size=None, learning_rate=0.01)
        yield usual
        if DATASETS[name].n_examples == 1:  # none can be held out
            continue
        yield replace(usual, test_fraction=0.3, data_seed=5, seed=3, batch_size=7)
        if DATASETS[name].is_plane:
            yield with_derived_inputs(replace(usual, test_fraction=0.25), tuple(FEATURES))


def fitting(loss):
    """A network whose outputs the loss accepts, and classes as targets."""
    output = {"sigmoid": "linear", "softmax": "linear"}.get(LOSSES[loss].squash, "sigmoid")
    config = replace(PRESETS["iris"], reduction="mean", output_activation=output)
    return replace(config, loss=loss)


def run_alone(codes, folder, *, drawn):
    """Run code in an empty folder without this package; return the tensors of each."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", RUNNER.replace("DRAWN", str(drawn))],
        input=json.dumps(codes),
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return torch.load(folder / "results.pt")


@pytest.mark.parametrize("drawn", [True, False], ids=["torch alone", "with scikit-learn"])
def test_what_is_pasted_into_an_empty_folder_gives_the_numbers_of_the_page(drawn, tmp_path):
    chosen = [*configs_of(name for name in DATASETS if (name not in MEASURED) == drawn)]
    chosen += [] if drawn else map(fitting, LOSSES)
    check_alone([advance(start(config), 3) for config in chosen], tmp_path, drawn=drawn)


def check_alone(runs, folder, *, drawn=True):
    """Check that the code of each run gives its training data and its parameters."""
    codes = [write_script(Walkthrough(run)) for run in runs]
    for run, found in zip(runs, run_alone(codes, folder, drawn=drawn), strict=True):
        assert torch.equal(found["x"], run.data.inputs)
        assert torch.equal(found["y"], run.data.targets)
        for number, layer in enumerate(run.network.layers, start=1):
            torch.testing.assert_close(found[f"w{number}"], layer.weights, rtol=2e-5, atol=2e-6)
            torch.testing.assert_close(found[f"b{number}"], layer.biases, rtol=2e-5, atol=2e-6)


def with_choices(config):
    """A run whose rate changes, and whose weights and biases are set by hand, at several epochs."""
    first, second = Parameter("w1[0, 0]", 0.25), Parameter("b1[1]", -0.5)
    events = [first, Epochs(2), LearningRate(0.02), second, Epochs(1), first, Epochs(2), second]
    return replay(Recipe(config).then(*events))


def test_weights_set_by_hand_are_in_the_code(tmp_path):
    configs = Config(), replace(PRESETS["circle"], optimizer="Adam", learning_rate=0.01)
    check_alone([with_choices(config) for config in configs], tmp_path)


def from_excel(count):
    """Data of the second sheet of an Excel file, without names, and numbers as they are."""
    rows = [[n % 7, n * n % 83 + 0.5, "kind"[n % 4]] for n in range(count)]
    content = workbook(Other=[["x", "y"], [1, 2], [3, 4]], Chosen=rows)
    chosen = {"sheet": "Chosen", "header": False, "standardise": False}
    data = read_data(content, ["column 1", "column 2"], ["column 3"], **chosen)
    assert data.inputs.tolist() == [row[:2] for row in rows]
    return data


def own_runs():
    """Runs on own data, few and many, read with each of the choices that a person has."""
    for count in (40, 900):
        rows = [f'{n % 28 + 1}.3.2024;{n * n % 83},5;{n % 4};"kind\n{n % 3}"' for n in range(count)]
        content = "\n".join(["day;price;step;kind", *rows]).encode()
        proposed = read_data(content)
        raw = read_data(content, ["day", "step"], ["kind"], standardise=["day"])
        without = read_data(content, ["column 2"], ["column 4"], header=False)
        for data in (proposed, raw, without, from_excel(count)):
            config = replace(preset_for(data), learning_rate=0.01)
            yield advance(start(config, data=data), 3)
            yield advance(start(replace(config, test_fraction=0.3), data=data), 3)


def test_own_data_are_in_the_code_whatever_was_chosen_for_them(tmp_path):
    check_alone([*own_runs()], tmp_path)


def test_own_data_of_many_numbers_are_packed():
    data = read_data(("x,y\n" + "\n".join(f"{n % 50},{n % 7}" for n in range(10_000))).encode())
    code = write_script(Walkthrough(start(preset_for(data), data=data)))
    assert len(code) < 40_000
    assert "x: “x”, numbers from 0 to 49, standardised (mean 24.5, standard deviation" in code


@pytest.mark.parametrize("loss", LOSSES)
def test_the_error_in_the_code_is_minus_the_slope_of_the_loss(loss):
    output, y = torch.rand(7, 3) * 0.9 + 0.05, torch.eye(3)[torch.arange(7) % 3]
    error = eval(LOSSES[loss].notebook, {"torch": torch, "output": output, "y": y})
    slope = LOSSES[loss].slope(output, y, torch.empty_like(y))
    torch.testing.assert_close(error, -slope)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_loss_in_the_code_is_the_loss_of_the_page(loss):
    output, y = torch.rand(7, 3) * 0.9 + 0.05, torch.eye(3)[torch.arange(7) % 3]
    value = eval(LOSSES[loss].notebook_value, {"torch": torch, "output": output, "y": y})
    torch.testing.assert_close(value, LOSSES[loss].value(output, y))


def test_a_script_that_needs_more_than_torch_says_so():
    for name in MEASURED:
        code = write_script(Walkthrough(start(PRESETS[name])))
        assert "this needs scikit-learn" in code
    assert "scikit-learn" not in write_script(Walkthrough(start(Config())))
