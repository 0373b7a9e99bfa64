"""Kinds of exercises: what each asks for, and how it judges what a learner has written."""
