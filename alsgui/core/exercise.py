"""The chapter's exercise, small enough for a pocket calculator: N = 4 users, M = 3 movies, K = 2, step by step.

    u_i = (lambda_u I + m m^T)^-1 m y_i   for every user, then   m_j = (lambda_m I + u u^T)^-1 u y_j   for every movie

Numbers are decimals of 28 digits: ratings and start values are exact as they are written, and so are all sums and
products of them that a person would write down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

import numpy as np

from alsgui.core.errors import ConfigError, NumericalError
from alsgui.core.ratings import Floats
from alsgui.text import tr

Side = Literal["u", "m"]
Vector = tuple[Decimal, ...]
Matrix = tuple[Vector, ...]
Holed = tuple[tuple[Decimal | None, ...], ...]

N_USERS, N_MOVIES, K = 4, 3, 2
SOLVES_PER_EPOCH = N_USERS + N_MOVIES
STEPS = 6
"""Of one solve: the ratings, m y_i, m m^T, lambda_u I + m m^T, its inverse, u_i."""

MOST_EPOCHS = 200
LOOK_EVERY = 5
SETTLED = Decimal("1e-9")
"""An epoch that lowers L by less than this share of it is the last."""

LARGEST = Decimal(1000)
MOST_DECIMALS = 3

ZERO = Decimal(0)


def _decimals(rows: Sequence[Sequence[object]]) -> Holed:
    return tuple(tuple(None if cell is None else Decimal(str(cell)) for cell in row) for row in rows)


CHAPTER_RATINGS = _decimals([[5, 4, 1], [4, 5, 1], [1, 2, 5], [2, 1, 4]])


@dataclass(frozen=True)
class Exercise:
    """What is to be solved.

    Parameters
    ----------
    y
        N x M ratings, in stars; None is a hole.
    lambda_u, lambda_m
        Ridge on users and on movies.
    seed
        Of the start values.
    holes_as_zeros
        Whether a hole counts as a rating of 0, and L sums over all cells; else L sums over the ratings there are.
    """

    y: Holed = CHAPTER_RATINGS
    lambda_u: Decimal = Decimal("0.1")
    lambda_m: Decimal = Decimal("0.1")
    seed: int = 0
    holes_as_zeros: bool = False

    @property
    def n_holes(self) -> int:
        """Cells without a rating."""
        return sum(cell is None for row in self.y for cell in row)

    def rating(self, user: int, movie: int) -> Decimal | None:
        """What the solver takes for a cell: its rating; for a hole None, or 0 where holes count as zeros."""
        given = self.y[user][movie]
        return ZERO if given is None and self.holes_as_zeros else given

    def with_rating(self, user: int, movie: int, text: str) -> Exercise:
        """The same with another rating, as a person types it; nothing, "-" or "?" makes a hole.

        Raises
        ------
        ConfigError
            When `text` is no such number, or one that a pocket calculator has no room for.
        """
        cell = parsed_rating(text)
        rows = [list(row) for row in self.y]
        rows[user][movie] = cell
        return replace(self, y=tuple(tuple(row) for row in rows))

    def start(self) -> Pair:
        """Where u and m begin: normal numbers from the seed, rounded to one decimal."""
        drawn = np.random.default_rng(self.seed).standard_normal((K, N_USERS + N_MOVIES)).round(1)
        rows = [tuple(Decimal(f"{number:.1f}") + 0 for number in row) for row in drawn]
        return Pair(tuple(row[:N_USERS] for row in rows), tuple(row[N_USERS:] for row in rows))

    def dense(self) -> Floats:
        """y as an N x M float64 array, NaN where there is a hole."""
        return np.array([[np.nan if cell is None else float(cell) for cell in row] for row in self.y])


def parsed_rating(text: str) -> Decimal | None:
    """The rating that `text` says; None for a hole. Raises ConfigError."""
    plain = text.strip().replace(",", ".").replace("\u2212", "-")
    if plain in ("", "-", "?"):
        return None
    hint = tr("Type a number such as 4 or 3.5, or nothing for a hole.")
    try:
        number = Decimal(plain)
    except ArithmeticError:
        raise ConfigError(tr("{text} is not a number.", text=text.strip()), hint) from None
    if not number.is_finite() or abs(number) > LARGEST:
        words = tr("{text} is too large for a pocket calculator.", text=text.strip())
        raise ConfigError(words, tr("Use {low} to {high}.", low=-LARGEST, high=LARGEST))
    if number != round(number, MOST_DECIMALS):
        raise ConfigError(
            tr("{text} has too many decimals.", text=text.strip()), tr("Use at most {n}.", n=MOST_DECIMALS)
        )
    return number


@dataclass(frozen=True)
class Pair:
    """u (K x N) and m (K x M)."""

    u: Matrix
    m: Matrix

    def columns(self, side: Side) -> Matrix:
        """Columns of one side: the users' weights, or the movies' loadings."""
        return tuple(zip(*(self.u if side == "u" else self.m), strict=True))

    def prediction(self, user: int, movie: int) -> Decimal:
        """r_ij = u_i^T m_j."""
        return dot([row[user] for row in self.u], [row[movie] for row in self.m])

    def r(self) -> Matrix:
        """All predictions, N x M."""
        return tuple(tuple(self.prediction(i, j) for j in range(N_MOVIES)) for i in range(N_USERS))

    def with_column(self, side: Side, index: int, solved: Vector) -> Pair:
        """The same with one column replaced."""
        rows = self.u if side == "u" else self.m
        new = tuple((*row[:index], solved[k], *row[index + 1 :]) for k, row in enumerate(rows))
        return replace(self, u=new) if side == "u" else replace(self, m=new)


@dataclass(frozen=True)
class Loss:
    """L by its three terms."""

    error: Decimal
    ridge_u: Decimal
    ridge_m: Decimal

    @property
    def total(self) -> Decimal:
        """L."""
        return self.error + self.ridge_u + self.ridge_m


def loss(exercise: Exercise, pair: Pair) -> Loss:
    """L = sum (y_ij - u_i^T m_j)^2 + lambda_u sum |u_i|^2 + lambda_m sum |m_j|^2, over the cells that count."""
    error = ZERO
    for i in range(N_USERS):
        for j in range(N_MOVIES):
            y = exercise.rating(i, j)
            if y is not None:
                error += (y - pair.prediction(i, j)) ** 2
    sizes = [sum((x * x for row in rows for x in row), ZERO) for rows in (pair.u, pair.m)]
    return Loss(error, exercise.lambda_u * sizes[0], exercise.lambda_m * sizes[1])


def cells_of(exercise: Exercise, side: Side, index: int) -> list[tuple[int, Decimal]]:
    """The ratings of one user or movie that count: place on the other side, and value."""
    if side == "u":
        cells = [(j, exercise.rating(index, j)) for j in range(N_MOVIES)]
    else:
        cells = [(i, exercise.rating(i, index)) for i in range(N_USERS)]
    return [(place, y) for place, y in cells if y is not None]


def gradient(exercise: Exercise, pair: Pair, side: Side, index: int) -> Vector:
    """dL/du_i = sum_j (y_ij - u_i^T m_j)(-2 m_j) + 2 lambda_u u_i, or the same for m_j."""
    own, others = pair.columns(side)[index], pair.columns("m" if side == "u" else "u")
    ridge = exercise.lambda_u if side == "u" else exercise.lambda_m
    pull = [2 * ridge * x for x in own]
    for place, y in cells_of(exercise, side, index):
        residual = y - dot(own, others[place])
        pull = [total - 2 * residual * x for total, x in zip(pull, others[place], strict=True)]
    return tuple(pull)


@dataclass(frozen=True)
class Solve:
    """One row's equations, with all that is written down on the way.

    Parameters
    ----------
    side, index
        Which user or movie is solved.
    places, values
        Its ratings that count: where they are on the other side, and what they say.
    others
        The columns of the other side at those places.
    pull
        m y_i.
    gram
        m m^T.
    system
        lambda_u I + m m^T.
    determinant, inverse
        Of the system.
    before, after
        u and m before and after the column is replaced.
    """

    side: Side
    index: int
    ridge: Decimal
    places: tuple[int, ...]
    values: Vector
    others: Matrix
    pull: Vector
    gram: Matrix
    system: Matrix
    determinant: Decimal
    inverse: Matrix
    before: Pair
    after: Pair

    @property
    def solution(self) -> Vector:
        """u_i, or m_j."""
        return self.after.columns(self.side)[self.index]


def solve(exercise: Exercise, pair: Pair, side: Side, index: int) -> Solve:
    """Solve one user (side "u") or movie (side "m") with the other side held.

    Raises
    ------
    NumericalError
        When the matrix has no inverse: lambda is 0 and there are fewer than two different ratings' worth of equations.
    """
    ridge = exercise.lambda_u if side == "u" else exercise.lambda_m
    cells = cells_of(exercise, side, index)
    columns = pair.columns("m" if side == "u" else "u")
    others = tuple(columns[place] for place, _ in cells)
    values = tuple(y for _, y in cells)
    by_attribute = [[column[k] for column in others] for k in range(K)]
    pull = tuple(dot(row, values) for row in by_attribute)
    gram = tuple(tuple(dot(first, second) for second in by_attribute) for first in by_attribute)
    (a, b), (_, d) = gram
    a, d = a + ridge, d + ridge
    determinant = a * d - b * b
    if determinant == 0:
        raise NumericalError(_singular_words(side, index), tr("Give λ a value above 0."))
    inverse = ((d / determinant, -b / determinant), (-b / determinant, a / determinant))
    solution = tuple(dot(row, pull) for row in inverse)
    after = pair.with_column(side, index, solution)
    return Solve(side, index, ridge, tuple(place for place, _ in cells), values, others, pull, gram,
                 ((a, b), (b, d)), determinant, inverse, pair, after)  # fmt: skip


def _singular_words(side: Side, index: int) -> str:
    if side == "u":
        return tr("The matrix of user {n} has no inverse: λᵤ is 0, and the ratings are too few.", n=index + 1)
    return tr("The matrix of movie {n} has no inverse: λₘ is 0, and the ratings are too few.", n=index + 1)


def dot(first: Sequence[Decimal], second: Sequence[Decimal]) -> Decimal:
    """Sum of products."""
    return sum((a * b for a, b in zip(first, second, strict=True)), ZERO)


@dataclass
class Walk:
    """A walk through the exercise, forward and back, a step at a time.

    Attributes
    ----------
    exercise
        What is solved.
    position
        Steps taken since the start: 0 is the start, 6 the first user solved, 42 the first epoch.
    problem
        Why it cannot go on; empty where it can.
    """

    exercise: Exercise = field(default_factory=Exercise)
    begin: Pair | None = None
    position: int = 0
    problem: str = ""

    def __post_init__(self) -> None:
        self._solves: list[Solve] = []
        self._begin = self.begin or self.exercise.start()

    @property
    def step(self) -> int:
        """1 to 6 within the solve; 0 at the start."""
        return (self.position - 1) % STEPS + 1 if self.position else 0

    @property
    def epoch(self) -> int:
        """1, 2, ..., that of the current solve; 0 at the start."""
        return (self.n_begun - 1) // SOLVES_PER_EPOCH + 1 if self.position else 0

    @property
    def n_begun(self) -> int:
        """Solves begun so far, the current one included."""
        return -(-self.position // STEPS)

    @property
    def current(self) -> Solve | None:
        """The solve in which the last step was; None at the start."""
        return self._solves[self.n_begun - 1] if self.position else None

    @property
    def factors(self) -> Pair:
        """u and m as they stand: a column is replaced with the last step of its solve."""
        current = self.current
        if current is None:
            return self._begin
        return current.after if self.step == STEPS else current.before

    def target(self, n: int) -> tuple[Side, int]:
        """Which user or movie solve number `n` (from 0) is for."""
        place = n % SOLVES_PER_EPOCH
        return ("u", place) if place < N_USERS else ("m", place - N_USERS)

    def forward(self) -> bool:
        """Take one step; False, with `problem`, where there is no way on."""
        if self.position % STEPS == 0 and not self._reach(self.position // STEPS):
            return False
        self.position += 1
        return True

    def back(self) -> bool:
        """Take the last step back; False at the start."""
        self.problem = ""
        if not self.position:
            return False
        self.position -= 1
        return True

    def finish_solve(self) -> bool:
        """Go to the end of the current solve, or of the next one where it is finished."""
        if not self.forward():
            return False
        self.position = self.n_begun * STEPS
        return True

    def half_step(self) -> bool:
        """Go to the end of the current half-step (all users, or all movies), or of the next where it is finished."""
        if not self.finish_solve():
            return False
        while self.n_begun % SOLVES_PER_EPOCH not in (0, N_USERS):
            if not self.finish_solve():
                return False
        return True

    def run(self, most: int = MOST_EPOCHS) -> bool:
        """Go on until an epoch lowers L by less than a share of 1e-9, or for `most` epochs; whether it is settled."""
        for _ in range(most // LOOK_EVERY):
            before = loss(self.exercise, self.factors).total
            for _ in range(2 * LOOK_EVERY):
                if not self.half_step():
                    return False
            after = loss(self.exercise, self.factors).total
            if before - after <= LOOK_EVERY * SETTLED * before:
                return True
        return False

    def reset(self) -> None:
        """Back to the start."""
        self.position, self.problem = 0, ""

    def _reach(self, n: int) -> bool:
        """Have solve number `n`."""
        if n < len(self._solves):
            return True
        begin = self._solves[-1].after if self._solves else self._begin
        try:
            self._solves.append(solve(self.exercise, begin, *self.target(n)))
        except NumericalError as problem:
            self.problem = str(problem)
            return False
        return True
