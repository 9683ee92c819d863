"""Analysis of a run: gradient check, diagnosis, decision maps, predictions."""
