"""How much memory the history of a very long training takes: the page's largest network.

    python tests/benchmarks/long_history.py [epochs]

Prints the memory that the run's history has, and by how much the process has grown.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from nets import Config, advance, rewind, start
from nets.presets import SHOWN_HIDDEN, SHOWN_HIDDEN_LAYERS, SHOWN_INPUTS, SHOWN_OUTPUTS

LARGEST = (SHOWN_INPUTS, *[SHOWN_HIDDEN] * SHOWN_HIDDEN_LAYERS, SHOWN_OUTPUTS)
PART = 1000  # epochs of one call, as the page trains in parts
MEGABYTE = 2**20


def resident():
    """Return the memory of this process, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / MEGABYTE


def main():
    epochs = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    run = advance(start(Config(sizes=LARGEST, optimizer="Adam", learning_rate=1e-5)), PART)
    begun, before = time.perf_counter(), resident()
    peak = before
    while run.epoch < epochs:
        run = advance(run, PART)
        peak = max(peak, resident())
    seconds = time.perf_counter() - begun
    kept = sum(rows.nbytes for rows in run.history.rows) / MEGABYTE
    print(f"{'-'.join(map(str, LARGEST))} with Adam, {run.epoch} epochs in {seconds:.0f} s")
    print(f"history {kept:.1f} MB (goal 100); the process has grown by {peak - before:.1f} MB")
    begun = time.perf_counter()
    rewind(run, run.epoch // 2 + 1)
    print(f"an earlier epoch is there after {time.perf_counter() - begun:.2f} s")


if __name__ == "__main__":
    main()
