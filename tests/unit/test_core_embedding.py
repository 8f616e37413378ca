"""Points placed by UMAP in a child process, which tests replace by a small one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Timer

import numpy as np
import pytest

import alsgui
from alsgui.core import embedding
from alsgui.core.brake import Brake
from alsgui.core.embedding import Embedding, available, embed
from alsgui.core.errors import Interrupted, NumericalError

COPIES = """
import sys, numpy as np
points = np.load(sys.argv[1] + "/points.npy")
np.save(sys.argv[1] + "/places.npy", points[:, :2].astype("float32"))
"""


def running(code: str) -> embedding.Run:
    def run(folder: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", code, str(folder)], stderr=subprocess.PIPE)

    return run


POINTS_3D = np.random.default_rng(0).normal(size=(20, 3))


def test_the_places_are_those_of_the_child() -> None:
    np.testing.assert_allclose(embed(POINTS_3D, Brake(), running(COPIES)), POINTS_3D[:, :2], atol=1e-6)


def test_the_child_is_started_as_a_module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(embedding.subprocess, "Popen", lambda words, **_: asked.append(words))
    embedding._start(tmp_path)
    assert asked == [[sys.executable, "-m", "alsgui.core.embedding", str(tmp_path)]]


def test_a_cancel_kills_the_child_at_once() -> None:
    brake = Brake()
    Timer(0.1, brake.set).start()
    with pytest.raises(Interrupted):
        embed(POINTS_3D, brake, running("import time; time.sleep(600)"))


def test_a_child_that_fails_says_why() -> None:
    with pytest.raises(NumericalError, match="no memory left"):
        embed(POINTS_3D, Brake(), running("raise ValueError('no memory left')"))
    with pytest.raises(NumericalError, match="UMAP failed: 0"):
        embed(POINTS_3D, Brake(), running("pass"))


def test_too_few_points_are_refused_with_the_remedy() -> None:
    with pytest.raises(NumericalError, match="at least 10 points"):
        embed(POINTS_3D[:9], Brake())


def test_an_embedding_belongs_to_its_factors_side_and_rows() -> None:
    factors = alsgui.fit(alsgui.generate("movies", n_users=9, n_movies=9), k=1, epochs=1, threads=1).factors
    rows = np.arange(5)
    made = Embedding(factors, "movie", rows, np.zeros((5, 2)))
    assert made.is_of(factors, "movie", rows.copy())
    assert not made.is_of(factors, "user", rows)
    assert not made.is_of(factors, "movie", rows[:4])
    assert available() in (True, False)
