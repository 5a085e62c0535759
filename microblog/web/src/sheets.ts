// The Worker for spreadsheets: strangers' files are taken apart here, where there are no keys and no server.

import type { SheetsAsk } from "./sheets/messages.ts";
import { answer } from "./sheets/tables.ts";

self.onmessage = ({ data }: MessageEvent<SheetsAsk>) => self.postMessage(answer(data));
