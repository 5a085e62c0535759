"""A stranger's file becomes the same table in both languages, or is refused for the same reason."""

from __future__ import annotations

import io
import zipfile

import pytest

from microblog.sheets.refusal import MAX_FILE_BYTES, WORDS, NotATable
from microblog.sheets.tables import read_table
from tests.conftest import Trials
from tests.sheets.files import all_files, made, packed, parts, since_1904, text_cell
from tests.sheets.twins import read_in_python, read_in_typescript

FILES = all_files()
MARKS = (b'"', b"'", b",", b"\n", b"\r", b"<", b">", b"&", b"/", b"A", b"9", b"=", b"")
# The two files that say a wrong size of a part have nothing to damage in them.
SMALL = [file.data for file in FILES if len(file.data) < 20_000 and "says too" not in file.name]


def expected(file):
    if file.table is None:
        reason, row = file.refused
        return {"reason": reason, "row": row}
    return file.table


def outcome(answer):
    """Return the first sheet's rows, or why there are none."""
    if "refused" in answer:
        return answer["refused"]
    sheet = answer["read"]["sheets"][0]
    return sheet["refused"] or sheet["table"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_what_is_in_it(file):
    answer = read_in_python(file.data)
    assert outcome(answer) == expected(file)
    if file.table is not None:
        assert answer["read"]["guessed"] == file.guessed


def test_both_languages_read_every_file_alike():
    answers = read_in_typescript([file.data for file in FILES])
    for file, answer in zip(FILES, answers, strict=True):
        assert answer == read_in_python(file.data), file.name


@pytest.mark.trial(small=150, great=20_000)
def test_both_languages_end_alike_where_a_text_or_a_part_was_damaged_anyhow(trials: Trials):
    damaged = []
    for number in range(trials.count):
        random = trials.random(number)
        source = random.choice(SMALL)
        damaged.append((hurt_part if is_package(source) else changed)(random, source))
    for data, answer in zip(damaged, read_in_typescript(damaged), strict=True):
        assert answer == read_in_python(data), data


@pytest.mark.trial(small=100, great=20_000)
def test_of_a_damaged_package_no_language_reads_what_the_other_reads_otherwise(trials: Trials):
    packages = [data for data in SMALL if is_package(data)]
    damaged = []
    for number in range(trials.count):
        random = trials.random(number)
        damaged.append(changed(random, random.choice(packages)))
    for data, answer in zip(damaged, read_in_typescript(damaged), strict=True):
        both = [outcome(answer), outcome(read_in_python(data))]
        tables = [one for one in both if isinstance(one, list)]
        assert len(tables) < 2 or tables[0] == tables[1], data


def is_package(data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.testzip() is None
    except zipfile.BadZipFile:
        return False


def hurt_part(random, data):
    """Change a few bytes of one part, and pack it again."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    name = random.choice([*inside])
    return packed(inside | {name: changed(random, inside[name])})


def changed(random, data):
    pieces = bytearray(data)
    for _ in range(random.randrange(1, 4)):
        at = random.randrange(len(pieces) + 1)
        what = random.choice(MARKS)
        pieces[at : at + random.randrange(3)] = what
    return bytes(pieces)


def test_every_sheet_is_there_in_order_and_one_that_is_too_large_does_not_spoil_the_others():
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Large"
    book.active["A20001"] = "too far"
    book.create_sheet("Hidden").append(["b"])
    book["Hidden"].sheet_state = "hidden"
    book.create_chartsheet("Chart")
    book.create_sheet("Last <&>").append(["c"])
    sheets = read_table(made(book)).sheets
    assert [(one.name, one.table) for one in sheets] == [
        ("Large", []),
        ("Hidden", [["b"]]),
        ("Last <&>", [["c"]]),
    ]
    assert sheets[0].refusal is not None
    assert sheets[0].refusal.reason == "too-many-rows"


def test_a_file_that_is_too_large_is_refused_before_it_is_looked_at():
    with pytest.raises(NotATable, match="it is larger than 20 MiB"):
        read_table(b"PK" + bytes(MAX_FILE_BYTES))


def test_every_reason_is_a_sentence_that_says_nothing_of_what_is_in_the_file():
    for reason, words in WORDS.items():
        assert str(NotATable(reason, 7)) == f"{words} (row 7)"
    secret = packed(parts("<x:row>" + text_cell("canary") + "</x:c></x:row>"))
    refusal = read_table(secret).sheets[0].refusal
    assert refusal is not None
    assert "canary" not in repr(refusal)
    assert str(refusal) == "it is damaged, or ends too early"


def test_a_difference_would_be_seen():
    (answer,) = read_in_typescript([made(since_1904())])
    assert answer != read_in_python(b"a,b\n")
