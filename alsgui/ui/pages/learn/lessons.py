"""Short lessons: what to know, in the notation of the app, and what each sets up to be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from alsgui.core.exercise import Exercise, Matrix, Pair, loss
from alsgui.session.set_up import Plan
from alsgui.session.state import Source
from alsgui.text import decimal, tr
from alsgui.ui.pages.learn.desk import Desk
from alsgui.ui.pages.learn.further import chapter_plan
from alsgui.ui.pages.learn.written import loss_parts, told, vector

if TYPE_CHECKING:
    from alsgui.ui.pages.learn.page import LearnPage

Facts = list[tuple[str, str]]
Act = Callable[["LearnPage"], None]


@dataclass(frozen=True)
class Formula:
    """A line of LaTeX between paragraphs."""

    latex: str


@dataclass(frozen=True)
class Lesson:
    """One lesson.

    Parameters
    ----------
    key, title
        Its name in code, and for people.
    parts
        Paragraphs and formulas, in order.
    button, act
        What the button says, and what it sets up.
    facts
        Numbers of the exercise as it stands, where there are some to tell.
    plan
        What the button carries out where it fits; its runs are then told side by side.
    lists
        Whether what each run recommends is told, too.
    """

    key: str
    title: str
    parts: tuple[str | Formula, ...]
    button: str
    act: Act
    facts: Callable[[Desk], Facts] | None = None
    plan: Plan | None = None
    lists: bool = False


def _carry_out(page: LearnPage) -> None:
    plan = page.lessons.lesson.plan
    if plan is not None:
        page.set_up.carry_out(plan)


def _generated(kind: str, **settings: object) -> Source:
    return Source("generated", kind, settings)


MOVIES = _generated("movies")
LOW_RANK = _generated("low_rank", n_users=120, n_movies=80, k=2, observed=0.2)
_PLAIN = {"biases": False, "k": 2, "lambda_u": 1.0, "lambda_m": 1.0, "epochs": 3000, "tolerance": 1e-7,
          "dtype": "float64"}  # fmt: skip
_OBSERVED = {"algorithm": "observed", **_PLAIN, "lambda_power": 0.0}
"""The loss of `em`: a plain λ, no biases."""

SAMPLE = Source("sample", "ml-latest-small")
OVERFIT = Plan(
    SAMPLE,
    ({"algorithm": "observed", "lambda_u": 0.3, "lambda_m": 0.3, "tolerance": 0.0}, {"algorithm": "observed"}),
    words=tr("Run by run: with λ = 0.3 the hold-out error turns and rises; with the default it ends lower."),
)
BLANK = Plan(
    SAMPLE,
    (
        {"algorithm": "observed"},
        {"algorithm": "ridge", "k": 20, "fill": "zero"},
        {"algorithm": "implicit", "k": 20},
    ),
    page="learn",
)
STARTS = Plan(
    LOW_RANK,
    ({**_OBSERVED, "seed": 1}, {**_OBSERVED, "seed": 2}),
    words=tr("Two starts: nearly the same loss, other u and m. Show each run and open Factors."),
)
EM = Plan(
    LOW_RANK,
    ({**_OBSERVED, "accelerate": False}, {"algorithm": "em", **_PLAIN}),
    words=tr("ALS first, then EM: compare how many epochs each took to the same loss."),
)
IMPLICIT = Plan(MOVIES, ({"algorithm": "implicit", "k": 10},), "recommend", person="user")
NEWCOMER = replace(chapter_plan("textbook", 0, "recommend"), person="mean")
NMF = chapter_plan("sklearn_nmf", 0, "factors")


# What buttons on the desk do


def _first_user_solved(page: LearnPage) -> None:
    page.desk.begin_anew()
    page.desk.walk.finish_solve()
    page.desk.changed.emit()
    page.show_view("example")


def _converged(page: LearnPage) -> None:
    page.desk.begin_anew()
    page.desk.run()
    page.show_view("example")


def _surface(page: LearnPage) -> None:
    page.show_view("surface")


def _with_hole(page: LearnPage) -> None:
    page.desk.put(Exercise().with_rating(1, 1, ""))
    page.desk.run()
    page.show_view("example")


TURN = (Decimal("0.6"), Decimal("0.8"))
"""Cosine and sine of a turn by 53 degrees, exact in decimals."""


def turned(pair: Pair) -> Pair:
    """u and m turned together: every u_i^T m_j is what it was."""
    c, s = TURN

    def turn(rows: Matrix) -> Matrix:
        first, second = rows
        return (
            tuple(c * a - s * b for a, b in zip(first, second, strict=True)),
            tuple(s * a + c * b for a, b in zip(first, second, strict=True)),
        )

    return Pair(turn(pair.u), turn(pair.m))


def _turned(page: LearnPage) -> None:
    page.desk.put(page.desk.exercise, turned(page.desk.walk.factors))
    page.show_view("example")


def _further(page: LearnPage) -> None:
    page.show_view("further")


# Numbers of the exercise as it stands


def loss_facts(desk: Desk) -> Facts:
    """L by its three terms."""
    names = (tr("errors"), "λᵤ Σ|u|²", "λₘ Σ|m|²", "L")
    return list(zip(names, loss_parts(loss(desk.exercise, desk.walk.factors)), strict=True))


def ridge_facts(desk: Desk) -> Facts:
    """The current solve by our algebra and by least squares on a longer matrix."""
    current = desk.walk.current
    if current is None:
        return [(tr("take some steps first"), "")]
    others = np.array([[float(x) for x in column] for column in current.others]).reshape(-1, 2)
    rows = np.vstack([others, np.sqrt(float(current.ridge)) * np.eye(2)])
    values = np.append([float(x) for x in current.values], [0.0, 0.0])
    same = np.linalg.lstsq(rows, values, rcond=None)[0]
    after = told(desk.exercise, current).gradient_after
    return [
        (tr("by hand"), vector(current.solution, 6)),
        ("numpy.linalg.lstsq", f"({decimal(float(same[0]), 6)}, {decimal(float(same[1]), 6)})"),
        (tr("gradient there"), vector(after, 6)),
    ]


def turn_facts(desk: Desk) -> Facts:
    """Factors, and a prediction and L, before and after a turn."""
    before = desk.walk.factors
    after = turned(before)
    facts = []
    for words, pair in ((tr("now"), before), (tr("turned"), after)):
        total = decimal(float(loss(desk.exercise, pair).total), 6)
        r = decimal(float(pair.prediction(0, 0)), 6)
        facts.append((tr("u₁ {words}", words=words), vector(pair.columns("u")[0], 3)))
        facts.append((tr("r₁₁, L {words}", words=words), f"{r}, {total}"))
    return facts


LOSS = (
    r"L = \sum_{ij} \left(y_{ij} - u_i^T m_j\right)^2"
    r" + \lambda_u \sum_i u_i^T u_i + \lambda_m \sum_j m_j^T m_j"
)
RATED_ONLY = (
    r"\sum_{(i,j)\;\mathrm{rated}} (y_{ij} - r_{ij})^2 \qquad \mathrm{not} \qquad \sum_{ij} (y_{ij} - r_{ij})^2"
)
IMPLICIT_LOSS = (
    r"L = \sum_{ij} c_{ij} \left(p_{ij} - u_i^T m_j\right)^2"
    r" + \lambda_u \sum_i |u_i|^2 + \lambda_m \sum_j |m_j|^2"
)
EM_STEP = (
    r"u_i \leftarrow (\lambda_u I + m m^T)^{-1} m \, \tilde{y}_i,"
    r" \qquad \tilde{y}_{ij} = y_{ij} \;\mathrm{or}\; r_{ij}"
)

LESSONS: tuple[Lesson, ...] = (
    Lesson("meaning", tr("What u and m mean"), (
        tr("A recommender learns from ratings that people left. Each user i gets K weights, the column uᵢ of u; "
           "each movie j gets K loadings, the column mⱼ of m. What the model expects is their product:"),
        Formula(r"r_{ij} = u_i^T m_j = \sum_k u_{ki} m_{kj}, \qquad r = u^T m"),
        tr("u is K × N, users on the columns; m is K × M, movies on the columns; so r is N × M, a number for "
           "every pair, rated or not. For one user, movies are sorted by r."),
        tr("The K attributes are latent: nobody named them. A name is what a person reads into them afterwards, "
           "on Factors."),
    ), tr("Solve the exercise and look at r"), _converged, loss_facts),
    Lesson("alternate", tr("Why alternate"), (
        Formula(LOSS),
        tr("In u and m together L is no bowl. With m held it is one, in each uᵢ by itself. Its gradient there is"),
        Formula(r"\frac{\partial L}{\partial u_i} = \sum_j (y_{ij} - u_i^T m_j)(-2 m_j) + 2 \lambda_u u_i"),
        tr("and where that is zero, the solution is ridge regression of the user's ratings on the movies:"),
        Formula(r"m (y_i - m^T u_i) = \lambda_u u_i \;\Rightarrow\; u_i = (\lambda_u I + m m^T)^{-1} m y_i"),
        Formula(r"m_j = (\lambda_m I + u u^T)^{-1} u y_j"),
        tr("So each half is solved exactly, the other half follows with the new numbers, and L never rises. A "
           "least squares routine finds the same, given two more rows √λ I with ratings of zero:"),
    ), tr("Solve the first user by hand"), _first_user_solved, ridge_facts),
    Lesson("surface", tr("Where it ends"), (
        tr("With one user, one movie and K = 1 the loss can be drawn. Each half-step runs along one axis to the "
           "lowest point on its line: a zigzag down a valley."),
        Formula(r"L(u, m) = (y - u m)^2 + \lambda_u u^2 + \lambda_m m^2"),
        tr("There are two lowest points that mirror each other, and a saddle between them at zero. Where λ is "
           "too large for the rating, |y| ≤ √(λᵤ λₘ), only zero is left: the model has forgotten everything."),
        tr("So alternation ends at a point where the gradient is zero. Which one depends on the start."),
    ), tr("Draw the surface"), _surface),
    Lesson("lambda", tr("λ and over-fitting"), (
        tr("λ is what a large weight costs. At λ = 0 the model may follow every rating that it learns from, "
           "noise included; with a large λ all weights shrink towards zero."),
        tr("Ratings that were kept aside tell which is better. With too small a λ the training error goes on "
           "falling while the hold-out error turns and rises."),
        tr("The button fits the sample twice: with λ = 0.3, and with the default."),
    ), tr("Fit with too little λ, then enough"), _carry_out, plan=OVERFIT),
    Lesson("holes", tr("Holes are not zeros"), (
        tr("Most cells of y were never rated. L as the chapter prints it sums over all cells; a hole then has to "
           "hold something. Zero says: hated it. That is not what a blank means."),
        Formula(RATED_ONLY),
        tr("Left out, a hole is predicted from what else is known. Make a hole in y by Delete, and switch holes "
           "between left out and as zeros: look at r in that cell."),
    ), tr("The exercise with one hole"), _with_hole, loss_facts),
    Lesson("blank", tr("Blank is not zero, measured"), (
        tr("The same ratings in three ways: only those that exist (observed); blanks filled with zeros (ridge); "
           "and as events, where a blank is weak evidence of no interest (implicit)."),
        tr("Filled with zeros, predictions are pulled to the floor and the hold-out error is several times as "
           "large, though its order of movies may still be of use. Implicit predicts no stars at all: it is "
           "judged by its lists."),
        tr("The button fits the sample all three ways, on the same hold-out, and shows the first ten titles of one "
           "person under each."),
    ), tr("Fit all three"), _carry_out, plan=BLANK, lists=True),
    Lesson("unique", tr("Factors are not unique"), (
        tr("For any invertible K × K matrix T, T u and T⁻ᵀ m give the same r. If T is a turn, the sizes |u|² and "
           "|m|² stay, too, and with them L:"),
        Formula(r"(T u)^T (T^{-T} m) = u^T m"),
        tr("So single numbers of u and m mean nothing by themselves; products do. Below, the exercise as it "
           "stands, and turned by 53 degrees."),
    ), tr("Turn the exercise's u and m"), _turned, turn_facts),
    Lesson("starts", tr("Several starts"), (
        tr("“Converges to the optimal u and m” says too much: it converges to a stationary point. From another "
           "seed u and m differ, at least by a turn; the loss may differ, too."),
        tr("The button fits made-up ratings from two seeds. Read both losses on Train, then u on Factors for "
           "each run."),
    ), tr("Fit from two seeds"), _carry_out, plan=STARTS),
    Lesson("nmf", tr("Non-negative, and NMF"), (
        tr("If u and m may not be below zero, attributes can only add up: parts of a whole, often easier to "
           "name. Each row is then a non-negative least squares problem."),
        tr("scikit-learn's NMF takes one pass at a time over all cells, and half the squared error. It calls "
           "users W and has them as rows: its u is 50 × 2, ours is its transpose; its components_ are m."),
        tr("R's ALS package is non-negative by default, too, has no λ, solves the movies first, and stops when a "
           "half-step gains less than a thousandth."),
    ), tr("NMF of the chapter's ratings"), _carry_out, plan=NMF),
    Lesson("implicit", tr("Implicit feedback"), (
        tr("Views, clicks and purchases are no ratings. What is stored says p = 1, the rest p = 0, with more "
           "confidence c where something is stored (Hu, Koren and Volinsky 2008):"),
        Formula(IMPLICIT_LOSS),
        tr("The sum over all cells costs no more than that over the stored ones, since m mᵀ is shared by all "
           "users. Scores lie about between 0 and 1."),
    ), tr("Lists from events alone"), _carry_out, plan=IMPLICIT),
    Lesson("em", tr("The likeness to EM"), (
        tr("Expectation-maximisation fills what is unknown with what the model says, refits as if that were "
           "data, and repeats. Applied to holes it ends where the observed loss is lowest, too:"),
        Formula(EM_STEP),
        tr("But its own guesses hold it back, the more the emptier y is: it needs many more epochs than ALS, "
           "which leaves holes out."),
    ), tr("ALS, then EM, to the same loss"), _carry_out, plan=EM),
    Lesson("newcomer", tr("A new user"), (
        tr("Somebody without ratings has no u. The chapter has two ways: take the u of the existing user who is "
           "nearest by cosine on other characteristics; or take the mean of all, row by row of u:"),
        Formula(r"u_{\mathrm{new}} = \frac{1}{N} \sum_i u_i, \qquad r_{\mathrm{new}} = m^T u_{\mathrm{new}}"),
        tr("Better is to ask for a few ratings and solve one user's equation, with m held: the same line as in "
           "the exercise."),
    ), tr("The mean user's list"), _carry_out, plan=NEWCOMER),
    Lesson("loose", tr("Where the text is loose"), (
        tr("• L sums over all cells, though only some are ever rated. All cells: ridge. Those rated: observed."),
        tr("• “The optimal u and m” is a stationary point; see Several starts."),
        tr("• “RMSE” prints 1.869759. That is the mean squared error; its root is 1.367 stars."),
        tr("• Its ratings are random, so the best fit of rank 2 explains about 6 % of their variance, and "
           "nothing that holds for other ratings."),
        tr("• R's ALS has no λ, keeps u and m at zero or above, and stops early, so that its figures depend on "
           "the start; an attribute can die."),
        tr("• The exercise's r is printed as 3 × 2; with 4 users and 3 movies it is 4 × 3, u 2 × 4 and m 2 × 3."),
        tr("• argsort sorts upwards: the six that the Python cell lists are the lowest. And u[1, :] is the "
           "second user."),
    ), tr("See them with 50 × 200"), _further),
)  # fmt: skip
