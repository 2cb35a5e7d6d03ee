"""A web address goes in; its host, or the form in which two addresses are compared, comes out."""

from urllib.parse import urljoin, urlsplit


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


def same_page(address: str) -> str:
    """Return an address as it is compared: no scheme, “www.”, fragment and last slash.

    >>> same_page("https://www.site.example/a/?p=1#top") == same_page("http://site.example/a?p=1")
    True
    """
    host = host_of(address.strip())
    if not host:
        return address
    parts = urlsplit(address.strip())
    return f"{host}{parts.path.rstrip('/')}{f'?{parts.query}' if parts.query else ''}"


def led_on(address: str, base: str) -> str:
    """Return an address that leads on from another; itself where it cannot.

    >>> led_on("boat", "https://n.example/news/"), led_on("http://[broken", "https://n.example/")
    ('https://n.example/news/boat', 'http://[broken')
    """
    try:
        return urljoin(base, address)
    except ValueError:
        return address
