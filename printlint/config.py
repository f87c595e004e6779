"""`[tool.printlint]` and the command line's options, as one value.

The nearest `pyproject.toml` at or above a file that holds the table counts, for flake8 and for the commands
alike; command line options override it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

from printlint.config_values import ConfigError, checked, cut, did_you_mean
from printlint.process.notices import note
from printlint.reading import disk
from printlint.reading.documents import Malformed, TooCostly, dig, read_toml

_LONGEST_CHAIN = 10


class Config(NamedTuple):
    """The settings for one file. `root` is the folder that relative globs start from, `file` what says them."""

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = {}
    interface: tuple[str, ...] = ()
    detect_interface: bool = True
    logger: str = "auto"
    logger_name: str = "logger"
    loggers: tuple[str, ...] = ()
    async_backend: str = "auto"
    setup_module: str | None = None
    message_style: str = "keep"
    tidy: bool = False
    levels: Mapping[str, str] = {}
    baseline: str | None = None
    fixable: tuple[str, ...] = ("ALL",)
    unfixable: tuple[str, ...] = ()
    extend_safe_fixes: tuple[str, ...] = ()
    extend: str | None = None
    root: Path | None = None
    file: Path | None = None

    @property
    def awaits(self) -> bool:
        """Whether calls in asynchronous code may become awaited ones."""
        return self.async_backend != "none"

    @property
    def baseline_path(self) -> Path | None:
        """The file of accepted findings, which the table names from its own folder."""
        return (self.root or Path.cwd()) / self.baseline if self.baseline else None

    def selects(self, code: str, *, by_default: bool, opt_in: bool = False) -> bool:
        """Whether a rule is on: the longest matching prefix decides, `ignore` at a tie.

        One that is `opt_in` is chosen by its whole code or by `ALL`.
        """
        select, extend = (
            tuple(item for item in items if not opt_in or item in (code, "ALL"))
            for items in (self.select, self.extend_select)
        )
        chosen = _longest(code, select) if self.select else (0 if by_default else -1)
        chosen = max(chosen, _longest(code, extend))
        return chosen >= 0 and _longest(code, self.ignore) < max(chosen, 1)

    def names(self, code: str) -> bool:
        """Whether a rule is selected by its whole code, and not by a prefix or `ALL`: its notes count then."""
        return code in self.select or code in self.extend_select

    def unfixed(self, code: str) -> str | None:
        """Which key says that findings of a rule are not to be fixed: the longest prefix decides; None for no key."""
        taken, left = _longest(code, self.fixable), _longest(code, self.unfixable)
        if taken < 0:
            return "fixable"
        return "unfixable" if left >= taken and self.unfixable else None

    def trusts(self, code: str) -> bool:
        """Whether unsafe fixes of a rule count as safe ones."""
        return _longest(code, self.extend_safe_fixes) >= 0

    def ignores_in_file(self, path: Path, code: str) -> bool:
        """Whether `per-file-ignores` silences a code in a file."""
        return bool(self.per_file_ignores) and any(
            code.startswith(codes) and self.matches(path, (pattern,))
            for pattern, codes in self.per_file_ignores.items()
        )

    def matches(self, path: Path, patterns: Iterable[str]) -> bool:
        """Whether a file matches a glob: of its name, of its path below the configuration, or of a parent folder."""
        name, below = path.name, self._below_root(path)
        parts = below.split("/")
        folders = ["/".join(parts[: index + 1]) for index in range(len(parts) - 1)]
        return any(
            fnmatch(name, pattern)
            or fnmatch(below, pattern)
            or any(fnmatch(folder, pattern.rstrip("/")) for folder in (*folders, *parts[:-1]))
            for pattern in patterns
        )

    def _below_root(self, path: Path) -> str:
        absolute = path.absolute()
        if self.root is not None and absolute.is_relative_to(self.root):
            return absolute.relative_to(self.root).as_posix()
        return path.as_posix()


DEFAULT = Config()
_KEYS = {name.replace("_", "-"): name for name in Config._fields if name not in ("root", "file")}
# What each key says, for the pages of the rules and docs/configuration.md.
MEANINGS = {
    "select": "codes or prefixes of the rules to run; opt-in rules need their whole code; `ALL`",
    "extend-select": "codes or prefixes of further rules to run",
    "ignore": "codes or prefixes of rules not to run; the longer prefix wins",
    "exclude": "globs of files and folders to skip",
    "per-file-ignores": "glob → codes that are not reported in the files",
    "interface": "globs of files whose prints are the program's own output (PRT106)",
    "detect-interface": "distinguish interface prints (PRT106) from diagnostics; `false` makes them PRT101",
    "logger": "the library that new calls log through: `logging` or `loguru`; `auto` is loguru where the module, or "
    "most of the project, logs through it",
    "logger-name": "the name of a new module logger; an existing one is reused whatever its name",
    "loggers": 'qualified names (`"app.log.audit"`) to treat as loggers of `logging` if their type is unknown',
    "async-backend": "`queue`, `aiologger`, `structlog` or `none`; `auto` is structlog where the module logs through "
    "it, aiologger where the project depends on it, else `queue`",
    "setup-module": "dotted name of the set-up module",
    "message-style": '`keep` an f-string, make it `lazy` (`"%s", x`) or `structured` (also `extra={"x": x}`)',
    "tidy": "take level words, tags, colours, ornaments and blank prints away, as a person would",
    "levels": "regular expression on the message → level, tried in order before the built-in signs",
    "baseline": "a file of accepted findings, relative to the `pyproject.toml`; written only below its folder",
    "fixable": "codes or prefixes of the rules whose findings `fix` may rewrite",
    "unfixable": "codes or prefixes of the rules whose findings `fix` leaves alone; the longer prefix wins",
    "extend-safe-fixes": "codes or prefixes of the rules whose unsafe fixes count as safe",
    "extend": "another configuration file to start from, relative to this one; the nearest table wins, key by key",
}


def _longest(code: str, prefixes: Iterable[str]) -> int:
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix) or prefix == "ALL"), default=-1)


def override(config: Config, options: Mapping[str, Any], known_codes: Iterable[str]) -> Config:
    """`config` with the options (keys as in the table) laid over it. Raises `ConfigError`."""
    values = {}
    for key, value in options.items():
        if key not in _KEYS:
            raise ConfigError(f"unknown key {cut(key)}{did_you_mean(key, _KEYS)}")
        values[_KEYS[key]] = checked(key, value, tuple(known_codes))
    config = config._replace(**values)
    if config.logger == "loguru" and config.async_backend not in ("auto", "none"):
        raise ConfigError(f"async-backend {config.async_backend} awaits loggers, and those of logger loguru cannot be")
    return config


def load(path: Path, known_codes: Iterable[str], extending: tuple[Path, ...] = ()) -> Config | None:
    """The configuration that a TOML file holds, or None where it has no `[tool.printlint]`. Raises `ConfigError`.

    `extending` are the files that lead to this one by their `extend`.
    """
    try:
        data = disk.read(path, disk.CONFIG_LIMIT)
        # only who has a table pays for reading TOML
        document = read_toml(data.decode("utf-8-sig")) if b"printlint" in data else {}
    except (disk.TooLarge, TooCostly) as error:
        note(path, f"{error.strerror if isinstance(error, OSError) else error}; ignored")
        return None
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from None
    except (Malformed, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from None
    table = dig(document, "tool", "printlint")
    if table is None:
        return None
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: tool.printlint takes a table")
    base = _extended(path, table.get("extend"), tuple(known_codes), extending)
    try:
        return override(base._replace(root=path.parent.absolute(), file=path), table, known_codes)
    except ConfigError as error:
        raise ConfigError(f"{path}: [tool.printlint] {error}") from None


def _extended(path: Path, named: object, known_codes: tuple[str, ...], extending: tuple[Path, ...]) -> Config:
    """The configuration that another one starts from."""
    if not isinstance(named, str) or not named:  # what is no path is refused with the other keys
        return DEFAULT
    other, chain = Path(os.path.normpath(path.parent / named)), (*extending, path.absolute())
    if other.absolute() in chain or len(chain) > _LONGEST_CHAIN:
        raise ConfigError(f"{path}: [tool.printlint] extend leads back to {other}, or on and on; name another file")
    config = load(other, known_codes, chain)
    if config is None:
        raise ConfigError(f"{path}: [tool.printlint] extend names {other}, which has no [tool.printlint] table")
    return config


class Configs:
    """The configuration of each file, found once a folder.

    `explicit` replaces the search; `options` (keys as in the table) are laid over whatever is found.
    """

    def __init__(
        self,
        known_codes: Iterable[str],
        options: Mapping[str, Any] | None = None,
        explicit: Path | None = None,
        isolated: bool = False,
    ) -> None:
        self._codes = tuple(known_codes)
        self._options = dict(options or {})
        self._isolated = isolated
        self._explicit = self._load_explicit(explicit) if explicit else None
        override(DEFAULT, self._options, self._codes)  # a wrong option is reported though no file is there
        self._folders: dict[str, Config] = {}
        self._found: dict[Path, Config | None] = {}

    def _load_explicit(self, path: Path) -> Config:
        config = load(path, self._codes)
        if config is None:
            raise ConfigError(f"{path} has no [tool.printlint] table")
        return config

    def of(self, path: Path | str) -> Config:
        """The configuration for a file. Raises `ConfigError`."""
        return self._of_folder(os.path.dirname(path))

    def excludes(self, name: str) -> bool:
        """Whether the configuration for a file leaves it out. Raises `ConfigError`."""
        config = self.of(name)
        return bool(config.exclude) and config.matches(Path(name), config.exclude)

    @property
    def has_baselines(self) -> bool:
        """Whether a configuration that was asked for by now names a baseline."""
        return any(config.baseline_path for config in self._folders.values())

    def _of_folder(self, folder: str) -> Config:
        if folder not in self._folders:
            above = Path(folder).absolute()
            base = self._explicit or (DEFAULT if self._isolated else self._nearest(above))
            self._folders[folder] = override(base, self._options, self._codes)
        return self._folders[folder]

    def _nearest(self, folder: Path) -> Config:
        own = (self._in(above) for above in (folder, *folder.parents))
        return next((config for config in own if config is not None), DEFAULT)

    def _in(self, folder: Path) -> Config | None:
        if folder not in self._found:
            candidate = folder / "pyproject.toml"
            self._found[folder] = load(candidate, self._codes) if disk.is_file(candidate) else None
        return self._found[folder]
