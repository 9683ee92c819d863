"""The training loop: the four steps for every batch of every epoch."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from weakref import WeakKeyDictionary

import torch
from jaxtyping import Float
from torch import Tensor

from nets.config import Config
from nets.engine.activity import apply_thread_count
from nets.engine.four_steps import LearningRule, four_steps
from nets.engine.losses import LOSSES
from nets.engine.network import Network
from nets.engine.regularization import Regularization
from nets.engine.update import OPTIMIZERS, GradientDescent, TorchOptimizer
from nets.training.batches import Batch, Batches, HeldOut, output_buffer, stacked
from nets.training.run import Run

MAX_RECORDED_BATCHES = 2**8  # a batch's recorded calls take 5 kB


def learning_rule(config: Config) -> LearningRule:
    """Collect what an update of this config descends."""
    regularization = Regularization(config.l1, config.l2) if config.l1 or config.l2 else None
    return LearningRule(LOSSES[config.loss], config.bias_rule, config.reduction, regularization)


class TrainingLoop:
    """A copy of a run's network in training, with all tensors that the four steps need.

    Several runs that share all but seed, learning rate and the numbers in their data can train
    side by side: every tensor then has one more axis in front, with one entry for each run.

    Attributes:
        state: the parameters, then the optimiser's state, flat; both change in place.
        losses, rows: what the last training recorded; see `updates`.
    """

    def __init__(self, runs: Sequence[Run], batch: int = 0) -> None:
        """Begin with the networks of these runs, before this update of their next epoch."""
        first, config = runs[0], runs[0].config
        dtype, n_parameters = first.network.parameters.dtype, len(first.network.parameters)
        self.losses: Float[Tensor, " epochs *many"] = first.history.loss[:0]
        self.rows: Float[Tensor, " rows *many _"] = first.history.parameters[:0]
        self.seeds = [run.config.seed for run in runs]
        self.rule = learning_rule(config)
        self.state = stacked(
            [torch.cat((run.network.parameters, run.optimizer_state.to(dtype))) for run in runs]
        )
        self.network = first.network.with_parameters(self.state[..., :n_parameters])
        self.batches = Batches(
            self.network,
            stacked([run.data.inputs.to(dtype) for run in runs]),
            stacked([run.data.targets.to(dtype) for run in runs]),
            config.batch_size,
            augmented=config.bias_rule == "gradient",
        )
        self._tests = [run.test for run in runs if run.test is not None]
        if OPTIMIZERS[config.optimizer].torch_class:
            updates = first.epoch * len(self.batches.batches) + batch
            self.optimizer = TorchOptimizer(
                config.optimizer, self.network, self.optimizer_state, updates
            )
        else:
            self.optimizer = GradientDescent(self.network)
        self.optimizer.set_rates([run.learning_rate for run in runs])
        # An optimiser of torch.optim counts its updates in Python, which a record cannot repeat.
        by_hand = isinstance(self.optimizer, GradientDescent)
        self._records = by_hand and len(self.batches.batches) <= MAX_RECORDED_BATCHES

    @property
    def optimizer_state(self) -> Float[Tensor, "*many n_state"]:
        """What the optimiser keeps between updates: a view."""
        return self.state[..., self.network.parameters.shape[-1] :]

    @cached_property
    def held_out(self) -> HeldOut | None:
        """The test data, if there are any."""
        if not self._tests:
            return None
        dtype = self.network.parameters.dtype
        return HeldOut(
            self.network,
            stacked([test.inputs.to(dtype) for test in self._tests]),
            stacked([test.targets.to(dtype) for test in self._tests]),
            self.rule.loss.value,
            augmented=self.batches.augmented,
        )

    def step(self, batch: Batch) -> None:
        """Update the network once, from this batch."""
        if self._records:
            batch.calls.do(self._four_steps, batch)
        else:
            self._four_steps(batch)

    def _four_steps(self, batch: Batch) -> None:
        x, y, activity, gradients = batch.inputs, batch.targets, batch.activity, batch.gradients
        four_steps(self.network, x, y, self.rule, self.optimizer, activity, gradients)

    def train(self, epochs: range, stride: int) -> None:
        """Train for these epochs; see `updates`."""
        with torch.inference_mode():
            for _ in self.updates(epochs, stride):
                pass

    def updates(self, epochs: range, stride: int) -> Iterator[None]:
        """Train for these epochs, in inference mode, with a pause after every update.

        At the end `losses` has the loss after each epoch, (epochs, *many), and `rows` the `state`
        after every epoch that `stride` divides; `held_out` has the losses of the test data.
        """
        batches, state, held_out = self.batches, self.state, self.held_out
        if held_out is not None:
            held_out.begin(len(epochs))
        count = len(range(-epochs[0] % stride, len(epochs), stride))
        rows = state.new_empty(count, *state.shape)
        losses = state.new_empty(len(epochs) + 1, *state.shape[:-1])
        # The outputs before each epoch wait in a buffer until their losses are computed at once.
        outputs = output_buffer(batches.output, len(epochs))
        free_rows, places = iter(rows.unbind()), outputs.unbind()
        for begin in range(0, len(epochs), len(places)):
            block = epochs[begin : begin + len(places)]
            for epoch, output in zip(block, places, strict=False):
                if batches.shuffles and epoch > epochs[0]:
                    batches.predict()
                for batch in batches.of_epoch(epoch, self.seeds):
                    self.step(batch)
                    yield
                output.copy_(batches.output)
                if held_out is not None:
                    held_out.note()
                if epoch % stride == 0:
                    next(free_rows).copy_(state)
            losses[begin : begin + len(block)] = self._loss(outputs[: len(block)])
        batches.predict()
        losses[-1] = self._loss(batches.output)
        self.losses, self.rows = losses[1:], rows

    def _loss(
        self, outputs: Float[Tensor, "*epochs_and_many batch n_output"]
    ) -> Float[Tensor, "*epochs_and_many"]:
        return self.rule.loss.value(outputs, self.batches.targets)


class _OpenLoops:
    """Training loops kept ready, so that the next `advance` need not build one.

    A loop is kept for as long as somebody has the network that it led to.
    """

    def __init__(self) -> None:
        self._loops: WeakKeyDictionary[Network, tuple[TrainingLoop, tuple[object, ...]]] = (
            WeakKeyDictionary()
        )

    def keep(self, run: Run, loop: TrainingLoop) -> None:
        """Keep a loop whose parameters are those of a run."""
        self._loops[run.network] = loop, _inputs(run)

    def take(self, run: Run) -> TrainingLoop:
        """Return a loop that begins with this run: the one kept for it, or a new one.

        A kept loop is taken out, so two threads never get the same one.
        """
        loop, inputs = self._loops.pop(run.network, (None, ()))
        same = all(one is other for one, other in zip(inputs, _inputs(run), strict=False))
        if loop is None or not same:
            return TrainingLoop([run])
        apply_thread_count()
        loop.optimizer.set_rates([run.learning_rate])
        return loop


def _inputs(run: Run) -> tuple[object, ...]:
    """What a loop was built from, besides the network."""
    return run.config, run.data, run.test, run.optimizer_state


open_loops = _OpenLoops()
