"""Memory for runs over arrays, kept from one run to the next."""

from __future__ import annotations

import numpy as np

MOST = 2**25 - 2**16  # bytes; from larger blocks glibc learns nothing


def keep(numbers: int) -> None:
    """Let the allocator keep memory for so many numbers from one run over arrays to the next.

    By default glibc gives the memory of large arrays back to the system at once, and the next run then spends most of
    its time, up to nine tenths, on being given every page anew. It keeps as much as the largest block that has been
    freed so far (mallopt(3), M_MMAP_THRESHOLD): so this frees one. Nobody writes to it, so it costs nothing, here or
    where memory is managed otherwise.
    """
    np.empty(min(8 * numbers, MOST), dtype=np.uint8)
