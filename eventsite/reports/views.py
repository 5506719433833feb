"""The form by which a reader tells of an error or of harm: without cookies, and kept in no page."""

from django import forms
from django.conf import settings
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from eventsite.gate import sender
from eventsite.reports.models import LONGEST_PAGE, Report
from eventsite.reports.throttle import Throttle

TOO_MANY = _("Several reports came from where you are today. Please write to us, or come tomorrow.")
SAY = _("Say in a few words what is wrong, or who is at risk.")
throttle = Throttle()


class ReportForm(forms.ModelForm):
    class Meta:
        model = Report
        fields = ["kind", "words", "page", "contact"]
        labels = {
            "kind": _("What is it about?"),
            "words": _("What should we know?"),
            "page": _("On which page?"),
            "contact": _("Where can we answer you?"),
        }
        help_texts = {
            "words": _("In any language. Tell nothing that could harm somebody if it were read."),
            "page": _("Its address here."),
            "contact": _(
                "Only if you want an answer: an e-mail address, or a name in a messenger."
            ),
        }
        widgets = {
            "kind": forms.RadioSelect,
            "words": forms.Textarea(attrs={"rows": 6}),
            "page": forms.TextInput,
            "contact": forms.TextInput(attrs={"autocomplete": "off"}),
        }
        error_messages = {"words": {"required": SAY}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Report.Kind.choices


def page_of(text):
    """The page that a link to the form names; empty for anything but a path here."""
    is_path = text.startswith("/") and not text.startswith("//")
    return text if is_path and len(text) <= LONGEST_PAGE else ""


@never_cache
@csrf_exempt  # nobody is signed in here: there is no cookie that another site could make use of
@require_http_methods(["GET", "HEAD", "POST"])
def report(request):
    response = answer(request)
    response["X-Robots-Tag"] = "noindex"
    return response


def answer(request):
    if request.method != "POST":
        form = ReportForm(initial={"page": page_of(request.GET.get("page", ""))})
        return render(request, "reports/report.html", {"form": form})
    form = ReportForm(request.POST)
    if form.is_valid():
        if throttle.takes(sender(request)):
            form.save()
            return render(request, "reports/sent.html", {"days": settings.CONTACT_DAYS})
        form.add_error(None, TOO_MANY)
    return render(request, "reports/report.html", {"form": form}, status=422)
