"""Make the sample files from the original MovieLens latest-small folder.

Usage: python resources/samples/make_sample.py FOLDER

FOLDER holds ratings.csv, movies.csv, links.csv and README.txt as published by GroupLens. Beside this script are written
ml-latest-small.parquet (userId, movieId, rating, timestamp), ml-latest-small-movies.parquet (movieId, title, genres;
every listed movie, also those without a rating) and README-ml-latest-small.txt, the original README with its terms.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent
NAME = "ml-latest-small"
MOST_BYTES = 1_500_000

TABLES = {
    f"{NAME}.parquet": (
        "ratings.csv",
        {"userId": "INTEGER", "movieId": "INTEGER", "rating": "FLOAT", "timestamp": "INTEGER"},
        "userId, movieId",
    ),
    f"{NAME}-movies.parquet": (
        "movies.csv",
        {"movieId": "INTEGER", "title": "VARCHAR", "genres": "VARCHAR"},
        "movieId",
    ),
}


def main(folder: Path) -> None:
    for target, (source, columns, order) in TABLES.items():
        types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
        duckdb.sql(
            f"COPY (SELECT * FROM read_csv('{folder / source}', header = true, auto_detect = false, "
            f"delim = ',', quote = '\"', escape = '\"', columns = {{{types}}}) ORDER BY {order}) "
            f"TO '{HERE / target}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19, PARQUET_VERSION v2)"
        )
    shutil.copyfile(folder / "README.txt", HERE / f"README-{NAME}.txt")
    size = sum((HERE / name).stat().st_size for name in TABLES)
    if size > MOST_BYTES:
        raise SystemExit(f"The sample takes {size} bytes, more than {MOST_BYTES}.")
    print(f"{NAME}: {size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
