"""Output formats. Each is one file with one function from a `Report` to text."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from printlint.report.model import Look, Report

FORMATS = ("concise", "full", "json", "json-lines", "github", "gitlab", "sarif", "junit", "azure")
# What `check` says of a fix beside its finding costs planning it.
FORMATS_WITH_FIXES = frozenset({"full", "json", "json-lines", "sarif"})


def render(report: Report, output_format: str, look: Look = Look()) -> str:  # noqa: B008 - a value that never changes
    """A report in one of `FORMATS`, with a newline at its end unless it is empty."""
    module = import_module(f"printlint.report.as_{output_format.replace('-', '_')}")
    function: Callable[[Report, Look], str] = module.render
    return function(report, look)


__all__ = ["FORMATS", "FORMATS_WITH_FIXES", "Look", "Report", "render"]
