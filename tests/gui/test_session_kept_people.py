"""Persons that are kept go into the model's file and come back from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from alsgui.io.model_file import load_model
from alsgui.session.kept_people import from_plain, to_plain
from alsgui.session.persons import chosen_person
from alsgui.session.session import Session
from alsgui.session.state import PersonChoice
from tests.helpers.sessions import settle, with_model


def everybody(k: int) -> tuple[PersonChoice, ...]:
    """One of each kind."""
    return (
        PersonChoice("user", user=2, name="two"),
        PersonChoice("mean", users=(0, 1), about="the first ones", name="some"),
        PersonChoice("blend", users=(0, 3), shares=(0.25, 0.75), name="between"),
        PersonChoice("nearest", near_by="ratings", traits=MappingProxyType({"age": "30"}), mixed=True,
                     trait_weights=MappingProxyType({"age": 2.0}), name="near"),
        PersonChoice("sliders", weights=np.linspace(-1, 1, k), bias=0.5, name="made up"),
        PersonChoice("rated", rated=MappingProxyType({4: 3.5, 1: 5.0}), skipped=frozenset({2, 0}), origin=1,
                     name="new"),
    )  # fmt: skip


def same(one: PersonChoice, other: PersonChoice) -> bool:
    plain, again = to_plain([one]), to_plain([other])
    return plain == again


def test_a_person_kept_under_a_name_is_there_when_the_model_is_opened_again(session: Session, tmp_path: Path) -> None:
    with_model(session)
    session.persons.choose("blend")
    session.persons.keep("Half and half")
    before = chosen_person(session.state)
    session.save_model(tmp_path / "m.alsgui")
    settle(session)
    session.open_path(tmp_path / "m.alsgui")
    settle(session)
    assert [each.name for each in session.state.people.kept] == ["Half and half"]
    session.persons.open("Half and half")
    after = chosen_person(session.state)
    assert before is not None and after is not None
    np.testing.assert_allclose(after.weights, before.weights)


def test_persons_of_every_kind_come_back_as_they_were(session: Session, tmp_path: Path) -> None:
    with_model(session)
    model = session.state.model
    assert model is not None
    kept = everybody(model.k)
    session.put(people=replace(session.state.people, kept=kept))
    session.save_model(tmp_path / "m.alsgui")
    settle(session)
    found = from_plain(load_model(tmp_path / "m.alsgui"))
    assert len(found) == len(kept)
    assert all(same(one, other) for one, other in zip(found, kept, strict=True))
    assert list(found[-1].rated) == [4, 1], "in the order in which they were given"


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "robot"},
        {"near_by": "smell"},
        {"users": [10**6]},
        {"user": -1},
        {"origin": "x"},
        {"rated": [[10**6, 3.0]]},
        {"rated": [[0, float("nan")]]},
        {"weights": [1.0] * 999},
        {"bias": float("inf")},
        {"traits": 7},
    ],
    ids=str,
)
def test_a_person_that_does_not_fit_the_model_is_left_out(session: Session, change: dict[str, Any]) -> None:
    with_model(session)
    model = session.state.model
    assert model is not None
    whole = to_plain(everybody(model.k))
    broken = replace(model, people=({**whole[0], **change}, *whole[1:], {}))
    assert [person.name for person in from_plain(broken)] == [each["name"] for each in whole[1:]]


def test_a_model_without_persons_has_none(session: Session) -> None:
    with_model(session)
    assert session.state.model is not None
    assert from_plain(session.state.model) == ()
