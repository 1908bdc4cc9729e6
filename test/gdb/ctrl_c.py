# SPDX-License-Identifier: MIT
"""ctrl_c.py WORDS... -- COMMAND: types Ctrl-C at a terminal in which COMMAND runs, once it has said all
of WORDS; prints what it said, and ends as it did."""

import os
import pty
import sys


def main():
    at = sys.argv.index("--")
    words = [word.encode() for word in sys.argv[1:at]]
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(sys.argv[at + 1], sys.argv[at + 1:])
    said = b""
    is_typed = False
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux: nobody has the terminal any more
            break
        if not part:
            break
        said += part
        if not is_typed and all(word in said for word in words):
            os.write(terminal, b"\x03")
            is_typed = True
    print(said.decode(errors="replace"))
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


sys.exit(main())
