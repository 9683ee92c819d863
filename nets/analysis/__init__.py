"""Analysis: what a run has come to: gradient check, diagnosis, decision maps, predictions."""
