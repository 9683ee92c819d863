"""A new server: what arrives before the page is there is neither believed nor acted upon."""

from attack.test_races import shows
from benchmarks.served import PAGE, served
from websocket_client import Visit, forged, visiting
from websockets.sync.client import connect


def test_a_server_that_has_just_started_believes_nothing_of_an_earlier_page(server, tmp_path):
    """The first run of a new server imports what parses messages; browsers do not wait for it."""
    with visiting(server.address, "data=xor") as before:
        before.do(n_hidden=7, speed="fastest")
    page = before.page
    page.files = {
        key: forged(page.widgets[key].id, "string_value", "nonsense")
        for key in ("data", "seed", "loss_function", "hidden_activation")
    }
    click = page.state("step_epoch", True)
    token = forged("inbox-none", "trigger_value", True)
    with served(PAGE, log=tmp_path / "log") as new:
        stream = new.address.replace("http", "ws") + "_stcore/stream"
        with connect(stream, subprotocols=["streamlit"], max_size=None) as socket:
            for states in ([], [click], [click, token]):
                socket.send(page.request(*states))
            page.files = {}
            after = Visit(new.address, socket, page)
            after.until(lambda page: "epoch" in page.readings and not page.running)
            assert page.exceptions == []
            assert any("begun again" in text for text in page.texts("alert"))
            assert page.sizes == (2, 4, 1)
            assert shows(page, 0)
            after.click("step_epoch")
            assert shows(page, 1)
        assert new.errors() == []
