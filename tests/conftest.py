"""What every test gets: no screen, a home of its own, and failure for stray records, windows and threads."""

from __future__ import annotations

import os

# Before anything loads Qt, which reads it once.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.helpers.home import move_home
from tests.helpers.leaks import Leaks
from tests.helpers.logfail import StrayRecords

# The same examples in every run, and no clock: a busy machine is not a broken property.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        move_home(patch, tmp_path_factory.mktemp("home"))
        yield


@pytest.fixture(autouse=True)
def nothing_is_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Autouse and first of its scope, so torn down after the test's other fixtures have closed what they opened."""
    expected = [mark.args[0] for mark in request.node.iter_markers("expects_log")]
    leaks = Leaks()
    with StrayRecords(expected) as records:
        yield
        report = "\n".join(filter(None, [leaks.report(), records.report]))
    if report:
        pytest.fail(report, pytrace=False)
