from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alsgui.core.errors import ConfigError, DataError, Interrupted
from alsgui.core.ratings import Ratings
from alsgui.io import reading
from alsgui.io.look import look
from alsgui.io.reading import Reading, summary
from tests.helpers.files import Style, cells, shown, write_rows


def read(path: Path, **given: Any) -> Reading:
    """Read in this process: what a child adds is tested apart."""
    return reading.read(path, isolated=False, **given)


def read_ratings(path: Path, **given: Any) -> Ratings:
    return read(path, **given).ratings


FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(tmp_path: Path, text: str, name: str = "data.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode())
    return path


LONG = "userId,movieId,rating,timestamp\n1,10,4.0,964982703\n1,20,3.5,964982704\n2,10,1.0,964982705\n"


class TestLongTables:
    def test_a_header_gives_the_columns_their_roles_in_any_order(self, tmp_path: Path) -> None:
        text = "Timestamp,Score,Book ID,extra,User\n964982703,4.5,b1,x,u1\n964982704,2,b2,y,u1\n"
        reading = read(written(tmp_path, text))
        assert cells(reading.ratings) == {("u1", "b1"): 4.5, ("u1", "b2"): 2.0}
        assert reading.ratings.noun == "book"
        assert reading.ratings.time is not None
        assert reading.ratings.time.tolist() == [964982703, 964982704]

    def test_without_a_header_the_columns_are_user_item_rating_time(self, tmp_path: Path) -> None:
        reading = read(written(tmp_path, LONG.split("\n", 1)[1]))
        assert not reading.report.header
        assert cells(reading.ratings) == {("1", "10"): 4.0, ("1", "20"): 3.5, ("2", "10"): 1.0}
        assert reading.ratings.time is not None

    def test_the_report_says_what_was_read(self, tmp_path: Path) -> None:
        path = written(tmp_path, LONG)
        report = read(path).report
        assert (report.files, report.layout, report.delimiter, report.header) == ((path,), "long", ",", True)
        assert (report.n_rows_read, report.n_kept, report.n_duplicates, report.n_rejected) == (3, 3, 0, 0)
        assert report.seconds > 0
        assert summary(report) == "3 ratings kept"

    def test_ids_stay_text(self, tmp_path: Path) -> None:
        text = "user,item,rating\n007,12345678901234567890,1\n7,12345678901234567891,2\n"
        assert cells(read_ratings(written(tmp_path, text))) == {
            ("007", "12345678901234567890"): 1,
            ("7", "12345678901234567891"): 2,
        }

    def test_ids_that_are_whole_numbers_are_in_the_order_of_numbers(self, tmp_path: Path) -> None:
        text = "user,item,rating\n10,x,1\n9,a,2\n100,x,3\n"
        ratings = read_ratings(written(tmp_path, text))
        assert ratings.user_ids == ("9", "10", "100")
        assert ratings.movie_ids == ("x", "a")

    @pytest.mark.parametrize(
        "times",
        [
            ("964982703", "964982800"),
            ("964982703000", "964982800000"),
            ("2000-07-30T18:45:03", "2000-07-30T18:46:40"),
            ("2000-07-30 18:45:03", "2000-07-30 18:46:40"),
        ],
    )
    def test_times_are_kept_in_seconds_whatever_they_are_written_in(
        self, tmp_path: Path, times: tuple[str, str]
    ) -> None:
        text = f"user,item,rating,time\na,x,1,{times[0]}\nb,y,2,{times[1]}\n"
        time = read_ratings(written(tmp_path, text)).time
        assert time is not None
        assert time.tolist() == [964982703, 964982800]

    def test_a_missing_time_leaves_out_all_times_and_says_so(self, tmp_path: Path) -> None:
        reading = read(written(tmp_path, "user,item,rating,time\na,x,1,964982703\nb,y,2,\n"))
        assert reading.ratings.time is None
        assert reading.report.notes == ("Times are left out: 1 row without one.",)

    def test_titles_and_genres_in_the_table_itself_are_read(self, tmp_path: Path) -> None:
        text = 'user,movieId,title,genres,rating\na,1,"Heat, (1995)",Crime,4\nb,1,"Heat, (1995)",Crime,5\n'
        ratings = read_ratings(written(tmp_path, text))
        assert (ratings.titles, ratings.genres) == (("Heat, (1995)",), ("Crime",))

    def test_text_that_is_not_utf_8_is_read_as_latin_1_and_said(self, tmp_path: Path) -> None:
        path = tmp_path / "data.csv"
        path.write_bytes("user,item,rating\nMüller,x,3\n".encode("latin-1"))
        reading = read(path)
        assert reading.ratings.user_ids == ("Müller",)
        assert "Latin-1" in reading.report.notes[0]

    def test_mixed_line_ends_are_read(self, tmp_path: Path) -> None:
        path = written(tmp_path, "user,item,rating\r\na,x,3\nb,x,4\r\nc,x,5\n")
        assert read_ratings(path).n_ratings == 3

    def test_leading_comments_are_skipped(self, tmp_path: Path) -> None:
        reading = read(written(tmp_path, "# a comment\n\nuser,item,rating\na,x,3\nb,x,bad\n"))
        assert reading.ratings.n_ratings == 1
        assert [problem.line for problem in reading.report.rejected] == [5]

    def test_the_noun_and_name_come_from_the_file(self, tmp_path: Path) -> None:
        ratings = read_ratings(written(tmp_path, "a,x,3\nb,x,4\n", "jokes.csv"))
        assert (ratings.noun, ratings.name) == ("joke", "jokes")
        assert read_ratings(tmp_path / "jokes.csv", noun="song").noun == "song"


class TestRejectedRows:
    def test_rows_that_cannot_be_used_are_rejected_by_line_and_the_others_kept(self, tmp_path: Path) -> None:
        text = "user,item,rating\na,x,3\na,y\nb,x,nan\nb,y,inf\nc,x,abc\nc,y,1e400\n,x,2\nd,,2\nd,x,4,5\nd,y,\ne,x,5\n"
        report = read(written(tmp_path, text)).report
        assert {problem.line: problem.reason for problem in report.rejected} == {
            3: "too few columns",
            4: "rating is not a finite number",
            5: "rating is not a finite number",
            6: "rating is not a number",
            7: "rating is not a finite number",
            8: "user or movie is empty",
            9: "user or movie is empty",
            10: "too many columns",
            11: "rating is not a number",
        }
        assert (report.n_rows_read, report.n_kept, report.n_rejected) == (11, 2, 9)

    def test_line_numbers_are_right_where_quoted_text_runs_over_lines(self, tmp_path: Path) -> None:
        text = 'user,item,rating\n"a\nb",x,3\n\nc,y,nan\nd\ne,"y\n\nz",nan\nf,x,2\n'
        report = read(written(tmp_path, text)).report
        assert [(problem.line, problem.reason) for problem in report.rejected] == [
            (5, "rating is not a finite number"),
            (6, "too few columns"),
            (7, "rating is not a finite number"),
        ]
        assert report.n_kept == 2

    def test_a_word_for_a_rating_is_named_by_the_line_below_quoted_text(self, tmp_path: Path) -> None:
        text = 'user,item,rating,title\na,x,3,"Good,\nbad"\nb,x,many,"Good,\nbad"\nc,x,5,"Ugly"\nd,x,few,\n'
        report = read(written(tmp_path, text)).report
        assert [problem.line for problem in report.rejected] == [4, 7]

    def test_a_nul_and_an_endless_id_are_rejected_by_name(self, tmp_path: Path) -> None:
        report = read(written(tmp_path, f"user,item,rating\na\0b,x,3\n{'z' * 1001},x,4\nb,x,5\n")).report
        assert [problem.reason for problem in report.rejected] == [
            "user or movie holds a NUL character",
            "user or movie has over 1000 characters",
        ]

    def test_all_are_counted_by_reason_also_those_that_are_not_listed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("alsgui.io.triplets.MOST_PROBLEMS", 100)
        rows = "".join(f"u{n},x,{'3' if n == 0 else 'nan'}\n" for n in range(151))
        report = read(written(tmp_path, "user,item,rating\n" + rows + ",x,1\n")).report
        assert (report.n_rejected, len(report.rejected)) == (151, 100)
        assert report.reasons == {"rating is not a finite number": 150, "user or movie is empty": 1}
        assert report.rejected[0].line == 3

    def test_when_no_row_is_left_the_error_has_the_count_and_the_first_reason(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match=r"2 rows rejected; first: line 2: rating is not a finite") as caught:
            read(written(tmp_path, "user,item,rating\na,x,nan\nb,x,inf\n"))
        assert len(caught.value.problems) == 2


class TestDuplicates:
    TEXT = "user,item,rating,time\na,x,1,1000000300\na,x,5,1000000100\nb,x,3,1000000000\na,x,3,1000000200\n"

    @pytest.mark.parametrize(("policy", "kept"), [("last", 1), ("first", 5), ("mean", 3)])
    def test_one_rating_is_left_by_the_policy_in_the_order_of_time(
        self, tmp_path: Path, policy: str, kept: float
    ) -> None:
        reading = read(written(tmp_path, self.TEXT), duplicates=policy)  # type: ignore[arg-type]
        assert cells(reading.ratings)["a", "x"] == kept
        assert (reading.report.n_duplicates, reading.report.n_kept, reading.report.n_rows_read) == (2, 2, 4)
        assert summary(reading.report) == "2 ratings kept, 2 merged"

    def test_without_times_the_last_row_counts(self, tmp_path: Path) -> None:
        ratings = read_ratings(written(tmp_path, "user,item,rating\na,x,1\nb,x,4\na,x,2\n"))
        assert cells(ratings) == {("a", "x"): 2, ("b", "x"): 4}

    def test_refuse_names_the_lines(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match=r"line 4: .* stands also in line 2"):
            read(written(tmp_path, "user,item,rating\na,x,1\nb,x,4\na,x,2\n"), duplicates="refuse")

    def test_an_unknown_policy_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="last, first, mean, sum, refuse"):
            read(tmp_path, duplicates="best")  # type: ignore[arg-type]


