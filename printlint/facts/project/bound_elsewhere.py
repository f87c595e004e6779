"""What a name of another module is bound to there, for all who follow names from file to file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from printlint.facts.loggers.kinds import WELL_KNOWN
from printlint.facts.module import Module
from printlint.names.bindings import Binding, BindingKind
from printlint.names.layout import Layout, is_stdlib


def bound_elsewhere(
    layout: Layout,
    qualified: str,
    find: Callable[[Layout, str], Module | None],
    seen: frozenset[str] = frozenset(),
) -> Iterator[tuple[Module, Binding]]:
    """The bindings of a qualified name in the modules that define it, through re-exports, each followed once.

    `find` gives the module that a dotted name refers to in the file of a layout. A re-export of what the standard
    library or another library is known for is a binding itself.
    """
    prefix, _, name = qualified.rpartition(".")
    module = find(layout, prefix)
    if module is None or module.layout is None or qualified in seen:
        return
    seen |= {qualified}
    bindings = module.bindings_of(name)
    for binding in bindings:
        known = is_stdlib(binding.origin or "") or binding.origin in WELL_KNOWN
        if binding.kind is BindingKind.IMPORT and binding.origin and not known:
            yield from bound_elsewhere(module.layout, binding.origin, find, seen)
        else:
            yield module, binding
    for _, star in module.scopes.star_imports() if not bindings else ():
        yield from bound_elsewhere(module.layout, f"{star}.{name}", find, seen)
