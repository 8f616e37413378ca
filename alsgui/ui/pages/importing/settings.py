"""How the file is read: the panel at the left of the import page. Every control is an option of `read_ratings`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from alsgui.io.looked import Look
from alsgui.io.options import TEXT_FORMATS, ImportOptions, SideTable
from alsgui.text import byte_size, count, duration, tr
from alsgui.ui import theme
from alsgui.ui.pages.base import scrolling
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.fields import Fold, NumberField
from alsgui.ui.widgets.labels import ElidedLabel, Rule, label, set_colour
from alsgui.ui.widgets.layouts import column, row

WIDTH, NAME_WIDTH = 284, 82

Choices = Sequence[tuple[str, Any]]

LAYOUTS: Choices = (
    (tr("Long: one per row"), "long"), (tr("Events: no rating"), "events"),
    (tr("Wide: users in rows"), "wide"), (tr("Wide: movies in rows"), "wide-transposed"),
)  # fmt: skip
ENCODINGS: Choices = (
    ("UTF-8", "utf-8"), ("UTF-16", "utf-16"), ("Latin-1", "latin-1"), ("Windows-1252", "windows-1252"),
)  # fmt: skip
DELIMITERS: Choices = (
    (tr("Comma  ,"), ","), (tr("Semicolon  ;"), ";"), (tr("Tab"), "\t"), (tr("Space"), " "), (tr("Bar  |"), "|"),
    (tr("Two colons  ::"), "::"),
)  # fmt: skip
QUOTES: Choices = ((tr('Double  "'), '"'), (tr("Single  '"), "'"), (tr("None"), ""))
ESCAPES: Choices = ((tr("None: doubled quotes"), ""), (tr("Backslash  \\"), "\\"))
DECIMALS: Choices = ((tr("Point  3.5"), "."), (tr("Comma  3,5"), ","))
DUPLICATES: Choices = (
    (tr("Keep last"), "last"), (tr("Keep first"), "first"), (tr("Take the mean"), "mean"), (tr("Add up"), "sum"),
    (tr("Refuse them"), "refuse"),
)  # fmt: skip
TIMES: Choices = (
    (tr("None"), ""), (tr("Seconds since 1970"), "s"), (tr("Milliseconds"), "ms"), (tr("Microseconds"), "us"),
    (tr("Nanoseconds"), "ns"), (tr("Year-month-day"), "ymd"), (tr("Day.month.year"), "dmy"),
    (tr("Month/day/year"), "mdy"),
)  # fmt: skip
_EMPTY = tr("empty")
_DATABASES = ("sqlite", "duckdb", "postgres")
_HEADED = (*TEXT_FORMATS, "excel")
_FIXED = ("netflix", "libsvm", "libfm")


class ImportSettings(QWidget):
    """Controls with what was detected; changing one is a wish for another look.

    Signals
    -------
    given(object)
        Options by name.
    detect_wanted()
        All is to be detected again.
    movies_wanted(), users_wanted()
        A table of movies or of users is to be chosen.
    """

    given = Signal(object)
    detect_wanted = Signal()
    movies_wanted = Signal()
    users_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("k", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("How to read it"))
        self._options = ImportOptions()
        self.rows: dict[str, QWidget] = {}
        self.detect = button(tr("Detect again"), kind="link", tip=tr("Forget what was set; find it from the content"))
        self.detect.clicked.connect(self.detect_wanted)
        self._build_boxes()
        self._build_fields()
        content = QWidget()
        content.setLayout(column(*self._parts(), None, gap=7, margins=(16, 14, 12, 14)))
        edge = Rule()
        edge.setProperty("k", "line")
        self._area = scrolling(content)
        self.setLayout(row(self._area, edge, gap=0))
        theme.current().changed.connect(self._scale)
        self._scale()

    # Building

    def _build_boxes(self) -> None:
        box = self._box
        self.boxes: dict[str, QComboBox] = {
            "layout": box("layout", LAYOUTS),
            "table": box("table", ()),
            "encoding": box("encoding", ENCODINGS),
            "delimiter": box("delimiter", DELIMITERS, typed=True),
            "quote": box("quote", QUOTES),
            "decimal": box("decimal", DECIMALS),
            "header": box("header", ((tr("First row"), True), (tr("None"), False))),
            "duplicates": box("duplicates", DUPLICATES),
            "escape": box("escape", ESCAPES),
            "time_format": box("time_format", TIMES),
        }

    def _build_fields(self) -> None:
        self.skip = NumberField(0, 0, 1_000_000, whole=True)
        self.skip.changed.connect(lambda number: self.given.emit({"skip_rows": int(number)}))
        self.share = NumberField(1.0, 0.001, 1.0, percent=True, step=0.1)
        self.share.changed.connect(lambda share: self.given.emit({"users_share": share}))
        self.least = NumberField(0, 0, 1_000_000, whole=True)
        self.least.changed.connect(lambda number: self.given.emit({"min_ratings": int(number)}))
        self.missing = self._line(tr("none"), lambda text: {"missing": missing_of(text)})
        self.comment = self._line(tr("none"), lambda text: {"comment": text.strip()})
        self.noun = self._line("", lambda text: {"noun": text.strip() or "movie"})
        self.sql = self._line(tr("SELECT ..."), lambda text: {"sql": text.strip()})

    def _parts(self) -> list[Any]:
        head = row(label(tr("How to read it"), "card"), None, self.detect)
        more = self._more = Fold(tr("More"))
        for part in (
            self._row(
                "escape", tr("Escape"), self.boxes["escape"], tr("How a quotation mark inside quotes is written")
            ),
            self._row("comment", tr("Comments"), self.comment, tr("Lines that begin with this are skipped")),
            self._row("time_format", tr("Times"), self.boxes["time_format"], tr("How the column of times is written")),
            self._row(
                "users_share", tr("Users"), self.share, tr("Share of the users that is read: always the same ones")
            ),
            self._row("min_ratings", tr("At least"), self.least, tr("Users with fewer ratings are left out")),
            self._row("noun", tr("Called"), self.noun, tr("What a column of y is called: movie, book, song")),
        ):
            more.body.add(part)
        return [
            head,
            self._row("layout", tr("Layout"), self.boxes["layout"], tr("What a row of the file is")),
            self._row("table", tr("Table"), self.boxes["table"], tr("Which table, sheet or member is read")),
            self._row("sql", tr("SELECT"), self.sql, tr("A query in place of a table; nothing is ever written")),
            self._row("encoding", tr("Encoding"), self.boxes["encoding"], tr("How letters stand in the file as bytes")),
            self._row("delimiter", tr("Delimiter"), self.boxes["delimiter"],
                      tr("What stands between fields: choose or type one to four characters")),
            self._row("quote", tr("Quote"), self.boxes["quote"], tr("What encloses a field that holds the delimiter")),
            self._row("decimal", tr("Decimal"), self.boxes["decimal"], tr("How 3½ is written")),
            self._row("skip_rows", tr("Skip rows"), self.skip, tr("Lines before the header")),
            self._row("header", tr("Header"), self.boxes["header"], tr("Whether a row names the columns")),
            self._row("missing", tr("Missing"), self.missing,
                      tr("Texts of a missing rating, with commas between; \"empty\" for nothing at all")),
            Rule(),
            self._row("duplicates", tr("Duplicates"), self.boxes["duplicates"],
                      tr("What is done when a user rated the same movie more than once")),
            more, Rule(), *self._side_parts(), Rule(), *self._cost_parts(),
        ]  # fmt: skip

    def _side_parts(self) -> list[Any]:
        self.choose_movies = button(
            tr("Choose..."), kind="link", tip=tr("A table with titles and genres, joined by id")
        )
        self.choose_movies.clicked.connect(self.movies_wanted)
        self.drop_movies = button(tr("Remove"), kind="link", tip=tr("Read without this table"))
        self.drop_movies.clicked.connect(lambda: self.given.emit({"movies": None}))
        self.choose_users = button(tr("Add..."), kind="link", tip=tr("A table with characteristics of the users"))
        self.choose_users.clicked.connect(self.users_wanted)
        self.drop_users = button(tr("Remove"), kind="link", tip=tr("Read without this table"))
        self.drop_users.clicked.connect(lambda: self.given.emit({"users": None}))
        self._movies_words, self._users_words = ElidedLabel("", "hint"), ElidedLabel("", "hint")
        return [
            row(label(tr("Titles"), "card"), None, self.drop_movies, self.choose_movies), self._movies_words,
            row(label(tr("User table"), "card"), None, self.drop_users, self.choose_users), self._users_words,
        ]  # fmt: skip

    def _cost_parts(self) -> list[Any]:
        self._memory, self._time = label("", "strong"), label("", "strong")
        return [
            row(label(tr("Memory, estimated"), "hint"), None, self._memory),
            row(label(tr("Time, estimated"), "hint"), None, self._time),
        ]

    def _row(self, name: str, title: str, field: QWidget, tip: str) -> QWidget:
        words = label(title, "body", "muted")
        words.setFixedWidth(theme.px(NAME_WIDTH))
        words.setBuddy(field)
        field.setAccessibleName(title)
        line = row(words, field, gap=8)
        line.setStretchFactor(field, 1)
        made = QWidget()
        made.setLayout(line)
        made.setToolTip(tip)
        self.rows[name] = made
        return made

    def _box(self, name: str, choices: Choices, *, typed: bool = False) -> QComboBox:
        box = QComboBox()
        for text, value in choices:
            box.addItem(text, value)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.activated.connect(partial(self._activated, name))
        if typed:
            box.setEditable(True)
            box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            box.setCompleter(None)  # type: ignore[arg-type]
            field = QLineEdit()
            field.setTextMargins(-2, 0, 0, 0)  # its words begin where those of other boxes do
            field.editingFinished.connect(partial(self._typed, name))
            box.setLineEdit(field)
        return box

    def _line(self, placeholder: str, given: Callable[[str], dict[str, Any]]) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(placeholder)

        def finished() -> None:
            if field.isModified():
                field.setModified(False)
                self.given.emit(given(field.text()))

        field.editingFinished.connect(finished)
        return field

    # Showing

    def show_look(self, look: Look, *, looking: bool) -> None:
        """Show the options of a look."""
        options = self._options = look.options
        for name, box in self.boxes.items():
            if name != "table":
                _put(box, getattr(options, name))
        self.boxes["header"].setItemText(0, tr("Row {n}", n=options.skip_rows + 1))
        self._show_tables(look)
        self.skip.set_value(options.skip_rows)
        self.share.set_value(options.users_share)
        self.least.set_value(options.min_ratings)
        for field, text in (
            (self.missing, missing_words(options.missing)), (self.comment, options.comment),
            (self.noun, options.noun), (self.sql, options.sql),
        ):  # fmt: skip
            if not field.hasFocus() or not field.isModified():
                field.setText(text)
                field.setCursorPosition(0)
                field.setModified(False)
        for name, made in self.rows.items():
            made.setVisible(applies(name, look))
        self._more.set_summary("" if options.users_share == 1 and not options.min_ratings else tr("part of the users"))
        self._show_side(self._movies_words, self.drop_movies, options.movies, look.matched.get("movies"))
        self._show_side(self._users_words, self.drop_users, options.users, look.matched.get("users"))
        self._memory.setText(byte_size(look.cost.n_bytes))
        set_colour(self._memory, None if look.cost.fits else "warning")
        self._memory.setToolTip(tr("At the highest point; {free} are free", free=byte_size(look.cost.n_bytes_free)))
        self._time.setText(duration(look.cost.seconds) if look.cost.seconds == look.cost.seconds else tr("unknown"))

    def _show_tables(self, look: Look) -> None:
        box, names = self.boxes["table"], list(look.tables)
        chosen = getattr(look.options, table_option(look))
        if [box.itemData(at) for at in range(box.count())] != names:
            box.clear()
            for name in names:
                box.addItem(name, name)
        box.setCurrentIndex(names.index(chosen) if chosen in names else -1 if look.options.sql else 0)
        self._table_option = table_option(look)

    @staticmethod
    def _show_side(words: ElidedLabel, drop: QWidget, side: SideTable | None, matched: tuple[int, int] | None) -> None:
        drop.setVisible(side is not None)
        if side is None:
            words.setText(tr("none"))
            return
        told = tr("{name} by id", name=side.member or Path(side.path).name)
        if matched is not None:
            told += tr(": {n} of {all} ids seen", n=count(matched[0]), all=count(matched[1]))
        words.setText(told)

    # Gestures

    @Slot()
    def _activated(self, name: str, index: int) -> None:
        value = self.boxes[name].itemData(index)
        if name == "table":
            self.given.emit({self._table_option: value})
        elif value != getattr(self._options, name):
            self.given.emit({name: value})

    def _typed(self, name: str) -> None:
        """Take a sign that is not on the list."""
        box = self.boxes[name]
        text = box.currentText()
        at = box.findText(text)
        value = box.itemData(at) if at >= 0 else text.replace("\\t", "\t")
        if value and value != getattr(self._options, name):
            self.given.emit({name: value})
        elif not value:
            _put(box, getattr(self._options, name))

    @Slot()
    def _scale(self) -> None:
        self.setFixedWidth(theme.px(WIDTH))


def _put(box: QComboBox, value: Any) -> None:
    at = box.findData(value)
    if at < 0 and box.isEditable():
        box.setCurrentIndex(-1)
        box.setEditText(str(value))
        return
    box.setCurrentIndex(at)


def table_option(look: Look) -> str:
    """Which option the list of tables stands for: a table inside the file, or a file inside the folder or zip."""
    return "member" if look.options.member in look.tables and look.options.member else "table"


def applies(name: str, look: Look) -> bool:
    """Whether a control means anything for this file."""
    options = look.options
    text = options.format == "text"
    shown = {
        "encoding": text, "delimiter": text, "quote": text, "escape": text, "comment": text,
        "decimal": text or options.format in ("excel", "json", *_DATABASES),
        "skip_rows": options.format in ("text", "excel"), "header": options.format in ("text", "excel"),
        "table": len(look.tables) > 1 or (bool(look.tables) and options.format in _DATABASES),
        "sql": options.format in _DATABASES,
        "layout": options.format not in _FIXED,
        "time_format": options.columns.time is not None,
    }  # fmt: skip
    return shown.get(name, True)


def missing_words(missing: tuple[str, ...]) -> str:
    """Texts of a missing rating in one line, "empty" for the empty one."""
    return ", ".join(text or _EMPTY for text in missing)


def missing_of(text: str) -> tuple[str, ...]:
    """What `missing_words` wrote, or a person typed."""
    words = [word.strip() for word in text.split(",")] if text.strip() else []
    return tuple("" if word.casefold() in ("", _EMPTY) else word for word in words)
