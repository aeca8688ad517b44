"""Several people who do something at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs together, each on a connection of its own: what each returned or raised."""
    together = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        together.wait()
        try:
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as people:
        started = [people.submit(run, job) for job in jobs]
    return [future.exception() or future.result() for future in started]


def names(came: list[Any]) -> list[str]:
    """Of what each returned or raised the name of its kind, sorted."""
    return sorted(type(each).__name__ for each in came)
