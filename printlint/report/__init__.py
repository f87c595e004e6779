"""Output formats. Each is one file with one function from a `Report` to text."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from printlint.report.model import Report

FORMATS = ("text", "json", "github", "gitlab", "sarif")


def render(report: Report, output_format: str, *, verbose: bool = False) -> str:
    """A report in one of `FORMATS`, with a newline at its end unless it is empty."""
    module = import_module(f"printlint.report.as_{output_format}")
    function: Callable[..., str] = module.render
    return function(report, verbose=verbose)


__all__ = ["FORMATS", "Report", "render"]
