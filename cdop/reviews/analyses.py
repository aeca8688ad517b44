"""Analyses written and read: from content to rows, and from rows to content."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Model

from cdop.core.audit import Job, act
from cdop.core.steps import create
from cdop.editions import Edition
from cdop.reviews import vocabulary
from cdop.reviews.analysis_models import (
    Analysis,
    ChosenCategory,
    DomainGrade,
    Factor,
    Recommended,
)
from cdop.reviews.content import Content, FactorLine, Graded, Recommendation, highest, primary

if TYPE_CHECKING:
    from cdop.core.users import User

PARTS = ("chosen_categories", "domain_grades", "factors", "recommendations")


def write(content: Content, edition: Edition, *, case_id: int, by: User | Job) -> Analysis:
    """Write one analysis with all its rows. It is never changed afterwards."""
    analysis = Analysis(
        edition=edition.code,
        cause=content.cause,
        summary=content.summary,
        expectedness=content.expectedness,
        category=primary(content, edition),
        override_reason=content.override_reason,
        modifiable=content.modifiable,
        issues=content.issues,
        learning=content.learning,
        good_practice=content.good_practice,
        family_follow_up=content.family_follow_up,
    )
    analysis.audit_case = case_id
    with act():
        create(analysis, by=by)
        for row in _rows(analysis, content, edition):
            create(row, by=by)
    return analysis


def read(analysis: Analysis, edition: Edition) -> Content:
    """The content of an analysis whose ``PARTS`` were fetched with it."""
    codes = tuple(row.code for row in analysis.chosen_categories.all())
    stands = analysis.category
    return Content(
        cause=analysis.cause,
        summary=analysis.summary,
        expectedness=analysis.expectedness,
        categories=tuple(each.code for each in edition.categories if each.code in codes),
        override="" if stands == highest(codes, edition) else stands,
        override_reason=analysis.override_reason,
        grades={
            row.domain: Graded(row.grade, row.narrative) for row in analysis.domain_grades.all()
        },
        factors=tuple(
            FactorLine(
                row.position,
                row.domain,
                row.code,
                row.words,
                row.grade,
                row.modifiable,
                row.label,
            )
            for row in sorted(analysis.factors.all(), key=lambda row: row.position)
        ),
        modifiable=analysis.modifiable,
        issues=analysis.issues,
        learning=analysis.learning,
        good_practice=analysis.good_practice,
        recommendations=tuple(
            Recommendation(row.position, row.level, row.to_whom, row.words)
            for row in sorted(analysis.recommendations.all(), key=lambda row: row.position)
        ),
        family_follow_up=analysis.family_follow_up,
    )


def _rows(analysis: Analysis, content: Content, edition: Edition) -> Iterator[Model]:
    for code in content.categories:
        yield ChosenCategory(analysis=analysis, code=code)
    for domain, graded in content.grades.items():
        if graded.grade or graded.narrative:
            yield DomainGrade(
                analysis=analysis, domain=domain, grade=graded.grade, narrative=graded.narrative
            )
    for position, line in enumerate(vocabulary.labelled(content.factors, edition)):
        yield Factor(
            analysis=analysis,
            position=position,
            domain=line.domain,
            code=line.code,
            label=line.label,
            words=line.words,
            grade=line.grade,
            modifiable=bool(line.modifiable),
        )
    for position, said in enumerate(content.recommendations):
        yield Recommended(
            analysis=analysis,
            position=position,
            level=said.level,
            to_whom=said.to_whom,
            words=said.words,
        )
