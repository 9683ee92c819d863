"""Kept runs stay as they were, whatever becomes of the present run."""

from dataclasses import replace

import pytest
import torch

from nets import Data, Epochs, LearningRate
from nets.page.visitor import baselines
from nets.page.visitor.arrival import rest
from nets.page.visitor.baselines import (
    NAMES,
    count_changes,
    drawn_lines,
    keep,
    list_differences,
    read_word,
    write_word,
)
from nets.page.visitor.moments import Moment
from nets.page.visitor.pending import continue_events
from nets.page.visitor.session import Session
from nets.page.visitor.undo import return_to_moment, undo
from nets.presets import PRESETS, preset_for


@pytest.fixture
def session():
    session = Session.of(PRESETS["xor"])
    session.do(Epochs(30))
    session.baselines = keep(session.baselines, session)
    return session


def test_a_kept_run_comes_back_bit_for_bit_after_other_data(session):
    before = session.run
    session.begin(PRESETS["moons"])
    session.do(Epochs(3))
    (baseline,) = session.baselines
    session.note()
    return_to_moment(session, baseline.moment)
    assert session.run.network.parameters.equal(before.network.parameters)
    assert session.run.config == before.config
    undo(session)
    assert (session.run.config.data, session.run.epoch) == ("moons", 3)


def test_a_fifth_run_is_not_kept(session):
    for _ in range(5):
        session.do(Epochs(1))
        session.baselines = keep(session.baselines, session)
    assert [one.name for one in session.baselines] == [*NAMES]
    assert [one.epoch for one in session.baselines] == [30, 31, 32, 33]


def test_a_name_that_is_free_again_is_used_again(session):
    session.baselines = keep(session.baselines, session)
    session.baselines = session.baselines[1:]
    assert [one.name for one in keep(session.baselines, session)] == ["B", "A"]


def test_a_line_for_each_loss_ends_where_the_run_stood(session):
    session.begin(PRESETS["moons"])
    session.do(Epochs(4))
    session.baselines = keep(session.baselines, session)
    session.do(Epochs(4))
    lines = drawn_lines(session.baselines)
    assert {name: line["x"][-1] for name, line in lines.items()} == {"A": 30, "B": 4, "B, test": 4}
    assert lines["B, test"]["y"][-1] == pytest.approx(session.run.history.test_loss[4].item())


def test_a_visitor_who_was_away_can_still_return_to_a_kept_run(session):
    before = session.run.network.parameters.clone()
    rest(session)
    (baseline,) = session.baselines
    assert baseline.moment.run is None
    return_to_moment(session, baseline.moment)
    continue_events(session, seconds=60)
    assert session.run.network.parameters.equal(before)
    assert session.baselines == (baseline,)


def test_only_settings_that_differ_are_listed():
    xor = PRESETS["xor"]
    others = [xor, replace(xor, learning_rate=0.25), replace(xor, learning_rate=0.25, seed=3)]
    assert list_differences(others) == {
        "learning_rate": ["1", "0.25", "0.25"],
        "seed": ["0", "0", "3"],
    }


def test_changes_on_the_way_are_counted(session):
    assert count_changes(session.recipe) == 0
    session.do(LearningRate(0.5))
    assert count_changes(session.recipe) == 1


def test_the_word_of_an_address_brings_the_kept_runs_back_bit_for_bit(session):
    session.do(LearningRate(0.25))
    session.do(Epochs(5))
    session.baselines = keep(session.baselines, session)
    read = [one.repeated() for one in read_word(write_word(session.baselines))]
    assert [one.name for one in read] == ["A", "B"]
    for one, kept in zip(read, session.baselines, strict=True):
        assert one.lines == kept.lines
        assert (one.loss, one.epoch) == (kept.loss, kept.epoch)


@pytest.mark.parametrize("word", ["", "A", "A.x", "E.x", "A.x.A.x", "." * 50, "A." + "x" * 10_000])
def test_a_forged_word_gets_a_sentence(word):
    with pytest.raises(ValueError, match="must be"):
        read_word(word)


def test_kept_runs_that_take_too_much_memory_are_repeated_when_one_returns(session, monkeypatch):
    ends = [session.run.network.parameters]
    for _ in range(3):
        session.do(Epochs(30))
        ends.append(session.run.network.parameters)
        most = Moment.of(session).bytes_besides({}) + 100  # and some for the other recipes
        monkeypatch.setattr(baselines, "MOST_BYTES", most)
        session.baselines = keep(session.baselines, session)
    assert [one.moment.run is None for one in session.baselines] == [True, True, True, False]
    assert sum(one.moment.bytes_besides({}) for one in session.baselines) <= most
    for one, end in zip(session.baselines, ends, strict=True):
        session.note()
        return_to_moment(session, one.moment)
        continue_events(session, seconds=60)
        assert session.run.network.parameters.equal(end)


def test_a_run_whose_own_data_are_too_large_to_be_kept_gets_a_sentence(session, monkeypatch):
    monkeypatch.setattr(baselines, "MOST_BYTES", 1000)
    data = Data(torch.rand(100, 2), torch.rand(100, 1))
    session.begin(preset_for(data), data)
    with pytest.raises(ValueError, match="Remove one"):
        keep(session.baselines, session)
