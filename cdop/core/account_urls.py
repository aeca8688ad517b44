"""What is used of allauth: signing in and out, the password, the second lock. Nothing else.

Its other pages let a person sign up or sign in with another address; here an account and its
address are given by invitation. The names are those that allauth looks up.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_lock
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import RedirectView

from cdop.core import second_lock_views as own
from cdop.core.access import for_signed_in

# Whoever has no password yet gets the first one like a new one: by a link to their address.
by_link = RedirectView.as_view(pattern_name="account_reset_password")

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", by_link, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path(
        "password/reset/key/<account:uidb36>-<key:key>/",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("2fa/", for_signed_in(own.Index.as_view()), name="mfa_index"),
    path("2fa/authenticate/", second_lock.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", second_lock.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", for_signed_in(own.ActivateApp.as_view()), name="mfa_activate_totp"),
    path(
        "2fa/totp/deactivate/",
        for_signed_in(own.DeactivateApp.as_view()),
        name="mfa_deactivate_totp",
    ),
    path("2fa/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/passkeys/add/", for_signed_in(own.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path(
        "2fa/passkeys/sign-in/",
        login_not_required(passkeys.login_webauthn),
        name="mfa_login_webauthn",
    ),
    path(
        "2fa/passkeys/reauthenticate/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "2fa/passkeys/<number:pk>/remove/",
        for_signed_in(own.RemovePasskey.as_view()),
        name="mfa_remove_webauthn",
    ),
    path("2fa/passkeys/<number:pk>/name/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("2fa/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        for_signed_in(own.MakeCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
]
