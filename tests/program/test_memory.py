"""Runs over arrays keep their memory from one to the next."""

import platform
import subprocess
import sys

import pytest

SURFACE = """
import resource
import numpy as np
from cgviz.program import Program

program = Program(lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, x=0.5, y=0.5)
x, y = np.meshgrid(np.linspace(-2, 2, 200), np.linspace(-1, 3, 200))
for run in range(12):
    if run == 2:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    program(x=x, y=y)
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / 10)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators have other habits")
def test_a_surface_is_not_given_its_pages_anew_at_each_run():
    found = subprocess.run([sys.executable, "-c", SURFACE], capture_output=True, text=True, check=True)
    assert float(found.stdout) < 80, "of the 800 pages that its arrays fill"
