"""Lists for the person of a state, beside another's, and how sure they are. No Qt; done beside the window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alsgui.core.errors import DataError
from alsgui.core.model import Model
from alsgui.core.neighbours import Neighbours
from alsgui.core.people import Person, given_ratings
from alsgui.core.ratings import Floats, Ints
from alsgui.core.recommend import Filters, RecommendationList, for_person, predictions
from alsgui.core.uncertainty import deviations, lower_bounds, why_not_for
from alsgui.session.persons import chosen_person, neighbours_of, person_of
from alsgui.session.state import PersonChoice, State
from alsgui.text import tr
from alsgui.ui.pages.recommend.beside import Beside
from alsgui.ui.pages.recommend.columns import Sureness


@dataclass(frozen=True, eq=False)
class Ranked:
    """A list with what it was made from, so that late results are known to be late.

    Parameters
    ----------
    model, choice, user, filters, compared, careful
        What it was made from; `user` is the row of the existing user.
    person
        Whose it is; None where nobody is chosen.
    given
        What the person rated, by movie (M).
    listed, near, beside
        The list, the users that are near, and the list of whom it is compared with.
    reason
        Why there is no person; empty where there is one.
    unsure
        Why it is not known how sure the predictions are; empty where it is.
    """

    model: Model
    choice: PersonChoice
    user: int | None
    filters: Filters
    compared: PersonChoice | None
    careful: bool
    person: Person | None
    given: Floats
    listed: RecommendationList | None
    near: Neighbours | None = None
    beside: Beside | None = None
    reason: str = ""
    unsure: str = ""


def rank(state: State, filters: Filters, *, careful: bool = False) -> Ranked:
    """Rank the movies for the person of a state. Milliseconds, but for a `careful` order, which is by lower bounds."""
    assert state.model is not None
    model, choice, reason = state.model, state.person, ""
    user = state.selection.user if choice.user is None else choice.user
    try:
        person = chosen_person(state)
        near = neighbours_of(model, choice, user) if choice.kind == "nearest" else None
    except DataError as error:
        person, near, reason = None, None, f"{error.message} {error.hint}"
    scores = None if person is None or not careful else lower_bounds(model, person)
    listed = None if person is None else for_person(model, person, filters, scores)
    given = np.empty(0) if person is None else given_ratings(model, person)
    beside = _beside(state, filters)
    unsure = "" if person is None else why_not_for(model, person)
    compared = state.people.compared
    return Ranked(model, choice, user, filters, compared, careful, person, given, listed, near, beside, reason, unsure)


def _beside(state: State, filters: Filters) -> Beside | None:
    model, compared = state.model, state.people.compared
    if model is None or compared is None:
        return None
    person = person_of(model, compared, state.selection.user)
    if person is None:
        return None
    ranks = np.zeros(model.n_movies, np.int64)
    columns = for_person(model, person, filters).columns
    ranks[columns] = np.arange(1, len(columns) + 1)
    name = choice_words(model, compared, state.selection.user)
    return Beside(name, np.asarray(person.weights, np.float64), predictions(model, person), ranks)


def choice_words(model: Model, choice: PersonChoice, selected: int | None) -> str:
    """What a person is called at the head of a column."""
    if choice.name:
        return choice.name
    row = selected if choice.user is None else choice.user
    if choice.kind == "user" and row is not None and row < model.n_users:
        return tr("User {id}", id=model.user_ids[row])
    return {"mean": tr("Mean user"), "blend": tr("Blend"), "nearest": tr("Nearest")}.get(choice.kind, tr("Made up"))


def sureness(model: Model, person: Person, columns: Ints) -> tuple[dict[int, Sureness], str]:
    """How sure some predictions are, by column; or nothing, and why. The first time for a model takes a moment."""
    found = deviations(model, person, columns)
    if found is None:
        return {}, why_not_for(model, person)
    parts = zip(found.columns, found.sd, found.noise, found.person, found.movie, strict=True)
    return {int(at): Sureness(*(float(each) for each in rest)) for at, *rest in parts}, ""


def what_if_refusal(made: Ranked) -> str:
    """Why the ratings of the person cannot be changed; empty where they can."""
    if made.model.split is None:
        return tr("The model was saved without its ratings.")
    if made.choice.kind == "rated":
        return tr("The ratings at the left can be changed.")
    if made.choice.kind != "user" or made.person is None:
        return tr("Only an existing user has ratings that could be changed.")
    return ""
