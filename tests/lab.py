"""A real JupyterLab server on a folder of notebooks, for the tests that work in it as a person does."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 90  # seconds for the server to answer


@dataclass(frozen=True)
class Lab:
    """A running server."""

    address: str
    token: str
    folder: Path
    log: Path

    def page(self, notebook: str) -> str:
        """The address of a notebook in JupyterLab, in a workspace of its own."""
        return f"{self.address}/lab/workspaces/{secrets.token_hex(4)}/tree/{notebook}?token={self.token}&reset"

    def ask(self, path: str, method: str = "GET", content: dict | None = None) -> object:
        """What the server's REST interface answers."""
        request = urllib.request.Request(
            f"{self.address}/{path}",
            method=method,
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
            data=None if content is None else json.dumps(content).encode(),
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            said = answer.read()
        return json.loads(said) if said else None

    def set_theme(self, theme: str) -> None:
        """Choose the theme for pages that are opened from now on."""
        raw = json.dumps({"theme": theme})
        self.ask("lab/api/settings/@jupyterlab/apputils-extension:themes", "PUT", {"raw": raw})

    def kill_kernels(self) -> int:
        """Kill every kernel, as a crash does; return how many there were."""
        kernels = self.ask("api/kernels")
        for kernel in kernels:
            self.ask(f"api/kernels/{kernel['id']}", "DELETE")
        return len(kernels)


@contextmanager
def running_lab(folder: Path, settings: Path) -> Iterator[Lab]:
    """Run a server on a folder; its settings, and all that it writes beside the notebooks, lie in `settings`."""
    _write(settings / "config/labconfig/page_config.json", {"disabledExtensions": {ANNOUNCEMENTS: True}})
    port, token = _free_port(), secrets.token_hex(16)
    folders = {"CONFIG_DIR": "config", "DATA_DIR": "data", "RUNTIME_DIR": "runtime"}
    environment = {
        **os.environ,
        **{f"JUPYTER_{name}": str(settings / place) for name, place in folders.items()},
        "JUPYTERLAB_SETTINGS_DIR": str(settings / "user"),
        "JUPYTERLAB_WORKSPACES_DIR": str(settings / "workspaces"),
        "IPYTHONDIR": str(settings / "ipython"),
        "XDG_CONFIG_HOME": str(settings / "user-config"),  # where the name of who decides is remembered
        "UNSPUN_DECISIONS": "",
        "JUPYTER_TOKEN": token,
    }
    log = settings / "server.log"
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", f"--port={port}", "--ServerApp.port_retries=0"]
    command += [f"--ServerApp.root_dir={folder}", "--ServerApp.ip=127.0.0.1", *(["--allow-root"] * _is_root())]
    with open(log, "wb") as out:
        server = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT, cwd=folder)
    lab = Lab(f"http://127.0.0.1:{port}", token, folder, log)
    try:
        _wait_for(lab, server)
        yield lab
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(20)


ANNOUNCEMENTS = "@jupyterlab/apputils-extension:announcements"  # asks whether to fetch news


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _write(path: Path, content: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait_for(lab: Lab, server: subprocess.Popen) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            lab.ask("api/status")
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start:\n{lab.log.read_text(errors='replace')[-3000:]}")
