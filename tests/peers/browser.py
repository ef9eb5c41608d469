"""A browser without JavaScript that launches: it follows redirects, keeps cookies and sends the platform's form."""

from http.cookiejar import Cookie
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup
from requests.cookies import RequestsCookieJar

SECONDS = 20  # for one answer


class LocalCookies(RequestsCookieJar):
    """Cookies as a browser keeps them for http://localhost, where a Secure cookie is sent back.

    A policy on the session's jar would not do: requests copies the cookies into a fresh jar for each request.
    """

    def set_cookie(self, cookie: Cookie, *args: Any, **kwargs: Any) -> Any:
        """Keep the cookie for http, too."""
        cookie.secure = False
        return super().set_cookie(cookie, *args, **kwargs)


class Browser:
    """One person's browser; close it, or use it in a `with`."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self._session.cookies = LocalCookies()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._session.close()

    def get(self, url: str) -> requests.Response:
        """Open a page, following redirects."""
        return self._session.get(url, timeout=SECONDS)

    def launch(self, start_url: str) -> requests.Response:
        """Open the platform's link to the tool; the tool's page, whatever it says."""
        handed_over = self.get(start_url)
        assert handed_over.status_code == 200, handed_over.text[:2000]
        form = BeautifulSoup(handed_over.text, "html.parser").select_one("form:has(input[name=id_token])")
        assert form is not None, handed_over.text[:2000]
        fields = {str(one["name"]): str(one["value"]) for one in form.select("input[name]")}
        return self._session.post(urljoin(handed_over.url, str(form["action"])), data=fields, timeout=SECONDS)
