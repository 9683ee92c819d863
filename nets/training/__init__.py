"""Training: a run, the loop that trains it, its history, and the recipe that repeats it."""
