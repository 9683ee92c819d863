"""Random streams: one for each seed and purpose, none of them global."""

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


def test_the_same_seed_and_purpose_give_the_same_numbers():
    assert torch.equal(drawn(3, "batch/1"), drawn(3, "batch/1"))


def test_no_two_seeds_or_purposes_share_a_stream():
    streams = [(seed, purpose) for seed in (0, 1, MAX_SEED) for purpose in ("notebook", "a", "b")]
    assert len({tuple(drawn(*where).tolist()) for where in streams}) == len(streams)


def test_the_global_generator_is_not_touched():
    before = torch.get_rng_state()
    drawn(5, "anything")
    assert torch.equal(torch.get_rng_state(), before)
