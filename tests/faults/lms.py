"""An LMS that fails in every way one has been seen to fail, and remembers exactly what reached it.

A program of its own (`python -m tests.faults.lms --seed S --rate R`): it prints its port and ends with its standard
input. It is several LMSs, `/0`, `/1` and so on, with one gradebook. Scores obey AGS's rule as Moodle does: one that is
not newer by a whole second than what stands there answers 409. A teacher's grade counts as newer than every score
before it. How many requests each LMS has to bear at once is remembered too. `/calm` ends the faults,
`/restart` forgets all tokens and makes a new key, `/sign` signs a launch with it, `/journal` tells everything.
Source: AGS 2.0; Moodle and Canvas as recorded for this project.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

THINKS_SECONDS = 0.05  # about each score and each reading, so that several are with it at once
SECOND = len("2026-11-22T09:00:00")  # of a timestamp
_LTI = "https://purl.imsglobal.org/spec/lti/claim/"

FAULTS = (
    "dropped",  # the connection ends before anything happened
    "lost_answer",  # the score is taken, and the connection ends
    "late",  # the score is taken after a while
    "twice",  # the network delivers the request a second time
    "500",
    "502 html",
    "429",
    "403 throttled",
    "401",
    "409",
    "truncated",  # the score is taken, and half an answer comes back
    "html",  # the score is taken, and a page comes back
    "sign-in page",  # a page with status 200 comes back, and nothing was taken
)


class Signer:
    """The LMS's own key, as long as it runs."""

    def __init__(self, number: int) -> None:
        self._id = f"key-{number}"
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        self.key_set = {"keys": [public | {"kid": self._id, "use": "sig", "alg": "RS256"}]}

    def launch(self, *, issuer: str, nonce: str, user: str, target: str) -> str:
        """A student opens the tool from the course."""
        now = int(time.time())
        claims: dict[str, object] = {"iss": issuer, "aud": "client-1", "sub": user, "iat": now, "exp": now + 3600}
        claims |= {"nonce": nonce, "name": f"Visitor {user}"}
        claims |= {
            f"{_LTI}{name}": value
            for name, value in {
                "version": "1.3.0",
                "message_type": "LtiResourceLinkRequest",
                "deployment_id": "1",
                "target_link_uri": target,
                "roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
                "resource_link": {"id": "link-1", "title": "Peer mentoring"},
                "context": {"id": "bio-101", "title": "Biology 101"},
            }.items()
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self._id})


