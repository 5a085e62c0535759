// Say the pictures that come on standard input as the screens do, on standard output.

import { readFileSync } from "node:fs";

import type { Picture } from "../../microblog/web/src/client/shown-picture.ts";
import { paragraph } from "../../microblog/web/src/views/picture-words.ts";

const asked = JSON.parse(readFileSync(0, "utf8")) as { picture: Picture; of: "child" | "household" }[];
process.stdout.write(JSON.stringify(asked.map(({ picture, of }) => paragraph(picture, of))));
