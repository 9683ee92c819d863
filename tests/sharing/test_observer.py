"""An Observer: a PyTorch loop of one's own becomes a run with the numbers of that loop."""

import re
from pathlib import Path

import plotly.graph_objects as go
import pytest
import torch
from torch import nn

from nets import Network, Observer, draw, rewind
from nets.sharing import observer as module

README = Path(__file__).parents[2] / "README.md"


def observed(model, loss, x, y, epochs=6, targets=None):
    """Train a model with a plain loop; return the run, and its parameters and losses by epoch."""
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
    return seen.run, states, losses


def examples(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1))


def test_the_run_has_the_parameters_and_the_loss_of_every_epoch():
    model = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2), nn.Sigmoid())
    x, y = examples(20, 3), examples(20, 2)
    run, states, losses = observed(model, "MSELoss", x, y)
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
    run, _, losses = observed(model, "CrossEntropyLoss", examples(30, 2), labels)
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


def test_the_loop_in_the_readme_runs():
    code = re.search(
        r"```python\n(import torch\nfrom nets import Observer.*?)```", README.read_text(), re.DOTALL
    )
    names = {}
    exec(code[1].replace(".show()", ""), names)
    assert names["observer"].run.epoch == 50
