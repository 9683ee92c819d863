"""The address always holds the run on show: it comes back after F5 and from a new server."""

from playground import opened

from nets import Config, advance, start


def search(visitor):
    return visitor.page.evaluate("location.search")


def wait_for_address(visitor, *words):
    """Wait until the address has these words."""
    visitor.page.wait_for_function(
        "words => words.every(word => location.search.includes(word))", arg=list(words)
    )


def test_after_f5_the_page_shows_the_same_run_the_same_panel_and_the_same_pictures(visit):
    visitor = visit("?seed=3")
    before = visitor.page.evaluate("history.length")
    visitor.step(2)
    visitor.settle()
    visitor.type("learning_rate", "0.5")
    visitor.step()
    visitor.show_panel("Results")
    wait_for_address(visitor, "steps=2+rate%3D0.5+1", "panel=results")
    assert visitor.page.evaluate("history.length") == before
    shown = visitor.loss, visitor.edges(), visitor.neurons()
    visitor.page.reload()
    visitor.page.get_by_role("radio", name="Results", checked=True).wait_for()
    visitor.page.locator(".st-key-badge output:not(:empty)").wait_for()  # the last to be written
    assert (visitor.loss, visitor.edges(), visitor.neurons()) == shown
    assert visitor.element("learning_rate", "input").input_value() == "0.5"


def test_a_wrong_word_is_named_and_the_rest_is_shown(visit):
    visitor = visit("?data=xor&colour=red&panel=results&speed=warp")
    assert "'colour' is not a setting" in visitor.sentences
    assert "speed must be one of" in visitor.sentences
    assert visitor.element("n_input", "input").input_value() == "2"
    wait_for_address(visitor, "panel=results")
    assert "colour" not in search(visitor)


def test_when_the_server_is_killed_in_the_middle_of_play_the_page_plays_on(chromium, start_server):
    server = start_server()
    address, _ = server.__enter__()
    with opened(chromium, address) as open_page:
        visitor = open_page("?seed=3")
        visitor.click("play")
        visitor.wait_for_epoch(40)
        server.__exit__(None, None, None)
        visitor.page.locator("[data-test-connection-state=CONNECTED]").wait_for(state="detached")
        lost_at = visitor.epoch
        with start_server():
            visitor.wait_for_epoch(lost_at + 60)
            visitor.click("play")
            visitor.page.wait_for_function("() => /steps=[0-9]+$/.test(location.search)")
            epoch = int(search(visitor).rpartition("=")[2])
            assert epoch >= lost_at + 60
            visitor.wait_for_text("epoch", str(epoch))
            assert visitor.loss == f"{advance(start(Config(seed=3)), epoch).loss:#.6g}"
            first, *_, last = visitor.loss_line()  # of epochs that come at once, not every one
            assert (first[0], last[0]) == (0, epoch)
            visitor.page.goto("about:blank")
        visitor.faults.clear()  # they are about the missing connection
