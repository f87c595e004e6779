"""What calls of libraries mean for the program that makes them: it serves, runs a bot, trains, reads arguments."""

from __future__ import annotations

from enum import Enum


class Means(Enum):
    """What a sign says of its program; the value completes a sentence that begins with the sign."""

    SERVES = "serves requests"
    BOT = "runs a bot"
    CONSUMES = "waits for messages"
    SCHEDULES = "runs jobs on a schedule"
    WINDOW = "runs the event loop of a window"
    LOOPS = "runs until it is ended"
    RUNS = "may run an application"
    APPLICATION = "is a web application"
    WORKER = "is an application for workers"
    MAKES_BOT = "is a bot"
    ARGUMENTS = "reads the command line"
    COMMANDS = "offers commands"
    TRAINS = "trains a model"
    CONFIGURES = "configures logging"
    NOTEBOOK = "marks a notebook saved as a script"
    DAG = "defines a DAG"
    LAMBDA = "is a Lambda handler"
    SPIDER = "is a spider"
    FUNCTION = "is a function of a cloud's host"


# By the last name of a call, the libraries whose name its qualified name begins with; `*` is any.
_CALLS: dict[Means, dict[str, str]] = {
    Means.SERVES: {
        "run": "uvicorn flask quart sanic bottle dash eel hug flask_socketio connexion robyn socketify nicegui mcp"
        " fastmcp web litestar blacksheep granian vibora japronto asgineer microdot flet hypercorn",
        "run_app": "aiohttp",
        "run_server": "dash",
        "run_simple": "werkzeug",
        "run_asgi": "*",
        "serve": "waitress hypercorn websockets bjoern uvicorn paste gevent aioserial granian",
        "serve_forever": "*",
        "start_server": "asyncio",
        "start_unix_server": "asyncio",
        "quickstart": "cherrypy",
        "launch": "gradio",
        "wait_for_termination": "*",
    },
    Means.BOT: {
        "run": "discord nextcord disnake hikari lightbulb interactions pyrogram hydrogram telebot twitchio nonebot"
        " guilded revolt crescent arc mautrix irc nio chatbot slack_bolt",
        "start": "discord nextcord disnake hikari interactions guilded pyrogram slack_bolt slack_sdk twitchio irc",
        "run_polling": "*",
        "run_webhook": "*",
        "start_polling": "*",
        "start_webhook": "*",
        "polling": "telebot",
        "infinity_polling": "*",
        "run_until_disconnected": "*",
        "sync_forever": "*",
    },
    Means.CONSUMES: {
        "start_consuming": "*",
        "loop_forever": "*",
        "listen": "redis aioredis valkey",
        "worker_main": "*",
        "run_worker": "arq",
        "work": "rq",
        "consume": "aiokafka kafka aio_pika confluent_kafka kombu",
        "KafkaConsumer": "kafka",
        "AIOKafkaConsumer": "aiokafka",
        "basic_consume": "*",
        "subscribe": "nats paho google",
    },
    Means.SCHEDULES: {
        "run_pending": "*",
        "start": "apscheduler",
        "BlockingScheduler": "apscheduler",
    },
    Means.WINDOW: {
        "mainloop": "*",
        "exec_": "PyQt5 PyQt6 PySide2 PySide6 PyQt4",
        "exec": "PyQt5 PyQt6 PySide2 PySide6 pyqtgraph",
        "set_mode": "pygame",
        "main": "gi gtk",
    },
    Means.LOOPS: {
        "run_forever": "*",
        "wait_forever": "*",
        "pause": "signal",
        "start": "tornado",
        "spin": "rclpy rospy",
    },
    Means.APPLICATION: {
        "FastAPI": "fastapi",
        "Starlette": "starlette",
        "Flask": "flask",
        "Quart": "quart",
        "Sanic": "sanic",
        "Litestar": "litestar",
        "App": "falcon connexion hug",
        "FlaskApp": "connexion",
        "AsyncApp": "connexion",
        "Application": "aiohttp tornado blacksheep",
        "Bottle": "bottle",
        "Dash": "dash",
        "API": "responder hug falcon ninja",
        "get_wsgi_application": "django",
        "get_asgi_application": "django",
        "set_page_config": "streamlit",
        "Chalice": "chalice",
    },
    Means.WORKER: {"Celery": "celery", "Huey": "huey", "RedisHuey": "huey", "RedisBroker": "dramatiq", "App": "faust"},
    Means.MAKES_BOT: {
        "Client": "discord nextcord disnake pyrogram hydrogram interactions guilded slixmpp twitchio",
        "Bot": "discord nextcord disnake aiogram twitchio interactions",
        "AutoShardedBot": "discord nextcord disnake",
        "TeleBot": "telebot",
        "AsyncTeleBot": "telebot",
        "Dispatcher": "aiogram",
        "Updater": "telegram",
        "ApplicationBuilder": "telegram",
        "TelegramClient": "telethon",
        "GatewayBot": "hikari",
    },
    Means.ARGUMENTS: {
        "ArgumentParser": "argparse configargparse jsonargparse",
        "OptionParser": "optparse",
        "getopt": "getopt",
        "gnu_getopt": "getopt",
        "docopt": "docopt",
        "Typer": "typer",
        "run": "typer clize absl",
        "Fire": "fire",
        "App": "cyclopts",
        "call": "plac",
        "cli": "tyro jsonargparse",
        "command": "click rich_click asyncclick cloup",
        "execute_from_command_line": "django",
        "main": "invoke",
    },
    Means.COMMANDS: {
        "add_subparsers": "*",
        "group": "click rich_click asyncclick cloup",
        "add_typer": "typer",
        "Group": "click rich_click asyncclick cloup",
    },
    Means.TRAINS: {
        "backward": "*",
        "Trainer": "transformers lightning pytorch_lightning",
        "fit": "lightning pytorch_lightning sklearn keras tensorflow xgboost lightgbm catboost",
        "compile": "keras tensorflow",
        "DataLoader": "torch",
    },
    Means.CONFIGURES: {
        "basicConfig": "logging",
        "dictConfig": "logging",
        "fileConfig": "logging",
        "addHandler": "*",
        "configure": "structlog",
        "add": "loguru",
        "install": "coloredlogs rich",
        "setup_logging": "*",
        "logging_config": "*",
        "init": "logzero colorlog",
    },
    Means.DAG: {"DAG": "airflow", "dag": "airflow"},
    Means.FUNCTION: {"FunctionApp": "azure"},
}
_BY_NAME: dict[str, list[tuple[frozenset[str], Means]]] = {}
for _means, _calls in _CALLS.items():
    for _name, _libraries in _calls.items():
        _BY_NAME.setdefault(_name, []).append((frozenset(_libraries.split()), _means))
