"""An invented population of deaths, for benchmarks and training: every fact is drawn by chance.

Read in this order: ``marginals`` (how facts are spread), ``deaths`` (one death), ``calendar``
(when the panel meets), ``findings`` and ``checklists`` (what was found and done), ``rows`` (how a
batch is written), ``population`` (all of it).
"""

from analytics.synthesis.people import People, invent
from analytics.synthesis.population import populate

__all__ = ["People", "invent", "populate"]
