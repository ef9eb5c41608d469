"""Launches per second behind gunicorn: the product beside a bare PyLTI1p3 tool, with the same tokens and settings.

Every launch is a browser of its own: login, then the LMS's signed answer. Logins are made and tokens signed before the
launches are timed, and the client writes its requests beforehand, so that the servers' work is what is measured.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from lti_tool.actions.platforms import NewRegistration, add_registration
from tests.bench.figures import Bar, Figure
from tests.bench.issuer import CLIENT_ID, DEPLOYMENT_ID
from tests.bench.place import Place
from tests.bench.programs import Served, counts, free_port, served, stand_in_lms
from tests.bench.wire import Answer, get, post, send_all

SECTION = "Launch"
CONNECTIONS = 8
WORKERS = 2
OURS, PEER, PEER_CACHED = "ours", "PyLTI1p3", "PyLTI1p3, keys cached"
_SECRET = "only-for-the-bench-" + "x" * 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a number of whole launches cost.

    Units: seconds; per second; CPU milliseconds of the server for one login and launch.
    """

    launches_per_second: float
    flows_per_second: float
    cpu_ms: float


def measure(place: Place) -> list[Figure]:
    """All figures about launches under load."""
    count, rounds = place.size(1000, 100), place.size(5, 2)
    with ExitStack() as stack:
        lms = stack.enter_context(stand_in_lms(place.folder))
        tools = {
            OURS: stack.enter_context(_product(place, lms)),
            PEER: stack.enter_context(_peer(place, lms, "default")),
            PEER_CACHED: stack.enter_context(_peer(place, lms, "cached")),
        }
        for served_tool in tools.values():
            _launch_many(place, lms, served_tool, 50)  # the first requests fill caches, on all sides
        spent = [{name: _launch_many(place, lms, tool, count) for name, tool in tools.items()} for _ in range(rounds)]
        asked = counts(lms)
    return [*_figures(spent), _keys_figure(asked)]


def _figures(spent: list[dict[str, Spent]]) -> list[Figure]:
    figures = []
    for peer, cpu_bar, rate_bar in ((PEER, 0.35, Bar(name="L3", value=2.5, is_floor=True)), (PEER_CACHED, 0.5, None)):
        for what, unit, field, bar in (
            ("launches", "/s", "launches_per_second", rate_bar),
            ("logins + launches", "/s", "flows_per_second", None),
            ("server CPU, login + launch", "ms", "cpu_ms", Bar(name="L2", value=cpu_bar)),
        ):
            pairs = tuple((getattr(one[OURS], field), getattr(one[peer], field)) for one in spent)
            figures.append(Figure(section=SECTION, what=what, unit=unit, peer=peer, rounds=pairs, bar=bar))
    return figures


def _keys_figure(asked: dict[str, int]) -> Figure:
    return Figure(
        section=SECTION,
        what="key set fetches",
        unit="",
        peer="web processes",
        rounds=((asked["/jwks/ours"], WORKERS),),
        bar=Bar(name="L4", value=1),
    )


def _launch_many(place: Place, lms: str, tool: Served, count: int) -> Spent:
    """Let `count` students launch; everybody must arrive."""
    target = f"http://localhost:{tool.port}/lti/launch"
    knock = {"iss": lms, "client_id": CLIENT_ID, "target_link_uri": target, "lti_deployment_id": DEPLOYMENT_ID}
    logins = [get(tool.port, "/lti/login", knock | {"login_hint": str(person)}) for person in range(count)]
    cpu_before = tool.cpu_seconds()
    login_seconds, asked = send_all(tool.port, logins, connections=CONNECTIONS)
    launches = [_launch(place, lms, tool.port, person, answer) for person, answer in enumerate(asked)]
    launch_seconds, arrived = send_all(tool.port, launches, connections=CONNECTIONS)
    cpu_after = tool.cpu_seconds()
    if any(answer.status not in {200, 303} for answer in arrived):
        raise RuntimeError(f"launches were refused: {sorted({answer.status for answer in arrived})}")
    return Spent(
        launches_per_second=count / launch_seconds,
        flows_per_second=count / (login_seconds + launch_seconds),
        cpu_ms=1000 * (cpu_after - cpu_before) / count,
    )


def _launch(place: Place, lms: str, port: int, person: int, asked: Answer) -> bytes:
    """The form by which the LMS sends this browser back."""
    if asked.status != 302:
        raise RuntimeError(f"a login was refused with status {asked.status}")
    query = parse_qs(urlsplit(asked.header("Location")[0]).query)
    target = f"http://localhost:{port}/lti/launch"
    token = place.issuer.id_token(lms, nonce=query["nonce"][0], person=person, target=target)
    cookie = "; ".join(line.split(";")[0] for line in asked.header("Set-Cookie"))
    return post(port, "/lti/launch", {"state": query["state"][0], "id_token": token}, cookie)


@contextmanager
def _product(place: Place, lms: str) -> Iterator[Served]:
    port = free_port()
    with place.databases.fresh("sqlite") as database_url:
        with place.installation(database_url):
            register(lms)
        environment = {
            "TOOL_URL": f"http://localhost:{port}",
            "DATABASE_URL": database_url,
            "SECRET_KEY": _SECRET,
            "KEY_FOLDER": str(place.folder / "keys"),
            "MAY_BE_LOCAL": "true",
        } | _SAME
        with served("lti_tool.wsgi:app", port=port, folder=place.folder, environment=environment) as tool:
            yield tool


def register(lms: str) -> None:
    """Make the LMS known to the product."""
    new = NewRegistration(
        issuer=lms,
        client_id=CLIENT_ID,
        name="Northfield",
        family="",
        auth_login_url=f"{lms}/auth",
        auth_token_url=f"{lms}/token",
        auth_audience=None,
        jwks_url=f"{lms}/jwks/ours",
    )
    add_registration(new, deployment_id=DEPLOYMENT_ID, by="bench", now=datetime.now(UTC))


@contextmanager
def _peer(place: Place, lms: str, name: str) -> Iterator[Served]:
    platform = place.folder / f"platform-{name}.json"
    platform.write_text(json.dumps(_platform(lms, name)), encoding="utf-8")
    environment = {
        "BENCH_PLATFORM": str(platform),
        "BENCH_CACHES_KEYS": "1" if name == "cached" else "0",
        "SECRET_KEY": _SECRET,
    } | _SAME
    with served("tests.bench.peer_tool:app", port=free_port(), folder=place.folder, environment=environment) as tool:
        yield tool


_SAME = {"WEB_CONCURRENCY": str(WORKERS), "GUNICORN_CMD_ARGS": ""}


def _platform(lms: str, name: str) -> dict[str, object]:
    """The LMS as PyLTI1p3 is told of it."""
    registration = {
        "default": True,
        "client_id": CLIENT_ID,
        "auth_login_url": f"{lms}/auth",
        "auth_token_url": f"{lms}/token",
        "key_set_url": f"{lms}/jwks/{name}",
        "key_set": None,
        "deployment_ids": [DEPLOYMENT_ID],
    }
    return {lms: [registration]}
