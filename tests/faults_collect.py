"""What a site, and a kill, can do to `collect`, done: `make faults KINDS=collect` prints the counts.

Every site is made up and served on this computer, and the server counts what it is asked. A run is held when nothing is
asked twice, too fast, at once, off the site or against robots.txt, and nothing that came is lost.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import faults_fetch
from attempts import Attempts
from made_up_site import (
    HOST,
    ME,
    ROOT,
    Swift,
    article,
    feed,
    gaps,
    index_of,
    listing,
    most_at_once,
    plain_site,
    robots,
    sitemap,
    stories,
)

from helpers.corpus import collect, collected, serve
from helpers.corpus.collecting.keeping import LOG
from helpers.corpus.collecting.serve import Reply, Served
from helpers.corpus.formats import exchange

KILLED = """
import sys
from helpers.corpus.formats import exchange
exchange._sleep = lambda seconds: None
from helpers.corpus import collect
more = {"private": True, "through": sys.argv[2], "progress": False}
collect("gazette.example", sys.argv[1], contact="ada@newsroom.example", **more)
"""
SLACK = 0.02  # seconds between the two clocks of a request: when it is sent, and when the server hears it


class Patches:
    """What `Swift` asks of pytest's monkeypatch, for a block."""

    def __init__(self) -> None:
        self.undo: list = []

    def setattr(self, where, name, value) -> None:
        one = patch.object(where, name, value)
        one.start()
        self.undo.append(one)

    def __enter__(self) -> Swift:
        return Swift(self)

    def __exit__(self, *_: object) -> None:
        for one in reversed(self.undo):
            one.stop()


def run(into: Path, served: Served, **more):
    given = {"contact": ME, "private": True, "through": served.address, "progress": False}
    return collect(HOST, into, **given | more)


# Kills


def cuts(home: Path, times: int = 300, pages: int = 4) -> Attempts:
    """A finished folder, its log and archive cut where a kill could have cut them; the run goes on."""
    chance, lost, wrong, said = random.Random(7), 0, 0, ""
    with Patches() as swift, serve({HOST: plain_site(pages)}) as served:
        served.clock = swift.clock
        whole = run(home / "whole", served)
    archive = next((home / "whole").glob("*.warc.gz"))
    lines = (home / "whole" / LOG).read_bytes().splitlines(keepends=True)[:-1]
    for number in range(times):
        folder, came = _cut(home / f"cut-{number}", lines, archive, chance)
        with Patches() as swift, serve({HOST: plain_site(pages)}) as served:
            served.clock = swift.clock
            table = run(folder, served)
        asked = Counter(f"{ROOT}{path}" for path in served.paths())
        twice = [url for url, count in asked.items() if count > 1 or url in came]
        missing = set(whole["url"]) - set(table["url"])
        lost, wrong = lost + bool(missing), wrong + bool(twice)
        said = said or "; ".join([*twice, *missing])
        shutil.rmtree(folder)
    return Attempts("a kill at any byte of log and archive", times, lost, wrong, said=said)


def _cut(folder: Path, lines: list[bytes], archive: Path, chance: random.Random) -> tuple[Path, set[str]]:
    """A folder as a kill may leave it, and what had come."""
    parsed = [json.loads(line) for line in lines]
    whole = chance.randrange(1, len(lines))
    end = max((one["at"] + one["length"] for one in parsed[:whole] if "at" in one), default=0)
    coming = parsed[whole]
    more = coming["at"] + coming["length"] if "at" in coming else end
    size = chance.choice([end, more, chance.randint(end, more)])
    torn = chance.randrange(len(lines[whole])) if size == more else 0
    folder.mkdir()
    (folder / LOG).write_bytes(b"".join(lines[:whole]) + lines[whole][:torn])
    (folder / archive.name).write_bytes(archive.read_bytes()[:size])
    came = {one["url"] for one in parsed[:whole] if one["event"] == "asked"}
    return folder, came | ({coming["url"]} if size == more > end else set())


def kills(home: Path, times: int = 20) -> Attempts:
    """A run that is killed by the system at a random moment, and started again until it ends."""
    chance, lost, wrong, said = random.Random(11), 0, 0, ""
    site = plain_site(40)
    for number in range(times):
        into = home / f"killed-{number}"
        with Patches(), serve({HOST: site}) as served:
            _kill_after(into, served, chance.randrange(2, 45), chance.random() * 0.01)
            under_way = set(served.paths()[-1:])
            table = run(into, served)
            twice = {path for path, count in Counter(served.paths()).items() if count > 1} - under_way
        missing = len(table) < 43
        lost, wrong = lost + missing, wrong + bool(twice)
        said = said or ", ".join(twice)
        shutil.rmtree(into)
    return Attempts("SIGKILL at any moment", times, lost, wrong, said=said)