class TestWideMatrices:
    def test_a_matrix_with_ids_and_heads_keeps_both(self, tmp_path: Path) -> None:
        ratings = read_ratings(written(tmp_path, "user,Alien,Heat,Up\nann,5,,3\nbob,NA,2,nan\n"))
        assert cells(ratings) == {("ann", "Alien"): 5, ("ann", "Up"): 3, ("bob", "Heat"): 2}
        assert ratings.movie_ids == ("Alien", "Heat", "Up")

    @pytest.mark.parametrize("name", ["", "id", "Index", "row", "user"])
    def test_a_narrow_matrix_is_told_by_the_name_of_its_first_column(self, tmp_path: Path, name: str) -> None:
        ratings = read_ratings(written(tmp_path, f"{name},Alien,Heat,Up\nann,1,,3\nbob,,2,4\ncid,5,5,\n"))
        assert ratings.movie_ids == ("Alien", "Heat", "Up")
        assert ratings.n_ratings == 6

    def test_a_bare_matrix_of_numbers_is_numbered(self, tmp_path: Path) -> None:
        ratings = read_ratings(written(tmp_path, "5,3,,1\n4,,,1\n1,1,,5\n"))
        assert (ratings.user_ids, ratings.movie_ids) == (("1", "2", "3"), ("1", "2", "3", "4"))
        assert ratings.n_ratings == 8

    def test_a_head_of_movie_numbers_is_not_taken_for_ratings(self, tmp_path: Path) -> None:
        ratings = read_ratings(written(tmp_path, ",101,102,103,104\nu1,5,3,,1\nu2,,4,4,2\n"))
        assert ratings.movie_ids == ("101", "102", "103", "104")
        assert ratings.n_ratings == 6

    def test_a_cell_that_is_no_number_is_rejected_alone_and_a_ragged_row_whole(self, tmp_path: Path) -> None:
        rows = "".join(f"u{n},1,2,3,4,5\n" for n in range(10))
        reading = read(written(tmp_path, f"user,a,b,c,d,e\n{rows}v,1,bad,3,inf,5\nw,1,2\n"))
        assert [(problem.line, problem.reason) for problem in reading.report.rejected] == [
            (12, "rating is not a number"),
            (12, "rating is not a finite number"),
            (13, "too few columns"),
        ]
        assert reading.report.n_rows_read == reading.report.n_kept + 3

    def test_a_user_without_ratings_stays_a_row(self, tmp_path: Path) -> None:
        assert read_ratings(written(tmp_path, "user,a,b,c\nann,,,\nbob,1,2,3\n")).n_users == 2


