"""Style sheets are written to be read, and served without their white space and remarks."""

import rcssmin
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN_STYLES = "css/"


def minified(style):
    """A style sheet as it is served."""
    return rcssmin.cssmin(style)


class MinifiedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Takes white space and remarks out of the project's own style sheets, before they are named
    by their content and compressed."""

    def _save(self, name, content):
        if name.startswith(OWN_STYLES) and name.endswith(".css"):
            content.seek(0)  # it has been read to its end where its name was worked out
            content = ContentFile(minified(content.read().decode("utf-8")).encode("utf-8"))
        return super()._save(name, content)
