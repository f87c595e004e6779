"""printlint: from print() noise to event-stream logging.

Nothing is imported here: the command has not left the working folder out of its search path yet.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from printlint.api import Project, check_source, fix_source

__version__ = "0.1.0"
__all__ = ["Project", "__version__", "check_source", "fix_source"]


def __getattr__(name: str) -> object:
    """The Python API, which only who asks for it pays for (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("printlint.api"), name)
