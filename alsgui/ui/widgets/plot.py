"""Base of every data-drawing widget: one `draw` serves the screen and every exported file."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFileDialog, QMenu, QToolTip, QWidget

from alsgui.core.errors import ExportError
from alsgui.io.atomic import atomic_write
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export

KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
PNG_SCALES = (1, 2, 3, 4)
RETURNING_REASONS = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class Plot(QWidget):
    """Widget that draws numbers, follows the theme live, explains itself under the cursor and exports itself.

    A subclass draws in `draw`, lists its numbers in `numbers_csv` and may tell something in `tip_at`.

    Parameters
    ----------
    name
        Accessible name, and the file name that is proposed on export.
    parent
        Parent widget.

    Signals
    -------
    exported(str)
        A file was written; its path.
    export_failed(str)
        A file could not be written; the reason.
    """

    exported = Signal(str)
    export_failed = Signal(str)
    _answered = Signal(object)

    png_scale: ClassVar[float] = 2.0
    smallest: ClassVar[tuple[int, int]] = (40, 24)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._focus_ring = False
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.current().changed.connect(self.restyle)
        self._answered.connect(self._take_answer, Qt.ConnectionType.QueuedConnection)

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Draw the numbers into `size`, from the origin. Lengths are `theme.px`, colours are tokens."""
        raise NotImplementedError

    def numbers_csv(self) -> str:
        """The numbers of the plot as CSV text with a header line."""
        raise NotImplementedError

    array_suffix: ClassVar[str] = ""
    """Of the file for NumPy: ".npy" or ".npz"; empty where there is none."""

    def numbers_work(self) -> Callable[[], str]:
        """What makes `numbers_csv` of what is shown now, on any thread."""
        table = self.numbers_csv()
        return lambda: table

    def array_work(self) -> Callable[[], bytes]:
        """What makes the bytes of the file for NumPy, on any thread."""
        raise NotImplementedError

    def numbers_npy(self) -> bytes:
        """The numbers of the plot as the bytes of that file."""
        return self.array_work()()

    def tip_at(self, position: QPointF) -> str:
        """What is under the cursor, in words; empty for nothing."""
        return ""

    def minimumSizeHint(self) -> QSize:
        """Width and height below which nothing could be read."""
        return QSize(*(theme.px(length) for length in self.smallest))

    def restyle(self) -> None:
        """Take the current theme: colours, text size."""
        self.updateGeometry()
        self.update()

    def export_png(self, path: str | Path, scale: float = png_scale) -> None:
        """Write a PNG with `scale` pixels to one pixel of the screen. Raises ExportError."""
        _write(path, export.png(self.draw, self.size(), theme.color("surface"), scale))

    def export_svg(self, path: str | Path) -> None:
        """Write an SVG. Raises ExportError."""
        _write(path, export.svg(self.draw, self.size(), theme.color("surface"), self.accessibleName()))

    def export_pdf(self, path: str | Path) -> None:
        """Write a PDF of one page. Raises ExportError."""
        _write(path, export.pdf(self.draw, self.size(), theme.color("surface"), self.accessibleName()))

    def export_csv(self, path: str | Path) -> None:
        """Write the numbers as UTF-8 CSV. Raises ExportError."""
        _write(path, self.numbers_csv().encode())

    def export_array(self, path: str | Path) -> None:
        """Write the numbers as NumPy reads them. Raises ExportError."""
        _write(path, self.numbers_npy())

    def export_to(self, path: str | Path, scale: float = png_scale) -> None:
        """Write the format that the suffix names (.png, .svg, .pdf, .csv, .npy, .npz; else PNG) and tell by signal."""

        def export_scaled(target: str | Path) -> None:
            self.export_png(target, scale)

        writers: dict[str, Callable[[str | Path], None]] = {
            ".svg": self.export_svg,
            ".pdf": self.export_pdf,
            ".csv": self.export_csv,
            ".npy": self.export_array,
            ".npz": self.export_array,
        }
        try:
            writers.get(Path(path).suffix.lower(), export_scaled)(path)
        except ExportError as problem:
            self.export_failed.emit(f"{problem.message} {problem.hint}".strip())
        else:
            self.exported.emit(str(path))

    def export_soon(self, path: str | Path, scale: float = png_scale) -> None:
        """As `export_to`, with what takes long (packing pixels, writing out numbers) done on a thread of its own."""
        suffix = Path(path).suffix.lower()
        if suffix in (".svg", ".pdf"):
            self.export_to(path)  # they are drawn stroke by stroke, which only this thread may do
            return
        make: Callable[[], bytes]
        if suffix == ".csv":
            table = self.numbers_work()
            make = lambda: table().encode()  # noqa: E731
        elif suffix in (".npy", ".npz"):
            make = self.array_work()
        else:
            image = export.painted(self.draw, self.size(), theme.color("surface"), scale)
            make = partial(export.encoded, image)

        def work() -> str:
            try:
                _write(path, make())
            except ExportError as problem:
                return f"{problem.message} {problem.hint}".strip()
            return ""

        self._soon(work, lambda problem: self.export_failed.emit(problem) if problem else self.exported.emit(str(path)))

    def copy_picture(self) -> None:
        """Put the picture on the clipboard."""
        image = export.painted(self.draw, self.size(), theme.color("surface"), self.png_scale)
        QGuiApplication.clipboard().setImage(image)

    def copy_numbers(self) -> None:
        """Put the numbers on the clipboard, as CSV, once they are written out."""
        self._soon(self.numbers_work(), QGuiApplication.clipboard().setText)

    def _soon(self, work: Callable[[], str], done: Callable[[str], object]) -> None:
        """Do `work` on a thread of its own and hand its answer to `done` on this one."""

        def run() -> None:
            answer = work()
            with suppress(RuntimeError):  # the plot is gone: there is nobody to tell
                self._answered.emit((done, answer))

        threading.Thread(target=run, name="alsgui-export").start()

    @Slot(object)
    def _take_answer(self, parcel: tuple[Callable[[str], object], str]) -> None:
        done, answer = parcel
        done(answer)

    def export_menu(self) -> QMenu:
        """Menu with every way to take the plot along; the caller pops it up."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Copy picture"), self.copy_picture)
        menu.addAction(tr("Copy numbers"), self.copy_numbers)
        menu.addSeparator()
        pictures = menu.addMenu(tr("Save picture"))
        for scale in PNG_SCALES:
            words = tr("PNG, {n} ×…", n=scale)
            pictures.addAction(words, self._asking(".png", tr("PNG picture (*.png)"), float(scale)))
        pictures.addAction(tr("SVG…"), self._asking(".svg", tr("SVG drawing (*.svg)")))
        pictures.addAction(tr("PDF…"), self._asking(".pdf", tr("PDF page (*.pdf)")))
        numbers = menu.addMenu(tr("Save numbers"))
        numbers.addAction(tr("CSV…"), self._asking(".csv", tr("CSV table (*.csv)")))
        if self.array_suffix:
            words = tr("NumPy arrays (*{suffix})", suffix=self.array_suffix)
            numbers.addAction(tr("NumPy…"), self._asking(self.array_suffix, words))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the export menu, of the sheet where the plot is part of one."""
        whole: Plot = self
        above = self.parentWidget()
        while above is not None:
            whole = above if isinstance(above, PlotSheet) else whole
            above = above.parentWidget()
        whole.export_menu().popup(event.globalPos())

    def event(self, event: QEvent) -> bool:
        """Show `tip_at` as the tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._show_tip(event.pos(), event.globalPos())
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is, unless the mouse brought it."""
        if event.reason() not in RETURNING_REASONS:
            self._focus_ring = event.reason() in KEYBOARD_REASONS
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the focus ring away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw, and the focus ring over it."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.draw(painter, QSizeF(self.size()))
            if self._focus_ring and self.hasFocus():
                painter.setPen(QPen(theme.color("accent"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _show_tip(self, position: QPoint, global_position: QPoint) -> None:
        words = self.tip_at(QPointF(position)) or self.toolTip()
        if words:
            QToolTip.showText(global_position, words, self)
        else:
            QToolTip.hideText()

    def _asking(self, suffix: str, filters: str, scale: float = png_scale) -> Callable[[], None]:
        return lambda: self._ask_path(suffix, filters, scale)

    def _ask_path(self, suffix: str, filters: str, scale: float = png_scale) -> None:
        dialog = QFileDialog(self, tr("Save"), self.accessibleName() + suffix, filters)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix.lstrip("."))
        dialog.fileSelected.connect(lambda path: self.export_soon(path, scale))
        dialog.open()


class PlotSheet(Plot):
    """Plots that make one picture together, such as u, m and r: exported as one, from the menu of any of them."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def plots(self) -> list[Plot]:
        """The plots in the sheet that are in view."""
        return [plot for plot in self.findChildren(Plot) if plot.isVisibleTo(self)]

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Draw every plot at its place."""
        for plot in self.plots():
            painter.save()
            painter.translate(plot.mapTo(self, QPoint(0, 0)))
            plot.draw(painter, QSizeF(plot.size()))
            painter.restore()

    def numbers_csv(self) -> str:
        """The tables of all plots, each under a line with its name."""
        return self.numbers_work()()

    def numbers_work(self) -> Callable[[], str]:
        """What makes them of what is shown now."""
        tables = [(plot.accessibleName(), plot.numbers_work()) for plot in self.plots()]
        return lambda: "\r\n".join(f"{name}\r\n{table()}" for name, table in tables)

    array_suffix = ".npz"

    def array_work(self) -> Callable[[], bytes]:
        """What makes an .npz: one .npy for each plot that has one, under its name."""
        arrays = [(plot.accessibleName(), plot.array_work()) for plot in self.plots() if plot.array_suffix == ".npy"]

        def made() -> bytes:
            sink = io.BytesIO()
            with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, array in arrays:
                    archive.writestr(f"{name}.npy", array())
            return sink.getvalue()

        return made

    def paintEvent(self, event: QPaintEvent) -> None:
        """Leave the screen to the plots themselves."""


def _write(path: str | Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises ExportError."""
    with atomic_write(path) as stream:
        stream.write(content)
