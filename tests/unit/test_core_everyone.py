"""Lists for everyone are the lists of each, to the last place, whatever is left out."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

import alsgui
from alsgui.core import everyone
from alsgui.core.errors import ConfigError, ExportError, Interrupted
from alsgui.core.everyone import lists_for_everyone
from alsgui.core.model import Model, without_ratings
from alsgui.core.recommend import Filters, for_user
from alsgui.core.split import split
from alsgui.io.export_lists import export_lists
from tests.helpers.models import tiny_model
from tests.helpers.tiny import UNSEEN_USER, every_third_held_out, holey


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many blocks in tiny data."""
    monkeypatch.setattr(everyone, "_USERS", 16)
    monkeypatch.setattr(everyone, "_MOVIES", 8)


def same_as_each(model: Model, rules: Filters) -> None:
    met: list[int] = []
    for block in lists_for_everyone(model, rules, threads=1):
        for row, columns, predicted in zip(block.rows, block.columns, block.predicted, strict=True):
            met.append(int(row))
            listed = for_user(model, int(row), rules)
            assert columns[columns >= 0].tolist() == listed.columns.tolist()
            np.testing.assert_allclose(predicted[columns >= 0], listed.predicted, atol=1e-9)
            assert np.isnan(predicted[columns < 0]).all()
    assert sorted(met) == list(range(model.n_users))


@pytest.mark.interpreted
@pytest.mark.parametrize("hide_seen", [True, False])
@pytest.mark.parametrize(
    "settings",
    [{}, {"biases": False}, {"algorithm": "implicit"}, {"algorithm": "ridge", "fill": "mean"}, {"k": 0}],
    ids=str,
)
def test_every_users_list_is_the_one_they_would_get_alone(settings: dict[str, Any], hide_seen: bool) -> None:
    parts = every_third_held_out(holey(60, 70, share=0.3))
    model = alsgui.fit(parts, **{"k": 3, "epochs": 3, "dtype": "float64", **settings})
    same_as_each(model, Filters(n_top=7, hide_seen=hide_seen, at_least=0))
    same_as_each(model, Filters(n_top=3, hide_seen=hide_seen, at_least=12))


@given(seed=st.integers(0, 10_000), n=st.integers(1, 100), spread=st.floats(0.1, 30))
def test_stopping_early_leaves_nothing_out(seed: int, n: int, spread: float) -> None:
    ratings = alsgui.generate("low_rank", n_users=40, n_movies=80, seed=seed, noise=spread)
    model = alsgui.fit(split(ratings, 0.1), k=2, epochs=2, dtype="float64", lambda_u=0.1 * spread, lambda_m=0.1)
    same_as_each(model, Filters(n_top=n, at_least=0))


@pytest.mark.interpreted
def test_equal_predictions_stand_in_the_order_of_the_ids() -> None:
    ids = [str(number) for number in (*range(40, 20, -1), *range(1, 21))]
    users, movies = np.divmod(np.arange(80), 40)
    ratings = alsgui.Ratings.from_indices(users, movies, np.full(80, 3.0), ["a", "b"], ids)
    model = alsgui.fit(split(ratings, 0.0), k=1, epochs=2, dtype="float64")
    for n in (5, 40):
        for block in lists_for_everyone(model, Filters(n_top=n, hide_seen=False, at_least=0)):
            assert [ids[column] for column in block.columns[0]] == [str(number) for number in range(1, n + 1)]


def test_a_model_without_ratings_hides_nothing() -> None:
    model = without_ratings(alsgui.fit(every_third_held_out(holey()), k=2, epochs=2, dtype="float64"))
    same_as_each(model, Filters(n_top=9, at_least=0))


@pytest.mark.parametrize("rules", [Filters(), Filters(n_top=0), Filters(n_top=10**6), Filters(n_top=5, diversity=0.5)])
def test_lists_without_a_length_or_with_diversity_are_refused(rules: Filters) -> None:
    with pytest.raises(ConfigError):
        list(lists_for_everyone(tiny_model(), rules))


def test_it_ends_when_it_is_asked_to() -> None:
    with pytest.raises(Interrupted):
        list(lists_for_everyone(tiny_model(), Filters(n_top=1), interrupted=lambda: True))


class TestFiles:
    def test_csv_has_a_row_for_each_user_and_rank(self, tmp_path: Path) -> None:
        model, said = tiny_model(), []
        n_users = export_lists(
            model, tmp_path / "l.csv", Filters(n_top=2, hide_seen=False, at_least=0),
            progress=lambda share, words: said.append((share, words)),
        )  # fmt: skip
        lines = (tmp_path / "l.csv").read_text(encoding="utf-8").splitlines()
        assert n_users == 3
        assert lines[0] == "user,rank,movie,title,predicted"
        assert [line.split(",")[:2] for line in lines[1:]] == [
            [who, at] for who in ("ann", "bob", "eve") for at in "12"
        ]
        assert "\"'=SUM(" in "".join(lines), "a spreadsheet must not compute a title"
        assert said[-1][0] == 1

    def test_parquet_holds_the_same(self, tmp_path: Path) -> None:
        model, rules = tiny_model(), Filters(n_top=3, at_least=0)
        assert export_lists(model, tmp_path / "l.parquet", rules) == 2, "eve has seen everything"
        table = pyarrow.parquet.read_table(tmp_path / "l.parquet")
        assert table.column_names == ["user", "rank", "movie", "title", "predicted"]
        listed = for_user(model, 0, rules)
        assert table["movie"].to_pylist()[: len(listed)] == list(listed.ids)
        assert table["predicted"].to_pylist()[0] == pytest.approx(float(listed.predicted[0]), rel=1e-6)

    def test_without_titles_there_are_ids_alone_and_ten_movies(self, tmp_path: Path) -> None:
        model = alsgui.fit(every_third_held_out(holey()), "implicit", k=2, epochs=2)
        export_lists(model, tmp_path / "l.csv", Filters(hide_seen=False, at_least=0))
        head, *rows = (tmp_path / "l.csv").read_text(encoding="utf-8").splitlines()
        assert head == "user,rank,movie,score"
        assert len([row for row in rows if row.startswith(f"{UNSEEN_USER + 1},")]) == 9

    def test_a_cancelled_export_leaves_the_old_file(self, tmp_path: Path) -> None:
        (tmp_path / "l.csv").write_text("old")
        stop = Event()
        stop.set()
        with pytest.raises(Interrupted):
            export_lists(tiny_model(), tmp_path / "l.csv", Filters(n_top=2), cancel=stop)
        assert [file.name for file in tmp_path.iterdir()] == ["l.csv"]
        assert (tmp_path / "l.csv").read_text() == "old"

    def test_other_formats_and_places_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="neither CSV nor Parquet"):
            export_lists(tiny_model(), tmp_path / "l.xlsx")
        for name in ("l.csv", "l.parquet"):
            with pytest.raises(ExportError, match="folder does not exist"):
                export_lists(tiny_model(), tmp_path / "nowhere" / name)
