"""Work done in a forked child: what it imports, prints, leaks or breaks is gone with it."""

import json
import os
import select
import signal
import sys
import time
import traceback


class Child:
    """A forked child that sends lines of JSON, one for each thing it found out. It leads a process group."""

    def __init__(self, work, output=os.devnull):
        """`work(send)` runs in the child; what it prints goes to the file `output`."""
        sys.stdout.flush()
        sys.stderr.flush()
        self.exit_code = None
        self._read, write = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            _run(work, write, output)
        os.close(write)

    def lines(self, seconds):
        """What it sends until it ends. After so many seconds it is killed with what it started."""
        deadline = time.monotonic() + seconds
        received = b""
        while time.monotonic() < deadline:
            ready, _, _ = select.select([self._read], [], [], deadline - time.monotonic())
            chunk = os.read(self._read, 1 << 16) if ready else b""
            if ready and not chunk:
                break
            received += chunk
        else:
            os.killpg(self._pid, signal.SIGKILL)
        os.close(self._read)
        self.exit_code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        # The last line of one that was killed may be half.
        return [json.loads(line) for line in received.split(b"\n")[:-1]]


def _run(work, write, output):
    """Never returns: no clean-up of the parent is to run here."""
    code = 70
    try:
        os.setpgid(0, 0)
        target = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(target, 1)
        os.dup2(target, 2)
        with open(write, "w", encoding="utf-8") as pipe:
            work(lambda line: print(json.dumps(line), file=pipe, flush=True))
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code & 0xFF)
