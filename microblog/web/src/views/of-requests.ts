// What keepers are asked now and then: to let someone in again, or to follow a change among the staff.

export { Proposals } from "./parts/proposals.tsx";
export { Returns } from "./parts/returns.tsx";
