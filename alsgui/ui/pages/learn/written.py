"""The steps of the exercise as a person would write them down: words, LaTeX, and one sum in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from alsgui.core.exercise import (
    N_MOVIES,
    N_USERS,
    STEPS,
    Exercise,
    K,
    Loss,
    Pair,
    Side,
    Solve,
    Walk,
    gradient,
    loss,
)
from alsgui.text import MINUS, rounded_parts, tr

MOST_DIGITS, INVERSE_DIGITS, ARITHMETIC_DIGITS = 3, 4, 12

Cells = frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Written:
    """One step: what is done, the formula with its numbers (LaTeX), and how its first number came about.

    `open_latex` is the formula before its numbers are known.
    """

    title: str
    shapes: str
    latex: str
    open_latex: str
    note: str


@dataclass(frozen=True)
class Marked:
    """Cells of y, u, m and r that a step reads, and those that it is for."""

    read: dict[str, Cells]
    solved: dict[str, Cells]


# Numbers


def digits_needed(numbers: Iterable[Decimal], most: int = MOST_DIGITS) -> int:
    """Decimals with which all numbers are exact, at most `most`."""
    needed = 0
    for number in numbers:
        while needed < most and round(number, needed) != number:
            needed += 1
    return needed


def shown(number: Decimal, digits: int) -> str:
    """A number with so many decimals and a true minus; never a minus zero."""
    rounded = round(number, digits)
    return f"{rounded if rounded else abs(rounded):.{digits}f}".replace("-", MINUS)


def is_exact(numbers: Iterable[Decimal], digits: int) -> bool:
    """Whether numbers are shown whole."""
    return all(round(number, digits) == number for number in numbers)


def plain(number: Decimal) -> str:
    """A number as it is, at most three decimals: 5, 3.5, 0.1."""
    return shown(number, digits_needed([number]))


def whole(number: Decimal) -> str:
    """A number with all its decimals, as Python reads it: 0.0625."""
    return f"{number.normalize():f}"


def in_full(terms: Sequence[Sequence[Decimal]], total: Decimal, digits: int) -> str:
    """A sum of products written out: 2.4 × 4 + 0.3 × 5 = 12.6.

    It carries the digits that make it come out: a calculator that is told what is written reads the total, rounded.
    """
    if not terms:
        return shown(total, digits)
    wanted = round(total, digits)
    for carried in range(ARITHMETIC_DIGITS + 1):
        rounded = [[round(x, min(carried, digits_needed([x], carried))) for x in term] for term in terms]
        outcome = sum((_product(term) for term in rounded), Decimal(0))
        if round(outcome, digits) == wanted:
            break
    written = ""
    for number, term in enumerate(rounded):
        minus, words = _written_term(term, carried)
        between = f" {MINUS if minus else '+'} " if number else MINUS if minus else ""
        written += between + words
    sign = "=" if outcome == wanted == total else "≈"
    return f"{written} {sign} {shown(total, digits)}"


def _written_term(term: Sequence[Decimal], most: int) -> tuple[bool, str]:
    """Whether a product is taken away, and how it is written; a square as one."""
    first, *rest = term
    if len(rest) == 1 and abs(first) == abs(rest[0]):
        return first != rest[0], f"{shown(abs(first), digits_needed([first], most))}²"
    return first < 0, " × ".join(
        [shown(abs(first), digits_needed([first], most)), *(_bracketed(x, most) for x in rest)]
    )


def _bracketed(number: Decimal, most: int) -> str:
    text = shown(number, digits_needed([number], most))
    return f"({text})" if number < 0 else text


def _product(term: Sequence[Decimal]) -> Decimal:
    product = Decimal(1)
    for factor in term:
        product *= factor
    return product


def matrix_latex(rows: Sequence[Sequence[Decimal]], digits: int) -> str:
    """A matrix of numbers in round brackets."""
    lines = r" \\ ".join(" & ".join(shown(x, digits).replace(MINUS, "-") for x in row) for row in rows)
    return rf"\begin{{pmatrix}} {lines} \end{{pmatrix}}"


def equal(left: str, rows: Sequence[Sequence[Decimal]], most: int = MOST_DIGITS) -> str:
    """`left` = matrix, or ≈ where a number has more decimals than are shown."""
    numbers = list(chain.from_iterable(rows))
    digits = digits_needed(numbers, most)
    sign = "=" if is_exact(numbers, digits) else r"\approx"
    return f"{left} {sign} {matrix_latex(rows, digits)}"


# Steps


@dataclass(frozen=True)
class Letters:
    """What a side is called in formulas and words."""

    own: str
    others: str
    ratings: str
    ridge: str
    row: str
    people: str
    n_others: int

    @property
    def system(self) -> str:
        """lambda_u I + m m^T."""
        return rf"{self.ridge} I + {self.others} {self.others}^T"

    @property
    def row_ridge(self) -> str:
        """lambda_u u_i."""
        return rf"{self.ridge} {self.own}"


def letters(solve: Solve) -> Letters:
    """Names of a solve's side."""
    n = solve.index + 1
    if solve.side == "u":
        return Letters(f"u_{n}", "m", f"y_{n}", r"\lambda_u", tr("user {n}", n=n), tr("movies"), N_MOVIES)
    return Letters(f"m_{n}", "u", f"y_{n}", r"\lambda_m", tr("movie {n}", n=n), tr("users"), N_USERS)


