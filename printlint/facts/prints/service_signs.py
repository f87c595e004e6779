"""Signs of a service, a job or a library around a print: its prints are a log."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property

from printlint.facts.module import Module
from printlint.names.enclosing import Function

_FRAMEWORKS = frozenset(
    {
        *("fastapi", "starlette", "flask", "quart", "sanic", "litestar", "tornado", "falcon", "bottle", "cherrypy"),
        *("uvicorn", "werkzeug", "graphene", "rest_framework", "strawberry", "channels", "socketio", "websockets"),
        *("grpc", "celery", "dramatiq", "huey", "rq", "kombu", "pika", "aio_pika", "kafka", "aiokafka"),
        *("confluent_kafka", "paho", "airflow", "prefect", "dagster", "apscheduler", "discord", "nextcord", "disnake"),
        *("telegram", "telebot", "aiogram", "pyrogram", "telethon", "slack_bolt", "homeassistant", "appdaemon"),
        *("rclpy", "rospy", "aws_lambda_powertools", "functions_framework"),
    }
)
_LEARNING = frozenset(
    {"torch", "tensorflow", "keras", "jax", "flax", "lightning", "pytorch_lightning", "mxnet", "paddle"}
)
_IMPORTS = r"\n(?:from|import)[ \t]+(\w+)( import web|\.web)?"
# Decorators that hand a function to a framework, which calls it for a request, a message, an event or a schedule.
_HANDS_OVER = frozenset(
    {
        *("route", "get", "post", "put", "patch", "delete", "websocket", "middleware", "before_request"),
        *("after_request", "errorhandler", "exception_handler", "on_event", "event", "listener", "listen", "on"),
        *("on_message", "message_handler", "callback_query_handler", "task", "shared_task", "periodic_task"),
        *("receiver", "subscriber", "scheduled_job", "cron", "consumer", "api_view", "action", "hook", "job", "flow"),
        *("op", "asset", "command_handler", "loop"),
    }
)
_REQUESTS = frozenset({"request", "event", "context", "update", "ctx", "interaction", "websocket", "hass", "message"})
_CALLED_BACK = (
    r"_*(?:on|handle|process|do_(?:GET|POST|PUT|DELETE))_\w|\w*_?(?:callback|handler|listener)$|lambda_handler$"
)
_LOGS = r"log\w{0,40}\.(?:debug|info|warn|warning|error|exception|critical)\("
_TRAINS = r"\.backward\(\)|\.zero_grad\(|\bTrainer\(|\.fit\(|optimizer\.(?:step|minimize)\(|\bepochs?\b"
_SERVING = ("_forever(", "_polling(", "run_app(", "start_server(", "start_consuming(", "run_pending(")
_SERVES = (
    r"\b(?:(?:serve|run|loop)_forever|(?:start|run|infinity)_polling"
    r"|run_app|start_server|start_consuming|run_pending)\("
)
_WORKS_ON = r"\n[ \t]*while (?:True|1)\b.*:(?s:.{0,4000}?)\bsleep\("
_MIGRATES = r"(?:^|/)(?:migrations/(?:\d\w*|env)|versions/\w+|alembic/\w+)\.py$"


class Services:
    """Answers for one module: each sign with the clause that says it."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._text = module.source.text

    def signs(self, call: ast.Call) -> Iterator[tuple[str, str]]:
        """The signs of a service, a job or a library around a print."""
        yield from self._of_file
        functions = list(self._module.places.enclosing_functions(call))
        for function in functions:
            if isinstance(function, ast.AsyncFunctionDef):
                yield "asynchronous", f"`{function.name}` is asynchronous"
                break
        for function in functions:
            if told := self._handed_over(function):
                yield told
                break
        if functions and isinstance(self._module.scopes.parent(functions[0]), ast.ClassDef):
            yield "method", f"`{functions[0].name}` is a method"
        if functions and self._is_in_endless_loop(call):
            yield "endless loop", "it is in a loop that does not end"

    @cached_property
    def _of_file(self) -> tuple[tuple[str, str], ...]:
        found = []
        text = f"\n{self._text}"  # what patterns begin with is looked for ten times faster than beginnings of lines
        imported = re.findall(_IMPORTS, text)
        if framework := next((name for name, web in imported if _is_framework(name, web)), ""):
            found.append(("framework", f"the file uses {framework}"))
        elif "\ndef lambda_handler(" in text:
            found.append(("framework", "the file has a Lambda handler"))
        match = re.search(_SERVES, text) if any(word in text for word in _SERVING) else None
        if match or ("sleep(" in text and "while " in text and re.search(_WORKS_ON, text)):
            found.append(
                ("service", f"the file serves (`{match[0]})`)" if match else "the file works until it is ended")
            )
        if re.search(_LOGS, text.lower()):
            found.append(("logs", "the file logs already"))
        learning = next((name for name, _ in imported if name in _LEARNING), "")
        if learning and re.search(_TRAINS, text):
            found.append(("training", f"the file trains a model ({learning})"))
        if re.search(_MIGRATES, self._module.source.path.replace("\\", "/")):
            found.append(("migration", "the file is a migration, which somebody runs and watches"))
        return tuple(found)

    def _handed_over(self, function: Function) -> tuple[str, str] | None:
        for decorator in function.decorator_list:
            func = decorator.func if isinstance(decorator, ast.Call) else decorator
            if isinstance(func, (ast.Name, ast.Attribute)):
                name = func.id if isinstance(func, ast.Name) else func.attr
                if name in _HANDS_OVER:
                    return "handed over", f"`@{ast.unparse(func)}` hands `{function.name}` to a framework"
        names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        if names[:2] == ["event", "context"]:
            return "handed over", f"AWS Lambda hands events to `{function.name}`"
        first = next((name for name in names if name not in ("self", "cls")), "")
        if first in _REQUESTS or re.match(_CALLED_BACK, function.name):
            return "called back", f"`{function.name}` is called for a request, a message or an event"
        return None

    def _is_in_endless_loop(self, call: ast.Call) -> bool:
        loops = (node for node in self._module.places.within(call) if isinstance(node, ast.While))
        return any(isinstance(loop.test, ast.Constant) and loop.test.value for loop in loops)


def _is_framework(name: str, web: str) -> bool:
    """Whether an imported package, of aiohttp its server, calls the code of the file."""
    return name in _FRAMEWORKS or name.startswith("flask_") or (name == "aiohttp" and bool(web))
