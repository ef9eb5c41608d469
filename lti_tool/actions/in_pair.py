"""What people of a pair do at once is done one after the other: whoever writes there holds the pair's row."""

from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.db import db
from lti_tool.store.matching import Pair
from lti_tool.store.pairs import own_pair

CLOSED = Sentence(N_("Nothing can be written in this pair now: it is paused, or it has ended. What is here stays."))


def open_pair(pair_id: int) -> Pair:
    """The pair, locked until the caller's transaction ends.

    Raises: RuleBroken while nothing can be written in it.
    """
    pair = db.session.get_one(Pair, pair_id, with_for_update=True)
    if pair.state != "active" or pair.contact_stopped_at is not None:
        raise RuleBroken(CLOSED)
    return pair


def held(pair_id: int, *, by: int) -> Pair:
    """The pair, for this person alone until the caller's transaction ends.

    Raises: RuleBroken for somebody who is not in it, and while nothing can be written there.
    """
    pair = open_pair(pair_id)
    if own_pair(pair_id, by) is None:
        raise RuleBroken(CLOSED)
    return pair
