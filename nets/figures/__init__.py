"""Figures: pictures of the network and its training, as plain dicts for Plotly."""
