"""What a read brings, as files in a private folder: written by the child, mapped by the parent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import RowProblem
from alsgui.io.found import Found
from alsgui.io.report import Joined, Merged

if TYPE_CHECKING:
    from alsgui.io.assemble import Assembled

Array = npt.NDArray[Any]

FOUND = "found.json"
NAMES = ("indptr", "indices", "data", "columns_indptr", "columns_indices", "columns_data", "time")


def write(folder: Path, made: Assembled, found: Found) -> None:
    """Leave everything in the folder; arrays are let go as they are written."""
    for name in NAMES:
        if name in made.arrays:
            with (folder / f"{name}.npy").open("wb") as stream:
                np.lib.format.write_array(stream, made.arrays.pop(name), allow_pickle=False)
    write_texts(folder / "user_ids", made.user_ids)
    write_texts(folder / "movie_ids", made.movie_ids)
    plain = asdict(found)
    for side in ("movies", "users"):
        if plain[side] is not None:
            plain[side]["path"] = str(plain[side]["path"])
    (folder / FOUND).write_text(json.dumps(plain), encoding="utf-8")


def write_texts(path: Path, texts: Sequence[str]) -> None:
    """A list of texts, which may hold any sign but NUL."""
    path.write_bytes("\0".join(texts).encode())


def read_texts(path: Path) -> tuple[str, ...]:
    """As `write_texts` left them."""
    text = path.read_bytes().decode()
    return tuple(text.split("\0"))


def read(folder: Path) -> tuple[dict[str, Array], tuple[str, ...], tuple[str, ...], Found]:
    """Arrays mapped from the files, ids of users and movies, and the rest."""
    arrays = {
        name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))
        for name in NAMES
        if (folder / f"{name}.npy").is_file()
    }
    return arrays, read_texts(folder / "user_ids"), read_texts(folder / "movie_ids"), _found(folder / FOUND)


def _found(path: Path) -> Found:
    plain = json.loads(path.read_text(encoding="utf-8"))
    plain["rejected"] = [RowProblem(**problem) for problem in plain["rejected"]]
    plain["merged"] = tuple(
        Merged(**{**one, "lines": tuple(one["lines"]), "values": tuple(one["values"])}) for one in plain["merged"]
    )
    for side in ("movies", "users"):
        if plain[side] is not None:
            plain[side] = Joined(**{**plain[side], "path": Path(plain[side]["path"])})
    return Found(**plain)
