"""The words of the tables of promptness: what all count is said once, and read out with each."""

import csv
import re

from cdop.core.audit import AuditEntry
from notifications.assurance import deaths, promptness
from tests.makers import opened_case
from tests.pages import sign_in

PAGE = "/notifications/assurance/promptness/"
ASKED = {"period": "2014-15", "basis": "died_in", "group": "16-17"}
BASIS = "Deaths in these months. 16 and 17 years."


def of_sixteen() -> None:
    opened_case({"date_of_birth": "1998-02-01"})


def test_each_caption_says_what_its_table_alone_shows_and_leads_to_what_all_count(
    client, coordinator
):
    of_sixteen()

    page = sign_in(client, coordinator).get(PAGE, ASKED).content.decode()

    captions = re.findall(r"<caption[^>]*>([^<]+)</caption>", page)
    assert captions == [division.title for division in promptness.DIVISIONS]
    assert len(set(captions)) == len(captions)
    assert page.count(BASIS) == 1
    assert page.count(f'id="basis">{BASIS}<') == 1
    assert page.count('<h2 id="months">April 2014 to March 2015</h2>') == 1
    told = '<table class="nhsuk-table" aria-describedby="months basis">'
    assert page.count(told) == len(captions)


def test_the_file_says_in_every_line_what_it_counts(client, coordinator):
    of_sixteen()

    got = sign_in(client, coordinator).get(f"{PAGE}file/", ASKED)

    lines = list(csv.DictReader(got.content.decode().splitlines()))
    assert {(line["months"], line["basis"], line["deaths_counted"]) for line in lines} == {
        ("2014-15", deaths.BASES["died_in"], "16 and 17 years")
    }
    assert {line["table"] for line in lines} == {each.title for each in promptness.DIVISIONS}
    assert AuditEntry.objects.filter(action="promptness.downloaded").count() == 1
