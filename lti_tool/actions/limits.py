"""How often strangers may try something, counted in the database, so that all processes count together."""

from datetime import datetime, timedelta

from lti_tool.store.admin import Attempt, count_attempts
from lti_tool.store.db import transaction


def may_try(what: str, who: str, *, most: int, within: timedelta, now: datetime) -> bool:
    """Whether this one may try once more; the try is counted. `who` is no address in clear.

    Tries at the very same moment may exceed the limit by some: it slows guessing down, no more.
    """
    key = f"{what}:{who}"
    with transaction() as session:
        if count_attempts(key, now) >= most:
            return False
        session.add(Attempt(key=key, expires_at=now + within))
    return True
