"""The wheel, built from this checkout, finds its sample and knows its terms; no network, no second environment."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as pip lays it out: its files in one folder."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site-packages")
    return folder / "site-packages"


def test_the_wheel_holds_the_package_and_nothing_of_the_workshop(unpacked: Path) -> None:
    assert {path.name.split("-")[0] for path in unpacked.iterdir()} == {"alsgui"}
    assert {path.name for path in (unpacked / "alsgui" / "resources").iterdir()} == {"samples", "icons", "fonts"}
    assert not list(unpacked.rglob("*.pyc"))


def test_the_wheel_carries_the_terms_of_code_and_data(unpacked: Path) -> None:
    [licences] = unpacked.glob("*.dist-info/licenses")
    names = {path.name for path in licences.rglob("*") if path.is_file()}
    assert {"LICENSE", "README-ml-latest-small.txt"} <= names


def test_the_sample_opens_from_the_wheel(unpacked: Path) -> None:
    code = """
import alsgui
from alsgui.io.samples import open_sample
ratings = open_sample("ml-latest-small").ratings
print(alsgui.__file__)
print(ratings.n_users, ratings.n_ratings)
"""
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=unpacked.parent,
        env=os.environ | {"PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    file, figures = run.stdout.splitlines()
    assert Path(file).is_relative_to(unpacked)
    assert figures == "610 100836"
