"""Write a split as files that any program reads: training ratings, hold-out ratings, and how they were divided."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui import __version__
from alsgui.core.errors import ExportError, Interrupted
from alsgui.core.split import Split
from alsgui.io.atomic import atomic_write
from alsgui.text import tr

TRAINING, HOLDOUT, HOW = "training.csv", "holdout.csv", "split.json"
_HEAD = b"# alsgui "
_ROWS_AT_A_TIME = 1 << 18


def export_split(split: Split, folder: str | Path, cancel: Event | None = None) -> list[Path]:
    """Write both parts and how they came about into a folder, which is made where it is missing.

    Parameters
    ----------
    split
        The split.
    folder
        Gets training.csv and holdout.csv (user, movie, rating and, where known, time in seconds since 1970) and
        split.json (kind, share, seed and all else with which `alsgui.split` makes it again, and the fingerprint of the
        ratings). `alsgui.read_ratings` and the Train page read holdout.csv as it is.
    cancel
        Set it to end before the last row; files that were there stay whole.

    Raises
    ------
    ExportError
        When a file cannot be written, or one of these names is there that is no export.
    Interrupted
        When `cancel` was set.
    """
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(tr("The folder {path} cannot be made.", path=place), str(error)) from error
    for name in (TRAINING, HOLDOUT, HOW):
        _refuse_foreign(place / name)
    aside = np.zeros(split.ratings.n_ratings, np.bool_)
    aside[split.held_out] = True
    paths = [place / name for name in (TRAINING, HOLDOUT, HOW)]
    for path, positions in zip(paths, (np.flatnonzero(~aside), split.held_out), strict=False):
        _write(split, positions, path, cancel)
    with atomic_write(paths[2]) as stream:
        stream.write(json.dumps(how(split), indent=2).encode() + b"\n")
    return paths


def how(split: Split) -> dict[str, Any]:
    """How a split came about, as plain values."""
    kept: dict[str, Any] = {"kind": split.kind, "share": split.share, "seed": split.seed}
    if split.kind in ("last", "each"):
        kept["n"] = split.n
    if split.kind == "users":
        kept["told"] = split.told
    if split.kind == "file":
        kept["file"] = split.file
    return kept | {
        "n_training": split.ratings.n_ratings - len(split.held_out),
        "n_holdout": len(split.held_out),
        "fingerprint": split.ratings.fingerprint,
        "alsgui": __version__,
    }


def _refuse_foreign(path: Path) -> None:
    if not path.is_file() or not path.stat().st_size:
        return
    if path.name == HOW:
        ours = b'"alsgui":' in path.read_bytes()
    else:
        with path.open("rb") as stream:
            ours = stream.read(len(_HEAD)) == _HEAD
    if not ours:
        raise ExportError(
            tr("{path} is there already and is no export of alsgui.", path=path), tr("Choose another folder.")
        )


def _write(split: Split, positions: npt.NDArray[np.int64], path: Path, cancel: Event | None) -> None:
    with atomic_write(path) as stream:
        words = f"{path.stem} ratings of {split.ratings.name or 'y'}, {split.ratings.fingerprint}"
        stream.write(_HEAD + words.encode() + b"\n")
        for block in _blocks(split, positions):
            if cancel is not None and cancel.is_set():
                raise Interrupted
            stream.write(block)


def _blocks(split: Split, positions: npt.NDArray[np.int64]) -> Iterator[bytes]:
    """Rows as CSV text, the head first; ids that need it are quoted."""
    import pyarrow as pa
    from pyarrow import csv

    ratings = split.ratings
    users, movies = pa.array(ratings.user_ids, pa.string()), pa.array(ratings.movie_ids, pa.string())
    for start in range(0, max(len(positions), 1), _ROWS_AT_A_TIME):
        part = positions[start : start + _ROWS_AT_A_TIME]
        columns = {
            "user": users.take(ratings.users_of_ratings[part]),
            ratings.noun: movies.take(ratings.csr.indices[part]),
            "rating": pa.array(ratings.csr.data[part]),
        }
        if ratings.time is not None:
            columns["time"] = pa.array(ratings.time[part])
        sink = pa.BufferOutputStream()
        options = csv.WriteOptions(include_header=not start, quoting_style="needed")
        csv.write_csv(pa.table(columns), sink, options)
        yield sink.getvalue().to_pybytes()
