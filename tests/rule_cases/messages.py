"""More examples of the rules in printlint/rules/messages/."""

from __future__ import annotations

from printlint.rule import flagged, ignored, logged, refused

CASES = {
    "PRT504": (
        flagged(
            logged('logger.info("user " + name)'),
            logged('logger.info("user %s", name)'),
            unsafe=True,
        ),
        flagged(
            logged('logger.info(str(a) + ": b")'),
            logged('logger.info("%s: b", a)'),
        ),
        flagged(
            logged('logger.info("took " + str(a) +\n            " of " + str(b))'),
            logged('logger.info("took %s"\n            " of %s", a, b)'),
        ),
        flagged(
            logged("logger.info('a' + str(b) + f'c{d!r}')"),
            logged("logger.info('a%sc%r', b, d)"),
        ),
        flagged(
            'from loguru import logger\nlogger.info("a" + str(b))',
            'from loguru import logger\nlogger.info("a{!s}", b)',
        ),
        refused(logged("logger.info(a + b)"), "known to be text"),
    ),
    "PRT505": (
        flagged('import logging\nlogging.getLogger("app").info("created", extra={"id": 3, "name": user})'),
        flagged(
            logged("""
            def f(user):
                fields = {"message": user}
                logger.warning("created", extra=fields)
            """)
        ),
        # built in steps
        *(
            flagged(logged(f"def f(path):\n    extra = {start}\n    {step}\n    logger.info('x', extra=extra)"))
            for start, step in (
                ("{}", "extra['filename'] = path"),
                ("{'a': 1}", "extra.update(module=path)"),
                ("{'a': 1}", "extra.update({'module': path})"),
                ("{}", "extra |= {'name': path}"),
                ("dict(a=1)", "extra.setdefault('message', path)"),
                ("{}", "if path:\n        extra['args'] = path"),
                ("{**path, 'name': 1}", "pass"),
                ("{'a': 1} | {'name': 1}", "logger.debug('y', extra=extra)"),
                ("dict(path, name=1)", "print(extra['name'])"),
            )
        ),
        flagged(logged("logger.info('x', extra={'a': 1, **{'name': 2}})")),
        flagged(logged("def f():\n    fields = {'name': 1}\n    logger.info('x', extra={'a': 1, **fields})")),
        flagged(
            logged(
                "def f():\n    a = {'name': 1}\n    a['b'] = 2\n    extra = dict(a)\n    logger.info('x', extra=extra)"
            )
        ),
        flagged(logged("def f(log: logging.Logger):\n    log.info('x', extra={'name': 2})")),
        ignored(logged("def f(log: logging.LoggerAdapter):\n    log.info('x', extra={'name': 2})")),
        ignored(logged("def f():\n    extra = {**extra, 'a': 1}\n    logger.info('x', extra=extra)")),
        ignored(logged("def f():\n    a = {**b}\n    b = {**a, 'name': 1}\n    logger.info('x', extra=a)")),
        *(
            ignored(logged(f"def f(path):\n    extra = {start}\n    {step}\n    logger.info('x', extra=extra)"))
            for start, step in (
                ("{}", "extra['file_name'] = path"),
                ("{'name': 1}", "del extra['name']"),
                ("{'name': 1}", "who = extra.pop('name')"),
                ("{}", "extra.update(path)"),
                ("{}", "extra[path] = 'name'"),
                ("{}", "path['name'] = extra"),
                ("{}", "def g(extra):\n        extra['name'] = 1"),
                ("path", "extra['who'] = 1"),
            )
        ),
        ignored(logged("def f():\n    extra = {}\n    logger.info('x', extra=extra)\n    extra['name'] = 1")),
        flagged('import logging\nlogging.getLogger("app").info("created", extra=dict(module=3))'),
        ignored(
            'import logging\nlogger = logging.LoggerAdapter(logging.getLogger("app"), {})\n'
            'logger.info("created", extra={"name": user})'
        ),
        ignored('def f(logger):\n    logger.info("created", extra={"name": user})'),
        ignored(
            'import logging\nfields = {"name": 1}\ndel fields["name"]\n'
            'logging.getLogger("app").info("x", extra={**fields})'
        ),
    ),
    "PRT510": (
        refused('import json, logging\nlogging.getLogger("a").debug("cart %s", json.dumps(cart))', "no automatic fix"),
        flagged(logged('logger.debug("users %s", ", ".join(names))')),
        flagged(logged('logger.info("users %s", [user.name for user in users])')),
        flagged(logged('logger.debug(f"users {sorted(names)}")')),
        ignored(logged('logger.error("users %s", ", ".join(names))')),
        ignored(logged('logger.debug("users %s", len(names))')),
        ignored('from loguru import logger\nlogger.opt(lazy=True).debug("users {}", lambda: ", ".join(names))'),
        ignored('def f(logger):\n    logger.debug("users %s", ", ".join(names))'),
    ),
    "PRT507": (
        flagged(
            """
            import logging

            class Worker:
                def __init__(self):
                    self.log = logging.getLogger(__name__)

                def stop(self):
                    self.log.fatal(
                        "gave up",  # for good
                        exc_info=True,
                    )
            """,
            """
            import logging

            class Worker:
                def __init__(self):
                    self.log = logging.getLogger(__name__)

                def stop(self):
                    self.log.critical(
                        "gave up",  # for good
                        exc_info=True,
                    )
            """,
        ),
        refused("import logging\nlogging.getLogger('x').setLevel(logging.WARN)", "constants are not rewritten"),
        refused("from logging import FATAL\nlevel = FATAL", "constants are not rewritten"),
        ignored("def f(logger):\n    logger.warn('x')"),
        ignored(
            """
            import logging

            class Loud(logging.Logger):
                def warn(self, msg, *args):
                    self.warning(msg.upper(), *args)

            logger = Loud("app")
            logger.warn("disk is full")
            """
        ),
        ignored("import logging\nlevel = logging.WARNING\nlogging.WARN = 3"),
    ),
    "PRT501": (
        flagged(
            logged('logger.log(20, f"{ratio:.1%}", extra={"a": 1})'),
            logged('logger.log(20, "%s", format(ratio, ".1%"), extra={"a": 1})'),
        ),
        flagged(
            logged('logger.info(f"user {user}")'),
            logged('logger.info("user %s", user)'),
            unsafe=True,
        ),
        flagged(
            logged('logger.warning(\n    f"a {name!r} "\n    "b%"\n    f"c {n!r}",\n)'),
            logged('logger.warning(\n    "a %r "\n    "b%%"\n    "c %r",\n    name,\n    n,\n)'),
        ),
        flagged(
            logged('logger.info(f"{a!r} %s", b)'),
            logged('logger.info("%r %s", a, b)'),
            unsafe=True,
        ),
        flagged(
            'from loguru import logger\nlogger.info(f"a {b} {{c}} {d:>5}")',
            'from loguru import logger\nlogger.info("a {} {{c}} {:>5}", b, d)',
        ),
        refused(
            logged('def f(user):\n    text = f"user {user}"\n    logger.info(text)'),
            "other code may read",
        ),
        flagged(
            'import structlog\n\nlogger = structlog.get_logger()\nlogger.info(f"paid {order!r}")',
            'import structlog\n\nlogger = structlog.get_logger()\nlogger.info("paid %r", order)',
        ),
        refused(logged('logger.info(f"{a} %s", *values)'), "starred"),
        refused(logged("logger.info(f'{a:{width[\"b\"]}}')"), "a format that cannot be written outside it"),
        refused(logged('logger.info(f"user {a}" if a else "nobody")'), "one branch"),
        flagged(
            'from absl import logging\nlogging.vlog(1, f"value {x!r}")',
            'from absl import logging\nlogging.vlog(1, "value %r", x)',
        ),
        ignored('def f(logger):\n    logger.info(f"user {user}")'),
    ),
    "PRT502": (
        flagged(
            logged('logger.info("{n:>5} {{a}} {t!r}".format(t=total, n=count))'),
            logged('logger.info("%s {a} %r", format(count, ">5"), total)'),
        ),
        flagged(
            logged('logger.info("{0.name} of {1[id]}".format(user, row))'),
            logged('logger.info("%s of %s", user.name, row["id"])'),
            unsafe=True,
        ),
        flagged(
            'from loguru import logger\nlogger.info("took {} of {}".format(a, b))',
            'from loguru import logger\nlogger.info("took {} of {}", a, b)',
        ),
        refused(
            logged('logger.info("{1} {0}".format(first(), second()))'),
            "another order",
        ),
        refused(logged('logger.info("{:{}}".format(a, b))'), "not supported"),
        refused(logged('logger.info("{}".format(*a))'), "starred"),
    ),
    "PRT509": (
        flagged(
            logged('logger.log(\n    logging.WARN,\n    "x",\n    exc_info=True,\n)'),
            logged('logger.warning(\n    "x",\n    exc_info=True,\n)'),
        ),
        flagged(
            logged('logger.log(msg="x", level=logging.DEBUG)'),
            logged('logger.debug(msg="x")'),
        ),
        flagged('from loguru import logger\nlogger.log("INFO", "x")', 'from loguru import logger\nlogger.info("x")'),
        flagged(
            logged('class L(logging.Logger):\n    pass\nlog = L("a")\nlog.log(logging.INFO, "x")'),
            logged('class L(logging.Logger):\n    pass\nlog = L("a")\nlog.info("x")'),
            unsafe=True,
        ),
        ignored('import logging\nlogging.log(logging.INFO, "x")'),
        ignored('from loguru import logger\nlogger.log(20, "x")'),
        ignored('def f(logger):\n    logger.log(20, "x")'),
    ),
    "PRT511": (
        refused(logged('logger.info("login of %s with %s", user, password)'), "no automatic fix"),
        flagged(logged('logger.info(f"token {request.access_token}")')),
        flagged(logged('logger.info("headers %s", headers["Authorization"])')),
        flagged(logged('logger.info("login", extra={"password": value})')),
        flagged(logged('logger.info("login", extra={"who": user.card_number})')),
        flagged(logged('logger.info("connecting with password=%s", value)')),
        flagged('import structlog\nlogger = structlog.get_logger()\nlogger.info("login", api_key=key)'),
        flagged('from loguru import logger\nlogger.info("login {}", str(secret))'),
        *(
            flagged(logged(f"logger.info({arguments})"))
            for arguments in (
                '"key %s", api_key[:8] + "****"',
                '"token=%s", value[:8]',
                '"jwt %s", jwt',
                'f"password={value}"',
                '"password: {}".format(value)',
                '"user " + name + " password: " + value',
                '"key %s", f"{api_key[:4]}..."',
                '"key %s", password or default',
                '"key %s", password if debug else "***"',
                '"%*s password=%s", 4, x, value',
            )
        ),
        flagged(logged('def f(password):\n    if x:\n        password = "***"\n    logger.info("with %s", password)')),
        flagged(logged('def f():\n    token = fetch_token()\n    logger.info("with %s", token)')),
        *(
            ignored(logged(f"def f(x, password=None):\n    {step}\n    logger.info({arguments})"))
            for step, arguments in (
                ('secret = "[REDACTED]" if x else None', '"with %s", secret'),
                ("password = mask(password)", '"with %s", password'),
                ('password = "*" * len(password)', '"with %s", password'),
                ('password = password and "***"', 'f"password={password}"'),
                ("pass", '"with %s", password and "***"'),
                ("pass", '"card ending in %s", card_number[-4:]'),
                ("pass", '"with %s", "set" if password else "unset"'),
                ("pass", '"password %(a)s", {"a": x}'),
            )
        ),
        ignored(logged('logger.info("used %s of %s", n_tokens, max_tokens)')),
        ignored(logged('logger.info("tokenizer %s, next page %s", tokenizer, next_token)')),
        ignored(logged('logger.info("login with %s", mask(password))')),
        ignored(logged('logger.info("password=%s", mask(value))')),
        ignored(logged('logger.info("login", extra={"password": "***"})')),
        ignored(logged('logger.info("field %s", "password")')),
    ),
    "PRT512": (
        refused(logged("logger.warning(response.text)"), "no automatic fix"),
        flagged(logged("logger.warning(describe(order))")),
        flagged(logged("try:\n    work()\nexcept ValueError as e:\n    logger.error(e)")),
        flagged(logged("for line in lines:\n    logger.info(line)")),
        ignored(logged('TEXT = "done"\nlogger.info(TEXT)')),
        ignored(logged('text = "on" if x else "off"\nlogger.info(text)')),
        ignored(logged("logger.info(messages.DONE, 3)")),
        ignored(logged("def say(text, *args):\n    logger.info(text, *args)")),
        ignored("from gettext import gettext as _\n" + logged('logger.info(_("done"))')),
        ignored("def f(logger):\n    logger.info(text)"),
    ),
    "PRT503": (
        flagged(
            logged('logger.info("took %d" % len(rows), exc_info=True)'),
            logged('logger.info("took %d", len(rows), exc_info=True)'),
        ),
        flagged(
            logged('logger.info("%(a)s" % {"a": 1})'),
            logged('logger.info("%(a)s", {"a": 1})'),
        ),
        flagged(
            logged('logger.info("took %s" % done)'),
            logged('logger.info("took %s", done)'),
            unsafe=True,
        ),
        flagged(
            logged('logger.info("took %d" % (done,))'),
            logged('logger.info("took %d", done)'),
            unsafe=True,
        ),
        flagged(
            """
            import logging
            from gettext import gettext as _

            logging.getLogger(__name__).info(_("took %s") % str(done))
            """,
            """
            import logging
            from gettext import gettext as _

            logging.getLogger(__name__).info(_("took %s"), str(done))
            """,
        ),
        refused(logged('logger.info("%s" % (a, b))'), "do not match"),
        refused(logged('logger.info("%s: %s" % errors[code])'), "does not unpack"),
        refused(logged('logger.info("%s %%s" % a, b)'), "formatted twice"),
        refused(logged('logger.info("%s: %%s" % a % b)'), "not a literal"),
        refused('from loguru import logger\nlogger.info("took %d" % n)', "no exact equivalent"),
    ),
    "PRT506": (
        *(
            (flagged if said else ignored)(f"from absl import logging\n\nlogging.{code}")
            for code, said in (
                ("log_every_n(logging.INFO, 'step %d of %d', 10, step, total)", False),
                ("log_every_n(logging.INFO, 'step %d of %d', 10, step)", True),
                ("log_every_n_seconds(logging.INFO, 'step %d', 10, step)", False),
                ("log_first_n(logging.INFO, 'step', 10, step)", True),
                ("log_if(logging.INFO, 'step %d', step > 3, step)", False),
                ("log_if(logging.INFO, 'step %d', *values)", False),
            )
        ),
        *(
            ignored(f'import logging\nfrom gettext import gettext as _\nlog = logging.getLogger("a")\n{code}')
            for code in (
                "log.info('%(a)s of %(b)d' % values)",
                "text = _('%(a)s of %(b)d') % values\nlog.info(text)",
                "log.info('%(a)s: ' % {'a': a} + '%s', b)",
            )
        ),
        *(
            (flagged if said else ignored)(logged(f"query = 'help %s'\nlogger.info(query)\n{code}"))
            for code, said in (
                ("cursor.execute(query, word)", False),
                ("logger.info(query, word)", True),
                ("query = ''\ncursor.execute(query, word)", True),
            )
        ),
        flagged(logged("logger.info('%(a)s: ' % values + '%s %s', b)")),
        flagged('import logging\nlogger = logging.getLogger("a")\nlogger.info("user", user)'),
        flagged('import logging\nlogger = logging.getLogger("a")\nlogger.info("%s of %s", done)'),
        flagged('import logging\nlogger = logging.getLogger("a")\nlogger.info("%s", done, total)'),
        flagged('import logging\nlogger = logging.getLogger("a")\nlogger.log(20, "done " "{}", total)'),
        flagged('import logging\nlogger = logging.getLogger("a")\nlogger.info("100% of %s", total)'),
        flagged('import logging\nlogger = logging.getLogger("a")\nlogger.info("%(a)s", {"b": 1})'),
        flagged('import logging\nlogger = logging.getLogger("a")\nlogger.info("%(a)s %(b)s", a, b)'),
        flagged('import logging\nlogger = logging.getLogger("a")\nlogger.info("%s %s", (1, 2))'),
        flagged(logged('logger.info("cannot read %s")\nlogger.error("%(a)s of %5.1f", exc_info=True)')),
        ignored('import logging\nlogger = logging.getLogger("a")\nlogger.info("%*d %-*.*f", 3, n, 8, 2, x)'),
        ignored('import logging\nlogger = logging.getLogger("a")\nlogger.info("%(a)s", {"a": 1, "b": 2})'),
        ignored('import logging\nlogger = logging.getLogger("a")\nlogger.info("%(a)s", values)'),
        ignored('import logging\nlogger = logging.getLogger("a")\nlogger.info("%s %s", *values)'),
        flagged('import logging\nlogger = logging.getLogger("a")\nlogger.info("x", {"a": 1})'),
        flagged(logged('logger.info("user {id} created", {"id": x})')),
        ignored(logged('logger.info("user %s created", {"id": x})')),
        ignored(logged('logger.info(f"{x} created", {"id": x})')),
        # built in other ways, with as many places as arguments, or a value that may bring some
        *(
            flagged(logged(f"logger.info({arguments})"))
            for arguments in (
                '"a %s" + " b %s", x',
                '"a " + "b", x',
                '("a %s" + " b") + " %s", x',
                'f"a %s b %s", x',
                'f"a {x} %s %s", y',
                'f"{x}: raised to 100% for %s", y',
                'f"{ratio:.0%} of %s", x',
                'f"{len(x)} items", y',
                'f"took {x:.2f} s", y',
                '"a {} %s %s".format(x), y',
                '"a %s %%s %%s" % x, y',
                '"%(a)s %%s %%s" % names, y',
                '"".join(["a %s", " b %s"]), x',
                '"-" * 20 + " %s %s", x',
                '"""\n  a %s %s\n""".strip(), x',
                '"a %s %s" if x else "b %s", y',
                'b"a %s", x, y',
                "404, x",
                'msg="a %s of"',
                '"blending " + "%s"',
                'f"cannot read {x}: %s"',
            )
        ),
        flagged("import textwrap\n" + logged('logger.info(textwrap.dedent("a %s %s"), x)')),
        flagged(logged('TEXT = "a %s %s"\nlogger.info(TEXT, x)\n')),
        flagged(logged('def f(x):\n    text = f"a {x} %s %s"\n    logger.info(text, x)')),
        flagged("from gettext import gettext as _\n" + logged('logger.info(_("a %s"), x, y)')),
        *(
            ignored(logged(f"logger.info({arguments})"))
            for arguments in (
                '"a %s" + " b %s", x, y',
                '"a " + "b"',
                'f"a {x} %s", y',
                'f"{x}: raised to 100%% for %s", y',
                'f"{ratio:.0%}% of %s", x',
                'f"{x} items", y',
                'f"a %{width}d", x',
                'f"a %({name})s", {"a": x}',
                'f"done to 100% {x}"',
                '"a " + text, y',
                'text + " %s", x, y',
                '"a {} %s".format(x), y',
                '"a %s %%s" % x, y',
                "\"a LIKE '%%s' %s\" % x",
                '"".join([text, " b %s"]), x, y',
                '"a %s" if x else "b %s", y',
                'b"a %s", x',
                "b'100%'",
                '"a %s" % x if x else text, y',
            )
        ),
        ignored(logged('TEXT = "a"\nTEXT += " %s"\nlogger.info(TEXT, x)\n')),
        ignored(logged('def f(text="a"):\n    logger.info(text, x)')),
        ignored(logged('def f(x):\n    text = "a"\n    if x:\n        text = "b %s"\n    logger.info(text, x)')),
        *(
            flagged(f"from absl import logging\nlogging.{call}")
            for call in ('info("%s of %s", x)', 'log(logging.INFO, "%s", x, y)', 'vlog(1, "%s")', 'error("user", x)')
        ),
        flagged('import absl.logging\nabsl.logging.fatal("%s of %s", x)'),
        flagged('from absl import logging as log\nlog.get_absl_logger().info("%s of %s", x)'),
        ignored('from absl import logging\nlogging.info("value %s", x)\nlogging.log_every_n(10, "%s", 5, x)'),
        # structlog's loggers do `event % args`
        *(
            flagged(f"import structlog\nlogger = structlog.get_logger()\nlogger.info({arguments})")
            for arguments in ('"user", user', '"%s of %s", x', 'f"a {x} %s %s", y', '"user %s", user=x')
        ),
        *(
            ignored(f"import structlog\nlogger = structlog.get_logger()\nlogger.info({arguments})")
            for arguments in ('"user %s", user', '"user", user=user', '"user {}", user=x', 'f"user {x}", y')
        ),
        *(
            flagged(f"from loguru import logger\nlogger.info({arguments})")
            for arguments in ('"{} " + "{}", x', 'f"{x} {{}} {{}}", y', '"a {} {{}} {{}}".format(x), y', '"a" + "b", x')
        ),
        *(
            ignored(f"from loguru import logger\nlogger.info({arguments})")
            for arguments in ('"{} " + "{}", x, y', 'f"{x} {{}}", y', 'f"{x}"', 'f"{{{x}}}", y', '"a {} " + "b"')
        ),
        ignored('import logging\nlogger = logging.getLogger("a")\nlogger.info(message, user)'),
        flagged('from loguru import logger\nlogger.info("user %s", user)'),
        flagged('from loguru import logger\nlogger.info("{} of {}", done)'),
        flagged('from loguru import logger\nlogger.info("{name} {}", done, user=1)'),
        ignored(
            'from loguru import logger\nlogger.info("{} of {total:>{}}", 1, 3, total=2)\nlogger.info("{1} {0.x}", a, b)'
        ),
        ignored('from loguru import logger\nlogger.info("{a}")\nlogger.info("{}", *a)\nlogger.info("paid", order=3)'),
        ignored('from loguru import logger\nlogger.opt(record=True).info("{record[name]}", 1)'),
        ignored('def f(logger):\n    logger.info("user", user)'),
        ignored(
            """
            import logging

            class BraceLogger(logging.Logger):
                def _log(self, level, msg, args, **kwargs):
                    super()._log(level, msg.format(*args), (), **kwargs)

            logger = BraceLogger("a")
            logger.info("user {}", user)
            """
        ),
    ),
    "PRT513": (
        *(
            flagged(f"from loguru import logger\nlogger.info({arguments})")
            for arguments in (
                '"cannot read " + body, tracking',
                '"cannot read {}".format(body), tracking=1',
                '"cannot read %s" % body, tracking=1',
                'f"{type(body)} {{}}", x',
                "str(error), a=1",
            )
        ),
        flagged('from loguru import logger\nlogger.opt(record=True).info(f"{x}")'),
        refused('from loguru import logger\nlogger.info(f"{x} {{a}}", a=1)', "keyword arguments are used"),
        refused(
            'from loguru import logger\ndef f(x):\n    text = f"{x} a"\n    x()\n    logger.info(text, a=1)',
            "not built in",
        ),
        *(
            ignored(f"from loguru import logger\nlogger.info({arguments})")
            for arguments in (
                "text, tracking=1",
                'f"{len(x)} {{}}", y',
                '"a" + "b {}", x',
                '"{}", f"{x}"',
            )
        ),
        ignored(logged('logger.info(f"{x} %s", y)')),
    ),
    "PRT514": (
        *(
            refused(logged(f"logger.info({arguments})"), "depends on who reads the log")
            for arguments in (
                '"user", user=user',
                '"user {id}", id=user',
                '"user", end=""',
                '"user", msg="b"',
                '"a", level=10',
            )
        ),
        flagged(
            logged('logger.error("a", stack_level=2, extra={})'),
            logged('logger.error("a", extra={}, stacklevel=2)'),
            unsafe=True,
        ),
        refused(logged('logger.error("a", exc_infos=True, exc_info=True)'), "already"),
        flagged('import logging\nlogging.warning("user", user=user)'),
        flagged(
            "import logging\n\nclass A:\n    def __init__(self):\n        self.log = logging.getLogger('a')\n\n"
            "    def f(self):\n        self.log.info('a', who=1)"
        ),
        flagged('from absl import logging\nlogging.error("a", who=1)'),
        *(
            flagged(f"import structlog\nlogger = structlog.get_logger()\nlogger.info({arguments})")
            for arguments in ('"done", event=x', '"done", method_name="a"', '"done", self=1')
        ),
        flagged('from loguru import logger\nlogger.info(message="a")'),
        flagged(logged("def f(log: logging.Logger):\n    log.info('x', user=2)")),
        flagged(logged("child = logger.getChild('a')\nchild.info('x', user=2)")),
        ignored(logged("def f(log: logging.LoggerAdapter):\n    log.info('x', user=2)")),
        ignored("from prefect import get_run_logger\nget_run_logger().info('x', user=2)"),
        ignored('from loguru import logger\nlogger.info("a {message}", message="a")'),
        ignored('import structlog\nlogger = structlog.get_logger()\nlogger.info(event="a", name=1, level=2)'),
        ignored(logged('logger.info(msg="a")\nlogger.log(level=10, msg="a")\nlogger.log(10, msg="a", exc_info=1)')),
        ignored(logged('adapter = logging.LoggerAdapter(logger, {})\nadapter.info("a", user=1)')),
        ignored(logged('try:\n    logger.info("a", user=1)\nexcept TypeError:\n    pass')),
        ignored('def f(logger):\n    logger.info("a", user=1)'),
        ignored("""
            import logging

            class Fields(logging.Logger):
                def _log(self, level, msg, args, **fields):
                    super()._log(level, f"{msg} {fields}", args)

            logger = Fields("a")
            logger.info("user", user=1)
        """),
    ),
    "PRT515": (
        *(
            flagged(logged(f"logger.info({before})"), logged(f"logger.info({after})"), unsafe=True)
            for before, after in (
                ('f"{ratio:.1f}%% done"', 'f"{ratio:.1f}% done"'),
                ('"at 50 %% "\n    "of (100%%)"', '"at 50 % "\n    "of (100%)"'),
                ('"100%%", exc_info=True', '"100%", exc_info=True'),
                ('"used (%%)"', '"used (%)"'),
            )
        ),
        flagged('import logging\nlogging.warning("100%%")', 'import logging\nlogging.warning("100%")', unsafe=True),
        flagged(
            'from loguru import logger\nlogger.info("{}%%", used)',
            'from loguru import logger\nlogger.info("{}%", used)',
            unsafe=True,
        ),
        flagged('import structlog\nlogger = structlog.get_logger()\nlogger.info("100%%", used=1)'),
        refused(logged('logger.info("100%%: write %%s")'), "may be intended"),
        refused(logged('logger.info("{}%%".format(used))'), "not a literal"),
        refused(logged('TEXT = "100%%"\nlogger.info(TEXT)'), "not a literal"),
        *(
            ignored(logged(f"logger.info({arguments})"))
            for arguments in (
                '"100%% of %s", disk',
                '"%d%% of the disk" % used',
                '"%%timeit takes 5 s"',
                '"a %% b is the rest"',
                "\"LIKE '%%'\"",
                '"100%%%", *values',
                '"50%%%%"',
                "text",
            )
        ),
        ignored('print("100%%")'),
    ),
    "PRT508": (
        flagged(logged('logger.info("%s", str(object=x))'), logged('logger.info("%s", x)')),
        flagged(
            logged('def f(n: int):\n    logger.log(10, "a %s " "b %s", f"{n}", hex(n))'),
            logged('def f(n: int):\n    logger.log(10, "a %s " "b %#x", n, n)'),
        ),
        flagged(logged('logger.debug("%s", "{}".format(x))'), logged('logger.debug("%s", x)'), unsafe=True),
        flagged(
            'from loguru import logger\nlogger.debug("a {} {{}} {:>5}", str(x), repr(y))',
            'from loguru import logger\nlogger.debug("a {!s} {{}} {!r:>5}", x, y)',
        ),
        ignored(logged('logger.debug("%s", f"{x:>5}")')),
        ignored(logged('logger.debug("%s", f"{x} {y}")')),
        ignored(logged('logger.debug("%(a)s", {"a": str(x)})')),
        ignored(logged('logger.debug("%s %s", str(x))')),
        ignored(logged("logger.debug(str(x))")),
        ignored('import structlog\nlogger = structlog.get_logger()\nlogger.info("%s", str(x))'),
        ignored('def f(logger):\n    logger.info("%s", str(x))'),
    ),
}
