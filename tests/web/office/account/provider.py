"""A small OpenID Connect provider on loopback: discovery, authorize, token (RS256, PKCE), userinfo, keys.

It answers as told by `says` and `faults`, so that every lie a provider may tell can be told.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "chuangwei", "client-secret-1"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """What it knows and what it was asked."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.says: dict[str, Any] = {"sub": "u-1001", "name": "李主任"}
        self.faults: set[str] = set()
        self.asked: list[dict[str, str]] = []
        self._codes: dict[str, dict[str, str]] = {}

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        self.asked.append(query)
        if "denied" in self.faults:
            return f"{query['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': query['state']})}"
        code = secrets.token_urlsafe(12)
        self._codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> tuple[int, Any]:
        asked = self._codes.pop(form.get("code", ""), None)
        if asked is None or (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked.get("code_challenge"):
            return 400, {"error": "invalid_grant", "error_description": "PKCE"}
        answer = {"access_token": secrets.token_urlsafe(12), "token_type": "Bearer", "expires_in": 300}
        if "no-token" not in self.faults:
            answer["id_token"] = self._id_token(asked)
        return 200, answer

    def _id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.origin,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked.get("nonce"),
            **self.says,
        }
        wrong = {
            "issuer": {"iss": "https://elsewhere.example"}, "audience": {"aud": "another"}, "nonce": {"nonce": "another"},
            "old": {"iat": now - 900, "exp": now - 600},
        }  # fmt: skip
        for fault in self.faults & set(wrong):
            claims |= wrong[fault]
        if "no-sub" in self.faults:
            del claims["sub"]
        if "unsigned" in self.faults:
            return jwt.encode(claims, "", algorithm="none", headers={"kid": "k1"})
        if "hmac" in self.faults:
            return jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"kid": "k1"})
        key = OTHER_KEY if "other-key" in self.faults else KEY
        return jwt.encode(
            claims, key, algorithm="RS256", headers={"kid": "k9" if "unknown-key" in self.faults else "k1"}
        )

    def userinfo(self) -> tuple[int, Any]:
        if "other-person" in self.faults:
            return 200, {"sub": "u-9999", "name": "别人"}
        return (200, ["nonsense"]) if "nonsense" in self.faults else (200, self.says)

    def discovery(self) -> tuple[int, Any]:
        if "down" in self.faults:
            return 503, {}
        return 200, {
            "issuer": self.origin, "authorization_endpoint": f"{self.origin}/authorize",
            "token_endpoint": f"{self.origin}/token", "userinfo_endpoint": f"{self.origin}/userinfo",
            "jwks_uri": f"{self.origin}/keys", "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }  # fmt: skip

    def keys(self) -> tuple[int, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return 200, {"keys": [public | {"kid": "k1", "alg": "RS256", "use": "sig"}]}


def _handler(known: list[Provider]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider = known[0]
            if parts.path == "/authorize":
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(query))
                self.end_headers()
                return
            answers = {
                "/.well-known/openid-configuration": provider.discovery, "/userinfo": provider.userinfo,
                "/keys": provider.keys,
            }  # fmt: skip
            self._send(*answers[parts.path]())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send(*known[0].token({name: values[0] for name, values in parse_qs(body).items()}))

        def _send(self, status: int, answer: Any) -> None:
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: Any) -> None:
            pass

    return Handler


@contextmanager
def served() -> Iterator[Provider]:
    known: list[Provider] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(known))
    known.append(Provider(f"http://127.0.0.1:{server.server_address[1]}"))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield known[0]
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)
