"""Runs a learner's code within limits, and says in a sentence what became of it."""
