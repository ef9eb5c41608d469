"""A stand-in LMS for measurements: answers prepared before anybody asks, so that its own work hardly counts.

A program of its own (`python -m tests.bench.lms --folder F --members N`): it prints its port, publishes F/jwks.json,
and ends with its standard input. It gives every token, lists N members in pages of each prepared size, takes
scores after a waiting time, shows them, and counts who asked for what. Its bucket throttles as Canvas does, and says
how full it is.
Source: NRPS 2.0, AGS 2.0; Canvas' open source `request_throttle.rb`, whose defaults the bucket has.
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from pathlib import Path

PAGE_SIZES = (50, 1000)
RESULTS = 1000  # on a page
_LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"


class Bucket:
    """Canvas' leaky bucket: each request reserves a part, gives it back at its end, and pays what it cost."""

    HIGH_WATER, LEAK_PER_SECOND, RESERVED = 600.0, 10.0, 50.0

    def __init__(self, cost: float) -> None:
        self._cost = cost
        self._level, self._at = 0.0, 0.0

    def enter(self, now: float) -> bool:
        """Whether the request may go on."""
        self._level = max(0.0, self._level - (now - self._at) * self.LEAK_PER_SECOND)
        self._at = now
        if self._level > self.HIGH_WATER:
            return False
        self._level += self.RESERVED
        return True

    def leave(self) -> None:
        """The request is over."""
        self._level += self._cost - self.RESERVED

    @property
    def headers(self) -> str:
        """What each answer says of it."""
        left = max(0.0, self.HIGH_WATER - self._level)
        return f"X-Request-Cost: {self._cost}\r\nX-Rate-Limit-Remaining: {left:.2f}\r\n"


def member(number: int) -> dict[str, object]:
    """An invented member, the same each time."""
    given, family = f"Given{number % 911}", f"Family{number % 7919}"
    return {
        "user_id": f"user-{number:08d}",
        "status": "Active",
        "roles": [_LEARNER],
        "name": f"{given} {family}",
        "given_name": given,
        "family_name": family,
        "email": f"student{number}@northfield.example",
        "lis_person_sourcedid": f"S{number:08d}",
    }


class Lms:
    """All answers, and how often each was asked for."""

    def __init__(self, *, port: int, jwks: bytes, members: int, latency_seconds: float, cost: float) -> None:
        self.latency_seconds = latency_seconds
        self.bucket = Bucket(cost)
        self.counts: Counter[str] = Counter()
        self._ready = {
            "/jwks": _answer(jwks),
            "/token": _answer(_dump({"access_token": "t" * 40, "token_type": "Bearer", "expires_in": 3600})),
        }
        self._origin = f"http://127.0.0.1:{port}"
        self._cells: dict[str, bytes] = {}
        texts = [_dump(member(number)) for number in range(members)]
        for size in PAGE_SIZES:
            self._ready |= _pages(texts, size, f"http://127.0.0.1:{port}")

    def answer(self, path: str) -> bytes:
        """The prepared answer; a key set's address may end in who asks for it."""
        self.counts[path] += 1
        if path == "/counts":
            return _answer(_dump(self.counts))
        if path.startswith("/column/results"):
            return self._results(int(path.removeprefix("/column/results").strip("/") or 0))
        return self._ready.get("/jwks" if path.startswith("/jwks/") else path) or _answer(b"{}", "404 Not Found")

    def _results(self, page: int) -> bytes:
        """One page of what was taken so far."""
        cells = [*self._cells.values()][page * RESULTS :]
        more = f"<{self._origin}/column/results/{page + 1}>; rel=next" if len(cells) > RESULTS else None
        return _answer(b"[" + b",".join(cells[:RESULTS]) + b"]", link=more)

    async def take_score(self, body: bytes) -> bytes:
        """The answer to one score, which is kept."""
        self.counts["scores"] += 1
        if not self.bucket.enter(asyncio.get_running_loop().time()):
            self.counts["refused"] += 1
            return _answer(b"403 Forbidden (Rate Limit Exceeded)", "403 Forbidden", more=self.bucket.headers)
        await asyncio.sleep(self.latency_seconds)
        self.bucket.leave()
        said = json.loads(body)
        cell = {"userId": said["userId"], "resultScore": said["scoreGiven"], "resultMaximum": said["scoreMaximum"]}
        self._cells[said["userId"]] = _dump(cell | {"id": f"{self._origin}/column/results/of/{said['userId']}"})
        return _answer(b"{}", more=self.bucket.headers)


def _pages(texts: list[bytes], size: int, origin: str) -> dict[str, bytes]:
    pages = {}
    starts = range(0, max(len(texts), 1), size)
    for number, start in enumerate(starts):
        body = b'{"id":"roster","context":{"id":"c"},"members":[' + b",".join(texts[start : start + size]) + b"]}"
        following = f"<{origin}/memberships/{size}/{number + 1}>; rel=next" if number + 1 < len(starts) else None
        path = f"/memberships/{size}" + (f"/{number}" if number else "")
        pages[path] = _answer(body, link=following)
    return pages


def _answer(body: bytes, status: str = "200 OK", *, link: str | None = None, more: str = "") -> bytes:
    more += f"Link: {link}\r\n" if link else ""
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{more}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _dump(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


async def _converse(lms: Lms, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, kept open until the other side closes it."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *headers = head.split("\r\n")
            length = next((int(one[15:]) for one in headers if one.lower().startswith("content-length:")), 0)
            body = await reader.readexactly(length)
            path = first.split(" ")[1].split("?")[0]
            writer.write(await lms.take_score(body) if path == "/column/scores" else lms.answer(path))
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        writer.close()  # they left, or the program ends


async def _serve(options: argparse.Namespace) -> None:
    ready: asyncio.Future[Lms] = asyncio.get_running_loop().create_future()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _converse(await ready, reader, writer)

    server = await asyncio.start_server(converse, "127.0.0.1", 0, limit=1 << 20)
    port = server.sockets[0].getsockname()[1]
    jwks = (Path(options.folder) / "jwks.json").read_bytes()
    made = Lms(port=port, jwks=jwks, members=options.members, latency_seconds=options.latency, cost=options.cost)
    ready.set_result(made)
    print(port, flush=True)
    await asyncio.to_thread(sys.stdin.read)  # whoever started us keeps it open
    server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", required=True)
    parser.add_argument("--members", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.05)
    parser.add_argument("--cost", type=float, default=0.05)
    asyncio.run(_serve(parser.parse_args()))
