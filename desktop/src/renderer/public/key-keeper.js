// Part of the service worker: holds the unlocked key in memory while a page is loaded again. A page that goes leaves
// it here (`platform/key-handover.ts`), the next one takes it, and after a few seconds it is gone either way.
{
  const keepMs = 8_000;
  let kept = null;

  self.addEventListener('message', (event) => {
    switch (event.data?.type) {
      case 'KEEP_KEY': {
        const mine = { key: event.data.key };
        kept = mine;
        // The browser may stop a worker that waits for nothing.
        event.waitUntil(
          new Promise((resolve) => setTimeout(resolve, keepMs)).then(() => {
            mine.key.bytes.fill(0);
            if (kept === mine) kept = null;
          }),
        );
        break;
      }
      case 'TAKE_KEY':
        event.ports[0].postMessage(kept?.key ?? null);
        kept = null;
        break;
      case 'FORGET_KEY':
        kept = null;
        break;
    }
  });
}
