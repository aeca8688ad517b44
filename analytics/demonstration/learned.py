"""What the panel learned of the invented deaths: two themes, a briefing, training, exchange.

The figures of training follow the report of 2014-15 (four sessions, more than 130 people); which
sessions they were is invented, as everything else is.
"""

from __future__ import annotations

from datetime import date

from analytics.demonstration.people import Cast
from cdop.core.organisations import Area, Organisation, OrganisationKind
from cdop.core.roles import Role
from cdop.learning import briefings, exchange, theme_reviews, themes, training
from cdop.learning.briefing_models import Briefing
from cdop.learning.briefing_text import Said
from cdop.learning.theme_models import AGE_BANDS, FACTORS, Rule, Theme
from cdop.learning.theme_states import Standing

YOUNG = ["0-27d", "28-364d", "1-4"]
SAFE_SLEEP: Rule = {
    "lscb-2015": {
        FACTORS: ["family_environment.co_sleeping", "parenting.unsafe_sleep"],
        AGE_BANDS: YOUNG,
    },
    "cdr-2018": {FACTORS: ["physical.unsafe_sleep"], AGE_BANDS: YOUNG},
}
SMOKING: Rule = {
    "lscb-2015": {FACTORS: ["family_environment.smoking_pregnancy"]},
    "cdr-2018": {FACTORS: ["social.smoking_pregnancy"]},
}
BRIEFING = Said(
    title="Safer sleep for every baby",
    audience="midwives, health visitors, practice nurses and everybody who visits families",
    learned=(
        "Babies who died suddenly often slept where nobody had planned it: on a sofa, in a bed "
        "with somebody who had been drinking, or on their front.\n\n"
        "- Families knew the advice, and had a night on which it did not fit.\n"
        "- Advice was given once, mostly on the ward, and seldom to fathers and grandparents."
    ),
    to_do=(
        "- Ask at every visit where the baby slept last night, and look at the place together.\n"
        "- Talk about the nights that are different: visitors, holidays, illness, alcohol.\n"
        "- Say it plainly: on the back, in a clear cot, in the room of a parent; never on a sofa.\n"
        "- Ask about smoking, and offer help to stop to everybody at home.\n"
        "- Write down what was said, so that the next visit begins there."
    ),
    more="The guideline on safer sleep of your own organisation, and its lead for safeguarding.",
)
REVIEW = {
    "question": "What could be changed about the places in which babies sleep?",
    "looked_at": "The findings of the panel of the last years, as far as they are signed off.",
    "found": "Advice came once and late. Nobody asked about nights that were different.",
    "recommend": "Ask at every visit, and write it down. Train everybody who visits families.",
}
SESSIONS = (
    (date(2014, 5, 14), "Safer sleep for health visitors", 34, ("Halton",)),
    (date(2014, 7, 9), "Safer sleep for foster carers", 41, ("Warrington",)),
    (date(2014, 10, 15), "Safer sleep for midwives", 28, ("Cheshire East",)),
    (
        date(2015, 2, 11),
        "Safer sleep for those who train others",
        27,
        ("Cheshire East", "Cheshire West and Chester", "Halton", "Warrington"),
    ),
)
"""Day, what it was, how many came, for which areas: 130 people in four sessions."""


def fill(cast: Cast) -> None:
    """Two themes with their cases, a thematic review, a briefing that is public, training."""
    by = cast.first(Role.COORDINATOR)
    sleep = themes.save(
        None,
        title="Safe sleeping",
        belongs=(
            "Deaths of babies and toddlers in which where, how or with whom they slept may have "
            "played a part."
        ),
        source="The panel's report of 2014-15",
        rule=SAFE_SLEEP,
        version=0,
        by=by,
    )
    smoking = themes.save(
        None,
        title="Smoking in pregnancy",
        belongs="Deaths in which the mother smoked while she was pregnant.",
        source="The panel's report of 2014-15",
        rule=SMOKING,
        version=0,
        by=by,
    )
    _leave_one_out(sleep, cast)
    _review(sleep, cast)
    _publish(sleep, cast)
    _train(sleep, smoking, cast)
    _share(sleep, cast)


