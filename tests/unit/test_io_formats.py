"""Every kind of file that opens: written by its own library or byte by byte, read back the same."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv as arrow_csv
from pyarrow import feather
from scipy import sparse
from scipy.io import mmwrite, savemat

from alsgui.core.errors import DataError
from alsgui.io import reading
from alsgui.io.reading import Reading
from tests.helpers.files import cells

WANTED = {("007", "x,1"): 3.5, ("7", "Ä"): 1.0, ("12345678901234567890", "x,1"): 5.0}
ROWS = [(user, movie, value, 964982703 + at) for at, ((user, movie), value) in enumerate(WANTED.items())]
HEADS = ("user", "movie", "rating", "time")
NUMBERS = {("1", "1"): 5.0, ("1", "3"): 3.0, ("2", "2"): 4.0, ("3", "1"): 1.0}


def read(path: Path, **given: Any) -> Reading:
    return reading.read(path, isolated=False, **given)


def table() -> pa.Table:
    return pa.table(dict(zip(HEADS, map(list, zip(*ROWS, strict=True)), strict=True)))


def text() -> bytes:
    sink = io.BytesIO()
    arrow_csv.write_csv(table(), sink)
    return sink.getvalue()


def adds_up(found: Reading) -> bool:
    report = found.report
    return report.n_rows_read == report.n_kept + report.n_duplicates + report.n_rejected


class TestTables:
    def check(self, path: Path, **given: Any) -> Reading:
        found = read(path, **given)
        assert cells(found.ratings) == WANTED
        assert found.ratings.time is not None
        assert sorted(found.ratings.time.tolist()) == [964982703, 964982704, 964982705]
        assert adds_up(found)
        return found

    @pytest.mark.parametrize(
        ("name", "packed"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress), ("zst", None)]
    )
    def test_compressed_text(self, tmp_path: Path, name: str, packed: Callable[[bytes], bytes] | None) -> None:
        path = tmp_path / f"data.csv.{name}"
        path.write_bytes(packed(text()) if packed else bytes(pa.compress(text(), "zstd", asbytes=True)))
        assert self.check(path).report.options.compression == name

    def test_a_zip_with_one_text(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "data.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.md", "words")
            archive.writestr("folder/data.csv", text())
        assert self.check(tmp_path / "data.zip").report.options.member == "folder/data.csv"

    def test_parquet(self, tmp_path: Path) -> None:
        from pyarrow import parquet

        parquet.write_table(table(), tmp_path / "data.parquet")
        assert self.check(tmp_path / "data.parquet").report.layout == "Parquet"

    @pytest.mark.parametrize("compression", ["uncompressed", "lz4", "zstd"])
    def test_feather(self, tmp_path: Path, compression: str) -> None:
        feather.write_feather(table(), str(tmp_path / "data.feather"), compression=compression)
        assert self.check(tmp_path / "data.feather").report.layout == "Arrow"

    def test_an_arrow_stream_with_dictionaries(self, tmp_path: Path) -> None:
        encoded = table().set_column(0, "user", table()["user"].dictionary_encode())
        with pa.ipc.new_stream(str(tmp_path / "data.arrows"), encoded.schema) as writer:
            writer.write_table(encoded)
        self.check(tmp_path / "data.arrows")

    def test_json_lines_keep_every_digit(self, tmp_path: Path) -> None:
        lines = [json.dumps(dict(zip(HEADS, row, strict=True))) for row in ROWS]
        lines[2] = lines[2].replace('"12345678901234567890"', "12345678901234567890")
        (tmp_path / "data.jsonl").write_text("\n".join(lines))
        self.check(tmp_path / "data.jsonl")

    def test_a_list_of_json_objects_with_missing_keys(self, tmp_path: Path) -> None:
        rows: list[dict[str, Any]] = [dict(zip(HEADS, row, strict=True)) for row in ROWS]
        (tmp_path / "data.json").write_text(json.dumps([*rows, {"user": "q", "movie": "z"}]))
        found = read(tmp_path / "data.json")
        assert cells(found.ratings) == WANTED
        assert [problem.line for problem in found.report.rejected] == [4]

    def test_sqlite_tables_and_selects(self, tmp_path: Path) -> None:
        path = tmp_path / "data.db"
        with sqlite3.connect(path) as connected:
            connected.execute("CREATE TABLE facts (a, b)")
            connected.execute("CREATE TABLE ratings (user TEXT, movie TEXT, rating REAL, time INTEGER)")
            connected.executemany("INSERT INTO ratings VALUES (?, ?, ?, ?)", ROWS)
        connected.close()
        self.check(path, table="ratings")
        self.check(path, sql="SELECT * FROM ratings;")
        with pytest.raises(DataError, match="facts, ratings"):
            read(path, table="none")

    @pytest.mark.parametrize("wrong", ["DELETE FROM ratings", "SELECT * FROM none", "ATTACH 'x' AS y"])
    def test_only_selects_of_the_file_itself_are_done(self, tmp_path: Path, wrong: str) -> None:
        path = tmp_path / "data.db"
        with sqlite3.connect(path) as connected:
            connected.execute("CREATE TABLE ratings (user, movie, rating)")
            connected.execute("INSERT INTO ratings VALUES (1, 2, 3)")
        connected.close()
        before = path.read_bytes()
        with pytest.raises(DataError, match="cannot be read"):
            read(path, sql=wrong)
        assert path.read_bytes() == before

    def test_duckdb_tables_and_selects(self, tmp_path: Path) -> None:
        path = tmp_path / "data.duckdb"
        with duckdb.connect(str(path)) as connected:
            connected.execute("CREATE TABLE ratings (user VARCHAR, movie VARCHAR, rating DOUBLE, time BIGINT)")
            connected.executemany("INSERT INTO ratings VALUES (?, ?, ?, ?)", [list(row) for row in ROWS])
        self.check(path)
        self.check(path, sql="SELECT * FROM ratings")
        (tmp_path / "other.csv").write_text("user,movie,rating\na,b,1\n")
        for wrong in (f"SELECT * FROM '{tmp_path}/other.csv'", "DROP TABLE ratings"):
            with pytest.raises(DataError, match="cannot be read"):
                read(path, sql=wrong)


def sheet_bytes(rows: list[list[str | float]]) -> bytes:
    """A workbook written by hand: numbers as numbers, text as inline text."""

    def cell(value: str | float) -> str:
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        return f"<c><v>{value}</v></c>"

    body = "".join("<row>" + "".join(map(cell, row)) + "</row>" for row in rows)
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {space} xmlns:r="{relations}"><sheets>'
        '<sheet name="Ratings" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData>{body}</sheetData></worksheet>",
    }
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return sink.getvalue()


class TestSheets:
    def test_a_list_with_lines_above_it(self, tmp_path: Path) -> None:
        path = tmp_path / "book.xlsx"
        path.write_bytes(
            sheet_bytes(
                [["Our ratings"], ["user", "movie", "rating"], ["007", "a", 3.5], [7.0, "b", 4.0], [8.0, "b", "x"]]
            )
        )
        found = read(path)
        assert cells(found.ratings) == {("007", "a"): 3.5, ("7", "b"): 4.0}
        assert [(problem.line, problem.reason) for problem in found.report.rejected] == [(5, "rating is not a number")]
        assert adds_up(found)

    def test_a_matrix(self, tmp_path: Path) -> None:
        path = tmp_path / "book.xlsx"
        path.write_bytes(sheet_bytes([["user", "Alien", "Heat", "Up"], ["ann", 5, "", 3], ["bob", "NA", 2, 1]]))
        assert cells(read(path).ratings) == {
            ("ann", "Alien"): 5, ("ann", "Up"): 3, ("bob", "Heat"): 2, ("bob", "Up"): 1
        }  # fmt: skip


class TestMatrices:
    def dense(self) -> np.ndarray:
        return np.array([[5, np.nan, 3], [np.nan, 4, np.nan], [1, np.nan, np.nan]])

    def test_npy_with_nan_for_missing(self, tmp_path: Path) -> None:
        np.save(tmp_path / "y.npy", self.dense())
        found = read(tmp_path / "y.npy", layout="wide")
        assert cells(found.ratings) == NUMBERS
        assert found.report.n_missing == 5

    def test_npz_transposed(self, tmp_path: Path) -> None:
        np.savez_compressed(tmp_path / "y.npz", y=self.dense().T)
        assert cells(read(tmp_path / "y.npz", layout="wide-transposed").ratings) == NUMBERS

    @pytest.mark.parametrize("kind", ["csr", "csc", "coo"])
    def test_sparse_npz_where_a_stored_zero_is_a_rating(self, tmp_path: Path, kind: str) -> None:
        rows, columns, values = [0, 0, 1, 2], [0, 2, 1, 0], [5.0, 0.0, 4.0, 1.0]
        matrix = sparse.coo_array((values, (rows, columns)), shape=(4, 3)).asformat(kind)
        sparse.save_npz(tmp_path / "y.npz", matrix)
        found = read(tmp_path / "y.npz")
        assert cells(found.ratings) == {**NUMBERS, ("1", "3"): 0.0}
        assert (found.ratings.n_users, found.ratings.n_movies) == (4, 3)

    def test_matrix_market(self, tmp_path: Path) -> None:
        mmwrite(tmp_path / "y.mtx", sparse.coo_array(np.nan_to_num(self.dense())))
        assert cells(read(tmp_path / "y.mtx").ratings) == NUMBERS

    def test_matlab_takes_the_largest_matrix_or_the_one_asked_for(self, tmp_path: Path) -> None:
        savemat(tmp_path / "y.mat", {"y": self.dense(), "z": np.array([[1.0, 2.0], [3.0, 4.0]])})
        assert cells(read(tmp_path / "y.mat", layout="wide").ratings) == NUMBERS
        assert read(tmp_path / "y.mat", layout="wide", table="z").ratings.n_ratings == 4

    def test_matlab_sparse(self, tmp_path: Path) -> None:
        savemat(tmp_path / "y.mat", {"y": sparse.csc_array(np.nan_to_num(self.dense()))})
        assert cells(read(tmp_path / "y.mat").ratings) == NUMBERS

    def test_an_array_of_rows_is_a_list(self, tmp_path: Path) -> None:
        np.save(tmp_path / "list.npy", np.array([[1, 10, 3.5], [2, 10, 4], [2, 11, 1]]))
        found = read(tmp_path / "list.npy", layout="long")
        assert cells(found.ratings) == {("1", "10"): 3.5, ("2", "10"): 4, ("2", "11"): 1}

    def test_pickles_are_refused_unread(self, tmp_path: Path) -> None:
        np.save(tmp_path / "y.npy", np.array([[{"a": 1}]], dtype=object), allow_pickle=True)
        with pytest.raises(DataError, match="pickle"):
            read(tmp_path / "y.npy")


class TestKnownCollections:
    def test_movielens_100k_as_folder_and_zip(self, tmp_path: Path) -> None:
        folder = tmp_path / "ml-100k"
        folder.mkdir()
        flags = "|".join("1" if at in (1, 5) else "0" for at in range(19))
        files = {
            "u.data": "1\t10\t3\t881250949\n2\t10\t5\t881250950\n2\t11\t1\t881250951\n",
            "u.item": f"10|Été (1995)|01-Jan-1995||http://x|{flags}\n11|B|||x|{flags.replace('1', '0')}\n",
            "u.user": "1|24|M|technician|85711\n2|53|F|other|94043\n",
        }
        for name, content in files.items():
            (folder / name).write_bytes(content.encode("latin-1"))
        with zipfile.ZipFile(tmp_path / "ml-100k.zip", "w") as archive:
            for name, content in files.items():
                archive.writestr(f"ml-100k/{name}", content.encode("latin-1"))
        for path in (folder, tmp_path / "ml-100k.zip"):
            found = read(path)
            assert cells(found.ratings) == {("1", "10"): 3, ("2", "10"): 5, ("2", "11"): 1}
            assert found.ratings.titles == ("Été (1995)", "B")
            assert found.ratings.genres == ("Action|Comedy", "")
            assert found.ratings.characteristics is not None
            assert found.ratings.characteristics["gender"].tolist() == ["M", "F"]
            assert found.ratings.name == "ml-100k"
            assert found.report.users is not None
            assert found.report.users.n_matched == 2

    def test_movielens_1m(self, tmp_path: Path) -> None:
        (tmp_path / "ratings.dat").write_text("1::10::3::978300760\n2::11::5::978300761\n2::10::5::978300761\n")
        (tmp_path / "movies.dat").write_bytes("10::Ville, La (1995)::Drama|War\n11::A: B::Comedy\n".encode("latin-1"))
        (tmp_path / "users.dat").write_text("1::F::1::10::48067\n2::M::56::16::70072\n")
        found = read(tmp_path)
        assert found.ratings.titles == ("Ville, La (1995)", "A: B")
        assert found.ratings.genres == ("Drama|War", "Comedy")
        assert found.ratings.characteristics is not None
        assert found.ratings.characteristics["age"].tolist() == ["1", "56"]

    def test_netflix_blocks_with_the_lines_of_the_file(self, tmp_path: Path) -> None:
        blocks = "1:\n11,3,2005-09-06\n12,4,2005-05-13\n2:\n11,x,2005-01-01\n12,5,2005-01-02\n"
        (tmp_path / "combined_data_1.txt").write_text(blocks)
        (tmp_path / "movie_titles.csv").write_bytes(b"1,2003,Dinosaur, Planet\n2,2004,Isle\n")
        found = read(tmp_path / "combined_data_1.txt")
        assert cells(found.ratings) == {("11", "1"): 3, ("12", "1"): 4, ("12", "2"): 5}
        assert [problem.line for problem in found.report.rejected] == [5]
        assert found.ratings.time is not None
        assert found.ratings.time.min() == 1104624000
        assert found.ratings.titles == ("Dinosaur, Planet", "Isle")

    def test_a_netflix_folder_is_read_file_after_file(self, tmp_path: Path) -> None:
        (tmp_path / "mv_0000001.txt").write_text("1:\n11,3,2005-09-06\n12,4,2005-05-13")
        (tmp_path / "mv_0000002.txt").write_text("2:\n11,1,2005-09-06\n")
        assert cells(read(tmp_path).ratings) == {("11", "1"): 3, ("12", "1"): 4, ("11", "2"): 1}


class TestLaterFormats:
    def test_libsvm_triplets(self, tmp_path: Path) -> None:
        (tmp_path / "data.libsvm").write_text("3 0:1 10:1\n4.5 1:1 10:1\n1 1:1 11:1 # odd\n2 1:1\n")
        found = read(tmp_path / "data.libsvm", format="libsvm")
        assert cells(found.ratings) == {("0", "10"): 3, ("1", "10"): 4.5, ("1", "11"): 1}
        assert [problem.line for problem in found.report.rejected] == [4]

    def test_an_r_data_frame(self, tmp_path: Path) -> None:
        pytest.importorskip("rdata")
        import pandas as pd
        import rdata

        frame = pd.DataFrame({"user": ["a", "b"], "movie": ["x", "y"], "rating": [3.5, 4.0]})
        frame = frame.astype({"user": object, "movie": object})
        rdata.write_rds(tmp_path / "data.rds", frame)
        assert cells(read(tmp_path / "data.rds").ratings) == {("a", "x"): 3.5, ("b", "y"): 4}

    def test_postgres_names_what_is_missing_and_never_a_password(self) -> None:
        pytest.importorskip("adbc_driver_postgresql", reason="the optional extra postgres is not installed")
        with pytest.raises(DataError) as caught:
            read(Path("postgresql://me:secret@127.0.0.1:1/none"))
        assert "secret" not in str(caught.value)
