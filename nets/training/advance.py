"""Training: `advance` takes a run some epochs further."""

from collections.abc import Sequence
from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.network import Network
from nets.training.divergence import Divergence, first_not_finite
from nets.training.loop import TrainingLoop
from nets.training.run import Run, start, with_learning_rate
from nets.validate import require_whole

__all__ = ["Run", "advance", "rewind", "start", "train", "with_learning_rate"]

EPOCHS_AT_ONCE = 2**12
NUMBERS_AT_ONCE = 2**20  # outputs and parameters held back until they go into the history


def advance(run: Run, epochs: int = 1) -> Run:
    """Train for some epochs more and return the run as it is then; the given run stays.

    Stops by itself at the last epoch at which every parameter and the loss are finite;
    `divergence` then says what stopped it. Going on from there needs another learning rate.
    """
    require_whole("epochs", epochs, 0, 2**31)
    goal = run.epoch + epochs
    while run.epoch < goal and run.divergence is None:
        more = min(goal - run.epoch, epochs_at_once([run]))
        (trained,) = train([run], more)
        run = trained if is_finite(trained, more) else _stopped(run, trained)
    return run


def rewind(run: Run, epoch: int) -> Run:
    """Return the run as it was at an earlier epoch, exactly."""
    require_whole("epoch", epoch, 0, run.epoch)
    if epoch == run.epoch:
        return run
    kept, parameters, memory = run.history.nearest(epoch)
    past = replace(
        run,
        network=run.network.with_parameters(parameters.clone()),
        memory=memory.clone(),
        history=run.history.until(kept),
        divergence=None,
    )
    for begin, rate in run.history.rates:
        if kept < begin <= epoch:
            past = with_learning_rate(advance(past, begin - past.epoch), rate)
    return advance(past, epoch - past.epoch)


def train(runs: Sequence[Run], epochs: int) -> list[Run]:
    """Take runs that fit together the same number of epochs further, finite or not."""
    first, last = runs[0].epoch + 1, runs[0].epoch + epochs
    stride = max(run.history.stride_for(last) for run in runs)
    training = taken_up(runs[0]) if len(runs) == 1 else TrainingLoop(runs)
    losses, rows = training.epochs(range(first, last + 1), stride)
    tested = None if training.unseen is None else training.unseen.losses
    if len(runs) == 1:
        network, memory = training.network.copy(), training.memory.clone()
        run = _gone_on(runs[0], network, memory, losses, rows, tested, stride)
        return [replace(run, continuation=Continuation(training, run))]
    networks = map(training.network.with_parameters, training.network.parameters.unbind())
    memories = training.memory.unbind()
    tests = [None] * len(runs) if tested is None else tested.unbind(1)
    pasts = zip(losses.unbind(1), rows.unbind(1), tests, strict=True)
    return [
        _gone_on(run, network, memory, *past, stride)
        for run, network, memory, past in zip(runs, networks, memories, pasts, strict=True)
    ]


class Continuation:
    """A training that stands where a run's network does, for whoever goes on from it first.

    Making what a training needs takes longer than an epoch of a small network.
    """

    def __init__(self, training: TrainingLoop, run: Run) -> None:
        """Keep a training whose numbers are those of a run."""
        self._free, self._belongings = [training], _belongings(run)

    def take(self, run: Run) -> TrainingLoop | None:
        """Hand the training out, once; two threads cannot both have it."""
        own = zip(self._belongings, _belongings(run), strict=True)
        if not all(mine is other for mine, other in own):
            return None
        try:
            return self._free.pop()
        except IndexError:
            return None


def _belongings(run: Run) -> tuple[object, ...]:
    return run.config, run.data, run.test, run.network, run.memory


def taken_up(run: Run) -> TrainingLoop:
    """Go on with the training that led to a run, if nobody has, or begin another one there."""
    training = run.continuation.take(run) if run.continuation else None
    if training is None:
        return TrainingLoop([run])
    training.continue_with(run)
    return training


def _gone_on(
    run: Run,
    network: Network,
    memory: Float[Tensor, " remembered"],
    losses: Float[Tensor, " epochs"],
    rows: Float[Tensor, "rows parameters_and_memory"],
    tested: Float[Tensor, " epochs"] | None,
    stride: int,
) -> Run:
    history = run.history.thinned(stride).with_more(losses, rows, tested)
    return replace(run, network=network, memory=memory, history=history)


def epochs_at_once(runs: Sequence[Run]) -> int:
    """Say for how many epochs the outputs and parameters of these runs are held back together."""
    numbers = sum(
        run.data.targets.numel() + run.network.parameters.numel() + run.memory.numel()
        for run in runs
    )
    return max(1, min(EPOCHS_AT_ONCE, NUMBERS_AT_ONCE // numbers))


def is_finite(run: Run, epochs: int) -> bool:
    """Say whether every parameter now and every loss of the last epochs is a finite number."""
    losses = run.history.loss[-epochs:]
    return bool(run.network.parameters.isfinite().all() and losses.isfinite().all())


def _stopped(run: Run, trained: Run) -> Run:
    """Take a run to the last finite epoch on its way to what is not finite any more.

    Some parameter may cease to be finite before the loss does. No later epoch mends such a number,
    so halving the distance finds the place.
    """
    sound = trained.history.loss[run.epoch + 1 :].isfinite()
    last, beyond = 0, len(sound) if sound.all() else int(sound.long().argmin()) + 1
    while beyond - last > 1:
        middle = (last + beyond) // 2
        finite = is_finite(train([run], middle)[0], middle)
        last, beyond = (middle, beyond) if finite else (last, middle)
    run = train([run], last)[0] if last else run
    return replace(run, divergence=Divergence(_culprit(run), run.epoch + 1))


def _culprit(run: Run) -> str:
    """Name what stops being finite in the next epoch: a tensor of the four steps, or the loss."""
    training = TrainingLoop([run])
    with torch.inference_mode():
        for batch in training.batches.of_epoch(run.epoch + 1, training.seeds):
            training.step(batch)
            name = first_not_finite(training.network, batch.activity, batch.gradients)
            if name is not None:
                return name
    return "loss"
