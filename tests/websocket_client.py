"""A visitor without a browser, who speaks Streamlit's own protocol to a real server."""

import json
import re
import time
import urllib.request
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from socket import create_connection
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NumberInput_pb2 import NumberInput
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.sync.client import connect

PATIENCE = 30  # seconds
ENDS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
FIELDS = {
    "button": "trigger_value",
    "download_button": "trigger_value",
    "checkbox": "bool_value",
    "popover": "bool_value",
    "number_input": "double_value",
    "multiselect": "string_array_value",
    "button_group": "string_array_value",
    "slider": "double_array_value",
}
WITH_VALUES = {*FIELDS, "selectbox", "text_input", "text_area"} - {"button", "download_button"}
READING = re.compile(r'<output data-text aria-label="(\w+)">([^<]*)</output>')


@dataclass(frozen=True)
class Widget:
    """A widget as the server has described it last.

    Attributes:
        id: Streamlit's name of it, and `fragment`, that of the fragment it is in, or "".
        kind: such as "number_input", "selectbox" or "button".
        proto: the description.
    """

    id: str
    fragment: str
    kind: str
    proto: Any


class Page:
    """What a browser knows of a page. It reads messages and writes requests; it sends nothing.

    Attributes:
        widgets: by key; those that are gone stay known, for a late or forged message.
        values: what they are set to, by key: labels where something is chosen from a list.
        files: the states of file uploaders, by key.
        readings: the texts "epoch" and "loss", as a browser would show them now.
        stage: the last message to the stage, and `figures`, the last whole figures in one.
        finished: how many runs of the script have ended, and `running`, whether one is under way.
        drawn: how many of them have drawn a fragment, by its name; "" is outside of all.
        working: the fragment that is run again while the server works on something, or "".
        exceptions: what the page said about errors.
    """

    def __init__(self, query=""):
        self.query = query or "data=notebook"
        self.widgets, self.values, self.files = {}, {}, {}
        self.readings = {}
        self.stage, self.figures, self.picture = {"number": 0}, {}, None
        self.session = ""
        self.finished, self.running, self.drawn = 0, False, Counter()
        self.working = ""
        self.exceptions = []
        self._elements, self._run, self._fragments, self._shown = {}, 0, (), set()
        self._drawing = set()

    def read(self, raw):
        """Take in one message of the server, and return it."""
        message = ForwardMsg.FromString(raw)
        match message.WhichOneof("type"):
            case "new_session":
                self.session = message.new_session.initialize.session_id or self.session
                self._fragments = tuple(message.metadata.run.fragment_ids)
                self._run, self.running = self._run + 1, True
                self._drawing = {*self._fragments} or {""}
                if self.working not in self._fragments:
                    self.working = ""
            case "auto_rerun":
                self.working = message.auto_rerun.fragment_id
            case "delta":
                self._place(tuple(message.metadata.delta_path), message.delta)
            case "script_finished":
                self._finish(message.script_finished)
        return message

    def _finish(self, status):
        if status not in ENDS:
            return
        self.finished, self.running = self.finished + 1, False
        self.drawn.update(self._drawing)
        self._elements = {
            path: (run, fragment, element)
            for path, (run, fragment, element) in self._elements.items()
            if run == self._run or (self._fragments and fragment not in self._fragments)
        }
        self._shown = {name_of(element) for _, _, element in self._elements.values()}
        shown = self.on_page()  # what is gone, a browser forgets
        self.values = {key: value for key, value in self.values.items() if key in shown}

    def _place(self, path, delta):
        part = delta.new_element if delta.HasField("new_element") else delta.add_block
        kind = part.WhichOneof("type") or ""
        proto = getattr(part, kind, None)
        before = self._elements.get(path, (0, "", None))[2]
        self._elements[path] = self._run, delta.fragment_id, part
        name = name_of(part)
        self._drawing.add(delta.fragment_id)
        self._shown.add(name)
        if name.startswith("$$ID-"):
            key = name.split("-", 2)[2]
            known = key in self.values and self.widgets[key].id == name
            if kind in WITH_VALUES and (getattr(proto, "set_value", False) or not known):
                self.values[key] = told(kind, proto)
            self.widgets[key] = Widget(name, delta.fragment_id, kind, proto)
            if key == "stage":
                self._take((json.loads(getattr(proto, proto.WhichOneof("data"))))[0])
        if kind == "exception":
            self.exceptions.append(f"{proto.type}: {proto.message}")
        if kind == "html" and part != before:  # else the browser leaves it as it is
            self.readings |= dict(READING.findall(proto.body))

    def _take(self, message):
        """Take a message to the stage, as it paints its last frame at once."""
        if message["number"] == self.stage["number"]:
            return
        self.stage = message
        if message["figures"]:
            self.figures, self.picture = message["figures"], message["picture"]
        for frame in message["frames"]:
            self.readings |= frame["texts"]

    @property
    def is_lost(self):
        """Whether the stage has changes to figures that it does not have."""
        return self.stage.get("picture") != self.picture

    @property
    def sizes(self):
        """The sizes of the network that the diagram shows."""
        title = self.stage["frames"][-1]["descriptions"]["diagram"]
        return tuple(map(int, re.match(r"Network ([\d-]+) ", title)[1].split("-")))

    def on_page(self):
        """The keys of all widgets that are on the page now."""
        return [key for key, widget in self.widgets.items() if widget.id in self._shown]

    def option(self, key, place):
        """Return what a list offers at a place, as one chooses it."""
        widget = self.widgets[key]
        if widget.kind == "button_group":
            return [widget.proto.options[place].content]
        return widget.proto.options[place]

    def texts(self, *kinds):
        """All texts of elements of these kinds that are on the page, such as alert or markdown."""
        return [
            getattr(part, part.WhichOneof("type")).body
            for _, _, part in self._elements.values()
            if part.WhichOneof("type") in kinds
        ]

    def state(self, key, value):
        """Say what a widget of this key is set to, in the field that its kind uses."""
        widget = self.widgets[key]
        field = FIELDS.get(widget.kind, "string_value")
        if widget.kind == "number_input" and widget.proto.data_type == NumberInput.INT:
            field, value = "int_value", None if value is None else int(value)
        if field == "string_value" and value is not None:
            value = str(value)  # a number is typed into a field for text
        if field != "trigger_value":
            self.values[key] = value
        return WidgetState(id=widget.id) if value is None else forged(widget.id, field, value)

    def event(self, name, value=None):
        """Say what the stage says: an event such as "more", "pause" or "select"."""
        return self.events([{"event": name, "value": value}])

    def events(self, payload, component="stage"):
        """Say anything in the place of a component's events."""
        trigger = f"$$STREAMLIT_INTERNAL_KEY_{self.widgets[component].id}__events"
        text = payload if isinstance(payload, str) else json.dumps(payload)
        return WidgetState(id=trigger, json_trigger_value=text)

    def more(self):
        """Ask for what comes after the last message, as a stage does that has painted all."""
        shown = self.stage["frames"][-1]["number"]
        return self.event("more", {"received": self.stage["number"], "shown": shown})

    def request(self, *states, fragment=""):
        """Write a request to run the script, or one fragment of it.

        As a browser does, it says what every widget is set to, with these states in their place.
        """
        shown = self.on_page()
        kept = [
            self.state(key, value)
            for key, value in self.values.items()
            if key in shown and (self.widgets[key].kind, value) != ("popover", None)
        ]
        kept += [state for key, state in self.files.items() if key in shown]
        states = {state.id: state for state in (*kept, *states)}
        state = ClientState(
            query_string=self.query,
            fragment_id=fragment,
            widget_states=WidgetStates(widgets=states.values()),
        )
        return BackMsg(rerun_script=state).SerializeToString()


