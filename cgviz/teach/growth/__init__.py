"""A class that grows in steps, one cell each, and what its older instances say."""
