"""Providers of OpenID Connect for tests: one that others wrote, and one that lies when told to."""

import base64
import hashlib
import hmac
import json
import re
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any, Final
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT: Final = "tier wise"
SECRET: Final = "s:cr/t +"  # noqa: S105 - of nobody

#: Of providers here, made once: it takes a while.
KEY: Final = RSAKey.generate_key(2_048, {"kid": "one"})

_RUNNING: Final = re.compile(r"running on (http://\S+)")

Json = dict[str, Any]


@contextmanager
def provider_of_others() -> Iterator[str]:
    """The issuer of a running `oidc-provider-mock`, in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", "0"]
    with subprocess.Popen([*command, "--require-nonce"], stderr=subprocess.PIPE, text=True) as it:
        try:
            assert it.stderr is not None
            said = next(found for line in it.stderr if (found := _RUNNING.search(line)))
            threading.Thread(target=it.stderr.read, daemon=True).start()
            yield said[1].rstrip("/")
        finally:
            it.terminate()


def consent(address: str, subject: str) -> str:
    """Sign in on the page of `oidc-provider-mock`; where it sends the browser."""
    sent = httpx.post(address, data={"sub": subject}, trust_env=False)
    assert sent.status_code == 302, sent.text
    return sent.headers["location"]


class Liar:
    """A provider that keeps to the specification, except where a test has it lie."""

    def __init__(self, url: str, at: Callable[[], int]) -> None:
        self.issuer = url
        self.at = at
        self.key: RSAKey | ECKey = KEY
        self.algorithm = "RS256"
        self.listed: list[Any] | None = None
        """Instead of the public part of the key."""
        self.person: Json = {"sub": "s-1", "email": "ana@example.org", "email_verified": True}
        self.userinfo: Json = {}
        self.claims: Json = {}
        """Over those that are right; None: not there."""
        self.header: Json = {}
        self.forge: Callable[[Json, Json], str] | None = None
        """Makes the token of header and claims."""
        self.discovery: Json = {}
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        """Instead of what is right at an address."""
        self.asked: Counter[str] = Counter()
        self._codes: dict[str, dict[str, str]] = {}

    def consent(self, address: str) -> str:
        """Sign in; where the browser is sent."""
        sent = httpx.get(address, trust_env=False)
        assert sent.status_code == 302, sent.text
        return sent.headers["location"]

    def document(self) -> Json:
        """What it says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?tenant=1",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
        } | self.discovery

    def authorize(self, asked: dict[str, str]) -> str:
        """Where it sends a browser, with a new code."""
        assert asked["tenant"] == "1"
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert asked["code_challenge_method"] == "S256"
        code = token_urlsafe(8)
        self._codes[code] = asked
        back = {"code": code, "state": asked["state"]}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def redeem(self, form: dict[str, str], authorization: str | None) -> tuple[int, Json]:
        """What it gives for a code: once, and to whom it was given."""
        if _client(form, authorization) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        asked = self._codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if (
            asked is None
            or _base64(digest) != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        access = token_urlsafe(8)
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": self.at(),
            "exp": self.at() + 300,
            "nonce": asked["nonce"],
            "at_hash": _base64(hashlib.sha256(access.encode()).digest()[:16]),
            **self.person,
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid, **self.header}
        forge = self.forge or self.sign
        return 200, {
            "access_token": access,
            "token_type": "Bearer",
            "id_token": forge(header, claims),
        }

    def sign(self, header: Json, claims: Json) -> str:
        """A token, as it has to be."""
        header = {name: value for name, value in header.items() if value is not None}
        return jwt.encode(header, claims, self.key, algorithms=[header["alg"]])

    def keys(self) -> Json:
        """Its public keys."""
        listed = [dict(self.key.as_dict(private=False))] if self.listed is None else self.listed
        return {"keys": listed}


def unsigned(header: Json, claims: Json) -> str:
    """A token that nobody signed."""
    return f"{_part(header | {'alg': 'none'})}.{_part(claims)}."


def signed_with_what_is_public(key: RSAKey) -> Callable[[Json, Json], str]:
    """Tokens signed with HMAC, and the public key for a secret."""

    def forge(header: Json, claims: Json) -> str:
        said = f"{_part(header | {'alg': 'HS256'})}.{_part(claims)}"
        made = hmac.digest(key.as_pem(private=False), said.encode(), "sha256")
        return f"{said}.{_base64(made)}"

    return forge


class _Handler(BaseHTTPRequestHandler):
    """Speaks for a liar."""

    server: "_Server"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer."""
        self._answer(None)

    def do_POST(self) -> None:
        """Answer."""
        length = int(self.headers["content-length"])
        self._answer(_flat(self.rfile.read(length).decode()))

    def _answer(self, form: dict[str, str] | None) -> None:
        it, parts = self.server.it, urlsplit(self.path)
        it.asked[parts.path] += 1
        if parts.path in it.answers:
            self._send(*it.answers[parts.path])
        elif parts.path == "/authorize":
            self._send(302, {"location": it.authorize(_flat(parts.query))}, b"")
        elif form is not None:
            status, said = it.redeem(form, self.headers["authorization"])
            self._send(status, {}, json.dumps(said).encode())
        else:
            pages: dict[str, Callable[[], Json]] = {
                "/.well-known/openid-configuration": it.document,
                "/keys": it.keys,
                "/userinfo": lambda: it.userinfo,
            }
            self._send(200, {}, json.dumps(pages[parts.path]()).encode())

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    """Where a liar is found."""

    it: Liar


@contextmanager
def liar(at: Callable[[], int]) -> Iterator[Liar]:
    """A provider that runs, on a port of its own; `at` is its clock."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.it = Liar(f"http://127.0.0.1:{server.server_port}", at)
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield server.it
        finally:
            server.shutdown()
            serving.join()


@contextmanager
def silent() -> Iterator[str]:
    """The issuer of a provider that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def _client(form: dict[str, str], authorization: str | None) -> tuple[str, str]:
    """Who redeems a code: the name and the secret."""
    if authorization is None:
        return form.get("client_id", ""), form.get("client_secret", "")
    said = base64.b64decode(authorization.removeprefix("Basic ")).decode()
    name, _, secret = said.partition(":")
    return unquote(name.replace("+", " ")), unquote(secret.replace("+", " "))


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


def _part(said: Json) -> str:
    return _base64(json.dumps(said).encode())


def _base64(said: bytes) -> str:
    return base64.urlsafe_b64encode(said).rstrip(b"=").decode()


def person_at(issuer: str, subject: str, **claims: object) -> None:
    """Tell `oidc-provider-mock` of somebody."""
    put = httpx.put(f"{issuer}/users/{quote(subject)}", json=claims, trust_env=False)
    assert put.status_code == 204, put.text
