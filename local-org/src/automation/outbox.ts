import type { Clock } from '../clock.ts';
import type { Email, Notification, Outbox } from '../flow/outbox.ts';
import { toId18 } from '../store/ids.ts';
import { membersOf } from '../store/members.ts';
import type { RecordStore } from '../store/records.ts';
import type { Logger } from './logger.ts';

/**
 * Notification actions an org may execute in an hour of the clock: "When you exceed this limit, no
 * more notifications are sent in that hour, and all unsent notifications are lost" (help
 * platform.notif_builder_considerations).
 */
export const HOURLY_NOTIFICATIONS = 10_000;

/** Actions Developer Guide, "Custom Notification Actions": characters, and ids in `recipientIds`. */
const MOST = { title: 250, body: 750, recipients: 500 } as const;

/** Actions Developer Guide, "Simple Email Actions": "must be five or less". */
const MOST_ADDRESSES = 5;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A notification or email that was sent, or lost to an allocation. Times are milliseconds since the epoch. */
export type Sent<Message> = Message & { readonly at: number; readonly lost: boolean };

/** What flows have sent, in the org's own file. */
export interface SentMail extends Outbox {
  /** In the order they were sent, each with the users it reached: members stand for their queue. */
  notifications(): Sent<Notification & { readonly reached: readonly string[] }>[];
  emails(): Sent<Email>[];
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS sent_notification (
  number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, lost INTEGER NOT NULL, message TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS sent_email (
  number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, lost INTEGER NOT NULL,
  outside INTEGER NOT NULL, message TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS sent_notification_at ON sent_notification (at);
CREATE INDEX IF NOT EXISTS sent_email_at ON sent_email (at);
`;

/**
 * Keeps what flows send in two tables; nothing leaves the machine. Addresses of the org's own users
 * do not count against the daily allocation of emails.
 */
export function makeOutbox(
  store: Pick<RecordStore, 'sql' | 'read' | 'count' | 'select'>,
  clock: Clock,
  dailyEmailAddresses: number,
  logger: Logger,
): SentMail {
  const { sql } = store;
  sql.exec(SCHEMA);
  const addNotification = sql.prepare(
    'INSERT INTO sent_notification (at, lost, message) VALUES (?, ?, ?)',
  );
  const addEmail = sql.prepare(
    'INSERT INTO sent_email (at, lost, outside, message) VALUES (?, ?, ?, ?)',
  );
  const inHour = sql.prepare(
    'SELECT count(*) AS used FROM sent_notification WHERE at >= ? AND lost = 0',
  );
  const inDay = sql.prepare(
    'SELECT coalesce(sum(outside), 0) AS used FROM sent_email WHERE at >= ? AND lost = 0',
  );
  const since = (span: number): number => Math.floor(clock.now() / span) * span;

  function isOutside(address: string): boolean {
    const where = { kind: 'compare', field: 'Email', op: '=', value: address } as const;
    return store.count({ object: 'User', where }) === 0;
  }

  /** Each user once, however many ways lead there. */
  function reachedBy(recipientIds: readonly string[]): string[] {
    const ids = recipientIds.map((id) => toId18(id) ?? id);
    return [...new Set(ids.flatMap((id) => (id.startsWith('00G') ? membersOf(store, id) : [id])))];
  }

  function refuseRecipient(id: string): string | undefined {
    const object = id.startsWith('00G') ? 'Group' : 'User';
    const known = toId18(id) !== undefined && store.read(object, id) !== undefined;
    return known ? undefined : `recipientIds: ${id} is not a user or queue of this org`;
  }

  return {
    refuseNotification({ typeId, recipientIds, title, body, targetId, senderId }) {
      if (
        toId18(typeId) === undefined ||
        store.read('CustomNotificationType', typeId) === undefined
      )
        return `customNotifTypeId: ${typeId || 'nothing'} is not a custom notification type`;
      if (recipientIds.length === 0 || recipientIds.length > MOST.recipients)
        return `recipientIds: ${recipientIds.length} are given; 1 to ${MOST.recipients} are allowed`;
      for (const [name, text] of [['title', title] as const, ['body', body] as const]) {
        if (text.trim() === '') return `${name}: it is empty`;
        if (text.length > MOST[name])
          return `${name}: ${text.length} characters; ${MOST[name]} are allowed`;
      }
      if (toId18(targetId) === undefined)
        return `targetId: ${targetId || 'nothing'} is not the id of a record`;
      if (senderId !== undefined && store.read('User', senderId) === undefined)
        return `senderId: ${senderId} is not a user of this org`;
      return recipientIds.flatMap((id) => refuseRecipient(id) ?? [])[0];
    },
    refuseEmail({ addresses, subject, body }) {
      if (addresses.length === 0 || addresses.length > MOST_ADDRESSES)
        return `${addresses.length} email addresses are given; 1 to ${MOST_ADDRESSES} are allowed`;
      const wrong = addresses.find((address) => !/^[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+$/.test(address));
      if (wrong !== undefined) return `${wrong} is not an email address`;
      if (subject.trim() === '') return 'emailSubject: it is empty';
      return body.trim() === '' ? 'emailBody: it is empty' : undefined;
    },
    notify(notification) {
      const used = Number(inHour.get(since(HOUR))?.['used'] ?? 0);
      const lost = used >= HOURLY_NOTIFICATIONS;
      if (lost) logger.error(`a notification is lost: ${HOURLY_NOTIFICATIONS} an hour are allowed`);
      const reached = lost ? [] : reachedBy(notification.recipientIds);
      const message = JSON.stringify({ ...notification, reached });
      addNotification.run(clock.now(), lost ? 1 : 0, message);
    },
    send(email) {
      const outside = email.addresses.filter(isOutside).length;
      const used = Number(inDay.get(since(DAY))?.['used'] ?? 0);
      const lost = outside > 0 && used + outside > dailyEmailAddresses;
      if (lost)
        logger.error(`an email is lost: ${dailyEmailAddresses} addresses a day are allowed`);
      addEmail.run(clock.now(), lost ? 1 : 0, outside, JSON.stringify(email));
    },
    notifications: () =>
      sql
        .prepare('SELECT * FROM sent_notification ORDER BY number')
        .all()
        .map(sentOf<Notification & { readonly reached: readonly string[] }>),
    emails: () =>
      sql
        .prepare('SELECT * FROM sent_email ORDER BY number')
        .all()
        .map(sentOf<Email>),
  };
}

/** Written by this org, so its shape is known. */
function sentOf<Message>(row: Record<string, unknown>): Sent<Message> {
  const message = JSON.parse(String(row['message'])) as Message;
  return { ...message, at: Number(row['at']), lost: row['lost'] === 1 };
}
