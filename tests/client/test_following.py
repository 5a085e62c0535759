from microblog.client.following import refresh
from tests.client.practice import child_of, read_texts, say


def test_two_people_read_each_others_posts(team_of_two):
    _, ann, bea, log = team_of_two
    assert say(ann, log, "Quieter than last week.").sent
    refresh(bea)
    assert say(bea, log, "Clinic missed again.", kind="records").sent
    refresh(ann)
    assert read_texts(ann, log) == ["Clinic missed again.", "Quieter than last week."]
    assert read_texts(bea, log) == read_texts(ann, log)
    assert [m.person.name for m in child_of(bea, log).members] == ["Ann", "Bea"]