class TestFoldersAndParquet:
    def folder(self, tmp_path: Path) -> Path:
        folder = tmp_path / "ml-tiny"
        folder.mkdir()
        written(folder, LONG, "ratings.csv")
        listed = 'movieId,title,genres\n10,"Heat, (1995)",Crime|Drama\n30,Never seen,(no genres listed)\n'
        written(folder, listed, "movies.csv")
        return folder

    @pytest.mark.parametrize("chosen", ["", "ratings.csv"])
    def test_a_movielens_folder_or_its_file_of_ratings_has_titles(self, tmp_path: Path, chosen: str) -> None:
        reading = read(self.folder(tmp_path) / chosen)
        assert reading.ratings.titles == ("Heat, (1995)", "20")
        assert reading.ratings.genres == ("Crime|Drama", "")
        assert reading.ratings.name == "ml-tiny"
        assert reading.report.layout == "MovieLens"
        assert reading.report.notes == ("1 movie listed but never rated.", "1 movie rated but without a title.")

    def test_parquet_reads_like_text(self, tmp_path: Path) -> None:
        path = tmp_path / "songs.parquet"
        duckdb.sql(
            "COPY (SELECT * FROM (VALUES (1, 'x', 3.5), (2, 'y', 'nan'::DOUBLE))"
            f" t(listener, song, rating)) TO '{path}' (FORMAT parquet)"
        )
        reading = read(path)
        assert cells(reading.ratings) == {("1", "x"): 3.5}
        assert reading.ratings.noun == "song"
        assert [problem.line for problem in reading.report.rejected] == [2]

    def test_options_found_by_looking_read_the_same(self, tmp_path: Path) -> None:
        folder = self.folder(tmp_path)
        assert read(folder, options=look(folder).options).ratings.fingerprint == read(folder).ratings.fingerprint


