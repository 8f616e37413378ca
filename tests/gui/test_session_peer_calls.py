"""Runs as calls of other programs: what they say, what they refuse, and that scikit-learn comes to the same error."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from alsgui.session.peer_calls import as_peer, why_no_peer
from alsgui.session.session import Session
from alsgui.ui.main_window import MainWindow
from tests.helpers.dense import dense_y
from tests.helpers.sessions import settle, with_movies


def complete(session: Session, algorithm: str, **settings: Any) -> None:
    session.generate("chapter", n_users=12, n_movies=9)
    settle(session)
    session.fitting.choose_algorithm(algorithm)
    session.fitting.set_config(**settings)
    session.fitting.fit()
    settle(session)


def test_the_copied_scikit_learn_call_runs_and_comes_to_the_same_error(session: Session) -> None:
    complete(session, "nmf", k=2, tolerance=0.0, epochs=300)
    run = session.state.runs[0]
    assert run.model is not None and why_no_peer(session.state, "sklearn") == ""
    script: dict[str, Any] = {"y": dense_y(run.split.training)}
    exec(as_peer(run, "sklearn"), script)
    rmse = np.sqrt(np.mean((script["y"] - script["u"].T @ script["m"]) ** 2))
    assert rmse == pytest.approx(run.model.training_figures.rmse, abs=1e-4)


def test_the_copied_r_call_has_every_option_and_parses(session: Session) -> None:
    complete(session, "nonnegative", k=2, order="mu", free="u", scale_m="largest", fall=0.001, half_steps=40)
    call = as_peer(session.state.runs[0], "r")
    assert "thresh = 0.001, maxiter = 40, forcemaxiter = FALSE" in call
    assert "optS1st = TRUE" in call and "nonnegC = FALSE, nonnegS = TRUE, normS = 1" in call
    code = re.sub(r"#.*", "", call)
    assert code.count("(") == code.count(")") and code.count("[") == code.count("]")
    if shutil.which("Rscript"):
        subprocess.run(["Rscript", "-e", "parse(text = readLines(file('stdin')))"], input=call, text=True, check=True)


def test_what_the_other_program_cannot_do_is_refused_with_the_reason(session: Session) -> None:
    assert "No finished run" in why_no_peer(session.state, "r")
    complete(session, "nonnegative", k=2, lambda_u=1.0)
    assert "no λ" in why_no_peer(session.state, "r")
    assert "has no" in why_no_peer(session.state, "sklearn")
    with_movies(session)
    session.fitting.choose_algorithm("nmf")
    session.fitting.set_config(k=2, epochs=2, fill="mean")
    session.fitting.fit()
    settle(session)
    assert "missing" in why_no_peer(session.state, "sklearn")


def test_the_menu_puts_the_call_on_the_clipboard(window: MainWindow) -> None:
    complete(window.session, "nmf", k=2, epochs=5)
    window.actions_by_id["copy_sklearn"].setEnabled(True)
    window.actions_by_id["copy_sklearn"].trigger()
    assert "NMF(n_components=2" in QApplication.clipboard().text()
    assert window.session.state.notice is not None and "scikit-learn" in window.session.state.notice.text
