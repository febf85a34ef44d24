"""The worker process's side: reads jobs from its standard input and answers on its standard output
until that ends.
"""

from __future__ import annotations

import os
import pickle
import sys
from importlib import import_module

from .worker_process import HEADER, make_patient, read_exactly


def answer(call: bytes) -> bytes:
    """ "=" and the pickled answer, or "!" and the pickled kind of what the function raised."""
    job, arguments = pickle.loads(call)
    module, _, name = job.partition(":")
    try:
        return b"=" + pickle.dumps(getattr(import_module(module), name)(*arguments))
    except Exception as error:
        return b"!" + pickle.dumps(f"{job}: {type(error).__name__}")


def work() -> None:
    """Answer until nobody asks any more."""
    make_patient()
    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a print somewhere in a library must not be taken for an answer
    while True:
        try:
            (size,) = HEADER.unpack(read_exactly(source, HEADER.size))
            call = read_exactly(source, size)
        except EOFError:
            return
        reply = answer(call)
        target.write(HEADER.pack(len(reply)) + reply)
        target.flush()


if __name__ == "__main__":
    work()
