"""Who gets which page: every address of the system, asked for by everybody in the cast."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils.http import int_to_base36

from analytics.states import ReleaseState
from cdop.cases import actions as cases
from cdop.core.roles import ROLES, Permission, Role
from cdop.core.steps import edit
from cdop.rapid_response import actions as rapid_response
from tests.analytics.conftest import counted, plain_pdf, release_at
from tests.cast import TESTS
from tests.makers import opened_case
from tests.notifications.assurance.makers import asked_return, link_of
from tests.places import (
    a_letter,
    a_meeting_of_agencies,
    a_recommendation,
    a_system,
    a_theme_with_all,
    an_import,
    assurance_of,
    beside_the_case,
    evidence_of,
    files_of,
    letter,
    meeting_about,
    notification,
    places_of_notifications,
    places_of_reports,
)

__all__ = ["counted", "plain_pdf", "release_at"]

# One role for each set of permissions, and which others have exactly the same.
ROLES_ALIKE = {
    "coordinator": {"deputy_coordinator", "cdop_nurse"},
    "designated_doctor": {"responder"},
    "member": set(),
    "chair": {"vice_chair"},
    "area_reader": {"board_manager"},
    "governance_lead": set(),
}
# The coordinator alone grants roles, for which there is no page.
WITHOUT_A_PAGE = {Permission.ROLES_GRANT}

# The columns of the table: nobody signed in, somebody without a role, and one of each role.
COLUMNS = (
    "signed_out",
    "stranger",
    "coordinator",
    "doctor",
    "member",
    "chair",
    "reader",
    "governance_lead",
)
# What a page answers when it is opened (GET): 200 it is there, 302 sign in or begin elsewhere, 404
# it is not there for them, 405 it only takes what is posted.
TABLE = """
home                                  200 302 200 200 200 200 200 200
hat                                   302 200 200 200 200 200 200 200
audit                                 302 404 404 404 404 404 404 200
guidance                              302 200 200 200 200 200 200 200
guidance_edition                      302 200 200 200 200 200 200 200
messages                              302 404 200 404 404 404 404 404
message                               302 404 200 404 404 404 404 404
message_again                         302 404 405 404 404 404 404 404
message_told                          302 404 405 404 404 404 404 404
organisations                         302 404 200 404 404 404 404 404
add_organisation                      302 404 200 404 404 404 404 404
organisation                          302 404 200 404 404 404 404 404
end_organisation                      302 404 200 404 404 404 404 404
take_up_organisation                  302 404 405 404 404 404 404 404
privacy                               200 200 200 200 200 200 200 200
accessibility                         200 200 200 200 200 200 200 200
account_login                         200 302 302 302 302 302 302 302
account_logout                        302 200 200 200 200 200 200 200
account_inactive                      200 200 200 200 200 200 200 200
account_reauthenticate                302 200 200 200 200 200 200 200
account_change_password               302 200 200 200 200 200 200 200
account_set_password                  302 302 302 302 302 302 302 302
account_reset_password                200 200 200 200 200 200 200 200
account_reset_password_done           200 200 200 200 200 200 200 200
account_reset_password_from_key_done  200 200 200 200 200 200 200 200
account_reset_password_from_key       200 200 200 200 200 200 200 200
mfa_index                             302 200 200 200 200 200 200 200
mfa_authenticate                      302 302 302 302 302 302 302 302
mfa_reauthenticate                    302 302 302 302 302 302 302 302
mfa_activate_totp                     302 302 302 302 302 302 302 302
mfa_deactivate_totp                   302 404 404 404 404 404 404 404
mfa_view_recovery_codes               302 404 404 404 404 404 404 404
mfa_generate_recovery_codes           302 302 302 302 302 302 302 302
agency:without_link                   200 200 200 200 200 200 200 200
agency:link                           200 200 200 200 200 200 200 200
agency:code                           200 200 200 200 200 200 200 200
agency:tasks                          200 200 200 200 200 200 200 200
agency:page                           200 200 200 200 200 200 200 200
agency:files                          200 200 200 200 200 200 200 200
agency:remove                         200 200 200 200 200 200 200 200
agency:hand_over                      200 200 200 200 200 200 200 200
agency:take_back                      200 200 200 200 200 200 200 200
agency:nothing                        200 200 200 200 200 200 200 200
agency:check                          200 200 200 200 200 200 200 200
agency:approve                        200 200 200 200 200 200 200 200
agency:sent                           200 200 200 200 200 200 200 200
report:start                          200 200 200 200 200 200 200 200
report:family                         200 200 200 200 200 200 200 200
report:tasks                          302 302 302 302 302 302 302 302
report:questions                      302 302 302 302 302 302 302 302
report:check                          302 302 302 302 302 302 302 302
report:sent                           302 302 302 302 302 302 302 302
report:without_link                   200 200 200 200 200 200 200 200
report:return_answer                  200 200 200 200 200 200 200 200
report:return_sent                    200 200 200 200 200 200 200 200
report:return_link                    200 200 200 200 200 200 200 200
report:another                        302 302 302 302 302 302 302 302
report:later                          302 302 302 302 302 302 302 302
report:return                         200 200 200 200 200 200 200 200
report:open_link                      302 302 302 302 302 302 302 302
report:discard                        302 302 302 302 302 302 302 302
report:arrangements                   200 200 200 200 200 200 200 200
report:registrar                      200 200 200 200 200 200 200 200
report:registrar_check                302 302 302 302 302 302 302 302
report:registrar_sent                 302 302 302 302 302 302 302 302
report:coroner                        200 200 200 200 200 200 200 200
report:coroner_check                  302 302 302 302 302 302 302 302
report:coroner_sent                   302 302 302 302 302 302 302 302
api:api-root                          404 404 404 404 404 404 404 404
api:schema                            200 200 200 200 200 200 200 200
api:guide                             200 200 200 200 200 200 200 200
api:token                             405 405 405 405 405 405 405 405
api:send                              405 405 405 405 405 405 405 405
api:receipt                           401 401 401 401 401 401 401 401
api:questions                         401 401 401 401 401 401 401 401
api:bundle                            405 405 405 405 405 405 405 405
api:nothing                           404 404 404 404 404 404 404 404
notifications:systems                 302 404 200 404 404 404 404 404
notifications:register_system         302 404 200 404 404 404 404 404
notifications:system                  302 404 200 404 404 404 404 404
notifications:renew_secret            302 404 200 404 404 404 404 404
notifications:end_system              302 404 200 404 404 404 404 404
notifications:end_secret              302 404 405 404 404 404 404 404
notifications:imports                 302 404 200 404 404 404 404 404
notifications:import_template         302 404 200 404 404 404 404 404
notifications:import                  302 404 200 404 404 404 404 404
notifications:import_alike            302 404 200 404 404 404 404 404
notifications:import_bring_in         302 404 405 404 404 404 404 404
notifications:import_leave            302 404 405 404 404 404 404 404
notifications:import_undo             302 404 404 404 404 404 404 404
notifications:import_report           302 404 200 404 404 404 404 404
notifications:import_totals           302 404 200 404 404 404 404 404
notifications:list                    302 404 200 404 404 404 404 404
notifications:keyed_start             302 404 200 404 404 404 404 404
notifications:keyed_tasks             302 404 200 404 404 404 404 404
notifications:keyed_arrival           302 404 200 404 404 404 404 404
notifications:keyed_page              302 404 200 404 404 404 404 404
notifications:keyed_files             302 404 200 404 404 404 404 404
notifications:keyed_file              302 404 200 404 404 404 404 404
notifications:keyed_remove            302 404 405 404 404 404 404 404
notifications:keyed_check             302 404 302 404 404 404 404 404
notifications:keyed_kept              302 404 404 404 404 404 404 404
notifications:keyed_another           302 404 405 404 404 404 404 404
notifications:keyed_discard           302 404 200 404 404 404 404 404
notifications:notification            302 404 200 404 404 404 404 404
notifications:file                    302 404 200 404 404 404 404 404
notifications:accept                  302 404 200 404 404 404 404 404
notifications:attach                  302 404 200 404 404 404 404 404
notifications:pass_on                 302 404 200 404 404 404 404 404
notifications:receipt                 302 404 200 404 404 404 404 404
notifications:decline                 302 404 200 404 404 404 404 404
notifications:undo                    302 404 200 404 404 404 404 404
notifications:assurance               302 404 200 404 404 404 404 404
notifications:promptness              302 404 200 404 404 404 404 404
notifications:promptness_file         302 404 302 404 404 404 404 404
notifications:registered              302 404 200 404 404 404 404 404
notifications:monthly_returns         302 404 200 404 404 404 404 404
notifications:add_organisation        302 404 200 404 404 404 404 404
notifications:change_organisation     302 404 200 404 404 404 404 404
notifications:monthly_return          302 404 200 404 404 404 404 404
notifications:key_return              302 404 200 404 404 404 404 404
notifications:settle_return           302 404 405 404 404 404 404 404
notifications:open_return             302 404 405 404 404 404 404 404
notifications:ask_again               302 404 405 404 404 404 404 404
notifications:death_lists             302 404 200 404 404 404 404 404
notifications:new_list                302 404 200 404 404 404 404 404
notifications:preview_list            302 404 302 404 404 404 404 404
notifications:death_list              302 404 200 404 404 404 404 404
notifications:confirm_list            302 404 200 404 404 404 404 404
notifications:settle_absent           302 404 200 404 404 404 404 404
notifications:listed_death            302 404 200 404 404 404 404 404
notifications:match_line              302 404 200 404 404 404 404 404
notifications:explain_line            302 404 200 404 404 404 404 404
notifications:notify_line             302 404 405 404 404 404 404 404
notifications:undo_line               302 404 405 404 404 404 404 404
cases:list                            302 404 200 200 404 404 404 404
cases:find                            302 404 405 405 404 404 404 404
cases:worklists                       302 404 200 404 404 404 404 404
cases:call                            302 404 200 404 404 404 404 404
cases:signals                         302 404 200 404 404 404 404 404
cases:signal                          302 404 200 404 404 404 404 404
cases:edit_signal                     302 404 200 404 404 404 404 404
cases:decide_signal                   302 404 200 404 404 404 404 404
cases:escalate_signal                 302 404 200 404 404 404 404 404
cases:close_signal                    302 404 200 404 404 404 404 404
cases:take_up_signal                  302 404 200 404 404 404 404 404
cases:remove_from_signal              302 404 405 404 404 404 404 404
cases:case                            302 404 200 200 404 404 404 404
cases:timeline                        302 404 200 200 404 404 404 404
cases:identity                        302 404 200 200 404 404 404 404
cases:edit_identity                   302 404 200 404 404 404 404 404
cases:edit_facts                      302 404 200 404 404 404 404 404
cases:contradictions                  302 404 200 404 404 404 404 404
cases:give_access                     302 404 200 404 404 404 404 404
cases:end_access                      302 404 405 404 404 404 404 404
cases:change_scope                    302 404 200 404 404 404 404 404
cases:places                          302 404 200 404 404 404 404 404
cases:agreement                       302 404 200 404 404 404 404 404
cases:confirm                         302 404 200 404 404 404 404 404
cases:holds                           302 404 200 404 404 404 404 404
cases:new_hold                        302 404 200 404 404 404 404 404
cases:hold                            302 404 200 404 404 404 404 404
cases:check_hold                      302 404 200 404 404 404 404 404
cases:end_hold                        302 404 200 404 404 404 404 404
cases:run_hold_again                  302 404 200 404 404 404 404 404
cases:linked                          302 404 200 404 404 404 404 404
cases:new_linked                      302 404 200 404 404 404 404 404
cases:linked_review                   302 404 200 404 404 404 404 404
cases:linked_started                  302 404 200 404 404 404 404 404
cases:linked_declined                 302 404 200 404 404 404 404 404
cases:linked_ended                    302 404 200 404 404 404 404 404
cases:linked_back                     302 404 200 404 404 404 404 404
cases:called                          302 404 200 404 404 404 404 404
cases:family                          302 404 200 404 404 404 404 404
cases:begin_family                    302 404 405 404 404 404 404 404
cases:questions                       302 404 200 404 404 404 404 404
cases:new_question                    302 404 200 404 404 404 404 404
cases:question                        302 404 200 404 404 404 404 404
cases:answer_question                 302 404 200 404 404 404 404 404
cases:approve_question                302 404 405 404 404 404 404 404
cases:told_question                   302 404 200 404 404 404 404 404
cases:drop_question                   302 404 405 404 404 404 404 404
cases:take_up_question                302 404 405 404 404 404 404 404
cases:new_signal                      302 404 200 404 404 404 404 404
cases:urgent                          302 404 200 404 404 404 404 404
cases:new_urgent                      302 404 200 404 404 404 404 404
cases:urgent_given                    302 404 200 404 404 404 404 404
cases:urgent_not_needed               302 404 200 404 404 404 404 404
cases:urgent_back                     302 404 200 404 404 404 404 404
cases:make_ready                      302 404 405 404 404 404 404 404
cases:take_back                       302 404 200 404 404 404 404 404
cases:reopen                          302 404 200 404 404 404 404 404
cases:close                           302 404 405 404 404 404 404 404
rapid_response:first_weeks            302 404 200 404 404 404 404 404
rapid_response:first_weeks_file       302 404 302 404 404 404 404 404
rapid_response:letters                302 404 200 404 404 404 404 404
rapid_response:write_letter           302 404 200 404 404 404 404 404
rapid_response:letter                 302 404 200 404 404 404 404 404
rapid_response:letter_file            302 404 200 404 404 404 404 404
rapid_response:passed                 302 404 200 200 404 404 404 404
rapid_response:checklist              302 404 200 200 404 404 404 404
rapid_response:settle                 302 404 200 200 404 404 404 404
rapid_response:mine                   302 404 404 200 404 404 404 404
rapid_response:attach                 302 404 200 200 404 404 404 404
rapid_response:file                   302 404 200 200 404 404 404 404
rapid_response:settle_several         302 404 200 200 404 404 404 404
rapid_response:open_again             302 404 405 405 404 404 404 404
rapid_response:response               302 404 200 200 404 404 404 404
rapid_response:care                   302 404 200 200 404 404 404 404
rapid_response:visit                  302 404 200 200 404 404 404 404
rapid_response:meetings               302 404 200 200 404 404 404 404
rapid_response:add_meeting            302 404 200 200 404 404 404 404
rapid_response:meeting                302 404 200 200 404 404 404 404
rapid_response:change_meeting         302 404 200 200 404 404 404 404
rapid_response:minutes                302 404 200 200 404 404 404 404
rapid_response:minutes_file           302 404 200 200 404 404 404 404
rapid_response:coroner                302 404 200 200 404 404 404 404
rapid_response:add_action             302 404 200 200 404 404 404 404
rapid_response:settle_action          302 404 200 200 404 404 404 404
rapid_response:open_action            302 404 405 405 404 404 404 404
rapid_response:clocks                 302 404 200 404 404 404 404 404
withdrawal:withdraw                   302 404 200 404 404 404 404 404
withdrawal:take_up                    302 404 200 404 404 404 404 404
agency_reports:overview               302 404 200 404 404 404 404 404
agency_reports:contact                302 404 200 404 404 404 404 404
agency_reports:case                   302 404 200 404 404 404 404 404
agency_reports:ask                    302 404 302 404 404 404 404 404
agency_reports:another                302 404 200 404 404 404 404 404
agency_reports:record                 302 404 200 404 404 404 404 404
agency_reports:first_page             302 404 200 404 404 404 404 404
agency_reports:settle                 302 404 200 404 404 404 404 404
agency_reports:request                302 404 200 404 404 404 404 404
agency_reports:chase                  302 404 405 404 404 404 404 404
agency_reports:extend                 302 404 200 404 404 404 404 404
agency_reports:more_forms             302 404 200 404 404 404 404 404
agency_reports:set_aside              302 404 200 404 404 404 404 404
agency_reports:change_contact         302 404 200 404 404 404 404 404
agency_reports:came                   302 404 200 404 404 404 404 404
agency_reports:accept                 302 404 405 404 404 404 404 404
agency_reports:file                   302 404 200 404 404 404 404 404
panel:meetings                        302 404 200 404 200 200 404 404
panel:plan                            302 404 200 404 404 404 404 404
panel:meeting                         302 404 200 404 200 200 404 404
panel:change                          302 404 200 404 404 404 404 404
panel:invite                          302 404 200 404 404 404 404 404
panel:agenda                          302 404 200 404 404 404 404 404
panel:attendance                      302 404 200 404 404 200 404 404
panel:close                           302 404 404 404 404 200 404 404
panel:pack                            302 404 200 404 200 200 404 404
panel:pack_pdf                        302 404 200 404 200 200 404 404
panel:prepare                         302 404 200 404 404 404 404 404
panel:release                         302 404 200 404 404 404 404 404
panel:drop                            302 404 405 404 404 404 404 404
panel:settle_place                    302 404 200 404 404 404 404 404
panel:prepare_part                    302 404 200 404 404 404 404 404
panel:terms                           302 404 200 404 404 404 404 404
panel:new_term                        302 404 200 404 404 404 404 404
panel:term                            302 404 200 404 404 404 404 404
panel:new_cover                       302 404 200 404 404 404 404 404
panel:cover                           302 404 200 404 404 404 404 404
panel:invite_by_terms                 302 404 405 404 404 404 404 404
panel:reply                           302 404 405 404 405 405 404 404
panel:statement                       302 404 404 404 200 200 404 404
panel:accepted                        302 404 200 404 404 200 404 404
panel:countdown                       302 404 200 404 404 200 404 404
panel:order                           302 404 200 404 404 404 404 404
panel:declarations                    302 404 200 404 404 200 404 404
panel:decide                          302 404 404 404 404 200 404 404
panel:withdraw                        302 404 404 404 405 405 404 404
panel:minutes                         302 404 200 404 404 200 404 404
panel:edit_minutes                    302 404 200 404 404 404 404 404
panel:draft_minutes                   302 404 405 404 404 404 404 404
panel:put_minutes                     302 404 405 404 404 404 404 404
panel:give_back_minutes               302 404 404 404 404 200 404 404
panel:approve_minutes                 302 404 404 404 404 405 404 404
panel:minutes_file                    302 404 200 404 404 200 404 404
panel:plan_item                       302 404 200 404 404 404 404 404
panel:defer                           302 404 200 404 404 200 404 404
panel:take_up                         302 404 405 404 404 405 404 404
panel:declare                         302 404 200 404 200 200 404 404
reviews:screen                        302 404 404 404 404 302 404 404
reviews:screen_case                   302 404 404 404 404 200 404 404
reviews:review                        302 404 404 404 302 200 404 404
reviews:sent                          302 404 404 404 200 404 404 404
reviews:compare                       302 404 404 404 200 200 404 404
reviews:finding                       302 404 200 404 200 200 404 404
reviews:record                        302 404 404 404 404 200 404 404
reviews:sign_off                      302 404 404 404 404 404 404 404
reviews:agreement                     302 404 200 404 404 200 404 404
reviews:agreement_file                302 404 302 404 404 302 404 404
reviews:factors                       302 404 200 404 404 404 404 404
reviews:factor_count                  302 404 200 404 404 200 404 404
reviews:factor_count_file             302 404 302 404 404 302 404 404
reviews:free_words                    302 404 200 404 404 404 404 404
reviews:unfold_words                  302 404 405 404 404 404 404 404
reviews:fold_words                    302 404 404 404 404 404 404 404
reviews:factor                        302 404 200 404 404 404 404 404
reviews:end_factor                    302 404 405 404 404 404 404 404
reviews:take_up_factor                302 404 405 404 404 404 404 404
reviews:unmerge_factor                302 404 405 404 404 404 404 404
reviews:new_factor                    302 404 200 404 404 404 404 404
reviews:merge_factor                  302 404 200 404 404 404 404 404
reviews:national                      302 404 200 404 404 404 404 404
reviews:together                      302 404 404 404 404 404 404 404
reviews:draft                         302 404 404 404 200 200 404 404
reviews:prepare                       302 404 200 404 404 404 404 404
reviews:version                       302 404 200 404 200 200 404 404
reviews:explain                       302 404 200 404 404 200 404 404
reviews:ask                           302 404 200 404 404 200 404 404
reviews:answered                      302 404 200 404 404 200 404 404
themes:list                           302 404 200 404 200 200 404 404
themes:new                            302 404 200 404 404 404 404 404
themes:training                       302 404 200 404 200 200 200 404
themes:training_file                  302 404 302 404 302 302 302 404
themes:new_training                   302 404 200 404 404 404 404 404
themes:edit_training                  302 404 200 404 404 404 404 404
themes:strike_out                     302 404 200 404 404 404 404 404
themes:exchange                       302 404 200 404 200 200 404 404
themes:exchange_file                  302 404 200 404 200 200 404 404
themes:new_exchange                   302 404 200 404 404 404 404 404
themes:edit_exchange                  302 404 200 404 404 404 404 404
themes:briefing                       302 404 200 404 404 404 404 404
themes:edit_briefing                  302 404 200 404 404 404 404 404
themes:draft_file                     302 404 200 404 404 404 404 404
themes:check_briefing                 302 404 405 404 404 404 404 404
themes:publish_briefing               302 404 405 404 404 404 404 404
themes:renew_briefing                 302 404 405 404 404 404 404 404
themes:withdraw_briefing              302 404 200 404 404 404 404 404
themes:keep_place                     302 404 200 404 404 404 404 404
themes:theme                          302 404 200 404 200 200 404 404
themes:edit                           302 404 200 404 404 404 404 404
themes:end                            302 404 200 404 404 404 404 404
themes:take_up                        302 404 405 404 404 404 404 404
themes:cases                          302 404 200 404 404 404 404 404
themes:add_case                       302 404 200 404 404 404 404 404
themes:settle_case                    302 404 200 404 404 404 404 404
themes:new_briefing                   302 404 200 404 404 404 404 404
themes:new_review                     302 404 405 404 404 404 404 404
themes:review                         302 404 200 404 404 200 404 404
themes:edit_review                    302 404 200 404 404 404 404 404
themes:put_review                     302 404 405 404 404 404 404 404
themes:give_back_review               302 404 404 404 404 200 404 404
themes:approve_review                 302 404 404 404 404 405 404 404
briefings:index                       200 200 200 200 200 200 200 200
briefings:briefing                    200 200 200 200 200 200 200 200
briefings:file                        200 200 200 200 200 200 200 200
learning:list                         302 404 200 404 200 200 200 404
learning:new                          302 404 200 404 404 404 404 404
learning:year                         302 404 200 404 200 200 404 404
learning:year_file                    302 404 200 404 200 200 404 404
learning:year_list                    302 404 200 404 200 200 200 404
learning:after_meeting                302 404 200 404 404 404 404 404
learning:take_up                      302 404 200 404 404 404 404 404
learning:recommendation               302 404 200 404 404 404 404 404
learning:change                       302 404 200 404 404 404 404 404
learning:accept                       302 404 200 404 404 404 404 404
learning:decline                      302 404 200 404 404 404 404 404
learning:done                         302 404 200 404 404 404 404 404
learning:supersede                    302 404 200 404 404 404 404 404
learning:take_back                    302 404 405 404 404 404 404 404
learning:note                         302 404 200 404 404 404 404 404
learning:later                        302 404 200 404 404 404 404 404
learning:file                         302 404 200 404 404 404 404 404
learning:new_action                   302 404 200 404 404 404 404 404
learning:action                       302 404 200 404 404 404 404 404
learning:action_done                  302 404 200 404 404 404 404 404
learning:drop_action                  302 404 200 404 404 404 404 404
learning:open_action                  302 404 405 404 404 404 404 404
learning:attach                       302 404 200 404 404 404 404 404
learning:new_letter                   302 404 200 404 404 404 404 404
learning:letter                       302 404 200 404 404 404 404 404
learning:change_letter                302 404 200 404 404 404 404 404
learning:approve_letter               302 404 405 404 404 404 404 404
learning:posted_letter                302 404 200 404 404 404 404 404
learning:discard_letter               302 404 200 404 404 404 404 404
learning:letter_file                  302 404 200 404 404 404 404 404
learning:new_response                 302 404 200 404 404 404 404 404
analytics:internal                    302 404 200 404 404 404 404 404
analytics:releases                    302 404 200 404 404 200 200 404
analytics:draft                       302 404 200 404 404 404 404 404
analytics:release                     302 404 200 404 404 200 200 404
analytics:approve                     302 405 405 405 405 405 405 405
analytics:publish                     302 405 405 405 405 405 405 405
analytics:withdraw                    302 404 200 404 404 404 404 404
analytics:download                    302 404 200 404 404 200 200 404
"""


@pytest.fixture
def places(release_at, coordinator, doctor, member, chair) -> dict[str, dict[str, str]]:
    """What stands in the addresses of each stage: one of everything, at a stage where it is used.

    The doctor was given the case; member and chair are at its meeting; there is a finding on it.
    """
    case = opened_case()
    rapid_response.start(case, by=TESTS)
    access = cases.give_access(case, doctor, by=TESTS, ends_on=None)
    asked = asked_return()
    reports = places_of_reports(coordinator)
    theme_places = a_theme_with_all(coordinator)
    return {
        "guidance": {"code": "lscb-2015"},
        "report": {"code": "notifier", "token": link_of(asked)},
        "report/agency": reports,
        "agency-reports": reports,
        "api": {"reference": notification().reference, "rest": "nothing"},
        "notifications": places_of_notifications(coordinator)
        | an_import()
        | assurance_of(asked)
        | {"client": a_system()},
        "organisations": {"organisation": str(asked.asked_of.organisation_id)},
        "messages": {"pk": str(letter().pk)},
        "cases": {"reference": case.reference, "task": case.checklist.first().task}
        | beside_the_case(case, coordinator)
        | {"access": str(access.pk)}
        | evidence_of(case, coordinator)
        | a_letter(coordinator)
        | a_meeting_of_agencies(case, coordinator),
        "meetings": meeting_about(case, member, chair),
        "themes": theme_places,
        "briefings": {"address": theme_places["address"]},
        "learning": a_recommendation(coordinator, chair, member),
        "account": {"uidb36": int_to_base36(doctor.pk), "key": "set-password"},
        "statistics": files_of(release_at(ReleaseState.PUBLISHED)),
    }


def test_everybody_gets_the_pages_of_their_role_and_no_other(places, request):
    seen, password = {}, make_password("a plain and long one")
    for who in COLUMNS:
        client = Client()
        if who != "signed_out":
            person = request.getfixturevalue(who)
            client.force_login(edit(person, by=TESTS, password=password))
        for name, route in all_pages():
            page = client.get(address(route, places))
            seen.setdefault(name, []).append(page.status_code)
            personal = who != "signed_out" or route.startswith(("account/", "report/", "api/"))
            assert page.get("Cache-Control") == ("no-store, private" if personal else None), route

    assert seen == expected()


# What nobody types, but somebody may send.
HOSTILE = ("%00", "9" * 30, "-1", "x" * 500, "%F0%9F%91%B6", "%2E%2E%2F", "a%00b", "%C2%B2")
POSTED = ("\0", "9" * 30, "-1")
NAMES = {"page": "", "list": "", "case": "", "version": "", "hat": "", "from": "", "period": ""}


@pytest.mark.stricter
@pytest.mark.parametrize("who", ["coordinator", "chair"])
def test_no_address_breaks_the_system(places, request, who):
    client = Client(raise_request_exception=False)
    client.force_login(request.getfixturevalue(who))

    for name, route in all_pages():
        for at in hostile_addresses(route, places):
            assert client.get(at).status_code < 500, (name, at)


@pytest.mark.stricter
@pytest.mark.parametrize("who", ["coordinator", "member", "chair"])
def test_nothing_that_is_asked_or_posted_breaks_a_page(places, request, who):
    """Every box of every page, and those that pages read without a form, filled with nonsense."""
    client, person = Client(raise_request_exception=False), request.getfixturevalue(who)

    for name, route in all_pages():
        client.force_login(person)  # one of the pages signs out
        at = address(route, places)
        page = client.get(at)
        if page.status_code == 404:
            continue  # not there for this person, whatever is asked or posted
        words = b"".join(page).decode(errors="replace")
        names = NAMES | dict.fromkeys(re.findall(r' name="([^"]+)"', words), "")
        for value in POSTED:
            assert client.get(at, dict.fromkeys(NAMES, value)).status_code < 500, (name, value)
            assert client.post(at, dict.fromkeys(names, value)).status_code < 500, (name, value)


def hostile_addresses(route: str, places: dict[str, dict[str, str]]) -> Iterator[str]:
    """The address with each hostile value in each of its gaps in turn."""
    gaps = places.get(stage := stage_of(route), {})
    for gap in re.findall(r"<\w+:(\w+)>", route):
        for value in HOSTILE:
            yield address(route, places | {stage: gaps | {gap: value}})


def test_every_role_stands_in_the_table_or_is_like_one_that_does():
    found = {
        role: {
            str(other)
            for other in Role
            if other != role and permissions(other) == permissions(Role(role))
        }
        for role in ROLES_ALIKE
    }

    assert found == ROLES_ALIKE
    assert set(ROLES_ALIKE).union(*ROLES_ALIKE.values()) == set(Role)


def all_pages() -> Iterator[tuple[str, str]]:
    """Name and route of every page, those of libraries too, in the order of the addresses."""
    return _walk(get_resolver("cdop.urls"), "", "")


def _walk(resolver, namespace: str, before: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if not isinstance(entry, URLPattern):
            inside = f"{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inside, route)
        else:
            yield namespace + entry.name, route


def address(route: str, places: dict[str, dict[str, str]]) -> str:
    """The route with what the stage has in each of its gaps."""
    gaps = places.get(stage_of(route), {})
    return "/" + re.sub(r"<\w+:(\w+)>", lambda gap: gaps[gap[1]], route)


def stage_of(route: str) -> str:
    """The part of an address that says what stands in its gaps."""
    return "report/agency" if route.startswith("report/agency/") else route.split("/")[0]


def permissions(role: Role) -> set[Permission]:
    return set(ROLES[role].permissions) - WITHOUT_A_PAGE


def expected() -> dict[str, list[int]]:
    rows = (line.split() for line in TABLE.strip().splitlines())
    return {name: [int(status) for status in statuses] for name, *statuses in rows}
