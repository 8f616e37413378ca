"""The command line: fit, recommend, inspect, tour; without a command a window opens (see `alsgui.__main__`)."""

from __future__ import annotations

import difflib
import io
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alsgui import __version__
from alsgui.cli_holdout import keep_aside_of
from alsgui.cli_import import with_opening
from alsgui.cli_recommend import recommend_command
from alsgui.cli_report import (
    epoch_words,
    fit_object,
    inspect_object,
    judged_on,
    print_baselines,
    print_figures,
    print_fit,
    print_json,
    print_known_after,
    print_reading,
    print_written,
    progress,
    say,
)
from alsgui.cli_settings import algorithm_help, config_of, preset_help, with_settings
from alsgui.core.errors import AlsguiError, ConfigError, DataError, Interrupted
from alsgui.core.experiment_names import EXPERIMENTS
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.model import Model
    from alsgui.core.solvers.config import Config
    from alsgui.core.split import Split
    from alsgui.io.reading import Reading
    from alsgui.io.watch import Progress

INPUT_ERROR, OTHER_ERROR = 2, 1
INTERRUPTED = 130
"""What newer releases of Typer return when Ctrl+C ended a command."""

_LESSONS = ", ".join(EXPERIMENTS)

# Click's UsageError, wherever it lives: newer releases of Typer carry their own Click.
USAGE_ERROR: Any = typer.BadParameter.__base__

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help=tr("Explore recommenders by matrix factorisation. With a FILE, or nothing, a window opens."),
)

File = Annotated[str, typer.Argument(metavar="FILE", help=tr("Ratings: CSV, TSV, Parquet, MovieLens folder, sample."))]
AsJson = Annotated[bool, typer.Option("--json", help=tr("Print one JSON object and nothing else."))]