def subscripted(name: str) -> str:
    """u_2 as u₂."""
    return name.replace("_", "").translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def written_steps(solve: Solve) -> list[Written]:
    """The six steps of a solve."""
    names, n = letters(solve), len(solve.places)
    return [
        _ratings_step(solve, names, n),
        _pull_step(solve, names, n),
        _gram_step(solve, names, n),
        _system_step(solve, names),
        _inverse_step(solve, names),
        _solution_step(solve, names),
    ]


def _ratings_step(solve: Solve, names: Letters, n: int) -> Written:
    left = f"{names.ratings}^T"
    where = tr("row {n} of y", n=solve.index + 1) if solve.side == "u" else tr("column {n} of y", n=solve.index + 1)
    if n < names.n_others:
        where = tr("{where}, {n} of {all} rated", where=where, n=n, all=names.n_others)
    latex = equal(left, [solve.values]) if n else rf"{left} = (\;)"
    return Written(tr("Take the ratings of {row}", row=names.row), f"{n} × 1", latex, left, where)


def _pull_step(solve: Solve, names: Letters, n: int) -> Written:
    left = rf"{names.others} \, {names.ratings}"
    note = in_full(
        [(column[0], y) for column, y in zip(solve.others, solve.values, strict=True)],
        solve.pull[0],
        digits_needed(solve.pull),
    )
    title = tr("Multiply with the {people}", people=names.people)
    latex = equal(left, [[x] for x in solve.pull])
    return Written(title, tr("{k} × {n} times {n} × 1", k=K, n=n), latex, left, note)


def _gram_step(solve: Solve, names: Letters, n: int) -> Written:
    left = rf"{names.others} {names.others}^T"
    numbers = list(chain.from_iterable(solve.gram))
    terms = [(column[0], column[0]) for column in solve.others]
    note = in_full(terms, solve.gram[0][0], digits_needed(numbers))
    title = tr("Gram matrix of the {people}", people=names.people)
    return Written(title, tr("{k} × {n} times {n} × {k}", k=K, n=n), equal(left, solve.gram), left, note)


def _system_step(solve: Solve, names: Letters) -> Written:
    numbers = list(chain.from_iterable(solve.system))
    note = in_full([(solve.ridge,), (solve.gram[0][0],)], solve.system[0][0], digits_needed(numbers))
    latex = equal(names.system, solve.system)
    return Written(tr("Add the ridge"), f"{K} × {K}", latex, names.system, note)


def _inverse_step(solve: Solve, names: Letters) -> Written:
    left = rf"\left( {names.system} \right)^{{-1}}"
    (a, b), (_, d) = solve.system
    sum_written = in_full([(a, d), (-b, b)], solve.determinant, digits_needed([solve.determinant]))
    note = tr("determinant {sum}", sum=sum_written)
    return Written(tr("Invert it"), f"{K} × {K}", equal(left, solve.inverse, INVERSE_DIGITS), left, note)


def _solution_step(solve: Solve, names: Letters) -> Written:
    left = names.own
    note = in_full(
        list(zip(solve.inverse[0], solve.pull, strict=True)), solve.solution[0], digits_needed(solve.solution)
    )
    what = tr("weights") if solve.side == "u" else tr("loadings")
    title = tr("Multiply: the {what} of {row}", what=what, row=names.row)
    latex = equal(left, [[x] for x in solve.solution])
    return Written(title, tr("{k} × {k} times {k} × 1", k=K), latex, left, note)


# What is lit


def marked(walk: Walk) -> Marked:
    """Cells that the last step reads, and the column that its solve is for."""
    current = walk.current
    if current is None:
        return Marked({}, {})
    own, index, step = current.side, current.index, walk.step
    other = "m" if own == "u" else "u"
    mine = frozenset((index, place) if own == "u" else (place, index) for place in current.places)
    others = frozenset((k, place) for k in range(K) for place in current.places)
    target = frozenset((k, index) for k in range(K))
    line = frozenset((index, j) if own == "u" else (j, index) for j in range(N_MOVIES if own == "u" else N_USERS))
    read: dict[str, Cells] = {}
    if step in (1, 2, STEPS):
        read["y"] = mine
    if step > 1:
        read[other] = others
    if step in (1, STEPS):  # what is said of them now, beside the ratings; and what is said from now on
        read["r"] = line
    return Marked(read, {own: target, "r": line} if step == STEPS else {own: target})


