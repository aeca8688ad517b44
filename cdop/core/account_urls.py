"""What is used of allauth: signing in and out, the password, the second lock. Nothing else.

Its other pages let a person sign up or sign in with another address; here an account and its
address are given by invitation. The names are those that allauth looks up.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_lock
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path
from django.views.generic import RedirectView

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
    path("2fa/", second_lock.index, name="mfa_index"),
    path("2fa/authenticate/", second_lock.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", second_lock.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
]
