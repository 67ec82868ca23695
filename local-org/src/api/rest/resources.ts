import { baseOf } from './context.ts';
import type { Handler, Route } from './router.ts';

/** API versions that this org answers, newest last; all with the shapes of the newest. */
export const versions: readonly string[] = Array.from(
  { length: 17 },
  (_, index) => `${50 + index}.0`,
);

const seasons = ['Spring', 'Summer', 'Winter'] as const;

/** The body of `/services/data`. Spring '21 was version 51. */
export function versionList(): { label: string; url: string; version: string }[] {
  return versions.map((version) => {
    const releases = Number.parseInt(version, 10) - 51;
    const season = seasons[((releases % 3) + 3) % 3] ?? '';
    const year = 21 + Math.floor(releases / 3) + (season === 'Winter' ? 1 : 0);
    return { label: `${season} '${year}`, url: `/services/data/v${version}`, version };
  });
}

const list: Handler = (parts, request) => {
  const names = ['sobjects', 'query', 'queryAll', 'composite', 'limits'];
  const { organizationId, userId } = request.session;
  const urls = names.map((name): [string, string] => [name, `${baseOf(request)}/${name}`]);
  // Clients find out who they are through this one.
  urls.push(['identity', `${parts.instanceUrl()}/id/${organizationId}/${userId}`]);
  return { status: 200, body: Object.fromEntries(urls) };
};

const limits: Handler = (parts) => {
  const body: Record<string, { Max: number; Remaining: number }> = {
    DailyApiRequests: {
      Max: parts.calls.max,
      Remaining: Math.max(0, parts.calls.max - parts.calls.used()),
    },
  };
  for (const [name, { max, remaining }] of Object.entries(parts.eventAllocations())) {
    body[name] = { Max: max, Remaining: remaining };
  }
  return { status: 200, body };
};

export const resourceRoutes: readonly Route[] = [
  { method: 'GET', pattern: '', handler: list },
  { method: 'GET', pattern: '/limits', handler: limits },
];
