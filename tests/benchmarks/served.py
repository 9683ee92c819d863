"""Served: pages of Streamlit, started as a person would start them, on ports of their own."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ("app.py",)
FLOOR = ("tests/benchmarks/floor_app.py",)
FLOOR_WITH_TORCH = (*FLOOR, "--", "torch")
KILOBYTES = 1024
ERROR = re.compile(r"(Traceback|[A-Za-z_.]*(Error|Exception)\b|.*Uncaught)")


@dataclass(frozen=True)
class Server:
    """A server that runs.

    Attributes:
        process: its process.
        port: where it listens, on this machine only.
        begun: when its process was started, as time.perf_counter() tells.
        log: the file that it writes to, if any.
    """

    process: subprocess.Popen
    port: int
    begun: float
    log: Path | None = None

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}/"

    def memory(self):
        """Return how many megabytes the process holds at present (RSS)."""
        return self._status("VmRSS")

    def memory_at_most(self):
        """Return how many megabytes the process has ever held."""
        return self._status("VmHWM")

    def threads(self):
        """Return how many threads the process has."""
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))

    def errors(self):
        """Return what the log says about exceptions."""
        text = self.log.read_text(errors="replace")
        return [line for line in text.splitlines() if ERROR.match(line)]

    def _status(self, field):
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) * KILOBYTES / 1e6
        raise ValueError(f"/proc knows no {field}.")


@contextmanager
def served(app, cores=None, *, log=None, root=ROOT) -> Iterator[Server]:
    """Start `streamlit run` of an app in the repository's root, and stop it at the end.

    Every app so runs with the same .streamlit/config.toml. `cores` are the only ones it may use,
    and what it has to say goes into the file `log`.
    """
    port = free_port()
    options = ["--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"]
    options += ["--logger.enableRich=false"] if log else []
    script, *arguments = app
    command = [sys.executable, "-m", "streamlit", "run", script, *options, *arguments]
    begun = time.perf_counter()
    with (
        open(log or os.devnull, "wb") as out,
        subprocess.Popen(
            command, cwd=root, stdout=out, stderr=subprocess.STDOUT if log else None
        ) as process,
    ):
        try:
            if cores:
                os.sched_setaffinity(process.pid, cores)
            wait_for(port, process)
            yield Server(process, port, begun, log)
        finally:
            process.terminate()


def free_port():
    """Return a port that nothing listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(port, process=None, seconds=60):
    """Wait until something listens at a port: this process, or another one if it is given."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and (process is None or process.poll() is None):
        with closing(socket.socket()) as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"Nothing listens at port {port}.")
