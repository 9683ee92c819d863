"""The panel By hand: first weights are pasted, and numbers computed on paper are checked."""

import re

from nets import advance, replay
from nets.page.stage.address import address_of
from nets.sharing.pasted_weights import write_weights
from tests.visiting import arrive, open_link, text_of, visitor


def open_panel(**query):
    page = arrive(**query)
    page.session_state["panel"] = "By hand"
    return page.run()


def table_of(page):
    return " ".join(text_of(one.proto.body) for one in page.get("html"))


def test_pasted_weights_begin_a_run_that_its_recipe_repeats_and_undo_takes_back():
    page = open_panel(data="xor", steps="5")
    before = visitor(page).run
    page.text_area(key="first_weights_text").set_value("w1 = [[1, 2, 3, 4], [5, 6, 7, 8]]")
    page.button(key="use_weights").click().run()
    run = visitor(page).run
    assert run.network.layers[0].weights.tolist() == [[1, 2, 3, 4], [5, 6, 7, 8]]
    assert run.epoch == 0
    assert replay(visitor(page).recipe).history.loss.equal(run.history.loss)
    page.button(key="step_back").click().run()
    assert visitor(page).run.network.parameters.equal(before.network.parameters)


def test_the_lines_that_the_page_writes_can_be_used_again():
    page = open_panel(data="xor", steps="5")
    trained = visitor(page).run.network.parameters
    page.button(key="write_weights").click().run()
    page.button(key="use_weights").click().run()
    assert visitor(page).run.epoch == 0
    assert visitor(page).run.network.parameters.equal(trained)


LARGE = {"sizes": "32-32-8", "data": "notebook"}  # 1320 weights and biases


def paste(page, text):
    page.text_area(key="first_weights_text").set_value(text)
    return page.button(key="use_weights").click().run()


def test_over_a_thousand_weights_are_pasted_trained_and_there_after_f5_while_the_server_has_them():
    page = open_panel(**LARGE)
    wanted = advance(visitor(page).run, 3).network
    paste(page, write_weights(wanted))
    session = visitor(page)
    assert session.run.network.parameters.equal(wanted.parameters)
    page.button(key="step_epoch").click().run()
    query = address_of(session, page.session_state).query
    assert len(query) < 200
    again = open_link(query)
    assert not again.errors
    assert again.run.network.parameters.equal(session.run.network.parameters)
    gone = open_link(re.sub("visit=[0-9a-f]+", "visit=0", query))
    assert "more was set by hand than an address can carry" in gone.errors["address"]
    assert (gone.run.epoch, gone.settings) == (0, session.settings)


def test_one_wrong_number_among_over_a_thousand_is_named():
    page = open_panel(**LARGE)
    lines = write_weights(visitor(page).run.network)
    first = lines.index("b2 = ") + len("b2 = torch.tensor([[")
    paste(page, lines[:first] + "1e31, " + lines[first:].partition(",")[2])
    assert page.error[0].value.startswith("b2\\[0\\] must be a number")
    assert page.error[0].value.endswith("Nothing was changed.")
    paste(page, lines[:first] + lines[first:].partition(",")[2])
    assert "b2 must be 1 row of 8 numbers" in page.error[0].value
    assert visitor(page).recipe.events == ()


def test_wrong_text_changes_nothing_and_gets_a_sentence():
    page = open_panel(data="xor")
    page.text_area(key="first_weights_text").set_value("w1 = [[1, 2]]")
    page.button(key="use_weights").click().run()
    assert "w1 must be 2 rows of 4 numbers" in page.error[0].value.replace("\\", "")
    assert visitor(page).recipe.events == ()


def test_numbers_of_a_textbook_are_compared_before_and_after_the_update():
    page = open_panel(data="han")
    page.text_area(key="own_numbers").set_value("h₁ 0.332\nw1[0, 0] = 0.193").run()
    assert "**1 of 2 agree.**" in [one.value for one in page.markdown]
    assert "0.192" in table_of(page)
    page.button(key="step_epoch").click().run()
    assert "**1 of 2 agree.**" in [one.value for one in page.markdown]
    page.session_state["own_update"] = "the next update"
    page.run()
    assert "**0 of 2 agree.**" in [one.value for one in page.markdown]
