"""Pictures as files: golden ones with a tolerance, SVG as the screen shows it, PDF with text and lossless cells.

`ALSGUI_GOLDEN=write pytest tests/gui/test_pictures_as_files.py` makes the golden pictures anew; look at them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pypdf import PageObject, PdfReader
from PySide6.QtCore import QPoint, QSizeF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from alsgui.app import application
from alsgui.ui import theme
from alsgui.ui.widgets.cells import TileRequest, cells_of_pixel
from alsgui.ui.widgets.factor_picture import FactorPicture
from alsgui.ui.widgets.heatmap import Heatmap
from alsgui.ui.widgets.heatmap_numbers import csv_of, npy_of, span_ids, unique_names
from alsgui.ui.widgets.panel_picture import PanelPicture, PanelSpec
from alsgui.ui.widgets.plot import PlotSheet

GOLDEN = Path(__file__).parent / "golden"
N_USERS, N_MOVIES, K = 90, 120, 6
RNG = np.random.default_rng(5)
U, M = RNG.standard_normal((N_USERS, K)), RNG.standard_normal((K, N_MOVIES))
R = 3 + 0.4 * U @ M
Y = np.where(RNG.random(R.shape) < 0.3, np.round(2 * np.clip(R, 0.5, 5)) / 2, np.nan)

MOST_DIFFERENT = 0.02
"""Share of pixels that may differ: letters are smoothed otherwise elsewhere, cells are not."""


@pytest.fixture(autouse=True)
def our_font(qapp: QApplication) -> Iterator[None]:
    """The window's own font and palette, as in the program."""
    application()
    yield
    theme.current().set_mode("light")


def answer(heatmap: Heatmap, matrix: np.ndarray) -> None:
    """Have a heatmap draw a matrix, by the definition of a tile."""

    def reduce(request: TileRequest) -> None:
        part = matrix[request.row_start : request.row_stop, request.column_start : request.column_stop]
        rows = [cells_of_pixel(p, request.n_row_pixels, part.shape[0]) for p in range(request.n_row_pixels)]
        columns = [cells_of_pixel(p, request.n_column_pixels, part.shape[1]) for p in range(request.n_column_pixels)]
        means = [[part[r0:r1, c0:c1].mean() for c0, c1 in columns] for r0, r1 in rows]
        heatmap.set_tile(request, np.array(means, np.float32))

    heatmap.tile_wanted.connect(reduce)


def factors(qtbot: QtBot) -> FactorPicture:
    picture = FactorPicture("factors")
    qtbot.addWidget(picture)
    for heatmap, matrix in ((picture.u, U), (picture.m, M), (picture.r, R)):
        answer(heatmap, matrix)
    picture.resize(560, 420)
    picture.set_shape(N_USERS, N_MOVIES, K)
    picture.set_limits(2, 2, (1, 5))
    picture.u.set_row_axis("users, in blocks of similar taste")
    picture.r.set_column_axis("movies")
    picture.r.set_column_blocks([(0, 70, "Drama"), (70, 120, "Action")])
    picture.r_bar.set_actual(-0.42, 5.95)
    picture.set_crosshair(40, 30)
    picture.show()
    drawn(qtbot, [picture.u, picture.m, picture.r])
    return picture


def panels(qtbot: QtBot) -> PanelPicture:
    picture = PanelPicture("panels")
    qtbot.addWidget(picture)
    picture.set_panels(
        [
            PanelSpec("y", "observed", "y", bar=False),
            PanelSpec("r", "predicted, same cells", "r"),
            PanelSpec("y − r", "error", "error", "diverging"),
        ]
    )
    for at, matrix in enumerate((Y, np.where(np.isnan(Y), np.nan, R), Y - R)):
        answer(picture.panels[at], matrix)
        picture.set_limits(at, *((1, 5) if at < 2 else (-1.0, 1.0)))
        picture.bars[at].set_missing("none")
    picture.resize(620, 340)
    picture.set_shape(N_USERS, N_MOVIES)
    picture.set_crosshair(40, 30)
    picture.axis_title.set_words("movies, by id")
    picture.show()
    drawn(qtbot, picture.shown())
    return picture


def drawn(qtbot: QtBot, heatmaps: list[Heatmap]) -> None:
    qtbot.waitUntil(lambda: all(heatmap.request() is not None for heatmap in heatmaps))
    for _ in range(3):
        QApplication.processEvents()


MAKERS = {"factors": factors, "panels": panels}


def image_of(sheet: PlotSheet, path: Path) -> QImage:
    sheet.export_png(path, scale=1)
    return QImage(str(path))


def pixels(image: QImage) -> np.ndarray:
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.width(), 4)[:, :, :3].astype(int)


def different(one: QImage, other: QImage) -> float:
    """Share of pixels whose colours are more than a fifth apart in any channel."""
    assert one.size() == other.size()
    return float((np.abs(pixels(one) - pixels(other)).max(axis=2) > 51).mean())


