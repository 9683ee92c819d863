"""Training: a run is a network on its way, and `advance` takes it some epochs further."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

import torch
from torch import Tensor

from nets.activations import ACTIVATIONS
from nets.backprop import backward
from nets.batches import Batches
from nets.config import Config, require_learning_rate, require_whole
from nets.datasets import DATASETS, Data
from nets.divergence import Divergence, first_not_finite
from nets.forward import forward
from nets.history import History, Record
from nets.losses import LOSSES
from nets.network import Activity, Gradients, Network, initialize
from nets.seeds import stream
from nets.update import update

OUTPUTS_AT_ONCE = 2**18  # outputs held back until the losses of their epochs are taken from them


@dataclass(frozen=True)
class Run:
    """One network in training: what was chosen, where it is now, how it came here.

    A run never changes; `advance` returns another.
    """

    config: Config
    data: Data
    network: Network
    history: History
    divergence: Divergence | None = None

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


def start(config: Config, *, data: Data | None = None, network: Network | None = None) -> Run:
    """Begin a run: draw the data, then the first weights. Epoch 0.

    Args:
        config: what was chosen.
        data: examples of one's own, instead of those that `config.data` names.
        network: first weights and biases of one's own, copied in, instead of drawn ones.

    Raises:
        ValueError: if the sizes do not fit the data or the network.
    """
    generator = stream(config.seed)
    n_input, n_output = config.sizes[0], config.sizes[-1]
    if data is None:
        data = DATASETS[config.data].make((config.examples, n_input, n_output), generator)
    for field, size, columns in (
        ("n_input", n_input, data.inputs.shape[1]),
        ("n_output", n_output, data.targets.shape[1]),
    ):
        if size != columns:
            raise ValueError(f"{field} must be {columns} to fit the data; got {size}.")
    hidden, output = ACTIVATIONS[config.hidden_activation], ACTIVATIONS[config.output_activation]
    activations = [hidden] * (len(config.sizes) - 2) + [output]
    if network is None:
        network = initialize(config.sizes, activations, generator)
    elif network.sizes != config.sizes:
        raise ValueError(f"sizes must be {network.sizes} to fit the network; got {config.sizes}.")
    else:
        network = Network.shaped(network.parameters.clone(), config.sizes, activations)
    loss = LOSSES[config.loss].value(forward(network, data.inputs).output, data.targets)
    history = History(
        loss=loss.reshape(1),
        kept=torch.tensor([0]),
        parameters=network.parameters.reshape(1, -1),
        rates=((0, config.learning_rate),),
    )
    return Run(config, data, network, history)


def advance(run: Run, epochs: int = 1) -> Run:
    """Train for some epochs more and return the run as it is then; the given run stays.

    Stops by itself at the last epoch at which every parameter and the loss are finite;
    `divergence` then says what stopped it. Going on from there needs another learning rate.
    """
    require_whole("epochs", epochs, 0, 2**31)
    goal = run.epoch + epochs
    at_once = max(1, OUTPUTS_AT_ONCE // run.data.targets.numel())
    while run.epoch < goal and run.divergence is None:
        more = min(goal - run.epoch, at_once)
        trained = _train(run, more)
        run = trained if _is_finite(trained) else _stopped(run, more)
    return run


def with_learning_rate(run: Run, rate: float) -> Run:
    """Go on from where the run is with another learning rate."""
    require_learning_rate(rate)
    earlier = tuple(entry for entry in run.history.rates if entry[0] < run.epoch)
    history = replace(run.history, rates=(*earlier, (run.epoch, rate)))
    return replace(run, history=history, divergence=None)


def rewind(run: Run, epoch: int) -> Run:
    """Return the run as it was at an earlier epoch, exactly."""
    require_whole("epoch", epoch, 0, run.epoch)
    if epoch == run.epoch:
        return run
    kept, parameters = run.history.nearest(epoch)
    past = replace(
        run,
        network=run.network.with_parameters(parameters.clone()),
        history=run.history.until(kept),
        divergence=None,
    )
    for begin, rate in run.history.rates:
        if kept < begin <= epoch:
            past = with_learning_rate(advance(past, begin - past.epoch), rate)
    return advance(past, epoch - past.epoch)


def _train(run: Run, epochs: int) -> Run:
    """Go through all examples, epochs times, with a copy of the network."""
    network, record = run.network.copy(), Record(run.history, epochs)
    step = _four_steps(run, network)
    batches = Batches(run.data, network, run.config.batch_size, run.config.seed)
    outputs = network.parameters.new_empty(epochs + 1, *run.data.targets.shape)
    with torch.inference_mode():
        for epoch, output, row in zip(count(run.epoch + 1), outputs[:-1].unbind(), record.rows):
            for x, y, activity, gradients in batches.of_epoch(epoch):
                step(x, y, activity, gradients)
            output.copy_(batches.before.output)
            if row is not None:
                row.copy_(network.parameters)
        outputs[-1] = forward(network, batches.inputs).output
        losses = LOSSES[run.config.loss].value(outputs, batches.targets)
    return replace(run, network=network, history=record.history(losses[1:]))


def _four_steps(
    run: Run, network: Network
) -> Callable[[Tensor, Tensor, Activity, Gradients], None]:
    """The update of a network by one batch, as the run's config wants it."""
    loss, bias_rule, reduction = LOSSES[run.config.loss], run.config.bias_rule, run.config.reduction
    rate = torch.tensor(run.learning_rate, dtype=network.parameters.dtype)
    change = torch.empty_like(network.parameters)

    def step(x: Tensor, y: Tensor, activity: Activity, gradients: Gradients) -> None:
        forward(network, x, activity)
        backward(
            network, activity, y, loss, bias_rule=bias_rule, reduction=reduction, out=gradients
        )
        update(network, gradients, rate, change)

    return step


def _is_finite(run: Run) -> bool:
    """Say whether every loss so far and every parameter now is a finite number."""
    return bool(run.history.loss.isfinite().all() and run.network.parameters.isfinite().all())


def _stopped(run: Run, epochs: int) -> Run:
    """Take a run to its last finite epoch, which lies within the next `epochs`.

    No later epoch mends a number that is not finite, so halving the distance finds the place.
    """
    last, beyond = 0, epochs
    while beyond - last > 1:
        middle = (last + beyond) // 2
        last, beyond = (middle, beyond) if _is_finite(_train(run, middle)) else (last, middle)
    run = _train(run, last) if last else run
    return replace(run, divergence=Divergence(_culprit(run), run.epoch + 1))


def _culprit(run: Run) -> str:
    """Name what stops being finite in the next epoch: a tensor of the four steps, or the loss."""
    network = run.network.copy()
    step = _four_steps(run, network)
    batches = Batches(run.data, network, run.config.batch_size, run.config.seed)
    with torch.inference_mode():
        for batch in batches.of_epoch(run.epoch + 1):
            step(*batch)
            name = first_not_finite(network, *batch[2:])
            if name is not None:
                return name
    return "loss"
