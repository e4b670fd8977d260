// Takes away everything that the page keeps in this browser.

/** Forgets settings, files, progress and the offline copy. The open files stay open until the page is closed. */
export async function forget(page) {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("watertight.")) localStorage.removeItem(key);
    for (const name of await caches.keys()) if (name.startsWith("watertight-")) await caches.delete(name);
    const own = new URL("./", document.baseURI).href;
    for (const registration of await navigator.serviceWorker.getRegistrations()) {
      if (registration.scope === own) await registration.unregister();
    }
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
  page.act("forget", "");
}
