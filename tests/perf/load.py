"""Open a large CSV beside pandas, in turn, in one run: `python -m tests.perf.load` (extras `bench` and `test`).

The file has the shape of MovieLens 25M (userId, movieId, rating, timestamp; users in order). Ours is the time from the
call to CSR and CSC ready to train, processes included; theirs is `read_csv`, `factorize` twice and one SciPy CSR.
Memory is the sum over all processes of what each holds alone and its share of what they hold together (PSS).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
from pyarrow import csv as arrow_csv

N_USERS, N_MOVIES, N_IDS = 162_541, 59_047, 209_171
PIECE = 2_000_000


def write_ratings(path: Path, n: int, *, shuffled: bool, seed: int = 0) -> None:
    """A CSV of n ratings, a long tail of users and movies, no cell twice."""
    rng = np.random.default_rng(seed)
    n_users, n_movies = max(n * N_USERS // 25_000_000, 10), max(min(N_MOVIES, n // 20), 50)
    users, movies = _cells(rng, n, n_users, n_movies)
    ids = np.sort(rng.choice(N_IDS, n_movies, replace=False)) + 1
    order = rng.permutation(len(users)) if shuffled else np.arange(len(users))
    columns = {
        "userId": (users + 1)[order],
        "movieId": ids[movies][order],
        "rating": rng.integers(1, 11, len(users)) / 2,
        "timestamp": rng.integers(789_652_009, 1_574_327_703, len(users)),
    }
    with arrow_csv.CSVWriter(path, pa.table({name: values[:1] for name, values in columns.items()}).schema) as writer:
        for at in range(0, len(users), PIECE):
            writer.write_table(pa.table({name: values[at : at + PIECE] for name, values in columns.items()}))


def _cells(rng: np.random.Generator, n: int, n_users: int, n_movies: int) -> tuple[np.ndarray, np.ndarray]:
    weight = rng.pareto(1.1, n_users) + 0.2
    likely = np.cumsum(1 / (np.arange(n_movies) + 30.0))
    likely /= likely[-1]
    names = rng.permutation(n_movies)
    keys = np.empty(0, dtype=np.int64)
    while len(keys) < n:
        counts = np.clip(weight / weight.sum() * n, 20, n_movies // 8 + 20).astype(np.int64)
        users = np.repeat(np.arange(n_users), counts)
        drawn = names[np.searchsorted(likely, rng.random(len(users)))]
        keys = np.unique(np.concatenate([keys, users * n_movies + drawn]))
    keys = np.sort(rng.choice(keys, n, replace=False))
    return keys // n_movies, keys % n_movies


OURS = """
import os, sys, time
from alsgui.io.reading import read
gaps, last = [], time.perf_counter()
def tell(share, text):
    global last
    now = time.perf_counter()
    gaps.append(now - last)
    last = now
