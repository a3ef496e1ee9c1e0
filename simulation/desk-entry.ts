/** What a simulated desk runs: the app below its screens. */
export { JournalError } from '@medic/shared/sync/journal';
export { openKeyHandover } from '../desktop/src/renderer/platform/key-handover';
export { openLocks } from '../desktop/src/renderer/replica/locks';
export { openServices } from '../desktop/src/renderer/replica/session/desk-session';
export { DeskKeys } from '../desktop/src/renderer/replica/store/keys';
export { openTrpcApi } from '../desktop/src/renderer/replica/sync/trpc-api';
