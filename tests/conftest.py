from hypothesis import settings

# The same examples in every run, on every machine, with nothing written to the disk.
settings.register_profile("cgviz", derandomize=True, deadline=None, database=None)
settings.load_profile("cgviz")
