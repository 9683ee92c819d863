"""A run: one network in training: what was chosen, where it is now, and its history."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from nets.config import Config, require_fit, require_learning_rate
from nets.data.datasets import ALL_DATASETS
from nets.data.examples import Data, DataRequest
from nets.data.features import with_features
from nets.data.split import split
from nets.data.textbooks import BOOK
from nets.engine.activations import ACTIVATIONS, Activation
from nets.engine.compatibility import require_fitting_targets
from nets.engine.forward import forward
from nets.engine.four_steps import LearningRule
from nets.engine.losses import LOSSES
from nets.engine.network import Network, initialize, place_of
from nets.engine.optimizers import initial_optimizer_state
from nets.engine.regularization import Regularization
from nets.engine.softmax import FOR_OUTPUTS
from nets.seeds import stream
from nets.training.history import History

# For training that need not match the notebook's bits.
FUSED = {
    name: replace(row, value=row.fused or row.value, back=row.fused_back)
    for name, row in ACTIVATIONS.items()
}


@dataclass(frozen=True)
class Divergence:
    """Which number first stopped being finite, and in which epoch.

    The run itself stays at the epoch before, the last one with finite numbers only.

    Attributes:
        tensor: by the notebook's name: z1, a1, output, delta2, w1, b1, or loss.
        epoch: in which it stopped being finite.
    """

    tensor: str
    epoch: int


@dataclass(frozen=True, eq=False)
class Run:
    """One network in training. A run never changes; training returns another one.

    Attributes:
        config: what was chosen before epoch 0.
        data: the training data.
        network: as it is now.
        history: the loss of every epoch, and parameters to return to any epoch.
        optimizer_state: what the optimiser keeps between updates, flat; empty for gradient descent.
        divergence: what stopped being finite, if anything did.
        test: the test data, if any; the network never learns from them.
    """

    config: Config
    data: Data
    network: Network
    history: History
    optimizer_state: Float[Tensor, " n_state"]
    divergence: Divergence | None = None
    test: Data | None = None

    @property
    def epoch(self) -> int:
        """How many times the network has seen all training examples."""
        return self.history.epoch

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next update."""
        return self.history.rates[-1][1]

    @property
    def loss(self) -> float:
        """The loss per example of the network as it is now, on the training data."""
        return self.history.loss[-1].item()

    @property
    def test_loss(self) -> float | None:
        """The loss per example on the test data; None without test data."""
        losses = self.history.test_loss
        return None if losses is None else losses[-1].item()


def start(config: Config, *, data: Data | None = None, network: Network | None = None) -> Run:
    """Begin a run at epoch 0: draw the data, then the first weights; hold out the test data.

    Args:
        config: what was chosen.
        data: your own examples, instead of those that `config.data` names; with all the inputs
            that the network takes, derived ones too. Test data are held out of them too.
        network: your own first weights and biases, copied in, instead of drawn ones.

    Raises:
        ValueError: if the sizes do not fit the data or the network, if the loss does not fit the
            targets, if no example can be held out, or if own data are missing.
    """
    generator = stream(config.seed)
    if data is None:
        data = with_features(draw_data(config, generator), config.derived)
    require_fit(config.sizes, (data.inputs.shape[1], data.targets.shape[1]))
    require_fitting_targets(config.loss, data.targets)
    activations = activations_of(config)
    if network is None:
        network = first_network(config, activations, generator)
    elif network.sizes != config.sizes:
        raise ValueError(f"sizes must be {network.sizes} to fit the network; got {config.sizes}.")
    else:
        network = Network.shaped(network.parameters.clone(), config.sizes, activations)
    data, test = hold_out(config, data)
    losses = _losses(config, network, data, test)
    state = initial_optimizer_state(config.optimizer, network.parameters)
    rate = config.learning_rate
    history = History.begin(losses[0], network.parameters, rate, state, *losses[1:])
    return Run(config, data, network, history, state, test=test)


