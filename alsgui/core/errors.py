"""Errors that a person can mend: each says what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alsgui.text import tr


@dataclass(frozen=True)
class RowProblem:
    """One row that cannot be used: where it stands and why.

    Parameters
    ----------
    line
        1-based line of the file, or 1-based position in given arrays; 0 where unknown.
    reason
        What is wrong, in plain words.
    text
        The row as it was read, shortened; empty where unknown.
    remedy
        How to mend it, in a few words; empty where nothing can be said.
    """

    line: int
    reason: str
    text: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        return tr("line {line}: {reason}", line=self.line, reason=self.reason) if self.line else self.reason


class AlsguiError(Exception):
    """Root of the expected errors.

    Parameters
    ----------
    message
        What is wrong and where, one sentence.
    hint
        What to do about it, one sentence.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class DataError(AlsguiError):
    """Ratings that cannot be used, with every problem row at once."""

    def __init__(self, message: str, hint: str = "", problems: Sequence[RowProblem] = ()) -> None:
        super().__init__(message, hint)
        self.problems = tuple(problems)


class ConfigError(AlsguiError):
    """A setting outside its range, or settings that contradict each other."""


class NumericalError(AlsguiError):
    """Algebra that has no answer: the row is named, with what to do."""


class ExportError(AlsguiError):
    """A file that could not be written; the old one is whole."""


class Interrupted(Exception):  # noqa: N818 - not an error: somebody asked for it
    """Work that ended because it was asked to."""