# Decorators without a call.
DECORATORS: dict[str, tuple[frozenset[str], Means]] = {
    "dag": (frozenset({"airflow"}), Means.DAG),
    "http": (frozenset({"functions_framework"}), Means.FUNCTION),
    "cloud_event": (frozenset({"functions_framework"}), Means.FUNCTION),
    "command": (frozenset({"click", "rich_click", "asyncclick"}), Means.ARGUMENTS),
    "group": (frozenset({"click", "rich_click", "asyncclick"}), Means.COMMANDS),
}
# What runs an application or a bot that another file has made.
_MAY_RUN = frozenset({"run", "start", "launch", "serve", "run_server"})
_NEVER = frozenset({"subprocess", "asyncio", "threading", "multiprocessing", "re", "os", "self", "super"})


def meaning(what: str) -> Means | None:
    """What a call of a qualified name says of its program; None where it says nothing."""
    name = what.rpartition(".")[2]
    library = what.lstrip(".").partition(".")[0].removesuffix("()")
    for libraries, means in _BY_NAME.get(name, ()):
        if library in libraries or "*" in libraries:
            return means
    if name in _MAY_RUN and "." in what.strip(".") and library not in _NEVER:
        return Means.RUNS
    return None


def is_telling(name: str) -> bool:
    """Whether a call of that last name may have a meaning."""
    return name in _BY_NAME or name in _MAY_RUN


def inherited(what: str) -> Means | None:
    """What a base class of a qualified name says of the program that has the class."""
    if "." in what and what.endswith("Spider"):
        return Means.SPIDER
    means = meaning(what)
    return means if means in (Means.APPLICATION, Means.MAKES_BOT, Means.WORKER) else None


def decorates(what: str) -> Means | None:
    """What a decorator of a qualified name says of its program."""
    libraries, means = DECORATORS.get(what.rpartition(".")[2], (frozenset(), None))
    return means if what.partition(".")[0] in libraries else None