def first_network(
    config: Config, activations: list[Activation], generator: torch.Generator
) -> Network:
    """Draw the first weights and biases, or take those of a textbook."""
    book = ALL_DATASETS[config.data].textbook
    if config.first_weights != BOOK or book is None:
        return initialize(config.sizes, activations, generator, config.first_weights)
    pairs = [(torch.tensor(weights), torch.tensor(biases)) for weights, biases in book.layers]
    return Network.filled(pairs, config.sizes, activations)


def activations_of(config: Config) -> list[Activation]:
    """Look up each layer's activation, exact to the last bit for the notebook's rule only."""
    functions = ACTIVATIONS if config.bias_rule == "notebook" else FUSED
    hidden = functions[config.hidden_activation]
    output = (functions | FOR_OUTPUTS)[config.output_activation]
    return [hidden] * (len(config.sizes) - 2) + [output]


def learning_rule(config: Config) -> LearningRule:
    """Collect what an update of this config descends."""
    regularization = Regularization(config.l1, config.l2) if config.l1 or config.l2 else None
    return LearningRule(LOSSES[config.loss], config.bias_rule, config.reduction, regularization)


def draw_data(config: Config, generator: torch.Generator) -> Data:
    """Draw the data that a config names, from the run's generator.

    With a `data_seed` they come from a random stream of that seed. The run's generator is then
    used in the same way, so that the first weights stay the same.
    """
    request = DataRequest(config.examples, config.sizes[0], config.sizes[-1], config.noise)
    source = ALL_DATASETS[config.data]
    data = source.make(request, generator)
    if config.data_seed is None or source.n_examples is not None:
        return data
    return source.make(request, stream(config.data_seed, "data"))


def hold_out(config: Config, data: Data) -> tuple[Data, Data | None]:
    """Split data into training data and test data, if the config has a test fraction."""
    if not config.test_fraction:
        return data, None
    seed = config.seed if config.data_seed is None else config.data_seed
    return split(data, config.test_fraction, stream(seed, "test split"))


def _losses(
    config: Config, network: Network, data: Data, test: Data | None
) -> list[Float[Tensor, ""]]:
    """Compute the loss per example: on the training data, then on the test data, if any."""
    value = LOSSES[config.loss].value
    return [
        value(forward(network, part.inputs).output, part.targets)
        for part in (data, test)
        if part is not None
    ]


def with_learning_rate(run: Run, rate: float) -> Run:
    """Return the run with another learning rate from its present epoch on."""
    history = run.history.with_rate(require_learning_rate(rate))
    return replace(run, history=history, divergence=None)


def with_parameters(run: Run, values: Mapping[str, float]) -> Run:
    """Return the run with some weights or biases set by hand in its present epoch.

    Args:
        run: the run, which does not change.
        values: by the code's names: w1[2, 0] or b1[0].

    Raises:
        ValueError: if the network has no such parameter, or if the loss would not be finite.
    """
    places = {place_of(name, run.network.sizes): value for name, value in values.items()}
    changed = with_values(run, places)
    losses = [changed.loss, *([] if changed.test_loss is None else [changed.test_loss])]
    if not all(map(math.isfinite, losses)):
        wrong = max(values, key=lambda name: abs(values[name]))
        raise ValueError(
            f"{wrong} must be nearer to 0, because the loss would not be a finite number; "
            f"got {values[wrong]:g}."
        )
    return changed


def with_values(run: Run, values: Mapping[int, float]) -> Run:
    """Do as `with_parameters` does, with places in the flat parameters instead of names."""
    network = run.network.copy()
    for place, value in values.items():
        network.parameters[place] = value
    losses = _losses(run.config, network, run.data, run.test)
    row = torch.cat((network.parameters, run.optimizer_state))
    history = run.history.with_values(values, losses[0], row, *losses[1:])
    return replace(run, network=network, history=history, divergence=None)
