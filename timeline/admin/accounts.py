"""Curators' accounts, which owners look after."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

BEYOND_ROLES = ("is_superuser", "user_permissions")

admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """An owner gives roles. What goes beyond them is a superuser's to give and to change."""

    list_display = ["username", "is_active", "roles", "last_login"]
    list_filter = ["is_active", "groups"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

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
