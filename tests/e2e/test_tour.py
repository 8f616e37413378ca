"""The tour, once: pictures of every stop in both sizes and both looks, exports that can be read, a page of figures."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from alsgui.io.model_file import load_model
from alsgui.tour import SIZES

STOPS = (
    "start", "import", "data", "learning", "trained", "factors", "error", "map", "numbers", "recommend", "mean-user",
    "sliders", "compare", "learn", "exported",
)  # fmt: skip

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command leaves, run as a person runs it."""
    folder = tmp_path_factory.mktemp("tour") / "here"
    done = subprocess.run(
        [sys.executable, "-m", "alsgui", "tour", "--out", str(folder)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("tour.md")
    return folder


def test_every_stop_is_shown_in_both_sizes_and_both_looks(tour: Path) -> None:
    expected = {
        f"{number:02d}-{stop}-{width}-{mode}.png": (width, height)
        for number, stop in enumerate(STOPS, 1)
        for width, height in SIZES
        for mode in ("light", "dark")
    }
    pictures = {path.name: QImage(str(path)) for path in tour.glob("*.png")}
    assert {name: (image.width(), image.height()) for name, image in pictures.items()} == expected
    for name, image in pictures.items():
        lightness = image.pixelColor(4, image.height() - 4).lightness()
        assert (lightness > 128) == ("light" in name), name


def test_no_two_stops_look_the_same(tour: Path) -> None:
    for width, _ in SIZES:
        pictures = [path.read_bytes() for path in tour.glob(f"*-{width}-light.png")]
        assert len(set(pictures)) == len(STOPS)


def test_the_page_shows_every_picture_and_file_and_tells_the_figures(tour: Path) -> None:
    page = (tour / "tour.md").read_text(encoding="utf-8")
    links = set(re.findall(r"\]\(([^)]+)\)", page))
    assert links == {path.relative_to(tour).as_posix() for path in tour.rglob("*.*")} - {"tour.md"}
    words = page.replace("\u2009", " ")
    assert "610 users, 9 724 movies, 100 836 ratings" in words
    figures = re.search(r"RMSE (0\.\d{4}) on training, (0\.\d{4}) on hold-out .* biases reach (0\.\d{4})", words)
    assert figures is not None
    training, holdout, biases = map(float, figures.groups())
    assert training < holdout < biases - 0.015
    assert len(re.findall(r"\(\d{4}\) [34]\.\d\d", words)) >= 9, "three lists with their first three movies"


def test_the_exports_can_be_read_and_belong_to_one_model(tour: Path) -> None:
    model = load_model(tour / "exports" / "model.alsgui")
    assert model.ratings is not None and model.ratings.n_ratings == 100_836
    factors = np.load(next((tour / "exports").glob("*.npz")))
    u, m = factors["u"], factors["m"]
    across = {model.n_users: u, model.n_movies: m}
    for length, array in across.items():
        assert sorted(array.shape) == sorted((model.k, length))
    listed = list(csv.reader((tour / "exports" / "user-373.csv").read_text(encoding="utf-8").splitlines()))
    assert len(listed) > 10
