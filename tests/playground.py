"""The page as a visitor uses it: what can be done on it and what can be read from it."""

import re
import time
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

READY = "() => document.querySelector('.st-key-diagram')?._fullLayout"
# The message of a click has been sent, and everything that came is drawn, also late charts.
DRAWN = """() => new Promise(go => requestAnimationFrame(() => requestAnimationFrame(
    () => setTimeout(go, 50))))"""
NOTEBOOK, BARE = "?data=notebook", "?"  # addresses; the bare one greets a newcomer
PATIENCE = 60  # seconds; on a busy machine a page takes its time


class Talk:
    """The messages between page and server, to know whether a question is still open."""

    def __init__(self, websocket):
        self.asked = self.begun = False
        websocket.on("framesent", self._sent)
        websocket.on("framereceived", self._received)
        websocket.on("close", self._closed)

    def _sent(self, frame):
        if isinstance(frame, bytes) and BackMsg.FromString(frame).HasField("rerun_script"):
            self.asked, self.begun = True, False

    def _received(self, frame):
        if not isinstance(frame, bytes):
            return
        message = ForwardMsg.FromString(frame)
        if message.HasField("new_session"):
            self.begun = True
        elif message.HasField("script_finished"):
            early = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
            self.asked = self.asked and (early or not self.begun)

    def _closed(self, _):
        self.asked = False


