"""Run: one network in training: what was chosen, where it is now, how it came here."""

from dataclasses import dataclass, field, replace
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from nets.config import Config, require_fit, require_learning_rate
from nets.data.datasets import ALL_DATASETS
from nets.data.examples import Data, DataRequest
from nets.data.features import with_features
from nets.data.split import split
from nets.engine.activations import ACTIVATIONS, FUSED
from nets.engine.compatibility import require_fitting_targets
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.engine.network import Network, initialize
from nets.engine.softmax import FOR_OUTPUTS
from nets.engine.update import initial_optimizer_state
from nets.seeds import stream
from nets.training.divergence import Divergence
from nets.training.history import History


@dataclass(frozen=True)
class Run:
    """A run never changes; training returns another.

    `data` is what is trained on, `test` what is kept aside, if anything. `memory` is what the
    optimiser remembers, flat; plain gradient descent remembers nothing. `continuation` belongs to
    training, which may go on from there with what it has made already.
    """

    config: Config
    data: Data
    network: Network
    history: History
    memory: Float[Tensor, " remembered"]
    divergence: Divergence | None = None
    test: Data | None = None
    continuation: Any = field(default=None, compare=False, repr=False)

    @property
    def epoch(self) -> int:
        """How many times the network has seen all examples."""
        return self.history.epoch

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next update."""
        return self.history.rates[-1][1]

    @property
    def loss(self) -> float:
        """The loss per example of the network as it is now."""
        return self.history.loss[-1].item()

    @property
    def test_loss(self) -> float | None:
        """The same of the data kept aside; None where there is none."""
        losses = self.history.test_loss
        return None if losses is None else losses[-1].item()


def start(config: Config, *, data: Data | None = None, network: Network | None = None) -> Run:
    """Begin a run: draw the data, then the first weights; keep some data aside. Epoch 0.

    Args:
        config: what was chosen.
        data: examples of one's own, instead of those that `config.data` names; with all the
            inputs that the network takes, derived ones too. They are split too.
        network: first weights and biases of one's own, copied in, instead of drawn ones.

    Raises:
        ValueError: if the sizes do not fit the data or the network, or the loss the targets, if no
            example can be spared for testing, or if own data are wanted and not given.
    """
    generator = stream(config.seed)
    if data is None:
        data = with_features(drawn(config, generator), config.derived)
    require_fit(config.sizes, (data.inputs.shape[1], data.targets.shape[1]))
    require_fitting_targets(config.loss, data.targets)
    # Only the notebook's own bias rule promises the notebook's last bit.
    functions = ACTIVATIONS if config.bias_rule == "notebook" else FUSED
    hidden = functions[config.hidden_activation]
    output = (functions | FOR_OUTPUTS)[config.output_activation]
    activations = [hidden] * (len(config.sizes) - 2) + [output]
    if network is None:
        network = initialize(config.sizes, activations, generator, config.first_weights)
    elif network.sizes != config.sizes:
        raise ValueError(f"sizes must be {network.sizes} to fit the network; got {config.sizes}.")
    else:
        network = Network.shaped(network.parameters.clone(), config.sizes, activations)
    data, test = kept_aside(config, data)
    losses = [_loss(config, network, part) for part in (data, test) if part is not None]
    memory, rate = (
        initial_optimizer_state(config.optimizer, network.parameters),
        config.learning_rate,
    )
    history = History.begun(losses[0], network.parameters, rate, memory, *losses[1:])
    return Run(config, data, network, history, memory, test=test)


def drawn(config: Config, generator: torch.Generator) -> Data:
    """Draw the data that a config names from the run's generator.

    Another sample has a stream of its own. The run's generator then goes on as if it had drawn the
    usual one, so that the first weights stay the same.
    """
    request = DataRequest(config.examples, config.sizes[0], config.sizes[-1], config.noise)
    source = ALL_DATASETS[config.data]
    data = source.make(request, generator)
    if config.data_seed is None or source.n_examples is not None:
        return data
    return source.make(request, stream(config.data_seed, "data"))


def kept_aside(config: Config, data: Data) -> tuple[Data, Data | None]:
    """Split data as a config wishes: what is trained on, and what is not, if anything."""
    if not config.test_fraction:
        return data, None
    seed = config.seed if config.data_seed is None else config.data_seed
    return split(data, config.test_fraction, stream(seed, "test split"))


def _loss(config: Config, network: Network, data: Data) -> Float[Tensor, ""]:
    return LOSSES[config.loss].value(forward(network, data.inputs).output, data.targets)


def with_learning_rate(run: Run, rate: float) -> Run:
    """Go on from where the run is with another learning rate."""
    history = run.history.with_rate(require_learning_rate(rate))
    return replace(run, history=history, divergence=None)
