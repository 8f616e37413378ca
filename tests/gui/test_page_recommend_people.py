"""Persons on the Recommend page under real mouse and keys: made up, rated, kept, compared."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from alsgui.core.fitting import fit
from alsgui.core.generate import generate
from alsgui.core.model import Model
from alsgui.core.next_movie import suggested
from alsgui.core.people import blend, folded, mean_of, of_user
from alsgui.core.recommend import Filters, for_person, standing
from alsgui.core.split import split
from alsgui.core.uncertainty import deviations
from alsgui.session.persons import chosen_person
from alsgui.session.session import Session
from alsgui.ui.main_window import MainWindow
from alsgui.ui.pages.recommend.columns import Sureness
from alsgui.ui.pages.recommend.page import RecommendPage
from alsgui.ui.pages.recommend.titles import read_title, spoken_title
from tests.helpers.sessions import settle, wait_for
from tests.helpers.windows import dialog_of, rendered

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(window: MainWindow) -> RecommendPage:
    """The page in the real window, on made-up movies whose users have characteristics."""
    session = window.session
    session.generate("movies", n_users=60, n_movies=80, density=0.4)
    settle(session)
    session.fitting.set_config(k=4, epochs=4, tolerance=0.0)
    session.fitting.fit()
    settle(session)
    session.show_page("recommend")
    rendered(window)
    made = window.page("recommend")
    assert isinstance(made, RecommendPage)
    wait_for(lambda: bool(made.person.weights.sliders), "the sliders")
    return made


def shown(page: RecommendPage) -> None:
    for _ in range(4):
        QApplication.processEvents()
        settle(page.session)
    QApplication.processEvents()


def model_of(page: RecommendPage) -> Model:
    assert page.session.state.model is not None
    return page.session.state.model


def click(qtbot: QtBot, page: RecommendPage, kind: str) -> None:
    qtbot.mouseClick(page.person.tiles[kind], LEFT)  # type: ignore[index]
    shown(page)


def titles(page: RecommendPage) -> list[str]:
    table = page.list.table_model
    return [str(table.index(at, 1).data()) for at in range(table.rowCount())]


def expected(page: RecommendPage, person: object, filters: Filters | None = None) -> list[str]:
    model = model_of(page)
    listed = for_person(model, person, filters or page.session.filters)  # type: ignore[arg-type]
    return [read_title(title)[0] for title in listed.titles]


def heads(page: RecommendPage) -> list[str]:
    return [column.title for column in page.list.table_model.columns]


# Blend, mean, nearest


def test_a_blend_is_moved_by_keys_widened_by_id_and_narrowed_by_a_cross(qtbot: QtBot, page: RecommendPage) -> None:
    click(qtbot, page, "blend")
    part, session = page.person.blend, page.session
    first, second = session.state.person.users
    part.sliders[first].setFocus()
    qtbot.keyClick(part.sliders[first], Qt.Key.Key_Home)
    shown(page)
    assert session.state.person.shares == (0.0, 1.0) and part.sliders[second].value() == 100
    model = model_of(page)
    assert titles(page) == expected(page, blend([of_user(model, first), of_user(model, second)], [0, 1]))
    assert page.title.text() == "For a blend of users"
    part.field.setFocus()
    QApplication.processEvents()
    qtbot.keyClicks(part.field, "31")
    qtbot.keyClick(part.field, Qt.Key.Key_Return)
    shown(page)
    assert [model.user_ids[row] for row in session.state.person.users][-1] == "31"
    qtbot.mouseClick(part.crosses[first], LEFT)
    shown(page)
    assert first not in session.state.person.users and first not in part.sliders
    assert not any(cross.isEnabled() for cross in part.crosses.values())


def test_the_mean_of_users_who_share_a_characteristic(qtbot: QtBot, page: RecommendPage) -> None:
    click(qtbot, page, "mean")
    part = page.person.mean
    qtbot.keyClick(part.names, Qt.Key.Key_Down)
    part.names.activated.emit(part.names.currentIndex())
    shown(page)
    rows = page.session.state.person.users
    assert rows and titles(page) == expected(page, mean_of(model_of(page), np.array(rows)))
    assert page.title.text() == "For a mean of users" and part.about.text().startswith("Mean of users whose")
    part.names.setCurrentIndex(0)
    part.names.activated.emit(0)
    shown(page)
    assert page.session.state.person.users == () and not part.values.isVisible()


def test_a_form_that_comes_after_the_list_is_shown_with_what_was_said(qtbot: QtBot, page: RecommendPage) -> None:
    click(qtbot, page, "nearest")
    page.session.persons.set_trait("age", "24")
    shown(page)
    part = page.person.nearest
    traits = part._traits
    assert traits
    part.show_form(())
    part.show_choice(page.session.state.person)
    assert part._form.isHidden()
    part.show_form(traits)
    answer = part.answers["age"]
    assert part._form.isVisible() and isinstance(answer, QLineEdit) and answer.text() == "24"


def test_a_form_finds_the_nearest_users_and_refuses_words_for_a_number(qtbot: QtBot, page: RecommendPage) -> None:
    click(qtbot, page, "nearest")
    part = page.person.nearest
    assert page.person.unknown.isVisible() and not part.list.rows
    number = next(each for each in part.answers.values() if isinstance(each, QLineEdit))
    number.setFocus()
    qtbot.keyClicks(number, "old")
    assert number.property("wrong") == "true"
    qtbot.keyClick(number, Qt.Key.Key_Return)
    shown(page)
    assert not page.session.state.person.traits
    number.clear()
    qtbot.keyClicks(number, "34")
    qtbot.keyClick(number, Qt.Key.Key_Return)
    shown(page)
    assert part.list.rows and not page.person.unknown.isVisible()
    box = next(each for each in part.answers.values() if isinstance(each, QComboBox))
    qtbot.keyClick(box, Qt.Key.Key_Down)
    shown(page)
    name = next(name for name, each in part.answers.items() if each is box)
    assert page.session.state.person.traits[name] == box.itemText(1)
    person = chosen_person(page.session.state)
    assert titles(page) == expected(page, person)
    part.list.setFocus()
    qtbot.keyClick(part.list, Qt.Key.Key_Down)
    qtbot.keyClick(part.list, Qt.Key.Key_Return)
    assert page.session.state.selection.user == part.list.rows[0].index


# Rating


def test_movies_are_rated_by_mouse_and_digits_and_the_list_is_that_of_the_fold_in(
    qtbot: QtBot, page: RecommendPage
) -> None:
    click(qtbot, page, "rated")
    part, model = page.person.rating, model_of(page)
    assert page.person.unknown.isVisible() and "mean user" in page.person.unknown.text()
    asked = part.asked_for
    assert asked == suggested(model, folded(model, np.empty(0, np.int64), np.empty(0)))[0]
    qtbot.mouseClick(part.asked, LEFT, pos=part.asked.stars_place(0, 4.5).toPoint())
    shown(page)
    assert dict(page.session.state.person.rated) == {asked: 4.5}
    unknown = part.bar.share()
    second = part.asked_for
    assert second is not None and second != asked
    part.asked.setFocus()
    qtbot.keyClick(part.asked, Qt.Key.Key_2)
    shown(page)
    assert dict(page.session.state.person.rated) == {asked: 4.5, second: 2.0}
    assert titles(page) == expected(page, folded(model, np.array([asked, second]), np.array([4.5, 2.0])))
    after = part.bar.share()
    assert unknown is not None and after is not None and after < unknown < 1
    filters = page.session.filters
    before, now = (
        set(for_person(model, folded(model, np.array(rated), np.array(stars)), filters).columns[:10])
        for rated, stars in (([asked], [4.5]), ([asked, second], [4.5, 2.0]))
    )
    words = f"The last rating brought {len(now - before)} of the first {len(now)} titles."
    assert part.settled.isVisible() and part.settled.text() == words
    assert page.list.bar.hide_rated.isEnabled()
    part.list.setFocus()
    qtbot.keyClick(part.list, Qt.Key.Key_Delete)
    shown(page)
    assert len(page.session.state.person.rated) == 1


def test_skip_asks_for_the_next_best_and_a_searched_movie_is_asked_for_at_once(
    qtbot: QtBot, page: RecommendPage
) -> None:
    click(qtbot, page, "rated")
    part, model = page.person.rating, model_of(page)
    asked = part.asked_for
    qtbot.mouseClick(part.skip, LEFT)
    shown(page)
    assert part.asked_for != asked and asked in page.session.state.person.skipped
    movie = 7
    part.field.setFocus()
    qtbot.keyClicks(part.field, read_title(model.title(movie))[0].casefold())
    qtbot.keyClick(part.field, Qt.Key.Key_Return)
    shown(page)
    assert part.asked_for == movie
    qtbot.keyClick(part.asked, Qt.Key.Key_3)
    shown(page)
    assert dict(page.session.state.person.rated) == {movie: 3.0}


# Keeping and comparing


def test_a_person_is_named_by_keys_undone_by_mouse_and_chosen_again(qtbot: QtBot, page: RecommendPage) -> None:
    click(qtbot, page, "blend")
    keeping = page.person.keeping
    qtbot.mouseClick(keeping.save, LEFT)
    assert keeping.name.hasFocus() and not keeping.keep.isEnabled()
    qtbot.keyClicks(keeping.name, "Both")
    qtbot.keyClick(keeping.name, Qt.Key.Key_Return)
    shown(page)
    assert page.title.text() == "For Both" and keeping.names.currentText() == "Both"
    qtbot.mouseClick(keeping.undo, LEFT)
    shown(page)
    assert page.session.state.person.kind == "user"
    keeping.names.activated.emit(1)
    shown(page)
    assert page.title.text() == "For Both"
    qtbot.mouseClick(keeping.copy, LEFT)
    shown(page)
    assert page.title.text() == "For Both 2"
    qtbot.mouseClick(keeping.trash, LEFT)
    shown(page)
    assert [each.name for each in page.session.state.people.kept] == ["Both"]
    qtbot.mouseClick(keeping.save, LEFT)
    qtbot.keyClick(keeping.name, Qt.Key.Key_Escape)
    assert not keeping.name.isVisible()


def test_another_persons_predictions_and_ranks_stand_beside(qtbot: QtBot, page: RecommendPage) -> None:
    menu = page.person.keeping.compare_menu()
    next(action for action in menu.actions() if action.text() == "The mean user").trigger()
    shown(page)
    assert heads(page)[-2:] == ["Mean user", "# there"] or "Mean user" in heads(page)
    assert page.list.beside.text() == "beside Mean user"
    assert page.why.beside.text().startswith("Mean user: ")
    page.list.beside.removed.emit()
    shown(page)
    assert "Mean user" not in heads(page) and not page.why.beside.isVisible()


def test_what_if_stands_beside_the_original_and_a_changed_rating_moves_the_list(
    qtbot: QtBot, page: RecommendPage
) -> None:
    page.session.select_user(3)
    shown(page)
    before = titles(page)
    qtbot.mouseClick(page.why.what_if, LEFT)
    shown(page)
    part = page.person.rating
    name = f"User {model_of(page).user_ids[3]}"
    assert name in heads(page) and not page.why.what_if.isEnabled()
    movie = part.list.rows[0].column
    part.list.setFocus()
    for _ in range(8):
        qtbot.keyClick(part.list, Qt.Key.Key_Left)
        shown(page)
        part.list.go_to(movie)
    assert page.session.state.person.rated[movie] < 5
    assert titles(page) != before
    assert page.why.beside.text().startswith(f"{name}: ")


# Why not, how sure, filters


def test_any_title_can_be_searched_to_see_why_it_is_not_there(qtbot: QtBot, page: RecommendPage) -> None:
    page.session.set_filters(at_least=40)
    shown(page)
    model, session = model_of(page), page.session
    hidden = int(np.argmin(model.summary.movie_counts))
    person = chosen_person(session.state)
    assert person is not None
    page.why.why_not.setFocus()
    qtbot.keyClicks(page.why.why_not, read_title(model.title(hidden))[0])
    qtbot.keyClick(page.why.why_not, Qt.Key.Key_Return)
    shown(page)
    assert session.state.selection.movie == hidden
    assert page.why.title.text() == spoken_title(model, hidden)
    found = standing(model, person, hidden, session.filters)
    assert page.why.rank.text() == f"would be rank {found.rank}, hidden by few ratings"


def test_bands_and_their_three_parts_are_those_of_the_rows_on_screen(page: RecommendPage) -> None:
    wait_for(lambda: page.list._view is not None and bool(page.list._view.sure), "the bands")
    view, model = page.list._view, model_of(page)
    assert view is not None
    person, movie = chosen_person(page.session.state), int(view.listed.columns[0])
    assert person is not None
    exact = deviations(model, person, np.array([movie]))
    assert exact is not None and view.sure[movie].sd == pytest.approx(float(exact.sd[0]))
    parts = view.sure[movie]
    assert parts.sd == pytest.approx(math.sqrt(parts.noise**2 + parts.person**2 + parts.movie**2))
    assert "own noise" in view.tip(0)


def test_weights_set_by_hand_have_no_band_and_say_why(qtbot: QtBot, page: RecommendPage) -> None:
    click(qtbot, page, "sliders")
    wait_for(lambda: page.list.band.text() == "no band", "the reason")
    assert "not solved from ratings" in page.list.band.toolTip()
    assert not page.list.bar.careful.isEnabled()


def test_the_careful_order_is_by_the_lower_bound(qtbot: QtBot, page: RecommendPage) -> None:
    from alsgui.core.uncertainty import lower_bounds

    qtbot.mouseClick(page.list.bar.funnel, LEFT)
    box = page.list.bar.careful
    qtbot.mouseClick(box, LEFT, pos=QPoint(10, box.height() // 2))
    shown(page)
    model, person = model_of(page), chosen_person(page.session.state)
    assert person is not None
    listed = for_person(model, person, page.session.filters, lower_bounds(model, person))
    assert titles(page) == [read_title(title)[0] for title in listed.titles]
    assert "less one s.d." in page.list.footer.text()


def test_a_movie_is_left_out_by_delete_and_comes_back_by_the_chips_cross(qtbot: QtBot, page: RecommendPage) -> None:
    before = titles(page)
    table = page.list.table
    qtbot.mouseClick(table.viewport(), LEFT, pos=table.visualRect(page.list.table_model.index(1, 1)).center())
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    shown(page)
    assert titles(page) == [before[0], *before[2:]]
    assert page.list.bar.out_chip.text() == "1 movie left out"
    page.list.bar.out_chip.removed.emit()
    shown(page)
    assert titles(page) == before


def test_genres_years_length_variety_and_the_scale_are_asked_for_in_the_bar(qtbot: QtBot, page: RecommendPage) -> None:
    bar, session = page.list.bar, page.session
    bar.genres.setFocus()
    qtbot.keyClick(bar.genres, Qt.Key.Key_Down)
    shown(page)
    assert session.filters.genres == (bar.genres.currentText(),)
    session.set_filters(genres=())
    qtbot.mouseClick(bar.funnel, LEFT)
    for field, digits in ((bar.first, "1970"), (bar.last, "2010"), (bar.n, "5")):
        field.setFocus()
        qtbot.keyClicks(field, digits)
        qtbot.keyClick(field, Qt.Key.Key_Return)
    shown(page)
    assert (session.filters.first_year, session.filters.last_year, session.filters.n_top) == (1970, 2010, 5)
    assert len(titles(page)) <= 5
    bar.variety.setFocus()
    qtbot.keyClick(bar.variety, Qt.Key.Key_End)
    shown(page)
    assert session.filters.diversity == 1 and "variety" in page.list.footer.text()
    qtbot.mouseClick(bar.clip, LEFT, pos=QPoint(10, bar.clip.height() // 2))
    assert page.list._view is not None and page.list._view.shown.max() <= model_of(page).summary.high


# Everyone and similar


def test_the_lists_of_everyone_are_written_as_a_job(qtbot: QtBot, page: RecommendPage, tmp_path: Path) -> None:
    page.everyone.click()
    dialog = dialog_of(page.window())  # type: ignore[arg-type]
    dialog.n.setText("3")
    dialog.n.editingFinished.emit()
    dialog.export_to(str(tmp_path / "all.csv"))
    settle(page.session)
    lines = (tmp_path / "all.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("user,rank,movie,title,predicted")
    first = [line.split(",")[2] for line in lines[1:4]]
    model = model_of(page)
    listed = for_person(model, of_user(model, 0), Filters(n_top=3))
    assert first == list(listed.ids)


def test_similar_titles_and_users_are_listed_by_three_measures_and_a_row_is_selected(
    qtbot: QtBot, page: RecommendPage
) -> None:
    window, session = page.window(), page.session
    assert isinstance(window, MainWindow)
    for name, field in (("similar_movies", "movie"), ("similar_users", "user")):
        window.actions_by_id[name].trigger()
        dialog = dialog_of(window)
        for measure in ("cosine", "dot", "euclidean"):
            dialog.measure.set_current(measure)
            dialog._ask(measure)
            settle(session)
            values = dialog.found.cosines
            assert np.all(np.diff(values) <= 1e-12)
        table = dialog.table
        qtbot.mouseClick(table.viewport(), LEFT, pos=table.visualRect(dialog.table_model.index(0, 0)).center())
        assert getattr(session.state.selection, field) == dialog.found.columns[0]
        dialog.accept()


def test_implicit_has_scores_and_a_percentile_and_no_stars(window: MainWindow) -> None:
    session: Session = window.session
    ratings = generate("movies", n_users=40, n_movies=50, density=0.4)
    session.put(model=fit(split(ratings, 0.1, 0), "implicit", k=3, epochs=2, threads=1))
    session.select_user(0)
    session.show_page("recommend")
    rendered(window)
    page = window.page("recommend")
    assert isinstance(page, RecommendPage)
    assert "Score" in heads(page) and "Predicted" not in heads(page)
    assert "for this person" in page.why.words.text()
    assert page.why.sum.words.text() == "Score, not a rating"
    assert not page.list.bar.clip.isVisible()


def test_users_are_browsed_by_error_and_a_row_shows_their_list(qtbot: QtBot, page: RecommendPage) -> None:
    window, model = page.window(), model_of(page)
    assert isinstance(window, MainWindow) and model.split is not None
    qtbot.mouseClick(page.person.browse, LEFT)
    dialog = dialog_of(window)
    settle(page.session)
    titles_shown = [column.title for column in dialog.table_model.columns]
    assert titles_shown == ["User", "Ratings", "Mean", "RMSE"]
    training = model.split.training
    columns, given = training.of_user(3)
    errors = given - model.predict_block(np.array([3]), columns)[0]
    exact = float(np.sqrt(np.mean(errors.astype(np.float64) ** 2)))
    assert dialog.table_model.columns[3].value(3) == pytest.approx(exact, rel=1e-4)
    dialog.table.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    worst = dialog.table_model.data_row(0)
    qtbot.mouseClick(
        dialog.table.viewport(), LEFT, pos=dialog.table.visualRect(dialog.table_model.index(0, 0)).center()
    )
    assert page.session.state.selection.user == worst
    dialog.accept()
    shown(page)
    assert page.title.text() == f"For user {model.user_ids[worst]}"


def test_a_prediction_that_nothing_bounds_has_no_band_and_says_so(page: RecommendPage) -> None:
    shown(page)
    listed = page.current_list()
    assert listed is not None
    first, second = (int(column) for column in listed.columns[:2])
    unbounded = Sureness(math.inf, 0.5, math.inf, 0.1)
    page.list.show_sureness({first: unbounded, second: Sureness(0.9, 0.8, 0.4, 0.1)}, "")
    assert "no bound" in unbounded.words()
    assert page.list._view is not None and math.isfinite(page.list._view.reach)
    assert page.list.table_model.rowCount() == len(listed)
