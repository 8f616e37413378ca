"""The report of a read: the sum, the rejected rows, five of the merged ones, how the tables matched."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QFileDialog, QStackedLayout, QWidget

from alsgui.core.ratings import Ratings
from alsgui.io.report import ImportReport, Joined, Merged
from alsgui.session.session import Session
from alsgui.text import count, counted, decimal, tr
from alsgui.ui import theme
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.facts import FactList
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.problems import problem_columns
from alsgui.ui.widgets.segment import Segment
from alsgui.ui.widgets.tables import DataTable

Fact = tuple[str, str, str | None, str]


class ReportDialog(QDialog):
    """What was read, line by line.

    Parameters
    ----------
    parent
        The window.
    report
        The report.
    session
        Whose verb writes the rejected rows, and looks at the file again.
    """

    def __init__(self, parent: QWidget, report: ImportReport, session: Session) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("What was read"))
        self._report, self._session = report, session
        facts = FactList()
        data = session.state.data
        facts.set_rows([*([] if data is None else [_ids_fact(data.ratings)]), *report_facts(report)])
        self.which = Segment([("rejected", tr("Rejected")), ("merged", tr("Merged"))], tr("Table"))
        self.which.chosen.connect(self._show_which)
        self.rejected_table = _table(tr("Rejected rows"), problem_columns(report.rejected), len(report.rejected))
        self.merged_table = _table(tr("Merged rows"), merged_columns(report.merged), len(report.merged))
        card = Card(tr("Rows"), _listed(report), edge_to_edge=True)
        card.add_action_widget(self.which)
        self._stack = QStackedLayout()
        card.body.addLayout(self._stack, 1)
        for table in (self.rejected_table, self.merged_table):
            self._stack.addWidget(table)
        self.export = button(tr("Export rejected rows..."), "export")
        self.export.setEnabled(bool(report.rejected))
        self.export.clicked.connect(self._export)
        self.again = button(tr("Read it differently..."), tip=tr("Back to the page of the import, with these settings"))
        self.again.setVisible(session.state.data is not None and session.state.data.source.kind == "file")
        self.again.clicked.connect(self._read_again)
        close = button(tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        words = " ".join(report.notes)
        whole = column(
            label(tr("What was read"), "title"), facts, label(words, "hint", wrap=True), card,
            row(self.export, self.again, None, close), gap=12, margins=(20, 18, 20, 18),
        )  # fmt: skip
        whole.setStretchFactor(card, 1)
        self.setLayout(whole)
        self.resize(theme.px(860), theme.px(600))
        if report.merged and not report.rejected:
            self.which.set_current("merged")
            self._show_which("merged")
        close.setFocus()

    def _show_which(self, key: str) -> None:
        self._stack.setCurrentIndex(int(key == "merged"))

    def _read_again(self) -> None:
        self._session.importing.read_differently()
        self.accept()

    def _export(self) -> None:
        chooser = QFileDialog(self, tr("Export rejected rows"))
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix("csv")
        chooser.selectFile("rejected.csv")
        chooser.fileSelected.connect(lambda path: self._session.export_rejected(path, self._report))
        chooser.open()


def _ids_fact(ratings: Ratings) -> Fact:
    ids = tr("{users} × {movies}", users=counted(ratings.n_users, tr("user")),
             movies=counted(ratings.n_movies, ratings.noun, ratings.nouns))  # fmt: skip
    return tr("Ids seen"), ids, None, tr("Different ids with at least one rating kept")


def report_facts(report: ImportReport) -> list[Fact]:
    """The sum and the matches, each as (name, figure, colour, tooltip)."""
    total = tr("{kept} kept + {merged} merged + {rejected} rejected", kept=count(report.n_kept),
               merged=count(report.n_duplicates), rejected=count(report.n_rejected))  # fmt: skip
    facts: list[Fact] = [(tr("Ratings read"), f"{count(report.n_rows_read)} = {total}", None, "")]
    facts += [(tr("Rejected because {reason}", reason=reason), count(n), "error", "")
              for reason, n in sorted(report.reasons.items(), key=lambda pair: -pair[1])]  # fmt: skip
    if report.n_missing:
        facts.append((tr("Missing"), count(report.n_missing), None, tr("Rows or cells that say: not rated")))
    if report.n_left_out:
        facts.append((tr("Left out"), count(report.n_left_out), None, tr("Ratings of users outside the sample")))
    facts.append(
        (tr("Range"), tr("{low} to {high}", low=decimal(report.low, 2), high=decimal(report.high, 2)), None, "")
    )
    for name, joined in ((tr("Movies with a title"), report.movies), (tr("Users with characteristics"), report.users)):
        if joined is not None:
            facts.append((name, _joined(joined), None, str(joined.path)))
    return facts


def _joined(joined: Joined) -> str:
    n_ids = joined.n_matched + joined.n_without
    return tr("{n} of {all}; {unrated} more in {name}", n=count(joined.n_matched), all=count(n_ids),
              unrated=count(joined.n_unrated), name=joined.path.name)  # fmt: skip


def _listed(report: ImportReport) -> str:
    rejected = counted(report.n_rejected, tr("rejected row"))
    if len(report.rejected) < report.n_rejected:
        rejected = tr("{rows}, the first {n} listed", rows=rejected, n=count(len(report.rejected)))
    merged = counted(report.n_duplicates, tr("merged row"))
    return tr("{rejected}; {merged}, {n} listed", rejected=rejected, merged=merged, n=count(len(report.merged)))


def merged_columns(merged: tuple[Merged, ...]) -> list[Column]:
    """User, movie, lines, values, what counts."""
    return [
        Column(title=tr("User"), values=[each.user for each in merged]),
        Column(title=tr("Movie"), values=[each.movie for each in merged]),
        Column(title=tr("Lines"), values=[", ".join(map(count, each.lines)) for each in merged]),
        Column(title=tr("Values"), values=[", ".join(f"{value:g}" for value in each.values) for each in merged]),
        Column(title=tr("Kept"), values=[each.kept for each in merged], format=lambda v: f"{v:g}", align="right",
               width=90),
    ]  # fmt: skip


def _table(name: str, columns: list[Column], n_rows: int) -> DataTable:
    model = ArrayTableModel()
    table = DataTable(model, name, narrowest=120)
    model.setParent(table)
    model.set_columns(columns, n_rows)
    return table
