import express from 'express';
import type { Request, Response, Router } from 'express';
import { z } from 'zod';

import { WrongInput } from '../../automation/flowInputs.ts';
import { NoSuchFlow, type OpenFlow, type ScreenFlows } from '../../automation/screenFlows.ts';
import type { ScreenState } from '../../flow/screenRun.ts';
import { WrongAnswer, type ScreenView } from '../../flow/screens/view.ts';
import { cookieToken, sessionOf } from '../session.ts';
import type { Interviews } from './interviews.ts';

const startBody = z.strictObject({
  flow: z.string().min(1).max(80),
  inputs: z.record(z.string(), z.unknown()).default({}),
});

const stepBody = z.strictObject({
  action: z.enum(['next', 'back', 'look']),
  answers: z.record(z.string(), z.unknown()).default({}),
});

/** What a step is answered with. */
export type FlowAnswer =
  | (Exclude<ScreenState, { kind: 'finished' }> & { readonly id: string; readonly label: string })
  | { readonly kind: 'finished'; readonly id: string; readonly label: string }
  | { readonly kind: 'look'; readonly screen: ScreenView };

/** A request that gets no step, with its status. */
class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The steps of screen flows for pages, below `/lightning/interviews`; the addresses are this org's own.
 *
 * `POST /lightning/interviews {"flow", "inputs"}` starts an interview, `POST /lightning/interviews/ID
 * {"action": "next" | "back" | "look", "answers"}` goes on, `DELETE` ends one. Answers are `FlowAnswer`, or
 * `{"message"}` with 400 (a wrong input or answer), 401 (no session), 404 (no such flow) or 410 (over).
 */
export function screenFlowRoutes(parts: {
  readonly screenFlows: ScreenFlows;
  readonly interviews: Interviews;
}): Router {
  const { screenFlows, interviews } = parts;
  const router = express.Router();
  const path = '/lightning/interviews';

  /** Finds who asks, does it, and words what goes wrong. */
  const handle =
    (work: (session: string, request: Request) => FlowAnswer | undefined) =>
    (request: Request, response: Response): void => {
      response.set('cache-control', 'no-store');
      try {
        const answer = work(sessionKey(request), request);
        if (answer === undefined) response.status(204).end();
        else response.json(answer);
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === undefined) throw error;
        response.status(refusal.status).json({ message: refusal.message });
      }
    };

  const found = (session: string, request: Request): OpenFlow => {
    const flow = interviews.find(session, String(request.params['id']));
    if (flow !== undefined) return flow;
    throw new Refusal(410, 'The flow is over, or has rested too long. Start it again.');
  };

  router.use(path, express.json({ limit: '1mb' }));
  router.post(
    path,
    handle((session, request) => {
      const { flow, inputs } = parse(startBody, request.body);
      const userId = sessionOf(request)?.userId ?? '';
      const open = screenFlows.open(flow, inputs, { userId });
      const state = open.state();
      const id = state.kind === 'screen' ? interviews.keep(session, open) : '';
      return answerOf(id, open.label, state);
    }),
  );
  router.post(
    `${path}/:id`,
    handle((session, request) => {
      const { action, answers } = parse(stepBody, request.body);
      const flow = found(session, request);
      if (action === 'look') return { kind: 'look', screen: flow.look(answers) };
      const state = action === 'next' ? flow.next(answers) : goBack(flow);
      const id = String(request.params['id']);
      if (state.kind !== 'screen') interviews.forget(session, id);
      return answerOf(id, flow.label, state);
    }),
  );
  router.delete(
    `${path}/:id`,
    handle((session, request) => {
      interviews.forget(session, String(request.params['id']));
      return undefined;
    }),
  );
  return router;
}

/** The session that asks: of one user and one login. */
function sessionKey(request: Request): string {
  const session = sessionOf(request);
  if (session === undefined) throw new Refusal(401, 'Log in first.');
  const token = session.by === 'bearer' ? request.get('authorization') : cookieToken(request);
  return `${session.userId} ${token ?? ''}`;
}

function goBack(flow: OpenFlow): ScreenState {
  const state = flow.state();
  if (state.kind !== 'screen' || state.screen.back === null)
    throw new Refusal(400, 'There is no way back from this screen.');
  return flow.back();
}

/** Outputs stay on the server: they are for whoever embeds the flow, and may hold more than its user may see. */
function answerOf(id: string, label: string, state: ScreenState): FlowAnswer {
  return state.kind === 'finished' ? { kind: 'finished', id, label } : { ...state, id, label };
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refusal(400, `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not JSON'}`);
}

function refusalOf(error: unknown): { status: number; message: string } | undefined {
  if (error instanceof Refusal) return error;
  const message = error instanceof Error ? error.message : '';
  if (error instanceof NoSuchFlow) return { status: 404, message };
  if (error instanceof WrongInput || error instanceof WrongAnswer) return { status: 400, message };
  return undefined;
}