class Playground:
    """Drives one browser page by the widgets' keys.

    `faults` collects errors in the browser and requests to any other place than the page's server.
    """

    def __init__(self, page, address):
        self.page, self.address, self.faults, self.talks = page, address, [], []
        page.set_default_timeout(1000 * PATIENCE)
        page.on("websocket", lambda websocket: self.talks.append(Talk(websocket)))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda m: m.type == "error" and self.faults.append(m.text))
        page.on("request", lambda request: self._check(request.url))

    def _check(self, url):
        inside = (self.address, self.address.replace("http", "ws"), "blob:", "data:")
        if not url.startswith(inside):
            self.faults.append(f"a request to {url}")

    def open(self, query=""):
        self.page.goto(self.address + (query or NOTEBOOK))
        self.page.wait_for_function(READY)

    def element(self, key, inside=""):
        return self.page.locator(f".st-key-{key} {inside}").first

    def click(self, key):
        self.page.bring_to_front()  # of several visitors, those behind paint once a second
        self.element(key, "button").click()

    def type(self, key, value):
        """Type into a field, and wait until the page has taken it in."""
        field = self.element(key, "input")
        field.fill(str(value))
        field.press("Enter")
        self.settle()

    def choose(self, key, option):
        """Choose from a list, and wait until the page has taken it in."""
        self.pick(key, option)
        self.settle()

    def pick(self, key, option):
        """Choose from a list by typing: a long list moves by itself when it opens."""
        box = self.element(key, "[role=combobox]")
        box.click()
        box.fill(option)
        self.page.get_by_role("option", name=re.compile(f"^{re.escape(option)}")).click()

    def open_train_box(self):
        self.page.locator("[class*=st-key-train_box] button").click()

    def train(self, epochs):
        """Train this many epochs at once."""
        self.open_train_box()
        self.type("train_epochs", epochs)
        self.click("train")

    def show_panel(self, name):
        from nets.page.panels.panels import SHORT  # not for the benchmarks, which need no page here

        shown = SHORT.get(name, name)
        self.page.locator(".st-key-panel").get_by_text(shown, exact=True).click()
        self.settle()

    def step_phase(self, key="step_phase"):
        """Go one phase forward, or back."""
        self.click(key)
        self.settle()

    def show_views(self, *names):
        """Show only these views of the panel Four steps."""
        for option in self.page.locator(".st-key-steps_views button").all():
            pressed = option.get_attribute("aria-checked") or option.get_attribute("aria-pressed")
            if (pressed == "true") != (option.inner_text() in names):
                option.click()
                self.settle()

    def settle(self):
        """Wait until the server has answered what it was asked, and the answer is drawn."""
        self.page.bring_to_front()
        self.page.evaluate(DRAWN)
        deadline = time.monotonic() + PATIENCE
        while any(talk.asked for talk in self.talks):
            assert time.monotonic() < deadline, "The server does not answer."
            self.page.wait_for_timeout(10)
        self.page.evaluate(DRAWN)
        app = self.page.locator("[data-testid=stApp]")
        app.and_(self.page.locator("[data-test-script-state=notRunning]")).wait_for()
        self.page.evaluate(DRAWN)

    def wait_for_edges(self, count):
        """Wait until the diagram has this many lines."""
        self.page.wait_for_function(
            "count => document.querySelectorAll('.st-key-diagram .shapelayer path').length"
            " === count",
            arg=count,
        )
        self.settle()

    def step(self, epochs=1):
        for _ in range(epochs):
            after = self.epoch + 1
            self.click("step_epoch")
            self.wait_for_epoch(after)

    def wait_for_epoch(self, epoch):
        """Wait until at least this epoch is on show."""
        self.page.wait_for_function(
            "least => Number(document.querySelector('.st-key-epoch output')?.textContent) >= least",
            arg=epoch,
        )

    def wait_for_text(self, key, text):
        """Wait until the epoch or the loss has this text."""
        self.page.locator(f".st-key-{key} output", has_text=re.compile(f"^{text}$")).wait_for()
        self.settle()

    @property
    def epoch(self):
        return int(self.element("epoch", "output").inner_text())

    @property
    def loss(self):
        return self.element("loss", "output").inner_text()

    @property
    def label_of_play(self):
        return self.element("play", "button p").first.inner_text()

    @property
    def sentences(self):
        """Return the texts of the notices on the page."""
        return " ".join(self.page.locator("[data-testid=stAlert]").all_inner_texts())

    def edges(self):
        """The lines of the diagram, as drawn: their colour and width."""
        return self.page.eval_on_selector_all(
            ".st-key-diagram .shapelayer path",
            "paths => paths.map(p => [p.style.stroke, p.style.strokeWidth])",
        )

    def neurons(self):
        """The neurons of the diagram, as drawn: their fill and the value written into them."""
        return self.page.evaluate(
            """() => {
                const plot = document.querySelector('.st-key-diagram');
                const at = plot.data.findIndex(trace => trace.name === 'neurons');
                const trace = plot.querySelectorAll('.scatterlayer .trace')[at];
                const texts = [...trace.querySelectorAll('.text text')];
                return [...trace.querySelectorAll('.points path')]
                  .map((point, i) => [point.style.fill, texts[i]?.textContent]);
            }"""
        )

    def loss_line(self):
        """The points of the loss chart's line, which is painted a little after the diagram."""
        self.settle()
        x, y = self.page.evaluate(
            "() => { const [line] = document.querySelector('.st-key-loss_chart').data;"
            " return [line.x, line.y]; }"
        )
        return list(zip(x, y, strict=True))

    def matrices(self):
        """The tensors of the view Matrices, by the captions of their tables."""
        written = self.page.evaluate(
            """() => [...document.querySelectorAll('.side-by-side table.numbers')].map(table => [
                table.caption.textContent,
                [...table.tBodies[0].rows].map(
                    row => [...row.querySelectorAll('td')].map(cell => cell.textContent))])"""
        )
        return {
            caption: [[float(cell.replace("−", "-")) for cell in row] for row in rows]
            for caption, rows in written
        }

    def lines(self):
        """The lines of the view One number: each name with its result, as it is written."""
        return dict(
            self.page.eval_on_selector_all(
                ".st-key-line .line",
                "lines => lines.map(l => [l.dataset.line, l.querySelector('output').textContent])",
            )
        )

    def table(self, number=0):
        """The numbers of a table, row by row, as they are written."""
        rows = self.page.locator("table.numbers").nth(number).locator("tbody tr").all()
        return [row.locator("td").all_inner_texts() for row in rows]


@contextmanager
def opened(chromium, address):
    """Open pages, each as a new visitor; at the end no browser may have reported an error."""
    visitors = []

    def open_page(query="", *, width=1280, height=800, color_scheme="light", prepare=None):
        page = chromium.new_page()
        if prepare:
            prepare(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=color_scheme)
        visitors.append(Playground(page, address))
        visitors[-1].open(query)
        return visitors[-1]

    yield open_page
    for visitor in visitors:
        visitor.page.close()
        assert visitor.faults == []
