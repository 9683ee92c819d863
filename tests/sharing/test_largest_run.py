"""Every kind of file of a run of the largest size that the page allows."""

import csv
import io
import json
from itertools import islice, pairwise

import nbformat
import pytest
import safetensors.torch
import torch

from nets import (
    Config,
    Data,
    Epochs,
    Recipe,
    draw,
    history_as_csv,
    replay,
    to_notebook,
    to_safetensors,
    to_script,
    to_session_file,
    weights_as_csv,
)
from nets.page.panels import files
from nets.page.panels.film import MOST_FRAMES, choose_epochs
from nets.page.visitor.session import Session
from nets.presets import SHOWN_EXAMPLES, SHOWN_INPUTS, SHOWN_OUTPUTS, require_shown
from nets.sharing.session_file import MOST_BYTES, from_session_file

SIZES = (SHOWN_INPUTS, *[64] * 6, SHOWN_OUTPUTS)


@pytest.fixture(scope="module")
def recipe():
    """A run on as many own data as the page takes, at epoch 1."""
    drawn = torch.Generator().manual_seed(0)
    inputs = torch.randn(SHOWN_EXAMPLES, SHOWN_INPUTS, generator=drawn)
    targets = torch.rand(SHOWN_EXAMPLES, SHOWN_OUTPUTS, generator=drawn)
    config = Config(SIZES, data="own", examples=SHOWN_EXAMPLES, batch_size=1795, learning_rate=1e-6)
    require_shown(config)
    return Recipe(config, (Epochs(1),), Data(inputs, targets))


@pytest.fixture(scope="module")
def run(recipe):
    return replay(recipe)


def test_a_session_file_can_be_opened_again(recipe):
    text = to_session_file(recipe)
    assert len(text) <= MOST_BYTES
    read = from_session_file(text).recipe
    assert torch.equal(read.data.inputs, recipe.data.inputs)
    assert torch.equal(read.data.targets, recipe.data.targets)


def test_notebook_and_script_hold_all_data_in_few_bytes(recipe, run):
    notebook, script = to_notebook(recipe, run), to_script(recipe, run)
    assert max(len(notebook), len(script)) < 6 * run.data.inputs.numel() + 6 * 10**6
    nbformat.validate(json.loads(notebook))
    compile(script, "script", "exec")


def test_weights_and_history_have_every_number(run):
    model = safetensors.torch.load(to_safetensors(run.network))
    count = sum(values.numel() for values in model.values())
    assert count == sum((a + 1) * b for a, b in pairwise(SIZES))
    table = io.StringIO("".join(weights_as_csv(run.network)))
    assert sum(1 for _ in csv.DictReader(table)) == count
    lines = "".join(islice(history_as_csv(run), 10)).splitlines()
    assert len(lines) == 1 + 2
    assert {len(row) for row in csv.reader(lines)} == {count + 2}


def test_a_history_that_is_too_long_for_the_page_is_not_written():
    session = Session.of(Config(SIZES, examples=10, bias_rule="gradient", learning_rate=1e-4))
    session.do(Epochs(150))
    (history,) = [file for file in files.FILES["History"] if file.name == "history.csv"]
    assert history.bytes_of(session.run) > files.MOST_BYTES
    assert len(choose_epochs(session.run, MOST_FRAMES)) <= MOST_FRAMES


@pytest.mark.parametrize("picture", ["diagram", "loss", "map"])
def test_figures_for_a_notebook_cell_have_a_bound(run, picture):
    assert len(draw(run, picture).to_json()) < 3_000_000
