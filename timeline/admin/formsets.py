"""What the curators' forms have in common."""


def kept(formset, column):
    """The cleaned rows of a formset that name something in this column and stay."""
    return [
        form.cleaned_data
        for form in formset.forms
        if form.cleaned_data.get(column) and not form.cleaned_data.get("DELETE")
    ]