started = last = time.perf_counter()
ratings = read(sys.argv[1], progress=tell).ratings
shape = (ratings.n_users, ratings.n_movies, ratings.n_ratings, int(ratings.csc.nnz))
print("RESULT", time.perf_counter() - started, sum(os.times()[:4]), max(gaps), *shape, flush=True)
# What the parent holds once it uses all of it.
total = [float(array.sum()) for matrix in (ratings.csr, ratings.csc) for array in (matrix.data, matrix.indices)]
time.sleep(0.5)
"""

THEIRS = """
import os, sys, time
import numpy as np, pandas as pd
from scipy import sparse
started = time.perf_counter()
table = pd.read_csv(sys.argv[1])
users, user_ids = pd.factorize(table["userId"])
movies, movie_ids = pd.factorize(table["movieId"])
shape = (len(user_ids), len(movie_ids))
csr = sparse.csr_array((table["rating"].to_numpy(np.float32), (users, movies)), shape=shape)
print("RESULT", time.perf_counter() - started, sum(os.times()[:4]), 0.0, *shape, csr.nnz, csr.nnz, flush=True)
"""


def measured(program: str, path: Path) -> tuple[list[float], float]:
    """What a program printed, and the most memory of its processes in GiB."""
    process = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True)
    most = [0.0]
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, most, ended))
    watcher.start()
    out, _ = process.communicate()
    ended.set()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"the program ended with {process.returncode}")
    words = next(line for line in out.splitlines() if line.startswith("RESULT")).split()[1:]
    return [float(word) for word in words], most[0]


def _watch(pid: int, most: list[float], ended: threading.Event) -> None:
    while not ended.wait(0.02):
        try:
            root = psutil.Process(pid)
            held = sum(_held(process) for process in [root, *root.children(recursive=True)])
        except psutil.Error:
            continue
        most[0] = max(most[0], held / 2**30)


def _held(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except (psutil.Error, AttributeError):
        return int(process.memory_info().rss)


def compare(path: Path, n: int, rounds: int) -> None:
    """Run both in turn and print the better of each, their ratio, and the memory."""
    print(f"{path.name}: {n:,} ratings, {path.stat().st_size / 1e6:,.0f} MB")
    found: dict[str, list[tuple[list[float], float]]] = {"alsgui": [], "pandas": []}
    for _ in range(rounds):
        for name, program in (("pandas", THEIRS), ("alsgui", OURS)):
            found[name].append(measured(program, path))
            (seconds, busy, gap, *shape), gib = found[name][-1]
            silent = f", longest silence {gap:.2f} s" if gap else ""
            print(f"  {name}: {seconds:.2f} s ({busy:.2f} s of processor), {gib:.2f} GiB, {shape}{silent}", flush=True)
    ours, theirs = (min(result[0][0] for result in found[name]) for name in ("alsgui", "pandas"))
    busy, other = (min(result[0][1] for result in found[name]) for name in ("alsgui", "pandas"))
    memory = max(gib for _, gib in found["alsgui"])
    print(f"  time of ours / time of pandas: {ours / theirs:.2f} (at most 1); memory: {memory:.2f} GiB (at most 2.0)")
    print(f"  processor time of ours / of pandas: {busy / other:.2f} (says more on a busy machine)")


def small(folder: Path) -> None:
    """One million rows: what a read takes beside the start of its process."""
    path = folder / "one-million.csv"
    write_ratings(path, 1_000_000, shuffled=False)
    bare = min(_timed(lambda: subprocess.run([sys.executable, "-c", "import numba"], check=True)) for _ in range(3))
    read = min(measured(OURS, path)[0][0] for _ in range(3))
    print(
        f"1,000,000 rows: {read:.2f} s, a start of Python with numba {bare:.2f} s: {read - bare:.2f} s more (under 1)"
    )


def looks(path: Path) -> None:
    """What the import page waits for when a control is changed."""
    from alsgui.io.look import look

    found = look(path)
    changes: list[dict[str, object]] = [
        {}, {"missing": ("0.5",)}, {"duplicates": "mean"}, {"decimal": ","}, {"encoding": "latin-1"},
        {"delimiter": ";"}, {"header": False}, {"skip_rows": 3}, {"layout": "events"}, {"layout": "wide"},
        {"swap": True},
        {"columns": "user=1,item=0,rating=2"}, {"users_share": 0.1},
    ]  # fmt: skip
    seconds = {str(change): min(_timed(lambda given=change: look(path, given)) for _ in range(3)) for change in changes}  # type: ignore[misc]
    worst = max(seconds, key=lambda name: seconds[name])
    print(f"  a look after each of {len(changes)} changes of {found.n_bytes / 1e6:,.0f} MB: "
          f"{min(seconds.values()):.2f} to {seconds[worst]:.2f} s, longest after {worst} (at most 0.3)")  # fmt: skip


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Write the files and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=25_000_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--shuffled", action="store_true", help="rows in random order, too")
    parser.add_argument("--folder", type=Path, help="keep the files here and use them again")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        small(folder)
        for shuffled in (False, True) if given.shuffled else (False,):
            path = folder / f"ratings-{given.rows}{'-shuffled' if shuffled else ''}.csv"
            if not path.is_file():
                write_ratings(path, given.rows, shuffled=shuffled)
            looks(path)
            compare(path, given.rows, given.rounds)


if __name__ == "__main__":
    main()
