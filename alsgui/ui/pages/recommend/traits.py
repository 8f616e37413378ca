"""What is known of users beside their ratings, as forms and groups need it. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from alsgui.core.model import Model
from alsgui.core.side_table import SideTable
from alsgui.session.persons import table_of

MOST_VALUES = 20
"""A number with more values, such as an age, is cut into four parts of equally many users."""

Groups = dict[str, dict[str, tuple[int, ...]]]
"""Characteristic -> value in words -> rows of the users who share it."""


@dataclass(frozen=True)
class Trait:
    """One characteristic: its name, its values (none for a number), and the mean of a number."""

    name: str
    choices: tuple[str, ...]
    middle: float


@dataclass(frozen=True, eq=False)
class KnownOfUsers:
    """Fields of a form, and groups of users."""

    traits: tuple[Trait, ...]
    groups: Groups


def known_of_users(model: Model) -> KnownOfUsers:
    """Fields and groups of a model; both are empty where nothing is known."""
    table = table_of(model)
    if table is None:
        return KnownOfUsers((), {})
    traits = tuple(
        Trait(name, table.choices(name), table.middle(name) if table.is_numeric(name) else float("nan"))
        for name in table.names
    )
    return KnownOfUsers(traits, {name: members for name in table.names if (members := _members(table, name))})


def _members(table: SideTable, name: str) -> dict[str, tuple[int, ...]]:
    values = table.columns[name]
    if not table.is_numeric(name):
        of = {choice: [row for row, value in enumerate(values) if str(value).strip() == choice] for choice in
              table.choices(name)}  # fmt: skip
        return {choice: tuple(rows) for choice, rows in of.items() if rows}
    numbers = np.array([np.nan if value in (None, "") else float(value) for value in values])
    known = np.unique(numbers[np.isfinite(numbers)])
    if len(known) <= MOST_VALUES:
        return {f"{number:g}": tuple(np.flatnonzero(numbers == number).tolist()) for number in known}
    found = {}
    edges = np.unique(np.nanquantile(numbers, [0, 0.25, 0.5, 0.75, 1]))
    for low, high in pairwise(edges):
        inside = (numbers >= low) & (numbers <= high if high == edges[-1] else numbers < high)
        found[f"{low:g} – {high:g}"] = tuple(np.flatnonzero(inside).tolist())
    return found