class TestFilesThatCannotBeRead:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "is empty"),
            (b"\n\n  \n", "holds no rows"),
            (b"user,item,rating\n", "holds no rows below its header"),
            (b"just\nwords\nhere\n", "has only one column"),
            (b"a,b,c,d\nc,d,e,x\ne,f,g,y\n", "has no column of ratings"),
            (bytes(range(256)) * 40, "is not a table of text"),
            (b"PAR1 and then nothing of the kind", "cannot be read"),
        ],
    )
    def test_what_is_no_table_of_ratings_is_refused_by_path_with_a_remedy(
        self, tmp_path: Path, content: bytes, message: str
    ) -> None:
        path = tmp_path / "data.csv"
        path.write_bytes(content)
        with pytest.raises(DataError, match=message) as caught:
            read(path)
        assert str(path) in caught.value.message
        assert caught.value.hint

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match=r"nothing\.csv does not exist"):
            read(tmp_path / "nothing.csv")

    def test_a_folder_without_ratings_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match=r"folder without ratings\.csv"):
            read(tmp_path)

    def test_a_file_that_may_not_be_read_says_so(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = written(tmp_path, LONG)

        def denied(*_: object, **__: object) -> None:
            raise PermissionError(13, os.strerror(13))

        monkeypatch.setattr(Path, "open", denied)
        with pytest.raises(DataError, match="may not be read"):
            read(path)

    def test_a_table_of_movies_without_titles_is_refused(self, tmp_path: Path) -> None:
        written(tmp_path, LONG, "ratings.csv")
        written(tmp_path, "a,b\n1,2\n", "movies.csv")
        with pytest.raises(DataError, match="no columns of movie ids and titles"):
            read(tmp_path / "ratings.csv")

    @pytest.mark.parametrize("rows", [2, 300])
    def test_a_quotation_that_never_ends_costs_its_own_line(self, tmp_path: Path, rows: int) -> None:
        text = "user,a,b,c\n" + "".join(f"u{n},1,2,3\n" for n in range(rows)) + '"' + "x" * 200_000
        report = read(written(tmp_path, text)).report
        assert [(problem.line, problem.reason) for problem in report.rejected] == [
            (rows + 2, "a quotation mark is not closed")
        ]
        assert report.n_kept == 3 * rows


class TestWaiting:
    def test_a_cancelled_read_ends_before_it_starts(self, tmp_path: Path) -> None:
        cancel = threading.Event()
        cancel.set()
        with pytest.raises(Interrupted):
            read(written(tmp_path, LONG), cancel=cancel)

    @pytest.mark.parametrize("layout", ["long", "wide"])
    def test_a_cancel_in_the_middle_interrupts(self, tmp_path: Path, layout: str) -> None:
        long = "user,item,rating\n" + "".join(f"{n},{n % 97},3\n" for n in range(300_000))
        wide = "user,a,b,c,d\n" + "u,1,2,3,4\n" * 100_000
        path = written(tmp_path, long if layout == "long" else wide)
        cancel = threading.Event()

        def stop_when_reading(share: float | None, text: str) -> None:
            if text == "Reading ratings":
                cancel.set()

        with pytest.raises(Interrupted):
            read(path, progress=stop_when_reading, cancel=cancel)

    def test_progress_is_told_in_shares(self, tmp_path: Path) -> None:
        told: list[tuple[float | None, str]] = []
        read(written(tmp_path, LONG), progress=lambda share, text: told.append((share, text)))
        assert "Reading ratings" in {text for _, text in told}
        assert all(share is None or 0 <= share <= 1 for share, _ in told)


IDS = st.text(st.characters(codec="latin-1", categories=("L", "N")), min_size=1, max_size=8)
VALUES = st.integers(-(10**6), 10**6).map(lambda steps: steps / 64)
RATINGS = st.dictionaries(st.tuples(IDS, IDS), VALUES, min_size=1, max_size=30)
STYLES = st.builds(
    Style,
    delimiter=st.sampled_from([",", "\t", ";", "::", "|"]),
    header=st.just(True),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "latin-1"]),
    quote_all=st.booleans(),
)


