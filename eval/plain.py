"""The same model asked plainly: tables and question in, one statement out, no help and no second try.

What the service adds to a model is the difference between this and its own figures. The statement runs on the database
that the service made of the CSV files, in the service's sandbox.
"""

import http.client
import json
import re
import time
import urllib.error
import urllib.request

from .ask import with_all_rows
from .client import ApiError
from .stream import Answer

PROMPT = """You write SQLite queries. The database:

{ddl}

Today is {today}. Write one SQLite query that answers the question. Reply with the query alone.

Question: {question}"""
TIMEOUT_S = 1_800


class PlainAsker:
    """Asks the model, runs what it writes."""

    def __init__(self, client, loaded, model, today, replies):
        self._client = client
        self._loaded = loaded
        self._model = model
        self._today = today
        self._replies = replies

    def ask(self, text, enough, conversation_id=None):
        """A follow-up is asked like any other question: a plain prompt has no conversation."""
        ddl = "\n".join(
            one for one in self._loaded.create_statements if one.lstrip().upper().startswith("CREATE TABLE")
        )
        began, before = time.monotonic(), self._replies.spared_seconds
        try:
            answer = self._run(statement_of(self._complete(PROMPT.format(ddl=ddl, today=self._today, question=text))))
        except (ApiError, OSError, ValueError, KeyError, urllib.error.URLError, http.client.HTTPException) as error:
            answer = Answer(error=str(error))
        answer.seconds = time.monotonic() - began + self._replies.spared_seconds - before
        return with_all_rows(self._client, self._loaded.schema_id, answer, enough)

    def _complete(self, prompt):
        body = {
            "model": self._model,
            "stream": False,
            "options": {"temperature": 0, "num_predict": 400, "num_ctx": 8192},
            "messages": [{"role": "user", "content": prompt}],
        }
        request = urllib.request.Request(
            f"{self._replies.url}/api/chat", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
            return json.loads(response.read())["message"]["content"]

    def _run(self, sql):
        if not sql:
            return Answer(error="the model wrote no statement")
        result = self._client.query(self._loaded.schema_id, sql)
        return Answer(finished=True, receipt={**result, "sql": sql, "engine": self._model})


def statement_of(reply):
    """The first statement of a reply, out of its fence where it has one."""
    fenced = re.search(r"```(?:\w+)?\s*\n?(.*?)(?:```|$)", reply, re.S)
    text = fenced.group(1) if fenced else reply
    start = re.search(r"\b(with|select)\b", text, re.I)
    if not start:
        return ""
    text = text[start.start() :]
    # A semicolon within quotes ends nothing.
    end = re.match(r"(?:'(?:[^']|'')*'|\"[^\"]*\"|[^;'\"])*", text)
    return text[: end.end()].strip() if end else text.strip()
