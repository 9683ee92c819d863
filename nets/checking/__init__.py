"""Checking: every gradient that is written by hand, against autograd and finite differences."""
