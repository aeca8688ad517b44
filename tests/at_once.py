"""Several people who do something at the same moment."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connections


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs together, each on a connection of its own: what each returned or raised."""
    came: list[Any] = [None] * len(jobs)
    together = Barrier(len(jobs))

    def run(number: int, job: Callable[[], Any]) -> None:
        together.wait()
        try:
            came[number] = job()
        except Exception as error:
            came[number] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def names(came: list[Any]) -> list[str]:
    """Of what each returned or raised the name of its kind, sorted."""
    return sorted(type(each).__name__ for each in came)
