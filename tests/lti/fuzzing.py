"""What the fuzzing tests draw from, and how they judge: a value or an error of the edge, nothing else and in time."""

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from lti_tool.lti.errors import LtiError

from .outside import part

# Halves of pairs, NUL and line ends are among the characters.
ANY_TEXT = st.text(alphabet=st.characters(), max_size=40)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)
ANY_BODY = ANY_JSON.map(json.dumps) | ANY_TEXT.map(lambda text: text.encode(errors="replace").decode())
# Latin-1 without line ends: what a server can put into a header.
HEADER = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60)
STATUS = st.sampled_from([200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 409, 412, 422, 429])

# The fixtures hold nothing that one example leaves for the next, or what they hold does not matter.
fuzzed = settings(
    max_examples=60,
    deadline=timedelta(seconds=5),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    print_blob=False,
)


def ends_well(call: Any, *args: Any, **more: Any) -> Any:
    """What the call gives, None when it ends with an error of the edge; anything else fails the test."""
    try:
        return call(*args, **more)
    except LtiError:
        return None


def objects(*names: str) -> st.SearchStrategy[dict[str, object]]:
    """Objects with some of these members, each of any shape."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, ANY_JSON))


def texts(*names: str) -> st.SearchStrategy[dict[str, str]]:
    """Forms with some of these fields."""
    return st.dictionaries(st.sampled_from(names), ANY_TEXT)


def signed_as_is(payload: Mapping[str, object], key: rsa.RSAPrivateKey) -> str:
    """A token with a true signature around claims that no library would sign."""
    head = f"{part({'alg': 'RS256', 'kid': 'lms-key'})}.{part(dict(payload))}"
    signature = key.sign(head.encode(), PKCS1v15(), SHA256())
    return f"{head}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
