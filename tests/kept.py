"""What each application of a test process would make anew although it comes out the same: made once, and kept.

A test has an application of its own. Half of its time went into compiling 300 addresses, compiling templates and
checking that a key is one; none of that is what the test is about, and all of it depends on nothing but its text.
"""

from collections.abc import Callable
from functools import cache
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from lti_tool.lti import signing

Builders = Callable[[Rule, bool], Callable[..., tuple[str, str]]]


class Templates(BytecodeCache):
    """Compiled templates, by name and text."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out what was compiled from the same text."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._codes[bucket.key, bucket.checksum] = bucket.code


def _kept(make: Builders) -> Builders:
    """Werkzeug's functions that build an address, each made once for everything that it is made from."""
    made: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}

    def builder(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        defaults = tuple(sorted((rule.defaults or {}).items()))
        key = (append_unknown, rule.rule, defaults, *rule._trace)
        if key not in made:
            made[key] = make(rule, append_unknown)
        return made[key]

    return builder


def keep() -> None:
    """From now on, in this process."""
    Rule._compile_builder = _kept(Rule._compile_builder)  # type: ignore[method-assign]  # there is no setting for it
    Flask.jinja_options = {"bytecode_cache": Templates()}
    signing.load_pem_private_key = cache(signing.load_pem_private_key)
