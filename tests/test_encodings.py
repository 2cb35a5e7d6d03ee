"""Texts in the encodings of the world, whatever is declared of them; and bytes that are no text."""

import zlib
from pathlib import Path

import brotli
import pandas as pd
import pytest

from helpers.corpus import read
from helpers.corpus.formats.encodings import decode, is_binary
from helpers.corpus.formats.latin_bytes import best_latin

ENGLISH = "“It’s the café’s turn,” René said — and then the harbour board met to talk about the ferry and boats."
RUSSIAN = "Паром пришёл в гавань слишком поздно, и жители острова попросили совет о новом расписании на всю зиму."
TEXTS = {
    "cp1251": RUSSIAN, "koi8_r": RUSSIAN, "iso8859_5": RUSSIAN, "cp866": RUSSIAN, "mac_cyrillic": RUSSIAN,
    "cp1253": "Το πλοίο έφτασε αργά στο λιμάνι και οι κάτοικοι του νησιού ζήτησαν ένα νέο δρομολόγιο για τον χειμώνα.",
    "cp1255": "הסירה הגיעה מאוחר לנמל ותושבי האי ביקשו מהמועצה לוח זמנים חדש לכל החורף.",
    "gb18030": "渡轮很晚才到港口，岛上的居民请委员会为冬天制定新的时刻表，公司没有人来参加会议。",
    "big5": "渡輪很晚才到港口，島上的居民請委員會為冬天制定新的時刻表，公司沒有人來參加會議。",
    "cp932": "フェリーは港に遅く着いたので、島の住民は委員会に冬の新しい時刻表を求めた。誰も来なかった。",
    "euc_jp": "フェリーは港に遅く着いたので、島の住民は委員会に冬の新しい時刻表を求めた。誰も来なかった。",
    "cp949": "여객선이 항구에 늦게 도착해서 섬 주민들은 위원회에 겨울철 새 시간표를 요청했다. 아무도 오지 않았다.",
    "iso2022_jp": "フェリーは港に遅く着いたので、島の住民は委員会に冬の新しい時刻表を求めた。",
    "cp1250": "Prom przypłynął do portu za późno, więc mieszkańcy wyspy poprosili radę o nowy rozkład na całą zimę.",
    "iso8859_2": "Trajekt přijel do přístavu pozdě, a tak obyvatelé ostrova požádali radu o nový jízdní řád na zimu.",
    "cp1254": "Gemi limana geç geldi, bu yüzden ada sakinleri kış için yeni bir tarife istedi; kimse çıkmadı.",
    "cp850": "Le bac est arrivé très tard au port, et les habitants de l'île ont demandé à être reçus cet été.",
    "mac_roman": "Le bac est arrivé très tard au port ; les habitants de l’île ont demandé — « enfin » — à être reçus.",
    "cp1252": "Le bac est arrivé très tard au port ; les habitants de l’île ont demandé – « enfin » – à être reçus.",
}  # fmt: skip


def of(tmp_path: Path, name: str, content: bytes) -> pd.DataFrame:
    (tmp_path / name).write_bytes(content)
    return read(tmp_path / name)


@pytest.mark.parametrize("encoding", TEXTS)
def test_a_text_and_a_table_are_read_in_the_encoding_that_they_are_in(tmp_path, encoding):
    text = TEXTS[encoding]
    [article] = of(tmp_path, "text.txt", text.encode(encoding)).to_dict("records")
    assert (article["text"], article["repaired"]) == (text, f"read as {encoding}")
    [article] = of(tmp_path, "table.csv", f'title,text\nBoat,"{text}"\n'.encode(encoding)).to_dict("records")
    assert article["text"] == text
    assert article["repaired"]


