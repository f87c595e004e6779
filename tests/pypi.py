"""Fetches releases from the package index that pip is set up with, and unpacks them. Nothing of them is run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import urllib.parse
import urllib.request
import zipfile
from contextlib import suppress
from pathlib import Path

_SIMPLE = "application/vnd.pypi.simple.v1+json, text/html;q=0.1"  # PEP 691, and PEP 503 for older indexes
_LIMIT_S = 120


def fetch(name: str, version: str, filetype: str, folder: Path) -> Path:
    """The unpacked `wheel` or `sdist` of a release, below `folder`; kept there, so that it is fetched once.

    Raises LookupError where the index has no such file, and OSError where it cannot be reached.
    """
    target = folder / f"{name}-{version}-{filetype}"
    if not target.exists():
        url = _url(name, version, ".whl" if filetype == "wheel" else (".tar.gz", ".tgz", ".zip"))
        archive = folder / urllib.parse.urlsplit(url).path.rpartition("/")[2]
        folder.mkdir(parents=True, exist_ok=True)
        with urllib.request.urlopen(url, timeout=_LIMIT_S) as answer:
            archive.write_bytes(answer.read())
        _unpack(archive, target)
        archive.unlink()
    return target


def find(unpacked: Path, path: str) -> Path | None:
    """A file by the end of its path: sdists have a folder of their own on top, and some a `src`."""
    if (unpacked / path).is_file():
        return unpacked / path
    return min((file for file in unpacked.rglob(Path(path).name) if file.as_posix().endswith(f"/{path}")), default=None)


def _unpack(archive: Path, target: Path) -> None:
    partial = target.with_name(target.name + ".partial")
    if archive.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(archive) as file:
            file.extractall(partial)
    else:
        with tarfile.open(archive) as file:
            file.extractall(partial, filter="data")
    partial.rename(target)


def newest(name: str, filetype: str) -> str:
    """The version of the newest final release that has a `wheel` or an `sdist`. Raises LookupError and OSError."""
    from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename

    found = []
    for filename, _ in _files(name):
        with suppress(InvalidSdistFilename, InvalidWheelFilename):
            if filetype == "sdist":
                found.append(parse_sdist_filename(filename)[1])
            else:
                found.append(parse_wheel_filename(filename)[1])
    final = [version for version in found if not version.is_prerelease] or found
    if not final:
        raise LookupError(f"the index has no {filetype} of {name}")
    return str(max(final))


def _url(name: str, version: str, endings: str | tuple[str, ...]) -> str:
    wanted = re.compile(re.escape(re.sub(r"[-_.]+", "-", f"{name}-{version}").lower()) + r"(?:-|$)")
    for filename, url in _files(name):
        stem = re.sub(r"\.(?:whl|zip|tgz|tar\.gz)$", "", filename)
        if filename.endswith(endings) and wanted.match(re.sub(r"[-_.]+", "-", stem).lower()):
            return url
    raise LookupError(f"the index has no {endings} of {name} {version}")


def _files(name: str) -> list[tuple[str, str]]:
    """The files of a project with their addresses."""
    base = f"{_index().rstrip('/')}/{re.sub(r'[-_.]+', '-', name).lower()}/"
    request = urllib.request.Request(base, headers={"Accept": _SIMPLE})
    with urllib.request.urlopen(request, timeout=_LIMIT_S) as answer:
        body = answer.read().decode()
        if "json" in answer.headers["Content-Type"]:
            files = [(file["filename"], file["url"]) for file in json.loads(body)["files"]]
        else:
            files = [(match[2], match[1]) for match in re.finditer(r'<a[^>]*href="([^"]+)"[^>]*>([^<]+)</a>', body)]
    return [(filename, urllib.parse.urljoin(base, url)) for filename, url in files]


def _index() -> str:
    if url := os.environ.get("PIP_INDEX_URL"):
        return url
    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return answer or "https://pypi.org/simple"
