"""The lessons without a server: ``python3 -m cgviz site`` builds pages whose Python runs in the learner's browser.

Only `late_imports` runs in a browser; the rest needs the environment that `start` makes for it.
"""
