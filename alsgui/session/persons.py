"""From the state's choice of a person to weights that can be ranked."""

from __future__ import annotations

from alsgui.core.people import Person, mean_user, of_user
from alsgui.session.state import PersonChoice, State


def chosen_person(state: State) -> Person | None:
    """The person the list is for; None without a model or a selected user."""
    model, choice = state.model, state.person
    if model is None:
        return None
    if choice.kind == "mean":
        return mean_user(model)
    if choice.kind == "sliders" and choice.weights is not None:
        return Person(choice.weights, choice.bias)
    row = state.selection.user
    return None if row is None or row >= model.n_users else of_user(model, row)


def slider_start(state: State) -> PersonChoice:
    """Sliders that stand where the person shown until now stood."""
    person = chosen_person(state)
    return PersonChoice("sliders") if person is None else PersonChoice("sliders", person.weights, person.bias)
