"""Rising: whether the learning rate is what makes the loss rise."""

from nets.analysis.symptoms import RisingLoss
from nets.config import LOWEST_RATE
from nets.training.advance import advance, rewind
from nets.training.batches import number_of_batches
from nets.training.run import Run, with_learning_rate

# How many epochs back a rise of the loss is looked for: past a jump or two, and short of old news.
RECENT = 10
# By what share the loss must have risen, and by what share it must have fallen with a smaller rate:
# a rise that one sees in the chart, and a fall that is more than the rounding of a sum in float32.
RISE, FALL = 1e-3, 1e-5
# How many times smaller the learning rates are of which one must have lowered the loss where the
# present one raised it. If none did, the loss may have stood at its lowest already.
GENTLER = (1e1, 1e2, 1e4, 1e8, 1e12)
# Numbers through which those epochs may go again: half a second or so, and beyond it nothing is
# said of the learning rate. An update takes as long as so many numbers however few it has.
WORK, UPDATE = 2**27, 2**13


def rising_loss(run: Run) -> RisingLoss | None:
    """Compare the last epochs under the present learning rate with what a smaller one does.

    The loss is lower than before in a step along the gradient that is short enough, so that it
    rises because steps are too long. With mini-batches it may also rise because each has a gradient
    of its own. Therefore the same epochs are trained again, from the same weights.
    """
    since = max(run.epoch - RECENT, run.history.rates[-1][0])
    before = run.history.loss[since].item()
    if not run.loss > before * (1 + RISE) or _work(run) > WORK:
        return None
    past = rewind(run, since)
    for times in GENTLER:
        rate = max(run.learning_rate / times, LOWEST_RATE)
        gentler = advance(with_learning_rate(past, rate), run.epoch - since)
        if gentler.divergence is None and gentler.loss < before * (1 - FALL):
            return RisingLoss(since, before, run.loss, run.learning_rate, rate, gentler.loss)
    return None


def _work(run: Run) -> int:
    """Estimate what it takes to go back to a recent epoch, and forward again."""
    examples, epochs = len(run.data), run.history.stride + RECENT * len(GENTLER)
    updates = number_of_batches(examples, run.config.batch_size)
    return epochs * (examples * run.network.parameters.numel() + updates * UPDATE)
