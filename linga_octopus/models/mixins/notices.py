"""Sentences that are stored as a code with values, and read in the language of each reader."""

import json
import re

from odoo import fields
from odoo.tools import SQL, LazyTranslate

from ...lib.octopus_api import bulk, http_errors, parsing, transport

_lt = LazyTranslate(__name__)


class Notice(str):
    """A sentence in the language of an environment, which knows how it is stored.

    It is a text wherever it is shown, raised or compared; a `NoticeText` stores its code.
    """

    __slots__ = ("stored",)

    def __new__(cls, text, stored_text):
        notice = super().__new__(cls, text)
        notice.stored = stored_text
        return notice


class Sentence:
    """A sentence of ours that is stored as a code. Codes stay, the text may change.

    :param str code: letters and underscores; unique
    :param text: translated lazily, with places such as `%(name)s`
    """

    by_code = {}

    def __init__(self, code, text):
        self.code, self.text = code, text
        self.by_code[code] = self

    def __call__(self, env, **values):
        """Return the notice with these values, which may be notices themselves."""
        plain = {
            name: stored(value) if isinstance(value, str | int | float) else str(value)
            for name, value in values.items()
        }
        return read_notice(env, json.dumps([self.code, plain], ensure_ascii=False))

    def fill(self, env, values):
        """Return the sentence in the language of the environment."""
        filled = {name: read_notice(env, value) for name, value in values.items()}
        return self.translated(env) % filled

    def translated(self, env):
        """Return the text in the language of the environment, with its places."""
        return self.text if isinstance(self.text, str) else env._(self.text)


class NoticeText(fields.Text):
    """A text of sentences: ours are stored as codes with values, and read in the language of the
    reader. Those of others, and those from before there were codes, stay as they are."""

    def convert_to_cache(self, value, record, validate=True):
        """Override: a notice is stored as its code."""
        return super().convert_to_cache(getattr(value, "stored", value), record, validate)

    def convert_to_record(self, value, record):
        """Override: in the language of the reader."""
        text = super().convert_to_record(value, record)
        return text and read_notice(record.env, text)

    def convert_to_read(self, value, record, use_display_name=True):
        """Override: XML-RPC knows no other texts than `str`."""
        return value and str(value)

    def convert_to_export(self, value, record):
        """Override."""
        return str(value or "")

    def condition_to_sql(self, field_expr, operator, value, model, alias, query):
        """Override: find what the reader sees."""
        condition = super().condition_to_sql(field_expr, operator, value, model, alias, query)
        if operator != "ilike" or not isinstance(value, str):
            return condition
        typed = value.casefold()
        codes = [
            code
            for code, sentence in Sentence.by_code.items()
            if typed in sentence.translated(model.env).casefold()
        ]
        if not codes:
            return condition
        column = model._field_to_sql(alias, field_expr, query)
        return SQL("(%s OR %s ~ %s)", condition, column, rf'\["({"|".join(codes)})", ')


def stored(text):
    """Return a text as it is stored: a notice as its code with values."""
    return getattr(text, "stored", text)


def join_notices(notices):
    """Return notices as one, each in a line of its own."""
    return Notice("\n".join(notices), "\n".join(map(stored, notices)))


def read_notice(env, text):
    """Return what is stored as a Notice in the language of the environment.

    What is no code stands for itself, and what is no text is returned as it is.
    """
    if not isinstance(text, str) or not text:
        return text
    text = stored(text)
    lines = [_read_line(env, line) for line in text.split("\n")]
    return Notice("\n".join(lines), text)


def _read_line(env, line):
    for text, sentence in TEXTS_OF_API:
        if found := text.fullmatch(line):
            return sentence.fill(env, found.groupdict())
    if not CODED.match(line):
        return line
    try:
        code, values = json.loads(line)
        return Sentence.by_code[code].fill(env, values)
    except (ValueError, KeyError, TypeError, AttributeError):
        # A text of Octopus that only looks like a code.
        return line


CODED = re.compile(r'\["[a-z_]+", \{')

# === SENTENCES OF SEVERAL ROOMS === #

UNEXPECTED = Sentence(
    "unexpected_error", _lt("Something unexpected went wrong; the server log has the details.")
)
NO_CALLS_LEFT = Sentence(
    "no_calls_left", _lt("The calls that Octopus allows in a minute are used up.")
)
TOO_FAST = Sentence("too_fast", _lt("Octopus asks to go slower."))


def _of_api(text, code, translated):
    pattern = re.escape(text).replace("%s", "(?P<what>.+)")
    return re.compile(pattern), Sentence(code, translated)


# `lib.octopus_api` knows no languages: its texts are stored as they are.
TEXTS_OF_API = (
    _of_api(bulk.NO_ID, "no_id", _lt("Octopus returned no id for it.")),
    _of_api(
        bulk.NO_VARIANT_ID,
        "no_variant_id",
        _lt("Octopus returned no id for its variant %(what)s."),
    ),
    _of_api(bulk.NOT_CONFIRMED, "not_confirmed", _lt("Octopus did not confirm it.")),
    _of_api(http_errors.NO_REASON, "no_reason", _lt("Octopus refused without a reason")),
    _of_api(
        http_errors.REDIRECTED,
        "redirected",
        _lt("Octopus redirects to another address. Check its address in the settings."),
    ),
    _of_api(
        transport.NOT_JSON,
        "not_json",
        _lt("The answer is not JSON. Check the address of Octopus in the settings."),
    ),
    _of_api(f"id {parsing.NOT_THERE}", "id_missing", _lt("id is missing")),
    _of_api(f"id {parsing.NOT_AN_ID}", "not_an_id", _lt("id is not an id")),
    _of_api(f"order {parsing.NO_OBJECT}", "not_an_object", _lt("order is not a JSON object")),
)
