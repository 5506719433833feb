"""What every public page has in common at the level of HTTP."""

ADMIN = "/admin/"


class PublicPageMiddleware:
    """Public pages are the same for everyone: cacheable after a check, free of cookies."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith(ADMIN):
            return response
        response.cookies.clear()
        if response.status_code == 200 and "Cache-Control" not in response:
            response["Cache-Control"] = "public, max-age=0, must-revalidate"
        return response
