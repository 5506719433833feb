"""What forms and lists offer to whom: see timeline/editing/roles.py."""

from people.models import Standing
from timeline.editing.roles import is_public, may_publish
from timeline.models import Dispute, State
from timeline.models.claims import PLACED

NEEDS_RIGHT = "Only an editor can choose this: leave it as it is and ask one."
OF_DRAFTS = {"state": (State.DRAFT, State.REVIEW), "standing": (Standing.DRAFT,)}
OF_EDITORS = {"is_list", "withdrawn_reason", "private_why", "weight", *PLACED}


class DraftsForAll:
    """Lets whoever may write have drafts; what readers see at once is for who may publish."""

    def has_change_permission(self, request, obj=None):
        """What was merged redirects, and is nobody’s to change."""
        may = super().has_change_permission(request, obj) and may_touch(request.user, obj)
        return may and not getattr(obj, "merged_into_id", None)

    def get_search_results(self, request, queryset, search_term):
        """What was merged is chosen nowhere: the record that stays is."""
        if request.path.endswith("/autocomplete/") and hasattr(queryset.model, "merged_into"):
            queryset = queryset.filter(merged_into=None)
        return super().get_search_results(request, queryset, search_term)

    def has_delete_permission(self, request, obj=None):
        """Who may not publish deletes what they wrote themselves, as long as it is a draft."""
        may = super().has_delete_permission(request, obj)
        writer = getattr(obj, "written_by_id", request.user.pk)
        is_own = may_publish(request.user) or writer == request.user.pk
        return may and is_own and may_touch(request.user, obj)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        drafts = OF_DRAFTS.get(db_field.name)
        if drafts and not may_publish(request.user):
            kwargs["choices"] = [(value, value.label) for value in drafts]
            kwargs["initial"] = drafts[0]
            kwargs["error_messages"] = {"invalid_choice": NEEDS_RIGHT}
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.related_model is Dispute and not may_publish(request.user):
            drafts = (State.DRAFT, State.REVIEW)
            kwargs["queryset"] = Dispute.objects.filter(state__in=drafts)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj)]
        if may_publish(request.user):
            return fields
        own = {field.name for field in self.model._meta.get_fields()}
        return [*fields, *sorted(OF_EDITORS & own)]


def may_touch(user, row):
    return row is None or not is_public(row) or may_publish(user)
