"""The proxy that keeps a model's replies, against a server that counts what it is asked."""

import json
import tempfile
import threading
import unittest
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from eval.model_cache import ModelCache
from eval.plain import statement_of
from eval.tries import first_prompts, reply_to


class FakeModel(BaseHTTPRequestHandler):
    asked = []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.asked.append(body)
        lines = [{"message": {"content": "SELECT "}, "done": False}, {"message": {"content": "1"}, "done": True}]
        if body["messages"] == "break":
            lines = [lines[0]]
        if body["messages"] == "fail":
            lines = [lines[0], {"error": "out of memory"}]
        content = "".join(json.dumps(line) + "\n" for line in lines).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        """Quiet."""


class Proxy(unittest.TestCase):
    def setUp(self):
        FakeModel.asked = []
        self.model = ThreadingHTTPServer(("127.0.0.1", 0), FakeModel)
        threading.Thread(target=self.model.serve_forever, daemon=True).start()
        self.addCleanup(self.stop_model)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.cache = ModelCache(f"http://127.0.0.1:{self.model.server_port}", folder.name)
        self.cache.__enter__()
        self.addCleanup(self.cache.__exit__)

    def stop_model(self):
        self.model.shutdown()
        self.model.server_close()

    def ask(self, messages, **options):
        # Written as the service writes it.
        body = json.dumps({"model": "m", "messages": messages, "options": options}, separators=(",", ":")).encode()
        with urllib.request.urlopen(f"{self.cache.url}/api/chat", body) as response:
            return response.read()

    def test_the_same_prompt_is_asked_once(self):
        first = self.ask("a")
        self.assertEqual(self.ask("a"), first)
        self.ask("b")
        self.assertEqual(len(FakeModel.asked), 2)
        self.assertEqual((self.cache.counts.hits, self.cache.counts.misses), (1, 2))

    def test_samples_of_one_question_are_kept_by_their_number(self):
        for _ in range(2):
            self.cache.begin_question()
            self.ask("a", temperature=0.8)
            self.ask("a", temperature=0.8)
        self.assertEqual(len(FakeModel.asked), 2)
        self.ask("a", temperature=0.8, seed=7)
        self.ask("a", temperature=0.8, seed=7)
        self.assertEqual(len(FakeModel.asked), 3)

    def test_the_first_prompt_of_each_question_is_found_again(self):
        prompt = [{"role": "system", "content": "tables"}, {"role": "user", "content": "how many?"}]
        label = {"set": "s", "db": "d", "question": "how many?"}
        self.cache.begin_question(label)
        self.ask(prompt, temperature=0)
        self.ask([*prompt, {"role": "assistant", "content": "SELECT x"}, {"role": "user", "content": "no"}])
        self.ask(prompt, temperature=0.8, seed=1)
        found = first_prompts(self.cache.folder)
        self.assertEqual([(one, request["messages"]) for one, request in found], [(label, prompt)])
        self.assertEqual(reply_to(self.cache.url, found[0][1]), "SELECT 1")
        self.assertEqual(len(FakeModel.asked), 3)

    def test_what_broke_off_is_asked_again(self):
        for messages in ("break", "fail"):
            self.ask(messages)
            self.ask(messages)
        self.assertEqual(len(FakeModel.asked), 4)

    def test_known_prompts_need_no_server(self):
        first = self.ask("a")
        with urllib.request.urlopen(f"{self.cache.url}/api/tags") as response:
            response.read()
        self.model.shutdown()
        self.model.server_close()
        self.assertEqual(self.ask("a"), first)
        with urllib.request.urlopen(f"{self.cache.url}/api/tags") as response:
            self.assertEqual(response.read(), b"{}")
        with self.assertRaises(urllib.error.HTTPError):
            self.ask("new")


class Statements(unittest.TestCase):
    def test_the_statement_is_found_in_a_reply(self):
        self.assertEqual(statement_of("Sure:\n```sql\nSELECT a;\nSELECT b;\n```"), "SELECT a")
        self.assertEqual(statement_of("SELECT ';' FROM t; done"), "SELECT ';' FROM t")
        self.assertEqual(
            statement_of("```\nWITH x AS (SELECT 1) SELECT * FROM x"), "WITH x AS (SELECT 1) SELECT * FROM x"
        )
        self.assertEqual(statement_of("I cannot say."), "")


if __name__ == "__main__":
    unittest.main()
