"""Random streams: one a seed and purpose, and none of them global."""

import torch

from nets.seeds import MAX_SEED, stream


def drawn(*where):
    return torch.randn(8, generator=stream(*where))


def test_the_notebook_s_stream_is_that_of_manual_seed():
    before = torch.get_rng_state()
    torch.manual_seed(7)
    expected = torch.randn(8)
    torch.set_rng_state(before)
    assert torch.equal(drawn(7), expected)


def test_a_seed_and_a_purpose_give_the_same_numbers_again():
    assert torch.equal(drawn(3, "batch/1"), drawn(3, "batch/1"))


def test_every_seed_and_every_purpose_has_a_stream_of_its_own():
    streams = [(seed, purpose) for seed in (0, 1, MAX_SEED) for purpose in ("notebook", "a", "b")]
    assert len({tuple(drawn(*where).tolist()) for where in streams}) == len(streams)


def test_nothing_global_is_seeded_or_drawn_from():
    before = torch.get_rng_state()
    drawn(5, "anything")
    assert torch.equal(torch.get_rng_state(), before)
