"""Curators come in with a name, a password and a code; who fails learns nothing of why."""

import re
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from axes.models import AccessAttempt
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.serving import Served, database
from tests.settling import SettlingClient
from timeline.doors import WRONG
from timeline.editing import accounts, roles

PASSWORD = "an invented password"
KEY = "00112233445566778899aabbccddeeff00112233"
LOGIN, FACTOR = "/admin/login/", "/admin/second-factor/"
TRIES = 5


def code_of(key, later=0):
    return f"{totp(bytes.fromhex(key), drift=later):06}"


@pytest.fixture
def make_user(db):
    def make(name="vera", role=roles.EDITOR, **fields):
        user = User.objects.create_user(name, password=PASSWORD, **{"is_staff": True, **fields})
        user.groups.add(Group.objects.get(name=role))
        return user

    return make


@pytest.fixture
def vera(make_user):
    """An account with an app, whose secret is KEY, and recovery codes."""
    user = make_user()
    TOTPDevice.objects.create(user=user, key=KEY)
    user.recovery = accounts.renew_recovery(user)
    return user


def sign_in(name="vera", password=PASSWORD, code="", client=None, **more):
    client = client or SettlingClient()
    sent = {"username": name, "password": password, "code": code}
    client.answer = client.post(LOGIN, sent, **more)
    client.is_in = client.get("/admin/").status_code == 200
    return client


