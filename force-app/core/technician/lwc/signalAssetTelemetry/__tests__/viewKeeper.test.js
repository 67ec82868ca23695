/* eslint-disable no-await-in-loop -- Time passes one step after the other. */
import { ViewKeeper } from '../viewKeeper';

const SECOND = 1000;
const NOW = Date.UTC(2026, 10, 23, 12);
const CHOICE = { Range_Minutes__c: 15, Metrics__c: '' };

/* A server whose clock is `ahead` ms of this one; `saved` holds all it was sent. */
function server(ahead = 0) {
  const saved = [];
  const keeper = new ViewKeeper(async (viewId, fields) => {
    saved.push({ viewId, fields });
    return { id: viewId ?? 'new', lastModifiedDate: new Date(Date.now() + ahead).toISOString() };
  });
  const requests = () => saved.filter(({ fields }) => fields.Requested_At__c).length;
  return { keeper, saved, requests };
}

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.useRealTimers());

it('asks by the view that is there', async () => {
  const { keeper, saved } = server();
  await keeper.open('mine', CHOICE);
  const lease = {
    Requested_At__c: '2026-11-23T12:00:00.000Z',
    Live_Until__c: '2026-11-23T12:02:00.000Z',
  };
  expect(saved).toEqual([{ viewId: 'mine', fields: { ...lease, ...CHOICE } }]);
  expect([keeper.viewId, keeper.requestedAt]).toEqual(['mine', NOW]);
});

it('creates the only one', async () => {
  const { keeper, saved } = server();
  await keeper.open(undefined, CHOICE);
  await keeper.change({ Range_Minutes__c: 5 });
  expect(saved.map(({ viewId }) => viewId)).toEqual([undefined, 'new']);
});

it('renews once a minute and gives no further notice', async () => {
  const { keeper, saved, requests } = server();
  await keeper.open('mine', CHOICE);
  for (let i = 0; i < 120; i += 1) {
    jest.advanceTimersByTime(5 * SECOND);
    await keeper.keep();
  }
  expect(requests()).toBe(1);
  expect(saved.length).toBeLessThanOrEqual(11);
  expect(saved.slice(1).every(({ fields }) => Object.keys(fields).join() === 'Live_Until__c')).toBe(
    true,
  );
});

it('changes the choice without a notice', async () => {
  const { keeper, requests, saved } = server();
  await keeper.open('mine', CHOICE);
  await keeper.change({ Range_Minutes__c: 60 });
  expect(requests()).toBe(1);
  expect(saved[1].fields).toEqual({ Range_Minutes__c: 60 });
});

it.each([
  ['keep', (keeper) => keeper.keep()],
  ['change', (keeper) => keeper.change(CHOICE)],
])('asks anew by %s when the lease has run out, once', async (_, act) => {
  const { keeper, requests } = server();
  await keeper.open('mine', CHOICE);
  jest.advanceTimersByTime(121 * SECOND);
  await act(keeper);
  await act(keeper);
  expect(requests()).toBe(2);
});

it('keeps nothing before there is a view', async () => {
  const { keeper, saved } = server();
  await keeper.keep();
  expect(saved).toEqual([]);
});

it.each([240 * SECOND, -240 * SECOND])(
  'counts by the clock of a server that is %d ms ahead',
  async (ahead) => {
    const { keeper, saved, requests } = server(ahead);
    await keeper.open('mine', CHOICE);
    const last = saved[saved.length - 1].fields;
    expect(Date.parse(last.Live_Until__c)).toBe(NOW + ahead + 120 * SECOND);
    expect(requests()).toBe(1);
    expect([keeper.now(), keeper.requestedAt]).toEqual([NOW + ahead, NOW + ahead]);
    jest.advanceTimersByTime(5 * SECOND);
    await keeper.keep();
    expect(requests()).toBe(1);
  },
);

it('does not renew while another save is under way, and hands on what failed', async () => {
  let fail;
  const save = jest.fn(
    () =>
      new Promise((_, reject) => {
        fail = reject;
      }),
  );
  const keeper = new ViewKeeper(save);
  const opened = keeper.open('mine', CHOICE);
  await keeper.keep();
  expect(save).toHaveBeenCalledTimes(1);
  fail(new Error('no'));
  await expect(opened).rejects.toThrow('no');
});
