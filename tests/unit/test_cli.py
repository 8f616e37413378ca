from __future__ import annotations

import dataclasses
import functools
import json
import os
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import alsgui
from alsgui import __main__ as entry
from alsgui import cli
from alsgui.cli_settings import config_of
from alsgui.core.scoring import figures_on
from alsgui.core.solvers.config import CONFIGS
from alsgui.core.solvers.options import OPTIONS, choices, options_of
from alsgui.display import DisplayProblem
from alsgui.io import reading
from alsgui.io.model_file import save_model
from tests.helpers.models import tiny_model

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def ratings_file(tmp_path: Path) -> Path:
    ratings = alsgui.generate("movies", n_users=30, n_movies=20, seed=1)
    coo = ratings.csr.tocoo()
    rows = (
        f"{ratings.user_ids[row]},{ratings.movie_ids[column]},{value}"
        for row, column, value in zip(coo.row, coo.col, coo.data, strict=True)
    )
    path = tmp_path / "ratings-here.csv"
    path.write_text("user,movie,rating\n" + "\n".join(rows) + "\nbad,row,x\n")
    return path


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    save_model(tiny_model(), tmp_path / "m.alsgui")
    return tmp_path / "m.alsgui"


@pytest.fixture
def reads_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process: the way through a child is TestInspect's and test_io_child's."""
    monkeypatch.setattr(reading, "read", functools.partial(reading.read, isolated=False))


def error_of(capsys: Capture) -> str:
    """The one line on stderr; nothing stands on stdout."""
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("alsgui: ")
    assert err.count("\n") == 1
    return err


class TestInspect:
    def test_json_has_just_these_fields(self, ratings_file: Path, capsys: Capture) -> None:
        assert entry.main(["inspect", str(ratings_file), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert " ".join(found) == (
            "n_users n_movies n_ratings density min max rejected n_rejected n_rows_read n_merged n_missing notes "
            "options python"
        )
        assert found["rejected"] == [
            {"line": found["n_ratings"] + 2, "reason": "rating is not a number"},
        ]
        assert found["density"] == found["n_ratings"] / (found["n_users"] * found["n_movies"])

    def test_words_say_the_same(self, ratings_file: Path, capsys: Capture) -> None:
        assert entry.main(["inspect", str(ratings_file)]) == 0
        out, err = capsys.readouterr()
        assert "ratings-here: 30 users" in out
        assert "1 rejected" in out
        assert "rating is not a number" in out
        assert err == ""

    def test_when_no_row_is_left_the_count_and_first_reason_are_said(self, tmp_path: Path, capsys: Capture) -> None:
        path = tmp_path / "a.csv"
        path.write_text("user,item,rating\na,x,nan\nb,x,inf\n")
        for words in (["inspect", str(path)], ["inspect", str(path), "--json"]):
            assert entry.main(words) == 2
            assert "2 rows rejected; first: line 2: rating is not a finite number" in error_of(capsys)

    def test_rows_past_the_first_hundred_rejected_are_counted(self, tmp_path: Path, capsys: Capture) -> None:
        path = tmp_path / "r.csv"
        path.write_text("user,movie,rating\na,x,3\n" + "b,y,bad\n" * 103)
        assert entry.main(["inspect", str(path)]) == 0
        assert capsys.readouterr().out.endswith("\n  and 3 rows more\n")


@pytest.mark.usefixtures("reads_here")
class TestImportOptions:
    """Every setting of an import is an option of `inspect` and `fit`."""

    def inspect(self, capsys: Capture, *words: str) -> dict[str, Any]:
        assert entry.main(["inspect", *words, "--json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    def test_the_detected_settings_are_shown_and_take_the_same_file_in_again(
        self, ratings_file: Path, capsys: Capture
    ) -> None:
        found = self.inspect(capsys, str(ratings_file))
        options = found["options"]
        assert (options["layout"], options["columns"]) == ("long", "user=0,item=1,rating=2")
        again = alsgui.read_ratings(str(ratings_file), **options)
        assert again.n_ratings == found["n_ratings"]
        assert found["python"].startswith("alsgui.read_ratings(")
        assert found["n_rows_read"] == found["n_ratings"] + found["n_merged"] + found["n_rejected"]

    def test_every_option_of_a_text(self, tmp_path: Path, capsys: Capture) -> None:
        path = tmp_path / "odd.txt"
        path.write_bytes("written by hand\nMüller~4,5~x~10\nMüller~1,0~x~20\nb~99~y~5\n".encode("cp1252"))
        words = ["--delimiter", "~", "--quote", "none", "--encoding", "windows-1252", "--decimal", ",", "--no-header",
                 "--skip-rows", "1", "--columns", "user=0,item=2,rating=1,time=3", "--missing", "99",
                 "--duplicates", "mean", "--layout", "long"]  # fmt: skip
        found = self.inspect(capsys, str(path), *words)
        assert (found["n_ratings"], found["n_merged"], found["n_missing"], found["max"]) == (1, 1, 1, 2.75)
        options = found["options"]
        assert (options["delimiter"], options["quote"], options["encoding"]) == ("~", "", "windows-1252")
        assert (options["skip_rows"], options["header"], options["missing"]) == (1, False, ["99"])

    def test_a_matrix_with_ids_dropped_columns_and_swap(self, tmp_path: Path, capsys: Capture) -> None:
        path = tmp_path / "wide.csv"
        path.write_text("note,who,a,b\nq,ann,1,0\nr,bob,2,3\ns,cid,0,5\n")
        words = ["--layout", "wide", "--columns", "id=1,drop=0", "--missing", "0"]
        found = self.inspect(capsys, str(path), *words)
        assert (found["n_users"], found["n_movies"], found["n_ratings"], found["n_missing"]) == (3, 2, 4, 2)
        swapped = self.inspect(capsys, str(path), *words, "--swap")
        assert (swapped["n_users"], swapped["n_movies"]) == (2, 3)
        transposed = self.inspect(capsys, str(path), "--layout", "wide-transposed", *words[2:])
        assert (transposed["n_users"], transposed["n_movies"]) == (2, 3)

    def test_side_tables_and_selects(self, tmp_path: Path, capsys: Capture) -> None:
        import sqlite3

        (tmp_path / "films.csv").write_text("movieId,title\n1,Heat\n3,Up\n")
        (tmp_path / "people.csv").write_text("userId,age\n7,30\n")
        with sqlite3.connect(tmp_path / "shop.db") as connected:
            connected.execute("CREATE TABLE facts (a)")
            connected.execute("CREATE TABLE sales (who, what, stars)")
            connected.executemany("INSERT INTO sales VALUES (?, ?, ?)", [(7, 1, 5), (8, 2, 3)])
        connected.close()
        side = ["--movies", str(tmp_path / "films.csv"), "--users", str(tmp_path / "people.csv")]
        for source in (["--table", "sales"], ["--sql", "SELECT * FROM sales WHERE stars > 0"]):
            found = self.inspect(capsys, str(tmp_path / "shop.db"), *source, *side)
            assert found["n_ratings"] == 2
            assert "1 movie rated but without a title." in found["notes"]
            assert "1 user rated but without characteristics." in found["notes"]

    def test_fit_takes_them_too(self, ratings_file: Path, capsys: Capture) -> None:
        words = ["--k", "2", "--epochs", "2", "--swap", "--duplicates", "first", "--json"]
        assert entry.main(["fit", str(ratings_file), *words]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["n_users"], found["n_movies"]) == (20, 30)

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["--layout", "tall"], "Choose one of long, events, wide, wide-transposed"),
            (["--columns", "colour=1"], "colour=1 is no role of a column"),
            (["--columns", "user=0,item=9,rating=2"], "Columns user=0,item=9,rating=2 do not fit"),
            (["--duplicates", "best"], "Choose one of last, first, mean, sum, refuse"),
            (["--movies", "nothing.csv"], "nothing.csv does not exist"),
        ],
    )
    def test_what_cannot_be_is_one_line(
        self, ratings_file: Path, capsys: Capture, words: list[str], message: str
    ) -> None:
        assert entry.main(["inspect", str(ratings_file), *words]) == 2
        assert message in error_of(capsys)


@pytest.mark.usefixtures("reads_here")
class TestFit:
    FAST = ("--k", "2", "--epochs", "3", "--threads", "1")

    def test_json_has_just_these_fields(self, ratings_file: Path, capsys: Capture) -> None:
        assert entry.main(["fit", str(ratings_file), *self.FAST, "--json"]) == 0
        out, err = capsys.readouterr()
        found = json.loads(out)
        assert " ".join(found) == (
            "algorithm k n_users n_movies n_ratings epochs rmse_train mae_train rmse_test mae_test n_test "
            "n_test_unknown rmse_test_known ndcg_holdout recall_holdout n_users_judged clipped_to known_after "
            "seconds_read "
            "seconds_fit"
        )
        assert [list(epoch) for epoch in found["epochs"]] == [
            ["epoch", "loss", "rmse_train", "rmse_holdout", "ndcg_holdout", "recall_holdout", "seconds"]
        ] * 3
        assert (found["algorithm"], found["k"], found["n_test"]) == ("observed", 2, round(0.1 * found["n_ratings"]))
        assert err == ""

    def test_what_does_not_exist_is_null(self, ratings_file: Path, capsys: Capture) -> None:
        assert entry.main(["fit", str(ratings_file), *self.FAST, "--holdout", "0", "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["rmse_test"] is None
        assert found["epochs"][0]["rmse_holdout"] is None
        assert found["n_test"] == 0

    def test_a_test_file_takes_the_place_of_the_hold_out(
        self, ratings_file: Path, tmp_path: Path, capsys: Capture
    ) -> None:
        path = tmp_path / "test.csv"
        path.write_text("user,movie,rating\n1,1,3\nstranger,1,4\n1,unheard,2\nstranger,unheard,5\n")
        assert entry.main(["fit", str(ratings_file), *self.FAST, "--test", str(path), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["n_test"], found["n_test_unknown"]) == (4, 3)
        assert found["epochs"][0]["rmse_holdout"] is None
        assert entry.main(["fit", str(ratings_file), *self.FAST, "--test", str(path)]) == 0
        assert "Test RMSE" in capsys.readouterr().out

    def test_options_reach_the_settings(self, ratings_file: Path, tmp_path: Path, capsys: Capture) -> None:
        words = ["--weighted-lambda", "--no-biases", "--lambda-u", "0.5", "--lambda-m", "0.25", "--seed", "7"]
        words += ["--out", str(tmp_path / "out"), "--export", "csv,npz", "--orientation", "NxK"]
        assert entry.main(["fit", str(ratings_file), *self.FAST, *words]) == 0
        model = alsgui.load_model(tmp_path / "out" / "model.alsgui")
        config = model.config.to_json()
        assert (config["lambda_power"], config["lambda_u"], config["lambda_m"]) == (1.0, 0.5, 0.25)
        assert (config["seed"], config["biases"], config["k"]) == (7, False, 2)
        written = {path.name for path in (tmp_path / "out").iterdir()}
        assert written == {"model.alsgui", "u.csv", "m.csv", "users.csv", "movies.csv", "factors.npz"}
        assert "N x K" in (tmp_path / "out" / "u.csv").read_text().splitlines()[0]
        assert capsys.readouterr().out.count("Wrote ") == 6

    def test_words_compare_with_the_baselines(self, ratings_file: Path, capsys: Capture) -> None:
        assert entry.main(["fit", str(ratings_file), *self.FAST]) == 0
        out = capsys.readouterr().out
        assert "Hold-out RMSE" in out
        assert "Movie mean alone" in out

    @pytest.mark.parametrize(
        ("words", "refusal"),
        [
            ("--out {tmp}/o --export csv,xls", (2, "There is no format xls.")),
            ("--out {tmp}/o --export csv --orientation MxK", (2, "There is no orientation MxK.")),
            ("--out {tmp}/ratings-here.csv", (1, "cannot be made")),
            ("--k -3", (2, "k is -3.")),
            ("--export csv", (2, "Add --out DIR.")),
        ],
    )
    def test_what_cannot_end_well_is_refused_before_the_file_is_read(
        self, ratings_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture, words: str, refusal: tuple[int, str]
    ) -> None:
        monkeypatch.setattr(cli, "_read", _raiser(AssertionError("the file was read")))
        given = [word.replace("{tmp}", str(ratings_file.parent)) for word in words.split()]
        assert entry.main(["fit", str(ratings_file), *given]) == refusal[0]
        assert refusal[1] in error_of(capsys)

    def test_a_denied_folder_is_said_before_the_fit(
        self, ratings_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
    ) -> None:
        monkeypatch.setattr("os.access", lambda path, mode: not mode & os.W_OK)
        assert entry.main(["fit", str(ratings_file), "--out", str(tmp_path)]) == 1
        assert "does not allow files. Choose a folder that you may write to." in error_of(capsys)

    def test_a_model_that_equals_the_averages_is_called_as_good(self, tmp_path: Path, capsys: Capture) -> None:
        path = tmp_path / "four.csv"
        path.write_text("a,b,3\na,c,4\nb,c,2\nb,d,1\n")
        assert entry.main(["fit", str(path), "--k", "0"]) == 0
        out = capsys.readouterr().out
        assert "on 1 rating," in out
        assert "the model is as good." in out

    def test_the_same_seeds_give_the_same_figures(self, ratings_file: Path, capsys: Capture) -> None:
        figures = []
        for _ in range(2):
            entry.main(["fit", str(ratings_file), *self.FAST, "--seed", "3", "--split-seed", "4", "--json"])
            found = json.loads(capsys.readouterr().out)
            figures.append((found["rmse_train"], found["rmse_test"]))
        assert figures[0] == figures[1]

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["--k", "-1"], "k is -1"),
            (["--algorithm", "magic"], "no algorithm magic"),
            (["--algorithm", "ridge"], "missing ratings"),
            (["--weighted-lambda", "--lambda-power", "0.5"], "contradict"),
            (["--export", "csv"], "Add --out DIR"),
            (["--out", "{tmp}", "--export", "xls"], "no format xls"),
            (["--holdout", "2"], "hold-out share"),
            (["--test", "{tmp}/none.csv"], "does not exist"),
            (["--nonsense"], "No such option"),
            (["--k", "many"], "--k"),
        ],
    )
    def test_input_that_cannot_be_used_is_one_line_and_exit_2(
        self, ratings_file: Path, tmp_path: Path, capsys: Capture, words: list[str], message: str
    ) -> None:
        filled = [word.replace("{tmp}", str(tmp_path)) for word in words]
        assert entry.main(["fit", str(ratings_file), "--epochs", "1", *filled]) == 2
        assert message in error_of(capsys)

    def test_ridge_with_a_chosen_fill_fits_holes(self, ratings_file: Path) -> None:
        words = ["fit", str(ratings_file), *self.FAST, "--algorithm", "ridge", "--fill", "mean"]
        assert entry.main(words) == 0

    def test_a_place_that_cannot_be_written_is_exit_1(
        self, ratings_file: Path, tmp_path: Path, capsys: Capture
    ) -> None:
        (tmp_path / "file").write_text("")
        assert entry.main(["fit", str(ratings_file), *self.FAST, "--out", str(tmp_path / "file")]) == 1
        assert "cannot be made" in error_of(capsys)


class TestRecommend:
    def test_json_lists_unseen_movies_by_rank(self, model_file: Path, capsys: Capture) -> None:
        assert entry.main(["recommend", str(model_file), "--user", "bob", "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["user"], found["seen_known"]) == ("bob", True)
        assert [row["id"] for row in found["recommendations"]] == ["2"]
        assert list(found["recommendations"][0]) == ["rank", "id", "title", "predicted", "given", "n_ratings"]

    def test_a_table_shows_titles_as_they_are(self, model_file: Path, capsys: Capture) -> None:
        assert entry.main(["recommend", str(model_file), "--user", "bob", "--include-seen", "--top", "3"]) == 0
        out = capsys.readouterr().out
        assert '=SUM("a", 1)' in out
        assert len(out.splitlines()) == 4

    def test_a_model_without_ratings_says_that_seen_is_not_known(self, tmp_path: Path, capsys: Capture) -> None:
        save_model(tiny_model(), tmp_path / "bare.alsgui", with_ratings=False)
        assert entry.main(["recommend", str(tmp_path / "bare.alsgui"), "--user", "ann"]) == 0
        assert "Seen movies are not known" in capsys.readouterr().out

    @pytest.mark.parametrize(("user", "message"), [("anne", "Did you mean ann?"), ("zzz", "3 users are known")])
    def test_an_unknown_user_is_exit_2_with_the_nearest_id(
        self, model_file: Path, capsys: Capture, user: str, message: str
    ) -> None:
        assert entry.main(["recommend", str(model_file), "--user", user]) == 2
        assert message in error_of(capsys)

    def test_a_file_that_is_no_model_is_exit_2(self, ratings_file: Path, capsys: Capture) -> None:
        assert entry.main(["recommend", str(ratings_file), "--user", "1"]) == 2
        error_of(capsys)


class TestFirstWord:
    @pytest.fixture
    def opened(self, monkeypatch: pytest.MonkeyPatch) -> list[object]:
        """What the window and the tour were asked for, without opening them."""
        calls: list[object] = []
        window, tour = types.ModuleType("alsgui.app"), types.ModuleType("alsgui.tour")

        def run_window(path: str | None, profile_startup: bool, lesson: str | None) -> int:
            calls.append((path, profile_startup) if lesson is None else (path, lesson))
            return 0

        def run_tour(out: Path) -> Path:
            calls.append(out)
            return out / "tour.md"

        monkeypatch.setattr(window, "run_window", run_window, raising=False)
        monkeypatch.setattr(tour, "run_tour", run_tour, raising=False)
        monkeypatch.setitem(sys.modules, "alsgui.app", window)
        monkeypatch.setitem(sys.modules, "alsgui.tour", tour)
        return calls

    def test_nothing_or_a_path_opens_the_window(self, opened: list[object], ratings_file: Path) -> None:
        assert entry.main([]) == 0
        assert entry.main([str(ratings_file)]) == 0
        assert entry.main(["--profile-startup"]) == 0
        assert opened == [(None, False), (str(ratings_file), False), (None, True)]

    def test_a_lesson_opens_the_window_on_an_experiment(
        self, opened: list[object], ratings_file: Path, capsys: Capture
    ) -> None:
        assert entry.main(["--lesson", "blank"]) == 0
        assert entry.main([str(ratings_file), "--lesson=k"]) == 0
        assert opened == [(None, "blank"), (str(ratings_file), "k")]
        for wrong in (["--lesson", "nope"], ["--lesson"]):
            assert entry.main(wrong) == 2
            assert "Use k, lambda, em, starts, blank." in error_of(capsys)

    def test_a_lesson_beside_a_command_or_another_lesson_is_refused_and_nothing_runs(
        self, opened: list[object], ratings_file: Path, capsys: Capture
    ) -> None:
        assert entry.main(["fit", str(ratings_file), "--lesson", "k"]) == 2
        assert "--lesson opens the window and does not go with fit." in error_of(capsys)
        assert entry.main(["--lesson=blank", "inspect", str(ratings_file)]) == 2
        assert "does not go with inspect" in error_of(capsys)
        assert entry.main(["--lesson", "k", "--lesson", "blank"]) == 2
        assert "given twice" in error_of(capsys)
        assert opened == []

    def test_without_a_display_and_without_a_place_for_the_tour_the_reason_is_one_line(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(entry, "display_problem", lambda: DisplayProblem("No display", "start one"))
        (tmp_path / "alsgui-tour").write_text("a file, not a folder")
        assert entry.main([]) == 1
        lines = capsys.readouterr().err.splitlines()
        assert lines[0] == "No display: start one"
        assert lines[1:] == ["alsgui: The folder alsgui-tour cannot be made: File exists. Choose another folder."]

    def test_a_commands_name_is_the_command_even_where_a_file_has_it(
        self, opened: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "tour").write_text("")
        assert entry.main(["tour", "--out", "pictures"]) == 0
        assert opened == [Path("pictures")]

    def test_without_a_display_one_line_says_why_and_the_tour_is_drawn(
        self, opened: list[object], monkeypatch: pytest.MonkeyPatch, capsys: Capture
    ) -> None:
        problem = DisplayProblem("No display", "start one")
        monkeypatch.setattr(entry, "display_problem", lambda: problem)
        assert entry.main([]) == 0
        out, err = capsys.readouterr()
        assert opened == [Path("alsgui-tour")]
        assert err == "No display: start one\n"
        assert "tour.md" in out
        monkeypatch.setattr(entry, "display_problem", lambda: DisplayProblem("No libraries", "get them", False))
        assert entry.main([]) == 1

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["ftt"], "Did you mean fit?"),
            (["inspct", "--json"], "Did you mean inspect?"),
            (["qqqqqqq"], "The commands are"),
            (["{tmp}/ratings-her.csv"], "ratings-here.csv?"),
            (["{tmp}/ratings-here.csv", "--json"], "--json is no option of the window"),
            (["fit"], "FILE"),
        ],
    )
    def test_a_word_that_is_neither_names_the_nearest(
        self, ratings_file: Path, tmp_path: Path, capsys: Capture, words: list[str], message: str
    ) -> None:
        assert entry.main([word.replace("{tmp}", str(tmp_path)) for word in words]) == 2
        assert message in error_of(capsys)

    def test_version_and_help_are_printed(self, capsys: Capture) -> None:
        assert entry.main(["--version"]) == 0
        assert capsys.readouterr().out == f"alsgui {alsgui.__version__}\n"
        assert entry.main(["--help"]) == 0
        assert "recommend" in capsys.readouterr().out


class TestErrors:
    @pytest.mark.parametrize(
        ("failure", "code", "message"),
        [
            (RuntimeError("odd\nthing"), 1, "Unexpected RuntimeError: odd thing. Run again with --debug."),
            (KeyboardInterrupt(), 1, "Cancelled."),
        ],
    )
    def test_whatever_goes_wrong_is_one_line(
        self, monkeypatch: pytest.MonkeyPatch, capsys: Capture, failure: BaseException, code: int, message: str
    ) -> None:
        monkeypatch.setattr(cli, "_read", _raiser(failure))
        assert cli.run(["inspect", "x"]) == code
        assert message in error_of(capsys)

    def test_a_traceback_is_shown_only_with_debug(self, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
        monkeypatch.setattr(cli, "_read", _raiser(RuntimeError("odd")))
        assert cli.run(["inspect", "x", "--debug"]) == 1
        assert "Traceback" in capsys.readouterr().err


def _raiser(error: BaseException) -> Callable[..., object]:
    def fail(*_: object, **__: object) -> object:
        raise error

    return fail


def test_ratings_of_strangers_are_judged_by_what_is_known_of_the_rest() -> None:
    model = tiny_model()
    tests = alsgui.Ratings.from_triplets(["new", "ann", "new"], ["1", "new", "new"], [4, 4, 4])
    figures = figures_on(model, tests)
    expected = [model.mu + model.movie_bias[0], model.mu + model.user_bias[0], model.mu]
    errors = 4 - np.clip(expected, model.summary.low, model.summary.high)
    assert (figures.n, figures.n_unknown) == (3, 3)
    assert figures.rmse == pytest.approx(np.sqrt(np.mean(errors**2)), rel=1e-6)


def test_the_command_line_runs_as_a_program_and_the_window_loads_no_parser() -> None:
    code = "import sys, alsgui.__main__; print([m for m in ('typer', 'rich', 'duckdb', 'numba') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    done = subprocess.run(
        [sys.executable, "-m", "alsgui", "inspect", "ml-latest-small", "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["n_ratings"] == 100836


@pytest.mark.usefixtures("reads_here")
class TestAlgorithms:
    FAST = ("--k", "2", "--epochs", "3", "--threads", "1")

    def test_implicit_prints_lists_in_place_of_errors(self, ratings_file: Path, capsys: Capture) -> None:
        words = ["fit", str(ratings_file), *self.FAST, "--algorithm", "implicit"]
        assert entry.main(words) == 0
        out = capsys.readouterr().out
        assert "Hold-out NDCG@20 0." in out
        assert "recall@20" in out
        assert "Most rated movies for everybody" in out
        assert "scores, about 0 to 1, not ratings" in out
        assert "RMSE" not in out
        assert entry.main([*words, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["rmse_train"] is found["rmse_test"] is found["clipped_to"] is None
        assert found["epochs"][0]["rmse_train"] is found["epochs"][0]["rmse_holdout"] is None
        assert 0 < found["ndcg_holdout"] <= 1
        assert 0 < found["recall_holdout"] <= 1
        assert 0 < found["epochs"][-1]["ndcg_holdout"] <= 1

    def test_implicit_is_judged_by_a_test_file(self, ratings_file: Path, tmp_path: Path, capsys: Capture) -> None:
        path = tmp_path / "test.csv"
        path.write_text("user,movie,rating\n1,1,3\nstranger,1,4\n2,unheard,2\n")
        words = ["fit", str(ratings_file), *self.FAST, "--algorithm", "implicit", "--test", str(path), "--json"]
        assert entry.main(words) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["n_users_judged"] == 2
        assert found["recall_holdout"] <= 0.5, "nobody can be recommended what the model does not know"

    def test_every_setting_of_every_algorithm_is_an_option(self, ratings_file: Path) -> None:
        values = {"confidence": "value", "fill": "zero", "order": "mu", "combine": "average", "solver": "cg",
                  "dtype": "float64", "cells": "all", "free": "m", "scale_m": "length", "mass": "count",
                  "method": "mu", "half_steps": "4"}  # fmt: skip
        for name, kind in CONFIGS.items():
            words: list[str] = []
            for field in dataclasses.fields(kind):
                if field.name in kind.moot:
                    continue
                default = getattr(kind, field.name)
                flag = "--" + field.name.replace("_", "-")
                if isinstance(default, bool):
                    words.append(flag.replace("--", "--no-") if default else flag)
                else:
                    words += [flag, kind.inits[0] if field.name == "init" else values.get(field.name, "1")]
            assert entry.main(["fit", str(ratings_file), "--algorithm", name, *words]) == 0, name

    @pytest.mark.parametrize(
        ("algorithm", "words", "message"),
        [
            ("observed", ["--fill", "mean"], "--fill is no option of observed, only of ridge"),
            ("ridge", ["--no-biases"], "--biases is no option of ridge, only of observed"),
            ("observed", ["--alpha", "3"], "--alpha is no option of observed, only of implicit"),
            ("implicit", ["--lambda-bias", "3"], "implicit takes --k, --lambda-u"),
            ("implicit", ["--init", "means"], "init is means. Use normal, small, uniform, svd or unit"),
            ("observed", ["--preset", "nobody"], "There is no preset nobody"),
            ("nmf", ["--lambda-u", "1"], "--lambda-u is no option of nmf"),
        ],
    )
    def test_what_does_not_apply_is_refused_with_what_does(
        self, algorithm: str, words: list[str], message: str, capsys: Capture
    ) -> None:
        assert entry.main(["fit", "never-read.csv", "--algorithm", algorithm, *words]) == 2
        assert message in error_of(capsys)

    def test_a_preset_gives_what_is_not_asked_for(
        self, ratings_file: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = types.ModuleType("alsgui.presets")
        spark = {"algorithm": "observed", "biases": False, "lambda_power": 1.0, "k": 10}
        made.PRESETS = {"spark": (lambda: dict(spark), "No biases.")}  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "alsgui.presets", made)
        config = config_of(None, "spark", {"k": 3, "seed": None})
        assert (config.k, getattr(config, "biases", None), getattr(config, "lambda_power", None)) == (3, False, 1.0)
        assert entry.main(["fit", str(ratings_file), "--preset", "spark", "--epochs", "1"]) == 0
        capsys.readouterr()
        assert entry.main(["fit", str(ratings_file), "--preset", "spark", "--algorithm", "ridge"]) == 2
        assert "--preset spark is observed, not ridge. Leave --algorithm out." in error_of(capsys)

    def test_help_names_every_algorithm_and_says_whose_an_option_is(self, capsys: Capture) -> None:
        assert entry.main(["fit", "--help"]) == 0
        out = " ".join(capsys.readouterr().out.split())
        assert all(name in out for name in CONFIGS)
        assert "For implicit. Default 15." in out


def test_every_field_of_every_algorithm_stands_in_the_table_of_words() -> None:
    known = {option.name for option in OPTIONS}
    for kind in CONFIGS.values():
        assert {field.name for field in dataclasses.fields(kind)} <= known
        for option in options_of(kind):
            allowed = choices(option, kind)
            default = getattr(kind, option.name)
            assert not allowed or default in allowed, option.name
