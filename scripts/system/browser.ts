import type { Browser, BrowserContext, Page } from 'playwright-core';
import { z } from 'zod';

import { axeSource } from '../../local-org/test/page/chromium.ts';

/** Desktop and phone, as the pages are promised to work on. */
export const SIZES = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const;
export type Size = keyof typeof SIZES;

/** A window of its own session; everything it could not do is collected in `problems`. */
export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Script errors, and what the console calls an error. */
  readonly problems: string[];
}

/** Opens a page of the org as a user; logging in is choosing who one is. */
export async function visit(
  browser: Browser,
  { instanceUrl }: { readonly instanceUrl: string },
  user: string,
  path: string,
  size: Size,
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: SIZES[size],
    isMobile: size === 'phone',
    hasTouch: size === 'phone',
    locale: 'en-US',
    timezoneId: 'UTC',
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  const query = new URLSearchParams({ un: user, startURL: path });
  await page.goto(`${instanceUrl}/login?${query.toString()}`);
  return { context, page, problems };
}

const axeResult = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      help: z.string(),
      nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })),
    }),
  ),
});

/** What axe finds wrong with the page by WCAG 2.2 A and AA and its best practices; empty is good. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const run = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`;
  const { violations } = axeResult.parse(await page.evaluate(run));
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html}\n${failureSummary ?? ''}`),
  );
}
