"""Map, Attributes and Diagnosis of the Factors page with a real session, under real mouse and keys."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from alsgui.core import embedding
from alsgui.core.errors import ConfigError
from alsgui.core.factor_view import FactorSource
from alsgui.core.view_orders import Order
from alsgui.io.model_file import save_model
from alsgui.session.session import Session
from alsgui.ui.pages.factors.map import MapView
from alsgui.ui.pages.factors.map_points import Axis, Colour
from alsgui.ui.pages.factors.page import FactorsPage
from alsgui.ui.pages.factors.parts import power
from alsgui.ui.pages.factors.words import movies_title, order_words, users_title
from tests.helpers.models import tiny_model
from tests.helpers.sessions import fit_going_on, open_session, settle, wait_for, with_model, with_movies

_pages: list[FactorsPage] = []


@pytest.fixture
def session() -> Iterator[Session]:
    with open_session() as made:
        yield made
    _pages.clear()


def shown(qtbot: QtBot, session: Session, view: str) -> FactorsPage:
    page = FactorsPage(session)
    _pages.append(page)
    qtbot.addWidget(page)
    qtbot.addWidget(page.inspector)
    page.resize(844, 690)
    page.inspector.resize(320, 690)
    page.show()
    page.inspector.show()
    page.show_view(view)
    drawn(session)
    return page


def drawn(session: Session) -> None:
    for _ in range(4):
        QGuiApplication.processEvents()
        settle(session)


def with_many(session: Session, k: int = 3, algorithm: str = "observed") -> None:
    with_movies(session, 60, 80)
    session.fitting.choose_algorithm(algorithm)
    session.fitting.set_config(k=k, epochs=3, tolerance=0.0)
    session.fitting.fit()
    settle(session)
    assert session.state.model is not None


# Attributes


def test_svd_shows_shares_a_proof_and_the_way_back(qtbot: QtBot, session: Session) -> None:
    with_many(session)
    page = shown(qtbot, session, "attributes")
    before = session.state.model
    assert before is not None and not page.meaning.undo.isEnabled()
    QTest.mouseClick(page.meaning.acts["svd"], Qt.MouseButton.LeftButton)
    drawn(session)
    model = session.state.model
    assert model is not None and model.shown is not None and model.shown.proof is not None
    assert model.shown.proof.difference <= 1e-6 * model.shown.proof.largest
    assert "max |r before − r after|" in page.meaning.proof.text()
    assert page.meaning.model.columns[2].title == "Share"
    told = [float(part.size_words.removesuffix(" %")) for part in page.meaning._parts if part.kind == "attribute"]
    assert sum(told) == pytest.approx(100, abs=0.2)
    assert session.state.runs[-1].model is model
    page.activateWindow()
    wait_for(page.isActiveWindow, "the page to be active")
    page.meaning.table.setFocus()
    QTest.keyClick(page.meaning.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    drawn(session)
    assert session.state.model is not None and session.state.model.shown is None


def test_a_name_is_used_everywhere_from_then_on(qtbot: QtBot, session: Session) -> None:
    with_many(session)
    page = shown(qtbot, session, "attributes")
    field = page.meaning.name
    assert field.placeholderText().startswith("Name it: ")
    attribute = page.meaning._part().attribute  # type: ignore[union-attr]
    field.setFocus()
    QTest.keyClicks(field, "Cult films")
    QTest.keyClick(field, Qt.Key.Key_Return)
    drawn(session)
    model = session.state.model
    assert model is not None and model.attribute_names[attribute] == "Cult films"
    assert any(part.name == "Cult films" and not part.unnamed for part in page.meaning._parts)
    session.select_cell(3, 4)
    page.show_view("numbers")
    drawn(session)
    assert f"{attribute + 1} Cult films" in page.numbers.u._attributes
    assert any(row.name == "Cult films" for row in page.factors_inspector.products._rows)
    session.fitting.go_on(2)
    drawn(session)
    assert session.state.model is not model
    assert session.state.model.attribute_names[attribute] == "Cult films"  # type: ignore[union-attr]
    session.views.name(attribute, "")
    drawn(session)
    assert not any(session.state.model.attribute_names)  # type: ignore[union-attr]


def test_flip_exchanges_the_ends_of_the_chosen_attribute(qtbot: QtBot, session: Session) -> None:
    with_many(session)
    page = shown(qtbot, session, "attributes")
    part = page.meaning._part()
    assert part is not None
    QTest.mouseClick(page.meaning.flip, Qt.MouseButton.LeftButton)
    drawn(session)
    flipped = page.meaning._part()
    assert flipped is not None and flipped.attribute == part.attribute
    np.testing.assert_array_equal(flipped.ends.low, part.ends.high)


def test_biases_and_the_mean_are_rows_of_their_own(qtbot: QtBot, session: Session) -> None:
    with_many(session)
    page = shown(qtbot, session, "attributes")
    kinds = [part.kind for part in page.meaning._parts]
    assert kinds == ["attribute"] * 3 + ["movie_bias", "user_bias", "mean"]
    for row in range(6):
        page.meaning.table.selectRow(row)
        assert page.meaning.histogram.isVisibleTo(page.meaning) == (kinds[row] != "mean")
        assert page.meaning.naming.isVisibleTo(page.meaning) == (kinds[row] == "attribute")
    assert "training ratings" in page.meaning._weights.text()


@pytest.mark.parametrize("algorithm", ["nonnegative", "implicit"])
def test_other_algorithms_have_attributes_too(qtbot: QtBot, session: Session, algorithm: str) -> None:
    with_many(session, algorithm=algorithm)
    page = shown(qtbot, session, "attributes")
    assert [part.kind for part in page.meaning._parts] == ["attribute"] * 3
    assert page.meaning.acts["svd"].isEnabled() == (algorithm == "implicit")
    assert page.meaning.flip.isEnabled() == (algorithm == "implicit")
    QTest.mouseClick(page.meaning.acts["order"], Qt.MouseButton.LeftButton)
    drawn(session)
    assert session.state.model.shown is not None  # type: ignore[union-attr]


def test_while_a_fit_goes_on_nothing_is_turned(qtbot: QtBot, session: Session) -> None:
    fit_going_on(session)
    page = FactorsPage(session)
    _pages.append(page)
    qtbot.addWidget(page)
    qtbot.addWidget(page.inspector)
    page.resize(844, 690)
    page.show()
    page.show_view("attributes")
    wait_for(lambda: bool(page.meaning._parts), "the parts")
    assert not page.meaning.acts["svd"].isEnabled()
    session.views.change("order")
    page.show_view("diagnosis")
    assert "once the fit has ended" in page.diagnosis.reason.text()
    session.fitting.stop()
    drawn(session)
    assert page.diagnosis._found is not None


def test_a_tiny_number_is_told_as_a_power() -> None:
    assert power(1.93e-8) == "1.9 × 10⁻⁸"
    assert power(0.0) == "0"


# Diagnosis


def test_diagnosis_takes_the_errors_apart_and_selects_who_is_predicted_worst(qtbot: QtBot, session: Session) -> None:
    with_many(session)
    page = shown(qtbot, session, "diagnosis")
    found = page.diagnosis._found
    assert found is not None and found.held_out
    assert "inside the 50" in page.diagnosis.band_words.text()
    page.diagnosis.which.chosen.emit("movie")
    page.diagnosis.which.set_current("user")
    page.diagnosis._fill_worst()
    page.diagnosis.table.selectRow(0)
    assert session.state.selection.user == int(found.worst_users.rows[0])
    page.diagnosis.which.set_current("movie")
    page.diagnosis._fill_worst()
    if len(found.worst_movies.rows):
        page.diagnosis.table.selectRow(0)
        assert session.state.selection.movie == int(found.worst_movies.rows[0])
    series = page.diagnosis.against
    assert "users" in series.numbers_csv() and "RMSE" in series.numbers_csv()
    first = series._series[0]
    x, y = series._scales(series._area(series.size().toSizeF()))  # type: ignore[misc]
    assert "RMSE" in series.tip_at(QPointF(x.pixel(first.x[0]), y.pixel(first.y[0])))
    assert series.tip_at(QPointF(-50, -50)) == ""


def test_scores_have_no_errors_and_say_so(qtbot: QtBot, session: Session) -> None:
    with_many(session, algorithm="implicit")
    page = shown(qtbot, session, "diagnosis")
    assert "scores, not ratings" in page.diagnosis.reason.text()


# Map


def place_of(view: MapView, point: int) -> QPoint:
    x_scale, y_scale = view.scatter.scales()
    cloud = view.scatter.cloud()
    assert cloud is not None
    return QPointF(x_scale.pixel(cloud.x[point]), y_scale.pixel(cloud.y[point])).toPoint()


def lonely(view: MapView) -> int:
    """The point that lies farthest from all others."""
    cloud = view.scatter.cloud()
    assert cloud is not None
    far = np.hypot(cloud.x[:, None] - cloud.x, cloud.y[:, None] - cloud.y)
    np.fill_diagonal(far, np.inf)
    return int(far.min(axis=1).argmax())


def test_a_click_on_the_map_selects_a_movie_and_lists_what_is_near(qtbot: QtBot, session: Session) -> None:
    with_many(session)
    page = shown(qtbot, session, "map")
    assert page.map.scatter.has_newest_picture()
    assert page._inspectors.currentWidget() is page.map.inspector
    points, at = page.map.points, lonely(page.map)
    assert points is not None
    QTest.mouseClick(page.map.scatter, Qt.MouseButton.LeftButton, pos=place_of(page.map, at))
    drawn(session)
    assert session.state.selection.movie == int(points.listed[at])
    assert page.map.inspector._title.text().startswith("Near ")
    tip = page.map.scatter.tip_at(QPointF(place_of(page.map, at)))
    assert points.full(at) == tip and "rating" in tip
    nearest = int(page.map.inspector.listed()[0])
    page.map.inspector.table.selectRow(0)
    assert session.state.selection.movie == nearest


@pytest.mark.parametrize("mode", ["rectangle", "lasso"])
def test_a_brush_lists_what_is_inside_and_escape_forgets_it(qtbot: QtBot, session: Session, mode: str) -> None:
    with_many(session)
    page = shown(qtbot, session, "map")
    scatter, points = page.map.scatter, page.map.points
    assert points is not None
    QTest.mouseClick(page.map.toolbar.mode_button(mode), Qt.MouseButton.LeftButton)
    area = scatter.area().toRect()
    corners = [area.topLeft(), area.topRight(), area.bottomRight(), area.bottomLeft()]
    QTest.mousePress(scatter, Qt.MouseButton.LeftButton, pos=corners[0])
    for corner in corners[1:] if mode == "lasso" else [area.center(), corners[2]]:
        QTest.mouseMove(scatter, corner)
    QTest.mouseRelease(scatter, Qt.MouseButton.LeftButton, pos=area.bottomRight())
    drawn(session)
    assert set(page.map.inspector.listed()) == set(points.listed)
    assert page.map.inspector._title.text() == "Brushed"
    QTest.keyClick(scatter, Qt.Key.Key_Escape)
    assert scatter.brush() is None
    drawn(session)
    assert page.map.inspector._title.text() != "Brushed"


def test_what_is_brushed_can_be_taken_along(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    with_many(session)
    page = shown(qtbot, session, "map")
    page.map.scatter.set_brush(np.array([[-9, -9], [9, -9], [9, 9], [-9, 9.0]]))
    page.map.inspector.export_csv(tmp_path / "points.csv")
    lines = (tmp_path / "points.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "Movie,Ratings,Mean"
    assert len(lines) == len(page.map.inspector.listed()) + 1
    failed: list[str] = []
    page.map.inspector.export_failed.connect(failed.append)
    page.map.inspector.export_csv(tmp_path / "none" / "points.csv")
    assert failed
    page.map.inspector.copy.click()
    assert QGuiApplication.clipboard().text().startswith("Movie\tRatings")


def test_brushed_users_get_the_list_of_their_mean(qtbot: QtBot, session: Session) -> None:
    with_many(session)
    page = shown(qtbot, session, "map")
    page.map.scatter.set_brush(np.array([[-9, -9], [9, -9], [9, 9], [-9, 9.0]]))
    assert page.map.inspector.recommend.isHidden(), "movies have no list"
    page.map.set_choice(replace(page.map.points.choice, thing="user"))  # type: ignore[union-attr]
    drawn(session)
    page.map.scatter.set_brush(np.array([[-9, -9], [9, -9], [9, 9], [-9, 9.0]]))
    users = {int(row) for row in page.map.inspector.listed()}
    page.map.inspector.recommend.click()
    person = session.state.person
    assert session.state.page == "recommend" and person.kind == "mean" and set(person.users) == users
    assert person.about == f"{len(users)} users brushed on the map"


def test_a_movie_carried_to_the_end_of_an_axis_makes_a_line_from_it(qtbot: QtBot, session: Session) -> None:
    with_many(session)
    page = shown(qtbot, session, "map")
    scatter, points = page.map.scatter, page.map.points
    at = lonely(page.map)
    assert points is not None
    row, start = int(points.listed[at]), place_of(page.map, at)
    area = scatter.area().toRect()
    QTest.mousePress(scatter, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(scatter, start + QPoint(15, 15))
    QTest.mouseMove(scatter, QPoint(area.left() + 5, area.center().y()))
    scatter.grab()
    QTest.mouseRelease(scatter, Qt.MouseButton.LeftButton, pos=QPoint(area.left() + 5, area.center().y()))
    drawn(session)
    made = page.map.points
    assert made is not None and made.choice.across == Axis("own", 0)
    assert made.x[np.flatnonzero(made.listed == row)[0]] == pytest.approx(0, abs=1e-9)
    assert made.x_title.endswith("mean of all")
    page.map.scatter.set_brush(np.array([[-9, -9], [9, -9], [9, 9], [-9, 9.0]]))
    page.map.inspector.end_wanted.emit("right")
    page.map.inspector.end_wanted.emit("top")
    drawn(session)
    assert page.map.points.choice.up == Axis("own", 1)  # type: ignore[union-attr]
    assert "+" in page.map.points.x_title  # type: ignore[union-attr]


def test_wheel_drag_and_keys_move_the_map_and_home_shows_all(qtbot: QtBot, session: Session) -> None:
    with_many(session)
    page = shown(qtbot, session, "map")
    scatter = page.map.scatter
    whole = scatter.view()
    QTest.keyClick(scatter, Qt.Key.Key_Plus)
    zoomed = scatter.view()
    assert zoomed[1] - zoomed[0] < whole[1] - whole[0]
    QTest.keyClick(scatter, Qt.Key.Key_Right)
    assert scatter.view()[0] > zoomed[0]
    QTest.keyClick(scatter, Qt.Key.Key_Minus)
    drawn(session)
    assert scatter.has_newest_picture()
    QTest.keyClick(scatter, Qt.Key.Key_Home)
    assert scatter.view() == whole


def test_no_two_names_overlap_and_found_points_come_first(qtbot: QtBot, session: Session) -> None:
    with_many(session)
    page = shown(qtbot, session, "map")
    points = page.map.points
    assert points is not None
    title = points.short(len(points.listed) // 2)
    page.map.toolbar.search.setText(title)
    labels = page.map.scatter.labels()
    assert points.short(labels[0][0]).casefold().startswith(title.casefold()[:3])
    assert "found" in page.map.toolbar.found.text()
    for at, (_, place) in enumerate(labels):
        assert not any(place.intersects(other) for _, other in labels[:at])
    page.map.toolbar.search.clear()
    assert page.map.toolbar.found.text() == ""


def test_a_bookmark_brings_axes_colours_part_and_brush_back(qtbot: QtBot, session: Session) -> None:
    with_many(session)
    page = shown(qtbot, session, "map")
    view = page.map
    view.set_choice(replace(view.choice, across=Axis("component", 0), colour=Colour("attribute", 1)))
    drawn(session)
    view.scatter.set_view((-0.1, 0.1, -0.1, 0.1))
    view.scatter.set_brush(np.array([[0, 0], [0.05, 0], [0.05, 0.05]]))
    view.bookmark_menu().actions()[0].trigger()
    view.scatter.set_brush(None)
    view.set_choice(replace(view.choice, across=Axis("attribute", 0), colour=Colour("one")))
    drawn(session)
    view.bookmark_menu().actions()[-1].trigger()
    drawn(session)
    assert view.choice.across == Axis("component", 0) and view.choice.colour == Colour("attribute", 1)
    assert view.scatter.view() == (-0.1, 0.1, -0.1, 0.1)
    assert view.scatter.brush() is not None


def test_users_are_a_map_too(qtbot: QtBot, session: Session) -> None:
    with_many(session)
    page = shown(qtbot, session, "map")
    box = page.map.toolbar.thing
    box.setCurrentIndex(1)
    box.activated.emit(1)
    drawn(session)
    points = page.map.points
    assert points is not None and points.choice.thing == "user"
    QTest.mouseClick(page.map.scatter, Qt.MouseButton.LeftButton, pos=place_of(page.map, lonely(page.map)))
    assert session.state.selection.user is not None


@pytest.mark.parametrize(("k", "algorithm"), [(1, "observed"), (200, "observed"), (3, "nonnegative"), (3, "implicit")])
def test_every_model_has_a_map(qtbot: QtBot, session: Session, k: int, algorithm: str) -> None:
    with_many(session, k, algorithm)
    page = shown(qtbot, session, "map")
    for kind in ("attribute", "one", "mean"):
        page.map.set_choice(replace(page.map.choice, up=Axis("component", 1), colour=Colour(kind)))  # type: ignore[arg-type]
        drawn(session)
        assert page.map.points is not None and np.isfinite(page.map.points.x).all()
    assert page.map.sheet.numbers_csv()
    for view in ("attributes", "numbers", "diagnosis"):
        page.show_view(view)
        drawn(session)


def test_without_ratings_there_are_no_means_but_a_map(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    save_model(tiny_model(), tmp_path / "m.alsgui", with_ratings=False)
    session.open_path(tmp_path / "m.alsgui")
    settle(session)
    page = shown(qtbot, session, "map")
    assert page.map.choice.colour.kind == "one"
    page.show_view("diagnosis")
    assert "without its ratings" in page.diagnosis.reason.text()
    page.show_view("attributes")
    drawn(session)


def test_the_picture_of_the_map_can_be_saved(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    with_model(session)
    page = shown(qtbot, session, "map")
    for name in ("map.png", "map.svg", "map.pdf", "map.csv"):
        page.map.sheet.export_to(tmp_path / name)
        assert (tmp_path / name).stat().st_size > 500


def test_with_nothing_open_no_view_is_offered(qtbot: QtBot, session: Session) -> None:
    page = shown(qtbot, session, "map")
    assert not page.which.isVisible()
    assert page._stack.currentWidget() is page.nothing


# Starts


def test_ten_starts_are_a_job_and_their_spread_is_told(qtbot: QtBot, session: Session) -> None:
    with_many(session)
    page = shown(qtbot, session, "starts")
    assert "from 10 seeds" in page.starts.what.text()
    QTest.mouseClick(page.starts.begin, Qt.MouseButton.LeftButton)
    assert session.state.job is not None and session.state.job.kind == "study"
    assert not page.starts.begin.isEnabled() or page.starts.isVisible()
    drawn(session)
    study = session.state.starts
    assert study is not None and len(study.starts) == 10
    words = page.starts.what.text()
    assert words.startswith("10 starts: objective") and "after rotation" in words
    assert page.starts.model.rowCount() == 10
    assert not page.starts.range_card.isVisible()
    with_movies(session)
    assert session.state.starts is None


def test_starts_of_non_negative_factors_show_the_range_of_loadings(qtbot: QtBot, session: Session) -> None:
    with_many(session, algorithm="nonnegative")
    page = shown(qtbot, session, "starts")
    session.studies.starts(2)
    drawn(session)
    assert page.starts.range_card.isVisible()
    assert "matching and scaling" in page.starts.what.text()
    study = session.state.starts
    assert study is not None and study.ranges is not None
    equal = replace(study, ranges=replace(study.ranges, n_starts=2))
    session.put(starts=equal)
    drawn(session)
    assert page.starts.range_model.rowCount() > 0


def test_a_study_can_be_cancelled(qtbot: QtBot, session: Session) -> None:
    with_many(session)
    session.fitting.set_config(epochs=100_000, tolerance=0.0)
    model = session.state.model
    assert model is not None
    session.put(model=replace(model, config=replace(model.config, epochs=100_000, tolerance=0.0)))
    session.studies.starts(3)
    wait_for(lambda: session.state.job is not None and session.state.job.done is not None, "progress")
    session.cancel()
    drawn(session)
    assert session.state.starts is None and session.state.notice is not None
    assert "cancelled" in session.state.notice.text


# UMAP, genres, and what else a person may do


def test_umap_is_a_job_and_its_axes_come_and_go_together(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = "import sys, numpy as np; f = sys.argv[1]; np.save(f + '/places.npy', np.load(f + '/points.npy')[:, :2])"

    def start(folder: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", copies, str(folder)], stderr=subprocess.PIPE)

    monkeypatch.setattr(embedding, "_start", start)
    monkeypatch.setattr(embedding, "available", lambda: True)
    with_many(session)
    page = shown(qtbot, session, "map")
    box = page.map.toolbar.across
    at = box.findText("UMAP 1")
    box.setCurrentIndex(at)
    box.activated.emit(at)
    assert session.state.job is not None and session.state.job.kind == "study"
    drawn(session)
    points = page.map.points
    assert points is not None and (points.choice.across, points.choice.up) == (Axis("umap", 0), Axis("umap", 1))
    assert session.state.embedding is not None
    np.testing.assert_allclose(points.x, session.state.embedding.places[:, 0])
    assert "no unit" in points.x_title
    box.setCurrentIndex(0)
    box.activated.emit(0)
    drawn(session)
    assert page.map.choice.up == Axis("component", 1)
    page.map.set_choice(replace(page.map.choice, across=Axis("umap", 0), up=Axis("umap", 1)))
    drawn(session)
    assert page.map.points.choice.across == Axis("umap", 0)  # type: ignore[union-attr]


def test_without_a_free_lane_umap_leaves_the_map_as_it_is(qtbot: QtBot, session: Session) -> None:
    with_many(session)
    page = shown(qtbot, session, "map")
    before = page.map.choice
    model = session.state.model
    assert model is not None
    session.put(model=replace(model, config=replace(model.config, epochs=100_000, tolerance=0.0)))
    session.studies.starts(2)
    page.map.set_choice(replace(before, across=Axis("umap", 0), up=Axis("umap", 1)))
    assert page.map.choice.across == before.across
    assert session.state.notice is not None and "not finished yet" in session.state.notice.text
    session.cancel()
    drawn(session)


def test_genres_colour_the_map_and_name_the_ends_of_attributes(qtbot: QtBot, session: Session) -> None:
    with_many(session)
    model = session.state.model
    assert model is not None
    genres = tuple(("Drama|Crime", "Drama", "Comedy", "(no genres listed)")[at % 4] for at in range(model.n_movies))
    session.put(model=replace(model, summary=replace(model.summary, genres=genres)))
    page = shown(qtbot, session, "map")
    page.map.set_choice(replace(page.map.choice, colour=Colour("genre")))
    drawn(session)
    points = page.map.points
    assert points is not None
    assert [name for name, _ in points.scheme.names] == ["Drama", "Comedy", "Crime", "other"]
    colours = dict(points.scheme.names)
    for place, column in enumerate(points.listed):
        expected = ("Crime", "Drama", "Comedy", "other")[int(column) % 4]
        assert points.scheme.rgb[place] == colours[expected]
    assert "Drama" in page.map.legend.numbers_csv()
    assert not page.map.bar.isVisible()
    page.map.sheet.grab()
    page.show_view("attributes")
    drawn(session)
    assert " of " in page.meaning.genres[0].text() + page.meaning.genres[1].text()


def test_what_cannot_be_done_is_refused_and_changes_nothing(qtbot: QtBot, session: Session) -> None:
    session.views.change("svd")
    session.views.name(0, "nobody")
    session.views.undo()
    session.studies.starts()
    assert session.state.model is None and session.state.job is None
    with_many(session, algorithm="nonnegative")
    model = session.state.model
    with pytest.raises(ConfigError, match="never negative"):
        session.views.change("svd")
    session.views.name(0, " ")
    session.views.undo()
    drawn(session)
    assert session.state.model is model
    session.views.change("order")
    session.put(model=replace(model, stopped="tolerance"))  # type: ignore[type-var]
    drawn(session)
    assert session.state.model.shown is None  # type: ignore[union-attr]


def test_the_map_follows_other_factors_and_forgets_other_data(qtbot: QtBot, session: Session) -> None:
    with_many(session)
    page = shown(qtbot, session, "map")
    page.map.keep()
    session.views.change("svd")
    drawn(session)
    assert page.map.points is not None and page.map.points.source.factors is session.state.model.shown.factors  # type: ignore[union-attr]
    assert len(page.map.bookmark_menu().actions()) == 3
    with_movies(session, 20, 30)
    session.fitting.set_config(k=2, epochs=2)
    session.fitting.fit()
    session.show_page("factors")
    drawn(session)
    page.show_view("map")
    drawn(session)
    assert len(page.map.points.listed) <= 30  # type: ignore[union-attr]
    assert len(page.map.bookmark_menu().actions()) == 1


def test_zooming_by_wheel_keeps_the_point_under_the_cursor(qtbot: QtBot, session: Session) -> None:
    with_many(session)
    page = shown(qtbot, session, "map")
    scatter = page.map.scatter
    at = QPointF(place_of(page.map, lonely(page.map)))
    x_scale, _ = scatter.scales()
    before = x_scale.value(at.x())
    event = QWheelEvent(
        at, scatter.mapToGlobal(at), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QGuiApplication.sendEvent(scatter, event)
    assert scatter.scales()[0].value(at.x()) == pytest.approx(before)
    moved = scatter.view()
    ground = scatter.area().center().toPoint()
    scatter.set_view((5.0, 6.0, 5.0, 6.0))  # nothing is there
    QTest.mousePress(scatter, Qt.MouseButton.LeftButton, pos=ground)
    QTest.mouseMove(scatter, ground + QPoint(40, 0))
    QTest.mouseMove(scatter, ground + QPoint(80, 0))
    QTest.mouseRelease(scatter, Qt.MouseButton.LeftButton, pos=ground + QPoint(80, 0))
    assert scatter.view()[0] < 5.0
    QTest.mouseDClick(scatter, Qt.MouseButton.LeftButton, pos=ground)
    assert scatter.view() != moved and scatter.view() == scatter._whole
    scatter.grab()


def test_every_view_offers_its_own_plots_to_be_taken_along(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_many(session)
    opened: list[QMenu] = []
    page = shown(qtbot, session, "map")
    expected = {
        "map": "Copy picture",
        "attributes": "Weights",
        "diagnosis": "Errors",
        "starts": "Export u, m and r…",
    }
    for view, first in expected.items():
        page.show_view(view)
        drawn(session)
        monkeypatch.setattr(QMenu, "popup", lambda menu, at: opened.append(menu))
        QTest.mouseClick(page.export, Qt.MouseButton.LeftButton)
        menu = opened[-1]
        words = [action.text() for action in menu.actions() if not action.isSeparator()]
        assert words[0] == first and words[-1] == "Export u, m and r…"


def test_orders_call_an_attribute_by_the_name_that_a_person_gave_it() -> None:
    source = replace(FactorSource.of_model(tiny_model()), names=("Popcorn", ""))
    assert order_words(Order("attribute", 0), source) == "by Popcorn"
    assert order_words(Order("attribute", 1), source) == "by attribute 2" == order_words(Order("attribute", 1))
    assert users_title(Order("attribute", 0), source) == "users, by Popcorn"
    assert movies_title("book", Order("attribute", 0), 5, source=source) == "books with ≥ 5 ratings, by Popcorn"
