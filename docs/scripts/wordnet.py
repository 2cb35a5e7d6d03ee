"""WordNet's database goes in, a folder; `helpers/text/wordnet.txt` comes out: what of it Unspun looks up.

`python docs/scripts/wordnet.py FOLDER`, where FOLDER is what the Debian package wordnet-base (3.0) puts into
/usr/share/wordnet. Kept are words that are written as one and that are neither rare nor among the commonest, with the
other words of their synsets and those of the synsets next to theirs (broader, narrower, similar, see also).
"""

import sys
from collections import defaultdict
from pathlib import Path

from helpers.files.atomic import write_file
from helpers.text.thesaurus import is_common

PARTS = {"noun": "NOUN", "verb": "VERB", "adj": "ADJ", "adv": "ADV"}
NEXT_TO = "@~&^"  # the signs of hypernyms, hyponyms, similar synsets, see also
TARGET = Path(__file__).parents[2] / "helpers" / "text" / "wordnet.txt"


def synsets(path: Path) -> dict[str, tuple[list[str], list[str]]]:
    """Return the synsets of a part of speech: offset -> its words, and the offsets of those next to it."""
    found = {}
    for line in path.read_text(encoding="latin-1").splitlines():
        if line.startswith(" "):  # the licence at the head
            continue
        fields = line.partition(" | ")[0].split()
        words = int(fields[3], 16)
        names = [name.partition("(")[0] for name in fields[4 : 4 + 2 * words : 2]]
        pointers = fields[5 + 2 * words : 5 + 2 * words + 4 * int(fields[4 + 2 * words])]
        beside = [other for sign, other in zip(pointers[::4], pointers[1::4], strict=True) if sign in NEXT_TO]
        found[fields[0]] = names, beside
    return found


def main() -> None:
    """Convert."""
    lines = []
    for file, part in PARTS.items():
        known = synsets(Path(sys.argv[1]) / f"data.{file}")
        same, near = defaultdict(set), defaultdict(set)
        for names, beside in known.values():
            common = set(filter(is_common, names))
            others = {name for offset in beside if offset in known for name in known[offset][0] if is_common(name)}
            for name in common:
                same[name] |= common - {name}
                near[name] |= others - {name}
        for name in sorted(same):
            if beyond := same[name] | near[name]:
                shared = " ".join(sorted(same[name]))
                lines.append(f"{name} {part},{shared},{' '.join(sorted(beyond - same[name]))}\n")
    write_file(TARGET, "".join(lines))
    print(f"{len(lines):,} words in {TARGET}")


if __name__ == "__main__":
    main()