def words(answer):
    """A page without what is another at each asking."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return re.sub(r'value="(vera|nobody|nina|olga)"', "", text)


def test_password_and_code_together_let_in(vera):
    client = sign_in(code=code_of(KEY))

    assert client.is_in
    assert client.answer["Location"] == "/admin/"


def test_who_fails_is_told_the_same_whatever_was_wrong(vera, make_user):
    make_user("nina", is_active=False)
    make_user("olga", is_staff=False)
    tries = {
        "no code": {},
        "another code": {"code": code_of(KEY, later=7)},
        "a code of long ago": {"code": code_of(KEY, later=-4)},
        "no such recovery code": {"code": "abcdefgh"},
        "another password": {"password": "another invented one"},
        "a right code alone": {"password": "another", "code": code_of(KEY)},
        "an unknown name": {"name": "nobody"},
        "a closed account": {"name": "nina"},
        "no curator": {"name": "olga"},
    }
    answers = {}
    for why, sent in tries.items():
        AccessAttempt.objects.all().delete()
        client = sign_in(**sent)
        assert not client.is_in, why
        assert AccessAttempt.objects.get().failures_since_start == 1, why  # each counts
        answers[why] = (client.answer.status_code, words(client.answer))

    assert len(set(answers.values())) == 1
    assert WRONG in answers["no code"][1]


@pytest.mark.parametrize("typed", ["vera", "vera ", " vera  ", "ｖｅｒａ"])
def test_right_password_without_the_code_is_counted_under_the_name_it_was_read_as(vera, typed):
    for _ in range(TRIES):
        client = sign_in(typed)
    assert client.answer.status_code == 429
    assert {row.username for row in AccessAttempt.objects.all()} == {"vera"}


@pytest.mark.parametrize(
    "sent",
    [{"name": "v" * 100_000}, {"name": "vera" + " " * 400}, {"code": "abc\0defg"},
     {"name": "a\0b"}, {"code": "9" * 400}, {"name": ""}, {"password": ""}],
)  # fmt: skip
def test_odd_forms_are_refused_and_nothing_long_is_kept(vera, sent):
    client = sign_in(**sent)
    assert (client.answer.status_code, client.is_in) == (200, False)
    kept = AccessAttempt.objects.values_list("username", flat=True)
    assert all(len(name) <= 150 for name in kept)


def test_network_of_one_sender_counts_as_one_address(vera):
    for number in range(TRIES):
        client = sign_in(password="another", REMOTE_ADDR=f"[2001:db8::{number}]")
    assert client.answer.status_code == 429
    assert sign_in(password="another", REMOTE_ADDR="2001:db8:1::1").answer.status_code == 200


def test_who_has_shown_no_code_can_leave(make_user):
    make_user()
    client = sign_in()
    assert "/admin/logout/" in client.get(FACTOR).content.decode()
    client.post("/admin/logout/")
    assert client.get(FACTOR)["Location"] == LOGIN


def test_sessions_of_a_lost_phone_end(vera, make_user):
    thief = sign_in(code=code_of(KEY))
    owner = SettlingClient()
    owner.force_login(make_user("nina", roles.OWNER))
    take_away(owner, vera)

    assert thief.get("/admin/").status_code == 302
    assert thief.get(FACTOR)["Location"] == LOGIN
    assert owner.get("/admin/").status_code == 200


def test_who_came_in_by_a_recovery_code_stays_in_when_they_are_made_anew(vera):
    client = sign_in(code=vera.recovery[0])
    client.post(FACTOR, {"renew": "1"})
    assert client.get("/admin/").status_code == 200


def test_code_counts_once(vera):
    code = code_of(KEY)

    assert sign_in(code=code).is_in
    assert not sign_in(code=code).is_in


def test_recovery_code_lets_in_once_and_to_another_phone(vera):
    code = vera.recovery[0]

    client = sign_in(code=f" {code.upper()} ")
    assert client.is_in
    assert not sign_in(code=code).is_in
    assert "9 recovery codes are left" in client.get(FACTOR).content.decode()
    page = client.get(f"{FACTOR}?new").content.decode()
    key = client.session["second_factor_key"]
    assert accounts.as_typed(key) in page
    client.post(f"{FACTOR}?new", {"code": code_of(key)})

    assert TOTPDevice.objects.get().key == key
    assert client.get("/admin/").status_code == 200
    assert accounts.device_for(vera, vera.recovery[1]) is None  # the old ones are gone, too


@pytest.mark.parametrize("wrong", [{"password": "another"}, {"code": "000000"}])
def test_after_five_failures_nothing_is_looked_at_for_a_while(vera, make_user, wrong):
    make_user("nina")
    for _ in range(TRIES):
        client = sign_in(**{"code": code_of(KEY), **wrong})
    assert client.answer.status_code == 429
    TOTPDevice.objects.update(throttling_failure_count=0)

    right = sign_in(code=vera.recovery[0])
    assert (right.answer.status_code, right.is_in) == (429, False)
    assert "For 15 minutes" in right.answer.content.decode()
    assert "default-src 'none'" in right.answer["Content-Security-Policy"]
    # Of another name, or from elsewhere, it is not so: nobody is locked out by who knows a name.
    assert sign_in("nina").answer.status_code == 302
    assert sign_in(code=vera.recovery[0], REMOTE_ADDR="192.0.2.7").is_in

    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert sign_in(code=vera.recovery[1]).is_in
    assert not AccessAttempt.objects.exists()  # no address is kept for longer


def test_unknown_names_are_locked_alike(db):
    for _ in range(TRIES):
        client = sign_in("nobody")
    assert client.answer.status_code == 429


def test_nothing_typed_is_kept_of_a_failure(vera, caplog):
    sign_in(password="a-mistyped-secret", code="123456")

    kept = AccessAttempt.objects.values().get()
    assert not [value for value in kept.values() if "secret" in str(value)]
    assert "123456" not in str(kept)
    assert "192.0.2" not in caplog.text


def test_address_is_the_one_that_the_proxy_wrote_down(vera, settings):
    settings.HTTPS = True
    sign_in(HTTP_X_FORWARDED_FOR="203.0.113.9, 192.0.2.44", secure=True)
    sign_in(HTTP_X_FORWARDED_FOR="a name", REMOTE_ADDR="", secure=True)

    kept = AccessAttempt.objects.values_list("ip_address", flat=True)
    assert set(kept) == {"192.0.2.44", None}


def test_who_has_no_second_factor_enrols_one_before_anything_else(make_user):
    make_user()
    client = sign_in()
    assert not client.is_in
    assert client.get("/admin/timeline/event/").status_code == 302
    assert client.get(LOGIN)["Location"] == FACTOR
    page = client.get(FACTOR).content.decode()
    key = client.session["second_factor_key"]
    assert accounts.as_typed(key) in page
    picture = client.get(f"{FACTOR}picture.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"<style" not in picture.content

    refused = client.post(FACTOR, {"code": code_of(key, later=9)}).content.decode()
    assert "shows another code" in refused
    assert not TOTPDevice.objects.exists()
    shown = code_of(key)
    done = client.post(FACTOR, {"code": shown}).content.decode()

    codes = re.findall(r"<li><code>(\w{8})</code>", done)
    assert len(codes) == accounts.RECOVERY_CODES
    assert client.get("/admin/").status_code == 200
    later = client.get(FACTOR).content.decode()
    assert not [secret for secret in (*codes, accounts.as_typed(key)) if secret in later]
    assert client.get(f"{FACTOR}picture.svg").status_code == 404
    # What was shown for enrolling is used up.
    assert not sign_in(code=shown).is_in
    assert sign_in(code=codes[0]).is_in


def test_password_alone_changes_no_second_factor(vera):
    """Nor does a session from before the app was enrolled."""
    client = SettlingClient()
    super(SettlingClient, client).force_login(vera, "django.contrib.auth.backends.ModelBackend")

    for address in (FACTOR, f"{FACTOR}?new"):
        assert client.get(address)["Location"] == LOGIN
        assert client.post(address, {"renew": "1", "code": "1"})["Location"] == LOGIN
    assert client.get(f"{FACTOR}picture.svg").status_code == 404
    assert client.get(LOGIN).status_code == 200
    assert TOTPDevice.objects.get().key == KEY


def test_recovery_codes_are_made_anew(vera):
    client = sign_in(code=code_of(KEY))
    page = client.post(FACTOR, {"renew": "1"}).content.decode()

    fresh = re.findall(r"<li><code>(\w{8})</code>", page)
    assert len(fresh) == accounts.RECOVERY_CODES
    assert not sign_in(code=vera.recovery[0]).is_in
    assert LogEntry.objects.get(object_id=vera.pk).change_message == "Made new recovery codes."


def test_strangers_enrol_nothing(client, db):
    assert client.get(FACTOR)["Location"] == LOGIN
    assert client.get(f"{FACTOR}picture.svg").status_code == 404


def take_away(client, user):
    sent = {"action": "take_away_second_factor", "_selected_action": [user.pk]}
    return client.post("/admin/auth/user/", sent, follow=True)


@pytest.mark.parametrize("role", [roles.CONTRIBUTOR, roles.EDITOR])
def test_no_other_role_takes_a_second_factor_away(vera, make_user, role):
    client = SettlingClient()
    client.force_login(make_user("nina", role))

    assert take_away(client, vera).status_code == 403
    assert accounts.is_enrolled(vera)


def test_owner_takes_away_what_was_lost_and_it_is_in_the_log(vera, make_user):
    client = SettlingClient()
    client.force_login(make_user("nina", roles.OWNER))
    boss = User.objects.create_superuser("boss")
    TOTPDevice.objects.create(user=boss)

    take_away(client, vera)
    assert "above your rights" in take_away(client, boss).content.decode()

    assert not accounts.is_enrolled(vera)
    assert accounts.is_enrolled(boss)
    assert "second factor" in LogEntry.objects.get(object_id=vera.pk).change_message
    assert sign_in().get(FACTOR).status_code == 200  # to enrol anew


def test_who_may_only_look_at_accounts_takes_nothing_away(vera, make_user):
    from django.contrib.auth.models import Permission

    looker = make_user("nina", roles.CONTRIBUTOR)
    looker.user_permissions.add(Permission.objects.get(codename="view_user"))
    client = SettlingClient()
    client.force_login(looker)

    take_away(client, vera)
    assert accounts.is_enrolled(vera)


def test_secrets_are_shown_in_no_list(admin_client):
    for model in ("otp_totp/totpdevice", "otp_static/staticdevice", "axes/accessattempt"):
        assert admin_client.get(f"/admin/{model}/").status_code == 404


def test_session_ends_with_the_working_day_and_no_script_reads_a_cookie(vera):
    cookies = sign_in(code=code_of(KEY)).cookies

    assert 8 * 3600 <= int(cookies["sessionid"]["max-age"]) <= 12 * 3600
    assert all(cookie["httponly"] for cookie in cookies.values() if cookie.value)
    assert {cookies[name]["samesite"] for name in ("sessionid", "csrftoken")} == {"Lax"}


@pytest.mark.parametrize(
    ("password", "said"),
    [("vera-vydumanaja", "similar"), ("short-one", "at least 12"), ("123456789012", "numeric")],
)
def test_weak_passwords_are_refused_in_the_admin(admin_client, db, password, said):
    sent = {"username": "vera-vydumanaja", "password1": password, "password2": password}
    page = admin_client.post("/admin/auth/user/add/", {**sent, "usable_password": "true"})

    assert said in page.content.decode()
    assert not User.objects.filter(username="vera-vydumanaja").exists()


# In the terminal ---------------------------------------------------------------------------------


@pytest.fixture
def terminal(monkeypatch):
    """Types these lines; a callable is asked for what to type."""

    def types(*lines):
        lines = iter(lines)

        def answer(prompt=""):
            line = next(lines, None)
            if line is None:
                raise EOFError
            return line() if callable(line) else line

        monkeypatch.setattr("builtins.input", answer)
        monkeypatch.setattr("getpass.getpass", lambda prompt="": PASSWORD)
        monkeypatch.setattr("timeline.management.commands.second_factor.new_key", lambda: KEY)

    return types


def test_first_owner_enrols_in_the_terminal(db, terminal, capsys):
    terminal("vera", "000000", lambda: code_of(KEY))
    call_command("make_owner")

    said = capsys.readouterr().out
    assert accounts.as_typed(KEY) in said
    assert "█" in said  # the picture
    codes = re.findall(r"^  ([a-z2-7]{8})$", said, re.MULTILINE)
    assert len(codes) == accounts.RECOVERY_CODES
    assert sign_in(code=codes[0]).is_in


@pytest.mark.parametrize("typed", [["000000"] * 3, []])
def test_owner_who_can_not_enrol_now_is_told_when(db, terminal, typed):
    terminal("vera", *typed)
    with pytest.raises(CommandError, match="at the next login"):
        call_command("make_owner")

    assert User.objects.get().groups.get().name == roles.OWNER
    assert not TOTPDevice.objects.exists()
    assert sign_in().get(FACTOR).status_code == 200


def test_lost_phone_and_codes_are_mended_in_the_terminal(vera, terminal):
    other = "ff" * 20
    TOTPDevice.objects.update(key=other)
    terminal(lambda: code_of(KEY))
    call_command("second_factor", "vera")

    assert TOTPDevice.objects.get().key == KEY
    with pytest.raises(CommandError, match="no account"):
        call_command("second_factor", "nobody")


def test_second_factor_that_is_not_enrolled_leaves_the_one_before(vera, terminal):
    terminal("000000")
    with pytest.raises(CommandError):
        call_command("second_factor", "vera")
    assert TOTPDevice.objects.get().key == KEY
    assert accounts.recovery_left(vera) == accounts.RECOVERY_CODES


# What every answer says --------------------------------------------------------------------------

FIRM = {
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}
ASKED = ["/", "/nowhere/", "/healthz", "/admin/login/", "/static/css/site.css", "/search/?q=a"]


@pytest.fixture(scope="module")
def behind_tls(tmp_path_factory):
    """A site as it stands behind a proxy that speaks TLS."""
    folder = tmp_path_factory.mktemp("tls")
    with database(folder, "tls") as url:
        site = Served(folder, url, HTTPS="1", SITE_URL="https://record.example")
        try:
            site.wait()
            yield site
        finally:
            site.kill()


def ask(site, address, **more):
    headers = {"Host": "record.example", "X_Forwarded_Proto": "https"}
    return site.ask(address, **{**headers, **more})


@pytest.mark.parametrize("address", ASKED)
def test_every_answer_is_firm(behind_tls, address):
    """What the Mozilla Observatory grades, of a site behind TLS."""
    status, headers, _ = ask(behind_tls, address)

    assert status in (200, 404)
    assert {name: headers[name] for name in FIRM} == FIRM
    assert "camera=()" in headers["permissions-policy"]
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    for cookie in SimpleCookie(", ".join(headers.get_all("set-cookie") or [])).values():
        assert cookie.key.startswith("__Host-")
        assert cookie["secure"] and cookie["httponly"] and cookie["samesite"]
        assert cookie["path"] == "/" and not cookie["domain"]


def test_admin_sets_cookies_for_this_host_alone(behind_tls):
    _, headers, _ = ask(behind_tls, LOGIN)
    assert headers["set-cookie"].startswith("__Host-csrftoken=")


@pytest.mark.parametrize("address", ["/", "/nowhere/", "/admin/login/", "/static/css/site.css"])
def test_site_behind_tls_is_asked_over_tls_for_a_year(behind_tls, address):
    _, headers, _ = ask(behind_tls, address)
    assert int(re.search(r"max-age=(\d+)", headers["strict-transport-security"])[1]) >= 31_536_000

    status, headers, _ = ask(behind_tls, address, X_Forwarded_Proto="http")
    assert (status, headers["location"]) == (301, f"https://record.example{address}")
    assert headers["permissions-policy"]


def test_answers_without_django_are_firm_too(behind_tls):
    _, first, _ = ask(behind_tls, "/")
    known = ask(behind_tls, "/", If_None_Match=first["etag"])
    refused = ask(behind_tls, "/", method="POST", body=b"a=1")

    assert (known[0], refused[0]) == (304, 405)
    for _, headers, _ in (known, refused):
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["permissions-policy"] == first["permissions-policy"]


def test_form_of_the_door_is_sent_and_counted_behind_the_proxy(behind_tls):
    """With the cookie's longer name, and by the address that the proxy tells."""
    _, headers, page = ask(behind_tls, LOGIN)
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.decode())[1]
    cookie = headers["set-cookie"].partition(";")[0]
    sent = f"csrfmiddlewaretoken={token}&username=nobody&password=a&code="
    more = {
        "Cookie": cookie,
        "Referer": f"https://record.example{LOGIN}",
        "Content_Type": "application/x-www-form-urlencoded",
    }

    def status(sender):
        told = {**more, "X_Forwarded_For": f"198.51.100.1, {sender}"}
        return ask(behind_tls, LOGIN, method="POST", body=sent.encode(), **told)[0]

    assert [status("192.0.2.1") for _ in range(TRIES)] == [200, 200, 200, 200, 429]
    assert status("192.0.2.2") == 200


def test_only_a_curator_in_person_gets_the_picture(make_user, client):
    make_user()
    entered = sign_in()
    entered.get(FACTOR)
    assert entered.get(f"{FACTOR}picture.svg").status_code == 200
    assert client.get(f"{FACTOR}picture.svg").status_code == 404
