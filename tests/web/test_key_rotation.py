"""Keys change while an LMS keeps its copy of them for most of a day, and asks for them over HTTP when that is over."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from lti_tool.actions.doctor import SCOPES, Verdict, examine
from lti_tool.lti.errors import PlatformRefused, ServiceFault
from lti_tool.lti.gradebook import SCORE_SCOPE
from lti_tool.lti.signing import SigningKeys
from lti_tool.lti.tokens import AccessTokens
from lti_tool.lti.transport import prepared_session
from lti_tool.store.platforms import StoredTokens, all_registrations, as_platform
from tests.conftest import Clock
from tests.outside import Lms, look_again
from tests.serving import serving
from tests.web.coming import tool_id

KEPT_HOURS = 23


@pytest.fixture
def key_folder(tmp_path: Path) -> Path:
    """Keys of this test alone: other tests' keys would be published already."""
    return tmp_path / "own-keys"


@dataclass
class Keys:
    """The tool's key set as the world fetches it: where, and how often that was done."""

    url: str
    fetched_at: list[object] = field(default_factory=list)


@pytest.fixture
def keys(app: Flask, clock: Clock) -> Iterator[Keys]:
    """The application, served over HTTP."""
    fetched_at: list[object] = []

    def noting(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        fetched_at.append(clock.now)
        return app.wsgi_app(environ, start)

    with serving(lambda _origin: noting) as origin:
        yield Keys(url=f"{origin}/lti/jwks", fetched_at=fetched_at)


@pytest.fixture
def caching(lms: Lms, keys: Keys) -> Lms:
    """An LMS that asks for the tool's keys over HTTP, and then keeps them for hours whatever comes."""
    habits = replace(lms.campus.dialect.tokens, keys_kept_hours=KEPT_HOURS)
    lms.campus.dialect = replace(lms.campus.dialect, tokens=habits)
    lms.campus.tools[tool_id(lms)] = replace(lms.campus.tools[tool_id(lms)], jwks_uri=keys.url)
    lms.campus.tool_keys.clear()
    return lms


def tokens(lms: Lms, clock: Clock) -> set[Verdict]:
    """How asking for each permission comes out now."""
    (row,) = all_registrations()
    found = examine(row.id, edge=lms.edge, now=clock.now)
    look_again()
    return {one.verdict for one in found if one.way in SCOPES and one.verdict is not Verdict.SKIPPED}


def test_an_lms_that_keeps_our_keys_for_most_of_a_day_never_meets_an_unknown_one(
    caching: Lms, keys: Keys, clock: Clock
) -> None:
    edge, verdicts, signed_with = caching.edge, tokens(caching, clock), set()
    old = edge.signing_keys.signer(clock.now).kid
    clock.advance(hours=KEPT_HOURS - 1)
    edge.key_ring.rotate(by="test", now=clock.now)

    for _hour in range(30):
        verdicts |= tokens(caching, clock)
        signed_with.add(edge.signing_keys.signer(clock.now).kid)
        clock.advance(hours=1)

    assert verdicts == {Verdict.GOOD}
    assert signed_with == {old, edge.signing_keys.newest.kid}
    assert len(keys.fetched_at) == 3  # at first, and whenever the copy was old; never because of a new name


def test_a_key_that_signed_as_soon_as_it_is_published_would_be_refused(caching: Lms, clock: Clock) -> None:
    assert tokens(caching, clock) == {Verdict.GOOD}
    caching.edge.key_ring.rotate(by="test", now=clock.now)
    newest, platform = caching.edge.signing_keys.newest, as_platform(all_registrations()[0])
    with closing(prepared_session(reach=caching.edge.reach, retries=0)) as session:
        hasty = AccessTokens(
            platform,
            signing_keys=SigningKeys(current=newest, all=(newest,)),
            cache=StoredTokens(),
            session=session,
        )

        with pytest.raises(PlatformRefused) as refused:
            hasty.token([SCORE_SCOPE], clock.now)

    assert refused.value.fault is ServiceFault.CLIENT_REFUSED
