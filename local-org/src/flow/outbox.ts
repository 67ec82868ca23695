/** A custom notification that a flow sends. */
export interface Notification {
  /** Id of its CustomNotificationType. */
  readonly typeId: string;
  /** Users and queues, as given. */
  readonly recipientIds: readonly string[];
  readonly title: string;
  readonly body: string;
  /** Id of the record that a click opens. */
  readonly targetId: string;
  readonly senderId: string | undefined;
}

/** An email that a flow sends. */
export interface Email {
  readonly addresses: readonly string[];
  readonly subject: string;
  readonly body: string;
  readonly rich: boolean;
}

/**
 * Takes what flows send, in the transaction that runs them: undone with it. `refuse…` says why one
 * cannot be sent, which faults the element; what an allocation of the org does not allow any more
 * is no fault but lost.
 */
export interface Outbox {
  refuseNotification(notification: Notification): string | undefined;
  refuseEmail(email: Email): string | undefined;
  notify(notification: Notification): void;
  send(email: Email): void;
}
