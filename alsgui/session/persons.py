"""From the state's choice of a person to weights that can be ranked."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from alsgui.core.model import Model
from alsgui.core.neighbours import Neighbours, by_factors, by_profile, by_table, characteristics
from alsgui.core.people import Person, blend, folded, mean_of, mean_user, of_user
from alsgui.core.side_table import SideTable
from alsgui.session.state import PersonChoice, State


def chosen_person(state: State) -> Person | None:
    """The person the list is for; None without a model or a selected user."""
    return None if state.model is None else person_of(state.model, state.person, state.selection.user)


def person_of(model: Model, choice: PersonChoice, selected: int | None) -> Person | None:
    """The person of a choice; None where it needs a user and there is none.

    Parameters
    ----------
    model
        Whose user weights are meant.
    choice
        Who is meant.
    selected
        Row of the selected user, for the choice "user".
    """
    if choice.kind == "mean":
        return mean_of(model, np.array(choice.users, np.int64)) if choice.users else mean_user(model)
    if choice.kind == "sliders" and choice.weights is not None:
        return Person(choice.weights, choice.bias)
    if choice.kind == "blend":
        return _blended(model, choice)
    if choice.kind == "rated":
        return _rated(model, choice)
    if choice.kind == "nearest":
        return _near(model, choice, selected)
    row = selected if choice.user is None else choice.user
    return None if row is None or row >= model.n_users else of_user(model, row)


_TABLES: WeakKeyDictionary[Model, SideTable] = WeakKeyDictionary()


def table_of(model: Model) -> SideTable | None:
    """What is known of the model's users beside their ratings, read once."""
    if model not in _TABLES:
        table = characteristics(model)
        if table is None:
            return None
        _TABLES[model] = table
    return _TABLES[model]


def neighbours_of(model: Model, choice: PersonChoice, selected: int | None) -> Neighbours | None:
    """The users nearest to whom a choice describes; None where there is nothing to compare by.

    Raises
    ------
    DataError
        When a number that was typed is none.
    """
    table = table_of(model) if choice.near_by == "traits" else None
    if choice.near_by == "traits":
        if table is None or not choice.traits:
            return None
        weights = dict(choice.trait_weights)
        return by_table(model, table, table.encode(choice.traits, weights), weights)
    if selected is None or selected >= model.n_users or (choice.near_by == "ratings" and model.split is None):
        return None
    if choice.near_by == "ratings":
        assert model.split is not None
        return by_profile(model, *model.split.training.of_user(selected), leave_out=selected)
    return by_factors(model, of_user(model, selected))


def _near(model: Model, choice: PersonChoice, selected: int | None) -> Person | None:
    """The nearest user's weights or the mean of the nearest; the mean user while nothing is known to compare by."""
    found = neighbours_of(model, choice, selected)
    if found is None or not len(found):
        mean = mean_user(model)
        return Person(mean.weights, mean.bias, informed=False)
    return found.weighted(model) if choice.mixed else found.nearest(model)


def _blended(model: Model, choice: PersonChoice) -> Person | None:
    people = [of_user(model, row) for row in choice.users]
    if len(people) < 2:
        return people[0] if people else None
    return blend(people, choice.shares)


def _rated(model: Model, choice: PersonChoice) -> Person:
    """Folded in from the ratings; where the model has none to fold in with, the mean user stands."""
    if model.split is None:
        mean = mean_user(model)
        return Person(mean.weights, mean.bias, choice.origin, informed=False)
    columns, stars = np.array(list(choice.rated), np.int64), np.array(list(choice.rated.values()), np.float64)
    return folded(model, columns, stars, choice.origin)
