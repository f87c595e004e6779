"""The new text of one call: its text is parsed with libcst and rebuilt."""

from __future__ import annotations

import ast
import io
import tokenize
from contextlib import suppress

import libcst as cst

from printlint.facts.module import Module
from printlint.plan.edits import Await, CallEdit, Convert, DropAwait, Log, Reformat, Respell, Substitute
from printlint.plan.interpolation import take_apart
from printlint.plan.message import Literal, Message, Refused, Value, merged_parts
from printlint.plan.message_style import STRUCTLOG_NAMES, fields_of
from printlint.rewrite.arguments import (
    Shift,
    argument_of,
    closed,
    comma_before,
    dropped,
    joined,
    parse_call,
    positional_of,
    spread,
    with_keyword,
)
from printlint.rewrite.cuts import cut_call
from printlint.rewrite.literals import BRACES, PERCENT, PlaceholderStyle, format_literal, quoted
from printlint.rewrite.merged import filled, merged
from printlint.rewrite.messages import converted, reformatted
from printlint.rewrite.splice import Replacement
from printlint.rewrite.templates import in_braces, spell, spell_anew
from printlint.source import depth_exceeds

# Parents that bind tighter than `await`, so that it needs parentheses below them.
_TIGHTER = (ast.Attribute, ast.Subscript, ast.Await)


def render_call(edit: CallEdit, module: Module) -> Replacement:
    """The replacement for one call. Raises `Refused` where libcst cannot reproduce the text or a comment is lost."""
    node = edit.node if isinstance(edit, DropAwait) else edit.call
    text = _Rendering(module, node).of(edit)
    return Replacement(module.source.span(node), text, node)