@FEW
@given(RATINGS, STYLES, st.booleans())
def test_long_ratings_written_in_any_dialect_are_read_back_the_same(
    tmp_path: Path, wanted: dict[tuple[str, str], float], style: Style, bom: bool
) -> None:
    rows = [["user", "item", "rating"], *([u, m, shown(value, style)] for (u, m), value in wanted.items())]
    if style.encoding == "utf-8" and bom:
        style = Style(**{**style.__dict__, "bom": True})
    found = read_ratings(write_rows(tmp_path / "data.csv", rows, style))
    assert cells(found) == {pair: np.float32(value) for pair, value in wanted.items()}


@FEW
@given(st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 9)), VALUES, min_size=1), STYLES, st.booleans())
def test_a_decimal_comma_is_seen_where_it_is_not_the_delimiter(
    tmp_path: Path, wanted: dict[tuple[int, int], float], style: Style, header: bool
) -> None:
    style = Style(**{**style.__dict__, "decimal": "." if style.delimiter == "," else ",", "header": header})
    rows = [[f"u{u}", f"i{m}", shown(value, style)] for (u, m), value in wanted.items()]
    if header:
        rows.insert(0, ["person", "thing", "stars"])
    found = read_ratings(write_rows(tmp_path / "data.csv", rows, style))
    assert cells(found) == {(f"u{u}", f"i{m}"): np.float32(value) for (u, m), value in wanted.items()}


@FEW
@given(
    st.lists(st.lists(st.sampled_from(["", "1", "2.5", "5"]), min_size=6, max_size=6), min_size=2, max_size=9), STYLES
)
def test_wide_ratings_written_in_any_dialect_are_read_back_the_same(
    tmp_path: Path, wanted: list[list[str]], style: Style
) -> None:
    wanted[0][0] = "3"
    rows = [["user", *(f"m{n}" for n in range(6))], *([f"u{n}", *row] for n, row in enumerate(wanted))]
    found = read_ratings(write_rows(tmp_path / "data.csv", rows, style))
    assert cells(found) == {
        (f"u{i}", f"m{j}"): float(cell) for i, row in enumerate(wanted) for j, cell in enumerate(row) if cell
    }
