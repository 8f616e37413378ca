"""A log record of level WARNING or above that a test did not announce fails it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

ALLOWED: tuple[str, ...] = ()
"""Patterns of records that say nothing about us; each needs its reason beside it."""


class StrayRecords(logging.Handler):
    """Collects the records that no pattern expects.

    Parameters
    ----------
    expected
        Regular expressions, searched in the message, of records that the test provokes on purpose.
    """

    def __init__(self, expected: Iterable[str]) -> None:
        super().__init__(logging.WARNING)
        self._expected = [re.compile(pattern) for pattern in (*ALLOWED, *expected)]
        self._lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if not any(pattern.search(message) for pattern in self._expected):
            self._lines.append(f"{record.levelname} {record.name}: {message}")

    def __enter__(self) -> StrayRecords:
        logging.getLogger().addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)

    @property
    def report(self) -> str:
        """What was logged without being expected; empty when nothing was."""
        if not self._lines:
            return ""
        return "Stray log records (announce them with @pytest.mark.expects_log):\n" + "\n".join(self._lines)
