"""The experiments by name, in words. Light to import: nothing is fitted here."""

from __future__ import annotations

from alsgui.text import tr

EXPERIMENTS: dict[str, tuple[str, str]] = {
    "k": (tr("Error against K"), tr("What was kept aside says when to stop.")),
    "lambda": (tr("Error against λ"), tr("Too little learns noise, too much forgets.")),
    "em": (tr("ALS against EM"), tr("The same optimum in far fewer epochs.")),
    "starts": (tr("Several starts"), tr("Other factors: are the errors others, too?")),
    "blank": (tr("Blank is not zero"), tr("Masked, filled with zeros, as mere events.")),
}
"""Title and one line of each."""
