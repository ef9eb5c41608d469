"""Somebody opens the tool while everything breaks: the LMS signs with the key it has at this moment."""

from urllib.parse import parse_qs, urlsplit

import requests
from flask import Flask

TARGET = "http://localhost:8000/lti/launch"  # the address of `tests.databases.settings`


def launch(app: Flask, issuer: str, number: int) -> bool:
    """Whether somebody who comes from this LMS now is let in."""
    client = app.test_client(use_cookies=False)
    knock = {"iss": issuer, "client_id": "client-1", "target_link_uri": TARGET, "lti_deployment_id": "1"}
    answer = client.get("/lti/login", query_string=knock | {"login_hint": str(number)})
    if answer.status_code != 302:
        return False  # the database is away
    query = parse_qs(urlsplit(answer.location).query)
    claims = {"nonce": query["nonce"][0], "user": f"visitor-{number}", "target": TARGET, "issuer": issuer}
    token = requests.get(f"{issuer.rpartition('/')[0]}/sign", params=claims, timeout=60).text
    form = {"state": query["state"][0], "id_token": token}
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    return client.post("/lti/launch", data=form, headers={"Cookie": cookie}).status_code == 303
