"""The first minute: what greets a newcomer, and what the first Play ends in."""

from dataclasses import replace

import pytest
from visiting import arrive, arrive_as_newcomer, visitor

from nets import Config, advance, start
from nets.lessons import first_minute
from nets.page.stage import player
from nets.presets import PRESETS
from nets.training.early_stopping import first_met


def greets(page):
    return any(text.value == first_minute.GREETING for text in page.markdown)


def test_only_the_bare_address_greets_with_xor():
    page = arrive_as_newcomer()
    assert visitor(page).run.config == PRESETS["xor"]
    assert visitor(page).view.map
    assert greets(page)


@pytest.mark.parametrize("query", [{"data": "notebook"}, {"seed": "0"}, {"steps": "1"}])
def test_an_address_with_any_word_opens_what_it_asks_for(query):
    page = arrive(**query)
    assert visitor(page).run.config == Config()
    assert not greets(page)


def test_the_greeting_opens_the_notebook_s_example():
    page = arrive_as_newcomer()
    page.button(key="open_notebook").click().run()
    assert visitor(page).run.config == Config()
    assert page.selectbox(key="data").value == "notebook"
    assert not greets(page)


@pytest.mark.parametrize("deed", ["step_epoch", "step_phase", "new_weights"])
def test_the_greeting_goes_away_after_the_first_deed_and_does_not_come_back(deed):
    page = arrive_as_newcomer()
    page.button(key=deed).click().run()
    assert not greets(page)
    page.button(key="reset").click().run()
    assert not greets(page)


def play_until_it_stops(page):
    page.button(key="play").click().run()
    session = visitor(page)
    while session.playing:
        player.train_ahead(session)
    return page.run()


def test_the_first_play_ends_when_all_is_learned_and_says_so_then_play_continues(monkeypatch):
    monkeypatch.setattr(player, "speed", lambda: None)
    page = play_until_it_stops(arrive_as_newcomer())
    run = visitor(page).run
    assert 100 < run.epoch < 1000  # seconds at the usual speed, and not at once
    assert "The network now answers all 4 examples correctly" in page.info[0].value
    assert "An output above 0.5 counts as class 1" in page.info[0].value
    page.button(key="play").click().run()
    assert visitor(page).playing
    assert visitor(page).run.epoch > run.epoch


@pytest.mark.parametrize("change", [{"data": "and"}, {"loss": "BCELoss"}, {"sizes": (2, 3, 1)}])
def test_with_other_settings_play_has_no_goal(change):
    config = first_minute.CONFIG
    assert first_minute.goal_of(start(replace(config, **change))) is None
    assert first_minute.goal_of(start(replace(config, learning_rate=0.3, seed=5))) is not None


@pytest.mark.parametrize("seed", range(5))
def test_at_the_goal_every_output_is_near_its_target(seed):
    run = advance(start(replace(first_minute.CONFIG, seed=seed)), 1000)
    goal = first_minute.goal_of(start(run.config))
    run = advance(start(run.config), first_met(run, goal, 0))
    assert first_minute.learned(run)


def test_an_answer_that_is_wrong_is_not_called_learned():
    assert first_minute.learned(start(first_minute.CONFIG)) == ""
