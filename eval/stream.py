"""The chat stream: server-sent events of the AI SDK's UI message stream, gathered into one Answer."""

import json
from dataclasses import dataclass, field
from typing import Optional


@dataclass
class Answer:
    """What one turn gave."""

    text: str = ""
    receipt: Optional[dict] = None
    guess: Optional[str] = None  # the last statement that ran and was seen; what was told is the receipt's
    choices: list[dict] = field(default_factory=list)  # {label, message} of a question back; no suggestions
    error: Optional[str] = None
    finished: bool = False
    conversation_id: Optional[str] = None
    seconds: float = 0.0

    @classmethod
    def of(cls, events):
        answer = cls()
        statements = {}
        for event in events:
            kind = event.get("type")
            if kind == "text-delta":
                answer.text += event["delta"]
            elif kind == "data-receipt":
                answer.receipt = event["data"]
            elif kind == "data-clarify":
                if event["data"]["kind"] == "readings":
                    answer.choices = event["data"]["choices"]
            elif kind == "tool-input-available":
                statements[event["toolCallId"]] = event["input"].get("query")
            elif kind == "tool-output-available":
                answer.guess = statements.get(event["toolCallId"]) or answer.guess
            elif kind == "error":
                answer.error = event["errorText"]
            elif kind in ("finish", "abort"):
                answer.finished = True
        if not answer.finished and answer.error is None:
            answer.error = "the stream was cut off"
        return answer


def frames(lines):
    """The JSON of each `data:` line; comments, blank lines and the last `[DONE]` are left out."""
    for line in lines:
        line = line.strip()
        if line.startswith(b"data:"):
            data = line[len(b"data:") :].strip()
            if data != b"[DONE]":
                yield json.loads(data)
