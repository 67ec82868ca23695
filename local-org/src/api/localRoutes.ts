import express from 'express';
import type { Router } from 'express';
import { z } from 'zod';

import type { Automation } from '../automation/makeAutomation.ts';
import type { MovableClock } from '../clock.ts';
import { sessionOf } from './session.ts';

const YEAR = 366 * 86_400_000;

const body = z.strictObject({
  advance: z
    .number()
    .int()
    .min(0)
    .max(10 * YEAR),
});

/**
 * What only this org has, for tests, below `/local`; a client shows its access token, a browser's
 * cookie is not enough.
 *
 * `POST /local/clock {"advance": milliseconds}` sets the org's clock forward and answers when what
 * became due has run: `{"now", "offset"}`, milliseconds. Not there without a clock to move.
 * `GET /local/sent` tells the notifications and emails that flows have sent, in order.
 */
export function localRoutes(parts: {
  readonly clock: MovableClock | undefined;
  readonly automation: Pick<Automation, 'wake' | 'idle' | 'sent'>;
}): Router {
  const { clock, automation } = parts;
  const router = express.Router();
  router.use('/local', (request, response, next) => {
    if (sessionOf(request)?.by === 'bearer') return next();
    response.status(401).json({ message: 'send Authorization: Bearer ACCESS_TOKEN' });
  });
  router.get('/local/sent', (_, response) => {
    const { sent } = automation;
    response.json({ notifications: sent.notifications(), emails: sent.emails() });
  });
  router.post('/local/clock', express.json(), (request, response, next) => {
    if (clock === undefined) {
      response.status(404).json({ message: 'start the org with --movable-clock' });
      return;
    }
    const asked = body.safeParse(request.body);
    if (!asked.success) {
      const allowed = `{"advance": a whole number of milliseconds from 0 to ${10 * YEAR}}`;
      response.status(400).json({ message: `the body must be ${allowed}` });
      return;
    }
    clock.advance(asked.data.advance);
    automation.wake();
    automation
      .idle()
      .then(() => response.json({ now: clock.now(), offset: clock.offset() }))
      .catch(next);
  });
  return router;
}
