// The people of an invented practice, and what day it is there.

import type { Overview, Person } from "../../microblog/web/src/client/shown.ts";

export const scenario = (self as { SCENARIO?: string }).SCENARIO ?? "normal";
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const now = Date.now();

export const agencies: Overview["agencies"] = [
  { id: "ag-council", name: "Westmere Council", sort: "council" },
  { id: "ag-health", name: "Community Health", sort: "health" },
  { id: "ag-school", name: "North Street Primary", sort: "school" },
  { id: "ag-police", name: "Westmere Police", sort: "police" },
];

function person(
  id: string,
  name: string,
  job: string,
  agency: number,
  role: Person["role"] = "practitioner",
): Person {
  const { id: agencyId = "", name: agencyName = "" } = agencies[agency] ?? {};
  const phone = `01632 960 ${String(100 + Number(id.slice(1))).padStart(3, "0")}`;
  const rest = { left: false, phone, email: "", supervisor: "", deputies: [] };
  return { id, name, job, agency: agencyName, agencyId, role, ...rest };
}

export const me = person(
  "p1",
  "Invented Asha",
  "health visitor",
  1,
  scenario === "practitioner" ? "practitioner" : "steward",
);
export const teacher = person("p2", "Invented Ben", "class teacher", 2);
export const worker = person("p3", "Invented Cara Long-Double-Barrelled", "social worker", 0);
export const manager = person("p4", "Invented Dev", "team manager", 0, "supervisor");
export const officer = person("p5", "Invented Edie", "police constable", 3);
export const nurse = person("p6", "نورة المخترعة", "named nurse", 1, "supervisor");
export const head = person("p7", "Invented Gil", "designated safeguarding lead", 2, "supervisor");
export const gone: Person = { ...person("p8", "Invented Hana", "housing officer", 0), left: true };
export const midwife = person("p9", "Invented Jo", "midwife", 1);
export const people = [me, teacher, worker, manager, officer, nurse, head, gone, midwife];
Object.assign(me, { supervisor: "p6", deputies: ["p4"] });
Object.assign(teacher, { supervisor: "p7" });
Object.assign(midwife, { supervisor: "p6", deputies: ["p7", "p2"] });

/** What a hostile colleague may call themselves, or write, wherever there is room for words. */
export const HOSTILE = `"'><img src=x onerror="ran=1"><script>ran=1</script><svg onload=ran=1>{{ran}}`;
