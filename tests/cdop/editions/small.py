"""A complete edition small enough to count its lines, in a folder of its own."""

from pathlib import Path

from cdop.editions.schema import WORDS

FILES = {
    "edition.yaml": """\
code: small-2030
title: A small edition
from: 2030-04-01
source: S1
certainty: sourced
definitions:
  child: {text: Anyone under 18.}
  unexpected: {text: Nobody saw it coming.}
  modifiable: {text: It can be changed.}
  modifiable_question: {text: "Can it be changed?"}
  category_rule: {text: The highest is primary.}
  confidentiality: {text: Tell nobody.}
scope:
  - code: age
    label: Under 18
    explanation: The panel reviews deaths before the 18th birthday.
    limit: 18
core_membership:
  - {code: chair, label: Chair, quorum: yes}
sources:
  S1: A document
  background: Not checked yet
words:
"""
    + "".join(f"  {word}: {word} here\n" for word in WORDS),
    "vocabularies.yaml": """\
source: S1
certainty: sourced
vocabularies:
  - code: supplementary_forms
    title: Forms
    terms:
      - {code: water, label: Water}
  - code: leads
    title: Leads
    terms:
      - {code: police, label: Police}
      - {code: trust, label: Trust}
  - code: expectedness
    title: Expected or not
    terms:
      - {code: expected, label: Expected}
      - {code: unexpected, label: Unexpected}
  - code: places
    title: Places
    terms:
      - {code: hospital, label: Hospital}
      - {code: ward, label: Ward, parent: hospital}
      - {code: pool, label: Pool, opens: water}
""",
    "categories.yaml": """\
source: S1
certainty: sourced
categories:
  - rank: 1
    code: first
    label: First
    definition: What comes first.
  - rank: 2
    code: second
    label: Second
    definition: What comes second.
    hints: [Not the first.]
    source: background
    certainty: background
""",
    "domains.yaml": """\
source: S1
certainty: sourced
domains:
  - {code: child, label: Child, description: The child.}
""",
    "factors.yaml": """\
source: S1
certainty: sourced
factors:
  - {domain: child, code: asthma, label: Asthma}
""",
    "grades.yaml": """\
source: S1
certainty: sourced
grades:
  - {code: 1, label: None found, says: no_contribution}
  - {code: 1*, label: Found but unlikely, says: no_contribution}
""",
    "answers.yaml": """\
source: S1
certainty: sourced
answers:
  - {code: modifiable, label: "Yes", enough_information: yes, modifiable: yes}
""",
    "standards.yaml": """\
source: S1
certainty: sourced
standards:
  - {code: told, label: Told, due: {from: death, offset: 24, unit: hours}}
""",
    "alerts.yaml": """\
source: S1
certainty: sourced
alerts:
  - code: doctor
    label: The doctor
    role: designated_doctor
    when: {not: {field: expectedness, in: [expected]}}
""",
    "age_bands.yaml": """\
source: S1
certainty: sourced
age_groups:
  - {code: under-1, label: Under 1}
age_bands:
  - {code: 0-364d, label: Under 1, parent: under-1, from_days: 0, until_years: 1}
  - {code: 1-17, label: 1 to 17, from_years: 1, until_years: 18}
""",
    "checklist.yaml": """\
source: S1
certainty: sourced
phases:
  - {code: first, label: First, description: At once.}
checklist:
  - code: tell
    phase: first
    label: Tell the police
    help: By telephone.
    lead: trust
    partners: [police]
    required: yes
    when: {not: {field: expectedness, in: [expected]}}
    due: {from: death, offset: 1, unit: hours}
""",
    "response.yaml": """\
source: S1
certainty: sourced
criteria:
  - {code: sudden, label: Sudden, help: Nobody saw it coming.}
tasks: [tell]
attending: [{code: police, label: Police}]
discussions:
  - {code: first, label: First, help: At once., settles: [tell], starts: meeting, coroner: tell}
""",
    "questionnaires/notification.yaml": """\
code: notification
title: Notification
source: S1
certainty: sourced
sections:
  - code: death
    title: Death
    intro: What happened.
    questions:
      - code: place
        label: Where did it happen?
        kind: choice
        vocabulary: places
        required: yes
        why: To ask there.
        form: A1
      - code: place_name
        label: Its name
        kind: text
        required: no
        when: {field: place, in: [pool]}
        why: To find it.
        form: A2
""",
    "reports.yaml": """\
source: S1
certainty: sourced
power: {text: The law of small editions.}
secure_mail: [nhs.net]
vocabularies:
  - code: depths
    title: Depths
    terms:
      - {code: deep, label: Deep}
      - {code: shallow, label: Shallow}
forms:
  - {code: pond, supplement: yes, when: {field: expectedness, in: [unexpected]}}
""",
    "questionnaires/reports/pond.yaml": """\
code: pond
title: Pond
source: S1
certainty: sourced
sections:
  - code: water
    title: Water
    intro: What you know.
    why: To make ponds safe.
    form: P
    questions:
      - {code: depth, label: How deep?, kind: choice, vocabulary: depths}
      - {code: metres, label: Metres, kind: number, when: {field: depth, in: [deep]}}
""",
}


def write(folder: Path, **changed: tuple[str, str]) -> Path:
    """Write the edition into ``folder``; ``changed`` maps a file's stem to (old, new) text."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        old, new = changed.get(path.stem, ("", ""))
        assert text.count(old) == 1 or old == "", f"{old!r} must stand once in {name}"
        path.write_text(text.replace(old, new) if old else text, encoding="utf-8")
    return folder
