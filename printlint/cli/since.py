"""`printlint fix --since REV`: what was there before the branch is left alone."""

from __future__ import annotations

from dataclasses import replace

from printlint.cli.accepted import Before
from printlint.rewrite.changes import Change
from printlint.rewrite.choices import Choices, Chooser, Offer


class OnlyAdded:
    """Leaves the findings that are not new; has `then` decide on the others."""

    def __init__(self, before: Before, revision: str, then: Chooser | None) -> None:
        self._before = before
        self._reason = f"it is not new since {revision}"
        self._then = then
        self.takes_notes = then is not None and then.takes_notes

    def choose(self, offer: Offer) -> Choices:
        """See `printlint.rewrite.choices.Chooser`."""
        path = offer.module.source.path
        baseline = self._before.baseline([path])
        entries = baseline.entries_of(offer.findings, lambda _: offer.module.source.text)
        match = baseline.match(entries, [path])
        old = {finding.site for index, finding in enumerate(offer.findings) if index not in match.new}
        added = [finding for finding in offer.accepted if finding.site not in old]
        choices = self._then.choose(replace(offer, accepted=added)) if self._then and added else Choices()
        return replace(choices, vetoes=choices.vetoes | {site: self._reason for site in old if site is not None})

    def sets_up(self, change: Change) -> bool:
        """See `printlint.rewrite.choices.Chooser`."""
        return self._then is None or self._then.sets_up(change)
