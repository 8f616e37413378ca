"""How a file is read as options of `alsgui inspect` and `alsgui fit`: what is not given is detected."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from alsgui.core.errors import ConfigError
from alsgui.io.options import ENCODINGS, LAYOUTS, POLICIES, parse_columns
from alsgui.text import tr

OPENING = "opening"
"""The parameter of a command that gets what was given, by the names of `ImportOptions`."""

_SIGNS = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";", "pipe": "|", "none": ""}


def _option(kind: Any, *flags: str, words: str, metavar: str | None = None) -> Any:
    return Annotated[kind, typer.Option(*flags, help=words, metavar=metavar)]


_OPTIONS: dict[str, Any] = {
    "layout": _option(str | None, "--layout", words=tr("One of {known}.", known=", ".join(LAYOUTS))),
    "delimiter": _option(str | None, "--delimiter", words=tr("Between fields, 1 to 4 characters; also tab, space.")),
    "quote": _option(str | None, "--quote", words=tr("Around fields: one character, or none.")),
    "escape": _option(str | None, "--escape", words=tr("Before a quote inside a field: one character, or none.")),
    "comment": _option(str | None, "--comment", words=tr("Lines that begin with it are skipped.")),
    "encoding": _option(str | None, "--encoding", words=tr("One of {known}.", known=", ".join(ENCODINGS))),
    "decimal": _option(str | None, "--decimal", words=tr("Decimal sign: . or ,")),
    "header": _option(bool | None, "--header/--no-header", words=tr("Whether the first row heads the columns.")),
    "skip_rows": _option(int | None, "--skip-rows", words=tr("Lines above the header or the first row.")),
    "columns": _option(
        str | None, "--columns", metavar="ROLES",
        words=tr("Roles of columns from 0: user=0,item=1,rating=2,time=3; for a matrix id=0, drop=1."),
    ),
    "missing": _option(
        list[str] | None, "--missing", words=tr("A value of a missing rating, such as 99 or NA; may be repeated.")
    ),
    "duplicates": _option(
        str | None, "--duplicates",
        words=tr("What counts of several ratings of one user and movie: {known}.", known=", ".join(POLICIES)),
    ),
    "swap": _option(bool, "--swap", words=tr("Users and movies change places.")),
    "movies": _option(Path | None, "--movies", metavar="FILE", words=tr("Titles and genres, joined by id.")),
    "users": _option(Path | None, "--users", metavar="FILE", words=tr("What is known of users, joined by id.")),
    "table": _option(str | None, "--table", words=tr("Sheet, table or array of a file that has several.")),
    "sql": _option(str | None, "--sql", metavar="SELECT", words=tr("A SELECT instead of a table.")),
    "member": _option(str | None, "--member", words=tr("File inside of a zip or folder.")),
}  # fmt: skip


def with_opening(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of an import; it takes those that were given as its argument `opening`."""
    signature = inspect.signature(command, eval_str=True)
    own = [each for each in signature.parameters.values() if each.name != OPENING]
    made = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=False if name == "swap" else None, annotation=kind
        )
        for name, kind in _OPTIONS.items()
    ]

    @functools.wraps(command)
    def with_given(**values: Any) -> None:
        asked = {name: values.pop(name) for name in _OPTIONS}
        command(**values, opening=given_of(asked))

    parameters = [*own, *made]
    with_given.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    with_given.__annotations__ = {each.name: each.annotation for each in parameters}
    return with_given


def given_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Options of the command line as `look` and `read` take them.

    Raises
    ------
    ConfigError
        When columns are not written as they should be, or a side table is not there.
    """
    given = {name: value for name, value in asked.items() if value not in (None, False, [])}
    if asked["header"] is False:
        given["header"] = False
    for name in ("delimiter", "quote", "escape", "comment"):
        if name in given:
            given[name] = _SIGNS.get(given[name].casefold(), given[name])
    if "columns" in given:
        given["columns"] = parse_columns(given["columns"])
    if "missing" in given:
        given["missing"] = tuple("" if text.casefold() == "empty" else text for text in given["missing"])
    for name in ("movies", "users"):
        if name in given:
            if not given[name].exists():
                raise ConfigError(
                    tr("{path} does not exist.", path=given[name]), tr("Check what --{name} says.", name=name)
                )
            given[name] = str(given[name])
    return given
