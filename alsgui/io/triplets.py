"""Ratings as they are read: positions and values in arrays that grow, the line of each, and what was not kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import RowProblem
from alsgui.io.blocks import Block
from alsgui.io.kernels import scan
from alsgui.io.kernels.intern import LONGEST_ID
from alsgui.io.report import MOST_PROBLEMS
from alsgui.text import tr

Array = npt.NDArray[Any]

LONGEST_TEXT = 200


class Growing:
    """A one-dimensional array that grows by pieces: its values are never held twice."""

    PIECE = 1 << 20

    def __init__(self, dtype: Any) -> None:
        self._dtype = np.dtype(dtype)
        self._full: list[Array] = []
        self._last = np.empty(0, dtype=self._dtype)
        self._used = 0
        self._room = self.PIECE

    def expect(self, n: int) -> None:
        """About so many will come: room for them is taken at once, and costs nothing until it is used."""
        self._room = max(n, self.PIECE)

    def append(self, values: Array) -> None:
        """Put values at the end."""
        while len(values):
            if self._used == len(self._last):
                if self._used:
                    self._full.append(self._last)
                self._last, self._used = np.empty(self._room, dtype=self._dtype), 0
                self._room = self.PIECE
            fits = min(len(values), len(self._last) - self._used)
            self._last[self._used : self._used + fits] = values[:fits]
            self._used += fits
            values = values[fits:]

    def take(self) -> Array:
        """All values as one array; where there are several pieces, each is let go as it is copied."""
        last = self._last[: self._used]
        self._last, self._used = np.empty(0, dtype=self._dtype), 0
        if not self._full:
            return last
        whole = np.empty(sum(map(len, self._full)) + len(last), dtype=self._dtype)
        self._full.reverse()
        at = 0
        while self._full:
            piece = self._full.pop()
            whole[at : at + len(piece)] = piece
            at += len(piece)
        whole[at:] = last
        return whole


class LineMap:
    """The line of each rating, remembered only where the lines jump."""

    def __init__(self) -> None:
        self._positions: list[Array] = []
        self._offsets: list[Array] = []
        self._n, self._last = 0, 0

    def append(self, lines: Array) -> None:
        """Lines of the next ratings, which rise."""
        n = len(lines)
        if n and lines[0] - self._n == self._last and lines[-1] - lines[0] == n - 1:
            self._n += n
            return
        offsets = lines - np.arange(self._n, self._n + len(lines))
        jumps = np.flatnonzero(np.diff(offsets, prepend=self._last))
        if len(jumps):
            self._positions.append(jumps + self._n)
            self._offsets.append(offsets[jumps])
            self._last = int(offsets[-1])
        self._n += len(lines)

    def keep(self, kept: Array) -> None:
        """Forget the ratings where `kept` is False."""
        lines = self(np.flatnonzero(kept))
        self._positions, self._offsets, self._n, self._last = [], [], 0, 0
        self.append(lines)

    def __call__(self, positions: Array) -> Array:
        """Lines (int64) of the ratings at these positions."""
        positions = np.asarray(positions, dtype=np.int64)
        starts = np.concatenate([[-1], *self._positions])
        offsets = np.concatenate([[0], *self._offsets])
        return np.asarray(positions + offsets[np.searchsorted(starts, positions, side="right") - 1], dtype=np.int64)


@dataclass
class Refused:
    """Rows and cells that could not be used: all counted, the first kept."""

    n: int = 0
    first: list[RowProblem] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, line: int, state: int, text: str, cell: str = "") -> None:
        """One of them; `cell` is what should have been a number."""
        problem = problem_of(line, state, text, cell)
        self.n += 1
        self.reasons[problem.reason] += 1
        if len(self.first) < MOST_PROBLEMS:
            self.first.append(problem)

    def add_block(self, block: Block, bad: Array, value_slot: int | None) -> None:
        """The rows of a block that are bad."""
        room = self.room
        for row in bad[:room].tolist():
            cell = "" if value_slot is None else block.text(row, value_slot)
            self.add(int(block.lines[row]), int(block.status[row]), block.raw(row), cell)
        self.count(block.status[bad[room:]])

    @property
    def room(self) -> int:
        """How many more are kept and not only counted."""
        return max(MOST_PROBLEMS - len(self.first), 0)

    def count(self, states: Array) -> None:
        """Count rows that are not kept."""
        for state, n in zip(*np.unique(states, return_counts=True), strict=True):
            self.n += int(n)
            self.reasons[reason_of(int(state))] += int(n)


def problem_of(line: int, state: int, text: str, cell: str = "") -> RowProblem:
    """What is wrong with a record, in words, with a remedy."""
    shown = cell.strip()[:20]
    remedies = {
        scan.UNCLOSED: tr("close the quotation mark, or set Quote to none"),
        scan.AFTER_QUOTE: tr("double the quotation marks inside, or set Quote to none"),
        scan.FEW: tr("complete the row, or check the delimiter"),
        scan.MANY: tr("quote the field that holds the delimiter"),
        scan.ID_ENCODING: tr("choose another encoding"),
        scan.NOT_NUMBER: tr("add “{cell}” to Missing", cell=shown) if shown else tr("add empty to Missing"),
        scan.NOT_FINITE: tr("add “{cell}” to Missing", cell=shown),
    }
    line_text = text.replace("\r", " ").replace("\n", " ").strip()[:LONGEST_TEXT]
    return RowProblem(line, reason_of(state), line_text, remedies.get(state, tr("remove the row")))


def reason_of(state: int) -> str:
    """What is wrong with a record, in words."""
    return {
        scan.UNCLOSED: tr("a quotation mark is not closed"),
        scan.AFTER_QUOTE: tr("text follows a closing quotation mark"),
        scan.FEW: tr("too few columns"),
        scan.MANY: tr("too many columns"),
        scan.ID_EMPTY: tr("user or movie is empty"),
        scan.ID_LONG: tr("user or movie has over {n} characters", n=LONGEST_ID),
        scan.ID_NUL: tr("user or movie holds a NUL character"),
        scan.ID_ENCODING: tr("the text is not valid in this encoding"),
        scan.NOT_NUMBER: tr("rating is not a number"),
        scan.NOT_FINITE: tr("rating is not a finite number"),
    }[state]


@dataclass(eq=False)
class Triplets:
    """Ratings as a layout read them, in the order of the file.

    Parameters
    ----------
    users, movies
        Codes of ids, int32.
    values
        Ratings, finite, float32.
    time
        Seconds since 1970, int64, or None.
    lines
        Turns positions in the arrays above into lines.
    user_ids, movie_ids
        Code -> id.
    every_user, every_movie
        Which ids are kept also without a rating: rows and columns of a matrix. None: none of them.
    refused
        What could not be used.
    n_missing, n_left_out
        Ratings that say that they are missing; ratings of users outside the sample.
    titles, genres
        Movie id -> text, where the file itself holds them.
    notes
        What else a person should know.
    """

    users: Array
    movies: Array
    values: Array
    time: Array | None
    lines: LineMap
    user_ids: list[str]
    movie_ids: list[str]
    refused: Refused
    every_user: Array | None = None
    every_movie: Array | None = None
    n_missing: int = 0
    n_left_out: int = 0
    titles: Mapping[str, str] = field(default_factory=dict)
    genres: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
