"""The process that reads: `python -m alsgui.io.child`; a request as JSON on stdin, answers as lines of JSON on stdout.

It ends when stdin closes, so that it never outlives its parent.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

CRASHED = 70


def main() -> int:
    """Serve one request."""
    out, sys.stdout = sys.stdout, sys.stderr
    lock = threading.Lock()

    def say(**values: Any) -> None:
        with lock:
            out.write(json.dumps(values) + "\n")
            out.flush()

    request = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, name="alsgui-parent", daemon=True).start()
    _limit(request["limit"])
    try:
        _serve(request, say)
    except MemoryError:
        say(error="memory")
    return 0


def _serve(request: dict[str, Any], say: Any) -> None:
    from alsgui.core.errors import AlsguiError, DataError
    from alsgui.io.engine import perform
    from alsgui.io.options import as_json, checked, from_json
    from alsgui.io.transfer import write
    from alsgui.io.watch import Watch

    watch = Watch(lambda share, text: say(share=share, text=text))
    try:
        path = Path(request["path"])
        notes: tuple[str, ...] = ()
        if request["options"] is None:
            from alsgui.io.look import settled

            options, notes = settled(path, request["given"], watch)
            options = checked(options)
        else:
            options = from_json(request["options"])
        made, found = perform(path, options, watch)
        found.notes[:0] = notes
        found.options = as_json(options)
        watch.tell(None, request["handing_over"])
        write(Path(request["folder"]), made, found)
    except AlsguiError as error:
        problems = error.problems if isinstance(error, DataError) else ()
        listed = [[one.line, one.reason, one.text, one.remedy] for one in problems]
        say(error=type(error).__name__, message=error.message, hint=error.hint, problems=listed)
        return
    say(done=True)


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(CRASHED)


def _limit(n_bytes: int) -> None:
    """Memory that this process may ask for; where the system has no such limit the parent looks after it."""
    if n_bytes and sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (n_bytes, n_bytes))


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    # Threads of libraries may still hold the file: there is nothing left to tidy.
    os._exit(code)
