"""Save a model to one file and load it again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import DataError
from alsgui.io.container import read_container, write_container
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.model import Model

SUFFIX = ".alsgui"


def save_model(model: Model, path: str | Path, with_ratings: bool = True) -> None:
    """Write a model, whole or not at all.

    Parameters
    ----------
    model
        What to save.
    path
        The file; an old one is replaced.
    with_ratings
        Whether the ratings go along, so that lists can hide what was seen and new people can be folded in.

    Raises
    ------
    ExportError
        When it cannot be written; the old file is whole.
    """
    from alsgui.core.model_parts import to_parts

    arrays, meta = to_parts(model, with_ratings)
    write_container(path, arrays, meta)


def load_model(path: str | Path) -> Model:
    """The model in a file; nothing in the file is ever run.

    Raises
    ------
    DataError
        When the file is missing, damaged, foreign, or of a newer format.
    """
    from alsgui.core.model_parts import from_parts

    arrays, meta = read_container(path)
    _check_positions(Path(path), arrays, meta)
    return from_parts(arrays, meta)


def _check_positions(path: Path, arrays: Mapping[str, npt.NDArray[Any]], meta: Mapping[str, Any]) -> None:
    """Positions that point outside their arrays would be read by compiled code, which does not look."""
    if "split" not in meta:
        return
    try:
        indptr, indices = arrays["y_indptr"], arrays["y_indices"]
        n_ratings, n_movies = len(arrays["y_data"]), len(arrays["movies"])
        fits = (
            len(indptr) == len(arrays["users"]) + 1
            and indptr[0] == 0
            and indptr[-1] == n_ratings == len(indices)
            and bool(np.all(np.diff(indptr) >= 0))
            and _inside(indices, n_movies)
            and _inside(arrays["held_out"], n_ratings)
            and ("time" not in arrays or len(arrays["time"]) == n_ratings)
        )
    except (KeyError, TypeError, IndexError):
        fits = False
    if not fits:
        raise DataError(
            tr("{path} is damaged: its ratings do not fit its users and movies.", path=path),
            tr("Use another copy, or fit the model again."),
        )


def _inside(positions: npt.NDArray[Any], length: int) -> bool:
    return not len(positions) or (int(positions.min()) >= 0 and int(positions.max()) < length)
