"""The data: where the examples that a network learns from come from, and how they are prepared."""
