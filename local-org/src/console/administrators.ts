import type { RequestHandler } from 'express';

import { sessionOf } from '../api/session.ts';
import { escapeHtml, link, page } from './html.ts';

/**
 * Lets System Administrators pass: the console shows rows of everyone and values of flows, past
 * permissions and sharing. A browser without a session is sent to the login; others are told where
 * their pages are. Nothing that passes is kept by the browser.
 */
export function administratorsOnly(options: {
  readonly isAdministrator: (userId: string) => boolean;
  readonly nameOf: (userId: string) => string;
}): RequestHandler {
  return (request, response, next) => {
    response.set('cache-control', 'no-store');
    const session = sessionOf(request);
    if (session === undefined) {
      const query = new URLSearchParams({ startURL: request.originalUrl });
      return response.redirect(302, `/login?${query.toString()}`);
    }
    if (options.isAdministrator(session.userId)) return next();
    response
      .status(403)
      .type('html')
      .send(refusal(options.nameOf(session.userId)));
  };
}

const OWN_PAGES = [
  { text: 'Assets', href: '/lightning/o/Asset/list' },
  { text: 'Cases', href: '/lightning/o/Case/list' },
];

function refusal(name: string): string {
  const links = OWN_PAGES.map((one) => `<li>${link(one)}</li>`).join('');
  const others = link({ text: 'Log out', href: '/secur/logout' });
  return page({
    title: 'This page is for administrators',
    intro: `<p>You are logged in as ${escapeHtml(name)}, who is not a System Administrator. Your pages are these:</p>`,
    main: `<ul>${links}</ul><p>${others} to come back as someone else.</p>`,
    isConsole: false,
  });
}
