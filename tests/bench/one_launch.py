"""One launch inside one process: the product beside the least that any launch must do.

The least: check one RS256 signature, insert one row into SQLite (WAL), and let Flask answer a POST of the same form
with nothing.
"""

import sqlite3
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask
from flask.testing import FlaskClient
from jwt.utils import base64url_decode

from tests.bench.figures import Bar, Figure
from tests.bench.issuer import CLIENT_ID, DEPLOYMENT_ID
from tests.bench.launches import SECTION, register
from tests.bench.place import Place
from tests.bench.programs import stand_in_lms

TARGET = "http://localhost:8000/lti/launch"  # the address of `tests.databases.settings`


def measure(place: Place) -> list[Figure]:
    """The figure about one launch."""
    count, rounds = place.size(300, 50), place.size(5, 2)
    with (
        stand_in_lms(place.folder) as lms,
        place.databases.fresh("sqlite") as url,
        place.installation(url) as app,
    ):
        register(lms)
        pairs = [_round(place, app, lms, count) for _ in range(rounds + 1)][1:]  # the first fills caches
    bar = Bar(name="L1", value=2)
    peer = "RS256 + row + empty POST"
    return [Figure(section=SECTION, what="one launch", unit="ms", peer=peer, rounds=tuple(pairs), bar=bar)]


def _round(place: Place, app: Flask, lms: str, count: int) -> tuple[float, float]:
    client = app.test_client(use_cookies=False)
    bare = _bare(place)
    forms = [_login(place, client, lms, person) for person in range(count)]
    ours = [_seconds(partial(_post, client, form, cookie)) for form, cookie in forms]
    theirs = [_seconds(partial(bare, form)) for form, _ in forms]
    return 1000 * median(ours), 1000 * median(theirs)


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _login(place: Place, client: FlaskClient, lms: str, person: int) -> tuple[dict[str, str], str]:
    knock = {"iss": lms, "client_id": CLIENT_ID, "target_link_uri": TARGET, "lti_deployment_id": DEPLOYMENT_ID}
    answer = client.get("/lti/login", query_string=knock | {"login_hint": str(person)})
    query = parse_qs(urlsplit(answer.location).query)
    token = place.issuer.id_token(lms, nonce=query["nonce"][0], person=person, target=TARGET)
    return {"state": query["state"][0], "id_token": token}, answer.headers["Set-Cookie"].split(";")[0]


def _post(client: FlaskClient, form: dict[str, str], cookie: str) -> None:
    answer = client.post("/lti/launch", data=form, headers={"Cookie": cookie})
    if answer.status_code != 303:
        raise RuntimeError(f"a launch was refused with status {answer.status_code}")


def _bare(place: Place) -> Callable[[dict[str, str]], None]:
    key = place.issuer.key.public_key()
    database = sqlite3.connect(place.folder / "bare-launch.db", isolation_level=None)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL"):
        database.execute(statement)
    database.execute("create table if not exists launch (id integer primary key, token text)")
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: "", methods=["POST"], endpoint="empty")
    client = app.test_client(use_cookies=False)

    def work(form: dict[str, str]) -> None:
        signed, _, signature = form["id_token"].rpartition(".")
        key.verify(base64url_decode(signature), signed.encode(), PKCS1v15(), SHA256())
        database.execute("insert into launch (token) values (?)", (signature,))
        client.post("/", data=form)

    return work
