"""Following: what a browser makes of the messages that it gets."""

from nets.figures.changes import applied
from nets.page.stage.messages import message_for


class Browser:
    """What the stage's script does with a message, in Python."""

    def __init__(self):
        self.diagram = self.chart = self.map = self.foreseen = None
        self.ahead = {}

    def receive(self, message):
        frames, self.ahead = list(message["frames"]), message["ahead"]
        if message["figures"]:
            figures = message["figures"]
            self.diagram, self.chart = figures["diagram"], figures["loss_chart"]
            self.map = figures.get("map")
        elif self.foreseen:
            assert frames.pop(0)["foreseen"] == self.foreseen
        self.foreseen = None
        for frame in frames:
            self.paint(frame)

    def click(self, button):
        """Paint what a click leads to, if that is known, before the server has heard of it."""
        if button in self.ahead:
            self.paint(self.ahead[button])
            self.foreseen, self.ahead = button, {}

    def paint(self, frame):
        applied(self.diagram, frame["changes"]["diagram"])
        if self.map:
            applied(self.map, frame["changes"].get("map", {}))
        change = frame["changes"].get("loss_chart", {})
        applied(self.chart, change)
        line = change.get("extend")
        for name, more in (line["lines"] if line else {}).items():
            (drawn,) = (trace for trace in self.chart["data"] if trace["name"] == name)
            self.end_at(drawn, line["after"])
            drawn["x"] += more["x"]
            drawn["y"] += more["y"]
        self.texts = frame["texts"]

    def end_at(self, drawn, last):
        """Take from a line what lies beyond a place, where it must end then."""
        x, y = drawn["x"], drawn["y"]
        while x[-1] > last:
            x.pop()
            y.pop()
        assert x[-1] == last


def tell(browser, session, shown, **options):
    message = message_for(session, shown, 40, logarithmic=False, **options)
    browser.receive(message)
    return message
