"""Ours beside the peers, in turn on the same ratings: `python -m tests.perf.engine [--data 1m] [--k 10,32,64,128]`.

For `observed` (peer: cmfrec, conjugate gradients and exact) and `implicit` (peer: implicit, likewise), prints seconds
per epoch, epochs and seconds until the objective is within 0.1 % of the best that anybody reached, and peak memory over
the loaded ratings. One function evaluates everybody's factors, for the same objective, mean and penalties included;
the time it takes is nobody's. Each solver runs in a process of its own, all on the same number of threads, with BLAS at
one thread inside as the peers ask for. Also printed: the share of this machine's `sgemm` that exact solving reaches,
what evaluating costs, and how the time of an epoch grows with the ratings (`--growth`).

Peers that are not installed are left out. `python -m tests.perf.nmf` has non-negative factors.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from math import log

from tests.perf import engine_runs
from tests.perf.data import SHAPES
from tests.perf.engine_runs import Task

NEAR = 1.001
"""Within 0.1 % of the best."""


@dataclass(frozen=True)
class Curve:
    """What a solver reached: its objective after each epoch and the seconds until then, and its peak memory in GiB."""

    seconds: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    epochs: list[float] = field(default_factory=list)
    per_epoch: float = float("nan")
    memory: float = float("nan")

    def first_within(self, target: float) -> tuple[float, float] | None:
        """Epochs and seconds until the objective is at most `target`."""
        for epoch, second, loss in zip(self.epochs, self.seconds, self.losses, strict=True):
            if loss <= target:
                return epoch, second
        return None


def in_a_process(task: Task) -> Curve:
    """Run one solver in a process of its own, so that its memory and its BLAS are its own."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "tests.perf.engine", "--task", json.dumps(asdict(task))]
    printed = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    return Curve(**json.loads(printed.splitlines()[-1]))


def peers(algorithm: str) -> list[str]:
    """Solvers to compare for an algorithm, ours first."""
    package = {"observed": "cmfrec", "implicit": "implicit"}[algorithm]
    others = [f"{package} cg", f"{package} exact"] if find_spec(package) else []
    return ["alsgui", "alsgui exact", *others]


def compare(algorithm: str, data: str, ks: list[int], threads: int, epochs: int) -> None:
    """Print one table: a row for each K and solver."""
    print(f"\n`{algorithm}`, {data} ratings, {threads} threads\n")
    print("| K | solver | s/epoch | epochs to 0.1 % | seconds to 0.1 % | times ours | memory, GiB | share of sgemm |")
    print("|---|---|---|---|---|---|---|---|")
    peak = engine_runs.sgemm(threads)
    for k in ks:
        curves = {}
        for solver in peers(algorithm):
            if data == "25m" and solver.endswith("exact") and not solver.startswith("alsgui"):
                continue  # minutes an epoch
            curves[solver] = in_a_process(Task(algorithm, solver, data, k, threads, epochs))
        best = min(min(curve.losses) for curve in curves.values())
        ours = curves["alsgui"].first_within(NEAR * best)
        for solver, curve in curves.items():
            reached = curve.first_within(NEAR * best)
            n_users, n_movies, n_ratings = SHAPES[data]
            work = (2 * n_ratings * k**2 + (n_users + n_movies) * k**3 / 3) / curve.per_epoch
            share = f"{work / peak:.0%}" if solver.endswith("exact") else ""
            words = (
                f"{reached[0]:g} | {reached[1]:.3f} | {reached[1] / ours[1]:.1f}"
                if reached and ours
                else f"not in {curve.epochs[-1]:g} ({min(curve.losses) / best - 1:.2%} above) | "
                f"> {curve.seconds[-1]:.3f} | > {curve.seconds[-1] / ours[1]:.1f}"
                if ours
                else "| |"
            )
            print(f"| {k} | {solver} | {curve.per_epoch:.4f} | {words} | {curve.memory:.2f} | {share} |", flush=True)


def growth(k: int, threads: int) -> None:
    """Print how the time of an epoch grows from 1M to 25M ratings."""
    times = {data: in_a_process(Task("observed", "alsgui", data, k, threads, 4)).per_epoch for data in ("1m", "25m")}
    exponent = log(times["25m"] / times["1m"]) / log(SHAPES["25m"][2] / SHAPES["1m"][2])
    print(
        f"\nK = {k}: {times['1m']:.3f} s per epoch of 1M ratings, {times['25m']:.3f} s of 25M: exponent {exponent:.3f}"
    )


def main() -> None:
    """Print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="1m", choices=[*SHAPES, "sample"])
    parser.add_argument("--k", default="10,32,64,128")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--algorithms", default="observed,implicit")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--task")
    options = parser.parse_args()
    if options.task:
        print(json.dumps(engine_runs.run(Task(**json.loads(options.task)))))
        return
    engine_runs.prepare(options.data)
    if options.growth:
        engine_runs.prepare("25m")
        growth(64, options.threads)
        return
    print(f"sgemm: {engine_runs.sgemm(options.threads) / 1e9:.0f} GFLOP/s on {options.threads} threads")
    print(f"evaluating: {engine_runs.cost_of_evaluating(options.data):.1%} of an epoch")
    for algorithm in options.algorithms.split(","):
        compare(algorithm, options.data, [int(k) for k in options.k.split(",")], options.threads, options.epochs)


if __name__ == "__main__":
    main()
