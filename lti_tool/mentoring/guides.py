"""Conversation guides and documents: what people read outside the training.

Guide      key ("first-meeting"), title, purpose, openers, questions, listen_for, say_back, close, text_version,
           boundary ("" where there is none), language, version; all plain text
Document   key ("code-of-conduct", "consent", "help", "techniques", "video-tools"), title, body (Markdown), edition,
           dated_on, language, version; `edition` and `dated_on` are what somebody agrees to: store them with it
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """A conversation prepared for a pair: how to begin, what to ask, and how to do it in writing."""

    key: str
    title: str
    purpose: str
    openers: tuple[str, ...]
    questions: tuple[str, ...]
    listen_for: str
    say_back: str
    close: str
    text_version: str
    boundary: str
    language: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text that people agree to or look things up in."""

    key: str
    title: str
    body: str
    edition: str
    dated_on: date
    language: str
    version: str
