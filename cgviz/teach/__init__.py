"""What lessons call: classes that grow cell by cell, exercises that check themselves, questions before ideas.

    from cgviz.teach import check, grow, hint, lineage, predict, progress, solve

Its tools are about the learner's own class and code; none of them needs a base class.
"""

from .check import check
from .collect import collect
from .grow import grow
from .hints import hint
from .lineage import lineage
from .predict import predict
from .progress import progress
from .solve import solve

__all__ = ["check", "collect", "grow", "hint", "lineage", "predict", "progress", "solve"]
