"""Keeping persons: a name, a copy, a comparison, and back to the one before."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QWidget

from alsgui.session.state import People, PersonChoice
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets.buttons import button, icon_button
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row

LONGEST_NAME = 40


class KeepingPart(QWidget):
    """Head of the person panel, and below it the kept persons.

    Signals
    -------
    keep_wanted(str), open_wanted(str), remove_wanted(str)
        Name of a person.
    duplicate_wanted(), undo_wanted(), redo_wanted()
        Of the person shown.
    compare_wanted(object)
        Whom to compare with: "mean", "user", "kept " and a name, or None for nobody.
    """

    keep_wanted = Signal(str)
    open_wanted = Signal(str)
    remove_wanted = Signal(str)
    duplicate_wanted = Signal()
    undo_wanted = Signal()
    redo_wanted = Signal()
    compare_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._people, self._choice = People(), PersonChoice()
        self.undo = icon_button("arrow-counter-clockwise", tr("Back to the person before"), role="muted")
        self.redo = icon_button("arrow-clockwise", tr("Make the change again"), role="muted")
        self.compare = icon_button("scales", tr("Compare with another person"), role="muted")
        self.compare.clicked.connect(self._open_compare)
        self.save = button(tr("Save as..."), kind="link", tip=tr("Keep this person, under a name, with the model"))
        self.undo.clicked.connect(self.undo_wanted)
        self.redo.clicked.connect(self.redo_wanted)
        self.save.clicked.connect(self._ask_name)
        self.about = label("", "card")
        self._name = self._make_name()
        self._kept = self._make_kept()
        head = row(self.about, None, self.undo, self.redo, self.compare, self.save, gap=2)
        self.setLayout(column(head, self._name, self._kept, gap=8))

    def show_people(self, people: People, choice: PersonChoice) -> None:
        """Show who is kept, and what can be undone."""
        self._people, self._choice = people, choice
        self.about.setText(tr("Kept") if choice.name else tr("Who"))
        self.undo.setEnabled(bool(people.past))
        self.redo.setEnabled(bool(people.future))
        self.undo.setVisible(bool(people.past or people.future))
        self.redo.setVisible(bool(people.past or people.future))
        names = [each.name for each in people.kept]
        self._kept.setVisible(bool(names))
        shown = [self.names.itemText(at) for at in range(1, self.names.count())]
        if shown != names:
            self.names.clear()
            self.names.addItem(tr("Kept persons"))
            self.names.addItems(names)
        self.names.setCurrentIndex(names.index(choice.name) + 1 if choice.name in names else 0)
        self.trash.setEnabled(choice.name in names)

    def compare_menu(self) -> QMenu:
        """Whom the person shown can be compared with."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(theme.icon("users-three"), tr("The mean user"), lambda: self.compare_wanted.emit("mean"))
        menu.addAction(theme.icon("user"), tr("The selected user"), lambda: self.compare_wanted.emit("user"))
        for each in self._people.kept:
            if each.name != self._choice.name:
                menu.addAction(each.name, lambda name=each.name: self.compare_wanted.emit(f"kept {name}"))
        if self._people.compared is not None:
            menu.addSeparator()
            menu.addAction(theme.icon("x"), tr("Nobody"), lambda: self.compare_wanted.emit(None))
        return menu

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Escape close the field of the name."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self._name.hide()
            self.save.setFocus()
            return True
        return False

    def _make_name(self) -> QWidget:
        self.name = QLineEdit()
        self.name.setPlaceholderText(tr("Name of this person"))
        self.name.setAccessibleName(tr("Name of this person"))
        self.name.setMaxLength(LONGEST_NAME)
        self.name.returnPressed.connect(self._keep)
        self.name.installEventFilter(self)
        self.keep = button(tr("Keep"))
        self.keep.clicked.connect(self._keep)
        self.name.textChanged.connect(lambda words: self.keep.setEnabled(bool(words.strip())))
        made = QWidget()
        box = row(self.name, self.keep, gap=6)
        box.setStretchFactor(self.name, 1)
        made.setLayout(box)
        made.hide()
        return made

    def _make_kept(self) -> QWidget:
        self.names = QComboBox()
        self.names.setAccessibleName(tr("Kept persons"))
        self.names.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.names.activated.connect(self._open)
        self.copy = icon_button("copy", tr("Keep a copy under another name, and go on with it"), role="muted")
        self.copy.clicked.connect(self.duplicate_wanted)
        self.trash = icon_button("trash", tr("Keep this person no longer"), role="muted")
        self.trash.clicked.connect(lambda: self.remove_wanted.emit(self._choice.name))
        made = QWidget()
        box = row(self.names, self.copy, self.trash, gap=2)
        box.setStretchFactor(self.names, 1)
        made.setLayout(box)
        made.hide()
        return made

    def _open_compare(self) -> None:
        self.compare_menu().popup(self.compare.mapToGlobal(QPoint(0, self.compare.height())))

    def _ask_name(self) -> None:
        self.name.setText(self._choice.name)
        self.name.selectAll()
        self.keep.setEnabled(bool(self._choice.name))
        self._name.show()
        self.name.setFocus()

    def _keep(self) -> None:
        name = self.name.text().strip()
        if name:
            self._name.hide()
            self.keep_wanted.emit(name)

    def _open(self, at: int) -> None:
        if at > 0:
            self.open_wanted.emit(self.names.itemText(at))