class _Rendering:
    def __init__(self, module: Module, node: ast.expr) -> None:
        self._module = module
        self._node = node
        self._text = module.source.segment(node)
        self._newline = "\r\n" if "\r\n" in self._text else "\r" if "\r" in self._text else "\n"
        self._column = module.source.position(module.source.span(node).start).column - 1
        if depth_exceeds(node):
            raise Refused("its arguments are nested too deeply")

    def of(self, edit: CallEdit) -> str:
        match edit:
            case DropAwait(node=node):
                return self._module.source.segment(node.value)
            case Await():
                return self._with_await(self._await(edit))
            case Respell():
                text = self._respelled(edit)
            case Substitute():
                text = self._substituted(edit)
            case Reformat() | Convert():
                text = self._with_arguments(edit)
            case Log():
                text = self._log(edit)
        _check_comments(self._text, text)
        return self._with_await(text) if isinstance(edit, (Respell, Log)) and edit.awaited else text

    # Await

    def _await(self, edit: Await) -> str:
        func = old = self._module.source.segment(edit.call.func)
        if edit.retarget is not None:
            base = self._module.source.span(edit.call.func).start
            span = self._module.source.span(edit.retarget.call.func)
            func = func[: span.start - base] + edit.retarget.function + func[span.end - base :]
        func = _renamed(func, edit)
        parsed = self._parse()
        if parsed is None or "\n" in func or "\r" in func:
            return func + self._rest(edit.call)
        new = parsed.with_changes(func=cst.parse_expression(func))
        return self._code(self._realigned(new, len(old), len("await ") + len(func)))

    def _respelled(self, edit: Respell) -> str:
        old = self._module.source.segment(edit.call.func)
        func = _renamed(old, edit)
        parsed = self._parse() if "\n" not in old and "\r" not in old else None
        if parsed is None:
            if edit.drop is not None or edit.spread or edit.add:
                raise Refused("the layout of its arguments would change")
            return func + self._rest(edit.call)
        if edit.drop is not None:
            parsed = parsed.with_changes(args=dropped(edit.call, parsed, edit.drop))
        if edit.add:
            parsed = parsed.with_changes(args=with_keyword(edit.add, parsed))
        if edit.spread:
            parsed = parsed.with_changes(args=spread(list(parsed.args)))
        new = parsed.with_changes(func=cst.parse_expression(func))
        after = len(func) + (len("await ") if edit.awaited else 0)
        return self._code(self._realigned(new, len(old), after))

    def _substituted(self, edit: Substitute) -> str:
        old = self._module.source.segment(edit.call.func)
        parsed = self._parse() if "\n" not in old and "\r" not in old else None
        if parsed is None:
            raise Refused("its arguments cannot be taken apart without a change to their layout")
        for argument in reversed(edit.drop):  # positional ones are found by their place
            parsed = parsed.with_changes(args=dropped(edit.call, parsed, argument))
        if not parsed.args:  # what is left fits on one line
            parsed = parsed.with_changes(whitespace_before_args=cst.SimpleWhitespace(""))
        if edit.add:
            parsed = parsed.with_changes(args=with_keyword(edit.add, parsed))
        new = parsed.with_changes(func=cst.parse_expression(edit.function))
        return self._code(self._realigned(new, len(old), len(edit.function)))

    def _with_arguments(self, edit: Reformat | Convert) -> str:
        """The same call with another message and other arguments."""
        parsed = self._parse()
        if parsed is None:
            raise Refused("libcst does not reproduce the text of this call")
        change = reformatted if isinstance(edit, Reformat) else converted
        return self._code(change(self._module, edit, parsed))  # type: ignore[arg-type]

    def _rest(self, call: ast.Call) -> str:
        old = len(self._module.source.segment(call.func))
        return self._text[old:]

    def _with_await(self, text: str) -> str:
        parent = self._module.scopes.parent(self._node)
        called = isinstance(parent, ast.Call) and parent.func is self._node
        power = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow) and parent.left is self._node
        if isinstance(parent, _TIGHTER) or called or power:
            return f"(await {text})"
        return f"await {text}"

    # Logging calls

    def _log(self, edit: Log) -> str:
        func = f"{edit.logger}.{edit.method}"
        call = self._parse()
        if call is None:
            return self._func_only(edit, func)
        if edit.cuts:
            call = cut_call(edit.call, call, edit.cuts)
        arguments = self._arguments(edit, call)
        before = len(self._module.source.segment(edit.call.func)) + len(self._code(call.whitespace_after_func))
        after = len(func) + (len("await ") if edit.awaited else 0)
        new = call.with_changes(
            func=cst.parse_expression(func),
            args=arguments,
            whitespace_after_func=cst.SimpleWhitespace(""),
        )
        return self._code(self._realigned(new, before, after))

    def _realigned(self, call: cst.Call, before: int, after: int) -> cst.Call:
        """The call with its continuation lines moved as its parenthesis is: from column `before` to `after`."""
        hanging = isinstance(call.whitespace_before_args, cst.ParenthesizedWhitespace)
        if hanging or ("\n" not in self._text and "\r" not in self._text):
            return call
        shifted = call.visit(Shift(self._column + before + 1, after - before))
        assert isinstance(shifted, cst.Call)
        return shifted

    def _func_only(self, edit: Log, func: str) -> str:
        """The call with a new function and its arguments as they are, for arguments that libcst does not reproduce."""
        message = edit.message
        kept = message is None or (message.verbatim and not edit.call.keywords and not edit.cuts)
        if not kept or edit.text is not None or edit.pformat or edit.places:
            raise Refused("libcst does not reproduce the text of this call")
        return func + self._rest(edit.call).lstrip(" \t")

    def _parse(self) -> cst.Call | None:
        config = cst.PartialParserConfig(default_newline=self._newline)
        try:
            parsed = cst.parse_expression(self._text, config)
        except Exception:  # libcst raises its own and, for some inputs, internal errors
            return None
        if not isinstance(parsed, cst.Call) or self._code(parsed) != self._text:
            return None
        return parsed

    def _code(self, node: cst.CSTNode) -> str:
        return cst.Module([], default_newline=self._newline).code_for_node(node)

    def _arguments(self, edit: Log, call: cst.Call) -> list[cst.Arg]:
        if edit.text is not None:
            placeholder = _style(edit).value(Value(0, ""))
            code = f'"{placeholder}", {edit.error}' if edit.error else f'"{edit.text}"'
            return list(parse_call(f"f({code})").args)
        if edit.message is None:
            kept = dropped(edit.call, call, edit.drop)
            if edit.places:
                template = in_braces(kept[0].value, edit.call.args[0].value, edit.places)  # type: ignore[attr-defined]
                kept[0] = kept[0].with_changes(value=template)
            return spread(kept) if edit.spread else kept
        if edit.pformat:
            placeholder = _style(edit).value(Value(0, ""))
            return joined([argument_of(f'"{placeholder}"')], [cst.Arg(self._pformat(edit.call, call))])
        positional = positional_of(call)
        return self._with_fields(edit, call, self._message(edit, call, edit.message, positional))

    def _message(self, edit: Log, call: cst.Call, message: Message, positional: list[cst.Arg]) -> list[cst.Arg]:
        if message.joined is not None:
            return [self._joined_argument(message.joined, positional)]
        if message.merged:
            with suppress(Refused):
                return self._merged(edit, call, message, positional)
        elif message.lazy:
            with suppress(Refused):  # the unchanged f-string has the same text
                template, values = self._spelled(edit)
                head = positional[0].with_changes(value=template)
                return closed([head, *map(cst.Arg, values)], call)
        if message.verbatim:
            return closed(positional, call)
        return self._formatted(edit, call, message, positional)

    def _spelled(self, edit: Log) -> tuple[cst.BaseExpression, list[cst.BaseExpression]]:
        """The template of a lazy message, and its values."""
        taken = take_apart(self._module, edit.spoken.args[0])
        if edit.cuts:
            return spell_anew(self._module, taken.parts, self._quote({}), _style(edit))
        return spell(self._module, taken, _style(edit))

    def _merged(self, edit: Log, call: cst.Call, message: Message, positional: list[cst.Arg]) -> list[cst.Arg]:
        """An f-string of all arguments, or a format string with their values behind it. Raises `Refused`."""
        if "#" in self._text:
            raise Refused("a comment may be lost")
        with suppress(Refused):
            if message.lazy:
                parts = merged_parts(edit.spoken, message)
                template, values = spell_anew(self._module, parts, self._quote({}), _style(edit))
                return closed([cst.Arg(template), *map(cst.Arg, values)], call)
        return closed([cst.Arg(merged(self._module, edit.spoken, message, positional))], call)

    def _with_fields(self, edit: Log, call: cst.Call, arguments: list[cst.Arg]) -> list[cst.Arg]:
        """The arguments with the message's fields behind them: in `extra`, or as keywords where those are spread."""
        assert edit.message is not None
        if not edit.message.fields:
            return arguments
        if edit.spread:
            names = (name for _, name in edit.message.fields)
            more = [argument_of(name, key) for key, name in fields_of(names, STRUCTLOG_NAMES)]
        else:
            entries = ", ".join(f"{quoted(key, self._quote({}), 'utf-8')}: {name}" for key, name in edit.message.fields)
            more = [argument_of(f"{{{entries}}}", "extra")]
        return closed(
            joined(
                [
                    item.with_changes(comma=cst.MaybeSentinel.DEFAULT) if item is arguments[-1] else item
                    for item in arguments
                ],
                more,
            ),
            call,
        )

    def _formatted(self, edit: Log, call: cst.Call, message: Message, positional: list[cst.Arg]) -> list[cst.Arg]:
        texts = {
            index: node.value
            for index, node in enumerate(edit.spoken.args)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        literals = {index: positional[index].value for index in texts}
        encoding = self._module.source.encoding
        pieces, values = filled(self._module, edit.spoken, message, positional)
        literal = format_literal(pieces, literals, texts, encoding, self._quote(literals), _style(edit))
        first = pieces[0]
        if isinstance(first, Literal):
            head = positional[first.index].with_changes(value=literal)
            return closed([head, *values], call)
        return closed([cst.Arg(literal, comma=comma_before(call)), *values], call)

    def _quote(self, literals: dict[int, cst.BaseExpression]) -> str:
        for literal in literals.values():
            if isinstance(literal, cst.SimpleString):
                return literal.quote[0]
        text = self._module.source.text
        return "'" if text.count("'") > 2 * text.count('"') else '"'

    def _joined_argument(self, separator: str, positional: list[cst.Arg]) -> cst.Arg:
        quote = quoted(separator, self._quote({}), self._module.source.encoding)
        if len(positional) == 1 and positional[0].star:
            values = self._code(positional[0].value)
        else:
            inside = ", ".join(arg.star + self._code(arg.value) for arg in positional)
            values = f"({inside})"
        return cst.Arg(cst.parse_expression(f"{quote}.join(map(str, {values}))"))

    def _pformat(self, node: ast.Call, call: cst.Call) -> cst.Call:
        """The `pformat` call for a `pprint` call: the same function's sibling, without the stream."""
        kept = [arg for arg in call.args if arg.keyword is None or arg.keyword.value != "stream"]
        keywords = {keyword.arg for keyword in node.keywords}
        if self._module.qualified(node.func) == "pprint.pp" and "sort_dicts" not in keywords:
            kept = joined(kept, [argument_of("False", "sort_dicts")])
        func = call.func
        if isinstance(func, cst.Attribute):
            new: cst.BaseExpression = func.with_changes(attr=cst.Name("pformat"))
        else:
            new = cst.Name("pformat")
        return call.with_changes(func=new, args=closed(kept, call))


def _style(edit: Log) -> PlaceholderStyle:
    return BRACES if edit.braces else PERCENT


def _renamed(func: str, edit: Await | Respell) -> str:
    """The text of a call's function with another attribute's name or on another receiver."""
    called = edit.call.func
    if edit.receiver is not None:
        assert isinstance(called, ast.Attribute)
        return f"{edit.receiver}.{edit.method or called.attr}"
    if edit.method is None:
        return func
    assert isinstance(called, ast.Attribute)
    if not func.endswith(called.attr):
        raise Refused("its name is not in normalized Unicode (NFKC)")
    return func.removesuffix(called.attr) + edit.method


def _check_comments(old: str, new: str) -> None:
    lost = [comment for comment in _comments(old) if comment not in _comments(new)]
    if lost:
        raise Refused(f"the comment {lost[0]!r} inside the call would be lost")


def _comments(text: str) -> list[str]:
    if "#" not in text:
        return []
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(f"({text}\n)").readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    return [token.string for token in tokens if token.type == tokenize.COMMENT]
