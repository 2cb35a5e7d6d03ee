"""lemminflect's dictionary goes in; `helpers/text/adverbs.txt` comes out: the words in -ly that are adverbs only.

    python docs/scripts/adverbs.py

A name that opens a sentence may stand behind one (Recently Kim said), and no name begins with one.
"""

from pathlib import Path

from lemminflect import Lemmatizer

from helpers.text.thesaurus import readings

TARGET = Path(__file__).parents[2] / "helpers" / "text" / "adverbs.txt"
ADVERBS = {"RB", "RBR", "RBS"}  # Penn tags


def adverbs() -> list[str]:
    """Return the folded words in -ly that the dictionary knows as adverbs, and as nothing else."""
    words = sorted(word for word in Lemmatizer()._getLemmaDict() if word.endswith("ly") and word == word.lower())
    return [word for word in words if (tags := {tag for _, _, tag in readings(word)}) and tags <= ADVERBS]


if __name__ == "__main__":
    TARGET.write_text("\n".join(adverbs()) + "\n", encoding="utf-8")
