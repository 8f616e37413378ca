"""What the Train page says about runs: figures, sentences, formulas. Words only, no widgets."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from alsgui.core.solvers.config import Config, ImplicitConfig, ObservedConfig, RidgeConfig
from alsgui.session.split_words import short_words_of, words_of
from alsgui.session.state import Run, State
from alsgui.text import DASH, MINUS, STAR, counted, decimal, error_figure, percent, tr

NAN = float("nan")
SAME_STARS = 0.005
"""Differences that two decimals do not show, and that another seed of the hold-out may turn round."""

Kind = Literal["ok", "warning", "error", "muted"]
_FILL_WORDS = {"refuse": tr("refused"), "zero": tr("taken as 0"), "mean": tr("taken as the {noun}'s mean")}


@dataclass(frozen=True)
class Figures:
    """Figures of a run at one point: RMSE and MAE in stars, or where predictions are scores those of lists at 20.

    What does not exist is NaN. `n_users` are the hold-out users whose lists were judged.
    """

    caption: str
    loss: float
    rmse_train: float
    rmse_holdout: float
    mae_holdout: float
    ndcg: float = NAN
    recall: float = NAN
    ndcg_se: float = NAN
    n_users: int = 0


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


def place_of(state: State, run: Run) -> tuple[int, str, float]:
    """Epoch of this start (1, 2, ...), the side that is solved in it, and the share of the side that is done."""
    done = state.job.done if state.job is not None and state.job.done is not None else 0.0
    half_steps = round(done * run.config.epochs * 2, 6)
    complete = max(math.ceil(half_steps) - 1, 0)
    return complete // 2 + 1, "um"[complete % 2], half_steps - complete


def figures_at(state: State, run: Run, epoch: int | None = None) -> Figures | None:
    """Figures after an epoch; by default the newest, which for a run that has ended are those of what is kept."""
    if epoch is not None:
        place = bisect_left(run.history, epoch, key=lambda record: record.epoch)
        records = [record for record in run.history[place : place + 1] if record.epoch == epoch]
    else:
        records = list(run.history[-1:])
    if epoch is None and run.model is not None and not is_learning(state, run):
        return _kept_figures(run)
    if not records:
        return None
    record = records[0]
    caption = tr("At epoch {n}", n=record.epoch)
    if run.config.predicts_ratings:
        return Figures(caption, record.loss, record.rmse_train, record.rmse_holdout, record.mae_holdout)
    ndcg, recall = (NAN if value is None else value for value in (record.ndcg_holdout, record.recall_holdout))
    return Figures(caption, record.loss, NAN, NAN, NAN, ndcg, recall, n_users=watched_users(state, run))


def _kept_figures(run: Run) -> Figures | None:
    model = run.model
    if model is None:
        return None
    epoch = run.history[-1].epoch if run.history else 0
    if model.stopped == "patience" and run.best is not None:
        epoch = run.best.epoch
    loss = model.half_steps[-1].loss if model.half_steps else NAN
    judged = model.holdout_figures
    closed = model.settled and len(model.half_steps) > 2 * len(run.history)
    caption = tr("Kept: epoch {n}, u solved once more", n=epoch) if closed else tr("Kept: epoch {n}", n=epoch)
    if run.config.predicts_ratings:
        return Figures(caption, loss, model.training_figures.rmse, judged.rmse if judged.n else NAN, judged.mae)
    lists = model.holdout_ranking
    return Figures(caption, loss, NAN, NAN, NAN, lists.ndcg, lists.recall, lists.ndcg_se, lists.n_users)


def watched_users(state: State, run: Run) -> int:
    """How many hold-out users the lists of each epoch are judged on; 0 while that is not known."""
    if run.split is state.split and state.popularity is not None:
        return state.popularity.watched.n_users
    if run.model is None:
        return 0
    from alsgui.core.judging import WATCHED_USERS

    return min(run.model.holdout_ranking.n_users, WATCHED_USERS)


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
        )
        if getattr(run.config, "fall", None) is None
        else tr(
            "The squared errors fell by less than {share} of themselves in a half-step.",
            share=number(getattr(run.config, "fall", 0.0)),
        ),
        "patience": tr(
            "The {figure} had not improved for {n} epochs; the best is kept.",
            n=run.config.patience,
            figure=tr("hold-out error") if run.config.predicts_ratings else tr("hold-out NDCG"),
        ),
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
    if not run.config.predicts_ratings:
        return _against_popularity(state, run, figures)
    if math.isnan(figures.rmse_holdout):
        mse, rmse = decimal(figures.rmse_train**2, 3), decimal(figures.rmse_train, 3)
        words = tr("mean squared error {mse}, RMSE {rmse}, on the ratings it learnt from", mse=mse, rmse=rmse)
        return words, "muted"
    if run.split is not state.split:
        return tr("judged on the hold-out before it was changed"), "muted"
    if state.baselines is None:
        return "", "muted"
    return _against_averages(state.baselines.biases.rmse - figures.rmse_holdout, run.split.ratings.noun)


def _against_popularity(state: State, run: Run, figures: Figures) -> tuple[str, Kind]:
    """How much better lists are than one list for everybody; within a standard error it is not coloured."""
    if math.isnan(figures.ndcg):
        return tr("no hold-out: lists were not judged"), "muted"
    if run.split is not state.split:
        return tr("judged on the hold-out before it was changed"), "muted"
    popular = popular_ndcg(state, figures)
    if popular is None:
        return "", "muted"
    gain = figures.ndcg - popular
    shown = decimal(abs(gain), 3)
    if not float(shown):
        return tr("neither better nor worse than most rated"), "muted"
    sure = not abs(gain) < figures.ndcg_se
    if gain > 0:
        words = tr("NDCG {gain} above most rated", gain=shown)
        return words, "ok" if sure else "muted"
    return tr("NDCG {gain} below most rated", gain=shown), "warning" if sure else "muted"


def popular_ndcg(state: State, figures: Figures) -> float | None:
    """NDCG of the list of the most rated, on as many users as the figures are of."""
    known = state.popularity
    if known is None:
        return None
    return known.judged.ndcg if figures.n_users == known.judged.n_users else known.watched.ndcg


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
    """Share of the biases' error that the run takes away, or by which its NDCG is above popularity's; its colour."""
    if run.split is not state.split:
        return DASH, "muted"
    if not run.config.predicts_ratings:
        popular = popular_ndcg(state, figures)
        if not popular or math.isnan(figures.ndcg):
            return DASH, "muted"
        more = figures.ndcg - popular
        role = None if abs(more) < figures.ndcg_se else "ok" if more > 0 else "warning"
        return percent(more / popular, 0), role
    if state.baselines is None:
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


def measure_words(state: State, run: Run) -> str:
    """Beside the head of the upper panel: unit, direction, and on what."""
    if not run.config.predicts_ratings:
        n = watched_users(state, run)
        on = tr(", on {users}", users=counted(n, tr("hold-out user"))) if n else ""
        return tr("higher is better{on}", on=on)
    if fill := fill_words(run):
        return tr("stars; missing {fill}", fill=fill)
    return tr("stars; lower is better") if run.split.share else tr("stars")


def number(value: float | None) -> str:
    """A setting as short as it can be read: 0.12, 1e-5."""
    return DASH if value is None else f"{value:.3g}".replace("e-0", "e-").replace("-", MINUS)


def lambda_words(config: Config) -> str:
    """0.12 × n; both where they differ."""
    u, m = config.lambda_u, config.lambda_m
    words = number(u) if u == m else tr("{u}, {m}", u=number(u), m=number(m))
    power, letter = float(getattr(config, "lambda_power", 0.0)), "n" if config.predicts_ratings else "s"
    return words + {0.0: "", 0.5: f" × √{letter}", 1.0: f" × {letter}"}.get(power, f" × {letter}^{power:g}")


def split_words(run: Run, *, with_seed: bool) -> str:
    """What is kept aside, and the seed that chose it."""
    words = short_words_of(run.split)
    return tr("{words}, seed {seed}", words=words, seed=run.split.seed) if with_seed else words


def holdout_words(run: Run) -> str:
    """On what the hold-out figures are, in a sentence."""
    split = run.split
    clipped = tr("predictions clipped to the range of the training ratings")
    if split.kind != "users":
        return tr("On ratings kept aside ({what}); {clipped}", what=words_of(split), clipped=clipped)
    told = tr("all but the one that is judged") if split.told is None else counted(split.told, tr("rating"))
    return tr("On users kept aside whole, folded in from {told}; {clipped}", told=told, clipped=clipped)


def algorithm_words(run: Run, *, short: bool) -> str:
    """The algorithm, and how it took missing ratings where it met some."""
    fill = fill_words(run)
    if short:
        return f"{run.config.algorithm}, {run.config.fill}" if fill else run.config.algorithm  # type: ignore[attr-defined]
    return tr("{title}, missing {fill}", title=run.config.title, fill=fill) if fill else run.config.title


def best_words(run: Run) -> str:
    """0.8347 @ 31: the lowest hold-out RMSE, or the highest NDCG, and its epoch."""
    best = run.best
    if best is None:
        return DASH
    figure = best.rmse_holdout if best.ndcg_holdout is None else best.ndcg_holdout
    return f"{error_figure(figure)} @ {best.epoch}"


def loss_formula(config: Config) -> str:
    """The objective of these settings with its subscripts: powers as they are, no biases where there are none."""
    words = config.formula
    if getattr(config, "biases", None) is False:
        words = words.replace("(y − r)²", "(y − uᵀm)²").removesuffix(" + λb (Σ b² + Σ c²)")
    power = float(getattr(config, "lambda_power", -1.0))
    for scaled, plain in (("nᵖ", "n"), ("sᵠ", "s")):
        shown = {0.0: "", 0.5: f"√{plain} ", 1.0: f"{plain} "}
        words = words.replace(scaled, shown.get(power, scaled))
    return words.replace("λu", "λᵤ").replace("λm", "λₘ").replace("λb", "λᵦ")


def updates(config: Config) -> Sequence[str]:
    """The two half-steps of an epoch, as formulas."""
    if isinstance(config, ObservedConfig):
        return _observed_updates(config)
    if isinstance(config, RidgeConfig):
        return ("u_i ← (λ_u I + m m^T)^{−1} m y_i", "m_j ← (λ_m I + u u^T)^{−1} u y_j")
    if isinstance(config, ImplicitConfig):
        return _implicit_updates(config)
    return ("u ← argmin_u L(u, m)", "m ← argmin_m L(u, m)")


def _observed_updates(config: ObservedConfig) -> Sequence[str]:
    left = "e" if config.biases else "y"
    scale_u, scale_m = (_count_words(config.lambda_power, f"n_{row}") for row in "ij")
    return (
        f"u_i ← (λ_u {scale_u}I + Σ_{{j∈Ω_i}} m_j m_j^T)^{{−1}} Σ_{{j∈Ω_i}} {left}_{{ij}} m_j",
        f"m_j ← (λ_m {scale_m}I + Σ_{{i∈Ω_j}} u_i u_i^T)^{{−1}} Σ_{{i∈Ω_j}} {left}_{{ij}} u_i",
    )


def _implicit_updates(config: ImplicitConfig) -> Sequence[str]:
    scale_u, scale_m = (_count_words(config.lambda_power, f"s_{row}") for row in "ij")
    return (
        f"u_i ← (λ_u {scale_u}I + Σ_j c_{{ij}} m_j m_j^T)^{{−1}} Σ_j c_{{ij}} p_{{ij}} m_j",
        f"m_j ← (λ_m {scale_m}I + Σ_i c_{{ij}} u_i u_i^T)^{{−1}} Σ_i c_{{ij}} p_{{ij}} u_i",
    )


def symbols(config: Config, noun: str, nouns: str) -> str:
    """What the letters of `updates` mean."""
    if isinstance(config, ObservedConfig):
        omega = tr("Ωᵢ are the {nouns} that user i rated, nᵢ of them", nouns=nouns)
        return omega + (tr("; e is the rating less mean and biases.") if config.biases else tr("; y is the rating."))
    if isinstance(config, ImplicitConfig):
        stored = "α" if config.confidence == "event" else "α |y|"
        return tr("p is 1 where a value is stored, with confidence c = {base} + {stored}, α = {alpha}; elsewhere p is "
                  "0 and c = {weight}. sᵢ is the sum of c over all {nouns}.", base=number(config.base),
                  stored=stored, alpha=number(config.alpha), weight=number(config.unobserved), nouns=nouns)  # fmt: skip
    if isinstance(config, RidgeConfig):
        return tr("yᵢ are the ratings of user i, yⱼ those of {noun} j; I is the K × K identity.", noun=noun)
    return tr("L is {loss}.", loss=loss_formula(config))


def _count_words(power: float, letter: str) -> str:
    return {0.0: "", 0.5: f"√{letter} ", 1.0: f"{letter} "}.get(power, f"{letter}^{{{power:g}}} ")
