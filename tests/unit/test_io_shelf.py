"""Factors on disk: the same model to the bit, however it is used, and nothing left behind."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alsgui.core.basis import Basis, exchanged
from alsgui.core.errors import ExportError
from alsgui.core.model import Model
from alsgui.core.model_parts import to_parts
from alsgui.core.solvers.config import CONFIGS, Config
from alsgui.core.training import fitted, iter_fit
from alsgui.io import shelf
from alsgui.io.shelf import clear_shelves, fetch_ahead, held_bytes, own_shelf, put_away, shelves
from tests.helpers.tiny import all_training, complete, every_third_held_out, holey

ALGORITHMS = tuple(CONFIGS)


def config_of(algorithm: str, **settings: Any) -> Config:
    return CONFIGS[algorithm](**{"k": 3, "epochs": 4, "tolerance": 0.0, "threads": 1, **settings})


def a_model(algorithm: str = "observed", **settings: Any) -> Model:
    parts = all_training(complete()) if algorithm in ("ridge", "nmf") else every_third_held_out(holey())
    return fitted(iter_fit(parts, config_of(algorithm, **settings)))


def assert_same_bits(one: Model, other: Model) -> None:
    (arrays, meta), (others, other_meta) = to_parts(one), to_parts(other)
    assert str(meta) == str(other_meta)
    assert arrays.keys() == others.keys()
    for name, array in arrays.items():
        assert array.dtype == others[name].dtype and array.strides == others[name].strides, name
        assert array.tobytes() == others[name].tobytes(), name


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_model_on_disk_is_the_same_to_the_bit_and_takes_no_memory(algorithm: str, tmp_path: Path) -> None:
    model = a_model(algorithm)
    assert held_bytes(model) > 0
    stored = put_away(model, tmp_path)
    assert held_bytes(stored) == 0
    assert_same_bits(model, stored)
    assert not stored.factors.users.flags.writeable
    assert type(stored.factors.users) is np.ndarray
    users = np.arange(model.n_users)
    assert np.array_equal(stored.predict(users[:5], users[:5]), model.predict(users[:5], users[:5]))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_fit_goes_on_from_disk_with_the_bits_it_had_gone_on_with(algorithm: str, tmp_path: Path) -> None:
    model = a_model(algorithm)
    stored = put_away(model, tmp_path)
    more = config_of(algorithm)
    on, from_disk = (fitted(iter_fit(start.split, more, None, start)) for start in (model, stored) if start.split)
    for name in ("users", "movies", "user_bias", "movie_bias"):
        assert getattr(on.factors, name).tobytes() == getattr(from_disk.factors, name).tobytes()


def test_the_file_has_no_name_any_more_once_it_is_mapped(tmp_path: Path) -> None:
    stored = put_away(a_model(), tmp_path)
    assert os.name == "nt" or not list(tmp_path.iterdir())
    assert np.isfinite(stored.factors.users).all()


def test_what_was_made_of_the_factors_since_is_let_go(tmp_path: Path) -> None:
    stored = put_away(a_model(), tmp_path)
    assert stored.predictor.right_exact.nbytes + stored.predictor.left_exact.nbytes > 0
    held = held_bytes(stored)
    assert held > 0
    again = put_away(stored, tmp_path)
    assert held_bytes(again) == 0
    assert again.factors.users is stored.factors.users  # what is mapped already is not written twice
    assert_same_bits(stored, again)


def test_arrays_that_share_memory_share_it_on_disk(tmp_path: Path) -> None:
    model = a_model("observed", k=7)
    assert model.momentum is not None and np.may_share_memory(model.factors.users, model.factors.user_bias)
    stored = put_away(model, tmp_path)
    assert stored.momentum is not None
    assert np.may_share_memory(stored.factors.users, stored.factors.user_bias)
    assert np.may_share_memory(stored.factors.movies, stored.momentum.kept.right) == np.may_share_memory(
        model.factors.movies, model.momentum.kept.right
    )


def test_names_and_views_of_attributes_go_along(tmp_path: Path) -> None:
    model = a_model()
    own = replace(model, shown=exchanged(model, Basis.own(model.k).flipped(0)))
    stored = put_away(own, tmp_path)
    assert held_bytes(stored) == 0
    assert_same_bits(own, stored)
    assert own.shown is not None and stored.shown is not None
    assert stored.shown.factors.users.tobytes() == own.shown.factors.users.tobytes()


def test_reading_ahead_changes_nothing(tmp_path: Path) -> None:
    model = a_model()
    stored = put_away(model, tmp_path)
    fetch_ahead(stored)
    fetch_ahead(model)
    assert_same_bits(model, stored)


def test_a_full_disk_is_an_error_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExportError, match="disk is full"):
        put_away(a_model(), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="XDG_CACHE_HOME"):
        put_away(a_model(), tmp_path / "file" / "folder")


def test_what_a_crash_left_is_taken_away_and_what_lives_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "cache_folder", lambda: tmp_path / "samples")
    clear_shelves()  # there is nothing yet
    dead, alive, foreign = "999999999", str(os.getppid()), "strange"
    for name in (dead, alive, foreign, own_shelf().name):
        (shelves() / name).mkdir(parents=True)
        (shelves() / name / "1.rows").write_bytes(b"1")
    clear_shelves()
    assert [folder.name for folder in shelves().iterdir()] == [alive]
