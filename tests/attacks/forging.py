"""What an attacker writes: tokens taken apart and put together again, and launches that say something else."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import jwt
import pytest
from bs4 import BeautifulSoup
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import func, select

from lti_tool.store.db import db
from lti_tool.store.people import Person, Visit
from tests.outside import BIOLOGY, Lms, look_again
from tests.pages import PageClient

PROGRAM = "\"'><svg/onload=alert(1) data-xss=1></title></textarea><b data-xss=2>{{7*191}}"
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
# A matrix of refusals that come before any row is read or written: one database is enough.
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def payload_of(token: str) -> dict[str, Any]:
    """What a token says."""
    said: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return said


def key_id(token: str) -> str:
    """The key that a token names."""
    return str(jwt.get_unverified_header(token)["kid"])


def signed(
    payload: Mapping[str, object], key: rsa.RSAPrivateKey, *, kid: str, headers: Mapping[str, object] | None = None
) -> str:
    """A token that this key signed."""
    return jwt.encode(dict(payload), key, algorithm="RS256", headers={"kid": kid, **(headers or {})})


def by_the_lms(lms: Lms, payload: Mapping[str, object]) -> str:
    """A token that the LMS itself signed."""
    return lms.campus.keys.sign(dict(payload))


def public_pem(lms: Lms) -> bytes:
    """The LMS's public key as a file that everybody has."""
    public = lms.campus.keys.keys[-1].private.public_key()
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def unsigned(header: Mapping[str, object], payload: Mapping[str, object], *, secret: bytes = b"") -> str:
    """A token of any algorithm's name; with a secret, its signature is an HMAC of it."""
    body = f"{_part(header)}.{_part(payload)}"
    mac = hmac.new(secret, body.encode(), hashlib.sha256).digest() if secret else b""
    return f"{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def said(lms: Lms, pages: PageClient, person: str, changes: Mapping[str, Any], *, course: str = BIOLOGY) -> Any:
    """The answer to a launch in which the LMS says these things."""
    message = lms.message(pages, person, course=course)
    claims = payload_of(message["id_token"]) | dict(changes)
    return pages.raw().post("/lti/launch", data=message | {"id_token": by_the_lms(lms, claims)})


def code_of(page: BeautifulSoup) -> str:
    """The text of a page, in which its code stands."""
    return page.get_text(" ", strip=True)


def nobody_came() -> bool:
    """No launch left anything."""
    look_again()
    return not any(db.session.scalar(select(func.count()).select_from(table)) for table in (Person, Visit))


def _part(value: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
