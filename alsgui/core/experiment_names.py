"""The experiments by name, in words. Light to import: nothing is fitted here."""

from __future__ import annotations

from alsgui.text import tr

EXPERIMENTS: dict[str, tuple[str, str]] = {
    "k": (tr("Error against K"), tr("More attributes always fit better; what was kept aside says when to stop.")),
    "lambda": (tr("Error against λ"), tr("Too little ridge learns the noise, too much forgets the taste.")),
    "em": (tr("ALS against EM"), tr("The same optimum, reached in far fewer epochs.")),
    "starts": (tr("Several starts"), tr("Other seeds end in other factors; how much do the errors differ?")),
    "blank": (tr("Blank is not zero"), tr("The same ratings masked, filled with zeros, and as mere events.")),
}
"""Title and one line of each."""
