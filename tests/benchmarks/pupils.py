"""Pupils: visitors of the page without a browser, who speak Streamlit's own protocol to it."""

import asyncio
import json
import time
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.asyncio.client import connect

PATIENCE = 30  # seconds without an answer, after which a step counts as an error
GOOD_ENDS = (
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
    ForwardMsg.FINISHED_EARLY_FOR_RERUN,
)


@dataclass
class Answer:
    """What the server has said between a question and the end of its run.

    Attributes:
        seconds: from the question to the end.
        picture: from the question to the stage's message.
        stage: the stage's message, if there was one.
        messages: how many messages came, and `size`, how many bytes.
    """

    seconds: float = 0.0
    picture: float = 0.0
    stage: dict | None = None
    messages: int = 0
    size: int = 0

    @property
    def epoch(self):
        """The epoch of the last frame, or None."""
        return self.stage["frames"][-1]["number"] if self.stage else None


class Pupil:
    """One visitor: a websocket, and the widgets that the page has shown on it."""

    def __init__(self, websocket):
        self.websocket = websocket
        self.widgets = {}  # key → id
        self.fragment = self.stage_fragment = ""  # around the buttons, and of the stage alone
        self.number = 0  # of the last message of the stage

    @classmethod
    async def arrive(cls, server, query="data=notebook"):
        """Open the page, as a browser does, and return who has done so."""
        address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
        websocket = await connect(address, subprotocols=["streamlit"], max_size=None)
        pupil = cls(websocket)
        await pupil.ask(ClientState(query_string=query))
        return pupil

    async def leave(self):
        await self.websocket.close()

    async def click(self, key, **choices):
        """Click a button, with choices made in lists just before."""
        states = [WidgetState(id=self.widgets[key], trigger_value=True)]
        for name, choice in choices.items():
            states.append(WidgetState(id=self.widgets[name], string_value=choice))
        return await self.ask(self._rerun(states, self.fragment))

    async def more(self, epoch):
        """Ask for the next burst, as the stage does when its frames run low."""
        events = [{"event": "more", "value": {"received": self.number, "shown": epoch}}]
        trigger = f"$$STREAMLIT_INTERNAL_KEY_{self.widgets['stage']}__events"
        state = WidgetState(id=trigger, json_trigger_value=json.dumps(events))
        return await self.ask(self._rerun([state], self.stage_fragment), shows=True)

    def _rerun(self, states, fragment):
        return ClientState(fragment_id=fragment, widget_states=WidgetStates(widgets=states))

    async def ask(self, client_state, *, shows=False):
        """Ask for a run of the script; read the answer up to its end.

        Where it `shows` something new, other parts of the page may be drawn before, in a run of
        their own.

        Raises:
            RuntimeError: if the page shows an exception or the run does not end well.
            TimeoutError: if it does not end.
        """
        begun, answer = time.perf_counter(), Answer()
        await self.websocket.send(BackMsg(rerun_script=client_state).SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while True:
                raw = await self.websocket.recv()
                answer.messages, answer.size = answer.messages + 1, answer.size + len(raw)
                message = ForwardMsg.FromString(raw)
                match message.WhichOneof("type"):
                    case "delta":
                        self._read(message.delta, answer, begun)
                    case "script_finished" if answer.stage or not shows:
                        break
        if message.script_finished not in GOOD_ENDS:
            raise RuntimeError(f"A run ended with {message.script_finished}.")
        answer.seconds = time.perf_counter() - begun
        return answer

    def _read(self, delta, answer, begun):
        """Take in one element: the id of a widget, or what the stage is to show."""
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise RuntimeError(element.exception.message)
        widget = getattr(element, kind or "", None)
        name = getattr(widget, "id", "")
        if not name.startswith("$$ID-"):
            return
        key = name.split("-", 2)[2]
        self.widgets[key] = name
        if key == "step_epoch":
            self.fragment = delta.fragment_id
        if key == "stage":
            self.stage_fragment = delta.fragment_id
            data, *_ = json.loads(getattr(widget, widget.WhichOneof("data")))
            if data["number"] != self.number:
                self.number, answer.stage = data["number"], data
                answer.picture = time.perf_counter() - begun
