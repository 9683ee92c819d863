"""How soon the newest choice of a person is on the page, while the server plays or trains.

    python tests/benchmarks/newest_choice.py [--changes 58]

A client changes every widget of the sidebar in turn, by websocket. It waits until the page shows
epoch 0 of the run that the sidebar describes. The goal is 300 ms.
"""

import argparse
import itertools
import statistics
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from attack.test_races import change, changes, play, train  # noqa: E402
from benchmarks.served import PAGE, served  # noqa: E402
from websocket_client import visiting  # noqa: E402


def main():
    """Print the median and the slowest, in milliseconds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--changes", type=int, default=58)
    wanted = parser.parse_args().changes
    with served(PAGE) as server:
        for work in (play, train):
            with visiting(server.address, "data=circle") as visitor:
                spans = []
                for key, value in itertools.islice(changes(), wanted):
                    work(visitor)
                    spans.append(1000 * change(visitor, key, value))
            median, slowest = statistics.median(spans), max(spans)
            print(f"while it {work.__name__}s: median {median:.0f} ms, slowest {slowest:.0f} ms")


if __name__ == "__main__":
    main()
