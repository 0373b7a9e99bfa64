"""Which row each operation of a run is: known for our own Values, and found by the numbers for somebody's own class."""

from __future__ import annotations

from typing import Any

from ..program.operation_log import NOTHING, NUMBER, Log, Logger, UnfollowedError
from ..program.tape import record


class SampleRows:
    """The rows of the runs that `logger` has followed."""

    def __init__(self, logger: Logger) -> None:
        self.logger = logger
        self._rows: dict[Any, list[Any]] = {}

    def rows_of(self, log: Log, used: set[int]) -> list:
        """The rows of the operations of a run, for those that are used."""
        found = self._rows.get(log.key)
        if found is None:
            rows = self.logger.rows()
            found = [rows[code] for code in log.codes.tolist()]
        if None in (found[i] for i in used):
            raise UnfollowedError(f"{self.logger.name} computes with an operation that has no row")
        return found

    def recognise(self, log: Log) -> None:
        """Find the rows of a run in somebody's own class while the parameters are what they were in it.

        The rows are known by the numbers. What its value does not depend on is tried, too: another sample may pick it.
        """
        below = {log.root}
        for i in range(log.root, -1, -1):
            if i in below:
                below.update(reference for reference in log.taken[i].tolist() if 0 <= reference < NUMBER)
        try:
            self._rows[log.key] = self._find(log, set(range(len(log.made))))
        except UnfollowedError:
            self._rows[log.key] = self._find(log, below)

    def _find(self, log: Log, used: set[int]) -> list:
        """The same for somebody's own class, whose operations are recognised by what their nodes record."""
        below = {reference for i in used for reference in log.taken[i].tolist()}
        root = log.made[log.root]
        for i in sorted(used - below - {log.root}):
            root = root + log.made[i]
        try:
            tape, objects = record(root)
        except TypeError as error:
            raise UnfollowedError(str(error)) from None
        at, places = {id(obj): k for k, obj in enumerate(objects)}, {id(node): i for i, node in enumerate(log.made)}
        found: list[Any] = [None] * len(log.made)
        for i in used:
            k = at[id(log.made[i])]
            found[i] = tape.ops[k]
            given = [places.get(id(objects[j]), -1) for j in tape.operands[k]]
            mine = [r if 0 <= r < len(log.made) else -1 for r in log.taken[i].tolist()][: len(given)]
            if given != mine or len(given) != int((log.taken[i] != NOTHING).sum()):
                raise UnfollowedError(f"an operation of {self.logger.name} does not keep its operands in order")
        return found
