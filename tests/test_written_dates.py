"""Dates as files hold them: read where they can mean one moment or day, and else left out."""

from datetime import UTC, date, datetime

import pytest

from helpers.files.dates import as_date

READ = {
    "2025-09-05t23:30:00z": "2025-09-05T23:30",
    "20250905T143000Z": "2025-09-05T14:30",
    "2025-09-05T14:30:00-05": "2025-09-05T19:30",
    "2025-09-05T10:00:00 Z": "2025-09-05T10:00",
    "2025-09-05 14:30:00 UTC": "2025-09-05T14:30",
    "2025-09-05 14:30 GMT+2": "2025-09-05T12:30",
    "2025/09/05 14:30": "2025-09-05T14:30",
    "05 Sep 2025": "2025-09-05",
    "Fri, 05 Sept 2025 23:30:00 +0000": "2025-09-05T23:30",
    "Friday, September 5, 2025 - 23:30": "2025-09-05T23:30",
    "5-Sep-25": "2025-09-05",
    "13/09/2025": "2025-09-13",
    "09/13/2025": "2025-09-13",
    "5.5.2025": "2025-05-05",
    "15.09.2025 23:30": "2025-09-15T23:30",
    "/Date(1757082600000)/": "2025-09-05T14:30",
    "/Date(1757082600000+0200)/": "2025-09-05T14:30",
    "1757082600000000": "2025-09-05T14:30",
    "2025-09-05T14:30:00+02:00[Europe/Oslo]": "2025-09-05T12:30",
    "Fri, 05 Sep 2025 14:30:00 +0200 (CEST)": "2025-09-05T12:30",
    # zones by their names
    "Fri, 05 Sep 2025 23:30:00 CEST": "2025-09-05T21:30",
    "Fri, 05 Sep 2025 23:30:00 JST": "2025-09-05T14:30",
    "Fri, 05 Sep 2025 23:30:00 EST": "2025-09-06T04:30",
    "September 5, 2025 14:30 CEST": "2025-09-05T12:30",
    "Fri Sep  5 23:30:00 CEST 2025": "2025-09-05T21:30",
    # names of several zones: the day alone
    "Fri, 05 Sep 2025 23:30:00 BST": "2025-09-05",
    "Fri, 05 Sep 2025 23:30:00 IST": "2025-09-05",
    "Fri Sep 05 23:30:00 BST 2025": "2025-09-05",
    "5 Sept 2025 at 2.30pm BST": "2025-09-05",
    "2025-09-05T14:30:00[Europe/Oslo]": "2025-09-05",
}
NONE = [
    "5/9/2025", "05.09.2025 23:30", "9/5/2025 11:30:00 PM", "2025-13-05", "2025", "2025-09", "September 5", "yesterday",
    "2 hours ago", "Updated 5 Sep 2025", "5 Smarch 2025", "31 Sep 2025", "Fri, 05 Sep 2025 24:00:00 GMT", "0", "12345",
    # what stands for a date that is not known, or cannot be one of publication
    "1970-01-01", "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "1899-12-30", "1900-01-00", "1900-01-01",
    "2099-12-31", "9999-12-31", "0000-00-00", "2205-09-05",
]  # fmt: skip


@pytest.mark.parametrize(("written", "meant"), READ.items())
def test_what_means_one_moment_or_day_is_read(written, meant):
    assert as_date(written) == (meant, "")


@pytest.mark.parametrize("written", NONE)
def test_what_may_be_several_days_or_none_is_left_out_and_said(written):
    assert as_date(written) == ("", written)


@pytest.mark.parametrize("cell", [date(1900, 1, 1), datetime(1899, 12, 30), datetime(9999, 12, 31, tzinfo=UTC)])
def test_a_cell_that_holds_a_placeholder_is_no_date(cell):
    assert as_date(cell) == ("", cell.isoformat())
