"""Where everything in a picture stands: ours, so that every machine draws the same one."""
