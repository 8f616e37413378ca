"""What the Train page says about runs: figures, sentences, formulas. Words only, no widgets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from alsgui.core.solvers.config import Config, ObservedConfig, RidgeConfig
from alsgui.session.state import Run, State
from alsgui.text import DASH, MINUS, STAR, decimal, error_figure, percent, tr

NAN = float("nan")
SAME_STARS = 0.005
"""Differences that two decimals do not show, and that another seed of the hold-out may turn round."""

Kind = Literal["ok", "warning", "error", "muted"]
_FILL_WORDS = {"refuse": tr("refused"), "zero": tr("taken as 0"), "mean": tr("taken as the {noun}'s mean")}


@dataclass(frozen=True)
class Figures:
    """Figures of a run at one point: RMSE and MAE in stars."""

    caption: str
    loss: float
    rmse_train: float
    rmse_holdout: float
    mae_holdout: float


def shown_run(state: State) -> Run | None:
    """The run that learns or whose model is shown; a model opened from a file is a run with number 0."""
    model = state.model
    if state.current_run is not None or model is None or model.split is None or state.data is None:
        return state.current_run
    return Run(0, model.config, model.split, state.data.source, model.history, model)


def run_name(run: Run) -> str:
    """Run 4."""
    return run.name if run.number else tr("Opened model")


def is_learning(state: State, run: Run) -> bool:
    """Whether this run's fit is going on."""
    return state.phase == "fitting" and bool(state.runs) and state.runs[-1] is run


def first_epoch(run: Run) -> int:
    """Epochs that were done when the current start of a learning run began."""
    return run.model.history[-1].epoch if run.model is not None and run.model.history else 0


def last_epoch(state: State, run: Run) -> int:
    """Epoch at which the run ends at the latest; of one that has ended, its last."""
    if is_learning(state, run):
        return first_epoch(run) + run.config.epochs
    return run.history[-1].epoch if run.history else 0


def figures_at(state: State, run: Run, epoch: int | None = None) -> Figures | None:
    """Figures after an epoch; by default the newest, which for a run that has ended are those of what is kept."""
    if epoch is not None:
        records = [record for record in run.history if record.epoch == epoch]
    else:
        records = list(run.history[-1:])
    if epoch is None and run.model is not None and not is_learning(state, run):
        return _kept_figures(run)
    if not records:
        return None
    record = records[0]
    caption = tr("At epoch {n}", n=record.epoch)
    return Figures(caption, record.loss, record.rmse_train, record.rmse_holdout, record.mae_holdout)


def _kept_figures(run: Run) -> Figures | None:
    model = run.model
    if model is None:
        return None
    epoch = run.history[-1].epoch if run.history else 0
    if model.stopped == "patience" and run.best is not None:
        epoch = run.best.epoch
    loss = model.half_steps[-1].loss if model.half_steps else NAN
    judged = model.holdout_figures
    closed = len(model.half_steps) > 2 * len(run.history)
    caption = tr("Kept: epoch {n}, u solved once more", n=epoch) if closed else tr("Kept: epoch {n}", n=epoch)
    return Figures(caption, loss, model.training_figures.rmse, judged.rmse if judged.n else NAN, judged.mae)


def status_words(state: State) -> str:
    """The line beside the page's title."""
    run = shown_run(state)
    if run is None:
        return tr("No run yet: press Fit") if state.data is not None else tr("No ratings yet")
    if is_learning(state, run):
        paused = state.job is not None and state.job.paused
        return tr("{run} waits", run=run_name(run)) if paused else tr("{run} is learning", run=run_name(run))
    return tr("{run}: {why}", run=run_name(run), why=ending_words(run))


def ending_words(run: Run) -> str:
    """Why a run ended, in a few words."""
    if run.model is None:
        return tr("learning")
    n = run.history[-1].epoch if run.history else 0
    best = run.best.epoch if run.best is not None else n
    endings = {
        "epochs": tr("all {n} epochs done", n=n),
        "tolerance": tr("tolerance at epoch {n}", n=n),
        "patience": tr("no better since epoch {best}", best=best),
        "stopped": tr("stopped at epoch {n}", n=n),
        "cancelled": tr("cancelled at epoch {n}", n=n),
        "error": tr("error after epoch {n}", n=n),
    }
    return endings.get(run.model.stopped, run.model.stopped)


def ending_explained(run: Run) -> str:
    """Why a run ended and what is kept, in sentences."""
    if run.model is None:
        return ""
    reasons = {
        "epochs": tr("It did all the epochs it was asked for."),
        "tolerance": tr(
            "The loss fell by less than {share} of itself in one epoch.", share=number(run.config.tolerance)
        ),
        "patience": tr("The hold-out error had not improved for {n} epochs; the best is kept.", n=run.config.patience),
        "stopped": tr("You stopped it; what was complete is kept."),
        "cancelled": tr("You cancelled it; the last complete half-step is kept."),
        "error": tr("An error ended it; what was complete is kept."),
    }
    unsettled = "" if run.model.settled else tr(" Not settled: u was not solved again for the m that is kept.")
    return reasons.get(run.model.stopped, "") + unsettled


