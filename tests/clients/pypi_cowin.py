"""PyPI `cowin`: the base URL is a class constant from which four others were built when it was loaded.

Its user-agent library would ask the open web for a list of browsers; a list of one, put where it
keeps its cache, spares that. TMPDIR is therefore set to a fresh folder before anything is imported.
"""

import json
import os
import sys
import tempfile
from datetime import datetime, timedelta, timezone

tempfile.tempdir = tempfile.mkdtemp(prefix="teeka-pypi-cowin-")
with open(os.path.join(tempfile.tempdir, "fake_useragent_0.1.11.json"), "w", encoding="utf-8") as cache:
    json.dump({"browsers": {"chrome": ["Mozilla/5.0 (test)"]}, "randomize": {"0": "chrome"}}, cache)

from cowin_api import CoWinAPI  # noqa: E402  (the cache has to be there first)
from cowin_api.constants import Constants  # noqa: E402

BASE = os.environ["TEEKA_URL"].rstrip("/") + "/api/v2"
for name, value in list(vars(Constants).items()):
    if isinstance(value, str) and value.startswith("https://cdn-api.co-vin.in/api/v2"):
        setattr(Constants, name, value.replace("https://cdn-api.co-vin.in/api/v2", BASE))

passed = failed = 0


def check(name, body):
    """Runs one check, prints its line, and gives back what it returned."""
    global passed, failed
    try:
        value = body()
    except Exception as error:  # a failing check must not stop the others
        failed += 1
        print(f"FAILED  pypi cowin: {name}\n        {error!r}")
        return None
    passed += 1
    print(f"ok      pypi cowin: {name}")
    return value


def today():
    """Today in India, DD-MM-YYYY. TEEKA_NOW (RFC 3339) moves it."""
    stated = os.environ.get("TEEKA_NOW")
    now = datetime.fromisoformat(stated) if stated else datetime.now(timezone.utc)
    return now.astimezone(timezone(timedelta(hours=5, minutes=30))).strftime("%d-%m-%Y")


api = CoWinAPI()


def states():
    found = api.get_states()["states"]
    assert len(found) >= 36, len(found)
    return found


def districts():
    found = [d for s in all_states for d in api.get_districts(str(s["state_id"]))["districts"]]
    assert len(found) >= 50, len(found)
    return found


def week():
    for district in all_districts:
        centers = api.get_availability_by_district(str(district["district_id"]), today())["centers"]
        if centers:
            return centers
    raise AssertionError("no district has a session")


def by_pin():
    pin = str(centers[0]["pincode"])
    found = api.get_availability_by_pincode([pin, pin], today())["centers"]
    assert [c["center_id"] for c in found].count(centers[0]["center_id"]) == 2


def by_age():
    limit = centers[0]["sessions"][0]["min_age_limit"]
    found = api.get_availability_by_pincode(str(centers[0]["pincode"]), today(), limit)["centers"]
    assert found and all(s["min_age_limit"] == limit for c in found for s in c["sessions"])


all_states = check("lists the states", states) or []
all_districts = check("lists districts of every state", districts) or []
centers = check("lists a week of sessions in a district", week) or []
check("lists the same centre for a list of PIN codes", by_pin)
check("filters sessions by their age limit", by_age)

print(f"pypi cowin: {passed} passed, {failed} failed")
sys.exit(0 if failed == 0 and passed > 0 else 1)
