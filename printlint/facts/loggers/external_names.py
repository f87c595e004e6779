"""What a module's loggers need to know of other modules."""

from __future__ import annotations

from typing import Protocol

from printlint.facts.loggers.kinds import LoggerValue


class ExternalNames(Protocol):
    """Answers about names that other modules define; each takes a qualified name."""

    def value(self, qualified: str) -> LoggerValue | None:
        """The logger that a name is bound to."""

    def returned(self, qualified: str) -> LoggerValue | None:
        """The logger that a call gives."""

    def instance(self, qualified: str) -> LoggerValue | None:
        """The logger that an annotation describes."""

    def attribute(self, qualified: str, name: str) -> LoggerValue | None:
        """The logger that instances of a class hold under `name`."""


class NoExternalNames:
    """For a module on its own: nothing is known of others."""

    def value(self, qualified: str) -> LoggerValue | None:
        """None."""
        return None

    returned = instance = value

    def attribute(self, qualified: str, name: str) -> LoggerValue | None:
        """None."""
        return None
