"""What lessons call: classes that grow cell by cell, exercises that check themselves, questions before ideas.

    from cgviz.teach import check, grow, hint, lineage, predict, progress, solve

Its tools are about the learner's own class and code; none of them needs a base class. A course author writes exercises
of her own with `Number`, `Numbers`, `Function`, `Trials`, `Operations`.
"""

from . import first_aid as first_aid
from .carried import use_mine
from .exercise_kinds.exercise import Judged
from .exercise_kinds.functions import Function
from .exercise_kinds.node_functions import NodeFunction
from .exercise_kinds.numbers import Number, Numbers
from .exercise_kinds.operations import Operations
from .exercise_kinds.trials import Trial, Trials
from .growth.ancestry import lineage
from .growth.class_growth import grow
from .handouts.certificate_page import certificate
from .handouts.overview import progress_page
from .handouts.sheet import cheat_sheet
from .hints import hint
from .judging import check
from .questions.ask import Ask
from .questions.held_results import wait_for
from .questions.prediction import predict, question
from .records.class_overview import collect
from .records.progress_file import progress
from .skipped import solve

__all__ = [
    "Ask",
    "Function",
    "Judged",
    "NodeFunction",
    "Number",
    "Numbers",
    "Operations",
    "Trial",
    "Trials",
    "certificate",
    "cheat_sheet",
    "check",
    "collect",
    "grow",
    "hint",
    "lineage",
    "predict",
    "progress",
    "progress_page",
    "question",
    "solve",
    "use_mine",
    "wait_for",
]
