"""The hold-out as a person changes it: every kind, a file, big data, recipes and files of both parts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from alsgui.core.errors import ConfigError
from alsgui.core.search import Grid
from alsgui.core.solvers.config import ObservedConfig
from alsgui.session import split_verbs
from alsgui.session.session import Session
from alsgui.session.split_words import short_words_of, words_of
from tests.gui.test_session_recipe import assert_replays
from tests.helpers.sessions import fit_going_on, settle, with_model, with_movies

TRAIN = "user,item,rating,timestamp\n" + "".join(
    f"{u},{m},{1 + (u * m) % 5},{100 * u + m}\n" for u in range(1, 9) for m in range(1, 8)
)
TEST = "user,item,rating,timestamp\n" + "".join(f"{u},{m},{1 + (u + m) % 5},5\n" for u in (1, 2, 99) for m in (8, 9))


def opened(session: Session, folder: Path) -> Path:
    """Open the training file; the test file's path."""
    (folder / "train.csv").write_text(TRAIN)
    (folder / "test.csv").write_text(TEST)
    session.open_path(folder / "train.csv")
    settle(session)
    return folder / "test.csv"


def fit(session: Session, **settings: object) -> None:
    session.fitting.set_config(**({"k": 2, "epochs": 2, "tolerance": 0.0} | settings))
    session.fitting.fit()
    settle(session)


@pytest.mark.parametrize(
    ("how", "words", "short"),
    [
        ({"kind": "each", "n": 2}, "2 of each user", "2 each"),
        ({"kind": "users", "share": 0.25, "told": 5}, "25 % of users, told 5", "25 % users"),
        ({"kind": "users", "told": None}, "10 % of users, told all but one", "10 % users"),
        ({"share": 0.2}, "20 %", "20 %"),
        ({"share": 0.0}, "none", "none"),
    ],
)
def test_every_kind_is_judged_said_in_words_and_made_again_by_its_recipe(
    session: Session, how: dict[str, object], words: str, short: str
) -> None:
    with_movies(session, n_users=20, n_movies=24)
    session.splitting.keep_aside(**how)  # type: ignore[arg-type]
    split = session.state.split
    assert split is not None
    assert words_of(split).replace("\u2009", " ") == words
    assert short_words_of(split).replace("\u2009", " ") == short
    fit(session)
    model = session.state.model
    assert model is not None
    assert bool(model.holdout_figures.n) == bool(len(split.held_out))
    assert (session.state.baselines is not None) == bool(len(split.held_out))
    assert_replays(session)


def test_the_newest_of_each_user_are_made_again_by_their_recipe(session: Session, tmp_path: Path) -> None:
    opened(session, tmp_path)
    session.splitting.keep_aside(kind="last", n=2)
    split = session.state.split
    assert split is not None and words_of(split) == "last 2 of each user" and short_words_of(split) == "last 2"
    fit(session)
    assert_replays(session)


def test_another_kind_begins_with_its_usual_share_and_keeps_the_rest(session: Session) -> None:
    with_movies(session)
    session.splitting.keep_aside(share=0.3, seed=4)
    session.splitting.keep_aside(kind="users")
    split = session.state.split
    assert split is not None and (split.kind, split.share, split.seed) == ("users", 0.1, 4)
    session.splitting.keep_aside(told=None)
    again = session.state.split
    assert again is not None and again is not split and again.told is None
    session.splitting.keep_aside(told=None)
    assert session.state.split is again, "what is so already is no other split"


def test_what_the_ratings_do_not_serve_for_changes_nothing(session: Session) -> None:
    session.generate("low_rank", n_users=10, n_movies=10)
    settle(session)
    before = session.state
    with pytest.raises(ConfigError, match="no time"):
        session.splitting.keep_aside(kind="last")
    assert session.state is before