def outcome(state: State, run: Run) -> tuple[str, Kind]:
    """One sentence about what the result means, and its colour."""
    figures = figures_at(state, run)
    if figures is None:
        return "", "muted"
    if math.isnan(figures.rmse_holdout):
        mse, rmse = decimal(figures.rmse_train**2, 3), decimal(figures.rmse_train, 3)
        words = tr("mean squared error {mse}, RMSE {rmse}, on the ratings it learnt from", mse=mse, rmse=rmse)
        return words, "muted"
    if run.split is not state.split:
        return tr("judged on the hold-out before it was changed"), "muted"
    if state.baselines is None:
        return "", "muted"
    return _against_averages(state.baselines.biases.rmse - figures.rmse_holdout, run.split.ratings.noun)


def _against_averages(gain: float, noun: str) -> tuple[str, Kind]:
    averages = tr("user + {noun} averages", noun=noun)
    # As many decimals as show that there is a difference, at most the four that the RMSE has.
    digits = next((n for n in (2, 3, 4) if float(f"{abs(gain):.{n}f}")), None)
    if digits is None:
        return tr("neither better nor worse than {averages}", averages=averages), "muted"
    stars = f"{decimal(abs(gain), digits)} {STAR}"
    if gain > 0:
        words = tr("{stars} better than {averages}", stars=stars, averages=averages)
        return words, "ok" if gain >= SAME_STARS else "muted"
    words = tr("{stars} worse than {averages}", stars=stars, averages=averages)
    return words, "warning" if gain <= -SAME_STARS else "muted"


def gain_words(state: State, run: Run, figures: Figures) -> tuple[str, str | None]:
    """Share of the biases' error that the run takes away, and its colour."""
    if state.baselines is None or run.split is not state.split:
        return DASH, "muted"
    averages = state.baselines.biases.rmse
    gain = averages - figures.rmse_holdout
    colour = None if abs(gain) < SAME_STARS else "ok" if gain > 0 else "warning"
    return percent(gain / averages, 1), colour


def fill_words(run: Run) -> str:
    """How a run of `ridge` took missing ratings; empty where it met none."""
    if not isinstance(run.config, RidgeConfig) or run.split.training.complete:
        return ""
    return _FILL_WORDS[run.config.fill].format(noun=run.split.ratings.noun)


def number(value: float | None) -> str:
    """A setting as short as it can be read: 0.12, 1e-5."""
    return DASH if value is None else f"{value:.3g}".replace("e-0", "e-").replace("-", MINUS)


def lambda_words(config: Config) -> str:
    """0.12 × n; both where they differ."""
    u, m = config.lambda_u, config.lambda_m
    words = number(u) if u == m else tr("{u}, {m}", u=number(u), m=number(m))
    return words + {0.0: "", 0.5: " × √n", 1.0: " × n"}.get(_power(config), f" × n^{_power(config):g}")


def split_words(run: Run, *, with_seed: bool) -> str:
    """The share that is kept aside, and the seed that chose it."""
    share = percent(run.split.share, 0)
    return tr("{share}, seed {seed}", share=share, seed=run.split.seed) if with_seed else share


def algorithm_words(run: Run, *, short: bool) -> str:
    """The algorithm, and how it took missing ratings where it met some."""
    fill = fill_words(run)
    if short:
        return f"{run.config.algorithm}, {run.config.fill}" if fill else run.config.algorithm  # type: ignore[attr-defined]
    return tr("{title}, missing {fill}", title=run.config.title, fill=fill) if fill else run.config.title


def best_words(run: Run) -> str:
    """0.8347 @ 31."""
    best = run.best
    return DASH if best is None else f"{error_figure(best.rmse_holdout)} @ {best.epoch}"


def loss_formula(config: Config) -> str:
    """The objective with its subscripts."""
    return config.formula.replace("λu", "λᵤ").replace("λm", "λₘ").replace("λb", "λᵦ")


def updates(config: Config) -> Sequence[str]:
    """The two half-steps of an epoch, as formulas."""
    if not isinstance(config, ObservedConfig):
        return ("u_i ← (λ_u I + m m^T)^{−1} m y_i", "m_j ← (λ_m I + u u^T)^{−1} u y_j")
    left = "e" if config.biases else "y"
    scale_u, scale_m = (_count_words(config.lambda_power, row) for row in "ij")
    return (
        f"u_i ← (λ_u {scale_u}I + Σ_{{j∈Ω_i}} m_j m_j^T)^{{−1}} Σ_{{j∈Ω_i}} {left}_{{ij}} m_j",
        f"m_j ← (λ_m {scale_m}I + Σ_{{i∈Ω_j}} u_i u_i^T)^{{−1}} Σ_{{i∈Ω_j}} {left}_{{ij}} u_i",
    )


def symbols(config: Config, noun: str, nouns: str) -> str:
    """What the letters of `updates` mean."""
    if not isinstance(config, ObservedConfig):
        return tr("yᵢ are the ratings of user i, yⱼ those of {noun} j; I is the K × K identity.", noun=noun)
    omega = tr("Ωᵢ are the {nouns} that user i rated, nᵢ of them", nouns=nouns)
    what = tr("; e is the rating less mean and biases.") if config.biases else tr("; y is the rating.")
    return omega + what


def _power(config: Config) -> float:
    return config.lambda_power if isinstance(config, ObservedConfig) else 0.0


def _count_words(power: float, row: str) -> str:
    plain = {0.0: "", 0.5: f"√n_{row} ", 1.0: f"n_{row} "}
    return plain.get(power, f"n_{row}^{{{power:g}}} ")
