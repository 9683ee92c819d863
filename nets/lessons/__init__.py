"""Lessons: what a learner is led through, and the words that are explained."""
