"""The panel By hand: first weights are pasted, and numbers computed on paper are checked."""

from nets import replay
from tests.visiting import arrive, text_of, visitor


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
