from django import forms
from django.contrib import admin

from people.models import FormerSlug, Organisation, Standing

WARNING = (
    "The address of this page would change. The old one will redirect for ever. "
    "Tick “change the address” to confirm."
)


class SlugForm(forms.ModelForm):
    """Asks twice before a permalink changes."""

    confirm_new_slug = forms.BooleanField(
        required=False,
        label="Change the address",
        help_text="Needed only when the slug of a saved record changes.",
    )

    def clean(self):
        cleaned = super().clean()
        slug = cleaned.get("slug")
        is_changed = self.instance.pk and slug and slug != self.initial.get("slug")
        if is_changed and not cleaned.get("confirm_new_slug"):
            self.add_error("slug", WARNING)
        taken = FormerSlug.objects.filter(slug=slug).exclude(**{self.owner: None})
        if slug and taken.exclude(**{f"{self.owner}__id": self.instance.pk or 0}).exists():
            self.add_error("slug", "This address once led to another page and still redirects.")
        return cleaned

    @property
    def owner(self):
        return self._meta.model._meta.model_name


class SluggedAdmin(admin.ModelAdmin):
    form = SlugForm

    def save_model(self, request, obj, form, change):
        before = form.initial.get("slug")
        super().save_model(request, obj, form, change)
        owner = {obj._meta.model_name: obj}
        FormerSlug.objects.filter(slug=obj.slug, **owner).delete()
        if change and before != obj.slug and self.is_kept(obj):
            FormerSlug.objects.get_or_create(slug=before, **owner)

    def has_delete_permission(self, request, obj=None):
        """What was once public keeps its address: it is withdrawn or merged, not deleted."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or not self.is_kept(obj))

    @staticmethod
    def is_kept(row):
        """Whether its address was public, or the files would bring it back."""
        return row.standing != Standing.DRAFT or bool(row.loaded or row.merged_into_id)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class FormerSlugForm(forms.ModelForm):
    def clean_slug(self):
        """An address with a record of its own redirects nowhere else."""
        slug, owners = self.cleaned_data["slug"], (self.instance.person, self.instance.organisation)
        owner = next((each for each in owners if each), None)
        if owner and type(owner).objects.filter(slug=slug).exists():
            raise forms.ValidationError("This is the address of a record on file.")
        return slug


class FormerSlugInline(admin.TabularInline):
    model = FormerSlug
    form = FormerSlugForm
    verbose_name_plural = "Former addresses, which redirect here"
    fields = ["slug"]
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(SluggedAdmin):
    list_display = ["name", "kind", "standing"]
    list_filter = ["kind", "standing"]
    search_fields = ["name", "slug"]
    ordering = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [FormerSlugInline]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else super().get_prepopulated_fields(request, obj)


NAMING = ("named_because", "never_named")


class PersonAdmin(SluggedAdmin):
    """Registered in timeline.admin, which knows the spellings."""

    beside_label = beside_standing = ()  # further fields of a form that asks more

    list_display = ["label", "slug", "is_a_prisoner", "standing"]
    list_filter = ["standing", *NAMING, ("prisoner", admin.EmptyFieldListFilter)]
    list_select_related = ["prisoner"]
    search_fields = ["label", "slug"]
    search_help_text = "A name in any spelling, Latin or Cyrillic."
    ordering = ["sort_name"]
    inlines = [FormerSlugInline]

    def get_fields(self, request, obj=None):
        who = ["label", *self.beside_label, "slug", "sort_name", "is_a_prisoner"]
        who += ["label_note", "note", *NAMING]
        if obj is None:  # whoever is new is a draft
            return who
        who.insert(who.index("sort_name"), "confirm_new_slug")
        return [*who, "standing", *self.beside_standing, "withdrawn_reason"]

    def view_on_site(self, person):
        return person.get_absolute_url() if person.standing == Standing.PUBLISHED else None

    @admin.display(boolean=True, description="prisoner")
    def is_a_prisoner(self, person):
        return person.is_prisoner

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["label"]}

    def get_search_results(self, request, queryset, search_term):
        matches, _ = super().get_search_results(request, queryset, search_term)
        spelled = queryset.named(search_term) if search_term else queryset.none()
        return queryset.filter(pk__in=[*matches.values_list("pk", flat=True), *ids(spelled)]), False


def ids(queryset):
    return queryset.values_list("pk", flat=True)
