"""The one table of actions: it builds the menus, the toolbar, the search field's commands and the list of shortcuts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alsgui.core.experiment_names import EXPERIMENTS
from alsgui.io.catalog import CATALOG
from alsgui.session.peer_calls import why_no_peer
from alsgui.session.run_verbs import why_no_best, why_not_from_here
from alsgui.session.state import State
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.ui.main_window import MainWindow

Check = Callable[[State], str]
"""Why an action cannot be done now, as a sentence; empty when it can."""


@dataclass(frozen=True)
class ActionSpec:
    """One thing that a person can do.

    Parameters
    ----------
    id
        Name in code, tests and notices.
    text
        On the menu, sentence case; "..." when it asks for more.
    tip
        One line that says what it does.
    menu
        "File", "File/Samples", ...: where it stands.
    run
        Does it.
    refusal
        Why it cannot be done now.
    shortcut
        Keys, in Qt's portable text.
    icon
        Phosphor name.
    checked
        For actions that are on or off: whether it is on.
    """

    id: str
    text: str
    tip: str
    menu: str
    run: Callable[[MainWindow], None]
    refusal: Check = lambda state: ""
    shortcut: str = ""
    icon: str = ""
    checked: Callable[[MainWindow], bool] | None = None


def _needs_data(state: State) -> str:
    return "" if state.data is not None else tr("No ratings yet: open a file, a sample, or generate some.")


def _is_file(state: State) -> str:
    is_file = state.data is not None and state.data.source.kind == "file"
    return "" if is_file else tr("No file is open.")


def _needs_model(state: State) -> str:
    return "" if state.model is not None else tr("No model yet: open ratings and fit one.")


def _needs_peace(state: State) -> str:
    return "" if state.job is None else tr("{job} is going on.", job=state.job.name)


def _may_fit(state: State) -> str:
    if state.phase == "fitting":
        return tr("A fit is going on.")
    return _needs_data(state) or _needs_peace(state)


def _may_half_step(state: State) -> str:
    return "" if state.phase == "fitting" else _may_fit(state)


def _is_fitting(state: State) -> str:
    return "" if state.phase == "fitting" else tr("No fit is going on.")


def _waits_by_hand(state: State) -> str:
    if state.phase == "fitting" and state.job is not None and state.job.paused:
        return ""
    return tr("Take half-steps first: they are what is undone.")


def _may_go_on(state: State) -> str:
    if state.current_run is None and state.model is not None:
        return tr("The shown model has no run in this session.")
    return _needs_model(state) or _may_fit(state)


def _may_split(state: State) -> str:
    return tr("No ratings yet.") if state.split is None else _needs_peace(state)


def _may_export(state: State) -> str:
    return _needs_model(state) or _needs_peace(state)


def _job_going_on(state: State) -> str:
    return "" if state.job is not None else tr("Nothing is going on.")


def _run_there(state: State) -> str:
    run = state.current_run
    return "" if run is not None and run.model is not None else tr("No finished run yet.")


def _beside() -> tuple[ActionSpec, ...]:
    """One row for each page that can be kept beside the shown one."""

    def row(key: str, text: str) -> ActionSpec:
        tip = tr("Keep {page} beside the page that the rail shows", page=text)
        return ActionSpec(f"beside_{key}", text, tip, "View/Beside", lambda window: window.show_beside(key),
                          checked=lambda window: window.beside == key)  # fmt: skip

    pages = {
        "data": tr("Data"),
        "train": tr("Train"),
        "factors": tr("Factors"),
        "recommend": tr("Recommend"),
        "compare": tr("Compare"),
        "learn": tr("Learn"),
    }
    return tuple(row(key, text) for key, text in pages.items())


def _experiment(name: str) -> ActionSpec:
    """The action that runs an experiment; without ratings it opens the sample first."""
    title, words = EXPERIMENTS[name]
    return ActionSpec(
        f"experiment_{name}",
        title,
        words.rstrip("."),
        "Tools/Experiments",
        lambda w: w.session.experimenting.start(name),
        _needs_peace,
        icon="flask",
    )


_CHAPTER_TIP = tr("50 users x 200 movies, ratings 1 to 5 at random, every cell observed; K = 2")

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("open", tr("Open..."), tr("Open ratings or a model from a file"), "File",
               lambda w: w.dialogs.open_file(), shortcut="Ctrl+O", icon="folder-open"),
    ActionSpec("open_folder", tr("Open folder..."), tr("Open a MovieLens folder (ratings.csv and movies.csv)"), "File",
               lambda w: w.dialogs.open_folder(), shortcut="Ctrl+Shift+O", icon="folder-open"),
    ActionSpec("sample", tr("MovieLens latest-small"), tr("610 users, 9 724 movies, 100 836 ratings, with titles"),
               "File/Samples", lambda w: w.session.open_sample(), icon="books"),
    *(ActionSpec(f"download_{entry.name}", tr("{title}...", title=entry.title), entry.line, "File/Samples",
                 lambda w, name=entry.name: w.dialogs.download(name), icon="books")  # type: ignore[misc]
      for entry in CATALOG),
    ActionSpec("paste", tr("Open the clipboard"), tr("Look at a table, or a file, that was copied"), "File",
               lambda w: w.paste_table(), shortcut="Ctrl+V", icon="clipboard-text"),
    ActionSpec("database", tr("Open PostgreSQL..."), tr("Look at a table of a database server"), "File",
               lambda w: w.dialogs.connect_database(), icon="database"),
    ActionSpec("generate", tr("Generate..."), tr("Make up ratings with known properties"), "File",
               lambda w: w.dialogs.generate(), shortcut="Ctrl+G", icon="dice-five"),
    ActionSpec("chapter", tr("The chapter's example"), _CHAPTER_TIP, "File/Examples",
               lambda w: w.session.generate("chapter"), icon="dice-five"),
    ActionSpec("low_rank", tr("Low rank plus noise"), tr("Ratings with known u and m behind them"), "File/Examples",
               lambda w: w.session.generate("low_rank", scale=None), icon="dice-five"),
    ActionSpec("invented", tr("Invented movies"), tr("Made-up titles, genres and users that go with taste"),
               "File/Examples", lambda w: w.session.generate("movies"), icon="dice-five"),
    ActionSpec("save_model", tr("Save model..."), tr("Write the model to one file, to open again later"), "File",
               lambda w: w.dialogs.save_model(), _may_export, "Ctrl+S", "floppy-disk"),
    ActionSpec("export", tr("Export..."), tr("Write u, m, biases or r as CSV, NPZ, MATLAB or Matrix Market"), "File",
               lambda w: w.dialogs.export(), _may_export, "Ctrl+E", "export"),
    ActionSpec("export_list", tr("Export list..."), tr("Write the list on Recommend as CSV"), "File",
               lambda w: w.dialogs.export_list(), _may_export, "Ctrl+Shift+E", "export"),
    ActionSpec("everyone", tr("Lists for everyone..."), tr("Write the top n of all users as CSV or Parquet"), "File",
               lambda w: w.dialogs.everyone(), _may_export, icon="users-three"),
    ActionSpec("export_run", tr("Export run..."), tr("Write the shown run's recipe and figures as JSON or CSV"),
               "File", lambda w: w.dialogs.export_run(), lambda s: _run_there(s) or _needs_peace(s), icon="export"),
    ActionSpec("export_split", tr("Export split..."), tr("Write training and hold-out ratings as CSV"), "File",
               lambda w: w.dialogs.export_split(), _may_split, icon="export"),
    ActionSpec("quit", tr("Quit"), tr("Close the window; a fit that is going on ends"), "File",
               lambda w: w.quit(), shortcut="Ctrl+Q"),
    ActionSpec("copy_python", tr("Copy as Python"), tr("Lines that make the shown run again"), "Edit",
               lambda w: w.copy_python(), _run_there, "Ctrl+Shift+C", "copy"),
    ActionSpec("copy_r", tr("Copy as R"), tr("The call of R's package ALS that does the same"), "Edit",
               lambda w: w.copy_peer("r"), lambda s: why_no_peer(s, "r"), icon="copy"),
    ActionSpec("copy_sklearn", tr("Copy as scikit-learn"), tr("The call of scikit-learn's NMF that does the same"),
               "Edit", lambda w: w.copy_peer("sklearn"), lambda s: why_no_peer(s, "sklearn"), icon="copy"),
    ActionSpec("find", tr("Search"), tr("Find a user, a movie or an action"), "Edit",
               lambda w: w.focus_search(), shortcut="Ctrl+K", icon="magnifying-glass"),
    ActionSpec("fit", tr("Fit"), tr("Start a run with the settings on Train"), "Run",
               lambda w: w.session.fitting.fit(), _may_fit, "F5", "play-fill"),
    ActionSpec("pause", tr("Pause or resume"), tr("Wait at once; go on where it stands"), "Run",
               lambda w: w.toggle_pause(), _is_fitting, "F6", "pause-fill"),
    ActionSpec("half_step", tr("Half-step"), tr("Solve u with m held, or m with u held, and wait"), "Run",
               lambda w: w.session.fitting.half_step(), _may_half_step, "F10", "skip-forward-fill"),
    ActionSpec("step_back", tr("Step back"), tr("Undo the last half-step; u and m are as they were before it"), "Run",
               lambda w: w.session.fitting.step_back(), _waits_by_hand, "F9", "skip-back-fill"),
    ActionSpec("stop", tr("Stop"), tr("End the fit and keep what is complete"), "Run",
               lambda w: w.session.fitting.stop(), _is_fitting, "Shift+F5", "stop-fill"),
    ActionSpec("go_on", tr("10 more epochs"), tr("Go on from where the shown run stands"), "Run",
               lambda w: w.session.fitting.go_on(10), _may_go_on, "Ctrl+F5", "play-fill"),
    ActionSpec("go_on_for", tr("More epochs..."), tr("Go on from where the shown run stands, for as many as you say"),
               "Run", lambda w: w.dialogs.go_on_for(), _may_go_on),
    ActionSpec("from_here", tr("New run from here"),
               tr("Begin at the shown model's u and m, with the settings on Train: another λ, say"), "Run",
               lambda w: w.session.keeping.from_here(), lambda s: why_not_from_here(s) or _may_fit(s), "Ctrl+Shift+F5"),
    ActionSpec("back_to_best", tr("Back to the best epoch"), tr("The u and m of the lowest hold-out error"), "Run",
               lambda w: w.session.keeping.back_to_best(), lambda s: why_no_best(s) or _may_fit(s)),
    ActionSpec("fit_on_all", tr("Fit on all ratings"),
               tr("As many epochs as the best hold-out had, nothing kept aside: it has no hold-out figure"), "Run",
               lambda w: w.session.keeping.fit_on_all(), lambda s: _run_there(s) or _may_fit(s)),
    ActionSpec("holdout_file", tr("Hold-out from a file..."), tr("Keep the ratings of a file aside to judge by"), "Run",
               lambda w: w.dialogs.holdout_file(), _may_split, icon="folder-open"),
    ActionSpec("restore_run", tr("Restore run"), tr("Bring back the run that was forgotten last"), "Run",
               lambda w: w.session.keeping.restore()),
    ActionSpec("cancel", tr("Cancel"), tr("End what is going on at once"), "Run",
               lambda w: w.session.cancel(), _job_going_on, "Ctrl+.", "x"),
    ActionSpec("page_data", tr("Data"), tr("What was read, and whether to trust it"), "View",
               lambda w: w.session.show_page("data"), shortcut="Ctrl+1", icon="database"),
    ActionSpec("page_train", tr("Train"), tr("Settings, the live curve, the runs"), "View",
               lambda w: w.session.show_page("train"), shortcut="Ctrl+2", icon="chart-line-up"),
    ActionSpec("page_factors", tr("Factors"), tr("Pictures of u, m and r"), "View",
               lambda w: w.session.show_page("factors"), shortcut="Ctrl+3", icon="grid-four"),
    ActionSpec("page_recommend", tr("Recommend"), tr("What would this person like, and why?"), "View",
               lambda w: w.session.show_page("recommend"), shortcut="Ctrl+4", icon="thumbs-up"),
    ActionSpec("page_compare", tr("Compare"), tr("Runs side by side, and the search for settings"), "View",
               lambda w: w.session.show_page("compare"), shortcut="Ctrl+5", icon="scales"),
    ActionSpec("page_learn", tr("Learn"), tr("The chapter's exercise, worked by hand"), "View",
               lambda w: w.session.show_page("learn"), shortcut="Ctrl+6", icon="graduation-cap"),
    ActionSpec("beside_none", tr("One page"), tr("Only the page that the rail shows"), "View/Beside",
               lambda w: w.show_beside(""), checked=lambda w: not w.beside),
    *_beside(),
    ActionSpec("inspector", tr("Inspector"), tr("Show or hide the panel at the right"), "View",
               lambda w: w.toggle_inspector(), shortcut="F4", icon="columns", checked=lambda w: w.inspector_shown),
    ActionSpec("dark", tr("Dark"), tr("Dark or light, whatever the system says"), "View",
               lambda w: w.toggle_dark(), shortcut="Ctrl+D", icon="moon", checked=lambda w: w.is_dark),
    ActionSpec("follow_system", tr("Light or dark as the system"), tr("Follow the system's choice"), "View",
               lambda w: w.follow_system()),
    ActionSpec("larger", tr("Larger text"), tr("Everything a tenth larger, to 200 %"), "View",
               lambda w: w.scale_text(+0.1), shortcut="Ctrl++"),
    ActionSpec("smaller", tr("Smaller text"), tr("Everything a tenth smaller, to 90 %"), "View",
               lambda w: w.scale_text(-0.1), shortcut="Ctrl+-"),
    ActionSpec("usual_size", tr("Usual text size"), tr("100 %"), "View",
               lambda w: w.scale_text(0), shortcut="Ctrl+0"),
    ActionSpec("contrast", tr("More contrast"), tr("Strong borders"), "View",
               lambda w: w.toggle_contrast(), checked=lambda w: w.high_contrast),
    ActionSpec("reset_settings", tr("Reset settings"), tr("All settings on Train at their defaults for these data"),
               "Tools", lambda w: w.session.fitting.reset_config(), _may_fit, icon="arrows-clockwise"),
    ActionSpec("recommend_mean", tr("List for the mean user"), tr("The text-book's new user: row means of u"), "Tools",
               lambda w: w.show_mean_user(), _needs_model, icon="users-three"),
    ActionSpec("report", tr("What was read"), tr("Every rejected and merged row, and how tables matched"), "Tools",
               lambda w: w.dialogs.report(), lambda s: "" if s.data and s.data.report else tr("No file is open.")),
    ActionSpec("read_differently", tr("Read it differently..."), tr("Back to the page of the import of the open file"),
               "Tools", lambda w: w.session.importing.read_differently(), _is_file),
    ActionSpec("swap", tr("Swap users and movies"), tr("Rows become columns, without reading again"), "Tools",
               lambda w: w.session.importing.swap_open(), _needs_data, icon="swap"),
    ActionSpec("browse_users", tr("Browse users..."), tr("All users, sorted by activity, mean or error"), "Tools",
               lambda w: w.dialogs.browse(), _needs_model, icon="user"),
    ActionSpec("similar_movies", tr("Similar titles..."), tr("Like the selected title: by cosine, dot or distance"),
               "Tools", lambda w: w.dialogs.similar("movie"), _needs_model, "Ctrl+Shift+M", "film-strip"),
    ActionSpec("similar_users", tr("Similar users..."), tr("Like the selected user: by cosine, dot or distance"),
               "Tools", lambda w: w.dialogs.similar("user"), _needs_model, "Ctrl+Shift+U", "user"),
    *(_experiment(name) for name in EXPERIMENTS),
    ActionSpec("terms", tr("Terms of the data"), tr("What the publisher of the open sample asks for"), "Help",
               lambda w: w.dialogs.terms(),
               lambda s: "" if s.data and s.data.report and s.data.report.terms else tr("No sample is open.")),
    ActionSpec("shortcuts", tr("Keyboard shortcuts"), tr("Every key, in one table"), "Help",
               lambda w: w.dialogs.shortcuts(), shortcut="F1"),
    ActionSpec("about", tr("About alsgui"), tr("Version, licence, libraries"), "Help", lambda w: w.dialogs.about()),
)  # fmt: skip

BY_ID = {spec.id: spec for spec in ACTIONS}

MENUS = ("File", "Edit", "Run", "View", "Tools", "Help")
"""In the order of the menu bar."""


def shortcut_table() -> list[tuple[str, str, str]]:
    """Menu, action and keys of everything that has keys; for the help page and the docs."""
    return [(spec.menu.split("/")[0], spec.text.rstrip("."), spec.shortcut) for spec in ACTIONS if spec.shortcut]
