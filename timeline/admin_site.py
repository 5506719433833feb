"""The curators' site: whatever a form or an action writes is one deed.

It stands outside the room of forms, which is filled while Django looks for this.
"""

from functools import wraps

from django.contrib.admin import AdminSite

from timeline.editing.keeping import kept


class RecordAdminSite(AdminSite):
    def admin_view(self, view, cacheable=False):
        return super().admin_view(as_a_deed(view), cacheable)


def as_a_deed(view):
    """Who may ask, and that the form is ours, is settled before the view is called."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        request.POST = with_plain_breaks(request.POST)
        with kept():
            return view(request, *args, **kwargs)

    return answer


def with_plain_breaks(sent):
    """What was sent, its line breaks as files have them: else each text would count as changed."""
    plain = sent.copy()
    for name, values in plain.lists():
        plain.setlist(name, [value.replace("\r\n", "\n") for value in values])
    plain._mutable = False
    return plain
