"""Benchmarks: ``python -m tests.bench``. Each figure is a ratio to a floor of the same run.

``measure`` runs once for each database, in a process of its own; it builds a population of every
size, times ``tables`` and ``pages`` on it and hands back figures. ``report`` prints them.
"""
