"""Curators' accounts, which owners look after."""

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django_otp.plugins.otp_static.admin import StaticDevice  # registered by being imported
from django_otp.plugins.otp_totp.admin import TOTPDevice

from timeline.editing.accounts import take_away

BEYOND_ROLES = ("is_superuser", "user_permissions")

admin.site.unregister((User, TOTPDevice, StaticDevice))  # a secret is shown to its owner alone


@admin.register(User)
class AccountAdmin(UserAdmin):
    """An owner gives roles. What goes beyond them is a superuser's to give and to change."""

    list_display = ["username", "is_active", "roles", "has_second_factor", "last_login"]
    list_filter = ["is_active", "groups"]
    actions = ["take_away_second_factor"]

    def get_queryset(self, request):
        app = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        accounts = super().get_queryset(request).annotate(is_enrolled=Exists(app))
        return accounts.prefetch_related("groups")

    @admin.display(boolean=True, description="second factor")
    def has_second_factor(self, user):
        return user.is_enrolled

    @admin.action(description="Phone lost: take away the second factor", permissions=["change"])
    def take_away_second_factor(self, request, queryset):
        for user in queryset:
            if not self.has_change_permission(request, user):
                said = f"Not taken away: {user} is above your rights."
                self.message_user(request, said, messages.WARNING)
                continue
            take_away(user)
            self.log_change(request, user, "Took away the second factor.")
            said = f"{user} enrols a new app at the next login, with name and password alone."
            self.message_user(request, said, messages.SUCCESS)

    @admin.display
    def roles(self, user):
        names = [group.name for group in user.groups.all()]
        return ", ".join([*names, *(["superuser"] if user.is_superuser else [])])

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, *BEYOND_ROLES]

    def has_change_permission(self, request, obj=None):
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not is_above
