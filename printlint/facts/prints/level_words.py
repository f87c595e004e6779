"""What the words of a message say of its level: tags first, then words, then signs of failure and of recovery."""

from __future__ import annotations

import re
from functools import lru_cache

from printlint.finding import Level
from printlint.logging_names import LEVELS, MODERN

# What tags call each level besides its name, from the lowest level on.
_ALSO = ("trace dbg verbose", "notice note success ok i * +", "!", "err fail exception !! - x", "")
_METHODS = {word: level for level, also in zip(LEVELS, _ALSO, strict=True) for word in (level, *also.split())} | MODERN
_NAME = r"trace|debug|dbg|verbose|info|notice|success|ok|warn(?:ing)?|err(?:or)?|fail|critical|fatal"
# A tag is in brackets, or in capitals before a colon, a bar or a dash; a time or a name may precede it.
_BRACKETS = rf"(?i)[\[<]\s*(?:[\w. ]*_)?({_NAME}|note)\s*[\]>]|^\s*\[([!ix*+-]|!!)\]"
_CAPITALS = rf"(?:^|[-|:\])]\s)\W{{0,4}}((?-i:{_NAME.upper()}|NOTE))(?:\s*[:|]|\s+-)"
_DEBUG = r"(?i)^\W{0,4}(debug|dbg|trace)\s*:"
_FRONT = 48
_SIGNS = (
    ("❌", "error"),
    ("🔴", "error"),
    ("⚠", "warning"),
    ("🐛", "debug"),
    ("✅", "info"),
    ("✔", "info"),
    ("\N{INFORMATION SOURCE}", "info"),
)

# Words in front that say nothing but the level. `OK` and `success` say more.
_PLAIN = r"trace|debug|dbg|verbose|info|notice|warn(?:ing)?|err(?:or)?|fatal(?: error)?|critical"
_ALONE = (
    rf"(?i)[\[<]\s*({_PLAIN})\s*[\]>](?:\s*:|\s*\||\s+[-\u2013\u2014](?=\s))?\s*",
    r"(?i)\[([!ix*+-]|!!)\](?:\s*:)?\s*",
    rf"((?-i:{_PLAIN.upper()}))(?:\s*[:\uff1a|]+|\s+[-\u2013\u2014](?=\s)|!+)\s*",
)
# What other languages call a warning and an error, and English ones in a sentence.
_WARNING_NAMES = (
    "warning|caution|attention|warnung|avertissement|advertencia|aviso|avviso|предупреждение",
    "警告|경고",
)
_ERROR_NAMES = ("error|fehler|erreur|errore|erro|hata|ошибка", "错误|錯誤|エラー|오류|에러")
_WORD = r"([^\W\d_]+(?: [^\W\d_]+)?)(?:\s*[:\uff1a]+|\s+[-\u2013\u2014](?=\s)|!+)\s*"

_CRITICAL = r"(?i)\b(?:critical|fatal|panic)\b"
_WARNING = rf"(?i)\b(?:warns?|warnings|deprecat\w+|{_WARNING_NAMES[0]})\b|{_WARNING_NAMES[1]}"
_NO_WARNING = r"(?i)\battention\b(?!\s*[:!])"  # what a model has; the warning is called out
_ERROR = (
    rf"(?i)\b(?:errors|exceptions?|traceback|crash(?:ed)?|{_ERROR_NAMES[0]})\b|(?:Error|Exception)\b"
    rf"|异常|例外|{_ERROR_NAMES[1]}"
)
_FAILURE = (
    r"(?i)\b(?:fail(?:ed|ure|s|ing)?|could\s*n[o']t|can\s*not|can't|unable|invalid|not found|missing|refused|"
    r"conflict(?:s|ing)?|timed? ?out|lost|aborted|unexpected|unknown|exceed(?:s|ed|ing)?|"
    r"already (?:been )?(?:\w+ed|running|in use|open|set)|mismatch(?:ed)?|unrecogni[sz]ed|corrupt(?:ed)?|"
    r"(?:not |un)authori[sz]ed|forbidden|denied|rejected|unsupported|unavailable|"
    r"(?:do(?:es)?|did)(?: not|n't) (?:exist|have|match|support|terminate|work|load|start|respond)|overflow|"
    r"no (?:\w+ ){1,4}(?:found|available|given|left)|nothing (?:was )?found|(?:not|non)[- ]finite|"
    r"too (?:long|short|many|few|large|small|big|slow)|"
    r"not (?:able|given|defined|specified|supported|available|installed|loaded|set))\b"
    r"|失败|失敗|실패|не удалось|\bfalh(?:a|ou)\b|\bfall(?:ó|ido)\b"
)
# Words for recovery: the program continues in another way, so that even a failure is only a warning.
_FALLBACK = (
    r"(?i)\b(?:fall(?:s|ing)?[ -]?back|default(?:s|ing)? to|us(?:e|es|ing) (?:the )?default|instead|retry(?:ing)?"
    r"|retries|try(?:ing)? again|reconnecting)\b"
)
# What did not happen, and what is over: no sign of failure.
_DENIED = (
    r"(?i)\b(?:no|zero|0|without(?: any)?)\s+(?:[\w-]+\s+)?"
    r"(?:errors?|exceptions?|failures?|failed \w+|failed|warnings?|problems?|issues?|retries)\b"
    r"|\bnot retrying\b|\bretries left\b|\bafter\s+\S+\s+(?:retries|retry|attempts?|tries)\b|\berror[- ]free\b"
)
_SUCCESS = r"(?i)\b(?:success(?:ful(?:ly)?)?|succeeded|done|finished|completed?|installed|saved|goodbye|bye)\b"
_LEFT = (
    r"(?i)\bcancell?ed\b"
    r"|\b(?:client|user|peer|consumer|subscriber|viewer)\b.{0,24}\b(?:disconnected|went away|left|gone)\b"
)
# What a program that works says it is doing, or has done.
_NARRATES = (
    r"(?i)^\W{0,40}(?:\[[^\]]{0,60}\]\W{0,20})?(?:(?:now |re)?[a-z]{2,30}ing\b"
    r"|started\b|finished\b|loaded\b|saved\b|found\b|created\b|connected\b|received\b|sent\b|done\b|downloaded\b|updated\b|removed\b|deleted\b|added\b|using\b"
    r"|completed?\b|skipped\b|initiali[sz]ed\b|begin\b|wrote\b|written\b|got\b|successfully\b|disconnected\b|stopped\b|start\b)"
)
_COLOUR = r"\x1b\[[\d;]*m"
_PLACES = r"%(?:\(\w*\))?[-+ #0]*[\d*]*(?:\.\d+)?[a-zA-Z](?![a-z])|\{[^{}]*\}"
# Scripts that do not part words by spaces: some two letters make a word.
_UNSPACED = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"