@dataclass(slots=True)
class Cell:
    """One grade, and every score that arrived for it."""

    points: float | None = None
    at: str = ""
    by_teacher: bool = False
    posts: list[tuple[str, float, str]] = field(default_factory=list)  # timestamp, points, what became of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back; `cut` leaves half of it out, and no text at all means that the connection just ends."""

    status: str = "200 OK"
    body: bytes = b"{}"
    headers: tuple[str, ...] = ("Content-Type: application/json",)
    is_cut: bool = False
    is_silent: bool = False

    def bytes(self) -> bytes:
        """As HTTP writes it."""
        head = "\r\n".join((f"HTTP/1.1 {self.status}", *self.headers, f"Content-Length: {len(self.body)}"))
        body = self.body[: len(self.body) // 2] if self.is_cut else self.body
        return head.encode() + b"\r\n\r\n" + body


PAGE = Answer(body=b"<html><body>We are updating. Back soon.</body></html>", headers=("Content-Type: text/html",))


class Lms:
    """The gradebook and its bad days."""

    def __init__(self, *, seed: int, rate: float) -> None:
        self._random = random.Random(seed)  # noqa: S311  # which fault comes when, no secret
        self._rate = rate
        self._epoch = self._tokens = self._posts = 0
        self._signer = Signer(0)
        self.cells: dict[str, Cell] = {}
        self.faults: dict[str, int] = {}
        self._at_once: Counter[str] = Counter()
        self.most_at_once = 0

    async def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """The answer to one request."""
        url = urlsplit(target)
        path = f"/{url.path.split('/', 2)[-1]}" if url.path[1:2].isdigit() else ""
        if path == "/token":
            return self._grant()
        if path == "/jwks":
            return Answer(body=_dump(self._signer.key_set))
        if path in {"/column/scores", "/column/results"}:
            if headers.get("authorization") != f"Bearer token-{self._epoch}":
                return Answer(status="401 Unauthorized")
            answer = self._score(json.loads(body)) if method == "POST" else self._results()
            return await self._serve(url.path.split("/")[1], answer)
        return self._control(url.path, parse_qs(url.query))

    async def _serve(self, lms: str, answer: Awaitable[Answer]) -> Answer:
        """The answer, counted among those that this LMS is about to give."""
        self._at_once[lms] += 1
        self.most_at_once = max(self.most_at_once, self._at_once[lms])
        try:
            await asyncio.sleep(THINKS_SECONDS)
            return await answer
        finally:
            self._at_once[lms] -= 1

    def _grant(self) -> Answer:
        self._tokens += 1
        if self._fault() == "500":
            return Answer(status="500 Internal Server Error")
        return Answer(body=_dump({"access_token": f"token-{self._epoch}", "expires_in": 3600}))

    def _fault(self) -> str | None:
        if self._random.random() >= self._rate:
            return None
        fault = self._random.choice(FAULTS)
        self.faults[fault] = self.faults.get(fault, 0) + 1
        return fault

    async def _results(self) -> Answer:
        shown = [
            {"id": f"r-{user}", "userId": user, "resultScore": cell.points, "resultMaximum": 100}
            for user, cell in self.cells.items()
            if cell.points is not None
        ]
        fault = self._fault()
        if fault in {"late", "twice", "401", "409", None}:
            return Answer(body=_dump(shown))
        return self._refusal(fault) or Answer(body=_dump(shown), is_cut=True)

    async def _score(self, score: dict[str, object]) -> Answer:
        self._posts += 1
        fault = self._fault()
        if refusal := self._refusal(fault or ""):
            return refusal
        if fault == "late":
            await asyncio.sleep(self._random.uniform(0.1, 1.5))
        answer = self._take(score)
        if fault == "twice":
            self._take(score)
        if fault == "lost_answer":
            return Answer(is_silent=True)
        if fault == "truncated":
            return Answer(body=b'{"resultUrl": "somewhere"}', is_cut=True)
        return PAGE if fault == "html" and answer.status.startswith("200") else answer

    def _refusal(self, fault: str) -> Answer | None:
        """The answer to a request that changes nothing."""
        return {
            "dropped": Answer(is_silent=True),
            "500": Answer(status="500 Internal Server Error"),
            "502 html": Answer(status="502 Bad Gateway", body=PAGE.body, headers=PAGE.headers),
            "429": Answer(status="429 Too Many Requests", headers=("Retry-After: 1",)),
            "403 throttled": Answer(status="403 Forbidden", body=b"403 Forbidden (Rate Limit Exceeded)"),
            "401": Answer(status="401 Unauthorized"),
            "409": Answer(status="409 Conflict"),
            "sign-in page": PAGE,
        }.get(fault)

    def _take(self, score: dict[str, object]) -> Answer:
        cell = self.cells.setdefault(str(score["userId"]), Cell())
        at, points = str(score["timestamp"]), float(str(score["scoreGiven"]))
        if at[:SECOND] <= cell.at[:SECOND]:
            cell.posts.append((at, points, "stale"))
            return Answer(status="409 Conflict")
        cell.posts.append((at, points, "over the teacher's" if cell.by_teacher else "taken"))
        cell.points, cell.at = points, at
        return Answer()

    def _control(self, path: str, query: dict[str, list[str]]) -> Answer:
        """What the harness, and not the tool, asks."""
        if path == "/calm":
            self._rate = 0.0
        elif path == "/restart":
            self._epoch += 1
            self._signer = Signer(self._epoch)
        elif path == "/sign":
            token = self._signer.launch(**{name: values[0] for name, values in query.items()})
            return Answer(body=token.encode(), headers=("Content-Type: text/plain",))
        elif path == "/posts":
            return Answer(body=_dump(self._posts))
        elif path == "/grade":
            cell = self.cells.setdefault(query["user"][0], Cell())
            cell.points, cell.by_teacher = float(query["points"][0]), True
            cell.at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        elif path == "/journal":
            cells = {user: [cell.points, cell.by_teacher, cell.posts] for user, cell in self.cells.items()}
            told = {"cells": cells, "faults": self.faults, "tokens": self._tokens, "epoch": self._epoch}
            return Answer(body=_dump(told | {"most_at_once": self.most_at_once}))
        return Answer()


def _dump(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


async def _converse(lms: Lms, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, until either side ends it."""
    try:
        while True:
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            method, target, _ = first.split(" ")
            answer = await lms.answer(method, target, headers, body)
            if answer.is_silent:
                break
            writer.write(answer.bytes())
            await writer.drain()
            if answer.is_cut:
                break
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        pass  # they left, or the program ends
    writer.close()


async def _serve(options: argparse.Namespace) -> None:
    lms = Lms(seed=options.seed, rate=options.rate)
    server = await asyncio.start_server(lambda reader, writer: _converse(lms, reader, writer), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)  # whoever started us keeps it open
    server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True)
    asyncio.run(_serve(parser.parse_args()))
