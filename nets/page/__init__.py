"""The page: Streamlit only."""

import gc

from nets.page.visitor import uploads

uploads.install()
# What is imported by now, torch above all, stays: looking for garbage in it takes 0.1 s for all.
gc.freeze()
