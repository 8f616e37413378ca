"""From the state's choice of a person to weights that can be ranked."""

from __future__ import annotations

import numpy as np

from alsgui.core.model import Model
from alsgui.core.people import Person, mean_user, of_user
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
        return mean_user(model) if not choice.users else mean_of(model, choice.users)
    if choice.kind == "sliders" and choice.weights is not None:
        return Person(choice.weights, choice.bias)
    if choice.kind == "blend":
        return blend_of(model, choice.users, choice.shares)
    if choice.kind == "rated":
        return _rated(model, choice)
    row = selected if choice.user is None else choice.user
    return None if row is None or row >= model.n_users else of_user(model, row)


def blend_of(model: Model, users: tuple[int, ...], shares: tuple[float, ...]) -> Person | None:
    """Users mixed by their shares."""
    parts = [of_user(model, row) for row in users if row < model.n_users]
    if not parts:
        return None
    weights = sum(share * np.asarray(part.weights, np.float64) for share, part in zip(shares, parts, strict=False))
    bias = sum(share * part.bias for share, part in zip(shares, parts, strict=False))
    return Person(np.asarray(weights), float(bias), informed=any(part.informed for part in parts))


def mean_of(model: Model, users: tuple[int, ...]) -> Person:
    """The mean of some users, of those with training ratings."""
    rows = np.array([row for row in users if row < model.n_users and model.summary.user_counts[row]], np.int64)
    if not len(rows):
        mean = mean_user(model)
        return Person(mean.weights, mean.bias, informed=False)
    weights = np.asarray(np.mean(model.factors.users[rows], axis=0, dtype=np.float64))
    return Person(weights, float(np.mean(model.user_bias[rows], dtype=np.float64)))


def _rated(model: Model, choice: PersonChoice) -> Person:
    """Somebody folded in from a few ratings; without any the mean user stands."""
    rated = {movie: stars for movie, stars in choice.rated.items() if movie < model.n_movies}
    if not rated or model.ratings is None:
        mean = mean_user(model)
        return Person(mean.weights, mean.bias, informed=False)
    weights, bias = model.fold_in_positions(np.array(list(rated), np.int64), np.array(list(rated.values())))
    return Person(weights, bias)
