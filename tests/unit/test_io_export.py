from __future__ import annotations

import csv
import io
import threading
from pathlib import Path

import numpy as np
import pytest
from scipy.io import loadmat, mmread

import alsgui
from alsgui.core.errors import ConfigError, ExportError, Interrupted
from alsgui.core.model import Model
from alsgui.io import export_predictions as strips
from alsgui.io.export import (
    check_export,
    default_orientation,
    export_factors,
    export_predictions,
    export_recommendations,
    r_size_bytes,
)
from tests.helpers.models import tiny_model


@pytest.fixture(scope="module")
def model() -> Model:
    return tiny_model()


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))


class TestExportedFactors:
    @pytest.mark.parametrize("name", ["movies.csv", "u.csv"])
    def test_a_table_that_is_no_export_is_never_replaced(self, model: Model, tmp_path: Path, name: str) -> None:
        """A MovieLens folder has a movies.csv with all titles: an export into it must not end them."""
        (tmp_path / name).write_text("movieId,title,genres\n1,Toy Story (1995),Comedy\n")
        for refuse in (
            lambda: export_factors(model, tmp_path, ["npz", "csv"]),
            lambda: check_export(tmp_path, ["csv"]),
        ):
            with pytest.raises(ExportError, match=rf"{name} is there already and is no export") as caught:
                refuse()
            assert caught.value.hint == "Choose another folder."
        assert [path.name for path in tmp_path.iterdir()] == [name], "nothing was written before the refusal"
        assert "Toy Story" in (tmp_path / name).read_text()

    def test_an_export_takes_the_place_of_the_one_before(self, model: Model, tmp_path: Path) -> None:
        first = export_factors(model, tmp_path, ["csv"], "KxN")
        assert export_factors(model, tmp_path, ["csv"], "NxK") == first
        assert "N x K" in (tmp_path / "u.csv").read_text()

    @pytest.mark.parametrize("orientation", ["KxN", "NxK"])
    def test_every_format_reads_back_the_same_and_says_which_way_it_lies(
        self, model: Model, tmp_path: Path, orientation: str
    ) -> None:
        paths = export_factors(model, tmp_path / "out", ["csv", "npz", "mat", "mtx"], orientation)
        assert all(path.is_file() for path in paths)
        folder = tmp_path / "out"
        u = model.u if orientation == "KxN" else model.u.T
        table = rows_of(folder / "u.csv")
        label = "K x N: a row is an attribute" if orientation == "KxN" else "N x K: a row is a user"
        assert label in ", ".join(table[0])
        assert table[0][0].startswith("# ")
        assert np.array_equal(np.array([row[1:] for row in table[2:]], dtype=np.float32), u)
        with np.load(folder / "factors.npz", allow_pickle=False) as found:
            assert str(found["orientation"]) == orientation
            assert np.array_equal(found["u"], u)
            assert found["titles"].tolist() == list(model.titles or ())
            assert found["mu"] == model.mu
        matlab = loadmat(folder / "factors.mat", chars_as_strings=True)
        assert matlab["orientation"][0] == orientation
        assert np.array_equal(matlab["u"], u)
        assert np.array_equal(matlab["user_bias"].ravel(), model.user_bias)
        assert np.array_equal(mmread(folder / "u.mtx").astype(np.float32), u)
        assert label in (folder / "u.mtx").read_text()

    def test_labels_keep_titles_but_none_that_a_spreadsheet_would_compute(self, model: Model, tmp_path: Path) -> None:
        export_factors(model, tmp_path, ["csv"])
        table = rows_of(tmp_path / "movies.csv")
        assert table[1] == ["movie", "title", "bias"]
        assert [row[1] for row in table[2:]] == ["Heat", '\'=SUM("a", 1)', "Up, again"]
        assert np.array_equal(np.array([row[2] for row in table[2:]], dtype=np.float32), model.movie_bias)
        assert rows_of(tmp_path / "users.csv")[2][0] == "ann"

    def test_a_path_with_a_formats_suffix_names_the_files(self, model: Model, tmp_path: Path) -> None:
        assert export_factors(model, tmp_path / "mine.npz", ["npz"]) == [tmp_path / "mine.npz"]
        names = [path.name for path in export_factors(model, tmp_path / "mine.csv", ["csv"])]
        assert names == ["mine-u.csv", "mine-m.csv", "mine-users.csv", "mine-movies.csv"]

    def test_the_text_books_orientation_is_the_default_for_few_columns(self, model: Model) -> None:
        assert default_orientation(model) == "KxN"
        many = alsgui.Ratings.from_triplets([str(n) for n in range(1001)], ["x"] * 1001, [1, 2] * 500 + [3])
        assert default_orientation(alsgui.fit(many, k=1, epochs=1, holdout=0, threads=1)) == "NxK"

    def test_unknown_formats_and_orientations_are_refused(self, model: Model, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="no format xls"):
            export_factors(model, tmp_path, ["xls"])
        with pytest.raises(ConfigError, match="no orientation up"):
            export_factors(model, tmp_path, ["csv"], "up")

    def test_a_folder_that_cannot_be_made_is_named(self, model: Model, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(ExportError, match="cannot be made"):
            export_factors(model, tmp_path / "file" / "folder", ["csv"])


class TestExportedPredictions:
    @pytest.mark.parametrize("form", ["csv", "npz", "mat", "mtx"])
    @pytest.mark.parametrize("block", [(None, None), (slice(1, 3), slice(0, 2))])
    def test_a_block_in_strips_is_that_block_of_r(
        self,
        model: Model,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        form: str,
        block: tuple[slice | None, slice | None],
    ) -> None:
        monkeypatch.setattr(strips, "STRIP_BYTES", 8)
        users, movies = (part or slice(0, 3) for part in block)
        expected = model.predict_block(users, movies)
        path = export_predictions(model, tmp_path / f"r.{form}", form, *block)
        if form == "csv":
            table = rows_of(path)
            assert table[1] == ["user", *model.movie_ids[movies]]
            assert [row[0] for row in table[2:]] == list(model.user_ids[users])
            found = np.array([row[1:] for row in table[2:]], dtype=np.float32)
        elif form == "npz":
            with np.load(path, allow_pickle=False) as loaded:
                found = loaded["r"]
                assert loaded["user_ids"].tolist() == list(model.user_ids[users])
        else:
            found = loadmat(path)["r"] if form == "mat" else mmread(path)
        np.testing.assert_allclose(found, expected, rtol=1e-6)

    def test_more_than_a_gigabyte_asks_for_a_block(
        self, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert r_size_bytes(model) == 36
        assert r_size_bytes(model, slice(0, 2), slice(1, 2)) == 8
        monkeypatch.setattr(strips, "MOST_BYTES", 30)
        with pytest.raises(ExportError, match="Choose a block of users and movies"):
            export_predictions(model, tmp_path / "r.csv")
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize("format", ["csv", "npz", "mtx"])
    def test_a_cancelled_export_leaves_the_old_file_as_it_was(self, model: Model, tmp_path: Path, format: str) -> None:
        path = tmp_path / f"r.{format}"
        path.write_text("old")
        cancel = threading.Event()
        cancel.set()
        with pytest.raises(Interrupted):
            export_predictions(model, path, format, cancel=cancel)
        assert path.read_text() == "old"
        assert list(tmp_path.iterdir()) == [path]

    def test_an_empty_block_is_refused(self, model: Model, tmp_path: Path) -> None:
        with pytest.raises(ExportError, match="block is empty"):
            export_predictions(model, tmp_path / "r.csv", users=slice(2, 2))


class TestExportedLists:
    def test_a_list_is_a_table(self, model: Model, tmp_path: Path) -> None:
        found = model.recommend("bob", 3, hide_seen=False)
        table = rows_of(export_recommendations(found, tmp_path / "list.csv", noun="film"))
        assert table[0] == ["rank", "film", "title", "predicted", "given", "ratings"]
        assert [row[0] for row in table[1:]] == ["1", "2", "3"]
        given = {row[1]: row[4] for row in table[1:]}
        assert given == {"1": "4", "2": "", "3": "1"}

    def test_lists_of_several_people_begin_with_the_user(self, model: Model, tmp_path: Path) -> None:
        lists = {user: model.recommend(user, 1, hide_seen=False) for user in ("ann", "eve")}
        table = rows_of(export_recommendations(lists, tmp_path / "lists.csv"))
        assert [row[:2] for row in table] == [["user", "rank"], ["ann", "1"], ["eve", "1"]]
