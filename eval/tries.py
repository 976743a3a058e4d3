"""Asks a model several times what `make eval MODEL=…` asked it once, to fit how far what its tries find may be trusted.

    python3 -m eval.tries [--replies target/eval-replies] [--ollama http://127.0.0.1:11434] >TRIES.jsonl

Takes the first prompt of each question from the kept replies, and asks it again with other seeds, as the service does
where one try is not enough. A line has the question's `set`, `db` and `question`, and `tries`: the replies, the first
one first. What was asked before is kept and not asked again.
"""

import argparse
import json
import struct
import sys
import urllib.request
from pathlib import Path

from .model_cache import ModelCache

# As in crates/agent/src/turn/tries.rs and ask.rs.
FREEDOM = struct.unpack("f", struct.pack("f", 0.8))[0]  # the service has it in 32 bits
MORE_TRIES = 4
MAX_TRY_TOKENS = 400
TIMEOUT_S = 1_800


def first_prompts(folder):
    """(label, request) of each question's first prompt; those of one database together, for the server's cache."""
    found = {}
    for file in sorted(Path(folder).glob("*.json")):
        facts = json.loads(file.read_text())
        label, request = facts.get("label"), facts.get("request")
        if not label or not request or "messages" not in request:
            continue
        said = [message["role"] for message in request["messages"]]
        if said == ["system", "user"] and not request.get("options", {}).get("temperature"):
            found[label["set"], label["db"], label["question"]] = (label, request)
    return [found[key] for key in sorted(found)]


def reply_to(url, request):
    """The bytes are those that the service sends, so that what either has asked is kept for both."""
    body = json.dumps(request, separators=(",", ":"), ensure_ascii=False).encode()
    asked = urllib.request.Request(f"{url}/api/chat", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=TIMEOUT_S) as response:
        pieces = [json.loads(line) for line in response.read().splitlines() if line.strip()]
    return "".join(piece.get("message", {}).get("content", "") for piece in pieces)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replies", default="target/eval-replies")
    parser.add_argument("--ollama", default="http://127.0.0.1:11434")
    options = parser.parse_args()
    prompts = first_prompts(options.replies)
    with ModelCache(options.ollama, options.replies) as cache:
        for number, (label, request) in enumerate(prompts, 1):
            cache.begin_question(label)
            print(f"{number} of {len(prompts)}: {label['set']}/{label['db']}", file=sys.stderr, flush=True)
            seeded = [
                {**request, "options": {**request.get("options", {}), "temperature": FREEDOM, "seed": seed, "num_predict": MAX_TRY_TOKENS}}
                for seed in range(1, MORE_TRIES + 1)
            ]
            tries = [reply_to(cache.url, one) for one in [request, *seeded]]
            print(json.dumps({**label, "tries": tries}), flush=True)


if __name__ == "__main__":
    main()
