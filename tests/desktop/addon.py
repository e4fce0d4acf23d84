"""An add-on of the test: runs Python in Anki's main thread, for `desktop.anki`. It lies in the scratch profile alone.

A POST to / has the source of an expression or of statements that set `result`; a POST to /js has JSON with `web` (an
expression that gives a web view) and `script` (an expression in JavaScript). Each answers JSON: `result` or `error`.
The source may ask for `mw`, `aqt` and `working`, which is true while Anki works in the background.
"""

import json
import os
import threading
import traceback
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import aqt
from aqt import gui_hooks, mw

_SECONDS = 30
_Answer = Callable[[dict[str, Any]], None]
_working = threading.Event()


def _on_main(do: Callable[[_Answer], None]) -> dict[str, Any]:
    """Call `do(answer)` in the main thread, and wait for it to answer."""
    done = threading.Event()
    answers: list[dict[str, Any]] = []

    def answer(value: dict[str, Any]) -> None:
        answers.append(value)
        done.set()

    def run() -> None:
        try:
            do(answer)
        except Exception:
            answer({"error": traceback.format_exc()})

    mw.taskman.run_on_main(run)
    if not done.wait(_SECONDS):
        return {"error": "Anki does not answer"}
    return answers[0]


def _python(source: str, answer: _Answer) -> None:
    names: dict[str, Any] = {"mw": mw, "aqt": aqt, "working": _working.is_set(), "result": None}
    try:
        code = compile(source, "test", "eval")
    except SyntaxError:
        exec(compile(source, "test", "exec"), names)
        answer({"result": names["result"]})
        return
    answer({"result": eval(code, names)})


def _javascript(request: dict[str, str], answer: _Answer) -> None:
    web = eval(request["web"], {"mw": mw, "aqt": aqt})
    script = (
        f"(() => {{ try {{ return {{result: {request['script']}}} }} catch (e) {{ return {{error: String(e)}} }} }})()"
    )
    web.page().runJavaScript(script, lambda value: answer({"error": "no page"} if value is None else value))


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/js":
            value = _on_main(lambda answer: _javascript(json.loads(body), answer))
        else:
            value = _on_main(lambda answer: _python(body, answer))
        data = json.dumps(value, default=str).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


def _serve() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["OFFBOOK_TEST_PORT"])), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()


gui_hooks.backend_will_block.append(_working.set)
gui_hooks.backend_did_block.append(_working.clear)
gui_hooks.main_window_did_init.append(_serve)
