"""The verbs of made-up persons, on a real session."""

from __future__ import annotations

import math

import numpy as np
import pytest

from alsgui.core.model import without_ratings
from alsgui.core.people import Person, blend, folded, mean_of, mean_user, of_user
from alsgui.session.persons import chosen_person, neighbours_of, table_of
from alsgui.session.session import Session
from alsgui.session.state import PersonChoice
from tests.helpers.sessions import settle, with_model


def model_of(session: Session):  # type: ignore[no-untyped-def]
    assert session.state.model is not None
    return session.state.model


def person(session: Session) -> Person:
    found = chosen_person(session.state)
    assert found is not None
    return found


def same(one: Person, other: Person) -> bool:
    return bool(np.allclose(one.weights, other.weights)) and one.bias == pytest.approx(other.bias)


# Blends


def test_a_blend_starts_with_the_selected_user_and_the_next_half_and_half(session: Session) -> None:
    with_model(session)
    session.select_user(3)
    session.persons.choose("blend")
    model = model_of(session)
    assert session.state.person.users == (3, 4) and session.state.person.shares == (0.5, 0.5)
    assert same(person(session), blend([of_user(model, 3), of_user(model, 4)], [0.5, 0.5]))


def test_shares_always_sum_to_1_whatever_is_moved_added_or_taken_away(session: Session) -> None:
    with_model(session)
    verbs = session.persons
    verbs.choose("blend")
    for row in (2, 3, 4, 5, 6):
        verbs.add_to_blend(row)
    assert session.state.person.users == (0, 1, 2, 3, 4), "at most five"
    verbs.add_to_blend(4)
    assert len(session.state.person.users) == 5, "nobody twice"
    for row, share in ((0, 0.9), (1, 1.0), (2, -1.0), (3, 7.0)):
        verbs.set_share(row, share)
        assert sum(session.state.person.shares) == pytest.approx(1)
        assert min(session.state.person.shares) >= 0
    verbs.set_share(9, 0.5)
    verbs.remove_from_blend(3)
    assert session.state.person.users == (0, 1, 2, 4)
    assert sum(session.state.person.shares) == pytest.approx(1)
    for row in (0, 1, 2, 4):
        verbs.remove_from_blend(row)
    assert session.state.person.users == (4,), "the last one stays"
    verbs.set_share(4, 0.2)
    assert session.state.person.shares == (1.0,)
    assert same(person(session), of_user(model_of(session), 4))


def test_users_are_blended_in_equal_shares(session: Session) -> None:
    with_model(session)
    session.persons.blend([5, 2, 5, 7])
    assert session.state.person.users == (5, 2, 7)
    assert session.state.person.shares == pytest.approx((1 / 3,) * 3)


# Means


def test_the_mean_of_some_users_is_that_of_their_weights(session: Session) -> None:
    with_model(session)
    session.persons.mean_of([1, 4, 5], "three of them")
    assert session.state.person.about == "three of them"
    assert same(person(session), mean_of(model_of(session), np.array([1, 4, 5])))
    session.persons.mean_of([], "")
    assert same(person(session), mean_user(model_of(session)))


# Nearest


def test_the_nearest_user_by_a_form_is_found_among_the_characteristics(session: Session) -> None:
    with_model(session)
    model = model_of(session)
    session.persons.choose("nearest")
    assert session.state.person.near_by == "traits"
    assert not person(session).informed, "nothing is said yet"
    table = table_of(model)
    assert table is not None
    name = next(name for name in table.names if table.choices(name))
    session.persons.set_trait(name, table.choices(name)[0])
    near = neighbours_of(model, session.state.person, None)
    assert near is not None and len(near)
    assert same(person(session), near.nearest(model))
    session.persons.mix_nearest(True)
    assert same(person(session), near.weighted(model))
    session.persons.set_trait_weight(name, 0.0)
    session.persons.set_trait(name, "")
    assert dict(session.state.person.traits) == {} and session.state.person.trait_weights[name] == 0


@pytest.mark.parametrize("by", ["ratings", "factors"])
def test_the_nearest_user_to_the_selected_one_is_somebody_else(session: Session, by: str) -> None:
    with_model(session)
    model = model_of(session)
    session.select_user(2)
    session.persons.choose("nearest")
    session.persons.near_by(by)  # type: ignore[arg-type]
    near = neighbours_of(model, session.state.person, 2)
    assert near is not None and 2 not in near.rows
    assert same(person(session), of_user(model, int(near.rows[0])))
    assert neighbours_of(model, session.state.person, None) is None
    bare = without_ratings(model)
    assert neighbours_of(bare, PersonChoice("nearest", near_by="ratings"), 2) is None
    assert neighbours_of(bare, PersonChoice("nearest"), 2) is None


