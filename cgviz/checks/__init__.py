"""Gradients held against small steps, and the mistake behind a wrong one."""
