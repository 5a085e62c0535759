// The service worker: the app of one build, whole, kept by the browser, so that it opens without a network. No key is in
// it and no private word, and what is asked of the API it never touches.
//
// A build is installed whole or not at all: every file is compared with the hash that this one was built with. Pages of
// an older build keep the files of theirs for as long as one is open.

declare const BUILD: string;
declare const FILES: readonly (readonly [path: string, sha256: string])[];

/** What the page says: have this build take over from the one before. */
type Said = { takeOver?: true };

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

const worker = self as unknown as ServiceWorkerGlobalScope;

const CACHES = "app-";
const MINE = CACHES + BUILD;
const LOCKS = "build-"; // held by the Worker of every open page
const PATHS = new Set(FILES.map(([path]) => path));
const PAGE = "/";
// Where the page stands; it is the same bytes at each.
const PAGES = new Set([PAGE, "/join", "/found", "/ask", "/link", "/recover", "/protects", "/check"]);

const OUTBOX = "outbox";
const NEWS = "news";

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const path = pathOf(event.request);
  if (path === null) return;
  if (event.request.mode === "navigate") event.waitUntil(sweep());
  event.respondWith(answer(path, event.request));
});
worker.addEventListener("message", (event) => {
  if ((event.data as Said).takeOver) event.waitUntil(worker.skipWaiting());
});
worker.addEventListener("sync", (event) => {
  const { tag } = event as SyncEvent;
  if (tag === OUTBOX) (event as SyncEvent).waitUntil(wake());
});
// Whatever was pushed, nothing of it is shown.
worker.addEventListener("push", (event) => event.waitUntil(show("Something is new", NEWS)));
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open());
});

async function install(): Promise<void> {
  const files = await Promise.all(FILES.map(fetchFile));
  const known = await caches.has(MINE);
  const cache = await caches.open(MINE);
  try {
    for (const [path, file] of files) await cache.put(path, file);
  } catch (error) {
    // No room. If it is there from before, pages may be open that live on it.
    if (!known) await caches.delete(MINE);
    throw error;
  }
}

/** Return a file of this build; throw if it cannot be had, or is another's, as while the server is being brought up to date. */
async function fetchFile([path, sha256]: (typeof FILES)[number]): Promise<[path: string, file: Response]> {
  const response = await fetch(path, { cache: "no-cache", credentials: "omit", redirect: "error" });
  const data = await response.arrayBuffer();
  if (!response.ok || (await hash(data)) !== sha256) throw new TypeError(`${path} is not of this build`);
  const headers = new Headers(response.headers);
  // The bytes are unpacked by now.
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  return [path, new Response(data, { headers })];
}

async function hash(data: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function activate(): Promise<void> {
  await worker.clients.claim();
  await sweep();
}

/** Remove what older builds have left, but for those of which a page is open, or which wait to take over. */
async function sweep(): Promise<void> {
  const { installing, waiting } = worker.registration;
  const others = (await caches.keys()).filter((name) => name.startsWith(CACHES) && name !== MINE);
  if (others.length === 0 || installing || waiting) return;
  const pages = await openPages();
  const { held = [] } = await navigator.locks.query();
  const builds = held.map(({ name = "" }) => name).filter((name) => name.startsWith(LOCKS));
  // A page that is only just starting has not said of which build it is.
  if (builds.length < pages.length) return;
  const inUse = new Set(builds.map((name) => CACHES + name.slice(LOCKS.length)));
  for (const name of others) if (!inUse.has(name)) await caches.delete(name);
}

/** Return where in the cache the answer to a request is; null: it is not for us to answer. */
function pathOf({ method, mode, url }: Request): string | null {
  const { origin, pathname, search } = new URL(url);
  if (method !== "GET" || origin !== worker.location.origin) return null;
  if (mode === "navigate") return PAGES.has(pathname) ? PAGE : null;
  return search === "" && (PATHS.has(pathname) || pathname.startsWith("/static/")) ? pathname : null;
}

async function answer(path: string, request: Request): Promise<Response> {
  // What is not of this build may be a part of an older one that a page is only now going to.
  const kept = PATHS.has(path) ? (await caches.open(MINE)).match(path) : caches.match(path);
  return (await kept) ?? fetch(request);
}

/** Have the open pages send what waits: they have the keys. Where none is open, say that something waits. */
async function wake(): Promise<void> {
  const pages = await openPages();
  for (const page of pages) page.postMessage({ flush: true });
  if (pages.length > 0) return;
  await show("Something of yours has not been sent yet. Open to send it.", OUTBOX);
}

async function show(words: string, tag: string): Promise<void> {
  if (!("Notification" in self) || Notification.permission !== "granted") return;
  await worker.registration.showNotification(words, { tag, icon: "/static/icon-192.png", lang: "en-GB" });
}

async function open(): Promise<void> {
  const [page] = await openPages();
  await (page ? page.focus() : worker.clients.openWindow(PAGE));
}

async function openPages(): Promise<readonly WindowClient[]> {
  return worker.clients.matchAll({ type: "window", includeUncontrolled: true });
}
