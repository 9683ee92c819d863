"""Observer: a PyTorch loop of your own as a run, which `draw` and the page can show."""

from dataclasses import replace
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from nets.config import Config
from nets.data.datasets import OWN_DATA
from nets.data.examples import CLASSES, NUMBERS, Data
from nets.engine.activations import ACTIVATIONS
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.engine.network import Network
from nets.sharing.observed_file import history_of
from nets.sharing.torch_model import from_torch, linear_pairs
from nets.training.history import KEPT_NUMBERS
from nets.training.recipe import Epochs, Recipe, replay
from nets.training.run import Run
from nets.validate import require_choice


class Observer:
    """It notes the parameters and the loss of a model while your own loop trains it.

    The run that it gives is there to be looked at: its epochs are what was noted, and any of them
    can be shown again with `rewind`. The page opens it from `to_session_file(observer.recipe)`.
    """

    def __init__(self, model: Any, loss: Any = "MSELoss") -> None:
        """Begin with the model as it is now: epoch 0.

        Args:
            model: an `nn.Sequential` of linear layers and activations, the same one after every
                hidden layer.
            loss: a loss of torch.nn, or its name; a key of `LOSSES`.

        Raises:
            ValueError: if `Network.from_torch` refuses the model, if hidden layers differ in their
                activation, or for another loss.
        """
        self._model, self._network = model, from_torch(model).copy(torch.float32)
        self._config = _config_of(self._network, _name_of(loss))
        self._rows = [self._network.parameters]
        self._losses: list[Tensor] = []
        self._data: Data | None = None

    def note(self, inputs: Tensor, targets: Tensor) -> None:
        """Note the parameters as they are now, and their loss on these examples.

        Call it once an epoch, after the optimiser's step. The first call also measures the loss of
        epoch 0. The run shows the examples of the last call.

        Args:
            inputs: (N, n_input).
            targets: (N, n_output); for classes also their numbers, (N,).

        Raises:
            ValueError: if the examples do not fit the model, if a parameter is not finite, or if
                more epochs are noted than can be kept.
        """
        most = KEPT_NUMBERS // self._network.parameters.numel()
        if len(self._rows) >= most:
            raise ValueError(
                f"An Observer must note at most {most - 1} epochs of a network of this size; "
                "note every second or every tenth epoch instead."
            )
        data = _data_of(inputs, targets, self._config)
        pairs, kind = linear_pairs(self._model), self._network
        row = Network.filled(pairs, kind.sizes, kind.activations).parameters
        if not row.isfinite().all():
            raise ValueError("The model's parameters must be finite; some are infinite or missing.")
        if not self._losses:
            self._losses.append(self._measure(self._rows[0], data))
        self._rows.append(row)
        self._losses.append(self._measure(row, data))
        self._data = data

    def _measure(self, row: Float[Tensor, " n_parameters"], data: Data) -> Float[Tensor, ""]:
        output = forward(self._network.with_parameters(row), data.inputs).output
        return LOSSES[self._config.loss].value(output, data.targets)

    @property
    def recipe(self) -> Recipe:
        """What a session file holds: the examples and all epochs noted.

        Raises:
            ValueError: if nothing has been noted.
        """
        if self._data is None:
            raise ValueError(
                "An Observer must note at least one epoch: call note(inputs, targets)."
            )
        config = replace(self._config, examples=len(self._data))
        # The loss of epoch 0 is that on the examples of the first call.
        history = history_of(torch.stack(self._losses), torch.stack(self._rows), config)
        return Recipe(config, (Epochs(history.epoch),), self._data, history)

    @property
    def run(self) -> Run:
        """The run up to the last epoch noted.

        Raises:
            ValueError: if nothing has been noted.
        """
        return replay(self.recipe)


def _name_of(loss: Any) -> str:
    """Return the name of a loss; only torch's default, the mean over the examples, is known."""
    name = loss if isinstance(loss, str) else type(loss).__name__
    require_choice("loss", name, LOSSES)
    reduction = getattr(loss, "reduction", "mean")
    if reduction != "mean":
        raise ValueError(f"loss must have reduction='mean'; got {reduction!r}.")
    return name


def _config_of(network: Network, loss: str) -> Config:
    """Describe a model as the page does."""
    *hidden, output = [row.name for row in network.activations]
    if len(set(hidden)) > 1:
        raise ValueError(
            "All hidden layers must have the same activation, as on the page; "
            f"got {', '.join(hidden)}."
        )
    config = Config(network.sizes, output_activation=output, loss=loss, bias_rule="gradient")
    chosen = hidden[0] if hidden else next(iter(ACTIVATIONS))
    return replace(config, hidden_activation=chosen, reduction="mean", data=OWN_DATA.name)


def _data_of(inputs: Tensor, targets: Tensor, config: Config) -> Data:
    """Copy the examples; class numbers become a column for each class."""
    n_output, inputs, targets = config.sizes[-1], inputs.detach().cpu(), targets.detach().cpu()
    if targets.ndim == 1 and not targets.is_floating_point() and n_output > 1:
        if not 0 <= int(targets.min()) <= int(targets.max()) < n_output:
            raise ValueError(f"targets must be classes from 0 to {n_output - 1}.")
        targets = torch.eye(n_output)[targets]
    elif targets.ndim == 1:
        targets = targets[:, None]
    shape, expected = (inputs.shape[-1], targets.shape[-1]), (config.sizes[0], n_output)
    if shape != expected:
        raise ValueError(
            f"inputs and targets must have {expected[0]} and {expected[1]} columns; "
            f"got {shape[0]} and {shape[1]}."
        )
    zero_or_one = bool(((targets == 0) | (targets == 1)).all())
    one_each = n_output == 1 or bool((targets.sum(dim=1) == 1).all())
    return Data(inputs, targets, task=CLASSES if zero_or_one and one_each else NUMBERS)
