"""An epoch that takes seconds can be stopped in the middle."""

import statistics
import time

import pytest

LONG_EPOCH = "data=circle&examples=10000&batch_size=1&test_fraction=0"
PROMPT = 0.3  # seconds


@pytest.mark.parametrize("work", ["train", "play"])
def test_an_epoch_of_seconds_can_be_stopped(visit, work):
    visitor, spans = visit(LONG_EPOCH), []
    for _ in range(3):
        begin(visitor, work)
        begun = time.perf_counter()
        visitor.change(**{"stop" if work == "train" else "play": True})
        visitor.until(lambda page: not page.running and not page.stage["more"])
        spans.append(time.perf_counter() - begun)
        assert visitor.page.exceptions == []
    assert statistics.median(spans) < PROMPT


def begin(visitor, work):
    """Begin to train, and return while the server is in the middle of an epoch."""
    if work == "train":
        box = next(key for key in visitor.page.on_page() if key.startswith("train_box"))
        visitor.do(**{box: True})
        visitor.do(train_epochs=100, train=True)
    else:
        visitor.do(speed="fastest", play=True)
    visitor.say(visitor.page.more())
    visitor.until(lambda page: page.running)
