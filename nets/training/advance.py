"""Training: `advance` trains a run for some epochs, `rewind` returns to an earlier one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.activity import Activity, Gradients
from nets.engine.names import outputs_name
from nets.engine.network import Network
from nets.training.loop import TrainingLoop, open_loops
from nets.training.run import Divergence, Run, with_learning_rate
from nets.validate import require_whole

EPOCHS_AT_ONCE = 2**12
NUMBERS_AT_ONCE = 2**20  # outputs and parameters that wait until they go into the history


def advance(run: Run, epochs: int = 1) -> Run:
    """Train for some epochs and return the run as it is then; the given run does not change.

    Training stops at the last epoch at which every parameter and the loss are finite; `divergence`
    then says what stopped it. To continue from there, choose another learning rate.
    """
    require_whole("epochs", epochs, 0, 2**31)
    goal = run.epoch + epochs
    while run.epoch < goal and run.divergence is None:
        count = min(goal - run.epoch, epochs_at_once([run]))
        (trained,) = train([run], count)
        run = trained if is_finite(trained, count) else _until_divergence(run, trained)
    return run


def rewind(run: Run, epoch: int) -> Run:
    """Return the run as it was at an earlier epoch, exactly."""
    require_whole("epoch", epoch, 0, run.epoch)
    if epoch == run.epoch:
        return run
    kept, parameters, state = run.history.nearest(epoch)
    past = replace(
        run,
        network=run.network.with_parameters(parameters.clone()),
        optimizer_state=state.clone(),
        history=run.history.until(kept),
        divergence=None,
    )
    for begin, rate in run.history.rates:
        if kept < begin <= epoch:
            past = with_learning_rate(advance(past, begin - past.epoch), rate)
    return advance(past, epoch - past.epoch)


def train(runs: Sequence[Run], epochs: int) -> list[Run]:
    """Train runs side by side for the same number of epochs, whether they stay finite or not."""
    first, last = runs[0].epoch + 1, runs[0].epoch + epochs
    stride = max(run.history.stride_for(last) for run in runs)
    loop = open_loops.take(runs[0]) if len(runs) == 1 else TrainingLoop(runs)
    losses, rows = loop.train(range(first, last + 1), stride)
    test_losses = None if loop.held_out is None else loop.held_out.losses
    if len(runs) == 1:
        network, state = loop.network.copy(), loop.optimizer_state.clone()
        run = _trained(runs[0], network, state, losses, rows, test_losses, stride)
        open_loops.keep(run, loop)
        return [run]
    networks = map(loop.network.with_parameters, loop.network.parameters.unbind())
    states = loop.optimizer_state.unbind()
    tests = [None] * len(runs) if test_losses is None else test_losses.unbind(1)
    results = zip(networks, states, losses.unbind(1), rows.unbind(1), tests, strict=True)
    return [_trained(run, *result, stride) for run, result in zip(runs, results, strict=True)]


def _trained(
    run: Run,
    network: Network,
    state: Float[Tensor, " n_state"],
    losses: Float[Tensor, " epochs"],
    rows: Float[Tensor, "rows parameters_and_state"],
    test_losses: Float[Tensor, " epochs"] | None,
    stride: int,
) -> Run:
    history = run.history.thinned(stride).with_epochs(losses, rows, test_losses)
    return replace(run, network=network, optimizer_state=state, history=history)


def epochs_at_once(runs: Sequence[Run]) -> int:
    """Compute for how many epochs the outputs and parameters of these runs are kept at once."""
    numbers = sum(
        run.data.targets.numel() + run.network.parameters.numel() + run.optimizer_state.numel()
        for run in runs
    )
    return max(1, min(EPOCHS_AT_ONCE, NUMBERS_AT_ONCE // numbers))


def is_finite(run: Run, epochs: int) -> bool:
    """Check whether all parameters now and all losses of the last epochs are finite."""
    losses = run.history.loss[-epochs:]
    return bool(run.network.parameters.isfinite().all() and losses.isfinite().all())


def _until_divergence(run: Run, trained: Run) -> Run:
    """Train a run to its last finite epoch, knowing that it diverges on the way to `trained`.

    A parameter may stop being finite before the loss does. It never becomes finite again, so
    bisection finds the epoch.
    """
    finite = trained.history.loss[run.epoch + 1 :].isfinite()
    last, beyond = 0, len(finite) if finite.all() else int(finite.long().argmin()) + 1
    while beyond - last > 1:
        middle = (last + beyond) // 2
        is_before = is_finite(train([run], middle)[0], middle)
        last, beyond = (middle, beyond) if is_before else (last, middle)
    run = train([run], last)[0] if last else run
    return replace(run, divergence=Divergence(_cause(run), run.epoch + 1))


def _cause(run: Run) -> str:
    """Name what stops being finite in the next epoch: a tensor of the four steps, or the loss."""
    loop = TrainingLoop([run])
    with torch.inference_mode():
        for batch in loop.batches.of_epoch(run.epoch + 1, loop.seeds):
            loop.step(batch)
            name = first_not_finite(loop.network, batch.activity, batch.gradients)
            if name is not None:
                return name
    return "loss"


def first_not_finite(network: Network, activity: Activity, gradients: Gradients) -> str | None:
    """Name the first tensor of an update, in the order of computing, that is not finite."""
    for name, tensor in _in_order(network, activity, gradients):
        if not tensor.isfinite().all():
            return name
    return None


def _in_order(
    network: Network, activity: Activity, gradients: Gradients
) -> Iterator[tuple[str, Tensor]]:
    last = len(network.layers)
    for number, (z, a) in enumerate(zip(activity.sums, activity.outputs, strict=True), start=1):
        yield f"z{number}", z
        yield outputs_name(number, last), a
    for number, delta in reversed(list(enumerate(gradients.deltas, start=1))):
        yield f"delta{number}", delta
    for number, layer in enumerate(network.layers, start=1):
        yield f"w{number}", layer.weights
        yield f"b{number}", layer.biases
