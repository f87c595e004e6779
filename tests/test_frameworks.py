"""Frameworks and servers, started as their users start them after `fix` and `init`: every event once, in one stream.

Each needs its package: `pip install -e '.[worlds]'` has all of them, and `pytest tests/test_frameworks.py` runs what is
there.
"""

from __future__ import annotations

import importlib.util
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import Run, clean_environment, write_files

pytestmark = pytest.mark.system

BODY = "    print('order started')\n    return {value}\n"
FASTAPI = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/')\nasync def page():\n" + BODY.format(
    value="{}"
)
FLASK = "from flask import Flask\n\napp = Flask('shop')\n\n\n@app.get('/')\ndef page():\n" + BODY.format(value="'ok'")
QUART = FLASK.replace("flask", "quart").replace("Flask", "Quart").replace("def page", "async def page")
SANIC = (
    "from sanic import Sanic, response\n\napp = Sanic('shop')\n\n\n@app.get('/')\nasync def page(request):\n"
    + BODY.format(value="response.text('ok')")
)
LITESTAR = (
    "from litestar import Litestar, get\n\n\n@get('/')\nasync def page() -> str:\n"
    + BODY.format(value="'ok'")
    + "\n\napp = Litestar([page])\n"
)
RUN = """\


if __name__ == "__main__":
    import sys

    import uvicorn

    uvicorn.run(app, port=int(sys.argv[1]), log_config=None)
"""
DJANGO = {
    "manage.py": "import os\nimport sys\n\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n\n"
    "if __name__ == '__main__':\n    from django.core.management import execute_from_command_line\n\n"
    "    execute_from_command_line(sys.argv)\n",
    "shop/__init__.py": "",
    "shop/settings.py": "SECRET_KEY = 'x'\nALLOWED_HOSTS = ['*']\nROOT_URLCONF = 'shop.urls'\nINSTALLED_APPS = []\n",
    "shop/urls.py": "from django.http import HttpResponse\nfrom django.urls import path\n\n\ndef page(request):\n"
    + BODY.format(value="HttpResponse('ok')")
    + "\n\nurlpatterns = [path('', page)]\n",
}
HYPERCORN = {"conf.py": "from logging_setup import logging_config\n\nlogconfig_dict = logging_config()\n"}
CELERY = """\
import os
import signal

from celery import Celery, signals

app = Celery("shop", broker="memory://")


@app.task
def work():
    print("order started")
    os.kill(os.getpid(), signal.SIGTERM)


@signals.worker_ready.connect
def begin(**_):
    work.delay()
"""
DISCORD = """\
import logging

import discord

logger = logging.getLogger(__name__)


class Client(discord.Client):
    async def login(self, token):
        logger.info("order started")
        logging.getLogger("discord.client").info("logged in")

    async def connect(self, *, reconnect=True):
        self.dispatch("nothing")


client = Client(intents=discord.Intents.none())

if __name__ == "__main__":
    client.run("token")
"""


class World(NamedTuple):
    """A program: the packages that it needs, its files, and its command; `{port}` where it is asked for a page."""

    needs: str
    files: dict[str, str]
    command: str


WORLDS = {
    "uvicorn": World("uvicorn fastapi", {"app.py": FASTAPI}, "-m uvicorn app:app --port {port}"),
    "uvicorn.run": World("uvicorn fastapi", {"app.py": FASTAPI + RUN}, "app.py {port}"),
    "uvicorn with workers": World(
        "uvicorn fastapi", {"app.py": FASTAPI}, "-m uvicorn app:app --workers 2 --port {port}"
    ),
    "gunicorn": World("gunicorn flask", {"app.py": FLASK}, "-m gunicorn app:app -w 2 -b 127.0.0.1:{port}"),
    "hypercorn": World(
        "hypercorn quart", {"app.py": QUART, **HYPERCORN}, "-m hypercorn app:app -c file:conf.py -b 127.0.0.1:{port}"
    ),
    "Quart": World("quart", {"app.py": QUART}, "-m quart --app app run --port {port}"),
    "Sanic": World("sanic", {"app.py": SANIC}, "-m sanic app:app --single-process --no-motd --port {port}"),
    "Litestar": World("litestar uvicorn", {"app.py": LITESTAR}, "-m uvicorn app:app --port {port}"),
    "Flask": World("flask", {"app.py": FLASK}, "-m flask --app app run --port {port}"),
    "Django": World("django", DJANGO, "manage.py runserver --noreload {port}"),
    "Celery": World("celery", {"app.py": CELERY}, "-m celery -A app worker --pool solo --loglevel INFO"),
    "discord.py": World("discord", {"app.py": DISCORD}, "app.py"),
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def page_of(port: int, process: subprocess.Popen[str]) -> None:
    """Ask for the page until the server is up."""
    while process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10).read()
            return
        except OSError:
            time.sleep(0.05)


def output_of(world: World, folder: Path) -> str:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, *world.command.format(port=port).split()],
        cwd=folder,
        env=clean_environment(PYTHONPATH=""),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if "{port}" in world.command:
        page_of(port, process)
        process.send_signal(signal.SIGTERM)
    return process.communicate(timeout=60)[0]


@pytest.mark.parametrize("name", WORLDS)
def test_every_event_comes_once(printlint: Run, tmp_path: Path, name: str) -> None:
    world = WORLDS[name]
    if missing := [package for package in world.needs.split() if not importlib.util.find_spec(package)]:
        pytest.skip(f"needs {' and '.join(missing)}")
    write_files(tmp_path, world.files)
    printlint("fix")
    printlint("init")
    out = output_of(world, tmp_path)
    messages = [json.loads(line)["message"] for line in out.splitlines() if line.startswith("{")]
    assert messages.count("order started") == 1, out
    texts = [line for line in out.splitlines() if not line.startswith(("{", " * "))]  # Flask's and Quart's banner
    assert not [message for message in messages if any(message in text for text in texts)], out
