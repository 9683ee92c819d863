"""The panel Compare: networks that differ in one setting, of which one may become the run."""

from urllib.parse import parse_qsl

import pytest

from nets import read_data
from nets.page.panels import compare
from nets.page.stage import address
from nets.page.stage.address import address_of, fan_word, what_a_link_lacks
from nets.page.visitor.arrival import rest
from nets.page.visitor.baselines import keep, write_word
from nets.page.visitor.fans import Asked, ask, obey_word
from nets.page.visitor.kept import ASKED
from nets.page.visitor.session import Session
from nets.presets import PRESETS, preset_for
from tests.visiting import arrive, text_of, type_into, visitor


def sweep(page, epochs=5):
    page.session_state["panel"] = "Compare"
    page.run()
    type_into(page, "sweep_epochs", epochs)
    page.button(key="sweep").click().run()
    return page


def table(page):
    return next(one for one in page.get("html") if "Where each" in one.proto.body).proto.body


def texts(page):
    return " ".join(text_of(one.proto.body) for one in page.get("html"))


def test_the_panel_says_which_network_is_the_best():
    page = sweep(arrive(data="xor"))
    assert any("The best learning rate is" in one.value for one in page.markdown)
    assert "Where each network ended" in texts(page)


def test_a_chosen_network_becomes_the_run():
    page = sweep(arrive(data="xor"))
    page.selectbox(key="sweep_value").set_value("0.178").run()
    page.button(key="use_trial").click().run()
    run = visitor(page).run
    assert (run.learning_rate, run.epoch, run.config.data) == (0.178, 5, "xor")
    assert page.text_input(key="learning_rate").value == "0.178"


@pytest.mark.parametrize("nonsense", ["", "0", "many", "1e9"])
def test_nonsense_for_the_epochs_gets_a_sentence_and_trains_nothing(nonsense):
    page = sweep(arrive(data="xor"), nonsense)
    assert any("number of epochs must be a whole number" in one.value for one in page.error)
    assert "Where each network ended" not in texts(page)


def test_a_kept_run_is_in_the_table_and_can_be_returned_to_and_removed():
    page = arrive(data="xor", steps="20")
    page.session_state["panel"] = "Compare"
    page.run()
    page.button(key="keep_run").click().run()
    type_into(page, "learning_rate", 0.25)
    assert "A" in texts(page)
    assert "Learning rate" in texts(page)
    page.button(key="return_A").click().run()
    assert visitor(page).run.learning_rate == 1
    assert page.text_input(key="learning_rate").value == "1"
    page.button(key="remove_A").click().run()
    assert visitor(page).baselines == ()


def test_runs_that_came_with_a_link_are_repeated_whatever_panel_is_open():
    page = arrive(data="xor", steps="20")
    session = visitor(page)
    session.baselines = keep(session.baselines, session)
    page = arrive(data="moons", kept=write_word(session.baselines))
    assert not visitor(page).errors
    (baseline,) = visitor(page).baselines
    assert baseline.loss == session.run.loss
    page.session_state["panel"] = "Compare"
    page.run()
    assert "xor" in texts(page)


def test_f5_brings_the_networks_back_also_when_the_run_is_another():
    page = sweep(arrive(data="xor"))
    page.selectbox(key="sweep_value").set_value("0.178").run()
    page.button(key="use_trial").click().run()
    query = address_of(visitor(page), page.session_state).query
    again = arrive(**dict(parse_qsl(query)))
    assert not again.warning
    assert table(again) == table(page)
    assert again.text_input(key="sweep_epochs").value == "5"


def test_networks_that_take_long_are_left_to_a_click():
    session = Session.of(PRESETS["digits"])
    state = {}
    ask(state, Asked(session.recipe.config, "Seed", 50_000))
    page = arrive(**dict(parse_qsl(address_of(session, state).query)), panel="compare")
    assert "too long to be trained again" in page.warning[0].value
    assert "Where each network ended" not in texts(page)
    assert page.text_input(key="sweep_epochs").value == "50000"
    assert page.segmented_control(key="sweep_setting").value == "Seed"


@pytest.mark.parametrize(
    "word", ["", "seed", "seed.5", "seed.5.zz.5", "colour.5.eJw", "seed.x.eJw"]
)
def test_another_word_for_networks_gets_a_sentence(word):
    page = arrive(data="xor", fan=word, panel="compare")
    assert "The page obeys the rest" in page.warning[0].value


@pytest.mark.parametrize("letters", [20, 2000])
def test_the_page_says_if_a_link_has_no_room_for_the_networks(monkeypatch, letters):
    monkeypatch.setattr(address, "MOST_LETTERS", letters)
    session, state = Session.of(PRESETS["or"]), {}
    ask(state, Asked(session.recipe.config, "Seed", 3))
    has_room = "fan" in dict(parse_qsl(address_of(session, state).query))
    assert has_room == (letters == 2000)
    assert ("no room for the networks" in what_a_link_lacks(session, state)) == (not has_room)


def test_a_sweep_of_own_data_comes_back_with_them():
    own = read_data(b"a,b\n1,2\n2,3\n3,5\n4,8\n")
    session, state = Session.of(preset_for(own), own), {}
    ask(state, Asked(session.recipe.config, "Seed", 3, own))
    again = {}
    obey_word(fan_word(session, state)["fan"], own, again)
    assert again["kept"][ASKED][-1].of == state["kept"][ASKED][-1].of
    assert fan_word(Session.of(PRESETS["xor"]), state) == {}


def test_a_sweep_ends_at_its_time_limit(monkeypatch):
    monkeypatch.setattr(compare, "MOST_SECONDS", 0)
    page = sweep(arrive(data="xor"), 100_000)
    assert any("Stopped after" in one.value for one in page.markdown)
    assert "Where each network ended" in texts(page)


@pytest.fixture
def at_work(monkeypatch):
    """Begin a sweep that takes long, in another thread; return its page and its work."""
    page = arrive(data="xor")
    monkeypatch.setattr("nets.page.visitor.kept.is_served", lambda: True)
    sweep(page, 100_000)
    return page, page.session_state["kept"].works[compare.SWEEP]


def test_stop_ends_a_sweep_and_shows_how_far_it_came(at_work):
    page, work = at_work
    assert not work.is_over
    page.button(key="stop_sweep").click().run()
    work.result(30)
    page.run()
    assert any("Stopped after" in one.value for one in page.markdown)
    assert "stop_sweep" not in [one.key for one in page.button]


def test_a_sweep_ends_when_its_visitor_has_left(at_work):
    page, work = at_work
    rest(visitor(page))
    assert work.result(30) is None
    assert work.is_over
