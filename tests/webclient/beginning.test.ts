// Lists of children and households at a desk.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import type { Table } from "../../microblog/web/src/client/shown-rows.ts";
import { Unreachable } from "../../microblog/web/src/client/transport.ts";
import { ready } from "../../microblog/web/src/protocol/primitives.ts";
import { Practice } from "./desks.ts";

const TABLE: Table = [
  ["First name", "Surname", "Known as", "Date of birth", "School", "Lives in", "Sort"],
  ["Rosie", "Pine", "Ro; Bear", "31/05/2019", "Oak School", "The Pines", ""],
  ["Alfie", "Pine", "", "EDD 01/02/2027", "", "the  pines", "child"],
  ["The Elms", "", "", "", "", "", "Household"],
  ["Cas", "Elm", "", "", "", "The Elms", ""],
  ["", "", "", "31/05/2019", "", "", ""],
  ["Rosie", "PINE", "", "31/5/19", "", "", ""],
  ["Bo", "Oak", "", "31/02/2019", "", "", ""],
  ["Bo", "Oak", "", "2029", "", "", ""],
  ["Bo", "Oak", "", "", "", "", "dog"],
  ["Bo", "Oak", "a,b,c,d,e,f,g,h,i", "", "", "", ""],
  ["B".repeat(121), "", "", "", "", "", ""],
  ["", "", "", "", "", "", ""],
];

before(async () => ready);

test("a list becomes children and households once, and what cannot be read says why", async () => {
  const { steward: ann } = await Practice.found();
  const { columns, good, known, bad, rows } = await ann.ask("planChildren", { table: TABLE });
  assert.deepEqual([rows, known], [11, []]);
  assert.deepEqual(good.map(({ row, name, birth, sort, household }) => [row, name, birth, sort, household]), [
    [2, "Rosie Pine", "2019-05-31", "child", "The Pines"],
    [3, "Alfie Pine", "2027-02-01", "child", "the pines"],
    [4, "The Elms", "", "household", ""],
    [5, "Cas Elm", "", "child", "The Elms"],
  ]);
  assert.deepEqual(bad.map(({ row, reason }) => [row, reason]), [
    [6, "“First name” is empty: whom is this row about?"],
    [7, "Row 2 has the same name and birth date."],
    [8, "“Date of birth” says “31/02/2019”: February 2019 has no day 31."],
    [9, "“Date of birth” says “2029”: that is still to come."],
    [10, "“Sort” says “dog”: it can be child or household."],
    [11, "“Known as” says “a,b,c,d,e,f,g,h,i”: there is room for 8 names."],
    [12, `“First name” says “${"B".repeat(60)}…”: that is longer than 120 characters.`],
  ]);
  const handed = await ann.ask("beginChildren", { table: TABLE, columns, rows: good.map(({ row }) => row) });
  assert.ok(handed.every(({ done, log }) => done && log !== ""));
  const { children } = await ann.ask("overview");
  assert.deepEqual(children.map(({ name }) => name), ["Alfie Pine", "Cas Elm", "Rosie Pine", "The Elms", "The Pines"]);
  const rosie = children.find(({ name }) => name === "Rosie Pine");
  assert.deepEqual([rosie?.knownAs, rosie?.birth, rosie?.school], [["Ro", "Bear"], { how: "born", date: "2019-05-31" }, "Oak School"]);
  assert.deepEqual(rosie?.households.map(({ name }) => name), ["The Pines"]);
  const again = await ann.ask("planChildren", { table: TABLE });
  assert.deepEqual([again.good, again.known.map(({ row }) => row)], [[], [2, 3, 4, 5]]);
  const same = await ann.ask("beginChildren", { table: TABLE, columns, rows: [2, 5] });
  assert.deepEqual(same.map(({ log }) => log), [handed[0]?.log, handed[3]?.log]);
  assert.equal((await ann.ask("overview")).children.length, 5);
});

test("a server out of reach stops it, and it is gone on with", async () => {
  const { steward: ann } = await Practice.found();
  const table = [["Name"], ["Bo"], ["Cas"], ["Dot"]];
  const { columns } = await ann.ask("planChildren", { table });
  const ask = { table, columns, rows: [2, 3, 4] };
  const { connection } = ann;
  const append = connection.append.bind(connection);
  let sent = 0;
  connection.append = async (...given) => {
    sent += 1;
    if (sent > 1) throw new Unreachable("cut off");
    return append(...given);
  };
  const cut = await ann.ask("beginChildren", ask);
  assert.deepEqual(cut.map(({ done, error }) => [done, error]), [[true, ""], [false, "Unreachable"], [false, ""]]);
  connection.append = append;
  assert.ok((await ann.ask("beginChildren", ask)).every(({ done }) => done));
  assert.equal((await ann.ask("overview")).children.length, 3);
});
