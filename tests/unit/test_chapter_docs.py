"""`resources/docs/chapter.md` says where each claim is seen, with numbers that the program still gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from alsgui.core.conventions import preset_settings
from alsgui.core.exercise import Exercise, Walk, loss
from alsgui.core.fitting import fit
from alsgui.core.generate import chapter
from alsgui.core.split import split
from alsgui.core.textbook import textbook_figures
from alsgui.io.samples import open_sample
from alsgui.text import decimal, percent
from alsgui.ui.pages.learn.lessons import LESSONS
from alsgui.ui.pages.learn.written import loss_parts, shown, told, vector

DOCS = Path(__file__).parents[2] / "resources" / "docs"
TEXT = (DOCS / "chapter.md").read_text(encoding="utf-8")
ROWS = {int(number): line for number, line in re.findall(r"^\| (\d+) \| (.*) \|$", TEXT, flags=re.MULTILINE)}


def test_each_of_the_24_claims_has_its_place() -> None:
    assert sorted(ROWS) == list(range(1, 25))
    assert all("*" in line for line in ROWS.values())


def test_every_picture_is_there() -> None:
    for link in re.findall(r"\]\((pictures/[^)]+)\)", TEXT):
        assert (DOCS / link).is_file(), link


def test_every_lesson_that_is_named_exists() -> None:
    titles = {lesson.title for lesson in LESSONS}
    for name in re.findall(r"Lessons > ([^*]+)\*", TEXT):
        assert name in titles, name


def test_the_exercise_gives_the_numbers() -> None:
    walk = Walk()
    walk.finish_solve(), walk.finish_solve()
    solve = walk.current
    assert solve is not None
    numbers = told(walk.exercise, solve)
    assert f"{loss_parts(numbers.loss_before)[-1]} to {loss_parts(numbers.loss_after)[-1]}" in ROWS[7]
    assert f"before {vector(numbers.gradient_before)}, after {vector(numbers.gradient_after)}" in ROWS[9]
    assert f"{vector(numbers.left, 3)} = {vector(numbers.right, 3)}" in ROWS[10]
    assert vector(solve.pull, 1) in ROWS[12] and shown(solve.determinant, 3) in ROWS[12]
    assert vector(solve.solution, 3) in ROWS[12]
    for _ in range(4):
        walk.finish_solve()
    assert walk.current is not None and vector(walk.current.solution, 3) in ROWS[13]
    walk.run()
    assert f"L settles at {shown(loss(walk.exercise, walk.factors).total, 3)}" in ROWS[8]


def test_a_hole_gives_the_numbers() -> None:
    holed = Exercise().with_rating(1, 1, "")
    out, zeros = Walk(holed), Walk(Exercise(holed.y, holes_as_zeros=True))
    out.run(), zeros.run()
    prose = " ".join(TEXT.split())
    words = f"r there is {shown(out.factors.prediction(1, 1), 2)} where the hole is left out, and "
    assert words + f"{shown(zeros.factors.prediction(1, 1), 2)} where it counts as a zero" in prose


@pytest.mark.parametrize("preset", ["textbook", "r_als", "sklearn_nmf"])
def test_the_chapters_example_gives_the_numbers(preset: str) -> None:
    ratings = chapter()
    algorithm, settings = preset_settings(preset)
    model = fit(split(ratings, 0.0, 0), algorithm, **{**settings, "k": 2})
    figures = textbook_figures(ratings.csr.toarray().astype(float), model)
    for number in (figures.mse, figures.rmse, figures.best_mse):
        assert f"{number:.4f}" in ROWS[17]
    assert percent(figures.explained) in TEXT
    highest, lowest = (" ".join(str(movie + 1) for movie in side) for side in (figures.highest, figures.lowest))
    assert highest in ROWS[21] and highest in ROWS[24] and lowest in ROWS[24]
    if preset == "r_als":
        for row, values in ((18, figures.first_user), (18, figures.second_user), (19, figures.first_movie)):
            assert ", ".join(decimal(float(value), 3) for value in values) in ROWS[row]


@pytest.mark.parametrize("preset", ["zhou2008", "spark", ""])
def test_als_on_movielens_gives_the_numbers(preset: str) -> None:
    algorithm, settings = preset_settings(preset) if preset else ("observed", {})
    model = fit(open_sample("ml-latest-small").ratings, algorithm, **settings)
    assert f"{model.holdout_figures.rmse:.4f}" in ROWS[23]


def test_every_claim_has_a_picture() -> None:
    assert all("](pictures/" in line for line in ROWS.values())
