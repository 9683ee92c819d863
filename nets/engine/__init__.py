"""The engine: a network and the four steps that train it. Start with `four_steps.py`."""