@pytest.mark.parametrize(
    "text",
    [
        "The tank holds " + ", ".join(f"{number} m³" for number in range(10, 30)) + ".",
        "He paid " + ", ".join(f"£{number}" for number in range(1, 20)) + ".",
        "It´s the boys´ boat, Nº 1, © Reuters, a “crew” – and 3 × 4.",
        "Muñoz, São Paulo, Zoë, Ångström, Müller and a naïve café: “so”, he said… at 20 °C ©",
        "Færgen kom for sent til øen, og beboerne på øen bad rådet om en ny køreplan for hele året, sagde de på mødet.",
        "Áætlun ferjunnar breyttist á þriðjudag og íbúar eyjarinnar báðu ráðið um nýja áætlun, þó að það væri vetur.",
    ],
)
def test_what_is_western_is_taken_for_nothing_else(text):
    assert best_latin(text.encode("cp1252"))[0] == "cp1252"
    assert decode(text.encode("cp1252"))[0] == text


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        (ENGLISH, "mac_roman", "iso-8859-1"),
        (RUSSIAN, "koi8_r", "windows-1251"),
        (RUSSIAN, "cp1251", "koi8-r"),
        (RUSSIAN, "cp1251", "iso-8859-1"),
        (TEXTS["cp932"], "cp932", "iso-8859-1"),
        (TEXTS["gb18030"], "gb18030", "utf-8"),
        (TEXTS["cp1250"], "cp1250", "windows-1252"),
    ],
)
def test_what_reads_far_better_is_believed_rather_than_what_is_declared(text, encoding, declared):
    assert decode(text.encode(encoding), declared) == (text, [f"declared {declared}, read as {encoding}"])


@pytest.mark.parametrize("encoding", [name for name in TEXTS if name != "cp850"])
def test_a_text_is_read_as_it_is_declared_where_that_is_true(encoding):
    assert decode(TEXTS[encoding].encode(encoding), encoding)[0] == TEXTS[encoding]


@pytest.mark.parametrize(("encoding", "cut"), [("utf-16", 1), ("utf-32", 2), ("utf-32", 1)])
def test_of_wide_characters_that_break_off_only_the_last_is_lost(tmp_path, encoding, cut):
    [article] = of(tmp_path, "text.txt", ENGLISH.encode(encoding)[:-cut]).to_dict("records")
    assert article["text"] == ENGLISH[:-1] + "\ufffd"
    assert article["repaired"] == f"read as {encoding}, 1 character could not be read, or broke off"


def test_halves_of_characters_are_joined_and_harm_nothing_around_them(tmp_path):
    halves = "😀".encode("utf-16-be").decode("utf-16-be", "surrogatepass")
    in_halves = b"".join(
        chr(int.from_bytes(halves.encode("utf-16-be")[at : at + 2])).encode("utf-8", "surrogatepass") for at in (0, 2)
    )
    [article] = of(tmp_path, "text.txt", ENGLISH.encode() + in_halves).to_dict("records")
    assert article["text"] == ENGLISH + "😀"
    assert article["repaired"] == "read as utf-8, halves of characters joined"


def test_one_broken_sequence_costs_itself_only():
    assert decode("It’s late".encode() + b"\xe2\x80 again")[0] == "It’s late\ufffd again"


def test_rows_of_another_encoding_in_a_table_lose_nothing(tmp_path):
    rows = [f'{number},"It’s the café’s turn, — number {number}"\n' for number in range(9)]
    content = b"title,text\n" + b"".join(row.encode("cp1252" if row[0] == "3" else "utf-8") for row in rows)
    table = of(tmp_path, "table.csv", content)
    assert table["text"].tolist() == [row.split('"')[1] for row in rows]
    assert table["repaired"].tolist() == ["4 bytes read as cp1252" if number == 3 else "" for number in range(9)]
    lines = [row.replace('"', "").split(",", 1)[1].strip() for row in rows]
    content = b"".join(b'{"text": "%s"}\n' % one.encode("cp1252" if "3" in one else "utf-8") for one in lines)
    table = of(tmp_path, "table.jsonl", content)
    assert table["text"].tolist() == lines
    assert table["repaired"][table["repaired"] != ""].tolist() == ["4 bytes read as cp1252"]
    assert decode("It’s late — it’s".encode() + " in the café now".encode("cp1252")) == (
        "It’s late — it’s in the café now", ["read as utf-8, 1 byte as cp1252"]
    )  # fmt: skip


@pytest.mark.parametrize("packed", [brotli.compress(ENGLISH.encode() * 3), zlib.compress(ENGLISH.encode() * 3)])
def test_what_is_packed_is_no_text(tmp_path, packed):
    table = of(tmp_path, "page.html.br", packed)
    [problem] = table.attrs["problems"]
    assert len(table) == 0
    assert "control characters and is no text" in problem["problem"]
    assert "unpack it" in problem["mend"]


def test_a_text_whose_marks_became_control_characters_is_a_text():
    assert not is_binary(b"It\x19s the board\x19s turn, and the caf\xc3\xa9\x19s. " * 3)
