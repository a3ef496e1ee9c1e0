import { type Notification, notification } from '@medic/shared/model/notification';
import { insertRows } from './records';
import type { Transaction } from './transaction';

/** A message that is there already, for the same visit, kind, offset, channel and SEQUENCE, is not written again. */
export async function insertNotifications(
  tx: Transaction,
  notifications: readonly Notification[],
): Promise<void> {
  await insertRows(tx, notification, notifications, { orIgnore: true });
}
