"""The service under measurement: started with a data folder of its own on a free port, its clock set to a day."""

import http.client
import os
import socket
import subprocess
import tempfile
import time
from email.utils import parsedate_to_datetime
from pathlib import Path

# Where Debian and others put libfaketime; LIBFAKETIME names another place.
FAKETIME_PLACES = [
    *(f"/usr/lib/{machine}-linux-gnu/faketime/libfaketimeMT.so.1" for machine in ("x86_64", "aarch64")),
    "/usr/lib/faketime/libfaketimeMT.so.1",
    "/usr/lib64/faketime/libfaketimeMT.so.1",
]
START_LIMIT_S = 60
NOWHERE = "http://127.0.0.1:9"  # the port of "discard": no model answers there


class ServiceError(Exception):
    """The service does not start; says why."""


class Service:
    """A running service; a context manager that ends it and removes its data."""

    def __init__(self, binary, today=None, ollama=None, model=None):
        self.binary = Path(binary).resolve()
        self.today = today
        self.notes = []
        self._ollama = ollama
        self._model = model

    def __enter__(self):
        if not self.binary.exists():
            raise ServiceError(f"{self.binary} is not there: build it first, or name another with --binary")
        self._folder = tempfile.TemporaryDirectory(prefix="eval-service-")
        folder = Path(self._folder.name)
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder / "log"
        with open(self.log, "wb") as log:
            # In its own folder, so that no .env of the working folder is read.
            self._process = subprocess.Popen(
                [self.binary, "serve"], cwd=folder, env=self._environment(folder, port), stdout=log, stderr=log
            )
        self._wait(port)
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._folder.cleanup()

    def _environment(self, folder, port):
        environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ},
            "TZ": "UTC",
            "RUST_LOG": "warn",
            "PORT": str(port),
            "DATABASE_URL": f"sqlite://{folder}/metadata.db",
            "UPLOAD_DIR": f"{folder}/uploads",
            "USER_DB_DIR": f"{folder}/databases",
            "KEYS_DIR": f"{folder}/keys",
            "OLLAMA_BASE_URL": self._ollama or NOWHERE,
            # What bounds one person at one page, not what is measured.
            "MAX_UPLOAD_SIZE": str(1 << 30),
            "MAX_CSV_FILES": "10000",
            "ACCESS_TOKEN_EXPIRE_MINUTES": "1440",
            "KEY_OVERLAP_HOURS": "48",
            **{f"RATE_LIMIT_{kind}PER_MINUTE": "0" for kind in ("", "SIGN_IN_", "UPLOAD_", "GENERATE_", "CHAT_")},
        }
        if self._model:
            environment["OLLAMA_MODEL"] = self._model
        if self.today:
            environment.update(self._clock())
        return environment

    def _clock(self):
        """The clock starts at noon of the day and runs on; only the time of day is changed, not the timers."""
        places = [os.environ["LIBFAKETIME"]] if "LIBFAKETIME" in os.environ else FAKETIME_PLACES
        library = next((place for place in places if Path(place).exists()), None)
        if library is None:
            self.notes.append(
                f"libfaketime is not installed: today is the real day, not {self.today}, and questions "
                'that say "last month" are judged wrong (Debian: apt-get install libfaketime)'
            )
            return {}
        return {
            "LD_PRELOAD": library,
            "FAKETIME": f"@{self.today} 12:00:00",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    def _wait(self, port):
        end = time.monotonic() + START_LIMIT_S
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise ServiceError(f"the service ended at once: {self.log.read_text(errors='replace')[-1000:]}")
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/health")
                response = connection.getresponse()
                response.read()
                self._check_day(response.getheader("date"))
                return
            except OSError:
                time.sleep(0.1)
        raise ServiceError(f"the service did not answer within {START_LIMIT_S} s")

    def _check_day(self, date):
        """A service whose clock did not change would give wrong figures without a word."""
        if self.today and not self.notes and date:
            day = parsedate_to_datetime(date).date().isoformat()
            if day != str(self.today):
                self.notes.append(f"the service's clock says {day}, not {self.today}: libfaketime has no effect on it")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
