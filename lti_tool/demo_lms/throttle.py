"""Canvas's leaky bucket: requests fill it, time empties it, requests at the same moment pay in advance.

Source: canvas-lms doc/api/throttling.md: 403 with a text (429 since about 2025-10), `X-Request-Cost`,
`X-Rate-Limit-Remaining`.
"""

from flask import Response

from lti_tool.demo_lms.state import Campus


def admitted(lms: Campus, client: str) -> Response | None:
    """Take the up-front cost of a request; the refusal when the client's bucket is full."""
    rule = lms.dialect.throttle
    if rule is None or not client:
        return None
    with lms.lock:
        level = _level(lms, client)
        if level >= rule.size:
            return Response("403 Forbidden (Rate Limit Exceeded)\n", rule.status, {"X-Rate-Limit-Remaining": "0.0"})
        lms.fill_levels[client] = level + rule.up_front, lms.now().timestamp()
    return None


def settle(lms: Campus, client: str, answer: Response) -> None:
    """Give back what was paid in advance, keep the cost, and say both."""
    rule = lms.dialect.throttle
    if rule is None or not client:
        return
    with lms.lock:
        level = max(0.0, _level(lms, client) - rule.up_front) + rule.cost
        lms.fill_levels[client] = level, lms.now().timestamp()
    answer.headers["X-Request-Cost"] = str(rule.cost)
    answer.headers["X-Rate-Limit-Remaining"] = f"{max(0.0, rule.size - level):.2f}"


def _level(lms: Campus, client: str) -> float:
    rule = lms.dialect.throttle
    level, at = lms.fill_levels.get(client, (0.0, 0.0))
    return max(0.0, level - (rule.leak if rule else 0.0) * (lms.now().timestamp() - at))
