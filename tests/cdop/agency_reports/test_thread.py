"""One report from the letter to the page of the case: asked, opened by a code, answered, sent."""

from django.urls import reverse

from cdop.agency_reports import invitations
from cdop.agency_reports.models import Request
from cdop.core.messages import Message
from tests.cdop.agency_reports.makers import asked, fresh, link_of, opens
from tests.makers import opened_case
from tests.pages import sign_in, text_of


def test_a_report_goes_from_the_letter_to_the_page_of_the_case(client, coordinator):
    case = opened_case()
    made = asked(coordinator, case)
    letter = Message.objects.get(template="report_asked")
    assert letter.about == made.reference and "regulation 6" in letter.body

    opens(client, link_of(made))
    listed = text_of(client.get(reverse("agency:tasks", args=[made.reference])))
    assert "Aaaa Invented-Child" in listed and "999 000 0123" in listed
    at = reverse("agency:page", args=[made.reference, "form_b.circumstances"])
    page = client.post(at, {"version": "0", "resuscitation": "yes", "rest": "yes"})
    assert page.status_code == 302
    checked = client.get(reverse("agency:check", args=[made.reference]))
    assert "Send in part" in text_of(checked)
    [version] = [line for line in checked.content.decode().split("\n") if 'name="version"' in line]
    client.post(checked.wsgi_request.path, {"version": version.split('value="')[1].split('"')[0]})

    made = fresh(made)
    assert (made.state, made.considered) == ("partial", 5)
    page = text_of(client.get(reverse("agency:sent", args=[made.reference])))
    assert "the report has reached us" in page
    sign_in(client, coordinator)
    page = text_of(client.get(reverse("cases:case", args=[case.reference])))
    assert "1 of 1 returned" in page
    page = text_of(client.get(reverse("agency_reports:record", args=[case.reference])))
    assert "Was resuscitation attempted?" in page and "Yes" in page


def test_the_link_opens_nothing_without_the_code(client, coordinator):
    made = asked(coordinator)
    token = invitations.token_of(link_of(made).link)

    page = client.get(reverse("agency:link", args=[token]))

    assert "Invented-Child" not in text_of(page)
    assert "not open here" in text_of(client.get(reverse("agency:tasks", args=[made.reference])))
    assert Request.objects.get().version == made.version
