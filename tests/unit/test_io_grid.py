"""Every way to write a table, read back equal: encoding x delimiter x quoting x header x line end x decimal."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alsgui.io import reading
from alsgui.io.look import look
from alsgui.io.options import ImportOptions, as_json, from_json, python_line
from alsgui.io.reading import Reading
from tests.helpers.files import cells

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "latin-1", "windows-1252")
DELIMITERS = (",", ";", "\t", "|", "::", " ", "~|~")
QUOTES = ("none", "all", "apostrophe", "escaped")
LINE_ENDS = ("\n", "\r\n", "\r")

IDS = ("Müller", "007", "7", "12345678901234567890", "x:y", "d")
MOVIES = ("Été", "m1", "0012", "b")
RATINGS = (0.5, 1.0, 3.5, 5.0, 4.0)


@dataclass(frozen=True)
class Way:
    """How a file is written."""

    encoding: str
    delimiter: str
    quote: str
    header: bool
    line_end: str
    decimal: str

    def field(self, text: str) -> str:
        if self.quote == "all":
            return '"' + text.replace('"', '""') + '"'
        if self.quote == "apostrophe":
            return "'" + text.replace("'", "''") + "'"
        if self.quote == "escaped":
            return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return text

    def number(self, value: float) -> str:
        return repr(value).replace(".", self.decimal)

    def write(self, path: Path, rows: list[tuple[str, str, float]]) -> Path:
        lines = [[user, movie, self.number(value)] for user, movie, value in rows]
        if self.header:
            lines.insert(0, ["user", "movie", "rating"])
        text = "".join(self.delimiter.join(map(self.field, line)) + self.line_end for line in lines)
        raw = b"\xff\xfe" + text.encode("utf-16-le") if self.encoding == "utf-16-le-bom" else text.encode(self.codec)
        path.write_bytes(raw)
        return path

    @property
    def codec(self) -> str:
        return {"windows-1252": "cp1252"}.get(self.encoding, self.encoding)

    @property
    def given(self) -> dict[str, Any]:
        """What cannot be seen in a file and is told."""
        told: dict[str, Any] = {}
        if self.delimiter == "~|~":
            told["delimiter"] = self.delimiter
        return told


WAYS = [
    Way(*way)
    for way in itertools.product(ENCODINGS, DELIMITERS, QUOTES, (True, False), LINE_ENDS, (".", ","))
    if not (way[1] == "," and way[5] == "," and way[2] == "none")
]


def rows_of(way: Way) -> list[tuple[str, str, float]]:
    euro = "€" if way.encoding == "windows-1252" else "é"
    ids = [*IDS, euro + "uro"]
    return [
        (user, movie, RATINGS[(at + other) % len(RATINGS)])
        for at, user in enumerate(ids)
        for other, movie in enumerate(MOVIES)
        if not (way.delimiter in user and way.quote == "none")
    ]


def read(path: Path, **told: Any) -> Reading:
    return reading.read(path, isolated=False, **told)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_every_way_is_detected_and_read_back_equal(tmp_path: Path, encoding: str, delimiter: str) -> None:
    for at, way in enumerate(way for way in WAYS if (way.encoding, way.delimiter) == (encoding, delimiter)):
        rows = rows_of(way)
        found = read(way.write(tmp_path / f"data-{at}.csv", rows), **way.given)
        assert cells(found.ratings) == {(user, movie): value for user, movie, value in rows}, way
        assert (found.report.n_rows_read, found.report.n_rejected) == (len(rows), 0), way
        assert found.report.options.header is way.header, way


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dictionaries(
        st.tuples(*(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=6) for _ in range(2))),
        st.integers(-(2**20), 2**20).map(lambda steps: steps / 16),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from([",", "\t", ";", "|"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_ids_of_any_signs_survive_explicit_options(
    tmp_path: Path, wanted: dict[tuple[str, str], float], delimiter: str, line_end: str
) -> None:
    way = Way("utf-8", delimiter, "all", True, line_end, ".")
    path = way.write(tmp_path / "data.csv", [(user, movie, value) for (user, movie), value in wanted.items()])
    told = {"delimiter": delimiter, "quote": '"', "escape": "", "comment": "", "encoding": "utf-8", "decimal": ".",
            "header": True, "skip_rows": 0, "columns": "user=0,item=1,rating=2", "layout": "long"}  # fmt: skip
    assert cells(read(path, **told).ratings) == wanted


class TestWhatElseStandsInFiles:
    def test_a_preamble_is_skipped_and_lines_are_those_of_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "data.csv"
        rows = "001;1;4,0;30.07.2000\n001;3;x;31.07.2000\n002;1;3,5;01.08.2000\n"
        path.write_text("Export of 2018\nby the shop\nUserNr;FilmNr;Note;Datum\n" + rows)
        found = read(path, columns="user=0,item=1,rating=2,time=3")
        options = found.report.options
        assert (options.skip_rows, options.header, options.decimal, options.time_format) == (2, True, ",", "dmy")
        assert cells(found.ratings) == {("001", "1"): 4.0, ("002", "1"): 3.5}
        assert [(problem.line, problem.remedy) for problem in found.report.rejected] == [(5, "add “x” to Missing")]
        assert found.ratings.time is not None
        assert found.ratings.time.tolist() == [964915200, 965088000]

    def test_comments_in_the_middle_are_no_rows(self, tmp_path: Path) -> None:
        path = tmp_path / "data.csv"
        path.write_text("user,movie,rating\na,x,1\n# a break\nb,x,2\nc,x,bad\n")
        found = read(path)
        assert (found.report.n_rows_read, found.ratings.n_ratings) == (3, 2)
        assert [problem.line for problem in found.report.rejected] == [5]

    def test_r_leaves_out_the_name_above_the_row_names(self, tmp_path: Path) -> None:
        path = tmp_path / "data.csv"
        path.write_text("Alien Heat Up\nann 5 NA 3\nbob NA 2 1\n")
        assert cells(read(path).ratings) == {
            ("ann", "Alien"): 5, ("ann", "Up"): 3, ("bob", "Heat"): 2, ("bob", "Up"): 1
        }  # fmt: skip

    def test_runs_of_blanks_are_one_delimiter(self, tmp_path: Path) -> None:
        path = tmp_path / "data.txt"
        path.write_text("  1   10  3.5\n 12   7   4\n 12  10   1  \n")
        assert cells(read(path).ratings) == {("1", "10"): 3.5, ("12", "7"): 4, ("12", "10"): 1}


class TestLayouts:
    def test_events_are_counted(self, tmp_path: Path) -> None:
        path = tmp_path / "data.csv"
        path.write_text("user,movie,time\na,x,1000000003\nb,y,1000000001\na,x,1000000002\na,x,1000000009\n")
        found = read(path)
        assert (found.report.options.layout, found.report.options.feedback) == ("events", "counts")
        assert cells(found.ratings) == {("a", "x"): 3, ("b", "y"): 1}
        assert (found.report.n_rows_read, found.report.n_kept, found.report.n_duplicates) == (4, 2, 2)
        merged = found.report.merged[0]
        assert (merged.user, merged.movie, merged.lines, merged.kept) == ("a", "x", (2, 4, 5), 3.0)

    def test_movies_by_users_are_told_by_the_name_of_the_ids(self, tmp_path: Path) -> None:
        path = tmp_path / "data.csv"
        path.write_text("movieId,ann,bob,cid,dan\nAlien,5,,3,\nHeat,,2,,4\n")
        found = read(path)
        assert found.report.options.layout == "wide-transposed"
        assert cells(found.ratings) == {
            ("ann", "Alien"): 5, ("cid", "Alien"): 3, ("bob", "Heat"): 2, ("dan", "Heat"): 4
        }  # fmt: skip

    def test_swap_and_transposition_are_the_same_for_a_matrix(self, tmp_path: Path) -> None:
        path = tmp_path / "data.csv"
        path.write_text("user,a,b,c\nann,5,,3\nbob,,2,4\n")
        swapped = read(path, swap=True).ratings
        assert cells(swapped) == cells(read(path, layout="wide-transposed").ratings)
        assert cells(reading.swapped(read(path).ratings)) == cells(swapped)

    def test_columns_of_a_matrix_can_be_dropped_and_values_be_missing(self, tmp_path: Path) -> None:
        path = tmp_path / "data.csv"
        path.write_text("10,5,99,3\n20,99,2,4\n30,1,0,99.0\n")
        found = read(path, layout="wide", columns="drop=0", missing=["99", "0"])
        assert cells(found.ratings) == {
            ("1", "1"): 5, ("1", "3"): 3, ("2", "2"): 2, ("2", "3"): 4, ("3", "1"): 1
        }  # fmt: skip
        assert found.report.n_missing == 4

    def test_a_missing_value_of_a_list_is_no_rating_and_no_rejected_row(self, tmp_path: Path) -> None:
        path = tmp_path / "data.csv"
        path.write_text("user,movie,rating\na,x,99\nb,x,99.00\nc,x,3\nd,x,n/a\n")
        report = read(path, missing=("99", "N/A")).report
        assert (report.n_rows_read, report.n_kept, report.n_missing, report.n_rejected) == (1, 1, 3, 0)

    def test_a_sample_of_users_is_the_same_each_time_and_counted(self, tmp_path: Path) -> None:
        path = tmp_path / "data.csv"
        path.write_text("user,movie,rating\n" + "".join(f"u{n % 100},m{n % 7},3\n" for n in range(700)))
        first, again = (read(path, users_share=0.3) for _ in range(2))
        assert first.ratings.user_ids == again.ratings.user_ids
        assert 10 < first.ratings.n_users < 50
        assert first.report.n_rows_read + first.report.n_left_out == 700

    def test_users_with_few_ratings_are_left_out(self, tmp_path: Path) -> None:
        path = tmp_path / "data.csv"
        path.write_text("user,movie,rating\na,x,1\na,y,2\nb,x,3\n")
        found = read(path, min_ratings=2)
        assert cells(found.ratings) == {("a", "x"): 1, ("a", "y"): 2}
        assert (found.report.n_rows_read, found.report.n_left_out) == (2, 1)

    @pytest.mark.parametrize(("policy", "kept"), [("sum", 9), ("mean", 3), ("last", 5), ("first", 1)])
    def test_every_policy_for_duplicates(self, tmp_path: Path, policy: str, kept: float) -> None:
        path = tmp_path / "data.csv"
        path.write_text("user,movie,rating\na,x,1\nb,x,2\na,x,3\na,x,5\n")
        assert cells(read(path, duplicates=policy).ratings)["a", "x"] == kept


class TestSideTables:
    def test_users_are_joined_by_id_with_the_unmatched_counted(self, tmp_path: Path) -> None:
        (tmp_path / "data.csv").write_text("user,movie,rating\na,x,1\nb,y,2\n")
        (tmp_path / "people.tsv").write_text("userId\tage\tcity\na\t30\tBern\nc\t40\t\n")
        found = read(tmp_path / "data.csv", users=str(tmp_path / "people.tsv"))
        assert found.ratings.characteristics is not None
        assert found.ratings.characteristics["age"].tolist() == ["30", None]
        joined = found.report.users
        assert joined is not None
        assert (joined.n_listed, joined.n_matched, joined.n_without, joined.n_unrated) == (2, 1, 1, 1)

    def test_movies_may_be_a_table_of_any_kind(self, tmp_path: Path) -> None:
        (tmp_path / "data.csv").write_text("user,movie,rating\na,1,1\nb,2,2\n")
        (tmp_path / "films.json").write_text('[{"id": 1, "title": "Heat"}, {"id": 2, "title": "Up"}]')
        assert read(tmp_path / "data.csv", movies=str(tmp_path / "films.json")).ratings.titles == ("Heat", "Up")


class TestRepeating:
    def test_the_line_of_python_reads_the_same_again(self, tmp_path: Path) -> None:
        (tmp_path / "ratings.csv").write_text("user;movie;rating\na;1;1,5\nb;2;2\nb;2;4\n")
        (tmp_path / "movies.csv").write_text("movieId,title\n1,Heat\n2,Up\n")
        first = read(tmp_path / "ratings.csv")
        line = python_line(str(tmp_path / "ratings.csv"), first.report.options)
        import alsgui

        again = eval(line.replace(")", ", isolated=False)") if line.count(")") == 1 else line, {"alsgui": alsgui})
        assert again.fingerprint == first.ratings.fingerprint
        assert again.titles == ("Heat", "Up")

    def test_options_go_through_json(self, tmp_path: Path) -> None:
        (tmp_path / "ratings.csv").write_text("user;movie;rating\na;1;1,5\nb;2;2\n")
        options = look(tmp_path / "ratings.csv").options
        assert from_json(as_json(options)) == options
        assert isinstance(options, ImportOptions)
