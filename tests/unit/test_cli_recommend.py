"""`alsgui recommend` for anybody: exit codes, closest matches, and the numbers of the Python API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import alsgui
from alsgui import __main__ as entry
from alsgui.core.errors import DataError
from alsgui.core.lookup import find_movie, find_user, plain
from alsgui.core.model import Model
from alsgui.core.people import mean_user
from alsgui.core.recommend import Filters, for_person
from alsgui.io.model_file import save_model
from alsgui.io.side_file import read_side_table

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def model() -> Model:
    return alsgui.fit(alsgui.generate("movies", n_users=60, n_movies=50, density=0.3), k=2, epochs=3, threads=1)


@pytest.fixture(scope="module")
def path(model: Model, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("model") / "m.alsgui"
    save_model(model, file)
    return str(file)


def asked(path: str, capsys: Capture, *words: str) -> Any:
    assert entry.main(["recommend", path, *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refused(path: str, capsys: Capture, *words: str) -> str:
    assert entry.main(["recommend", path, *words]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    return err


class TestWho:
    def test_the_mean_user_gets_the_mean_users_list(self, model: Model, path: str, capsys: Capture) -> None:
        found = asked(path, capsys, "--mean", "--top", "4")
        listed = for_person(model, mean_user(model), Filters(at_least=0, n_top=4))
        assert [row["id"] for row in found["recommendations"]] == list(listed.ids)
        assert found["for"] == "the mean user"

    def test_somebody_who_rates_a_few_is_folded_in(self, model: Model, path: str, capsys: Capture) -> None:
        titles = [model.title(0), model.movie_ids[1]]
        found = asked(path, capsys, "--rate", f"{titles[0]}=5", "--rate", f"{titles[1]}=1.5", "--top", "50")
        weights, bias = model.fold_in({model.movie_ids[0]: 5.0, model.movie_ids[1]: 1.5})
        best = found["recommendations"][0]
        column = model.summary.movie_columns[best["id"]]
        expected = model.mu + bias + float(model.movie_bias[column]) + float(weights @ model.m[:, column])
        assert best["predicted"] == pytest.approx(expected, abs=1e-5)
        assert not {model.movie_ids[0], model.movie_ids[1]} & {row["id"] for row in found["recommendations"]}

    def test_a_user_whose_rating_is_changed_or_taken_away_gets_another_list(
        self, model: Model, path: str, capsys: Capture
    ) -> None:
        assert model.split is not None
        user = model.user_ids[0]
        own = model.title(int(model.split.training.of_user(0)[0][0]))
        before = asked(path, capsys, "--user", user)
        for stars in ("0.5", "-"):
            after = asked(path, capsys, "--user", user, "--rate", f"{own}={stars}")
            assert after["user"] == user
            assert after["recommendations"] != before["recommendations"]

    def test_the_nearest_user_of_a_file_is_found_by_characteristics(
        self, model: Model, path: str, tmp_path: Path, capsys: Capture
    ) -> None:
        (tmp_path / "new.csv").write_text("id,age,favourite genre\nnewcomer,30,Horror\n")
        assert entry.main(["recommend", path, "--nearest", str(tmp_path / "new.csv"), "--neighbours", "3"]) == 0
        assert capsys.readouterr().out.startswith("Nearest: user ")
        everybody = "".join(f"{identity};{at % 7};a\n" for at, identity in enumerate(model.user_ids))
        (tmp_path / "all.csv").write_text("id;x;y\n" + everybody)
        found = asked(path, capsys, "--nearest", str(tmp_path / "all.csv"), "--user", model.user_ids[0])
        assert len(found["recommendations"]) == 10

    def test_the_users_of_a_movie_are_listed(self, model: Model, path: str, capsys: Capture) -> None:
        found = asked(path, capsys, "--movie", model.title(3), "--top", "3", "--why")
        assert [row["user"] for row in found["users"]] == list(model.recommend_users(model.movie_ids[3], 3).ids)
        assert sum(part["value"] for part in found["why_first"]) == pytest.approx(
            found["users"][0]["predicted"], abs=6e-5
        )
        assert entry.main(["recommend", path, "--movie", model.title(3), "--why"]) == 0
        assert "how this user rates" in capsys.readouterr().out

    def test_everyone_goes_to_a_file(self, model: Model, path: str, tmp_path: Path, capsys: Capture) -> None:
        file = tmp_path / "lists.csv"
        found = asked(path, capsys, "--all", "--out", str(file), "--top", "2")
        assert found == {"path": str(file), "n_users": 60, "n_top": 2}
        assert len(file.read_text().splitlines()) == 121
        assert entry.main(["recommend", path, "--all", "--out", str(file)]) == 0
        assert "lists of 60 users" in capsys.readouterr().out


class TestTheList:
    def test_filters_leave_out_what_they_say(self, model: Model, path: str, capsys: Capture) -> None:
        assert model.genres is not None
        genre = model.genres[0].split("|")[0]
        words = ["--mean", "--genre", genre.upper(), "--from-year", "1970", "--to-year", "2010", "--at-least", "4"]
        found = asked(path, capsys, *words, "--top", "100", "--diversity", "0.2", "--text", "the")
        assert found["recommendations"]
        for row in found["recommendations"]:
            column = model.summary.movie_columns[row["id"]]
            assert genre in model.genres[column].split("|")
            assert 1970 <= int(row["title"][-5:-1]) <= 2010
            assert row["n_ratings"] >= 4
        out = found["recommendations"][0]["title"]
        again = asked(path, capsys, *words, "--top", "100", "--text", "the", "--exclude", out)
        assert out not in {row["title"] for row in again["recommendations"]}

    def test_why_adds_up_to_each_prediction(self, path: str, capsys: Capture) -> None:
        for who in (["--user", "1"], ["--mean"]):
            for row in asked(path, capsys, *who, "--why")["recommendations"]:
                why = row["why"]
                assert why["total"] == pytest.approx(row["predicted"], abs=1e-6)
                for parts in filter(None, (why["by_ratings"], why["by_attribute"])):
                    assert sum(part["value"] for part in parts) == pytest.approx(row["predicted"], abs=6e-5)
                assert (why["by_ratings"] is None) == (who == ["--mean"]) == (why["reason"] is not None)

    def test_why_and_how_sure_in_words(self, path: str, capsys: Capture) -> None:
        assert entry.main(["recommend", path, "--user", "1", "--why", "--sure", "--top", "2"]) == 0
        out = capsys.readouterr().out
        assert "± " in out
        assert ", rated " in out
        assert entry.main(["recommend", path, "--mean", "--why", "--sure", "--top", "2"]) == 0
        out = capsys.readouterr().out
        assert "not solved from ratings" in out
        assert "attribute 1" in out

    def test_cautious_lists_fall_by_the_prediction_less_its_sd(self, path: str, capsys: Capture) -> None:
        rows = asked(path, capsys, "--user", "2", "--cautious", "--top", "20")["recommendations"]
        bounds = [row["predicted"] - row["sd"] for row in rows]
        assert bounds == sorted(bounds, reverse=True)


class TestScores:
    def test_are_no_stars_and_come_with_the_persons_percentile(self, tmp_path: Path, capsys: Capture) -> None:
        ratings = alsgui.generate("movies", n_users=40, n_movies=30, density=0.3)
        save_model(alsgui.fit(ratings, "implicit", k=2, epochs=2, threads=1), tmp_path / "i.alsgui")
        rows = asked(str(tmp_path / "i.alsgui"), capsys, "--user", "1", "--include-seen", "--why")["recommendations"]
        shares = [row["percentile"] for row in rows]
        assert shares[0] == pytest.approx(29 / 30)
        assert shares == sorted(shares, reverse=True)
        words = ["recommend", str(tmp_path / "i.alsgui"), "--rate", "1=1", "--sure", "--why", "--top", "2"]
        assert entry.main(words) == 0
        out = capsys.readouterr().out
        assert "not ratings" in out
        assert "no error in stars" in out


class TestRefused:
    def test_is_what_contradicts_or_cannot_be_read(
        self, model: Model, path: str, tmp_path: Path, capsys: Capture
    ) -> None:
        title = model.title(0)
        (tmp_path / "none.csv").write_text("id\n")
        (tmp_path / "uneven.csv").write_text("id,age\na,1,2\n")
        (tmp_path / "known.csv").write_text(f"id,age\n{model.user_ids[0]},1\n")
        cases = {
            (): "For whom?",
            ("--user", "1", "--mean"): "contradict",
            ("--all",): "needs a file",
            ("--mean", "--out", "x.csv"): "--out is for --all",
            ("--rate", title): "has no stars",
            ("--rate", f"{title}=many"): "are no stars",
            ("--rate", f"{title}=50"): "outside the scale",
            ("--rate", f"{title}=5", "--rate", f"{model.movie_ids[0]}=4"): "rated twice",
            ("--mean", "--genre", "horor"): "Did you mean Horror?",
            ("--mean", "--genre", "zzzz"): "There are: ",
            ("--mean", "--cautious"): "Leave --cautious out",
            ("--nearest", str(tmp_path / "none.csv")): "no table of users",
            ("--nearest", str(tmp_path / "uneven.csv")): "line 2: 3 fields",
            ("--nearest", str(tmp_path / "nowhere.csv")): "cannot be read",
            ("--nearest", str(tmp_path / "known.csv")): "Every user of",
            ("--user", "999"): "There is no user 999",
            ("--movie", "zzzz qqqq"): "movies are known",
        }
        for words, message in cases.items():
            assert message in refused(path, capsys, *words)

    def test_is_the_nearest_where_nothing_is_known_to_compare_by(self, tmp_path: Path, capsys: Capture) -> None:
        bare = alsgui.fit(alsgui.generate("chapter", n_users=6, n_movies=5), k=1, epochs=1)
        save_model(bare, tmp_path / "bare.alsgui")
        (tmp_path / "new.csv").write_text("id,age\nnew,30\n")
        words = ("--nearest", str(tmp_path / "new.csv"))
        assert "Nothing is known" in refused(str(tmp_path / "bare.alsgui"), capsys, *words)


class TestNames:
    @pytest.fixture
    def named(self) -> Model:
        titles = ("Matrix, The (1999)", "Matrix Reloaded, The (2003)", "Sabrina (1954)", "Sabrina (1995)", "300 (2007)",
                  "Heat (1995)")  # fmt: skip
        ratings = alsgui.Ratings.from_dense([[1, 2, 3, 4, 5, 3], [2, 3, 1, 5, 4, 2]], titles=titles)
        return alsgui.fit(ratings, k=1, epochs=1)

    @pytest.mark.parametrize(
        ("text", "column"),
        [("1", 0), ("The Matrix", 0), ("matrix, the (1999)", 0), ("the matrix (1999)", 0), ("reloaded", 1),
         ("Sabrina (1995)", 3), ("300", 4), (" heat ", 5)],
    )  # fmt: skip
    def test_a_movie_is_found_by_id_or_title(self, named: Model, text: str, column: int) -> None:
        assert find_movie(named, text) == column

    @pytest.mark.parametrize(
        ("text", "message"),
        [("Sabrina", "may be 2 movies: Sabrina (1954) [3]; Sabrina (1995) [4]"), ("Haet", "Did you mean Heat (1995)?"),
         ("matr", "may be 2 movies"), ("xyzxyz", "6 movies are known")],
    )  # fmt: skip
    def test_what_is_not_one_movie_gets_the_closest_ones(self, named: Model, text: str, message: str) -> None:
        with pytest.raises(DataError) as caught:
            find_movie(named, text)
        assert message in str(caught.value)

    def test_users_are_found_by_id(self, named: Model) -> None:
        assert find_user(named, " 2 ") == 1
        with pytest.raises(DataError, match="2 users are known"):
            find_user(named, "zz")
        names = alsgui.Ratings.from_triplets(["anna", "annb", "bob"], ["x", "x", "y"], [1, 2, 3])
        with pytest.raises(DataError, match=r"Did you mean ann. or ann."):
            find_user(alsgui.fit(names, k=1, epochs=1), "ann")

    def test_titles_are_compared_with_their_article_in_front(self) -> None:
        assert plain("Godfather, The (1972)") == "the godfather (1972)"
        assert plain("Godfather, The (1972)", year=False) == "the godfather"
        assert plain("Lost (2004-2010) ") == "lost (2004-2010)"

    def test_side_files_may_use_any_usual_delimiter(self, tmp_path: Path) -> None:
        for sign in (",", ";", "\t"):
            (tmp_path / "t.csv").write_text(f"id{sign}age\na{sign}1\nb{sign}\n", encoding="utf-8")
            ids, columns = read_side_table(tmp_path / "t.csv")
            assert ids == ["a", "b"]
            assert columns["age"].tolist() == ["1", None]
