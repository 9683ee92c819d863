"""The page: Streamlit only."""

import gc

# What is imported by now, torch above all, stays: looking for garbage in it takes 0.1 s for all.
gc.freeze()
