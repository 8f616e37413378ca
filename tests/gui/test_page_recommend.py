"""The Recommend page under real mouse and keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from alsgui.core.attributes import attributes
from alsgui.core.explain import by_ratings
from alsgui.core.fitting import fit
from alsgui.core.model import Model, without_ratings
from alsgui.core.people import mean_user, of_user
from alsgui.core.ratings import Ratings
from alsgui.core.recommend import Filters, for_person, for_user
from alsgui.session.session import Session
from alsgui.text import headline
from alsgui.ui import theme
from alsgui.ui.pages.recommend.cells import scale_words, score_axis
from alsgui.ui.pages.recommend.explained import explained
from alsgui.ui.pages.recommend.page import RecommendPage
from alsgui.ui.pages.recommend.titles import short_title
from alsgui.ui.widgets.layouts import row
from tests.helpers.sessions import fit_going_on, settle, wait_for, with_model
from tests.helpers.tiny import UNSEEN_MOVIE, UNSEEN_USER, all_training, complete, holey

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def model() -> Model:
    """Settled, with titles, a hold-out, and more attributes than are shown at once."""
    from alsgui.core.generate import generate
    from alsgui.core.split import split

    ratings = generate("movies", n_users=30, n_movies=40, density=0.4)
    return fit(split(ratings, 0.1, 0), "observed", k=10, epochs=4, threads=1)


@pytest.fixture
def page(qtbot: QtBot, session: Session) -> Iterator[RecommendPage]:
    """The page with its inspector beside it, of the share of a window of 1280 x 800."""
    page = RecommendPage(session)
    whole = QWidget()
    whole.setLayout(row(page, page.inspector, gap=0))
    page.inspector.setFixedWidth(320)
    qtbot.addWidget(whole)
    whole.resize(1200, 690)
    whole.show()
    yield page  # and not return, which would let go of the window around it


def shown(session: Session, page: RecommendPage) -> None:
    """Wait until list and explanation are those of the state."""
    QApplication.processEvents()
    settle(session)
    wait_for(lambda: page._ranked is not None and page._is_current(page._ranked, session.state), "the list")
    for _ in range(3):  # the list may select its first row, which is then explained
        QApplication.processEvents()
        settle(session)
    QApplication.processEvents()


def show_model(session: Session, page: RecommendPage, model: Model, user: int | None = 0) -> None:
    session.put(model=model)
    session.select_user(user)
    session.set_filters(at_least=0)
    shown(session, page)


def column_of(page: RecommendPage, title: str) -> list[str]:
    """Words of one column of the table, from the top."""
    table = page.list.table_model
    at = [column.title for column in table.columns].index(title)
    return [str(table.index(number, at).data()) for number in range(table.rowCount())]


def click_row(qtbot: QtBot, page: RecommendPage, number: int) -> None:
    table = page.list.table
    place = table.visualRect(page.list.table_model.index(number, 1))
    qtbot.mouseClick(table.viewport(), LEFT, pos=place.center())


def click_head(qtbot: QtBot, page: RecommendPage, title: str) -> None:
    head = page.list.table.horizontalHeader()
    section = [column.title for column in page.list.table_model.columns].index(title)
    place = QPoint(head.sectionViewportPosition(section) + head.sectionSize(section) // 2, head.height() // 2)
    qtbot.mouseClick(head.viewport(), LEFT, pos=place)


def read(titles: Sequence[str]) -> list[str]:
    """Titles as the table shows them."""
    return [short_title(title) for title in titles]


def numbers_of(csv: str) -> list[float]:
    """Last field of each line below the head."""
    return [float(line.rsplit(",", 1)[1]) for line in csv.strip().splitlines()[1:]]


# The person


def test_a_user_is_found_by_id_and_enter_shows_their_list(
    qtbot: QtBot, session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, model)
    field = page.person.field
    field.setFocus()
    QApplication.processEvents()
    field.selectAll()
    qtbot.keyClicks(field, "12")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    shown(session, page)
    assert session.state.selection.user == model.summary.user_rows["12"]
    assert page.title.text() == "For user 12"
    assert field.text() == "User 12"
    expected = for_user(model, model.summary.user_rows["12"], session.filters)
    assert column_of(page, "Movie") == read(expected.titles)


def test_an_unknown_id_is_said_to_be_unknown_and_changes_nothing(
    qtbot: QtBot, session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, model)
    field = page.person.field
    field.setFocus()
    QApplication.processEvents()
    field.selectAll()
    qtbot.keyClicks(field, "nobody")
    field.look_up()
    assert field.results.item(0).text() == "There is no user nobody"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    shown(session, page)
    assert session.state.selection.user == 0
    assert field.text() == "User 1"


def test_the_arrows_step_through_the_users_and_end_with_them(
    qtbot: QtBot, session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, model)
    assert not page.person.previous.isEnabled()
    qtbot.mouseClick(page.person.next, LEFT)
    shown(session, page)
    assert page.title.text() == f"For user {model.user_ids[1]}"
    qtbot.mouseClick(page.person.previous, LEFT)
    shown(session, page)
    assert page.title.text() == f"For user {model.user_ids[0]}"
    session.select_user(model.n_users - 1)
    shown(session, page)
    assert not page.person.next.isEnabled()


def test_the_list_follows_a_user_who_is_selected_elsewhere(session: Session, page: RecommendPage, model: Model) -> None:
    show_model(session, page, model)
    session.select_user(7)
    shown(session, page)
    assert column_of(page, "Movie") == read(for_user(model, 7, session.filters).titles)


def test_the_mean_users_list_is_that_of_the_row_means_of_u(
    qtbot: QtBot, session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, model)
    qtbot.mouseClick(page.person.tiles["mean"], LEFT)
    shown(session, page)
    expected = for_person(model, mean_user(model), session.filters)
    assert page.title.text() == "For the mean user"
    assert column_of(page, "Movie") == read(expected.titles)
    assert column_of(page, "Predicted") == [f"{value:.2f}" for value in expected.predicted]
    assert not page.list.bar.hide_rated.isEnabled() and page.list.bar.hide_rated.toolTip()
    assert not page.person.rated.isVisible()


def test_the_chapters_example_lists_the_six_highest_for_the_mean_user(session: Session, page: RecommendPage) -> None:
    session.generate("chapter", n_users=20, n_movies=30)
    settle(session)
    session.fitting.fit()
    settle(session)
    session.choose_person("mean")
    shown(session, page)
    model = session.state.model
    assert model is not None
    scores = model.m.T.astype(np.float64) @ model.u.astype(np.float64).mean(axis=1)
    best = np.argsort(-scores)[:6]
    assert column_of(page, "Movie") == [model.movie_ids[movie] for movie in best]
    assert page.list.footer.text().startswith("The best 6 of 30 candidates")


def test_keys_on_a_slider_make_somebody_up_and_move_the_list(
    qtbot: QtBot, session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, model)
    k, slider = next(iter(page.person.weights.sliders.items()))
    before = slider.value()
    qtbot.keyClick(slider, Qt.Key.Key_PageUp)
    qtbot.keyClick(slider, Qt.Key.Key_PageUp)
    shown(session, page)
    assert session.state.person.kind == "sliders"
    assert page.title.text() == "For a made-up person"
    weights = np.array(model.u[:, 0], np.float64)
    weights[k] = slider.value()
    assert slider.value() > before
    made_up = replace(of_user(model, 0), weights=weights, row=None)
    assert column_of(page, "Movie") == read(for_person(model, made_up, session.filters).titles)


def test_dragging_a_slider_moves_its_weight(qtbot: QtBot, session: Session, page: RecommendPage, model: Model) -> None:
    show_model(session, page, model)
    k, slider = next(iter(page.person.weights.sliders.items()))
    level = round(0.7 * slider.height())
    qtbot.mousePress(slider, LEFT, pos=QPoint(slider.width() // 2, level))
    qtbot.mouseMove(slider, QPoint(slider.width() - 12, level))
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(slider.width() - 12, level))
    shown(session, page)
    weights = session.state.person.weights
    assert weights is not None and weights[k] == slider.value()
    assert page.person.tiles["sliders"].isChecked()


def test_reset_to_mean_puts_every_weight_at_the_mean(
    qtbot: QtBot, session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, model)
    qtbot.mouseClick(page.person.tiles["sliders"], LEFT)
    shown(session, page)
    qtbot.mouseClick(page.person.weights.to_mean, LEFT)
    shown(session, page)
    assert session.state.person.kind == "sliders"
    assert session.state.person.weights == pytest.approx(mean_user(model).weights)
    assert session.state.person.bias == pytest.approx(mean_user(model).bias)


def test_the_eight_largest_attributes_have_sliders_and_the_rest_unfold(
    qtbot: QtBot, session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, model)
    part = page.person.weights
    assert len(part.sliders) == 8
    assert part.more.accessibleName() == "2 more"
    qtbot.mouseClick(part.more, LEFT)
    assert sorted(part.sliders) == list(range(10))
    for k, slider in part.sliders.items():
        assert slider.value() == pytest.approx(float(model.u[k, 0]))


def test_a_user_without_training_ratings_is_shown_the_mean_users_list_and_told_so(
    session: Session, page: RecommendPage
) -> None:
    model = fit(all_training(holey()), "observed", k=2, epochs=3, threads=1)
    show_model(session, page, model, UNSEEN_USER)
    assert page.person.unknown.isVisible()
    assert "mean user" in page.person.unknown.text()
    expected = for_person(model, mean_user(model), session.filters)
    assert column_of(page, "Predicted") == [f"{value:.2f}" for value in expected.predicted]
    assert "mean user" in page.why.words.text()


def test_all_ratings_of_the_user_unfold_and_a_click_explains_one(
    qtbot: QtBot, session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, model)
    part = page.person.rated
    assert model.ratings is not None
    columns, given = model.ratings.of_user(0)
    assert len(part.list.rows) == 3
    assert part.list.rows[0].given == given.max() and part.list.rows[-1].given == given.min()
    expected = model.predictor.cells(np.zeros(len(columns), int), columns)
    told = {each.column: each.predicted for each in part.list.rows}
    assert all(told[int(at)] == pytest.approx(stars) for at, stars in zip(columns, expected, strict=True) if at in told)
    qtbot.mouseClick(part.all, LEFT)
    assert sorted(each.column for each in part.list.rows) == sorted(columns)
    qtbot.mouseClick(part.list, LEFT, pos=part.list.row_rect(0).center().toPoint())
    shown(session, page)
    assert session.state.selection.movie == part.list.rows[0].column
    assert page.why.rank.text() == f"rated {part.list.rows[0].given:g}, hidden"


# The list


def test_the_chip_says_how_many_it_hides_and_one_click_shows_them(
    qtbot: QtBot, session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, model)
    n_all = page.list.table_model.rowCount()
    session.set_filters(at_least=10)
    shown(session, page)
    n_hidden = n_all - page.list.table_model.rowCount()
    assert n_hidden > 0
    assert page.list.bar.chip.text() == f"at least 10 ratings, hides {n_hidden}"
    cross = page.list.bar.chip.findChildren(QWidget)[-1]
    qtbot.mouseClick(cross, LEFT)
    shown(session, page)
    assert page.list.table_model.rowCount() == n_all
    assert not page.list.bar.chip.isVisible()


def test_the_number_of_ratings_can_be_asked_for_again(
    qtbot: QtBot, session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, model)
    page.list.bar.support.setFocus()
    qtbot.keyClick(page.list.bar.support, Qt.Key.Key_Down)
    shown(session, page)
    assert session.filters.at_least == 5
    assert page.list.bar.chip.isVisible()


def test_hide_rated_leaves_out_what_the_user_rated_and_showing_it_shows_the_rating(
    qtbot: QtBot, session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, model)
    assert model.ratings is not None
    columns, _ = model.ratings.of_user(0)
    assert page.list.table_model.rowCount() == model.n_movies - len(columns)
    box = page.list.bar.hide_rated
    qtbot.mouseClick(box, LEFT, pos=QPoint(10, box.height() // 2))
    shown(session, page)
    assert page.list.table_model.rowCount() == model.n_movies
    given = column_of(page, "Given")
    assert sum(words != "not rated" for words in given) == len(columns)


def test_typing_filters_by_title_and_clearing_brings_all_back(
    qtbot: QtBot, session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, model)
    everything = column_of(page, "Movie")
    wanted = everything[0].split()[0].casefold()
    qtbot.keyClicks(page.list.bar.filter, wanted)
    shown(session, page)
    assert column_of(page, "Movie") == [title for title in everything if wanted in title.casefold()]
    page.list.bar.filter.clear()
    shown(session, page)
    assert column_of(page, "Movie") == everything


def test_when_nothing_is_left_the_footer_says_so(session: Session, page: RecommendPage, model: Model) -> None:
    show_model(session, page, model)
    session.set_filters(text="no such title")
    shown(session, page)
    assert page.list.footer.text() == "No movie is left: take a filter away."


def test_a_head_sorts_and_the_order_stays_when_the_list_changes(
    qtbot: QtBot, session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, model)
    click_head(qtbot, page, "Ratings")
    counts = [int(words) for words in column_of(page, "Ratings")]
    assert counts == sorted(counts)
    session.select_user(3)
    shown(session, page)
    counts = [int(words) for words in column_of(page, "Ratings")]
    assert counts == sorted(counts)
    listed = page.current_list()
    assert listed is not None and np.all(np.diff(listed.predicted) <= 0), "an export is in the order of rank"


def test_copied_rows_are_tab_separated_under_their_heads(
    qtbot: QtBot, session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, model)
    click_row(qtbot, page, 1)
    qtbot.keyClick(page.list.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    head, line = QGuiApplication.clipboard().text().splitlines()
    assert head.split("\t") == ["#", "Movie", "Year", "Predicted", "Ratings"]
    assert line.split("\t")[:2] == ["2", *read(for_user(model, 0, session.filters).titles[1:2])]


def test_a_model_without_ratings_says_that_seen_movies_are_not_known(
    session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, without_ratings(model))
    assert not page.list.bar.hide_rated.isEnabled()
    assert "seen movies are not known" in [each.text() for each in page.list.findChildren(QLabel)]
    assert page.list.table_model.rowCount() == model.n_movies
    assert "without its ratings" in page.why.words.text()


def test_a_wide_window_shows_genres_means_and_similar_movies(
    session: Session, page: RecommendPage, model: Model
) -> None:
    page.window().resize(1620, 900)
    show_model(session, page, model)
    titles = [column.title for column in page.list.table_model.columns]
    assert [title for title in titles if title != "± s.d."] == [
        "#", "Movie", "Year", "Genres", "", "Predicted", "Ratings", "Mean",
    ]  # fmt: skip
    assert page.why.similar.isVisible()
    page.window().resize(1200, 690)
    shown(session, page)
    assert "Genres" not in [column.title for column in page.list.table_model.columns]
    assert not page.why.similar.isVisible()


def test_the_list_to_export_is_there_before_the_page_was_shown(qtbot: QtBot, session: Session, model: Model) -> None:
    page = RecommendPage(session)
    qtbot.addWidget(page)
    assert page.current_list() is None
    session.put(model=model)
    session.select_user(2)
    listed = page.current_list()
    assert listed is not None
    np.testing.assert_array_equal(listed.columns, for_user(model, 2, Filters()).columns)
    with qtbot.waitSignal(page.action_wanted) as wanted:
        page.export.click()
    assert wanted.args == ["export_list"]


# Why


def test_the_first_row_is_explained_and_the_numbers_shown_add_up(
    session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, model)
    expected = for_user(model, 0, session.filters)
    assert page.why.rank.text() == "rank 1"
    assert page.why.title.text() == expected.titles[0]
    *steps, total = numbers_of(page.why.waterfall.numbers_csv())
    assert total == pytest.approx(round(float(expected.predicted[0]), 2), abs=0.005)
    assert sum(steps) == pytest.approx(total, abs=1e-9)


def test_a_click_on_a_row_selects_the_movie_everywhere_and_explains_it(
    qtbot: QtBot, session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, model)
    click_row(qtbot, page, 4)
    shown(session, page)
    expected = for_user(model, 0, session.filters)
    assert session.state.selection.movie == expected.columns[4]
    assert page.why.rank.text() == "rank 5"
    qtbot.keyClick(page.list.table, Qt.Key.Key_Down)
    shown(session, page)
    assert page.why.title.text() == expected.titles[5]


def test_the_pulls_shown_add_up_to_their_sum(session: Session, page: RecommendPage, model: Model) -> None:
    show_model(session, page, model)
    pulls = numbers_of(page.why.pulls.numbers_csv())
    shown_sum = float(page.why.pulled.text().removeprefix("sum ").replace("−", "-"))
    assert sum(pulls) == pytest.approx(shown_sum, abs=1e-9)
    start, total = (float(line.number.text().replace("−", "-")) for line in (page.why.start, page.why.sum))
    assert start + sum(pulls) == pytest.approx(total, abs=1e-9)
    movie = session.state.selection.movie
    assert movie is not None
    exact = by_ratings(model, of_user(model, 0), movie)
    assert exact is not None
    assert shown_sum == pytest.approx(exact.pulls.sum(), abs=0.0151)
    assert page.why.words.text().startswith(f"All {len(exact.columns)} training ratings together")


def test_a_movie_chosen_elsewhere_stays_when_the_user_changes_with_it(
    session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, model)
    last = int(for_user(model, 5, session.filters).columns[-1])
    session.select_cell(5, last)
    shown(session, page)
    assert session.state.selection.movie == last
    assert page.why.title.text() == model.title(last)
    session.select_user(6)
    shown(session, page)
    assert session.state.selection.movie == for_user(model, 6, session.filters).columns[0]


def test_the_explanation_is_copied_as_lines_that_add_up(
    qtbot: QtBot, session: Session, page: RecommendPage, model: Model
) -> None:
    show_model(session, page, model)
    qtbot.mouseClick(page.why.copy, LEFT)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].endswith("for user 1")
    numbers = [float(line.split("\t")[0].replace("−", "-")) for line in lines[1:] if "\t" in line]
    end = next(at for at, line in enumerate(lines) if line.endswith("Prediction")) - 1
    assert sum(numbers[:end]) == pytest.approx(numbers[end], abs=1e-9)


def test_show_in_factors_goes_there(qtbot: QtBot, session: Session, page: RecommendPage, model: Model) -> None:
    show_model(session, page, model)
    qtbot.mouseClick(page.why.to_factors, LEFT)
    assert session.state.page == "factors"


@pytest.mark.parametrize("kind", ["mean", "sliders"])
def test_people_without_ratings_have_no_pulls_and_are_told_why(
    session: Session, page: RecommendPage, model: Model, kind: str
) -> None:
    show_model(session, page, model)
    session.choose_person(kind)  # type: ignore[arg-type]
    shown(session, page)
    assert not page.why.pulls.isVisible()
    assert "not solved from ratings" in page.why.words.text()


@pytest.mark.parametrize("algorithm", ["observed", "ridge", "nonnegative", "nmf", "implicit", "em"])
def test_pulls_and_products_shown_add_up_to_the_prediction_for_every_algorithm(algorithm: str) -> None:
    ratings = complete() if algorithm in ("ridge", "nmf") else holey()
    made_model = fit(all_training(ratings), algorithm, k=2, epochs=3, threads=1)
    made = explained(made_model, of_user(made_model, 0), "user", 1, float("nan"))
    digits = made.digits
    assert made.in_stars == (algorithm != "implicit")
    assert sum(pull.value for pull in made.pulls) == pytest.approx(round(made.total, digits), abs=1e-9)
    assert sum(step[2] for step in made.steps) == pytest.approx(made.total)
    assert made.total == pytest.approx(float(made_model.predict_block(np.array([0]), np.array([1]))[0, 0]), abs=1e-5)


def test_weights_that_were_not_solved_for_the_movies_kept_have_a_bar_that_says_so(model: Model) -> None:
    moved = replace(of_user(model, 0), weights=np.array(model.u[:, 0], np.float64) + 0.5)
    made = explained(model, moved, "user", 0, float("nan"))
    assert made.pulls[-1].title == "not settled yet"
    assert sum(pull.value for pull in made.pulls) == pytest.approx(round(made.total, 2), abs=1e-9)
    assert "solve the users once more" in made.sentence


def test_a_movie_that_nobody_rated_is_said_to_rest_on_the_person_alone() -> None:
    tiny = fit(all_training(holey()), "observed", k=2, epochs=3, threads=1)
    made = explained(tiny, of_user(tiny, 0), "user", UNSEEN_MOVIE, float("nan"))
    assert made.facts == "0 ratings"
    assert made.sentence.startswith("Nobody rated this movie")


def test_one_rating_is_spoken_of_as_one() -> None:
    ratings = Ratings.from_triplets(["a", "b", "b"], ["x", "x", "y"], [5, 3, 4])
    tiny = fit(all_training(ratings), "observed", k=1, epochs=3, threads=1)
    made = explained(tiny, of_user(tiny, 0), "user", 1, float("nan"))
    assert made.sentence.startswith("The one training rating changes it by")


# Without a model, and small things


def test_without_a_model_the_page_offers_what_mends_it(qtbot: QtBot, session: Session, page: RecommendPage) -> None:
    assert page._mends["sample"].isVisible() and not page._mends["fit"].isVisible()
    assert not page.person.isVisible()
    session.generate("movies", n_users=12, n_movies=16, density=0.5)
    settle(session)
    QApplication.processEvents()
    assert page._mends["fit"].isVisible() and not page._mends["sample"].isVisible()
    with qtbot.waitSignal(page.action_wanted) as wanted:
        qtbot.mouseClick(page._mends["fit"], LEFT)
    assert wanted.args == ["fit"]


def test_another_model_gets_its_own_sliders_and_list(session: Session, page: RecommendPage, model: Model) -> None:
    show_model(session, page, model)
    smaller = fit(all_training(holey()), "observed", k=3, epochs=2, threads=1)
    session.put(model=smaller)
    shown(session, page)
    assert sorted(page.person.weights.sliders) == [0, 1, 2]
    assert not page.person.weights.more.isVisible()
    assert page.list.table_model.rowCount() <= smaller.n_movies


def test_the_page_draws_in_the_dark_and_in_large_text(session: Session, page: RecommendPage, model: Model) -> None:
    show_model(session, page, model)
    place = page.list.table.viewport().geometry()
    light = page.list.table.grab(place).toImage()
    theme.current().set_mode("dark")
    shown(session, page)
    assert page.list.table.grab(place).toImage() != light
    theme.current().set_scale(1.5)
    shown(session, page)
    assert page.person.width() == theme.px(280) == 420


def test_a_prediction_outside_the_scale_is_explained() -> None:
    assert scale_words(5.03, 0.5, 5.0) == "On the scale from 0.5 to 5 it is 5.00."
    assert scale_words(4.0, 0.5, 5.0) == ""


def test_the_axis_of_the_scores_holds_the_best_and_ends_where_the_list_is_long() -> None:
    predicted = np.linspace(5.03, 1.0, 4000)
    start, stop, ticks = score_axis(predicted)
    assert stop >= 5.03 and start > 4.5
    assert all(start - 1e-9 <= tick <= stop + 1e-9 for tick in ticks)
    assert score_axis(np.empty(0))[0] < score_axis(np.empty(0))[1]


def test_titles_are_spoken_with_their_article_in_front() -> None:
    assert short_title("Jungle Book, The (1994)") == "The Jungle Book"
    assert short_title("Heat (1995)") == "Heat"


def test_sliders_are_named_by_the_movies_at_both_ends_as_on_factors(session: Session, page: RecommendPage) -> None:
    with_model(session)
    session.show_page("recommend")
    shown(session, page)
    wait_for(lambda: bool(page.person.weights.sliders), "the sliders")
    model = session.state.model
    assert model is not None and model.titles is not None
    known = attributes(model.factors, model.summary.movie_counts)
    for k, slider in page.person.weights.sliders.items():
        low, high = (headline(model.titles[int(ends[k, 0])]) for ends in (known.low, known.high))
        assert slider.toolTip().splitlines()[0] == f"{low} ↔ {high}"
        assert slider.accessibleName().startswith(f"{low} ↔ {high} ")


# While a fit goes on


def test_the_list_is_that_of_the_latest_epoch_and_nobody_loses_their_place(
    qtbot: QtBot, session: Session, page: RecommendPage
) -> None:
    fit_going_on(session, k=3)
    session.select_user(4)
    wait_for(lambda: page._ranked is not None and page._ranked.user == 4 and bool(page.why.title.text()), "a list")
    chosen = page._ranked.listed  # type: ignore[union-attr]
    assert chosen is not None
    session.select_movie(int(chosen.columns[3]))
    sliders = dict(page.person.weights.sliders)
    seen = page._ranked
    wait_for(lambda: page._ranked is not None and page._ranked.model is not seen.model, "the next epoch's list")  # type: ignore[union-attr]
    session.fitting.pause()
    wait_for(lambda: session.light.idle and page._ranked.model is session.state.model, "the last one")  # type: ignore[union-attr]
    made = page._ranked
    assert made is not None and made.listed is not None
    # A last epoch may come after the pause was asked for: the list is judged by the model that it says it is of.
    expected = for_user(made.model, 4, session.filters)
    np.testing.assert_array_equal(made.listed.columns, expected.columns)
    np.testing.assert_array_equal(made.listed.predicted, expected.predicted)
    assert session.state.selection.movie == int(chosen.columns[3]), "the movie that was chosen is still"
    assert page.person.weights.sliders == sliders, "sliders are not made anew at every epoch"
    assert "Run 1, epoch " in page.subtitle.text()
    session.cancel()
    settle(session)
    wait_for(lambda: page._ranked is not None and page._ranked.model is session.state.model, "the list that is kept")
    assert session.state.selection.movie == int(chosen.columns[3])
    assert page.subtitle.text() == ""