# Ratings


def test_what_is_rated_is_folded_in_and_taking_it_away_undoes_that(session: Session) -> None:
    with_model(session)
    model = model_of(session)
    session.persons.choose("rated")
    assert not person(session).informed
    session.persons.rate(3, 5.0)
    session.persons.rate(1, 1.0)
    assert same(person(session), folded(model, np.array([3, 1]), np.array([5.0, 1.0])))
    session.persons.rate(3, 2.0)
    assert dict(session.state.person.rated) == {3: 2.0, 1: 1.0}
    session.persons.rate(3, math.nan)
    session.persons.rate(1, math.nan)
    assert not session.state.person.rated and not person(session).informed
    session.persons.skip(7)
    assert session.state.person.skipped == {7}


def test_a_model_without_ratings_can_fold_nobody_in_and_gives_the_mean_user(session: Session) -> None:
    with_model(session)
    session.put(model=without_ratings(model_of(session)))
    session.persons.rate(3, 5.0)
    assert not person(session).informed
    session.persons.what_if()
    assert session.state.person.origin is None


def test_what_if_starts_as_the_user_and_stands_beside_them(session: Session) -> None:
    with_model(session)
    session.select_user(4)
    session.persons.what_if()
    model = model_of(session)
    user = of_user(model, 4)
    assert np.allclose(person(session).weights, user.weights, rtol=1e-4, atol=1e-5)
    compared = session.state.people.compared
    assert compared is not None and compared.user == 4
    session.persons.undo()
    assert session.state.person.kind == "user"


# Keeping


def test_a_person_is_kept_copied_opened_and_removed_by_name(session: Session) -> None:
    with_model(session)
    verbs = session.persons
    verbs.rate(2, 4.0)
    verbs.keep("Anna")
    verbs.duplicate()
    assert session.state.person.name == "Anna 2"
    verbs.rate(2, 1.0)
    verbs.keep("Anna 2")
    assert [each.name for each in session.state.people.kept] == ["Anna", "Anna 2"]
    verbs.open("Anna")
    assert dict(session.state.person.rated) == {2: 4.0}
    verbs.compare(verbs.kept("Anna 2"))
    verbs.remove("Anna 2")
    assert session.state.people.compared is None
    assert [each.name for each in session.state.people.kept] == ["Anna"]


def test_an_existing_user_who_is_kept_stays_that_user(session: Session) -> None:
    with_model(session)
    session.select_user(5)
    session.persons.keep("Mine")
    session.select_user(6)
    assert person(session).row == 5
    session.persons.choose("user")
    assert person(session).row == 6


def test_changes_are_undone_and_made_again_and_a_gesture_is_one_change(session: Session) -> None:
    with_model(session)
    verbs = session.persons
    verbs.undo()
    verbs.redo()
    verbs.choose("sliders")
    for weight in (0.1, 0.2, 0.3):
        verbs.set_weights(np.array([weight, 0.0]), gesture="weights")
    verbs.undo()
    first = session.state.person
    assert first.kind == "sliders" and first.weights is not None and first.weights[0] != 0.3
    verbs.redo()
    assert session.state.person.weights is not None and session.state.person.weights[0] == 0.3
    verbs.undo()
    verbs.undo()
    assert session.state.person.kind == "user"


def test_a_random_draw_and_a_reset_set_the_sliders(session: Session) -> None:
    session.persons.draw()
    session.persons.reset()
    assert session.state.person.kind == "user", "without a model nothing is set"
    with_model(session)
    session.persons.draw()
    drawn = session.state.person.weights
    session.persons.reset()
    assert drawn is not None and session.state.person.weights is not None
    assert not np.allclose(drawn, session.state.person.weights)
    assert same(person(session), mean_user(model_of(session)))


def test_ratings_outlive_a_model_of_the_same_data_and_weights_do_not(session: Session) -> None:
    with_model(session)
    verbs = session.persons
    verbs.draw()
    verbs.keep("Drawn")
    verbs.compare(session.state.person)
    verbs.rate(2, 4.0)
    verbs.keep("Rater")
    session.fitting.fit()
    settle(session)
    assert session.state.person.name == "Rater"
    assert [each.name for each in session.state.people.kept] == ["Rater"]
    assert session.state.people.compared is None and not session.state.people.past
