// Who a child or household is, as it is typed, before it is kept.

import { type DateParts, NO_DATE } from "../date-parts.ts";

export interface AboutText {
  name: string;
  others: string;
  how: string; // of its birth; empty: not chosen yet
  day: DateParts;
  school: string;
}

export const NO_ABOUT: AboutText = { name: "", others: "", how: "", day: NO_DATE, school: "" };