def _kill_after(into: Path, served: Served, requests: int, seconds: float) -> None:
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(into), served.address])
    until = time.monotonic() + 120
    while len(served.asked) < requests and process.poll() is None and time.monotonic() < until:
        time.sleep(0.001)
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


# Politeness


def sites(home: Path, times: int = 60) -> Attempts:
    """Random sites with sitemaps, feeds, traps, errors, redirects off the site and rules; the server counts."""
    wrong, said = 0, ""
    for number in range(times):
        chance = random.Random(number)
        wait, budget = chance.choice([1, 5, 20]), chance.choice([5, 30, 200])
        site, delay = random_site(chance)
        with Patches() as swift, serve({HOST: site, "": {"*": article("Elsewhere")}}) as served:
            served.clock = swift.clock
            run(home / f"site-{number}", served, wait=wait, pages=budget)
            bad = broken_rules(served, max(wait, delay), home / f"site-{number}", budget)
        wrong, said = wrong + bool(bad), said or bad
    return Attempts("a random site: pace, one at a time, rules, hosts, budget", times, wrong=wrong, said=said)


def random_site(chance: random.Random) -> tuple[dict, float]:
    """A site of some fifty pages that link anywhere, and the pace that it asks for."""
    delay = chance.choice([0, 0, 3, 17])
    paths = [*stories(30), *(f"/page/{number}" for number in range(8)), *(f"/agenda/{number}" for number in range(12))]
    strange = ["/private/a", "/away", "/round", "http://elsewhere.example/a-page", "/agenda/2093/01", "/x.pdf", "/gone"]
    site = {path: article(path, chance.sample(paths + strange, 6)) for path in paths}
    for path in chance.sample(stories(30), 4):
        site[path] = chance.choice([Reply(404), Reply(500), Reply(410), Reply(200, b""), Reply(403)])
    site |= {
        "/": listing("Gazette", chance.sample(paths, 12)),
        "/robots.txt": robots("/map.xml", rules=f"Disallow: /private/\nCrawl-delay: {delay}"),
        "/map.xml": index_of("/map-1.xml", "/map.xml"), "/map-1.xml": sitemap(chance.sample(stories(30), 15)),
        "/feed/": feed(*chance.sample(stories(30), 5)), "/private/a": article("A door"),
        "/away": Reply(302, b"", {"Location": "http://elsewhere.example/"}),
        "/round": Reply(302, b"", {"Location": "/round"}), "/sitemap.xml": Reply(404),
    }  # fmt: skip
    return site, delay


def broken_rules(served: Served, pause: float, into: Path, budget: int) -> str:
    """Which rule of politeness a run broke, by what the server counted; empty where none."""
    asked = served.paths()
    lines = [json.loads(line) for line in (into / LOG).read_text("utf-8").splitlines()]
    pages = [line for line in lines if line.get("kind") == "page" and line["event"] == "asked"]
    rules = {
        "two at once": most_at_once(served) > 1,
        "too fast": min(gaps(served)[1:], default=pause) < pause - SLACK,
        "off the site": {one.host for one in served.asked} != {HOST},
        "against robots.txt": any(path.startswith("/private") for path in asked),
        "twice": max(Counter(asked).values()) > 1,
        "over budget": len(pages) > budget,
        "not in the log": len(asked) != sum(line["event"] == "asked" for line in lines),
    }
    return ", ".join(name for name, broken in rules.items() if broken)


# Hosts that mean harm


def hosts(home: Path) -> Attempts:
    """Each way to hold a call for ever, as robots.txt or a page of a site; the run ends, and says so."""
    hung, wrong, said = 0, 0, ""
    ways = {**faults_fetch.HANGS, **faults_fetch.REDIRECTS}
    for number, (says, rules) in enumerate(ways.values()):
        with faults_fetch.server(says, rules) as site, faults_fetch.hurried(0.5), Patches():
            begun = time.monotonic()
            try:
                with patch.object(exchange, "WHOLE", 0.5):
                    collect(site, home / f"host-{number}", contact=ME, private=True, timeout=0.3, progress=False)
                table = collected(home / f"host-{number}")
                wrong += not (table.attrs["stopped"] or table.empty)  # redirects without end lead nowhere
                said = said or table.attrs["stopped"]
            except Exception as error:
                wrong, said = wrong + 1, f"{type(error).__name__}: {error}"
            hung += time.monotonic() - begun > 60
    return Attempts("a host that holds a request for ever", len(ways), wrong=wrong, hung=hung, said=said[:220])


def attempts(home: Path) -> Iterator[Attempts]:
    """Attack in full number, and yield what came of it."""
    for attack in (cuts, kills, sites, hosts):
        yield attack(home)
