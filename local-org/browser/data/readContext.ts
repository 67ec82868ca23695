import type { PageContext } from './pageContext.ts';

/** Reads the context that the server wrote into the page. */
export function pageContext(): PageContext {
  const text = document.querySelector('#page-context')?.textContent;
  if (typeof text !== 'string') throw new Error('The page carries no context.');
  return JSON.parse(text) as PageContext;
}
