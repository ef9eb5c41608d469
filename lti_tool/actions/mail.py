"""The way to the institution's mail server, for one message at a time.

Source: RFC 5321 (a reply of 4xx may be tried again, one of 5xx not), RFC 8058 (one click stops the mails).
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

PATIENCE_SECONDS = 30
# Headers are not folded below the limit of 998: mail programs misread a folded or encoded List-Unsubscribe.
_POLICY = SMTP.clone(max_line_length=990)


class MailUnavailable(Exception):
    """The mail server does not take the message now; trying again later may help."""

    retry_after_seconds: float | None = None


class MailRefused(Exception):
    """The mail server will not take this message, however often it is tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed in, and as whom."""

    host: str
    port: int
    security: str  # starttls, tls or none
    sender: str  # name and address, as in a From line
    user: str = ""
    password: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)  # signs the address that stops the mails

    @property
    def domain(self) -> str:
        """Behind the @ of the sender."""
        return parseaddr(self.sender)[1].rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One plain text to one person."""

    id: str  # the same at every try, so that a mail server may notice a second one
    to: str
    name: str
    subject: str
    text: str
    stop_url: str
    dated_at: datetime


def message_of(letter: Letter, server: MailServer) -> EmailMessage:
    """The letter as mail servers take it.

    Raises: MailRefused where the address is none.
    """
    message = EmailMessage(policy=_POLICY)
    sender = parseaddr(server.sender)
    try:
        message["To"] = Address(display_name=_line(letter.name), addr_spec=letter.to)
    except (ValueError, IndexError, HeaderParseError) as fault:
        raise MailRefused("not an address") from fault
    message["From"] = Address(display_name=sender[0], addr_spec=sender[1])
    message["Subject"] = _line(letter.subject)
    message["Date"] = format_datetime(letter.dated_at)
    message["Message-ID"] = f"<{letter.id}@{server.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{letter.stop_url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    return message


def _line(text: str) -> str:
    """The text in one line without control characters: a header has no other."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def deliver(server: MailServer, message: EmailMessage) -> None:
    """Hand the message to the mail server.

    Raises: MailUnavailable, MailRefused
    """
    try:
        with _connected(server) as connection:
            connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as fault:
        _raise(max(code for code, _said in fault.recipients.values()), fault)
    except smtplib.SMTPResponseException as fault:
        _raise(0 if isinstance(fault, smtplib.SMTPAuthenticationError) else fault.smtp_code, fault)
    except (smtplib.SMTPException, OSError) as fault:
        raise MailUnavailable(type(fault).__name__) from fault


def _raise(code: int, fault: Exception) -> None:
    if 500 <= code < 600:
        raise MailRefused(f"the mail server said {code}") from fault
    raise MailUnavailable(f"the mail server said {code}") from fault


@contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A connection on which nothing secret travels in clear, unless the settings say so."""
    safety = ssl.create_default_context()
    if server.security == "tls":
        made: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE_SECONDS, context=safety)
    else:
        made = smtplib.SMTP(server.host, server.port, timeout=PATIENCE_SECONDS)
    with made:
        if server.security == "starttls":
            made.starttls(context=safety)
        if server.user:
            made.login(server.user, server.password)
        yield made
