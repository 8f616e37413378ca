"""Make the picture of the sample on the start page: its ratings, not yet coloured.

Usage: python resources/samples/make_thumbnail.py

Writes ml-latest-small-thumbnail.png beside the sample: the 120 users with the most ratings down, the 360 movies with
the most ratings across. Each pixel is an index: 0 where there is no rating, else twice the rating (1 to 10), so that
the window can colour it for light and dark.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage, qRgb  # noqa: TID251 - a script, outside the rooms of the program

from alsgui.core.overview import by_count
from alsgui.io.samples import open_sample

TARGET = Path(__file__).resolve().parent / "ml-latest-small-thumbnail.png"
N_USERS, N_MOVIES = 120, 360


def main() -> None:
    ratings = open_sample("ml-latest-small").ratings
    users, movies = by_count(ratings.user_counts)[:N_USERS], by_count(ratings.movie_counts)[:N_MOVIES]
    halves = np.ascontiguousarray((2 * ratings.csr[users][:, movies].toarray()).astype(np.uint8))
    image = QImage(halves.data, N_MOVIES, N_USERS, N_MOVIES, QImage.Format.Format_Indexed8)
    image.setColorTable([qRgb(25 * index, 25 * index, 25 * index) for index in range(11)])
    image.save(str(TARGET), "PNG", 0)
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
