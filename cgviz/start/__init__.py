"""What ``python3 -m cgviz`` does before anything is installed: the environment, the learner's copies, the tests.

Standard library only, until the environment is there.
"""
