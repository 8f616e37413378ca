from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from alsgui.core.errors import DataError
from alsgui.core.model import Model
from alsgui.io.container import read_container, write_container
from alsgui.io.model_file import load_model, save_model
from tests.helpers.models import tiny_model


@pytest.fixture(scope="module")
def model() -> Model:
    return tiny_model()


ARRAYS = {
    "a": np.arange(12, dtype=np.float32).reshape(3, 4),
    "flags": np.array([True, False]),
    "nothing": np.zeros((0, 5)),
    "one": np.array(7, dtype=np.int64),
    "flat": np.zeros(100_000, dtype=np.int32),
    "noise": np.random.default_rng(0).random(500),
}


def repacked(path: Path, **changes: bytes | None) -> Path:
    """The same zip with members replaced (bytes) or left out (None); "__" stands for "."."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members |= {name.replace("__", "."): content for name, content in changes.items()}  # type: ignore[misc]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            if content is not None:
                archive.writestr(name, content)
    return path


def described(path: Path, **changes: object) -> Path:
    """The same file with other words in its description."""
    with zipfile.ZipFile(path) as archive:
        description = json.loads(archive.read("model.json"))
    return repacked(path, model__json=json.dumps(description | changes).encode())


class TestModelFiles:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "m.alsgui"
        write_container(path, ARRAYS, {"words": ["ä", None, 1.5]})
        return path

    def test_arrays_and_words_come_back_the_same(self, path: Path) -> None:
        arrays, meta = read_container(path)
        assert meta == {"words": ["ä", None, 1.5]}
        for name, array in ARRAYS.items():
            assert (arrays[name].dtype, arrays[name].shape) == (array.dtype, array.shape)
            assert np.array_equal(arrays[name], array)

    def test_only_what_shrinks_is_deflated_and_numpy_reads_it_too(self, path: Path) -> None:
        noise = ARRAYS["noise"]
        write_container(path, {"noise": noise, "flat": ARRAYS["flat"]}, {})
        with zipfile.ZipFile(path) as archive:
            assert archive.getinfo("noise.npy").compress_type == zipfile.ZIP_STORED
            assert archive.getinfo("flat.npy").file_size > 50 * archive.getinfo("flat.npy").compress_size
        with np.load(path, allow_pickle=False) as loaded:
            assert np.array_equal(loaded["noise"], noise)

    @pytest.mark.parametrize("array", [np.array([{}], dtype=object), np.array(["text"])])
    def test_objects_and_text_are_never_written(self, tmp_path: Path, array: np.ndarray) -> None:  # type: ignore[type-arg]
        with pytest.raises(ValueError, match="does not belong"):
            write_container(tmp_path / "m", {"a": array}, {})

    def test_a_newer_format_asks_for_an_update(self, path: Path) -> None:
        with pytest.raises(DataError, match=r"format 2; this version reads up to 1\. Update"):
            read_container(described(path, format=2))

    @pytest.mark.parametrize(
        "changes",
        [
            {"format": "1"},
            {"format": 0},
            {"meta": []},
            {"arrays": 3},
            {"arrays": {"../a": {"shape": [1], "dtype": "<f4"}}},
            {"arrays": {"a": 3}},
            {"arrays": {"a": {"shape": [3, 4], "dtype": "|O"}}},
            {"arrays": {"a": {"shape": [3, -4], "dtype": "<f4"}}},
            {"arrays": {"a": {"shape": [3, 4.0], "dtype": "<f4"}}},
            {"arrays": {"a": {"shape": [3, 4], "dtype": "<f1"}}},
            {"arrays": {"a": {"shape": [4, 3], "dtype": "<f4"}}},
            {"arrays": {"a": {"shape": [3, 4], "dtype": "<i4"}}},
            {"arrays": {"a": {"shape": [3, 5], "dtype": "<f8"}}},
            {"arrays": {"absent": {"shape": [3], "dtype": "<f4"}}},
        ],
    )
    def test_a_description_that_does_not_fit_is_damage(self, path: Path, changes: dict[str, object]) -> None:
        with pytest.raises(DataError, match="is damaged") as caught:
            read_container(described(path, **changes))
        assert caught.value.hint

    @pytest.mark.parametrize("shape", [[1 << 40], [1 << 62, 1 << 62], [1 << 34]])
    def test_a_size_that_the_file_cannot_hold_is_refused_before_anything_is_allocated(
        self, path: Path, shape: list[int]
    ) -> None:
        with pytest.raises(DataError, match="unpacks to"):
            read_container(described(path, arrays={"a": {"shape": shape, "dtype": "|u1"}}))

    def test_a_bomb_of_zeros_is_refused(self, path: Path) -> None:
        write_container(path, {"flat": np.zeros(100_000_000, dtype=np.uint8)}, {})
        with pytest.raises(DataError, match=r"unpacks to 100\.0 MB"):
            read_container(path)

    def test_a_pickle_inside_is_never_opened(self, path: Path) -> None:
        text = io.BytesIO()
        np.save(text, np.array([{"a": 1}] * 4, dtype=object), allow_pickle=True)
        changes = {"a": {"shape": [len(text.getvalue()) - 128], "dtype": "|u1"}}
        with pytest.raises(DataError, match="is damaged"):
            read_container(described(repacked(path, a__npy=text.getvalue()), arrays=changes))

    def test_a_header_that_is_no_header_is_damage(self, path: Path) -> None:
        with pytest.raises(DataError, match="header of a"):
            read_container(repacked(path, a__npy=b"x" * 176))

    def test_a_foreign_file_is_called_that(self, path: Path, tmp_path: Path) -> None:
        np.savez(tmp_path / "other.npz", a=ARRAYS["a"])
        (tmp_path / "ratings.csv").write_text("user,movie,rating\na,b,3\n")
        for foreign in (tmp_path / "other.npz", tmp_path / "ratings.csv", described(path, kind="something")):
            with pytest.raises(DataError, match="not a model file of alsgui"):
                read_container(foreign)

    def test_a_member_that_stands_twice_is_damage(self, path: Path) -> None:
        with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
            archive.writestr("a.npy", b"again")
        with pytest.raises(DataError, match="2 times"):
            read_container(path)

    def test_a_file_cut_off_anywhere_or_with_a_changed_byte_never_loads(self, path: Path) -> None:
        whole = path.read_bytes()
        for length in range(0, len(whole), 97):
            path.write_bytes(whole[:length])
            with pytest.raises(DataError):
                read_container(path)
        at = whole.index(ARRAYS["noise"].tobytes()[20:40])
        path.write_bytes(whole[:at] + b"\xff" + whole[at + 1 :])
        with pytest.raises(DataError, match="is damaged"):
            read_container(path)

    def test_a_description_that_is_no_json_is_damage(self, path: Path) -> None:
        with pytest.raises(DataError, match="is damaged"):
            read_container(repacked(path, model__json=b"[" * 100_000))

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match="does not exist"):
            read_container(tmp_path / "none.alsgui")


class TestSavedModels:
    @pytest.mark.parametrize("with_ratings", [True, False])
    def test_a_model_comes_back_the_same(self, model: Model, tmp_path: Path, with_ratings: bool) -> None:
        save_model(model, tmp_path / "m.alsgui", with_ratings=with_ratings)
        loaded = load_model(tmp_path / "m.alsgui")
        assert np.array_equal(loaded.u, model.u)
        assert loaded.config == model.config
        assert repr(loaded.history) == repr(model.history)
        found, known = loaded.recommend("bob", 3), model.recommend("bob", 3)
        assert found.seen_known == with_ratings
        assert known.titles == ('=SUM("a", 1)',)
        assert len(found.titles) == (1 if with_ratings else 3)

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("y_indices", lambda array: array + 100),
            ("y_indices", lambda array: -1 - array),
            ("y_indptr", lambda array: array[::-1]),
            ("y_data", lambda array: array[:-1]),
            ("held_out", lambda array: np.array([99])),
            ("y_indptr", None),
        ],
    )
    def test_ratings_that_point_outside_are_refused(self, model: Model, tmp_path: Path, name: str, change) -> None:  # type: ignore[no-untyped-def]
        from alsgui.core.model_parts import to_parts

        arrays, meta = to_parts(model)
        if change is None:
            del arrays[name]
        else:
            arrays[name] = change(arrays[name])
        write_container(tmp_path / "m", arrays, meta)
        with pytest.raises(DataError, match="do not fit"):
            load_model(tmp_path / "m")
