#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""dap.py SCENARIO SETTINGS ADAPTER... - an editor that debugs the demo by the Debug Adapter
Protocol, with ADAPTER (its command line) as the adapter. SETTINGS is the JSON of the request
that begins the session: {"request": "launch" or "attach", "arguments": {...}}.

What goes to the adapter and comes from it is printed, a line each. Ends with 1, and says what
was expected, when something else came or nothing came for $PATIENCE seconds.

Protocol: https://microsoft.github.io/debug-adapter-protocol/specification
"""
import base64
import json
import os
import queue
import subprocess
import sys
import threading

PATIENCE_S = float(os.environ.get("PATIENCE", "30"))
SOURCE = os.path.abspath("test/firmware/demo.c")
WORD_BYTES = 4
ROUNDS = "0x20000024"  # where the demo has this variable


class Unexpected(Exception):
    """What came is not what an editor waits for."""


def check(is_true, sentence, *evidence):
    if not is_true:
        raise Unexpected("%s: %s" % (sentence, json.dumps(evidence)))


def line_of(text):
    """The number of the line of the demo that has this text."""
    with open(SOURCE, encoding="utf-8") as source:
        for number, line in enumerate(source, 1):
            if text in line:
                return number
    raise Unexpected("the demo has no line with " + text)


class Editor:
    """One session: requests go out, answers and events come in, in any order."""

    def __init__(self, adapter):
        self.adapter = subprocess.Popen(
            adapter, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.incoming = queue.Queue()
        self.events = []  # that nobody has waited for yet
        self.answers = {}
        self.sequence = 0
        self.capabilities = {}
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while True:
            length = 0
            while True:
                line = self.adapter.stdout.readline().strip()
                if not line:
                    break
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if length == 0:
                self.incoming.put(None)
                return
            self.incoming.put(json.loads(self.adapter.stdout.read(length)))

    def take(self, what):
        """One message more, into its place."""
        try:
            message = self.incoming.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise Unexpected("nothing came, but expected was " + what) from None
        check(message is not None, "the adapter ended, but expected was " + what)
        print("<-", json.dumps(message), flush=True)
        if message["type"] == "response":
            self.answers[message["request_seq"]] = message
        elif message["type"] == "event":
            self.events.append(message)

    def send(self, command, **arguments):
        self.sequence += 1
        body = json.dumps(
            {"seq": self.sequence, "type": "request", "command": command, "arguments": arguments}
        )
        print("->", body, flush=True)
        data = body.encode()
        self.adapter.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self.adapter.stdin.flush()
        return self.sequence

    def answer(self, sequence, what):
        while sequence not in self.answers:
            self.take("the answer to " + what)
        return self.answers.pop(sequence)

    def ask(self, command, **arguments):
        message = self.answer(self.send(command, **arguments), command)
        check(message["success"], command + " succeeds", message)
        return message.get("body", {})

    def ask_in_vain(self, command, **arguments):
        message = self.answer(self.send(command, **arguments), command)
        check(not message["success"], command + " fails", message)
        return json.dumps(message)

    def event(self, name):
        while True:
            for at, message in enumerate(self.events):
                if message["event"] == name:
                    return self.events.pop(at).get("body", {})
            self.take("the event " + name)

    # --- what an editor does ------------------------------------------------------------

    def begin(self, settings, breakpoints):
        """Returns when the program runs or stands."""
        self.capabilities = self.ask(
            "initialize",
            clientID="test",
            adapterID="gdb",
            linesStartAt1=True,
            columnsStartAt1=True,
            pathFormat="path",
            supportsMemoryReferences=True,
        )
        begun = self.send(settings["request"], **settings["arguments"])
        self.event("initialized")
        self.set_breakpoints(breakpoints)
        self.ask("configurationDone")
        answer = self.answer(begun, settings["request"])
        check(answer["success"], settings["request"] + " succeeds", answer)

    def set_breakpoints(self, breakpoints):
        body = self.ask(
            "setBreakpoints", source={"path": SOURCE, "name": "demo.c"}, breakpoints=breakpoints
        )
        # Those that gdb sets before it has loaded the program are pending.
        check(
            all(one["verified"] or one.get("reason") == "pending" for one in body["breakpoints"])
            and len(body["breakpoints"]) == len(breakpoints),
            "each breakpoint is accepted",
            body,
        )

    def stopped(self, reason, function=None):
        body = self.event("stopped")
        check(reason in body["reason"], "it stops because of " + reason, body)
        self.thread = body["threadId"]
        self.frames = self.ask("stackTrace", threadId=self.thread)["stackFrames"]
        if function is not None:
            check(self.frames[0]["name"].startswith(function), "it stands in " + function, self.frames)

    def go_on(self):
        self.ask("continue", threadId=self.thread)

    def variables(self, scope_name):
        scopes = self.ask("scopes", frameId=self.frames[0]["id"])["scopes"]
        found = [scope for scope in scopes if scope["name"] == scope_name]
        check(len(found) == 1, "there is a scope " + scope_name, scopes)
        return {
            one["name"]: one
            for one in self.ask("variables", variablesReference=found[0]["variablesReference"])[
                "variables"
            ]
        }

    def value(self, expression):
        return self.ask("evaluate", expression=expression, frameId=self.frames[0]["id"])["result"]

    def word(self, expression):
        """Of memory, at the address that the expression has."""
        reference = self.value(expression).split()[0]
        body = self.ask("readMemory", memoryReference=reference, count=WORD_BYTES)
        return int.from_bytes(base64.b64decode(body["data"]), "little")

    def rounds_go_on(self):
        """While the program runs, its count of rounds grows."""
        first = self.rounds()
        while self.rounds() == first:
            pass

    def rounds(self):
        body = self.ask("readMemory", memoryReference=ROUNDS, count=WORD_BYTES)
        return int.from_bytes(base64.b64decode(body["data"]), "little")

    def end(self, command="disconnect"):
        self.answer(self.send(command), command)
        self.adapter.stdin.close()
        try:
            self.adapter.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            raise Unexpected("the adapter does not end after " + command) from None


# --- scenarios ----------------------------------------------------------------------------


def begin_at_round_five(editor, settings):
    """A breakpoint with a condition, which is met in the sixth round."""
    editor.begin(
        settings, [{"line": line_of("at->mean = sum_of"), "condition": "round == 5"}]
    )


def look_around(editor, locals_scope):
    variables = editor.variables(locals_scope)
    check("round" in variables, "the frame's variables are shown", list(variables))
    check(variables["round"]["value"] == "5", "with their values", variables["round"])
    names = [frame["name"] for frame in editor.frames]
    check(len(names) == 2 and names[1].startswith("main"), "main called it", names)
    check(editor.word("&rounds") == 5, "memory is read", editor.word("&rounds"))
    reference = editor.frames[0]["instructionPointerReference"]
    found = editor.ask("disassemble", memoryReference=reference, instructionCount=4)
    check(len(found["instructions"]) == 4, "instructions are shown", found)


def step_around(editor):
    before = editor.frames[0]["line"]
    editor.ask("next", threadId=editor.thread)
    editor.stopped("step", "station_update")
    check(editor.frames[0]["line"] == before + 1, "next goes to the next line", editor.frames[0])
    editor.ask("stepIn", threadId=editor.thread)
    editor.stopped("step", "deviation_of")
    editor.ask("stepOut", threadId=editor.thread)
    editor.stopped("step", "station_update")


def cdt_launch(editor, settings):
    """The adapter starts the server itself, loads, and restarts the program."""
    begin_at_round_five(editor, settings)
    editor.stopped("breakpoint", "station_update")
    look_around(editor, "Local")
    step_around(editor)
    editor.ask("cdt-gdb-adapter/customReset")
    editor.go_on()
    editor.stopped("breakpoint", "station_update")
    check(editor.value("round") == "5", "the program began anew", editor.value("round"))
    editor.end("terminate")


def cdt_attach(editor, settings):
    """To a program that is past its breakpoint; a second gdb reads memory while it runs."""
    editor.begin(settings, [])
    editor.rounds_go_on()
    editor.ask("pause", threadId=1)
    editor.stopped("")
    rounds = editor.word("&rounds")
    check(rounds > 5, "it was not reset", rounds)
    editor.set_breakpoints(
        [{"line": line_of("at->mean = sum_of"), "condition": "round > %d" % (rounds + 3)}]
    )
    editor.go_on()
    editor.stopped("breakpoint", "station_update")
    check(int(editor.value("round")) == rounds + 4, "the condition holds", editor.value("round"))
    editor.end()


def gdb_attach(editor, settings):
    """gdb's own adapter. It has no request for a reset: the user types the command."""
    begin_at_round_five(editor, settings)
    editor.stopped("attach")
    editor.ask("evaluate", expression="monitor reset halt", context="repl")
    editor.go_on()
    editor.stopped("breakpoint", "station_update")
    look_around(editor, "Arguments")
    step_around(editor)
    editor.end()


SCENARIOS = {
    "cdt-launch": cdt_launch,
    "cdt-attach": cdt_attach,
    "gdb-attach": gdb_attach,
}


def main():
    scenario, settings, adapter = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3:]
    try:
        SCENARIOS[scenario](Editor(adapter), settings)
    except Unexpected as unexpected:
        print("unexpected:", unexpected)
        return 1
    return 0


sys.exit(main())