# Beside it


@dataclass(frozen=True)
class Told:
    """Gradient and loss before and after a solve, and the first-order condition (the chapter's) with its numbers.

    Attributes
    ----------
    gradient_before, gradient_after
        dL/du_i, or dL/dm_j.
    loss_before, loss_after
        L by its three terms.
    steepest_before, steepest_after
        Largest size of an entry of the gradient of the whole side: 0 once all its columns are solved.
    left, right
        Both sides of sum_j (y_ij - u_i^T m_j) m_j = lambda_u u_i, after the solve.
    """

    gradient_before: tuple[Decimal, ...]
    gradient_after: tuple[Decimal, ...]
    loss_before: Loss
    loss_after: Loss
    steepest_before: Decimal
    steepest_after: Decimal
    left: tuple[Decimal, ...]
    right: tuple[Decimal, ...]


def told(exercise: Exercise, solve: Solve) -> Told:
    """What a solve does to gradient and loss."""
    side, index = solve.side, solve.index
    after = gradient(exercise, solve.after, side, index)
    right = tuple(solve.ridge * x for x in solve.solution)
    left = tuple(ridge - half / 2 for ridge, half in zip(right, after, strict=True))
    return Told(
        gradient(exercise, solve.before, side, index),
        after,
        loss(exercise, solve.before),
        loss(exercise, solve.after),
        steepest(exercise, solve.before, side),
        steepest(exercise, solve.after, side),
        left,
        right,
    )


def steepest(exercise: Exercise, pair: Pair, side: Side) -> Decimal:
    """Largest size of an entry of dL/du, or of dL/dm."""
    n = N_USERS if side == "u" else N_MOVIES
    return max(abs(x) for index in range(n) for x in gradient(exercise, pair, side, index))


def vector(numbers: Sequence[Decimal], digits: int = 2) -> str:
    """(−11.05, −9.46)."""
    return f"({', '.join(shown(x, digits) for x in numbers)})"


def loss_parts(value: Loss, digits: int = 3) -> list[str]:
    """Error, both ridges and L, of which the first three add up to the last as they are shown."""
    parts = [float(value.error), float(value.ridge_u), float(value.ridge_m)]
    rounded = rounded_parts(parts, float(value.total), digits)
    return [f"{x:.{digits}f}" for x in (*rounded, round(float(value.total), digits))]


def as_python(exercise: Exercise, solve: Solve) -> str:
    """Lines of NumPy that make the same numbers, from the same y, u and m."""
    one, other, line = ("u", "m", "y[{i}]") if solve.side == "u" else ("m", "u", "y[:, {i}]")
    i, ridge = solve.index, whole(solve.ridge)
    ratings = line.format(i=i)
    taken = [[exercise.rating(user, movie) for movie in range(N_MOVIES)] for user in range(N_USERS)]
    written = str([[None if cell is None else float(cell) for cell in row] for row in taken]).replace("None", "np.nan")
    held = solve.before.m if solve.side == "u" else solve.before.u
    factors = [[float(x) for x in row] for row in held]
    return (
        "import numpy as np\n\n"
        f"y = np.array({written})\n"
        f"{other} = np.array({factors})\n"
        f"rated = ~np.isnan({ratings})\n"
        f"f, g = {other}[:, rated], {ratings}[rated]\n"
        f"A = {ridge} * np.eye(2) + f @ f.T\n"
        f"{one}_{i} = np.linalg.solve(A, f @ g)  # {one}[:, {i}]\n"
        "# The same as a least squares problem with two more rows:\n"
        f"rows = np.vstack([f.T, np.sqrt({ridge}) * np.eye(2)])\n"
        f"same, *_ = np.linalg.lstsq(rows, np.append(g, [0, 0]), rcond=None)\n"
        f"print({one}_{i}, same)\n"
    )


def short_python(exercise: Exercise, solve: Solve) -> str:
    """The lines that matter of `as_python`: y holds NaN where there is a hole."""
    i, ridge = solve.index, whole(solve.ridge)
    own, f, g = (f"u[:, {i}]", "m", f"y[{i}]") if solve.side == "u" else (f"m[:, {i}]", "u", f"y[:, {i}]")
    lines = ["y = np.nan_to_num(y)"] if exercise.holes_as_zeros and exercise.n_holes else []
    if len(solve.places) < letters(solve).n_others:
        rated = f"y[{i}, s]" if solve.side == "u" else f"y[s, {i}]"
        lines += [f"s = ~np.isnan({g})", f"f, g = {f}[:, s], {rated}"]
        f, g = "f", "g"
    lines += [f"A = {f} @ {f}.T + {ridge} * np.eye(2)", f"{own} = np.linalg.solve(A, {f} @ {g})"]
    return "\n".join(lines)
