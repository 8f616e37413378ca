"""The verbs of made-up persons: blend, rate, keep, compare, undo. `session.persons` has them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from alsgui.session.state import NearBy, People, PersonChoice, PersonKind, State
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.ratings import Floats, Ratings
    from alsgui.session.session import Session

MOST_BLENDED = 5
"""As `core.people`, which is heavy to load."""

MOST_UNDONE = 100


class PersonVerbs:
    """What can be done with the person whose list is shown.

    Parameters
    ----------
    session
        Whose state is replaced.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    # Who

    def choose(self, kind: PersonKind) -> None:
        """Make the list for the selected user, the mean user, or somebody made up, who starts as the one before."""
        state = self._session.state
        starts = {"sliders": self._slider_start, "blend": self._blend_start, "nearest": self._nearest_start}
        if kind != state.person.kind or (kind not in starts and state.person.name):
            self._change(starts[kind]() if kind in starts else PersonChoice(kind))

    def set_weights(self, weights: Floats, bias: float | None = None, gesture: str = "") -> None:
        """Move the sliders; moves of one gesture are undone as one."""
        person = self._session.state.person
        bias = person.bias if bias is None else bias
        self._change(PersonChoice("sliders", weights, bias, name=person.name), gesture)

    def reset(self) -> None:
        """Set the sliders to the mean user."""
        from alsgui.core.people import mean_user

        model = self._session.state.model
        if model is not None:
            person = mean_user(model)
            self._change(PersonChoice("sliders", person.weights, person.bias))

    def draw(self) -> None:
        """Set the sliders to a random draw from the population's normal."""
        from alsgui.core.people import drawn

        model = self._session.state.model
        if model is not None:
            person = drawn(model)
            self._change(PersonChoice("sliders", person.weights, person.bias))

    def mean_of(self, users: Sequence[int], about: str) -> None:
        """Make the list for the mean of some users; of all where none are given."""
        self._change(PersonChoice("mean", users=tuple(users), about=about if len(users) else ""))

    # Blend

    def blend(self, users: Sequence[int]) -> None:
        """Blend users in equal shares; at most five."""
        rows = tuple(dict.fromkeys(users))[:MOST_BLENDED]
        self._change(PersonChoice("blend", users=rows, shares=tuple(1 / len(rows) for _ in rows)))

    def add_to_blend(self, row: int) -> None:
        """Blend one user more, who takes an equal share; the others keep their proportions."""
        person = self._session.state.person
        if row in person.users or len(person.users) >= MOST_BLENDED:
            return
        share = 1 / (len(person.users) + 1)
        shares = (*(each * (1 - share) for each in person.shares), share)
        self._change(replace(person, users=(*person.users, row), shares=shares))

    def remove_from_blend(self, row: int) -> None:
        """Blend one user less; the others keep their proportions. The last one stays."""
        person = self._session.state.person
        kept = [(user, share) for user, share in zip(person.users, person.shares, strict=True) if user != row]
        if kept and len(kept) < len(person.users):
            shares = _to_one([share for _, share in kept])
            self._change(replace(person, users=tuple(user for user, _ in kept), shares=shares))

    def set_share(self, row: int, share: float) -> None:
        """Give one user of the blend this share; the others keep their proportions, and all sum to 1."""
        person = self._session.state.person
        if row not in person.users or len(person.users) < 2:
            return
        share = min(max(share, 0.0), 1.0)
        others = _to_one([each for user, each in zip(person.users, person.shares, strict=True) if user != row])
        left = iter(others)
        shares = tuple(share if user == row else (1 - share) * next(left) for user in person.users)
        self._change(replace(person, shares=shares), f"share {row}")

    # Nearest

    def near_by(self, what: NearBy) -> None:
        """Look for the nearest user by characteristics, by ratings or by factors."""
        self._change(replace(self._session.state.person, near_by=what))

    def set_trait(self, name: str, value: str) -> None:
        """Say one characteristic of whom the nearest user shall be near; empty says nothing."""
        person = self._session.state.person
        traits = {**person.traits, name: value}
        known = MappingProxyType({name: value for name, value in traits.items() if value})
        self._change(replace(person, traits=known), f"trait {name}")

    def set_trait_weight(self, name: str, weight: float) -> None:
        """Say how much one characteristic counts; 0 is not at all."""
        person = self._session.state.person
        weights = MappingProxyType({**person.trait_weights, name: weight})
        self._change(replace(person, trait_weights=weights), f"trait weight {name}")

    def mix_nearest(self, mixed: bool) -> None:
        """Take the mean of the nearest, weighted by similarity, or the nearest one alone."""
        self._change(replace(self._session.state.person, mixed=mixed))

    # Ratings

    def rate(self, movie: int, stars: float) -> None:
        """Give a movie stars; NaN takes the rating away."""
        person = self._rating_person()
        rated = {column: given for column, given in person.rated.items() if column != movie}
        if movie in person.rated and not math.isnan(stars):
            rated = {**person.rated, movie: stars}
        elif not math.isnan(stars):
            rated[movie] = stars
        self._change(replace(person, rated=MappingProxyType(rated)), f"rate {movie}")

    def skip(self, movie: int) -> None:
        """Do not suggest a movie again."""
        person = self._rating_person()
        self._change(replace(person, skipped=person.skipped | {movie}))

    def what_if(self) -> None:
        """Take the selected user's training ratings as a person's own, to be changed, and compare with that user."""
        state = self._session.state
        row = state.selection.user
        if state.model is None or state.model.split is None or row is None:
            return
        columns, given = state.model.split.training.of_user(row)
        rated = {int(column): float(stars) for column, stars in zip(columns, given, strict=True)}
        with self._session.together():
            self._change(PersonChoice("rated", rated=MappingProxyType(rated), origin=row))
            self.compare(PersonChoice("user", user=row))

    # Keeping

    def keep(self, name: str) -> None:
        """Keep the person under a name; one of this name is replaced."""
        state = self._session.state
        person = state.person
        if person.kind == "user":
            person = replace(person, user=state.selection.user if person.user is None else person.user)
        named = replace(person, name=name)
        kept = tuple(each for each in state.people.kept if each.name != name)
        self._session.put(person=named, people=replace(state.people, kept=(*kept, named)))

    def open(self, name: str) -> None:
        """Make the list for a kept person."""
        self._change(self.kept(name))

    def kept(self, name: str) -> PersonChoice:
        """The kept person of a name."""
        return next(each for each in self._session.state.people.kept if each.name == name)

    def duplicate(self) -> None:
        """Keep the person once more, under the next free name, and go on with that one."""
        state = self._session.state
        taken = {each.name for each in state.people.kept}
        name = state.person.name or tr("Person")
        number = next(n for n in range(2, len(taken) + 3) if f"{name} {n}" not in taken)
        self.keep(f"{name} {number}")

    def remove(self, name: str) -> None:
        """Keep a person no longer; their list stays until another is chosen."""
        people = self._session.state.people
        compared = people.compared
        if compared is not None and compared.name == name:
            compared = None
        kept = tuple(each for each in people.kept if each.name != name)
        self._session.put(people=replace(people, kept=kept, compared=compared))

    def compare(self, other: PersonChoice | None) -> None:
        """Compare the list with that of another person, or with nobody's."""
        self._session.put(people=replace(self._session.state.people, compared=other))

    # Undoing

    def undo(self) -> None:
        """Bring back the person before the last change."""
        state = self._session.state
        people = state.people
        if people.past:
            future = (*people.future, state.person)
            moved = replace(people, past=people.past[:-1], future=future, gesture="")
            self._session.put(person=people.past[-1], people=moved)

    def redo(self) -> None:
        """Make the change that was undone last again."""
        state = self._session.state
        people = state.people
        if people.future:
            past = (*people.past, state.person)
            moved = replace(people, past=past, future=people.future[:-1], gesture="")
            self._session.put(person=people.future[-1], people=moved)

    def _change(self, person: PersonChoice, gesture: str = "") -> None:
        state = self._session.state
        people = state.people
        goes_on = bool(gesture) and gesture == people.gesture and person.kind == state.person.kind
        past = people.past if goes_on else (*people.past, state.person)[-MOST_UNDONE:]
        self._session.put(person=person, people=replace(people, past=past, future=(), gesture=gesture))

    # Beginnings

    def _slider_start(self) -> PersonChoice:
        """Sliders that stand where the person shown until now stood."""
        from alsgui.session.persons import chosen_person

        person = chosen_person(self._session.state)
        return PersonChoice("sliders") if person is None else PersonChoice("sliders", person.weights, person.bias)

    def _blend_start(self) -> PersonChoice:
        """The selected user and the one after, half and half."""
        state = self._session.state
        n_users = 0 if state.model is None else state.model.n_users
        first = min(state.selection.user or 0, max(n_users - 1, 0))
        rows = tuple(dict.fromkeys((first, (first + 1) % max(n_users, 1))))
        return PersonChoice("blend", users=rows, shares=tuple(1 / len(rows) for _ in rows))

    def _nearest_start(self) -> PersonChoice:
        """By characteristics where any are known, else near the selected user."""
        model = self._session.state.model
        known = model is not None and model.ratings is not None and model.ratings.characteristics
        return PersonChoice("nearest", near_by="traits" if known else "factors")

    def _rating_person(self) -> PersonChoice:
        person = self._session.state.person
        return person if person.kind == "rated" else PersonChoice("rated")


def outliving(state: State) -> dict[str, Any]:
    """Fields of the state for another model of the same data: weights set by sliders belong to a model, all else stays.

    What was undone or may be undone is forgotten.
    """
    people = state.people
    compared = None if people.compared is not None and people.compared.kind == "sliders" else people.compared
    kept = tuple(each for each in people.kept if each.kind != "sliders")
    person = PersonChoice("mean") if state.person.kind == "sliders" else state.person
    return {"person": person, "people": People(kept, compared=compared)}


def is_within(person: PersonChoice, ratings: Ratings) -> bool:
    """Whether all users and movies that make a person are among the ratings."""
    users = [*person.users, *(row for row in (person.user, person.origin) if row is not None)]
    movies = [*person.rated, *person.skipped]
    return all(row < ratings.n_users for row in users) and all(column < ratings.n_movies for column in movies)


def _to_one(shares: Sequence[float]) -> tuple[float, ...]:
    total = sum(shares)
    return tuple(share / total if total > 0 else 1 / len(shares) for share in shares)