def _leave_one_out(theme: Theme, cast: Cast) -> None:
    first = themes.belonging(theme).select_related("case__facts").order_by("died_in", "pk").first()
    if first:
        themes.settle(
            theme,
            first.case,
            standing=Standing.LEFT_OUT,
            reason="Invented: the cot was as it should be.",
            version=0,
            by=cast.first(Role.COORDINATOR),
        )


def _review(theme: Theme, cast: Cast) -> None:
    by, chair = cast.first(Role.COORDINATOR), cast.first(Role.CHAIR)
    row = theme_reviews.begin(theme, by=by)
    row = theme_reviews.write(row, REVIEW, version=row.version, by=by)
    row = theme_reviews.put_to_chair(row, version=row.version, by=by)
    theme_reviews.approve(row, version=row.version, by=chair)


def _publish(theme: Theme, cast: Cast) -> None:
    """One writes and publishes, another keeps what the search marks and checks."""
    by, second = cast.first(Role.COORDINATOR), cast.first(Role.DEPUTY_COORDINATOR)
    row = briefings.begin(theme, BRIEFING, by=by)
    for place in briefings.undecided(row):
        why = "Of babies in general; it tells of nobody."
        briefings.keep_place(row, place.mark, why, version=row.version, by=second)
    row = briefings.check(row, version=row.version, by=second)
    briefings.publish(row, version=row.version, by=by)
    _leave_one_to_check(theme, cast)


def _leave_one_to_check(theme: Theme, cast: Cast) -> Briefing:
    """A second one, by the deputy, with a place that is still to settle."""
    said = Said(
        title="Sleeping away from home",
        audience="health visitors and children's centres",
        learned="Some babies slept in a travel cot or a car seat. Services in Runcorn lend cots.",
        to_do="- Ask where the baby sleeps on visits and holidays.",
    )
    return briefings.begin(theme, said, by=cast.first(Role.DEPUTY_COORDINATOR))


def _train(sleep: Theme, smoking: Theme, cast: Cast) -> None:
    by = cast.first(Role.COORDINATOR)
    health = Organisation.objects.in_use().filter(kind=OrganisationKind.COMMUNITY_TRUST)
    for held_on, what, people, areas in SESSIONS:
        training.save(
            None,
            theme=sleep,
            held_on=held_on,
            kind=training.Kind.SESSION,
            what=what,
            people=people,
            organisations=health,
            areas=Area.objects.filter(name__in=areas),
            version=0,
            by=by,
        )
    for theme, held_on, kind, what in (
        (sleep, date(2015, 3, 16), training.Kind.CAMPAIGN, "The national week on safer sleep"),
        (smoking, date(2014, 11, 3), training.Kind.LETTER, "To commissioners, on help to stop"),
    ):
        training.save(
            None,
            theme=theme,
            held_on=held_on,
            kind=kind,
            what=what,
            people=None,
            organisations=[],
            areas=[],
            version=0,
            by=by,
        )


def _share(theme: Theme, cast: Cast) -> None:
    panel = Organisation.objects.in_use().filter(kind=OrganisationKind.PANEL).first()
    for direction, kind, what, by_whom, basis in (
        (
            exchange.Direction.OUT,
            exchange.Shared.BRIEFING,
            "The briefing on safer sleep",
            "The coordinator",
            "It is published",
        ),
        (
            exchange.Direction.IN,
            exchange.Shared.REVIEW,
            "Their thematic review of safer sleep",
            "The coordinator of the other panel",
            "An invented agreement of the panels",
        ),
    ):
        exchange.save(
            None,
            shared_on=date(2015, 3, 20),
            direction=direction,
            kind=kind,
            what=what,
            panel=panel,
            panel_name="" if panel else "Invented Neighbouring Panel",
            theme=theme,
            by_whom=by_whom,
            basis=basis,
            version=0,
            by=cast.first(Role.COORDINATOR),
        )