def test_a_split_of_many_ratings_is_a_job(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(split_verbs, "AT_ONCE", 10)
    with_movies(session)
    session.splitting.keep_aside(kind="each", n=3)
    assert session.state.job is not None and session.state.job.name == "Keeping ratings aside"
    settle(session)
    assert session.state.split is not None and (session.state.split.kind, session.state.split.n) == ("each", 3)


def test_ratings_of_a_file_are_added_and_kept_aside_and_leave_with_it(session: Session, tmp_path: Path) -> None:
    test = opened(session, tmp_path)
    first = session.state.data
    assert first is not None
    session.splitting.from_file(test)
    settle(session)
    state = session.state
    assert state.split is not None and state.data is not None and state.ratings is state.split.ratings
    assert (state.split.kind, len(state.split.held_out), state.ratings.n_users, state.ratings.n_movies) == (
        "file", 6, 9, 9,
    )  # fmt: skip
    assert words_of(state.split) == "6 of a file" and short_words_of(state.split) == "a file"
    assert state.notice is not None and "Kept aside: 6 ratings of test.csv." in state.notice.text
    assert "6 of them, with 1 new user and 2 new movies" in state.notice.hint
    fit(session)
    assert session.state.page == "train" and state.data.before_holdout is first
    model = session.state.model
    assert model is not None and model.holdout_figures.n == 6 and model.holdout_figures.n_unknown == 6
    assert_replays(session)
    session.splitting.from_file(test)
    settle(session)
    assert session.state.data is not None and session.state.data.before_holdout is first, "a second file starts anew"
    session.splitting.keep_aside(kind="random")
    settle(session)
    assert session.state.data is first and session.state.split is not None and session.state.split.kind == "random"
    assert session.state.page == "train"


def test_a_fit_on_all_ratings_has_those_of_the_file_and_its_recipe_too(session: Session, tmp_path: Path) -> None:
    test = opened(session, tmp_path)
    session.splitting.from_file(test)
    settle(session)
    fit(session)
    session.keeping.fit_on_all()
    settle(session)
    model = session.state.model
    assert model is not None and model.split is not None
    assert model.split.training.n_ratings == model.split.ratings.n_ratings == 8 * 7 + 6
    assert_replays(session)


def test_ratings_of_a_file_that_are_open_are_only_kept_aside(session: Session, tmp_path: Path) -> None:
    opened(session, tmp_path)
    data = session.state.data
    assert data is not None
    session.splitting.keep_aside(kind="each", n=2)
    kept = session.state.split
    assert kept is not None
    session.splitting.export(tmp_path / "parts")
    settle(session)
    assert {path.name for path in (tmp_path / "parts").iterdir()} == {"training.csv", "holdout.csv", "split.json"}
    session.splitting.from_file(tmp_path / "parts" / "holdout.csv")
    settle(session)
    split = session.state.split
    assert session.state.data is data and split is not None and split.kind == "file"
    np.testing.assert_array_equal(split.held_out, kept.held_out)
    assert session.state.notice is not None and not session.state.notice.hint


def test_a_swapped_file_has_a_swapped_hold_out(session: Session, tmp_path: Path) -> None:
    test = opened(session, tmp_path)
    session.importing.swap_open()
    settle(session)
    session.splitting.from_file(test)
    settle(session)
    split = session.state.split
    assert split is not None and (split.ratings.n_users, split.ratings.n_movies) == (9, 9)
    assert "99" in split.ratings.movie_ids
    fit(session)
    assert_replays(session)


def test_persons_that_were_kept_stay_with_a_hold_out_file_and_after_it(session: Session, tmp_path: Path) -> None:
    test = opened(session, tmp_path)
    fit(session)
    session.persons.choose("rated")
    session.persons.rate(6, 5.0)
    session.persons.keep("Ann")
    session.splitting.from_file(test)
    settle(session)
    assert [each.name for each in session.state.people.kept] == ["Ann"]
    fit(session)
    session.persons.choose("rated")
    session.persons.rate(8, 4.0)  # a movie of the file
    session.persons.keep("Bob")
    session.persons.blend([0, 8])  # a user of the file
    session.persons.keep("both")
    assert [each.name for each in session.state.people.kept] == ["Ann", "Bob", "both"]
    session.splitting.keep_aside(kind="random")
    assert [(each.name, dict(each.rated)) for each in session.state.people.kept] == [("Ann", {6: 5.0})]


def test_ratings_of_a_hold_out_file_leave_when_users_and_movies_are_swapped(session: Session, tmp_path: Path) -> None:
    test = opened(session, tmp_path)
    session.splitting.from_file(test)
    settle(session)
    session.importing.swap_open()
    settle(session)
    ratings, split = session.state.ratings, session.state.split
    assert ratings is not None and (ratings.n_users, ratings.n_movies, ratings.n_ratings) == (7, 8, 56)
    assert split is not None and split.kind == "random"
    fit(session)
    assert_replays(session)


def test_a_file_that_cannot_serve_is_an_error_that_changes_nothing(session: Session, tmp_path: Path) -> None:
    opened(session, tmp_path)
    before = session.state.split
    for name, text in (("bad.csv", "user,item,rating\n1,1,5\n"), ("empty.csv", "")):
        (tmp_path / name).write_text(text)
        session.splitting.from_file(tmp_path / name)
        settle(session)
        assert session.state.notice is not None and session.state.notice.kind == "error"
        assert session.state.split is before


def test_without_ratings_nothing_can_be_kept_aside(session: Session, tmp_path: Path) -> None:
    before = session.state
    session.splitting.keep_aside(share=0.2)
    session.splitting.from_file(tmp_path / "x.csv")
    session.splitting.export(tmp_path)
    assert session.state is before


def test_runs_keep_the_split_they_were_judged_on(session: Session) -> None:
    with_model(session)
    first = session.state.split
    session.splitting.keep_aside(kind="users")
    assert session.state.runs[0].split is first and session.state.baselines is None


def test_nothing_else_is_kept_aside_while_a_fit_goes_on(session: Session) -> None:
    fit_going_on(session)
    split = session.state.split
    session.splitting.keep_aside(kind="users")
    assert session.state.notice is not None and "is going on" in session.state.notice.text
    assert session.state.split is split
    session.cancel()
    settle(session)


def test_a_search_that_goes_on_keeps_its_hold_out_and_its_table(session: Session) -> None:
    with_movies(session, 120, 200)
    split = session.state.split
    session.searching.start(Grid(ObservedConfig(epochs=100_000, tolerance=0.0), (8,), (1.0, 2.0), n_folds=2))
    session.splitting.keep_aside(kind="users")
    assert session.state.notice is not None and "Search is going on" in session.state.notice.text
    assert session.state.split is split and session.state.search is not None
    session.searching.stop()
    settle(session)
    session.splitting.keep_aside(kind="users")
    assert session.state.split is not split and session.state.search is None


def test_a_file_is_refused_while_a_fit_goes_on(session: Session, tmp_path: Path) -> None:
    fit_going_on(session)
    split = session.state.split
    session.splitting.from_file(tmp_path / "x.csv")
    assert session.state.notice is not None and "not finished yet" in session.state.notice.text
    assert session.state.split is split
    session.cancel()
    settle(session)
