"""What a look shows before anything is read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from alsgui.core.errors import ConfigError, DataError
from alsgui.io import isolation
from alsgui.io.look import look, pasted
from alsgui.io.looked import Look
from alsgui.io.options import ImportOptions, checked, parse_columns
from alsgui.io.reading import read
from alsgui.io.remembered import remember_options, remembered_options

LONG = "user,movie,rating,time\na,x,4.0,964982703\nb,y,n/a,964982704\nb,x,3.5,964982705\n"


def written(tmp_path: Path, text: str, name: str = "data.csv") -> Path:
    (tmp_path / name).write_text(text)
    return tmp_path / name


def keys(found: Look) -> list[str]:
    return [concern.key for concern in found.concerns]


def test_rows_are_shown_as_they_will_be_understood(tmp_path: Path) -> None:
    written(tmp_path, "movieId,title\nx,Heat (1995)\ny,Up\n", "films.csv")
    found = look(written(tmp_path, LONG), {"movies": str(tmp_path / "films.csv")})
    assert [(row.line, row.understood) for row in found.rows] == [
        (2, "4.00 ★ Heat (1995)"),
        (3, ""),
        (4, "3.50 ★ Heat (1995)"),
    ]
    problem = found.rows[1].problem
    assert problem is not None
    assert (problem.reason, problem.remedy) == ("rating is not a number", "add “n/a” to Missing")
    assert found.problems == (problem,)
    assert (found.size.n_users, found.size.n_movies, found.size.n_ratings, found.size.n_rejected) == (2, 1, 2, 1)
    assert found.size.exact


def test_columns_have_their_role_kind_and_examples(tmp_path: Path) -> None:
    columns = look(written(tmp_path, LONG)).columns
    assert [(column.name, column.role, column.kind) for column in columns] == [
        ("user", "user", "text"), ("movie", "item", "text"), ("rating", "rating", "number"), ("time", "time", "time")
    ]  # fmt: skip
    assert columns[0].examples == ("a", "b")
    assert columns[3].facts == "seconds since 1970"


def test_a_large_file_is_seen_at_three_places_with_the_lines_counted(tmp_path: Path) -> None:
    path = written(tmp_path, "user,movie,rating\n" + "".join(f"u{n},m{n % 50},{n % 5}\n" for n in range(60_000)))
    found = look(path)
    assert found.preview_note == "first rows and three places"
    starts = [row for row in found.rows if row.starts_place]
    assert len(starts) == 3
    lines = path.read_text().splitlines()
    for row in found.rows:
        assert row.exact
        assert lines[row.line - 1] == row.raw
    assert abs(found.size.n_ratings - 60_000) < 3_000
    assert not found.size.exact


def test_a_compressed_file_says_that_only_its_first_rows_are_shown(tmp_path: Path) -> None:
    import gzip

    path = tmp_path / "data.csv.gz"
    path.write_bytes(gzip.compress(("user,movie,rating\n" + "u,m,3\n" * 50_000).encode()))
    assert look(path).preview_note == "first rows: the file is compressed"


def test_what_is_given_holds_and_the_rest_is_detected_again(tmp_path: Path) -> None:
    path = written(tmp_path, "a;b,c;1\nd;e,f;2\n")
    assert look(path).options.delimiter == ";"
    found = look(path, {"delimiter": ",", "columns": "user=0,item=2,rating=1"})
    assert found.options.delimiter == ","
    assert found.n_columns == 2
    assert found.options.columns.item != 2
    assert look(path, found.options).options == found.options


def test_a_table_without_ratings_is_shown_with_what_it_lacks(tmp_path: Path) -> None:
    found = look(written(tmp_path, "colour,size,weight,shop\nred,big,much,a\nblue,small,little,b\n"))
    assert "no column of ratings" in found.problem
    assert found.hint
    assert len(found.rows) == 3
    events = look(found.path, {"layout": "events"})
    assert events.problem == ""


def test_counts_or_ratings_is_asked_where_it_cannot_be_known(tmp_path: Path) -> None:
    text = "user,movie,value\n" + "".join(f"u{n},m{n % 7},{n % 3 + 1 if n % 10 else 40}\n" for n in range(100))
    found = look(written(tmp_path, text))
    assert [question.key for question in found.questions] == ["feedback"]
    assert found.questions[0].chosen == 0
    answered = look(found.path, found.questions[0].choices[1].given)
    assert answered.options.feedback == "counts"
    assert answered.questions[0].chosen == 1
    assert look(written(tmp_path, LONG)).questions == ()


@pytest.mark.parametrize(("value", "key"), [("0", "value:0"), ("99", "value:99"), ("-1", "value:-1")])
def test_a_value_outside_a_regular_scale_is_asked_about(tmp_path: Path, value: str, key: str) -> None:
    rows = "".join(f"u{n},m{n % 7},{value if n % 4 == 0 else n % 5 + 1}\n" for n in range(100))
    path = written(tmp_path, "user,movie,rating\n" + rows)
    question = next(one for one in look(path).questions if one.key == key)
    assert f"{value} appears 25.0 % of the time" in question.text
    assert question.chosen == 1
    answered = look(path, question.choices[0].given)
    assert next(one for one in answered.questions if one.key == key).chosen == 0
    report = read(path, answered.options, isolated=False).report
    assert (report.n_kept, report.n_missing) == (75, 25)


def test_a_matrix_mostly_of_zeros_takes_them_for_not_rated_and_says_so(tmp_path: Path) -> None:
    rows = "".join(
        f"u{n}," + ",".join(str(n % 5 + 1) if m == n % 8 else "0" for m in range(8)) + "\n" for n in range(9)
    )
    path = written(tmp_path, "user," + ",".join(f"m{m}" for m in range(8)) + "\n" + rows)
    question = look(path).questions[0]
    assert (question.key, question.chosen) == ("value:0", 0)
    found = read(path, isolated=False)
    assert (found.report.n_kept, found.report.n_missing) == (9, 63)
    assert "0 is taken for not rated; give --missing to change it." in found.report.notes
    assert read(path, isolated=False, missing=[]).report.n_kept == 72


class TestConcerns:
    def test_names_that_say_the_opposite(self, tmp_path: Path) -> None:
        path = written(tmp_path, "movieId,userId,rating\n1,a,3\n2,b,4\n")
        assert keys(look(path)) == []
        found = look(path, {"columns": "user=0,item=1,rating=2"})
        assert keys(found) == ["swapped"]
        assert keys(look(path, found.concerns[0].remedies[0].given)) == []

    def test_ids_that_match_the_movies_in_the_users_column(self, tmp_path: Path) -> None:
        written(tmp_path, "movieId,title\n" + "".join(f"f{n},Film {n}\n" for n in range(9)), "films.csv")
        rows = "".join(f"f{n % 9},p{n},3\n" for n in range(20))
        path = written(tmp_path, rows)
        found = look(path, {"movies": str(tmp_path / "films.csv")})
        assert keys(found) == ["swapped"]
        mended = look(path, {**found.given, **found.concerns[0].remedies[0].given})
        assert keys(mended) == []
        assert read(path, mended.options, isolated=False).ratings.n_movies == 9

    def test_titles_in_the_users_column(self, tmp_path: Path) -> None:
        written(tmp_path, "movieId,title\n" + "".join(f"f{n},Film {n}\n" for n in range(9)), "films.csv")
        path = written(tmp_path, "".join(f"Film {n % 9},p{n},3\n" for n in range(20)))
        assert "swapped" in keys(look(path, {"movies": str(tmp_path / "films.csv")})) or "titles" in keys(
            look(path, {"movies": str(tmp_path / "films.csv")})
        )

    def test_memory_that_will_not_do(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("alsgui.io.preview.free_bytes", lambda: 50_000_000)
        found = look(written(tmp_path, LONG))
        assert not found.cost.fits
        assert keys(found) == ["memory"]
        share = found.concerns[0].remedies[0].given["users_share"]
        assert 0 < share < 1
        assert isolation.free_bytes() > 0


class TestOptions:
    def test_roles_move_between_columns(self) -> None:
        columns = parse_columns("user=0,item=1,rating=2,drop=4")
        assert str(columns.with_role(3, "rating")) == "user=0,item=1,rating=3,drop=4"
        assert str(columns.with_role(4, "time")) == "user=0,item=1,rating=2,time=4"
        assert str(columns.with_role(2, "drop")) == "user=0,item=1,drop=2,drop=4"
        assert columns.with_role(0, "").user is None

    @pytest.mark.parametrize("wrong", ["user", "user=x", "colour=1", "user=0,user=1", "user=-1"])
    def test_columns_that_make_no_sense_are_refused(self, wrong: str) -> None:
        with pytest.raises(ConfigError):
            parse_columns(wrong)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"layout": "tall"}, {"delimiter": ""}, {"delimiter": "\n"}, {"quote": '""'}, {"delimiter": '"'},
            {"encoding": "ebcdic"}, {"decimal": ";"}, {"users_share": 0.0}, {"skip_rows": -1},
            {"table": "a", "sql": "SELECT 1"}, {"columns": parse_columns("user=0,item=0")},
            {"columns": parse_columns("user=9"), "n_columns": 3}, {"delimiter": ";", "decimal": ";"},
        ],
    )  # fmt: skip
    def test_options_that_cannot_be_are_refused(self, wrong: dict[str, object]) -> None:
        with pytest.raises(ConfigError) as caught:
            checked(replace(ImportOptions(), **wrong))  # type: ignore[arg-type]
        assert caught.value.hint

    def test_an_option_that_does_not_exist_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="no option colour"):
            look(written(tmp_path, LONG), {"colour": "red"})

    def test_settings_are_remembered_per_file(self, tmp_path: Path) -> None:
        path = written(tmp_path, LONG)
        given = {"columns": parse_columns("user=0,item=1,rating=2"), "missing": ("99",), "swap": True}
        remember_options(path, given, tmp_path)
        assert remembered_options(path, tmp_path) == given
        assert remembered_options(tmp_path / "other.csv", tmp_path) == {}

    def test_a_remembered_connection_has_no_password(self, tmp_path: Path) -> None:
        remember_options("postgresql://me:secret@host/db?password=hidden&x=1", {"table": "ratings"}, tmp_path)
        stored = (tmp_path / "imports.json").read_text()
        assert "secret" not in stored
        assert "hidden" not in stored
        assert remembered_options("postgresql://me:other@host/db?x=1", tmp_path) == {"table": "ratings"}


def test_a_pasted_table_is_read_like_a_file(tmp_path: Path) -> None:
    path = pasted("user\tmovie\trating\na\tx\t3\nb\ty\t4\n")
    assert read(path, isolated=False).ratings.n_ratings == 2
    with pytest.raises(DataError, match="no table"):
        pasted("  \n")
