"""An engine in a Python process of its own: its memory is nobody else's, and its time is taken where it works."""

import importlib
import multiprocessing
import sys
import traceback

from .measure import memory


class Worker:
    """A process with one engine; the engine's methods are the worker's."""

    def __init__(self, name, place, *arguments):
        """`place` is the module in this package and the class in it, as in `duck.Duck`."""
        self.name = name
        context = multiprocessing.get_context("spawn")
        self.pipe, end = context.Pipe()
        self.process = context.Process(target=serve, args=(end, place, arguments), daemon=True)
        self.process.start()
        end.close()
        self.version = self.call("version")

    def __getattr__(self, method):
        return lambda *arguments: self.call(method, *arguments)

    def call(self, method, *arguments):
        self.pipe.send((method, arguments))
        try:
            result, failure = self.pipe.recv()
        except EOFError:
            result, failure = None, "its process ended"
        if failure:
            sys.exit(f"scripts/peers: {self.name} failed in {method}: {failure}")
        return result

    def memory(self):
        """Bytes that are resident now and that were at most."""
        return memory(self.process.pid)

    def close(self):
        self.pipe.send(None)
        self.process.join()


def serve(pipe, place, arguments):
    """Makes the engine and does what it is told until there is nothing more."""
    module, name = place.split(".")
    engine = getattr(importlib.import_module(f".{module}", __package__), name)(*arguments)
    try:
        for method, given in iter(pipe.recv, None):
            try:
                pipe.send((getattr(engine, method)(*given), None))
            except Exception:
                pipe.send((None, traceback.format_exc()))
    except EOFError:
        sys.exit("the one that asks is gone")
    engine.close()