def images_of(page: PageObject) -> list[Any]:
    objects = [each.get_object() for each in page["/Resources"]["/XObject"].values()]
    return [each for each in objects if each["/Subtype"] == "/Image"]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", list(MAKERS))
def test_a_picture_is_the_golden_one(qtbot: QtBot, tmp_path: Path, name: str, mode: str) -> None:
    theme.current().set_mode(mode)  # type: ignore[arg-type]
    made = image_of(MAKERS[name](qtbot), tmp_path / "made.png")
    golden = GOLDEN / f"{name}-{mode}.png"
    if os.environ.get("ALSGUI_GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        made.save(str(golden))
    assert different(made, QImage(str(golden))) < MOST_DIFFERENT


def test_a_golden_picture_of_other_numbers_would_not_pass(qtbot: QtBot, tmp_path: Path) -> None:
    picture = factors(qtbot)
    picture.set_limits(2, 2, (2, 6))
    drawn(qtbot, [picture.r])
    made = image_of(picture, tmp_path / "made.png")
    assert different(made, QImage(str(GOLDEN / "factors-light.png"))) > MOST_DIFFERENT


@pytest.mark.parametrize("name", list(MAKERS))
def test_an_svg_looks_like_the_screen_and_keeps_text_as_text(qtbot: QtBot, tmp_path: Path, name: str) -> None:
    sheet = MAKERS[name](qtbot)
    sheet.export_svg(tmp_path / "picture.svg")
    text = (tmp_path / "picture.svg").read_text("utf-8")
    assert "<text" in text and "movies" in text
    assert "data:image/png;base64" in text
    rendered = QImage(sheet.size(), QImage.Format.Format_RGB32)
    rendered.fill(theme.color("surface"))
    renderer = QSvgRenderer(str(tmp_path / "picture.svg"))
    assert renderer.isValid()
    assert renderer.viewBox().size() == sheet.size()
    inches = float(text.partition('width="')[2].partition("mm")[0]) / 25.4
    assert 96 * inches == pytest.approx(sheet.width(), abs=0.5), "as wide in a browser as on the screen"
    with QPainter(rendered) as painter:
        renderer.render(painter)
    assert different(rendered, image_of(sheet, tmp_path / "screen.png")) < 2 * MOST_DIFFERENT


@pytest.mark.parametrize("name", list(MAKERS))
def test_a_pdf_has_its_size_its_text_and_the_cells_without_loss(qtbot: QtBot, tmp_path: Path, name: str) -> None:
    sheet = MAKERS[name](qtbot)
    sheet.export_pdf(tmp_path / "picture.pdf")
    (page,) = PdfReader(tmp_path / "picture.pdf").pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (sheet.width(), sheet.height())
    words = "".join(page.extract_text().split())
    assert "movies" in words and ("userweights" in words or "observed" in words)
    heatmap = sheet.r if isinstance(sheet, FactorPicture) else sheet.panels[0]  # type: ignore[attr-defined]
    request = heatmap.request()
    images = images_of(page)
    sizes = {(each["/Width"], each["/Height"]) for each in images}
    assert (request.n_column_pixels, request.n_row_pixels) in sizes
    assert all("/DCTDecode" not in str(each.get("/Filter")) for each in images)


def test_a_drawing_of_strokes_holds_cells_at_their_own_resolution(qtbot: QtBot, tmp_path: Path) -> None:
    sheet = factors(qtbot)
    heatmap = sheet.r
    heatmap.set_crosshair(None, None)
    heatmap.export_pdf(tmp_path / "r.pdf")
    (page,) = PdfReader(tmp_path / "r.pdf").pages
    (image,) = images_of(page)
    assert (image["/Width"], image["/Height"]) == (N_MOVIES, N_USERS)
    made = np.frombuffer(image.get_data(), np.uint8).reshape(N_USERS, N_MOVIES, -1)
    screen = heatmap.grab().toImage()
    for row, column in ((0, 0), (40, 30), (89, 119)):
        picture = heatmap.picture()
        x = picture.left() + (column + 0.5) * picture.width() / N_MOVIES
        y = picture.top() + (row + 0.5) * picture.height() / N_USERS
        assert made[row, column].tolist() == [*screen.pixelColor(QPoint(int(x), int(y))).getRgb()[:3]]


@pytest.mark.parametrize("scale", [1, 2, 3, 4])
def test_a_png_has_as_many_pixels_as_asked_for(qtbot: QtBot, tmp_path: Path, scale: int) -> None:
    picture = factors(qtbot)
    whole = picture.export_menu()
    actions = {action.text() for menu in whole.findChildren(QMenu) for action in menu.actions()}
    assert f"PNG, {scale} ×…" in actions and {"SVG…", "PDF…", "CSV…", "NumPy…"} <= actions
    picture.export_to(tmp_path / "picture.png", float(scale))
    assert QImage(str(tmp_path / "picture.png")).size() == picture.size() * scale


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf", "csv", "npz"])
def test_what_is_saved_from_the_menu_is_what_is_saved_at_once(qtbot: QtBot, tmp_path: Path, suffix: str) -> None:
    picture = factors(qtbot)
    soon, now = tmp_path / f"soon.{suffix}", tmp_path / f"now.{suffix}"
    with qtbot.waitSignal(picture.exported) as told:
        picture.export_soon(soon, 2.0)
    assert told.args == [str(soon)]
    picture.export_to(now, 2.0)
    if suffix == "npz":
        with np.load(soon) as one, np.load(now) as other:
            assert sorted(one.files) == sorted(other.files) == ["Movie loadings m", "User weights u", "r"]
    elif suffix != "pdf":  # which has the time in it
        assert soon.read_bytes() == now.read_bytes()


def test_what_cannot_be_saved_from_the_menu_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    picture = factors(qtbot)
    with qtbot.waitSignal(picture.export_failed) as failed:
        picture.export_soon(tmp_path / "missing" / "picture.csv")
    assert "picture.csv" in failed.args[0]


def test_numbers_are_copied_with_the_ids_of_what_is_shown(qtbot: QtBot) -> None:
    picture = factors(qtbot)
    QApplication.clipboard().clear()
    picture.r.set_identities(lambda row: f"u{row}", lambda column: f"m{column}")
    picture.r.copy_numbers()
    qtbot.waitUntil(lambda: QApplication.clipboard().text().startswith("r,m0,m1"))
    lines = QApplication.clipboard().text().splitlines()
    assert lines[1].startswith("u0,")
    assert float(lines[3].split(",")[5]) == pytest.approx(R[2, 4], rel=1e-6)


def test_pixels_of_several_cells_are_named_by_the_first_and_the_last() -> None:
    assert span_ids(2, 7, 2, lambda cell: f"u{cell}") == ["u2..u3", "u4..u6"]
    assert span_ids(2, 4, 2, lambda cell: f"u{cell}") == ["u2", "u3"]


def test_numbers_for_numpy_carry_ids_and_need_no_pickle(tmp_path: Path) -> None:
    values = np.array([[1.5, np.nan], [0.1, 2]], np.float32)
    (tmp_path / "numbers.npy").write_bytes(npy_of(values, ["7", "007"], ["1", "1"]))
    made = np.load(tmp_path / "numbers.npy", allow_pickle=False)
    assert made.dtype.names == ("id", "1", "1 (2)") and made["id"].tolist() == ["7", "007"]
    np.testing.assert_array_equal(np.column_stack([made["1"], made["1 (2)"]]), values)
    assert csv_of(values, ["7", "007"], ["1", "2"], "y").splitlines() == ["y,1,2", "7,1.5,", "007,0.1,2"]
    assert unique_names(["", "a", "a"]) == ["unnamed", "a", "a (2)"]


def test_before_there_is_a_tile_there_are_no_numbers(qtbot: QtBot) -> None:
    heatmap = Heatmap("nothing")
    qtbot.addWidget(heatmap)
    assert heatmap.numbers_csv().strip() == "" and heatmap.visible_limits() is None
    assert heatmap.cells_under(0, 0) == (1, 1) and heatmap.request() is None
    assert heatmap.numbers_npy().startswith(b"\x93NUMPY")


def test_paleness_is_the_share_observed_and_a_hint_never_looks_full(qtbot: QtBot) -> None:
    heatmap = Heatmap("y")
    qtbot.addWidget(heatmap)
    heatmap.resize(200, 100)
    heatmap.set_shape(1, 3)
    heatmap.set_limits(0, 1)
    heatmap.show()
    request = TileRequest(0, 1, 0, 3, 1, 3, 10**6)
    heatmap.set_tile(request, np.ones((1, 3), np.float32), np.array([[1, 0.003, 0]], np.float32))
    image, area = heatmap.grab().toImage(), heatmap.picture()
    full, hint, none = (
        np.array(image.pixelColor(int(area.left() + (n + 0.5) * area.width() / 3), int(area.center().y())).getRgb())
        for n in range(3)
    )
    top = np.array([*theme.viridis()[-1][:3], 255])
    np.testing.assert_array_equal(full, top)
    np.testing.assert_array_equal(none, theme.color("missing").getRgb())
    assert 0.1 < np.linalg.norm(hint - none) / np.linalg.norm(full - none) < 0.2


def test_a_sheet_of_strokes_is_drawn_at_any_size(qtbot: QtBot) -> None:
    picture = panels(qtbot)
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        picture.axis_title.draw(painter, QSizeF(300, 17))
    assert picture.axis_title.numbers_csv().strip() == '"movies, by id"'
