"""A chronology taken out in the browser, with real keys from the real server, opened elsewhere."""

from __future__ import annotations

import pytest

from microblog.sheets.tables import read_table

pytestmark = pytest.mark.browser


def test_what_is_taken_out_is_what_was_posted_and_the_team_sees_by_whom(asha, ben, tmp_path):
    asha.begin("Sample A")
    asha.post("Quieter than last week.")
    asha.add("Invented Ben, class teacher")
    ben.visit("Stream")
    ben.sees_news("Quieter than last week.")
    ben.press("Copied to my record")
    ben.sees("Copied to the record by Invented Ben on")
    asha.open_child("Sample A")
    asha.sees_news("Copied to the record by Invented Ben on")

    asha.follow("Team of")
    asha.follow("Take posts out")
    asha.page.get_by_role("radio", name="A spreadsheet").check()
    asha.fill(Why="The case conference")
    asha.press("Show what goes out")
    asha.sees("2 rows, all that was posted.")
    with asha.page.expect_download() as download:
        asha.press("Tell the team, and save the spreadsheet")
    download.value.save_as(tmp_path / "chronology.xlsx")
    titles, first, second = read_table((tmp_path / "chronology.xlsx").read_bytes()).sheets[0].table
    row = dict(zip(titles, first, strict=True))
    assert [row["Text"], row["Kind"], row["Standing"], row["About"]] == [
        "Quieter than last week.", "Hunch", "Opinion", "Sample A",
    ]  # fmt: skip
    assert row["Remarks"].startswith("Copied to the record by Invented Ben on ")
    assert dict(zip(titles, second, strict=True))["Answers"] == "1"

    ben.open_child("Sample A")
    ben.follow("Team of")
    ben.sees_news("took out a spreadsheet")
    assert [*asha.profile.complaints, *ben.profile.complaints] == []
