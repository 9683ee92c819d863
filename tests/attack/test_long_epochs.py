"""Training can be stopped although its epochs are long."""

import pytest

LONG_EPOCH = "data=circle&examples=10000&batch_size=1&test_fraction=0"


@pytest.mark.parametrize("work", ["train", "play"])
def test_training_of_long_epochs_can_be_stopped(visit, work):
    visitor = visit(LONG_EPOCH)
    for _ in range(3):
        begin(visitor, work)
        visitor.change(**{"stop" if work == "train" else "play": True})
        visitor.until(lambda page: not page.running and not page.stage["more"])
        assert visitor.page.exceptions == []


def begin(visitor, work):
    """Begin to train, and return while the server trains."""
    if work == "train":
        box = next(key for key in visitor.page.on_page() if key.startswith("train_box"))
        visitor.do(**{box: True})
        visitor.do(train_epochs=1_000_000, train=True)
    else:
        visitor.do(speed="fastest", play=True)
    visitor.say(visitor.page.more())
    visitor.until(lambda page: page.running)
