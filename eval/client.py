"""The service's HTTP API, as far as the measurement needs it."""

import http.client
import json
import time
import uuid
from urllib.parse import urlsplit

from .stream import Answer, frames

# Generating and loading take long on an unoptimised build, and a model on a slow machine takes minutes.
TIMEOUT_S = 1_800


class ApiError(Exception):
    """The service refused; has its words."""


class Client:
    """One signed-in user. Every request has a connection of its own: a stream that was cut spoils no other."""

    def __init__(self, url):
        self._address = urlsplit(url).netloc
        self._token = None
        self._token = self._json("POST", "/api/auth/local")["access_token"]

    def upload(self, name, content):
        """Uploads one CSV file; its id."""
        boundary = uuid.uuid4().hex
        quoted = name.replace('"', "%22")
        body = (
            (
                f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
                "Content-Type: text/csv\r\n\r\n"
            ).encode()
            + content
            + f"\r\n--{boundary}--\r\n".encode()
        )
        response = self._send("POST", "/api/csv/upload", body, f"multipart/form-data; boundary={boundary}")
        return json.loads(response.read())["id"]

    def generate(self, csv_ids, engine):
        return self._json("POST", "/api/schema/generate", {"csv_ids": csv_ids, "engine": engine})

    def approve(self, schema_id):
        return self._json("POST", f"/api/schema/{schema_id}/approve", {"accept_losses": True})

    def schema(self, schema_id):
        return self._json("GET", f"/api/schema/{schema_id}")

    def database(self, schema_id):
        """The SQLite file made from a schema, as bytes."""
        return self._send("GET", f"/api/schema/{schema_id}/export").read()

    def query(self, schema_id, sql, limit=1_000, offset=0):
        return self._json("POST", "/api/query", {"schema_id": schema_id, "sql": sql, "limit": limit, "offset": offset})

    def all_rows(self, schema_id, sql, enough):
        """Rows of a statement beyond the bound of one request; stops once there are more than `enough`."""
        rows = []
        while True:
            part = self.query(schema_id, sql, offset=len(rows))
            rows.extend(part["rows"])
            if not part["truncated"] or not part["rows"] or len(rows) > enough:
                return rows

    def ask(self, schema_id, question, engine, conversation_id=None):
        """Asks one question; the Answer with its time."""
        body = {"schema_id": schema_id, "engine": engine, "messages": [{"role": "user", "content": question}]}
        if conversation_id:
            body["conversation_id"] = conversation_id
        began = time.monotonic()
        try:
            response = self._send("POST", "/api/chat", json.dumps(body).encode())
            answer = Answer.of(frames(response))
            answer.conversation_id = response.getheader("x-conversation-id")
        except (ApiError, OSError, http.client.HTTPException) as error:
            answer = Answer(error=str(error))
        answer.seconds = time.monotonic() - began
        return answer

    def _json(self, method, path, body=None):
        return json.loads(self._send(method, path, None if body is None else json.dumps(body).encode()).read())

    def _send(self, method, path, body=None, content_type="application/json"):
        connection = http.client.HTTPConnection(self._address, timeout=TIMEOUT_S)
        headers = {"Connection": "close"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if body is not None:
            headers["Content-Type"] = content_type
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        if response.status >= 400:
            raise ApiError(f"{method} {path}: {response.status} {response.read().decode('utf-8', 'replace')[:500]}")
        return response