def name_of(part):
    """Return the id of an element or a block, or ""."""
    kind = part.WhichOneof("type")
    return getattr(kind and getattr(part, kind), "id", "") or getattr(part, "id", "")


def told(kind, proto):
    """Return the value that the server says a widget has, in the client's terms."""
    match kind:
        case "selectbox" if proto.set_value:
            return proto.raw_value if proto.HasField("raw_value") else None
        case "selectbox":
            return proto.options[proto.default] if proto.HasField("default") else None
        case "button_group" | "multiselect" if proto.set_value:
            return list(proto.raw_values)
        case "button_group":
            return [proto.options[at].content for at in proto.default]
        case "multiselect":
            return [proto.options[at] for at in proto.default]
        case "checkbox":
            return proto.value if proto.set_value else proto.default
        case "number_input" | "text_input" | "text_area":
            field = "value" if proto.set_value else "default"
            return getattr(proto, field) if proto.HasField(field) else None
        case "slider":
            return list(proto.value if proto.set_value else proto.default)
    return None


def forged(name, field, value):
    """Write any value in any field of a widget's state."""
    state = WidgetState(id=name)
    if field.endswith("_array_value"):
        getattr(state, field).data.extend(value if isinstance(value, list | tuple) else [value])
    elif field == "file_uploader_state_value":
        state.file_uploader_state_value.uploaded_file_info.add(**value)
    else:
        setattr(state, field, value)
    return state


