"""How long it takes to read a file of 10 MB, the largest that the page accepts.

    python tests/benchmarks/reading.py

The page reads such a file in another thread and says so meanwhile. The time is that of a process
which has read a small file before.
"""

import random
import resource
import time

from nets import read_data
from nets.data.reading import read

BYTES = 10_000_000


def written(row):
    """Write rows below a header until the file has its size."""
    draw, lines, size = random.Random(0), [], 0
    while size < BYTES:
        lines.append(row(draw))
        size += len(lines[-1].encode()) + 1
    width = lines[0].count(";") + 1
    header = ";".join(f"c{place}" for place in range(width))
    return "\n".join([header, *lines]).encode()


FILES = {
    "8 columns of numbers": lambda draw: ";".join(f"{draw.gauss(0, 9):.3f}" for _ in range(8)),
    "decimal commas": lambda draw: f"{draw.gauss(0, 9):.3f};{draw.random():.2f}".replace(".", ","),
    "dates, numbers and words": lambda draw: (
        f"{draw.randint(1, 28)}. März {draw.randint(1990, 2024)};{draw.random():.3f};"
        f"{draw.choice(['red', 'blue', 'green'])}"
    ),
    "64 columns of 0 to 16": lambda draw: ";".join(str(draw.randint(0, 16)) for _ in range(64)),
    "one short column and a class": lambda draw: f"{draw.randint(0, 9)};{draw.randint(0, 1)}",
}


def main():
    """Print a row for each file."""
    read_data("day;y\n1. März 2024;1\n2. März 2024;2\n".encode())
    for name, row in FILES.items():
        content = written(row)
        begun = time.perf_counter()
        table, rows = read(content), content.count(b"\n")
        seconds = time.perf_counter() - begun
        print(f"{name:30} {rows:>10,} rows {seconds:6.2f} s, {len(table):,} taken")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
