"""Sections 7 and 9: who may say what in a stream; words are no part of it."""

from tests.stranger.basics import array, authentic, encode, follows, h, must, number, octets, word

ROLES = "follower supervisor keeper"
DAY = 24 * 60 * 60 * 1000
KINDS = ("found", "about", "grant", "epoch", "post", "withdraw", "hold", "shred")
ERASABLE = ("post", "about", "grant", "withdraw")


class Stream:
    def __init__(self, log, directory):
        self.log, self.directory = log, directory
        self.ids, self.kinds, self.team, self.commitments = [], [], {}, []
        self.dropped, self.view, self.epoch_view = set(), 0, 0
        self.posts, self.gone, self.held, self.proposals = {}, set(), False, {}

    def take(self, entry):
        must(self.log != bytes(16), "WrongLog")
        follows(entry, self.log, self.ids)
        must(entry.view >= self.view, "StaleDirectory")
        must(entry.view < len(self.directory.ids), "DirectoryBehind")
        must(self.directory.ids[entry.view] == entry.head, "ForkedDirectory")
        self.directory.check_device(entry.device, entry.author, entry.view, entry.time)
        authentic(entry)
        must(entry.kind in KINDS or entry.kind.startswith("+"), "TooNew")
        self.check_place(entry)
        if entry.kind in KINDS:
            getattr(self, entry.kind)(entry, entry.payload)
        self.ids.append(entry.id)
        self.kinds.append(entry.kind)
        self.view = entry.view

    def check_place(self, entry):
        must((entry.kind == "found") == (entry.seq == 0), "BrokenChain")
        if entry.kind == "found":
            must(entry.epoch == 0, "WrongEpoch")
            return
        must(entry.author in self.team, "NotAllowed")
        is_epoch = entry.kind == "epoch"
        must(is_epoch or not any(self.is_lost(p, entry.view) for p in self.team), "LossUnanswered")
        must(entry.epoch == len(self.commitments) - 1 + is_epoch, "WrongEpoch")

    def is_lost(self, person, view):
        losses = self.directory.persons[person].losses
        gone = not self.directory.works(person, view)
        return gone or any(self.epoch_view < lost <= view for lost in losses)

    def keepers(self):
        for role in ("keeper", "supervisor"):
            named = {person for person, its in self.team.items() if its == role}
            if named:
                return named
        return set(self.team)

    def keeper(self, entry):
        must(entry.author in self.keepers(), "NotAllowed")

    def supervisor(self, entry):
        must(self.team[entry.author] == "supervisor" or entry.author in self.keepers(),
             "NotAllowed")  # fmt: skip

    # The kinds

    def found(self, entry, payload):
        commitment, rows = array(payload, 2, 2)
        octets(commitment, 32)
        must(read_list(rows) == {entry.author: "keeper"}, "WrongList")
        self.team, self.epoch_view = {entry.author: "keeper"}, entry.view
        self.commitments.append(commitment)

    def about(self, entry, payload):
        array(payload, 0, 0)
        self.keeper(entry)

    def grant(self, entry, payload):
        person, role = array(payload, 2, 2)
        octets(person, 16)
        word(role, ROLES)
        self.keeper(entry)
        must(self.directory.works(person, entry.view), "NotAllowed")
        must(len({*self.team, person}) <= 200, "NotAllowed")
        self.team[person] = role

    def epoch(self, entry, payload):
        commitment, rows, dropped, escrow = array(payload, 4, 4)
        octets(commitment, 32)
        team = read_list(rows)
        drops = [number(it, len(self.commitments) - 1) for it in array(dropped, 0, 2**16)]
        must(drops == sorted(set(drops)) and not self.dropped & set(drops), "WrongList")
        octets(escrow, 0)
        left = {p for p in self.team if not self.directory.works(p, entry.view)}
        must(set(team.items()) <= set(self.team.items()), "WrongList")
        must(not left & set(team) and entry.author in team, "WrongList")
        exact = set(self.team) - set(team) == left and not drops
        must(exact or entry.author in self.keepers(), "NotAllowed")
        self.team, self.epoch_view = team, entry.view
        self.dropped |= set(drops)
        self.commitments.append(commitment)

    def post(self, entry, payload):
        number(array(payload, 1, 1)[0], 2)
        self.posts[entry.seq] = (entry.author, entry.time, "")

    def withdraw(self, entry, payload):
        seq, erase = array(payload, 2, 2)
        number(seq)
        number(erase, 1)
        must(seq in self.posts, "NotAllowed")
        author, time, state = self.posts[seq]
        must(entry.author == author or entry.author in self.keepers(), "NotAllowed")
        must(state == "" or (state == "withdrawn" and erase), "NotAllowed")
        if erase:
            must(entry.time - time <= 7 * DAY and not self.held, "NotAllowed")
            self.gone.add(seq)
        self.posts[seq] = (author, time, "erased" if erase else "withdrawn")

    def hold(self, entry, payload):
        on = number(array(payload, 1, 1)[0], 1) == 1
        self.supervisor(entry)
        must(on != self.held, "NotAllowed")
        self.held = on
        if on:
            self.proposals = {}

    def shred(self, entry, payload):
        seqs, named = array(payload, 2, 2)
        for seq in array(seqs, 1, 2**16):
            number(seq)
        octets(named, 0, 32)
        must(seqs == sorted(set(seqs)), "WrongList")
        must(not self.held, "NotAllowed")
        if not named:
            self.keeper(entry)
            must(seqs[-1] < entry.seq and len(self.proposals) < 8, "NotAllowed")
            self.proposals[entry.id] = (entry.author, entry.time, h("", encode(seqs)))
            return
        self.supervisor(entry)
        must(named in self.proposals, "NotAllowed")
        author, time, same = self.proposals.pop(named)
        must(same == h("", encode(seqs)) and author != entry.author, "NotAllowed")
        must(entry.time - time >= 14 * DAY, "NotAllowed")
        self.gone |= {seq for seq in seqs if self.kinds[seq] in ERASABLE}
        for seq in self.posts.keys() & set(seqs):
            self.posts[seq] = (*self.posts[seq][:2], "erased")


def read_list(rows):
    team = [array(row, 2, 2) for row in array(rows, 1, 200)]
    named = [octets(row[0], 16) for row in team]
    for row in team:
        word(row[1], ROLES)
    must(named == sorted(set(named)), "WrongList")
    return dict(team)
