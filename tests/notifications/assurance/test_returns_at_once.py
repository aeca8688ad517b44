"""An address that is corrected in the moment in which a reminder goes out."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connections

from cdop.core import outbox
from cdop.core.audit import act
from cdop.core.messages import PURPOSE
from cdop.core.sealing import unseal
from notifications.assurance import asking
from tests.cast import person
from tests.notifications.assurance.makers import FIRST_WORKING_DAY, asked_return

RIGHT = "returns@right.example"
WHILE_OTHERS_WAIT = 1.0


def test_no_reminder_goes_to_the_old_address_with_the_new_link(committed_database):
    by, asked = person("coordinator"), asked_return(email="stranger@example.com")
    written = threading.Event()

    def change():
        try:
            with act():
                where = asked.asked_of
                asking.change(where, version=where.version, email=RIGHT, by=by)
                written.set()
                time.sleep(WHILE_OTHERS_WAIT)
        finally:
            connections.close_all()

    def remind():
        try:
            written.wait()
            asking.remind_due(FIRST_WORKING_DAY + timedelta(days=60, hours=-1))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        for each in [both.submit(change), both.submit(remind)]:
            each.result()

    going = outbox.of([asked.reference]).filter(state="waiting").select_related("data_key")
    letters = [unseal(row.data_key, PURPOSE, row.sealed).decode() for row in going]
    assert {letter.splitlines()[0] for letter in letters} == {RIGHT}
