"""Points on a plane so that neighbours stay neighbours, by UMAP, in a process of its own: it compiles for many seconds.

    python -m alsgui.core.embedding FOLDER

reads `points.npy` (n x d, float64) from the folder and writes `places.npy` (n x 2).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Event

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import Interrupted, NumericalError
from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.factors import Factors
from alsgui.text import tr

POINTS, PLACES = "points.npy", "places.npy"
FEWEST_POINTS, SEED = 10, 0
_LOOK_SECONDS = 0.05

Run = Callable[[Path], "subprocess.Popen[bytes]"]


@dataclass(frozen=True, eq=False)
class Embedding:
    """Points of one side of a model on a plane.

    Parameters
    ----------
    factors
        Whose points, as they were shown.
    thing
        "movie" or "user".
    listed
        Rows that have a place (n).
    places
        Where (n x 2); lengths have no unit.
    """

    factors: Factors
    thing: str
    listed: Ints
    places: npt.NDArray[np.float64]

    def is_of(self, factors: Factors, thing: str, listed: Ints) -> bool:
        """Whether it is what was asked for."""
        return self.factors is factors and self.thing == thing and np.array_equal(self.listed, listed)


def available() -> bool:
    """Whether the optional package is installed."""
    return find_spec("umap") is not None


def embed(points: Floats, brake: Event, run: Run | None = None) -> npt.NDArray[np.float64]:
    """Places of points (n x d) on a plane (n x 2); the same points give the same places.

    Raises
    ------
    Interrupted
        When it was asked to end.
    NumericalError
        When the process failed, or there are too few points.
    """
    if len(points) < FEWEST_POINTS:
        raise NumericalError(
            tr("UMAP needs at least {n} points.", n=FEWEST_POINTS), tr("Show points with fewer ratings, too.")
        )
    with tempfile.TemporaryDirectory(prefix="alsgui-") as name:
        folder = Path(name)
        np.save(folder / POINTS, np.asarray(points, np.float64), allow_pickle=False)
        process = (run or _start)(folder)
        try:
            while process.poll() is None:
                if brake.is_set():
                    raise Interrupted
                time.sleep(_LOOK_SECONDS)
        finally:
            process.kill()
            _, told = process.communicate()
        if process.returncode != 0 or not (folder / PLACES).is_file():
            last = (told or b"").decode(errors="replace").strip().splitlines()
            raise NumericalError(
                tr("UMAP failed: {reason}", reason=last[-1] if last else process.returncode),
                tr("Use components, or fewer points."),
            )
        return np.asarray(np.load(folder / PLACES, allow_pickle=False), np.float64)


def _start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "alsgui.core.embedding", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def main(folder: Path) -> None:  # pragma: no cover - runs in the child
    """Place the points in a folder."""
    from umap import UMAP

    points = np.load(folder / POINTS, allow_pickle=False)
    places = UMAP(random_state=SEED, n_jobs=1, n_neighbors=min(15, len(points) - 1)).fit_transform(points)
    np.save(folder / PLACES, np.asarray(places, np.float64), allow_pickle=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
