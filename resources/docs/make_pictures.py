"""Make the pictures of the README from the real window: `python resources/docs/make_pictures.py`.

They are pictures of the tour, so what they show is what `alsgui tour` shows.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from alsgui.tour import run_tour

PICTURES = {
    "start": "01-start-1280-light.png",
    "import": "02-import-1280-light.png",
    "data": "03-data-1280-light.png",
    "train-dark": "04-learning-1280-dark.png",
    "train": "05-trained-1280-light.png",
    "factors": "06-factors-1280-light.png",
    "error": "07-error-1280-light.png",
    "map": "08-map-1280-dark.png",
    "recommend": "10-recommend-1280-light.png",
    "compare": "13-compare-1280-light.png",
}
"""Name in `resources/docs/pictures` -> picture of the tour."""


def make_pictures(folder: Path = Path(__file__).parent / "pictures") -> None:
    """Run the tour and keep the pictures that the README shows."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        # Recent files of whoever makes the pictures are nobody else's business.
        os.environ["XDG_CONFIG_HOME"] = made
        tour = run_tour(Path(made)).parent
        for name, picture in PICTURES.items():
            shutil.copyfile(tour / picture, folder / f"{name}.png")


if __name__ == "__main__":
    make_pictures()
