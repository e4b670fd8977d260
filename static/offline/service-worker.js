// Keeps the files of one version of the page and answers from them alone. The build writes the version and the list.
const VERSION = "@version@";
const FILES = ["@files@"];
const CACHE = `watertight-${VERSION}`;

addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) =>
      // What the page has just loaded is taken from the browser's own cache, where the name holds a version; the rest,
      // index.html above all, is asked for anew.
      cache.addAll(FILES.map((file) => new Request(file, { cache: /-[0-9a-f]{16}\./.test(file) ? "default" : "no-cache" }))),
    ),
  );
});

addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith("watertight-") && name !== CACHE);
      await Promise.all(old.map((name) => caches.delete(name)));
    })(),
  );
});

addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting();
});

addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method !== "GET" || !url.startsWith(registration.scope)) return;
  event.respondWith(
    (async () => {
      const cache = await caches.open(CACHE);
      return (await cache.match(url, { ignoreSearch: true })) ?? fetch(event.request);
    })(),
  );
});
