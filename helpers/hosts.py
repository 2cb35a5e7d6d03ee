"""A web address, or a site's name as somebody wrote it, goes in; its host comes out, so that both can be compared."""

from urllib.parse import urlsplit


def host_of(address: str) -> str:
    """Return the host of a web address without “www.”; empty where it has none.

    >>> host_of("https://www.aljazeera.com/news/1"), host_of("mailto:a@b.example"), host_of("http://[broken")
    ('aljazeera.com', '', '')
    """
    try:
        parts = urlsplit(address)
        return (parts.hostname or "").removeprefix("www.") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def host_of_site(name: str) -> str:
    """Return the host that a site's name stands for, however it is written.

    >>> host_of_site("Newspaper.example"), host_of_site("https://www.newspaper.example/"), host_of_site("")
    ('newspaper.example', 'newspaper.example', '')
    """
    name = name.strip()
    return host_of(name if "://" in name else f"https://{name}")