def run(words: Sequence[str]) -> int:
    """Run one command.

    Parameters
    ----------
    words
        The command line without the program's name; `--debug` anywhere in it shows tracebacks.

    Returns
    -------
    int
        0 when all went well, 2 for input that cannot be used, 1 for the rest; an error is one line on stderr.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without thin spaces shows another sign rather than an error.
            stream.reconfigure(errors="replace")
    debug = "--debug" in words
    rest = [word for word in words if word != "--debug"]
    try:
        _refuse_unknown_command(rest)
        outcome = typer.main.get_command(app).main(list(rest), prog_name="alsgui", standalone_mode=False)
        if outcome == INTERRUPTED:
            raise KeyboardInterrupt
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the outermost boundary: a bug is one line, too
        if debug:
            traceback.print_exc()
        message, code = _explained(error)
        sys.stderr.write("alsgui: " + " ".join(message.split("\n")) + "\n")
        return code
    return outcome if isinstance(outcome, int) else 0


def _explained(error: BaseException) -> tuple[str, int]:
    """An error in one line, and the exit code."""
    if isinstance(error, USAGE_ERROR):
        return tr("{what}. See alsgui --help.", what=error.format_message().rstrip(".")), INPUT_ERROR
    if isinstance(error, AlsguiError):
        return str(error), INPUT_ERROR if isinstance(error, (DataError, ConfigError)) else OTHER_ERROR
    if isinstance(error, (Interrupted, KeyboardInterrupt, typer.Abort)):
        return tr("Cancelled."), OTHER_ERROR
    kind = type(error).__name__
    return tr("Unexpected {kind}: {error}. Run again with --debug.", kind=kind, error=error), OTHER_ERROR


def _refuse_unknown_command(words: Sequence[str]) -> None:
    """A first word that is neither a command nor a file: say what may have been meant."""
    first = words[0] if words else ""
    known = [command.name or "" for command in app.registered_commands]
    if not first or first.startswith("-") or first in known:
        return
    if Path(first).exists():
        raise ConfigError(
            tr("{option} is no option of the window.", option=next(word for word in words[1:] or words)),
            tr("Use alsgui FILE, or one of the commands {known}.", known=", ".join(known)),
        )
    folder = Path(first).parent
    beside = [str(folder / file.name) for file in folder.iterdir()] if folder.is_dir() else []
    nearest = difflib.get_close_matches(first, [*known, *beside], n=1)
    raise ConfigError(
        tr("There is no file or command {word}.", word=first),
        tr("Did you mean {name}?", name=nearest[0])
        if nearest
        else tr("The commands are {known}.", known=", ".join(known)),
    )


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help=tr("Print the version."))] = False,
    profile_startup: Annotated[
        bool, typer.Option("--profile-startup", help=tr("Open the window and print how long that took."))
    ] = False,
    lesson: Annotated[
        str, typer.Option("--lesson", metavar="NAME", help=tr("Open the window on an experiment: {all}.", all=_LESSONS))
    ] = "",
    debug: Annotated[bool, typer.Option("--debug", help=tr("Show the traceback of an error."))] = False,
) -> None:
    if version:
        sys.stdout.write(f"alsgui {__version__}\n")


@app.command("inspect")
@with_opening
def inspect_command(file: File, opening: dict[str, Any], as_json: AsJson = False) -> None:
    """Say what a file of ratings holds."""
    with progress(as_json) as tell:
        reading = _read(file, opening, tell)
    if as_json:
        print_json(**inspect_object(reading.ratings, reading.report))
    else:
        print_reading(reading.ratings, reading.report)


@app.command("fit")
@with_opening
@with_settings
def fit_command(
    file: File,
    *,
    opening: dict[str, Any],
    algorithm: Annotated[str | None, typer.Option(help=algorithm_help())] = None,
    preset: Annotated[str | None, typer.Option(metavar="NAME", help=preset_help())] = None,
    weighted_lambda: Annotated[
        bool, typer.Option("--weighted-lambda", help=tr("The same as --lambda-power 1."))
    ] = False,
    split_seed: Annotated[int, typer.Option(help=tr("Seed of the hold-out."))] = 0,
    holdout: Annotated[
        float | None, typer.Option(help=tr("Share of ratings, or of users, kept aside, 0 to 0.9."))
    ] = None,
    holdout_kind: Annotated[
        str,
        typer.Option(
            metavar="KIND",
            help=tr("random; last (newest of each user); each (some of each user); users (whole, then folded in)."),
        ),
    ] = "random",
    per_user: Annotated[int, typer.Option(metavar="N", help=tr("Ratings of each user, for last and each."))] = 1,
    told: Annotated[
        str, typer.Option(metavar="N", help=tr("Ratings that each user kept aside tells, or all (but one)."))
    ] = "10",
    test: Annotated[Path | None, typer.Option(metavar="FILE", help=tr("Ratings to judge the model by."))] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help=tr("Where the model and exports go."))] = None,
    export: Annotated[str, typer.Option(help=tr("Formats of u and m: csv,npz,mat,mtx."))] = "",
    orientation: Annotated[str | None, typer.Option(help=tr("KxN (text-book) or NxK (a row per user)."))] = None,
    as_json: AsJson = False,
    **settings: Any,
) -> None:
    """Fit a model to a file of ratings."""
    if weighted_lambda and settings["lambda_power"] not in (None, 1.0):
        raise ConfigError(
            tr("--weighted-lambda and --lambda-power {power} contradict.", power=settings["lambda_power"]),
            tr("Give one of them."),
        )
    if weighted_lambda:
        settings["lambda_power"] = 1.0
    share = 0.0 if test is not None and holdout is None and holdout_kind == "random" else holdout
    keep_aside = keep_aside_of(share, split_seed, holdout_kind, per_user, told)
    formats = [name.strip() for name in export.split(",") if name.strip()]
    if formats and out is None:
        raise ConfigError(tr("--export needs a folder."), tr("Add --out DIR."))
    if out is not None:
        from alsgui.io.export import check_export

        check_export(out, formats, orientation)
    # Whatever is refused is refused before a long file is read.
    config = config_of(algorithm, preset, settings)
    with progress(as_json) as tell:
        reading = _read(file, opening, tell)
        tests = None if test is None else _read(str(test), {}, tell).ratings
        parts = keep_aside.split(reading.ratings)
        started = time.perf_counter()
        model = _fit(parts, config, tell)
        seconds_fit = time.perf_counter() - started
    judged = judged_on(model, tests)
    written = [] if out is None else _write(model, out, formats, orientation)
    if as_json:
        print_json(**fit_object(model, reading, judged, seconds_fit))
        return
    print_fit(model, reading.ratings, seconds_fit)
    print_figures(model, judged, tr("Hold-out") if tests is None else tr("Test"))
    if tests is None:
        print_baselines(model)
        print_known_after(model)
    print_written(written)


app.command("recommend")(recommend_command)


@app.command("tour")
def tour_command(
    out: Annotated[Path, typer.Option(metavar="DIR", help=tr("Where the pictures go."))] = Path("alsgui-tour"),
) -> None:
    """Drive the window through the whole way and leave pictures."""
    from alsgui.tour import run_tour

    say(str(run_tour(out)))


def _read(file: str, opening: dict[str, Any], tell: Progress | None) -> Reading:
    """Read a path, or a sample by name."""
    from alsgui.io.reading import read
    from alsgui.io.samples import SAMPLES, open_sample

    if not Path(file).exists() and file in {sample.name for sample in SAMPLES}:
        return open_sample(file, progress=tell, **opening)
    return read(file, progress=tell, **opening)


def _fit(parts: Split, config: Config, tell: Progress | None) -> Model:
    from threadpoolctl import threadpool_limits

    from alsgui.core.steps import Epoch, Step
    from alsgui.core.training import fitted, iter_fit

    def watch(step: Step) -> None:
        if tell is not None and isinstance(step, Epoch):
            tell(step.record.epoch / config.epochs, epoch_words(step.record, config))

    if tell is not None:
        tell(None, tr("Preparing"))
    # Rows are solved in parallel, so each solve keeps to one thread.
    with threadpool_limits(limits=1, user_api="blas"):
        return fitted(iter_fit(parts, config), watch)


def _write(model: Model, out: Path, formats: Sequence[str], orientation: str | None) -> list[Path]:
    from alsgui.io.export import export_factors
    from alsgui.io.model_file import SUFFIX, save_model

    written = export_factors(model, out, formats, orientation)
    path = out / f"model{SUFFIX}"
    save_model(model, path)
    return [path, *written]