@lru_cache(maxsize=64)
def tag_of(text: str) -> re.Match[str] | None:
    """The tag at the front of a message, which names a level."""
    front = re.sub(_COLOUR, "", text)[:_FRONT]
    found = filter(None, (re.search(pattern, front) for pattern in (_BRACKETS, _CAPITALS, _DEBUG)))
    return min(found, key=lambda item: item.start(), default=None)


def tagged_level(text: str) -> Level | None:
    """The level that a tag or a sign at the front of a message names."""
    if (match := tag_of(text)) is not None:
        tag = next(filter(None, match.groups()))
        return Level(_METHODS[tag.lower()], f"the message is tagged {match[0].strip()!r}")
    front = re.sub(_COLOUR, "", text[:_FRONT]).lstrip()
    for sign, method in _SIGNS:
        if front.startswith(sign):
            return Level(method, f"the message begins with {sign!r}")
    return None


def front_tag(text: str) -> tuple[int, str, bool] | None:
    """How long a tag is that a message begins with and that says nothing but a level, which level, and whether it is
    marked as a tag: `error: ` is a word of a sentence as well."""
    for pattern in _ALONE:
        if match := re.match(pattern, text):
            return match.end(), _METHODS[match[1].lower().removesuffix(" error")], True
    for sign, method in _SIGNS:
        if match := re.match(rf"{sign}\ufe0f?\s*", text):
            return match.end(), method, True
    if (match := re.match(_WORD, text)) is not None:
        for names, method in ((_WARNING_NAMES, "warning"), (_ERROR_NAMES, "error")):
            if re.fullmatch("|".join(names), match[1], re.IGNORECASE):
                return match.end(), method, False
        if re.fullmatch(_PLAIN, match[1], re.IGNORECASE):
            return match.end(), _METHODS[match[1].lower().removesuffix(" error")], False
    return None


@lru_cache(maxsize=64)
def _without_denied(text: str) -> str:
    """A message without what it says did not happen: several questions are asked of each."""
    return re.sub(_DENIED, "", text)


@lru_cache(maxsize=64)
def worded_level(text: str) -> Level | None:
    """The level that a message names in its words."""
    said = re.sub(_NO_WARNING, "", _without_denied(text))
    for sign, method in _SIGNS[:3]:
        if sign in said:
            return Level(method, f"the message says {sign!r}")
    # `warning` before `error`: "warning: 3 errors ignored" is a warning, while errors seldom mention warnings.
    for pattern, method in ((_CRITICAL, "critical"), (_WARNING, "warning"), (_ERROR, "error")):
        if match := re.search(pattern, said):
            return Level(method, f"the message says {match[0].strip()!r}")
    return None


def recovery(text: str) -> str:
    """The words by which a message says that the program continues in another way."""
    match = re.search(_FALLBACK, _without_denied(text))
    return match[0] if match else ""


def failure(text: str) -> str:
    """The words by which a message says that something failed."""
    match = re.search(_FAILURE, _without_denied(text))
    return match[0] if match else ""


def success(text: str) -> bool:
    """Whether a message says that something went well, and nothing else."""
    bad = failure(text) or worded_level(text) or re.search(r"(?i)\bnot\b|n't\b", text)
    return re.search(_SUCCESS, text) is not None and not bad


def departure(text: str) -> str:
    """The words by which a message says that a task was cancelled, or a client has gone."""
    match = re.search(_LEFT, text)
    return match[0] if match else ""


def narrates(text: str) -> bool:
    """Whether a message says what goes on, or is done."""
    return re.search(_NARRATES, text) is not None


def words_of(text: str) -> list[str]:
    """The words of a message: no conversions, no places, no codes of colours."""
    plain = re.sub(_PLACES, " ", re.sub(_COLOUR, "", text))
    if plain.isascii():
        return re.findall(r"[^\W\d_]+", plain)
    unspaced = re.findall(_UNSPACED, plain)
    return [*re.findall(r"[^\W\d_]+", re.sub(_UNSPACED, " ", plain)), *unspaced[::2]]


def is_red(text: str) -> bool:
    """Whether a message is printed in red."""
    return re.search(r"\x1b\[(?:\d+;)*(?:31|91)m", text) is not None
