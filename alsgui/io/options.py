"""Every setting of an import as one plain value: shown, edited, remembered, sent to another process, written as Python.

`look` finds them, a person changes them, `read` obeys them. Nothing is guessed during a read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from alsgui.core.errors import ConfigError
from alsgui.text import tr

Format = Literal[
    "text", "netflix", "parquet", "arrow", "json", "excel", "sqlite", "duckdb", "npy", "npz", "mtx", "mat",
    "libsvm", "libfm", "r", "postgres",
]  # fmt: skip
Layout = Literal["long", "events", "wide", "wide-transposed"]
Duplicates = Literal["last", "first", "mean", "sum", "refuse"]
Feedback = Literal["ratings", "counts"]

FORMATS: tuple[Format, ...] = get_args(Format)
LAYOUTS: tuple[Layout, ...] = get_args(Layout)
POLICIES: tuple[Duplicates, ...] = get_args(Duplicates)
COMPRESSIONS = ("", "gz", "zst", "bz2", "xz")
ENCODINGS = ("utf-8", "utf-16", "latin-1", "windows-1252")

WIDE_MISSING = ("", "na", "nan", "n/a", "null", "none", "nil", "?", "-", ".")
"""Texts of a missing rating that a wide matrix has unless told otherwise; case does not count."""


@dataclass(frozen=True)
class Columns:
    """Positions (from 0) of the columns that play a part; None where there is none.

    Parameters
    ----------
    user, item, rating, time
        Of a long table or of events.
    title, genres
        Of a long table that holds what its movies are called; of a table of movies.
    id
        The first id of each row of a wide matrix; the ids of a side table.
    drop
        Columns of a wide matrix that are neither ids nor ratings.
    """

    user: int | None = None
    item: int | None = None
    rating: int | None = None
    time: int | None = None
    title: int | None = None
    genres: int | None = None
    id: int | None = None
    drop: tuple[int, ...] = ()

    def role_of(self, position: int) -> str:
        """Name of the role that a column plays; "" for none, "drop" for one that is left out."""
        for role in ROLES:
            if getattr(self, role) == position:
                return role
        return "drop" if position in self.drop else ""

    def with_role(self, position: int, role: str) -> Columns:
        """The same columns with `position` in this role; who played it before plays none. "" takes its role away."""
        changed: dict[str, Any] = {name: None for name in ROLES if getattr(self, name) == position}
        drop = tuple(at for at in self.drop if at != position)
        changed["drop"] = tuple(sorted((*drop, position))) if role == "drop" else drop
        if role in ROLES:
            changed[role] = position
        return replace(self, **changed)

    def __str__(self) -> str:
        """As `--columns` takes it: user=0,item=1,drop=4."""
        named = [f"{role}={getattr(self, role)}" for role in ROLES if getattr(self, role) is not None]
        return ",".join((*named, *(f"drop={position}" for position in self.drop)))


ROLES = ("user", "item", "rating", "time", "title", "genres", "id")


@dataclass(frozen=True)
class SideTable:
    """A table about the movies or the users, joined to the ratings by id; every option explicit, as for ratings.

    Parameters
    ----------
    path
        The file; relative paths are relative to the working folder.
    member
        The file inside, where `path` is a zip.
    format, encoding, delimiter, quote, escape, header, skip_rows, table
        As in `ImportOptions`.
    columns
        `id` is what is joined; of movies also `title` and `genres`.
    heads
        Names of all columns; characteristics of users are called by them.
    flags
        First of the columns that are called by a genre and hold 1 where it applies; None where there are none.
    """

    path: str
    member: str = ""
    format: Format = "text"
    compression: str = ""
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    header: bool = True
    skip_rows: int = 0
    table: str = ""
    columns: Columns = field(default_factory=Columns)
    heads: tuple[str, ...] = ()
    flags: int | None = None


@dataclass(frozen=True)
class ImportOptions:
    """How a file is read.

    Parameters
    ----------
    format
        What the file is; compressed text is "text".
    layout
        "long" (a row is a user, a movie, a rating, perhaps a time), "events" (a row is a user and a movie: 1),
        "wide" (a row is a user, a column a movie), "wide-transposed" (a row is a movie).
    member
        The file inside, where the path is a folder or a zip.
    compression
        "", "gz", "zst", "bz2", "xz".
    encoding
        "utf-8", "utf-16", "latin-1", "windows-1252"; a byte-order mark is always taken off.
    delimiter
        One to four characters between fields.
    quote, escape
        One character, or "" for none. Without an escape a doubled quote stands for itself.
    comment
        Lines that begin with it are skipped; "" for none.
    decimal
        "." or ",".
    skip_rows
        Lines before the header, or before the first row where there is none.
    header
        Whether the first row after them heads the columns.
    n_columns
        Fields in each row; a row with another number is rejected. 0: as many as the first row.
    columns
        Which column plays which role.
    time_format
        How times are written: "" (none), "s", "ms", "us", "ns" (since 1970), or the order of the parts of a date,
        "ymd", "dmy", "mdy", with or without a time of day.
    missing
        Texts of a missing rating; a number stands for all ways to write it, and case does not count. Such a cell
        or row is no rating and no rejected row either.
    duplicates
        What is done with several ratings of one user and movie: "last" (by time where there are times, else by
        place in the file), "first", "mean", "sum", "refuse".
    swap
        Whether users and movies change places after the read.
    feedback
        "ratings", or "counts" of views, clicks, purchases.
    movies, users
        Tables joined by id.
    table, sql
        The sheet or table to read, or a SELECT.
    users_share
        Share of users that is read, 0 to 1; the same users each time.
    min_ratings
        Users with fewer ratings are left out.
    noun, name
        What a column and what the data are called on screen.
    """

    format: Format = "text"
    layout: Layout = "long"
    member: str = ""
    compression: str = ""
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    comment: str = ""
    decimal: str = "."
    skip_rows: int = 0
    header: bool = True
    n_columns: int = 0
    columns: Columns = field(default_factory=Columns)
    time_format: str = ""
    missing: tuple[str, ...] = ()
    duplicates: Duplicates = "last"
    swap: bool = False
    feedback: Feedback = "ratings"
    movies: SideTable | None = None
    users: SideTable | None = None
    table: str = ""
    sql: str = ""
    users_share: float = 1.0
    min_ratings: int = 0
    noun: str = "movie"
    name: str = ""

    @property
    def wide(self) -> bool:
        """Whether the file is a matrix rather than a list."""
        return self.layout in ("wide", "wide-transposed")


TEXT_FORMATS: tuple[Format, ...] = ("text", "netflix")
"""Formats whose bytes are delimited text, so that encoding, delimiter, quote and the like apply."""

NAMES = tuple(item.name for item in fields(ImportOptions))
"""Names of all options: keywords of `read_ratings`, fields of `inspect --json`."""


def checked(options: ImportOptions) -> ImportOptions:
    """The options, when each is one that exists and none contradict.

    Raises
    ------
    ConfigError
        Names the option and what it may be.
    """
    choices: dict[str, Sequence[str]] = {
        "format": FORMATS, "layout": LAYOUTS, "duplicates": POLICIES, "compression": COMPRESSIONS,
        "encoding": ENCODINGS, "decimal": (".", ","), "feedback": ("ratings", "counts"),
        "time_format": ("", "s", "ms", "us", "ns", "ymd", "dmy", "mdy"),
    }  # fmt: skip
    for name, known in choices.items():
        value = getattr(options, name)
        if value not in known:
            raise ConfigError(
                tr("{value} is no {option}.", value=value or "''", option=_words(name)),
                tr("Choose one of {known}.", known=", ".join(filter(None, known))),
            )
    _check_signs(options)
    _check_columns(options)
    if not 0 < options.users_share <= 1:
        raise ConfigError(tr("The share of users is {share}.", share=options.users_share), tr("Give 0 to 1."))
    if options.skip_rows < 0 or options.min_ratings < 0 or options.n_columns < 0:
        raise ConfigError(tr("A number of rows, columns or ratings is negative."), tr("Give 0 or more."))
    if options.table and options.sql:
        raise ConfigError(tr("A table and a SELECT are given."), tr("Give one of them."))
    return options


def _words(name: str) -> str:
    return {"duplicates": tr("rule for duplicates"), "time_format": tr("format of times")}.get(name, name)


def _check_signs(options: ImportOptions) -> None:
    if not 1 <= len(options.delimiter) <= 4 or set(options.delimiter) & set("\r\n\0"):
        raise ConfigError(
            tr("{sign} is no delimiter.", sign=repr(options.delimiter)), tr("Give one to four characters of a line.")
        )
    for name in ("quote", "escape"):
        sign = getattr(options, name)
        if len(sign) > 1 or sign in ("\r", "\n", "\0") or not sign.isascii():
            raise ConfigError(tr("{sign} is no {name}.", sign=repr(sign), name=name), tr("Give one character or none."))
        if sign and sign in options.delimiter:
            raise ConfigError(
                tr("{sign} is both the delimiter and the {name}.", sign=repr(sign), name=name),
                tr("Change one of them."),
            )
    quoted_commas = options.quote and options.delimiter == "," == options.decimal
    if options.format in TEXT_FORMATS and options.delimiter == options.decimal and not quoted_commas:
        raise ConfigError(
            tr("{sign} is both the delimiter and the decimal sign.", sign=repr(options.delimiter)),
            tr("Change one of them."),
        )


def _check_columns(options: ImportOptions) -> None:
    columns = options.columns
    given = [getattr(columns, role) for role in ROLES if getattr(columns, role) is not None]
    given += columns.drop
    if len(set(given)) < len(given):
        raise ConfigError(tr("A column plays two roles: {columns}.", columns=columns), tr("Give each column one role."))
    outside = [at for at in given if at < 0 or (options.n_columns and at >= options.n_columns)]
    if outside:
        raise ConfigError(
            tr("There is no column {at}.", at=outside[0]),
            tr("Columns are counted from 0 to {last}.", last=options.n_columns - 1),
        )


def parse_columns(text: str) -> Columns:
    """Columns as `--columns` gives them: user=0,item=1,rating=2,time=3; also id=0 and drop=2 (more than once).

    Raises
    ------
    ConfigError
        For a role that does not exist, or a position that is no whole number.
    """
    given: dict[str, Any] = {}
    drop: list[int] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        role, _, position = (piece.strip() for piece in part.partition("="))
        role = {"movie": "item"}.get(role, role)
        if role not in (*ROLES, "drop") or not (position.isascii() and position.isdigit()):
            raise ConfigError(
                tr("{part} is no role of a column.", part=part),
                tr("Write them as user=0,item=1,rating=2,time=3, id=0 or drop=0."),
            )
        if role == "drop":
            drop.append(int(position))
        elif role in given:
            raise ConfigError(tr("The role {role} is given twice.", role=role), tr("Give each role once."))
        else:
            given[role] = int(position)
    return Columns(**given, drop=tuple(sorted(set(drop))))


def as_json(options: ImportOptions) -> dict[str, Any]:
    """The options as values that JSON can hold; `from_json` takes them back."""
    plain = {name: getattr(options, name) for name in NAMES}
    for name in ("movies", "users"):
        side = plain[name]
        plain[name] = None if side is None else side_as_json(side)
    return {**plain, "columns": str(options.columns), "missing": list(options.missing)}


def side_as_json(side: SideTable) -> dict[str, Any]:
    """A side table as values that JSON can hold; `as_given` takes them back."""
    plain = {item.name: getattr(side, item.name) for item in fields(SideTable)}
    return {**plain, "columns": str(side.columns), "heads": list(side.heads)}


def as_given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Options by name, each in its type: columns also as text, side tables also as paths (kept) or mappings.

    Raises
    ------
    ConfigError
        For an option that does not exist.
    """
    given = dict(values)
    unknown = given.keys() - set(NAMES)
    if unknown:
        raise ConfigError(
            tr("There is no option {name}.", name=sorted(unknown)[0]),
            tr("The options are {names}.", names=", ".join(NAMES)),
        )
    if isinstance(given.get("columns"), str):
        given["columns"] = parse_columns(given["columns"])
    if "missing" in given:
        missing = given["missing"]
        given["missing"] = (missing,) if isinstance(missing, str) else tuple(str(text) for text in missing)
    for name in ("movies", "users"):
        side = given.get(name)
        if isinstance(side, Mapping):
            columns = side.get("columns", Columns())
            columns = parse_columns(columns) if isinstance(columns, str) else columns
            given[name] = SideTable(**{**side, "columns": columns, "heads": tuple(side.get("heads", ()))})
    return given


def given_as_json(given: Mapping[str, Any]) -> dict[str, Any]:
    """Single options as values that JSON can hold; `as_given` takes them back."""
    plain: dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, Columns):
            plain[name] = str(value)
        elif isinstance(value, SideTable):
            plain[name] = side_as_json(value)
        else:
            plain[name] = list(value) if isinstance(value, tuple) else str(value) if isinstance(value, Path) else value
    return plain


def from_json(values: Mapping[str, Any]) -> ImportOptions:
    """Options as `as_json` wrote them.

    Raises
    ------
    ConfigError
        For an option that does not exist.
    """
    return ImportOptions(**as_given(values))


def python_line(path: str, options: ImportOptions) -> str:
    """The import as one line of Python, every option explicit: alsgui.read_ratings("ratings.csv", format=..., ...)."""
    shown = (f"{name}={value!r}" for name, value in as_json(options).items())
    return f"alsgui.read_ratings({str(path)!r}, {', '.join(shown)})"
