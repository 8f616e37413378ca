"""What a read brings beside its arrays; light to import, so that the window need not load the reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from alsgui.core.errors import RowProblem
from alsgui.io.report import Joined, Merged


@dataclass(eq=False)
class Found:
    """Everything that a read brings but the arrays: plain values, small beside them.

    Parameters
    ----------
    n_rejected, rejected, reasons, n_missing, n_left_out, n_merged, merged, movies, users, notes, low, high, seconds
        As in `ImportReport`.
    options
        How it was read, as JSON, where the reader found that out itself.
    titles, genres
        One for each movie; None where none is known.
    characteristics
        Name -> one text (None: not known) for each user.
    """

    n_kept: int
    n_merged: int
    n_rejected: int
    rejected: list[RowProblem]
    reasons: dict[str, int]
    merged: tuple[Merged, ...]
    n_missing: int
    n_left_out: int
    low: float
    high: float
    distinct: list[float]
    titles: list[str] | None = None
    genres: list[str] | None = None
    characteristics: dict[str, list[str | None]] = field(default_factory=dict)
    movies: Joined | None = None
    users: Joined | None = None
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    options: dict[str, Any] | None = None
