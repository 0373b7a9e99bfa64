import shutil
from pathlib import Path

import pytest

from cgviz.start.environment import LOCKS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path):
    """A checkout as it is just after cloning, as far as the set-up looks at it."""
    root = tmp_path / "project"
    shutil.copytree(ROOT / "cgviz", root / "cgviz", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", *LOCKS.values()):
        shutil.copy(ROOT / name, root)
    return root
