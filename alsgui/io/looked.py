"""What a look at a file shows before anything is read: settings found, rows as understood, questions, warnings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from alsgui.core.errors import RowProblem
from alsgui.io.options import ImportOptions

Kind = Literal["text", "whole number", "number", "time", "empty"]


@dataclass(frozen=True)
class ColumnLook:
    """One column as it was understood.

    Parameters
    ----------
    position, name
        From 0; the head, or "" without a header.
    role
        "user", "item", "rating", "time", "title", "genres", "id", "drop", or "" for one that is left out.
    kind
        What its cells are.
    facts
        In a few words, of the sample: "610 ids", "0.5 to 5.0, step 0.5", "day.month.year".
    examples
        Up to five different cells.
    """

    position: int
    name: str
    role: str
    kind: Kind
    facts: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class PreviewRow:
    """One row of the preview.

    Parameters
    ----------
    line
        Its line in the file, from 1; 0 where lines are not known.
    exact
        Whether the line is counted; else it is estimated from the place in the file.
    cells
        All its fields as text, quotes taken off.
    raw
        The text as it stands in the file.
    understood
        "4.0 ★ Toy Story (1995)", "2 of 5 rated", "missing"; empty when rejected.
    problem
        Why the row will be rejected; None when it will not.
    starts_place
        Whether rows of the file are left out between the one before and this one.
    """

    line: int
    exact: bool
    cells: tuple[str, ...]
    raw: str
    understood: str
    problem: RowProblem | None = None
    starts_place: bool = False


@dataclass(frozen=True)
class Choice:
    """One answer to a question, and the options that it stands for: `look(path, {**given, **choice.given})`."""

    text: str
    given: Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """What only a person can know.

    Parameters
    ----------
    key
        "feedback", or "value:0", "value:99", "value:-1" for a value outside an otherwise regular scale.
    text
        The question, in one line.
    choices
        Its answers.
    chosen
        Position of the answer that holds now.
    """

    key: str
    text: str
    choices: tuple[Choice, ...]
    chosen: int


@dataclass(frozen=True)
class Concern:
    """Something that looks wrong, with the choice that would mend it.

    Parameters
    ----------
    key
        "swapped", "titles", "memory", "too many ids".
    text
        What, in one sentence.
    remedies
        What can be done about it; may be empty.
    """

    key: str
    text: str
    remedies: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Size:
    """How large the data are, or are thought to be.

    Parameters
    ----------
    n_users, n_movies, n_ratings
        Of the whole file.
    n_rejected, n_merged, n_missing
        Likewise.
    exact
        Whether the whole file was seen; else all are estimates from the sample.
    """

    n_users: int
    n_movies: int
    n_ratings: int
    n_rejected: int
    n_merged: int
    n_missing: int
    exact: bool


@dataclass(frozen=True)
class Cost:
    """What reading will take, estimated from the sample.

    Parameters
    ----------
    n_bytes, n_bytes_free
        Memory at the highest point, and what the machine has left.
    seconds
        Time; NaN where it cannot be said.
    """

    n_bytes: int
    n_bytes_free: int
    seconds: float

    @property
    def fits(self) -> bool:
        """Whether it is thought to fit."""
        return self.n_bytes <= self.n_bytes_free


@dataclass(frozen=True)
class Look:
    """A file as it would be read.

    Parameters
    ----------
    path, n_bytes
        The file (or folder) and its size.
    options
        How it would be read, every option explicit: what was given, and what was found for the rest.
    given
        The options that were given and not found.
    columns
        Every column, at most the first 200.
    n_columns
        All of them.
    rows
        First rows, then rows of three places; of a compressed file and of tables in files the first alone.
    preview_note
        Where the rows stand: "first rows and three places", "first rows: the file is compressed".
    problems
        Rows of the sample that would be rejected and why, with the remedy.
    n_sampled
        Rows that were looked at.
    questions, concerns
        What only a person knows; what looks wrong.
    size, cost
        Estimates of what the read brings and takes.
    tables
        Tables, sheets or members to choose from; empty where there is nothing to choose.
    problem
        Why it cannot be read so: no column of ratings, no SELECT; "" when it can. The rest is shown all the same.
    hint
        What to do about it.
    heads
        Names of all columns.
    matched
        For "movies" and "users", where there is such a table: how many of the different ids of the sample it holds,
        and how many those are.
    """

    path: Path
    n_bytes: int
    options: ImportOptions
    given: Mapping[str, Any]
    columns: tuple[ColumnLook, ...]
    n_columns: int
    rows: tuple[PreviewRow, ...]
    preview_note: str
    problems: tuple[RowProblem, ...]
    n_sampled: int
    questions: tuple[Question, ...]
    concerns: tuple[Concern, ...]
    size: Size
    cost: Cost
    tables: tuple[str, ...] = ()
    problem: str = ""
    hint: str = ""
    heads: tuple[str, ...] = field(default=())
    matched: Mapping[str, tuple[int, int]] = field(default_factory=dict)
