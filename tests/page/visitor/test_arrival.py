"""A visitor who has left keeps only what repeats the run, and finds it again."""

import pickle
import threading
import time
from dataclasses import replace
from types import SimpleNamespace
from urllib.parse import parse_qsl

import torch

from nets import Epochs, LearningRate, read_data, replay
from nets.page.stage.address import address_of
from nets.page.stage.messages import StageState, message_for
from nets.page.visitor import memory
from nets.page.visitor.arrival import GONE, MOST_AWAY, Watch, in_turn, rest, wake
from nets.page.visitor.opening import begin_with
from nets.page.visitor.pending import continue_events
from nets.page.visitor.session import Session
from nets.presets import PRESETS, preset_for
from nets.sharing.link import from_query, to_query
from tests.visiting import arrive, visitor

KILOBYTE = 1000


def trained():
    session = Session.of(replace(PRESETS["spiral"], seed=3))
    for event in (Epochs(5), LearningRate(0.05), Epochs(3)):
        session.do(event)
    return session


def test_a_run_that_rested_is_the_same_to_the_last_bit():
    session = trained()
    before = session.run
    rest(session)
    wake(session)
    while session.pending:
        continue_events(session)
    assert session.run is not before
    assert session.recipe.config == before.config
    assert torch.equal(session.run.network.parameters, before.network.parameters)
    assert torch.equal(session.run.history.loss, before.history.loss)
    assert torch.equal(replay(session.recipe).network.parameters, before.network.parameters)


def test_a_session_at_rest_is_a_few_kilobytes():
    session, shown = trained(), StageState()
    session.on_rest = [shown.forget]
    message_for(session, shown, 40, logarithmic=False)
    number = shown.message["number"]
    rest(session)
    assert shown.plot is shown.style is None
    assert shown.message == {"number": number}
    assert numbers_of(session) < KILOBYTE
    assert len(pickle.dumps(session.resting)) < 5 * KILOBYTE


def numbers_of(session):
    """Count the numbers in the tensors that a session holds."""
    run = session.run
    tensors = run.data.inputs, run.data.targets, run.network.parameters, run.history.parameters
    return sum(tensor.numel() for tensor in tensors)


def test_only_visitors_who_were_away_for_long_rest():
    away, short, there = trained(), trained(), trained()
    ids, connected = {away: "a", short: "b", there: "c"}, {"a", "b", "c"}
    watch = Watch(connected.__contains__)
    connected.remove("a")
    watch.look(ids, 0.0)
    connected.remove("b")
    watch.look(ids, GONE / 2)
    watch.look(ids, GONE)
    assert [session.resting is not None for session in ids] == [True, False, False]
    connected |= {"a", "b"}
    watch.look(ids, GONE + 1)
    connected.remove("b")
    watch.look(ids, 2 * GONE)
    assert short.resting is None


def test_of_many_who_are_away_the_first_to_leave_rest_at_once():
    sessions = {trained(): str(number) for number in range(MOST_AWAY + 3)}
    watch = Watch(lambda one: False)
    for count in range(1, len(sessions) + 1):
        watch.look(dict(list(sessions.items())[:count]), float(count) / 10)
    resting = [session.resting is not None for session in sessions]
    assert resting == [True] * 3 + [False] * MOST_AWAY


def test_those_who_rested_are_named_once():
    sessions = {trained(): "a", trained(): "b"}
    watch = Watch(lambda one: one == "b")
    watch.look(sessions, 0.0)
    assert [watch.look(sessions, GONE + one) for one in range(3)] == [["a"], [], []]


def test_a_page_that_opens_behind_heavy_work_says_its_place_in_the_queue(monkeypatch):
    said = []
    note = SimpleNamespace(info=said.append, empty=lambda: said.append(""))
    monkeypatch.setattr("streamlit.empty", lambda: note)
    heavy = replace(PRESETS["digits"], sizes=(64, 64, 10), batch_size=1300, examples=1797)
    monkeypatch.setattr(memory.gate, "light", 0)

    def arrive():
        with in_turn(heavy):
            said.append("open")

    with memory.gate.through(memory.BUDGET):
        thread = threading.Thread(target=arrive)
        thread.start()
        while not said:
            time.sleep(0.001)
        assert "number 1 in the queue" in said[0]
    thread.join(10)
    assert said[1:] == ["", "open"]


def test_a_link_carries_weights_set_by_hand_to_the_last_bit():
    recipe = from_query({"data": "notebook", "steps": "w1[2,0]=0.1 3 b1[1]=-0.7 4"})
    page = arrive(**to_query(recipe))
    assert visitor(page).recipe == recipe
    assert visitor(page).run.history.loss.equal(replay(recipe).history.loss)


def test_a_weight_that_makes_the_loss_infinite_gets_a_sentence_and_the_rest_is_left_out():
    page = arrive(data="notebook", output_activation="linear", steps="3 b2[0]=1e30 5")
    assert visitor(page).run.epoch == 3
    assert "must be nearer to 0" in page.warning[0].value


def test_a_run_on_own_data_comes_back_while_the_server_has_the_data():
    own = read_data(b"a,b\n1,2\n2,3\n3,5\n4,8\n")
    session = Session.of(preset_for(own), own)
    session.do(Epochs(4))
    words = dict(parse_qsl(address_of(session, {}).query))
    guessed = begin_with(words | {"own": "0" * 32}, lambda *_: [])
    assert "does not carry your own data" in guessed.errors["address"]
    before = session.run
    rest(session)  # of which the data are a part
    back = begin_with(words, lambda *_: [])
    assert not back.errors
    assert torch.equal(back.run.network.parameters, before.network.parameters)
