"""Files that are broken, dishonest or hostile: an error in words, never a traceback, a hang or a silent loss."""

from __future__ import annotations

import csv
import gzip
import io
import random
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alsgui.core.errors import AlsguiError, DataError
from alsgui.io import reading
from alsgui.io.look import look
from alsgui.io.reading import Reading
from alsgui.io.report import ImportReport
from alsgui.io.spreadsheet import export_rejected, safe_cell

GOOD = "user,movie,rating\na,x,3\nb,y,4\na,y,5\n"


def read(path: Path, **given_: Any) -> Reading:
    return reading.read(path, isolated=False, **given_)


def written(tmp_path: Path, content: str | bytes, name: str = "data.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def sums(report: ImportReport) -> int:
    assert report.n_rows_read == report.n_kept + report.n_duplicates + report.n_rejected
    assert sum(report.reasons.values()) == report.n_rejected
    return report.n_rows_read


class TestDamagedText:
    def test_ragged_rows(self, tmp_path: Path) -> None:
        report = read(written(tmp_path, GOOD + "a\nb,x,1,9\nc,z,2\n")).report
        assert (sums(report), report.n_kept) == (6, 4)
        assert [problem.line for problem in report.rejected] == [5, 6]

    def test_an_unclosed_quote_costs_one_row(self, tmp_path: Path) -> None:
        rows = "".join(f"u{n},x,3\n" for n in range(1000))
        report = read(written(tmp_path, GOOD + '"q,x,1\n' + rows)).report
        assert (sums(report), report.n_kept) == (1004, 1003)
        assert [(problem.line, problem.reason) for problem in report.rejected] == [
            (5, "a quotation mark is not closed")
        ]

    def test_quotes_that_close_in_a_later_line_by_chance_cost_their_own_lines(self, tmp_path: Path) -> None:
        report = read(written(tmp_path, GOOD + '"q,x,1\nr,x,2\n"s,x,3\nt,x,4\n')).report
        assert [problem.line for problem in report.rejected] == [5, 7]
        assert (sums(report), report.n_kept) == (7, 5)

    def test_mixed_line_ends(self, tmp_path: Path) -> None:
        assert sums(read(written(tmp_path, "user,movie,rating\ra,x,3\r\nb,y,4\nc,z,5\r")).report) == 3

    def test_nul_bytes(self, tmp_path: Path) -> None:
        report = read(written(tmp_path, GOOD + "a\0,x,3\nb,z,\0\n")).report
        assert (sums(report), report.n_kept) == (5, 3)

    def test_bytes_that_the_encoding_does_not_have(self, tmp_path: Path) -> None:
        path = written(tmp_path, GOOD.encode() + b"\xff\xfe,x,3\n" + "ü,x,3\n".encode())
        report = read(path, encoding="utf-8").report
        assert [problem.reason for problem in report.rejected] == ["the text is not valid in this encoding"]
        assert (sums(report), report.n_kept) == (5, 4)

    def test_half_of_an_id_is_not_made_whole_by_its_neighbour(self, tmp_path: Path) -> None:
        path = written(tmp_path, GOOD.encode() + b"\xc3,x,3\n\xbc,x,3\n")
        assert read(path, encoding="utf-8").report.n_rejected == 2

    @pytest.mark.parametrize("cut", [10, 40, -4, -1])
    def test_a_gz_that_is_cut_off_is_no_shorter_file(self, tmp_path: Path, cut: int) -> None:
        rows = "".join(f"u{n},m{n % 7},{n % 5}\n" for n in range(50_000))
        with pytest.raises(DataError, match="damaged or cut off"):
            read(written(tmp_path, gzip.compress((GOOD + rows).encode())[:cut], "data.csv.gz"))

    def test_a_zst_that_is_cut_off_is_no_shorter_file(self, tmp_path: Path) -> None:
        import pyarrow as pa

        rows = "".join(f"u{n},m{random.Random(n).random()},{n % 5}\n" for n in range(20_000))
        packed = bytes(pa.compress((GOOD + rows).encode(), "zstd", asbytes=True))
        with pytest.raises(DataError):
            read(written(tmp_path, packed[: len(packed) // 2], "data.csv.zst"))

    def test_ten_thousand_columns(self, tmp_path: Path) -> None:
        head = "user," + ",".join(f"m{n}" for n in range(10_000)) + "\n"
        rows = "".join(
            f"u{r}," + ",".join("5" if (n + r) % 100 == 0 else "" for n in range(10_000)) + "\n" for r in range(9)
        )
        found = read(written(tmp_path, head + rows))
        assert (found.ratings.n_movies, found.ratings.n_ratings) == (10_000, 900)
        assert sums(found.report) == 900
        assert found.report.n_missing == 89_100

    @pytest.mark.parametrize(
        "content", [b"", b"\n", b"user,movie,rating\n", b"x\n" * 50, b"\xef\xbb\xbf", b"\xff\xfe", b"\x00" * 5000]
    )
    def test_what_holds_nothing_says_so(self, tmp_path: Path, content: bytes) -> None:
        with pytest.raises(DataError) as caught:
            read(written(tmp_path, content))
        assert caught.value.hint

    def test_no_permission(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = written(tmp_path, GOOD)
        plain_open = Path.open

        def denied(self: Path, *args: Any, **kwargs: Any) -> Any:
            if self.name == "data.csv":
                raise PermissionError(13, "Permission denied")
            return plain_open(self, *args, **kwargs)

        monkeypatch.setattr(Path, "open", denied)
        with pytest.raises(DataError, match="may not be read"):
            read(path)


class TestBombs:
    def zipped(self, tmp_path: Path, name: str, size: int) -> Path:
        with (
            zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open(name, "w") as out,
        ):
            for _ in range(size >> 20):
                out.write(b"\n" * (1 << 20))
        return tmp_path / "bomb.zip"

    def test_a_zip_that_declares_too_much(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match="far more than a file of its size should"):
            read(self.zipped(tmp_path, "ratings.csv", 200 << 20))

    def test_a_gz_that_does_not_end(self, tmp_path: Path) -> None:
        path = tmp_path / "bomb.csv.gz"
        with gzip.open(path, "wb", compresslevel=9) as out:
            out.write(GOOD.encode())
            for _ in range(150):
                out.write(b"a,x,3\n" * 170_000)
        with pytest.raises(DataError, match="far more than a file of its size should"):
            read(path)

    def test_a_sheet_that_unpacks_to_too_much(self, tmp_path: Path) -> None:
        self.zipped(tmp_path, "xl/worksheets/sheet1.xml", 200 << 20).rename(tmp_path / "bomb.xlsx")
        with pytest.raises(DataError, match="far more"):
            read(tmp_path / "bomb.xlsx")

    def test_an_array_whose_header_lies(self, tmp_path: Path) -> None:
        header = io.BytesIO()
        np.lib.format.write_array_header_1_0(
            header, {"descr": "<f8", "fortran_order": False, "shape": (10**6, 10**6)}
        )  # fmt: skip
        for path in (tmp_path / "lie.npy", tmp_path / "lie.npz"):
            if path.suffix == ".npy":
                path.write_bytes(header.getvalue() + b"\0" * 80)
            else:
                with zipfile.ZipFile(path, "w") as archive:
                    archive.writestr("y.npy", header.getvalue() + b"\0" * 80)
            with pytest.raises(DataError, match="more than is in it"):
                read(path)

    def test_a_matrix_market_file_that_declares_too_much(self, tmp_path: Path) -> None:
        text = "%%MatrixMarket matrix coordinate real general\n1000000 1000000 900000000\n1 1 1\n"
        with pytest.raises(DataError, match="more than is in it"):
            read(written(tmp_path, text, "lie.mtx"))

    def test_a_sparse_matrix_with_cells_outside(self, tmp_path: Path) -> None:
        np.savez(
            tmp_path / "lie.npz", format=np.array(b"csr"), shape=np.array([2, 2]), data=np.ones(2),
            indices=np.array([0, 7], dtype=np.int32), indptr=np.array([0, 1, 2], dtype=np.int32),
        )  # fmt: skip
        with pytest.raises(DataError, match="outside its shape"):
            read(tmp_path / "lie.npz")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", "user,movie,rating\na,x,3\nb,y,4\n", "1::2::3\n1::3::4\n"]))
def test_any_bytes_are_read_or_refused_in_words(tmp_path: Path, noise: bytes, start: str) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(start.encode() + noise)
    try:
        look(path)
        sums(read(path).report)
    except AlsguiError as error:
        assert error.hint


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "", "x" * 1001, "ü"]), st.sampled_from(["m", "n", ""]),
            st.sampled_from(["1", "2.5", "nan", "-inf", "1e400", "word", ""]),
        ),
        min_size=1,
    )
)  # fmt: skip
def test_the_sum_of_the_report_is_that_of_an_independent_count(
    tmp_path: Path, rows: list[tuple[str, str, str]]
) -> None:
    rows = [*rows, ("good", "one", "3")]
    path = tmp_path / "data.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("user", "movie", "rating"), *rows])
    report = read(path).report
    good = [row for row in rows if row[0] and row[1] and len(row[0]) <= 1000 and row[2] in ("1", "2.5", "3")]
    assert sums(report) == len(rows)
    assert report.n_rejected == len(rows) - len(good)
    assert report.n_kept == len({row[:2] for row in good})


class TestSpreadsheets:
    @pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1"])
    def test_a_text_that_begins_a_formula_is_kept_from_being_one(self, text: str) -> None:
        assert safe_cell(text) == "'" + text

    @pytest.mark.parametrize("value", ["-1.5", "+3", "Heat", "a=b", 3, -2.5, None, ""])
    def test_numbers_and_plain_texts_stay(self, value: object) -> None:
        assert safe_cell(value) == value

    def test_rejected_rows_are_exported_with_their_remedy(self, tmp_path: Path) -> None:
        report = read(written(tmp_path, GOOD + "=cmd(),x,n/a\n")).report
        export_rejected(report, tmp_path / "rejected.csv")
        with (tmp_path / "rejected.csv").open(newline="", encoding="utf-8") as stream:
            rows = list(csv.reader(stream))
        assert rows == [
            ["line", "text", "why", "how to mend"],
            ["5", "'=cmd(),x,n/a", "rating is not a number", "add “n/a” to Missing"],
        ]
