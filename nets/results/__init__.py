"""Results: what a run has come to, what went wrong in it, and what it answers to."""
