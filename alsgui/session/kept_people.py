"""Persons kept under a name, as plain values that go into a model's file, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from alsgui.session.state import NearBy, PersonChoice, PersonKind

if TYPE_CHECKING:
    from alsgui.core.model import Model


def to_plain(kept: Iterable[PersonChoice]) -> tuple[dict[str, Any], ...]:
    """What JSON can hold, for each person."""
    return tuple(_plain(person) for person in kept)


def from_plain(model: Model) -> tuple[PersonChoice, ...]:
    """The persons kept with a model; those that do not fit it, or that a newer program made, are left out."""
    made = (_choice(model, values) for values in model.people)
    return tuple(person for person in made if person is not None)


def _plain(person: PersonChoice) -> dict[str, Any]:
    weights = None if person.weights is None else np.asarray(person.weights, np.float64).tolist()
    return {
        "name": person.name,
        "kind": person.kind,
        "weights": weights,
        "bias": float(person.bias),
        "users": list(person.users),
        "shares": list(person.shares),
        "about": person.about,
        "traits": dict(person.traits),
        "trait_weights": dict(person.trait_weights),
        "near_by": person.near_by,
        "mixed": person.mixed,
        "rated": [[column, stars] for column, stars in person.rated.items()],
        "skipped": sorted(person.skipped),
        "origin": person.origin,
        "user": person.user,
    }


def _choice(model: Model, values: Mapping[str, Any]) -> PersonChoice | None:
    try:
        found = _read(values)
    except (KeyError, TypeError, ValueError):
        return None
    rows = [*found.users, *(row for row in (found.origin, found.user) if row is not None)]
    columns = [*found.rated, *found.skipped]
    numbers = [found.bias, *found.shares, *found.trait_weights.values(), *found.rated.values()]
    fits = (
        found.kind in get_args(PersonKind)
        and found.near_by in get_args(NearBy)
        and all(0 <= row < model.n_users for row in rows)
        and all(0 <= column < model.n_movies for column in columns)
        and bool(np.all(np.isfinite(numbers)))
        and (found.weights is None or (found.weights.shape == (model.k,) and bool(np.all(np.isfinite(found.weights)))))
    )
    return found if fits else None


def _read(values: Mapping[str, Any]) -> PersonChoice:
    weights = None if values["weights"] is None else np.array(values["weights"], np.float64)
    whole = {name: None if values[name] is None else int(values[name]) for name in ("origin", "user")}
    return PersonChoice(
        kind=values["kind"],
        weights=weights,
        bias=float(values["bias"]),
        users=tuple(int(row) for row in values["users"]),
        shares=tuple(float(share) for share in values["shares"]),
        about=str(values["about"]),
        traits=MappingProxyType({str(name): str(value) for name, value in dict(values["traits"]).items()}),
        trait_weights=MappingProxyType(
            {str(name): float(value) for name, value in dict(values["trait_weights"]).items()}
        ),
        near_by=values["near_by"],
        mixed=bool(values["mixed"]),
        rated=MappingProxyType({int(column): float(stars) for column, stars in values["rated"]}),
        skipped=frozenset(int(column) for column in values["skipped"]),
        name=str(values["name"]),
        **whole,
    )
