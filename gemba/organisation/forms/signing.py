"""Sign-in and password."""

from django import forms

from gemba.ui.forms import TextField


class SignInForm(forms.Form):
    """Login and password."""

    login = TextField(
        label="Имя для входа",
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label="Пароль",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Введите пароль."},
    )
    next = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)


class PasswordForm(forms.Form):
    """The old password and the new one twice."""

    old = forms.CharField(
        label="Прежний пароль",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Введите прежний пароль."},
    )
    new = forms.CharField(
        label="Новый пароль",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Введите новый пароль."},
    )
    again = forms.CharField(
        label="Новый пароль ещё раз",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Введите новый пароль ещё раз."},
    )
