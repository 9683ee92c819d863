"""The engine: a neural network and the four steps that train it. Start reading here: `four_steps.py`."""
