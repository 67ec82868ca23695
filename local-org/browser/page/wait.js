/*
 * The page that waits while components are compiled: asks how far it is, and loads itself again when
 * there is something to show. JavaScript without imports: it is served as it is, before anything is built.
 */

/** Often enough to look alive. */
const ASK_EVERY_MS = 400;

/**
 * Asks once; true when the page can be loaded.
 * @returns {Promise<boolean>}
 */
async function ask() {
  const response = await fetch('/lightning/build');
  const state = /** @type {{ kind: string, text?: string, done?: number, known?: number }} */ (
    await response.json()
  );
  const text = document.querySelector('#preparing-text');
  const bar = document.querySelector('progress');
  if (text !== null && state.text !== undefined) text.textContent = state.text;
  const { done = 0, known = 0 } = state;
  if (bar !== null && known > 1) bar.value = done / known;
  return state.kind !== 'building';
}

async function wait() {
  for (;;) {
    await new Promise((resolve) => {
      setTimeout(resolve, ASK_EVERY_MS);
    });
    if (await ask().catch(() => false)) break;
  }
  location.reload();
}

void wait();
