"""The Learn page under real mouse and keys."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSizeF, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from alsgui.core.exercise import Exercise
from alsgui.core.exercise import loss as loss_of
from alsgui.core.recommend import Filters, for_user
from alsgui.session.session import Session
from alsgui.session.set_up import Plan
from alsgui.ui import theme
from alsgui.ui.main_window import MainWindow
from alsgui.ui.pages.learn.further import PRESETS, exercise_plan
from alsgui.ui.pages.learn.lessons import LESSONS, turned
from alsgui.ui.pages.learn.page import LearnPage
from alsgui.ui.widgets.typeset import typesetter
from tests.helpers.sessions import fit_going_on, settle, wait_for
from tests.helpers.windows import press, rendered

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key


@pytest.fixture
def page(window: MainWindow) -> LearnPage:
    window.session.show_page("learn")
    rendered(window)
    page = window.shown_page
    assert isinstance(page, LearnPage)
    return page


def click_cell(qtbot: QtBot, page: LearnPage, row: int, column: int) -> None:
    board = page.example.boards["y"]
    qtbot.mouseClick(board, LEFT, pos=board.cell_area((row, column)).center().toPoint())


def type_into(qtbot: QtBot, page: LearnPage, row: int, column: int, text: str) -> None:
    click_cell(qtbot, page, row, column)
    board = page.example.boards["y"]
    qtbot.keyClick(board, text[0])
    qtbot.keyClicks(board.editor, text[1:])
    qtbot.keyClick(board.editor, Key.Key_Return)


def values(page: LearnPage, name: str) -> np.ndarray:
    return np.array(page.example.boards[name].shown.values)


def run(page: LearnPage) -> None:
    page.desk.run()
    wait_for(lambda: not page.desk.running, "the walk to settle")


# The worked example


def test_learn_needs_no_ratings(window: MainWindow, page: LearnPage) -> None:
    assert window.session.state.phase == "empty"
    assert window.rail.current() == "learn" and page.inspector.isVisible()
    assert "K = 2" in page.subtitle.text()


def test_steps_are_taken_by_buttons_and_by_keys(qtbot: QtBot, window: MainWindow, page: LearnPage) -> None:
    assert not page.example.back_button.isEnabled()
    qtbot.mouseClick(page.example.next_button, LEFT)
    assert page.desk.walk.position == 1
    for key, position in ((Key.Key_N, 2), (Key.Key_PageDown, 3), (Key.Key_B, 2), (Key.Key_PageUp, 1), (Key.Key_H, 24)):
        qtbot.keyClick(window, key)
        assert page.desk.walk.position == position
    qtbot.keyClick(window, Key.Key_R)
    wait_for(lambda: not page.desk.running, "the walk to settle")
    assert page.desk.walk.epoch > 20
    qtbot.keyClick(window, Key.Key_Home)
    assert page.desk.walk.position == 0


def test_a_run_stops_at_any_key(qtbot: QtBot, window: MainWindow, page: LearnPage) -> None:
    qtbot.keyClick(window, Key.Key_R)
    wait_for(lambda: page.desk.walk.epoch >= 20, "some epochs")
    qtbot.keyClick(window, Key.Key_B)
    assert not page.desk.running
    page.desk.put(Exercise(((None,) * 3,) * 4, lambda_u=Decimal(0)))
    run(page)
    assert page.desk.walk.position == 0 and page.example.problem.isVisible()


def test_the_tiles_are_the_factors_and_their_product(page: LearnPage) -> None:
    for act in (lambda: None, page.desk.forward, page.desk.half_step, page.desk.half_step, lambda: run(page)):
        act()
        u, m, r = values(page, "u"), values(page, "m"), values(page, "r")
        np.testing.assert_allclose(u.T @ m, r, atol=1e-9)
        for name, rows in (("u", u), ("m", m), ("r", r)):
            texts = page.example.boards[name].shown.texts
            shown = [[float(text.replace("\u2212", "-")) for text in line] for line in texts]
            np.testing.assert_allclose(shown, rows, atol=0.00501)


def test_steps_not_yet_taken_show_no_numbers(page: LearnPage) -> None:
    for _ in range(3):
        page.desk.forward()
    known = [r"\begin" in row.math.formulas()[0] for row in page.example.rows]
    assert known == [True, True, True, False, False, False]
    assert [bool(row.note.text()) for row in page.example.rows] == known
    assert page.example.count.text() == "step 3 of 6"


def test_the_inspector_tells_gradient_and_loss_before_and_after(page: LearnPage) -> None:
    inspector = page.inspector
    assert inspector.told is None
    for _ in range(5):
        page.desk.forward()
    assert [bar.name for bar in inspector.loss.bars] == ["before"]
    page.desk.forward()
    assert [bar.name for bar in inspector.loss.bars] == ["before", "after"]
    solve = page.desk.walk.current
    assert solve is not None
    for bar, pair in zip(inspector.loss.bars, (solve.before, solve.after), strict=True):
        assert float(bar.texts[-1]) == pytest.approx(float(loss_of(page.desk.exercise, pair).total), abs=5e-4)
        assert sum(float(text) for text in bar.texts[:-1]) == pytest.approx(float(bar.texts[-1]))
    assert "before" in inspector.loss.numbers_csv()
    assert " = " in inspector.loss.tip_at(QPointF(100, 10)) and not inspector.loss.tip_at(QPointF(100, 500))


def test_the_whole_script_is_copied(qtbot: QtBot, page: LearnPage) -> None:
    page.desk.forward()
    press(page.inspector, "Copy")
    assert QApplication.clipboard().text().startswith("import numpy as np")


# Editing


def test_a_rating_is_typed_into_its_cell_and_the_walk_begins_anew(qtbot: QtBot, page: LearnPage) -> None:
    page.desk.half_step()
    type_into(qtbot, page, 2, 1, "3.5")
    assert page.desk.exercise.y[2][1] == Decimal("3.5") and page.desk.walk.position == 0
    assert not page.example.boards["y"].editor.isVisible()
    assert page.example.boards["y"].shown.texts[2][1] == "3.5"


def test_delete_makes_a_hole_and_holes_can_count_as_zeros(qtbot: QtBot, page: LearnPage) -> None:
    click_cell(qtbot, page, 1, 1)
    qtbot.keyClick(page.example.boards["y"], Key.Key_Delete)
    assert page.desk.exercise.y[1][1] is None and np.isnan(values(page, "y")[1, 1])
    run(page)
    left_out = values(page, "r")[1, 1]
    zeros = next(made for made in page.example.holes.findChildren(QPushButton) if made.text() == "as zeros")
    qtbot.mouseClick(zeros, LEFT)
    assert page.desk.exercise.holes_as_zeros
    run(page)
    assert values(page, "r")[1, 1] < left_out - 1


def test_a_wrong_rating_is_marked_says_why_and_changes_nothing(qtbot: QtBot, page: LearnPage) -> None:
    board = page.example.boards["y"]
    type_into(qtbot, page, 0, 0, "1,2,3")
    assert board.editor.isVisible() and board.editor.property("wrong") == "true"
    assert "not a number" in board.editor.accessibleDescription()
    assert page.desk.exercise == Exercise()
    qtbot.keyClick(board.editor, Key.Key_Escape)
    assert not board.editor.isVisible() and page.desk.exercise == Exercise()


def test_the_ratings_are_walked_by_arrows_and_opened_by_enter(qtbot: QtBot, page: LearnPage) -> None:
    board = page.example.boards["y"]
    click_cell(qtbot, page, 0, 0)
    for key in (Key.Key_Down, Key.Key_Right, Key.Key_Right, Key.Key_Right, Key.Key_Up, Key.Key_Up, Key.Key_Left):
        qtbot.keyClick(board, key)
    assert board.cursor_cell == (0, 1)
    qtbot.keyClick(board, Key.Key_Return)
    assert board.editor.isVisible() and board.editor.text() == "4"
    qtbot.keyClick(board.editor, Key.Key_Escape)
    qtbot.mouseDClick(board, LEFT, pos=board.cell_area((3, 2)).center().toPoint())
    assert board.editor.isVisible() and board.editor.text() == "4" and board.cursor_cell == (3, 2)


def test_lambda_and_seed_begin_the_exercise_anew(qtbot: QtBot, page: LearnPage) -> None:
    before = page.desk.walk.factors
    for name, text in (("lambda_u", "0.25"), ("lambda_m", "2"), ("seed", "5")):
        field = page.example.fields[name]
        field.setFocus()
        field.selectAll()
        qtbot.keyClicks(field, text)
        qtbot.keyClick(field, Key.Key_Return)
    exercise = page.desk.exercise
    assert (exercise.lambda_u, exercise.lambda_m, exercise.seed) == (Decimal("0.25"), Decimal("2.0"), 5)
    assert page.desk.walk.factors != before and "0.25" in page.subtitle.text()
    qtbot.mouseClick(page.reset, LEFT)
    assert page.desk.exercise == Exercise() and page.example.fields["seed"].value() == 0


def test_letters_typed_into_a_field_take_no_steps(qtbot: QtBot, page: LearnPage) -> None:
    field = page.example.fields["seed"]
    field.setFocus()
    qtbot.keyClicks(field, "nhr")
    assert page.desk.walk.position == 0


def test_without_a_way_on_the_page_says_why(page: LearnPage) -> None:
    page.desk.put(Exercise(((None,) * 3,) * 4, lambda_u=Decimal(0)))
    page.desk.forward()
    assert page.example.problem.isVisible() and "user 1" in page.example.problem.text()
    page.desk.begin_anew()
    assert not page.example.problem.isVisible()


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_view_can_be_shown_at_twice_the_size(
    window: MainWindow, page: LearnPage, scale: float, mode: str
) -> None:
    window.resize(1920, 1080)
    theme.current().set_mode("dark" if mode == "dark" else "light")
    theme.current().set_scale(scale)
    for key in ("example", "surface", "lessons", "further"):
        page.show_view(key)
        for _ in range(5):
            page.desk.forward()
        rendered(window)
        window.grab()
        assert window.width() == 1920
    page.show_view("surface")
    rendered(window)
    assert page.surface.found.visibleRegion().boundingRect().height() >= page.surface.found.height()
    page.show_view("example")
    rendered(window)
    wait_for(lambda: page.example.rows[page.desk.walk.step - 1].visibleRegion().boundingRect().height() > 20)


def test_every_picture_of_the_page_is_exported_as_it_is_drawn(page: LearnPage, tmp_path: Path) -> None:
    page.desk.forward()
    plots = (*page.example.boards.values(), page.inspector.loss, page.surface.zigzag, page.surface.bowl)
    for number, plot in enumerate(plots):
        for suffix in (".png", ".svg", ".pdf", ".csv"):
            path = tmp_path / f"{number}{suffix}"
            plot.export_to(path)
            assert path.stat().st_size > 20


def test_plots_of_the_page_are_exported_with_their_numbers(page: LearnPage) -> None:
    lines = page.example.boards["y"].numbers_csv().split("\r\n")
    assert lines[0] == ",1,2,3" and lines[1] == "1,5,4,1"
    assert "L" in page.surface.zigzag.numbers_csv().split("\r\n")[0]
    assert page.example.boards["y"].tip_at(page.example.boards["y"].cell_area((1, 1)).center()) == "y, 2, 2: 5"
    assert page.example.boards["y"].tip_at(QPointF(0, 0)) == ""


def test_keys_of_the_walk_are_left_to_lists_and_sliders_elsewhere(
    qtbot: QtBot, window: MainWindow, page: LearnPage
) -> None:
    page.show_view("lessons")
    page.lessons.names.setFocus()
    for key in (Key.Key_PageDown, Key.Key_N, Key.Key_H):
        qtbot.keyClick(page.lessons.names, key)
    assert page.desk.walk.position == 0
    page.show_view("surface")
    page.surface.sliders["y"].track.setFocus()
    qtbot.keyClick(page.surface.sliders["y"].track, Key.Key_Home)
    assert page.surface.scalar.y == -5
    qtbot.keyClick(window, Key.Key_H)
    assert page.desk.walk.n_begun == 4


# The surface


def test_sliders_and_the_start_move_the_zigzag(qtbot: QtBot, window: MainWindow, page: LearnPage) -> None:
    page.show_view("surface")
    rendered(window)
    view = page.surface
    assert "Two lowest points" in view.found.text()
    for name in ("lambda_u", "lambda_m"):
        qtbot.keyClick(view.sliders[name].track, Key.Key_End)
    assert "only zero is left" in view.found.text() and view.scalar.lambda_u == 6.05
    plot = view.zigzag
    across, up = plot.scales(QSizeF(plot.size()))
    qtbot.mouseClick(plot, LEFT, pos=QPointF(across.pixel(1.0), up.pixel(-1.0)).toPoint())
    assert view.start == pytest.approx((1.0, -1.0), abs=0.05)
    assert plot.surface is not None and plot.surface.way[0] == view.start
    before = view.start
    qtbot.keyClick(plot, Key.Key_Right)
    assert view.start[0] == pytest.approx(before[0] + 0.15)
    assert "L about" in plot.tip_at(QPointF(across.pixel(0.0), up.pixel(0.0))) and not plot.tip_at(QPointF(0, 0))


def test_the_bowl_follows_the_half_steps(qtbot: QtBot, window: MainWindow, page: LearnPage) -> None:
    page.show_view("surface")
    rendered(window)
    view = page.surface
    qtbot.mouseClick(view.half, LEFT)
    bowl = view.bowl.surface
    assert bowl is not None
    (point, words), (own,) = bowl.marks[0], bowl.way
    assert words == "solution" and own == pytest.approx(point)
    height = bowl.values.min()
    qtbot.mouseClick(view.half, LEFT)
    assert view.bowl.surface is not bowl and view.bowl.surface is not None
    assert view.bowl.surface.marks[0][0] != point and view.bowl.surface.values.min() != height
    page.desk.put(Exercise(((None,) * 3,) * 4, lambda_u=Decimal(0)))
    assert "no inverse" in view.stands.text()


# Lessons


def test_every_lesson_is_read_and_its_button_sets_something_up(
    qtbot: QtBot, window: MainWindow, page: LearnPage
) -> None:
    session = window.session
    for lesson in LESSONS:
        session.show_page("learn")
        page.show_view("lessons")
        page.desk.begin_anew()
        page.lessons.choose(lesson.key)
        rendered(window)
        assert page.lessons.lesson is lesson and page.lessons.go.accessibleName() == lesson.button
        before = (page.view.current(), page.desk.walk, session.state.runs)
        qtbot.mouseClick(page.lessons.go, LEFT)
        wait_for(lambda: page.set_up.plan is None, lesson.key)
        settle(session)
        assert (page.view.current(), page.desk.walk, session.state.runs) != before, lesson.key
        assert session.state.notice is None or session.state.notice.kind == "info", session.state.notice
        assert session.state.job is None


def carried_out(qtbot: QtBot, window: MainWindow, page: LearnPage, key: str) -> list[list[str]]:
    """What a lesson tells after its fits: rows by run."""
    page.show_view("lessons")
    page.lessons.choose(key)
    rendered(window)
    qtbot.mouseClick(page.lessons.go, LEFT)
    wait_for(lambda: page.set_up.plan is None, key)
    settle(window.session)
    window.session.show_page("learn")
    wait_for(lambda: page.lessons.outcome is not None, "the outcome")
    assert page.lessons.outcome is not None
    return [list(texts) for _, *texts in page.lessons.outcome.outcome.rows]


def test_blank_is_not_zero_shows_three_fits_and_ten_titles_under_each(
    qtbot: QtBot, window: MainWindow, page: LearnPage
) -> None:
    rows = carried_out(qtbot, window, page, "blank")
    runs = window.session.state.runs
    models = [run.model for run in runs]
    assert [run.config.algorithm for run in runs] == ["observed", "ridge", "implicit"]
    assert all(run.split is runs[0].split for run in runs)
    assert models[0] is not None and models[1] is not None and models[2] is not None
    assert rows[4] == [f"{m.holdout_figures.rmse:.4f}" for m in models[:2] if m is not None] + ["—"]
    assert float(rows[4][1]) > 2 * float(rows[4][0])
    assert rows[5] == ["—", "—", f"{models[2].holdout_ranking.ndcg:.4f}"]
    user = window.session.state.selection.user
    assert user is not None and len(rows) == 16
    for at, model in enumerate(models):
        assert model is not None
        assert [row[at] for row in rows[6:]] == list(for_user(model, user, Filters(n_top=10)).titles)


def test_em_comes_to_the_loss_of_als_after_many_more_epochs(qtbot: QtBot, window: MainWindow, page: LearnPage) -> None:
    carried_out(qtbot, window, page, "em")
    als, em = (run.model for run in window.session.state.runs)
    assert als is not None and em is not None
    assert em.half_steps[-1].loss == pytest.approx(als.half_steps[-1].loss, rel=1e-4)
    assert len(em.history) > 3 * len(als.history)


def test_too_little_lambda_is_better_in_training_and_worse_on_the_hold_out(
    qtbot: QtBot, window: MainWindow, page: LearnPage
) -> None:
    rows = carried_out(qtbot, window, page, "lambda")
    (train_little, train), (holdout_little, holdout) = ([float(x) for x in row] for row in rows[3:5])
    assert train_little < train and holdout_little > holdout
    records = window.session.state.runs[0].history
    assert records[-1].rmse_holdout > min(record.rmse_holdout for record in records)


def test_two_starts_come_to_one_loss_with_other_factors(qtbot: QtBot, window: MainWindow, page: LearnPage) -> None:
    carried_out(qtbot, window, page, "starts")
    first, second = (run.model for run in window.session.state.runs)
    assert first is not None and second is not None
    assert first.half_steps[-1].loss == pytest.approx(second.half_steps[-1].loss, rel=1e-3)
    assert np.abs(first.u - second.u).max() > 0.1
    np.testing.assert_allclose(first.u.T @ first.m, second.u.T @ second.m, atol=0.5)


def test_lessons_are_chosen_by_keys(qtbot: QtBot, window: MainWindow, page: LearnPage) -> None:
    page.show_view("lessons")
    rendered(window)
    page.lessons.names.setFocus()
    qtbot.keyClick(page.lessons.names, Key.Key_Down)
    assert page.lessons.lesson is LESSONS[1]
    texts = [row.text() for row in page.lessons.findChildren(QWidget) if hasattr(row, "text")]
    assert any("ridge regression" in text for text in texts)


def test_least_squares_gives_the_digits_worked_by_hand(page: LearnPage) -> None:
    lesson = next(lesson for lesson in LESSONS if lesson.key == "alternate")
    assert lesson.facts is not None
    assert "first" in lesson.facts(page.desk)[0][0]
    page.desk.forward()
    (_, ours), (_, theirs), (_, slope) = lesson.facts(page.desk)
    assert ours == theirs and slope == "(0.000000, 0.000000)"


def test_a_turn_keeps_every_prediction_and_the_loss(page: LearnPage) -> None:
    page.desk.half_step()
    before = page.desk.walk.factors
    after = turned(before)
    assert after.u != before.u
    np.testing.assert_allclose(np.array(after.r(), dtype=float), np.array(before.r(), dtype=float), atol=1e-12)
    exercise = page.desk.exercise
    assert loss_of(exercise, after).total == pytest.approx(loss_of(exercise, before).total, abs=Decimal("1e-20"))


# Further


def test_each_preset_shows_its_figures_beside_those_of_the_text(
    qtbot: QtBot, window: MainWindow, page: LearnPage
) -> None:
    page.show_view("further")
    rendered(window)
    further, session = page.further, window.session
    for preset in PRESETS:
        qtbot.mouseClick(further.buttons[preset], LEFT)
        wait_for(lambda preset=preset: preset in further.figures, preset)
        settle(session)
        assert session.state.page == "learn"
        model, ratings = session.state.model, session.state.ratings
        assert model is not None and ratings is not None and model.k == 2
        y, u, m = ratings.csr.toarray(), np.asarray(model.u, float), np.asarray(model.m, float)
        texts = [further.cells[number, preset].text() for number in range(10)]
        assert float(texts[0]) == pytest.approx(((y - u.T @ m) ** 2).mean(), abs=5e-5)
        assert float(texts[1]) == pytest.approx(np.sqrt(((y - u.T @ m) ** 2).mean()), abs=5e-5)
        assert float(texts[2]) <= float(texts[0])
        numbers = [float(text) for text in texts[4].replace("\u2212", "-").split(", ")]
        np.testing.assert_allclose(numbers, u[:, 0], atol=5.01e-4)
        order = np.argsort(m.T @ u.mean(axis=1))
        assert texts[9].split() == [str(movie + 1) for movie in order[:6]]
    assert len(session.state.runs) == 3
    further.seed.changed.emit(1.0)
    assert not further.figures
    press(further, "R ALS")
    wait_for(lambda: bool(further.figures), "figures")
    qtbot.mouseClick(further.mean, LEFT)
    assert session.state.page == "recommend" and session.state.person.kind == "mean"


@pytest.mark.parametrize("hole", [False, True])
@pytest.mark.parametrize("zeros", [False, True])
def test_train_solves_the_exercise_to_the_same_loss(
    qtbot: QtBot, window: MainWindow, page: LearnPage, hole: bool, zeros: bool
) -> None:
    session = window.session
    exercise = Exercise(holes_as_zeros=zeros)
    page.desk.put(exercise.with_rating(1, 1, "") if hole else exercise)
    page.show_view("further")
    rendered(window)
    qtbot.mouseClick(page.further.take, LEFT)
    wait_for(lambda: session.state.page == "train", "Train")
    settle(session)
    assert session.state.split is not None and session.state.split.share == 0
    assert session.state.notice is not None and "exercise" in session.state.notice.text
    session.fitting.set_config(epochs=2000, tolerance=0.0)
    session.fitting.fit()
    settle(session)
    model = session.state.model
    assert model is not None
    run(page)
    run(page)
    total = float(loss_of(page.desk.exercise, page.desk.walk.factors).total)
    assert model.history[-1].loss == pytest.approx(total, rel=1e-4)


def test_the_inspector_leads_to_the_chapters_example(page: LearnPage) -> None:
    press(page.inspector, "Now with 50 × 200")
    assert page.view.current() == "further"


# Setting up


def test_a_plan_that_is_cancelled_ends_where_it_stands(session: Session, window: MainWindow, page: LearnPage) -> None:
    wanted = exercise_plan(page.desk)
    endless = {"algorithm": "observed", "k": 2, "epochs": 100_000, "tolerance": 0.0}
    page.set_up.carry_out(Plan(wanted.source, ({**endless, "accelerate": False}, endless), share=0.0))
    wait_for(lambda: bool(session.state.runs and session.state.runs[0].history), "the first epoch")
    assert page.set_up.plan is not None
    session.generate("movies", n_users=9, n_movies=8)
    wait_for(lambda: page.set_up.plan is None, "the plan to end")
    settle(session)
    assert len(session.state.runs) == 1
    assert session.state.data is not None and session.state.data.source.what == "movies"


def test_a_plan_ends_what_is_going_on_first(session: Session, window: MainWindow, page: LearnPage) -> None:
    fit_going_on(session)
    plan = exercise_plan(page.desk)
    page.set_up.carry_out(plan)
    wait_for(lambda: session.state.data is not None and session.state.data.source == plan.source, "the exercise")
    wait_for(lambda: page.set_up.plan is None and session.state.page == "train", "Train")
    assert session.state.config.algorithm == "ridge" and session.state.config.k == 2


def test_a_plan_whose_ratings_cannot_be_had_ends(session: Session, window: MainWindow, page: LearnPage) -> None:
    from alsgui.session.state import Source

    page.set_up.carry_out(Plan(Source("generated", "no such kind"), ({"algorithm": "observed"},)))
    wait_for(lambda: page.set_up.plan is None, "the plan to end")
    assert session.state.notice is not None and session.state.notice.kind == "error"
    assert not session.state.runs


def test_the_step_that_is_made_stays_in_view_when_the_text_grows_for_a_projector(
    window: MainWindow, page: LearnPage
) -> None:
    window.resize(1920, 1080)
    for _ in range(12):
        page.desk.forward()
    rendered(window)
    theme.current().set_scale(2.0)
    rendered(window)
    wait_for(lambda: typesetter().idle, "the formulas")
    rendered(window)
    example = page.example
    row, area = example.rows[page.desk.walk.step - 1], example._scroll.viewport()
    top = row.mapTo(area, QPoint(0, 0)).y()
    assert page.desk.walk.step == 6 and top >= 0 and top + row.height() <= area.height() + 1
    theme.current().set_scale(1.0)
