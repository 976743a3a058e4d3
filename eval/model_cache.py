"""A proxy in front of Ollama that keeps each reply on disk, so that a repeated run does not ask the model again.

    python3 -m eval.model_cache [--upstream http://127.0.0.1:11434] [--folder target/eval-replies] [--port 11435]

A reply is found by a hash of the request's path and body: the same prompt, options and model give the same reply, and
a changed prompt asks anew. Where one question asks for several samples by the same request, each is kept by its
number; the proxy alone cannot know where a question begins, so that samples need different seeds then. A reply that
broke off is not kept, nor is a refusal. What is not a prompt (versions, installed models) is passed on, and its last
reply given where the server cannot be reached: a run whose prompts are all known needs no server.
"""

import argparse
import collections
import hashlib
import http.client
import json
import os
import sys
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

PROMPTS = ("/api/chat", "/api/generate", "/v1/chat/completions", "/v1/completions")
TIMEOUT_S = 1_800


@dataclass
class Counts:
    hits: int = 0
    misses: int = 0
    spared_seconds: float = 0.0  # how long the replies that were hit took when they were made


class NoModel:
    """In the place of the proxy where no model is asked."""

    spared_seconds = 0.0

    def begin_question(self, label=None):
        """Nothing to number."""


class ModelCache:
    """The running proxy; a context manager."""

    def __init__(self, upstream, folder, port=0):
        self.upstream = urlsplit(upstream)
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.counts = Counts()
        self._samples = None
        self._label = None
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
        self._server.cache = self
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    @property
    def spared_seconds(self):
        return self.counts.spared_seconds

    def begin_question(self, label=None):
        """Samples are numbered from here on, and what is asked is noted as asked for `label`."""
        with self._lock:
            self._samples = collections.Counter()
            self._label = label

    def key(self, method, path, body):
        key = hashlib.sha256(b"\0".join([method.encode(), path.encode(), body])).hexdigest()
        if self._samples is None or not _is_sampled(body):
            return key
        with self._lock:
            self._samples[key] += 1
            return f"{key}-{self._samples[key]}"

    def count(self, hit, seconds=0.0):
        with self._lock:
            self.counts.hits += hit
            self.counts.misses += not hit
            self.counts.spared_seconds += seconds

    def find(self, key):
        """A kept reply as (its facts, its body), None without one."""
        facts, body = self._files(key)
        return (json.loads(facts.read_text()), body.read_bytes()) if facts.exists() else None

    def keep(self, key, facts, body, request=None):
        """The facts are written last: a reply without them is not there. `request` is the prompt that was asked."""
        facts_file, body_file = self._files(key)
        if request is not None:
            facts = {**facts, "label": self._label, "request": json.loads(request)}
        for file, content in ((body_file, body), (facts_file, json.dumps(facts).encode())):
            unfinished = file.with_name(f"{file.name}.{threading.get_ident()}")
            unfinished.write_bytes(content)
            os.replace(unfinished, file)

    def _files(self, key):
        return self.folder / f"{key}.json", self.folder / f"{key}.body"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self._answer()

    do_POST = do_DELETE = do_GET

    def log_message(self, *_):
        """Standard error is for the run's own notes."""

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        is_prompt = self.command == "POST" and self.path in PROMPTS
        key = self.server.cache.key(self.command, self.path, body)
        kept = self.server.cache.find(key)
        if is_prompt and kept:
            self.server.cache.count(True, kept[0]["seconds"])
            return self._give(*kept)
        if is_prompt:
            self.server.cache.count(False)
        began = time.monotonic()
        connection = http.client.HTTPConnection(self.server.cache.upstream.netloc, timeout=TIMEOUT_S)
        try:
            headers = {name: self.headers[name] for name in ("Content-Type", "Authorization") if name in self.headers}
            connection.request(self.command, self.path, body, headers)
            response = connection.getresponse()
        except OSError as error:
            if kept:
                return self._give(*kept)
            return self._give(
                {"status": 502, "content_type": "application/json"},
                json.dumps({"error": f"the model's server cannot be reached: {error}"}).encode(),
            )
        try:
            self._pass_on(response, body if is_prompt else None, key, began)
        except OSError:
            # The one who asked has left: closing the connection stops the model.
            self.close_connection = True
        finally:
            connection.close()
        return None

    def _pass_on(self, response, prompt, key, began):
        """Each piece as it comes. The whole is kept before its end is told, so that the next one asking finds it."""
        content_type = response.getheader("content-type", "application/json")
        self.send_response(response.status)
        self.send_header("Content-Type", content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        pieces = []
        try:
            while piece := response.read1(65_536):
                pieces.append(piece)
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                self.wfile.flush()
        except http.client.HTTPException:
            # The server broke off; so does this answer, without its end.
            self.close_connection = True
            return
        whole = b"".join(pieces)
        if response.status == 200 and (prompt is None or _is_complete(whole)):
            facts = {"status": 200, "content_type": content_type, "seconds": time.monotonic() - began}
            self.server.cache.keep(key, facts, whole, prompt)
        self.wfile.write(b"0\r\n\r\n")

    def _give(self, facts, body):
        self.send_response(facts["status"])
        self.send_header("Content-Type", facts["content_type"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _is_sampled(body):
    """Whether the same request may be answered differently the next time."""
    try:
        request = json.loads(body)
    except ValueError:
        return False
    options = request.get("options") or {}
    return bool(options.get("temperature", request.get("temperature"))) and "seed" not in {**options, **request}


def _is_complete(body):
    """Whether a reply reached its end: one JSON document, or lines of which the last one says so."""
    lines = body.split(b"\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), b"")
    if last == b"data: [DONE]":
        return True
    for text in (last, body):
        try:
            reply = json.loads(text)
        except ValueError:
            continue
        return isinstance(reply, dict) and "error" not in reply and (bool(reply.get("done")) or "choices" in reply)
    return False


def main():
    parser = argparse.ArgumentParser(
        prog="python3 -m eval.model_cache", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--upstream", default="http://127.0.0.1:11434")
    parser.add_argument("--folder", default="target/eval-replies")
    parser.add_argument("--port", type=int, default=11435)
    arguments = parser.parse_args()
    with ModelCache(arguments.upstream, arguments.folder, arguments.port) as cache:
        print(f"{cache.url} -> {arguments.upstream}, replies in {cache.folder}", flush=True)
        try:
            while True:
                time.sleep(3_600)
        except KeyboardInterrupt:
            print(cache.counts, file=sys.stderr)


if __name__ == "__main__":
    main()
