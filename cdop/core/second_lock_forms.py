"""What is asked when a passkey is added, in words of this system."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms


class PasskeyForm(AddWebAuthnForm):
    passwordless = forms.BooleanField(
        label="Use it instead of the password too",
        help_text="It then asks for your fingerprint, your face or a PIN, and is all you need.",
        required=False,
        initial=True,
    )
