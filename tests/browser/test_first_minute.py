"""The first minute: what greets a newcomer, how words are explained, and how data are chosen."""

from playground import BARE, opened

TWO_SCREENS = """() => document.querySelector('[data-testid=stSidebarContent]').scrollHeight
    <= 2 * innerHeight"""
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_a_word_is_explained_when_it_is_pointed_at_and_when_tab_leads_to_it(visit):
    visitor = visit("?data=xor")
    explanation = visitor.page.locator("#about-orange-line")
    assert not explanation.is_visible()
    visitor.page.get_by_role("button", name="below 0", exact=True).hover()
    explanation.wait_for()
    visitor.page.mouse.move(0, 0)
    explanation.wait_for(state="hidden")
    visitor.page.get_by_role("button", name="above 0", exact=True).focus()
    visitor.page.keyboard.press("Tab")
    explanation.wait_for()


def test_on_a_phone_a_tap_explains_a_word_and_there_are_no_hints_for_keys(chromium, address):
    context = chromium.browser.new_context(**PHONE)
    with opened(context, address) as open_page:
        visitor = open_page("?data=xor", width=390, height=844)
        explanation = visitor.page.locator("#about-orange-line")
        visitor.page.get_by_role("button", name="below 0", exact=True).tap()
        explanation.wait_for()
        box = explanation.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        word = visitor.page.get_by_role("button", name="below 0", exact=True)
        word.tap()  # a second time
        explanation.wait_for(state="hidden")
        word.tap()
        explanation.wait_for()
        visitor.page.locator(".st-key-loss_chart").tap()
        explanation.wait_for(state="hidden")
        hints = visitor.page.locator(".stApp kbd").all()
        assert not any(hint.is_visible() for hint in hints)
        visitor.page.get_by_test_id("stExpandSidebarButton").tap()
        visitor.element("new_weights").wait_for()
        visitor.page.wait_for_function(TWO_SCREENS)  # once it has opened to its full width
    context.close()


def test_a_newcomers_first_play_ends_with_what_was_learned_and_play_continues(visit):
    visitor = visit(BARE)
    greeting = visitor.element("words")
    assert "Press Play and watch it learn XOR" in greeting.inner_text()
    visitor.choose("speed", "fastest")
    visitor.click("first_play")
    greeting.get_by_text("now answers all 4 examples correctly").wait_for()
    visitor.settle()
    assert visitor.label_of_play == "Play"
    learned = visitor.epoch
    visitor.click("play")
    visitor.wait_for_epoch(learned + 20)
    visitor.click("play")
    visitor.settle()


def test_the_notebooks_example_is_one_click_away_from_the_greeting(visit):
    visitor = visit(BARE)
    visitor.click("open_notebook")
    visitor.element("words").wait_for(state="detached")
    visitor.page.locator(".st-key-diagram[aria-label^='Network 5-3-1 at epoch 0']").wait_for()
    visitor.settle()


def test_a_link_shows_a_sentence_on_its_data_and_others_are_chosen_from_pictures(visit):
    visitor = visit("?data=xor")
    about = visitor.element("about_data")
    assert "No straight line separates these four examples." in about.inner_text()
    visitor.click("open_gallery")
    picture = visitor.element("card_circle", "img")
    picture.wait_for()
    visitor.click("pick_circle")
    about.get_by_text("One class surrounds the other.").wait_for()
    visitor.page.get_by_role("dialog").wait_for(state="detached")
    visitor.page.locator(".st-key-diagram[aria-label^='Network 2-4-1 at epoch 0']").wait_for()
    visitor.settle()
