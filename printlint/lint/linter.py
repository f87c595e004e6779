"""A source in, findings out: what flake8, `check` and `fix` all run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from printlint.config import DEFAULT, Config
from printlint.facts.context import Context
from printlint.facts.module import Module
from printlint.facts.project.cross_module import neighbours_of
from printlint.facts.project.project import Project, star_names
from printlint.facts.project.setup_files import find_above, find_setup_module
from printlint.finding import Finding
from printlint.lint.noqa import NoqaMap
from printlint.names.layout import Layout, layout_of
from printlint.partial.kept_trees import tree_of, whole_trees
from printlint.partial.partial_tree import NotSplit, Tree, check_syntax
from printlint.partial.triggers import Word, may_hold_findings
from printlint.rule import Rule
from printlint.rules import all_rules
from printlint.rules.files.unreadable_file import UnreadableFile
from printlint.run import ensured
from printlint.source import Source, Unreadable


class Linted(NamedTuple):
    """The findings of one file, in order, with the context that they were found in (None for an unreadable one)."""

    findings: tuple[Finding, ...]
    context: Context | None = None


def lint(
    source: Source,
    config: Config = DEFAULT,
    path: Path | None = None,
    *,
    setup_module: str | None = None,
    apply_noqa: bool = True,
    whole: bool = False,
    sound: bool = False,
) -> Linted:
    """The findings of a source, suppressed ones left out (unless `apply_noqa` is false: flake8 does it itself).

    `path` is the file of the source; without it nothing around the source is looked at.
    `setup_module` names a set-up module that does not exist yet. With `whole` a file with findings is parsed whole, as
    rewriting it takes; else an error of syntax far from all findings may not be seen. `sound` says that there is none.
    Files around the source are read once a run (`with Run():`); outside of one, each call reads them anew.
    Never raises for what the source holds.
    """
    with ensured():
        try:
            return _lint(source, config, path, setup_module, apply_noqa, whole, sound)
        except Unreadable as error:
            return Linted(_unreadable(source.path, error, config))
        except (RecursionError, MemoryError, ValueError) as error:
            return Linted(failed(source.path, error, config))
        except NotSplit:
            with whole_trees():
                return lint(
                    source, config, path, setup_module=setup_module, apply_noqa=apply_noqa, whole=whole, sound=sound
                )


def _lint(
    source: Source,
    config: Config,
    path: Path | None,
    setup_module: str | None,
    apply_noqa: bool,
    whole: bool,
    sound: bool,
) -> Linted:
    text = source.text
    words = _words_of(enabled_rules(config, source.path))
    if not may_hold_findings(text, words):
        if not sound:
            check_syntax(source)
        return Linted(())
    layout = layout_of(path) if path is not None else None
    tree = tree_of(str(layout.path), source, layout.package) if layout is not None else Tree(source)
    if not tree.start(words, sound=sound):
        return Linted(())
    context = context_of(tree, config, layout, setup_module)
    found = list(_findings(context))
    if found and apply_noqa:
        noqa = NoqaMap(text)
        found = [finding for finding in found if not noqa.covers(finding.start.line, finding.code)]
    if whole and found:
        tree.complete()
        context = context_of(tree, config, layout, setup_module)  # what is known of the other is known of parts
    return Linted(tuple(sorted(found, key=lambda finding: finding.sort_key)), context)


@lru_cache(maxsize=64)
def _words_of(rules: tuple[Rule, ...]) -> frozenset[Word]:
    return frozenset(word for rule in rules for word in rule.starts)


def lint_bytes(
    name: str, data: bytes, config: Config = DEFAULT, path: Path | None = None, *, whole: bool = False
) -> Linted:
    """`lint` for a file's bytes. `name` is the path as the user wrote it."""
    try:
        source = Source.decode(name, data)
    except Unreadable as error:
        return Linted(_unreadable(name, error, config))
    return lint(source, config, path, whole=whole)


INTERNAL_ERROR = "printlint internal error, please report it"


def failed(name: str, error: Exception, config: Config = DEFAULT) -> tuple[Finding, ...]:
    """The finding for a file that takes more than this system or Python has to give, or at which printlint failed."""
    if isinstance(error, RecursionError):
        return unreadable(name, "Expression is nested too deeply to be checked; simplify it", config)
    if isinstance(error, MemoryError):
        return unreadable(name, "Not enough memory to check the file", config)
    if isinstance(error, ValueError) and "integer string conversion" in str(error):
        return unreadable(name, "Integer has too many digits to be checked; shorten it", config)
    return (internal_error(name, error),)


def internal_error(name: str, error: Exception) -> Finding:
    """The finding for a file at which printlint itself failed: it costs no other file its findings."""
    return UnreadableFile.of(name, Unreadable(f"{INTERNAL_ERROR}: {type(error).__name__}: {error}"))


def unreadable(name: str, reason: str, config: Config = DEFAULT) -> tuple[Finding, ...]:
    """The finding for a file that could not even be read."""
    return _unreadable(name, Unreadable(reason), config)


def enabled_rules(config: Config, path: str) -> tuple[Rule, ...]:
    """The rules that the configuration selects for a file."""
    rules = _selected(config.select, config.extend_select, config.ignore)
    if not config.per_file_ignores:
        return rules
    return tuple(rule for rule in rules if not config.ignores_in_file(Path(path), rule.code))


@lru_cache(maxsize=64)
def _selected(select: tuple[str, ...], extend_select: tuple[str, ...], ignore: tuple[str, ...]) -> tuple[Rule, ...]:
    config = Config(select, extend_select, ignore)
    rules = all_rules()
    return tuple(rule for rule in rules if config.selects(rule.code, by_default=rule.by_default, opt_in=rule.opt_in))


def context_of(tree: Tree, config: Config, layout: Layout | None, setup_module: str | None = None) -> Context:
    """What rules and plans ask about one file, of whose surroundings nothing is known without a layout; see `lint`."""
    project = Project.of(layout) if layout is not None else Project()
    module = Module(
        tree,
        layout,
        setup_module or _setup_module(config, layout, tree.source.text),
        exports=lambda dotted: star_names(layout, dotted) if layout else None,
        foreign=neighbours_of(project, frozenset(config.loggers)).of(layout) if layout else None,
    )
    return Context(module, config, project)


def _setup_module(config: Config, layout: Layout | None, text: str) -> str | None:
    if layout is None:
        return None
    if (named := config.setup_module) is not None:
        return named if layout.find(named) or find_above(layout.path.parent, named) else None
    found = find_setup_module(layout, text)
    return found[0] if found else None


def _findings(context: Context) -> Iterator[Finding]:
    for rule in enabled_rules(context.config, context.module.source.path):
        yield from rule.check(context)


def _unreadable(name: str, error: Unreadable, config: Config) -> tuple[Finding, ...]:
    selected = config.selects(UnreadableFile.code, by_default=True)
    return (UnreadableFile.of(name, error),) if selected else ()
