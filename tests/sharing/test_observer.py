"""An Observer makes a run of your own PyTorch loop, with the numbers of that loop."""

import base64
import json
import re
import struct
from pathlib import Path

import plotly.graph_objects as go
import pytest
import torch
from torch import nn

from nets import Network, Observer, draw, replay, rewind, to_notebook, to_session_file
from nets.sharing import observer as module
from nets.sharing.session_file import from_session_file

NAN, INFINITE = struct.pack("<f", float("nan")), struct.pack("<f", float("inf"))
README = Path(__file__).parents[2] / "README.md"


def observed(model, loss, x, y, epochs=6, targets=None):
    """Train a model with a plain loop; return the recipe, and parameters and losses by epoch."""
    criterion = getattr(nn, loss)()
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)
    seen = Observer(model, criterion)
    states, losses = [], []
    for _ in range(epochs):
        optimizer.zero_grad()
        error = criterion(model(x), y if targets is None else targets)
        states.append([part.detach().clone() for part in model.parameters()])
        losses.append(error.item())
        error.backward()
        optimizer.step()
        seen.note(x, y)
    return seen.recipe, states, losses


def examples(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1))


def test_the_run_has_the_parameters_and_the_loss_of_every_epoch():
    model = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2), nn.Sigmoid())
    x, y = examples(20, 3), examples(20, 2)
    recipe, states, losses = observed(model, "MSELoss", x, y)
    run = replay(recipe)
    assert run.epoch == 6
    torch.testing.assert_close(run.history.loss[:-1], torch.tensor(losses))
    for epoch, state in enumerate(states):
        layers = rewind(run, epoch).network.layers
        kept = [part for layer in layers for part in (layer.weights.t(), layer.biases[0])]
        for mine, its in zip(kept, state, strict=True):
            assert torch.equal(mine, its)
    last = Network.from_torch(model).parameters
    assert torch.equal(run.network.parameters, last)


def test_class_numbers_are_targets_as_in_torch():
    model = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 3))
    labels = torch.arange(30) % 3
    recipe, _, losses = observed(model, "CrossEntropyLoss", examples(30, 2), labels)
    run = replay(recipe)
    torch.testing.assert_close(run.history.loss[:-1], torch.tensor(losses))
    for picture in ("diagram", "loss", "map"):
        assert isinstance(draw(run, picture), go.Figure)


def test_what_cannot_be_shown_gets_a_sentence(monkeypatch):
    linear = nn.Linear(2, 1)
    mixed = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
    with pytest.raises(ValueError, match="same activation"):
        Observer(mixed)
    with pytest.raises(ValueError, match="loss must be one of"):
        Observer(nn.Sequential(linear), nn.NLLLoss())
    with pytest.raises(ValueError, match="reduction='mean'"):
        Observer(nn.Sequential(linear), nn.MSELoss(reduction="sum"))
    seen = Observer(nn.Sequential(linear))
    with pytest.raises(ValueError, match="at least one epoch"):
        seen.run  # noqa: B018
    with pytest.raises(ValueError, match="2 and 1 columns"):
        seen.note(examples(4, 3), examples(4, 1))
    seen.note(examples(4, 2), examples(4))
    nn.init.constant_(linear.bias, torch.nan)
    with pytest.raises(ValueError, match="must be finite"):
        seen.note(examples(4, 2), examples(4))
    nn.init.zeros_(linear.bias)
    monkeypatch.setattr(module, "KEPT_NUMBERS", 2 * seen.run.network.parameters.numel())
    with pytest.raises(ValueError, match="at most 1 epochs"):
        seen.note(examples(4, 2), examples(4))


def test_a_session_file_of_an_observed_run_has_every_bit_of_every_epoch():
    model = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2), nn.Sigmoid())
    recipe, states, _ = observed(model, "MSELoss", examples(20, 3), examples(20, 2))
    read = from_session_file(to_session_file(recipe)).recipe
    run, again = replay(recipe), replay(read)
    assert torch.equal(again.history.loss, run.history.loss)
    for epoch, state in enumerate(states):
        past = rewind(again, epoch).network
        assert torch.equal(past.layers[0].weights.t(), state[0])
        assert torch.equal(past.layers[0].biases[0], state[1])
        assert torch.equal(replay(read.until(epoch)).network.parameters, past.parameters)
    assert to_session_file(read) == to_session_file(recipe)


def small_recipe():
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    return observed(model, "MSELoss", examples(4, 2), examples(4, 1), epochs=3)[0]


def as_bytes(change):
    return lambda text: base64.b64encode(change(base64.b64decode(text))).decode()


HOSTILE = {
    "no text": ("losses", lambda text: 5),
    "no base64": ("parameters", lambda text: text[:-3] + "é*!"),
    "no whole number": ("losses", as_bytes(lambda numbers: numbers[:-1])),
    "no numbers": ("losses", lambda text: ""),
    "one epoch only": ("losses", as_bytes(lambda numbers: numbers[:4])),
    "a loss that is missing": ("losses", as_bytes(lambda numbers: numbers[:-4] + NAN)),
    "a loss below 0": ("losses", as_bytes(lambda numbers: numbers[:-4] + struct.pack("<f", -1))),
    "an epoch too many": ("losses", as_bytes(lambda numbers: numbers + numbers[:4])),
    "an infinite weight": ("parameters", as_bytes(lambda numbers: INFINITE + numbers[4:])),
    "a weight too few": ("parameters", as_bytes(lambda numbers: numbers[4:])),
    "more than is kept": ("losses", as_bytes(lambda numbers: bytes(4 * 2**20))),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_whose_epochs_are_wrong_gets_a_sentence(kind):
    name, change = HOSTILE[kind]
    content = json.loads(to_session_file(small_recipe()))
    content["observed"][name] = change(content["observed"][name])
    with pytest.raises(ValueError, match=r"^(losses|parameters) must be .*\.$"):
        from_session_file(json.dumps(content))


@pytest.mark.parametrize(
    ("name", "value"),
    [("steps", "2"), ("optimizer", "Adam"), ("test_fraction", "0.25"), ("sizes", "2-4-1")],
)
def test_a_file_whose_run_does_not_fit_its_epochs_gets_a_sentence(name, value):
    content = json.loads(to_session_file(small_recipe()))
    content["run"][name] = value
    with pytest.raises(ValueError, match=r"must .*\.$"):
        from_session_file(json.dumps(content))


def test_how_an_observed_run_was_trained_is_in_no_notebook():
    with pytest.raises(ValueError, match="trained by another program"):
        to_notebook(small_recipe())


def test_the_loop_in_the_readme_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = re.search(
        r"```python\n(import torch\nfrom nets import Observer.*?)```", README.read_text(), re.DOTALL
    )
    names = {}
    exec(code[1].replace(".show()", ""), names)
    assert names["observer"].run.epoch == 50
    assert from_session_file(Path("loop.json").read_text()).recipe.epoch == 50