@contextmanager
def visiting(address, query="", page=None):
    """Open the page of a server, as a browser does, and leave it at the end.

    With a page that was open before, the browser comes back with what it has.
    """
    stream = address.replace("http", "ws") + "_stcore/stream"
    options = {"subprotocols": ["streamlit"], "max_size": None, "compression": None}
    with connect(stream, **options) as socket:
        yield Visit(address, socket, page or Page(query))


class Visit:
    """A page and the websocket it comes through, one message after another."""

    def __init__(self, address, socket, page):
        self.address, self.socket, self.page = address, socket, page
        self._asked = 0  # the message of the stage after which more was asked for
        self.ask()

    def send(self, *states, fragment=""):
        """Send widgets' states, and do not wait."""
        self.socket.send(self.page.request(*states, fragment=fragment))

    def change(self, **values):
        """Set widgets by key, and do not wait; all of them are in the fragment of the first."""
        states = [self.page.state(key, value) for key, value in values.items()]
        self.send(*states, fragment=self.page.widgets[next(iter(values))].fragment)

    def say(self, *states):
        """Send an event of the stage, and do not wait."""
        self.send(*states, fragment=self.page.widgets["stage"].fragment)

    def until(self, condition, seconds=PATIENCE, *, playing=False):
        """Read until a condition holds of the page; return how many seconds that took.

        Args:
            condition: of the page.
            seconds: how long to wait.
            playing: whether to ask for more where the stage does, and for figures it lacks.

        Raises:
            TimeoutError: if it does not come to hold.
        """
        begun = time.perf_counter()
        while not condition(self.page):
            left = max(0, begun + seconds - time.perf_counter())
            try:
                raw = self.socket.recv(timeout=left)
            except TimeoutError:
                shown = f"{self.page.readings}, {self.page.sizes}"
                raise TimeoutError(f"After {seconds} s the page shows {shown}.") from None
            self.page.read(raw)
            if playing:
                self._go_on()
        return time.perf_counter() - begun

    def _go_on(self):
        """Do what the stage does after a message."""
        stage = self.page.stage
        if stage["number"] == self._asked:
            return
        self._asked = stage["number"]
        if self.page.is_lost:
            self.say(self.page.event("redraw", stage["number"]))
        elif stage.get("more"):
            self.say(self.page.more())

    def ask(self, *states, fragment="", seconds=PATIENCE):
        """Send widgets' states, and wait for the end of the run that draws their fragment.

        A run that an earlier message has asked for may end before; it answers another fragment.
        Returns how many seconds it took.
        """
        before = self._answers(fragment)
        self.send(*states, fragment=fragment)
        return self.until(
            lambda page: self._answers(fragment) > before and not page.running, seconds
        )

    def _answers(self, fragment):
        """Return how many runs have drawn a fragment, or the page as a whole."""
        return sum(self.page.drawn[name] for name in {fragment, ""})

    def do(self, **values):
        """Set widgets by key, and wait for the end of the run; see `ask`."""
        states = [self.page.state(key, value) for key, value in values.items()]
        return self.ask(*states, fragment=self.page.widgets[next(iter(values))].fragment)

    def wait_for_work(self):
        """Ask again until the server no longer works on something; return the seconds."""
        begun = time.perf_counter()
        while self.page.working:
            time.sleep(0.05)
            self.ask(fragment=self.page.working)
        return time.perf_counter() - begun

    def click(self, key):
        """Click a button, and wait for the end of the run."""
        return self.do(**{key: True})

    def upload(self, content, name="data.csv", file_id="file"):
        """Put a file on the server, as a file uploader does; return the status of the answer."""
        token = urllib.request.urlopen(f"{self.address}_stcore/health").headers["Set-Cookie"]
        token = re.search(r"_streamlit_xsrf=([^;]+)", token)[1].strip('"')
        border = "----border"
        body = (
            (
                f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                "Content-Type: text/csv\r\n\r\n"
            ).encode()
            + content
            + f"\r\n--{border}--\r\n".encode()
        )
        head = (
            f"PUT /_stcore/upload_file/{self.page.session}/{file_id} HTTP/1.1",
            f"Host: {urlsplit(self.address).netloc}",
            f"Content-Type: multipart/form-data; boundary={border}",
            f"Content-Length: {len(body)}",
            f"X-Xsrftoken: {token}",
            f"Cookie: _streamlit_xsrf={token}",
            "Expect: 100-continue",  # else a server that refuses may not be heard
            "\r\n",
        )
        place = urlsplit(self.address)
        with create_connection((place.hostname, place.port)) as line, line.makefile("rb") as answer:
            line.sendall("\r\n".join(head).encode())
            status = int(answer.readline().split()[1])
            if status == 100:
                answer.readline()
                line.sendall(body)
                status = int(answer.readline().split()[1])
            return status
