/** The key under which the renderer seals the replica: made here once, kept where the operating system protects it. */
import { randomBytes } from 'node:crypto';
import type { NoProtection } from '../ipc/channels';
import type { SecretFile } from './secrets';

const keptUnder = 'replica-key';
const keyBytes = 32;

export function replicaKey(secrets: SecretFile): Uint8Array | NoProtection {
  if (!secrets.protected) return { unprotected: true, advice: advice() };
  const kept = secrets.get(keptUnder);
  if (kept !== null) {
    const bytes = Buffer.from(kept, 'base64');
    if (bytes.length !== keyBytes) throw new Error(`the replica's key has ${bytes.length} bytes`);
    return new Uint8Array(bytes);
  }
  const bytes = randomBytes(keyBytes);
  secrets.set(keptUnder, bytes.toString('base64'));
  return new Uint8Array(bytes);
}

function advice(): string {
  switch (process.platform) {
    case 'linux':
      return 'This computer has no keyring, so patients’ data could not be protected on it. Install and unlock GNOME Keyring or KWallet, then start Medic again';
    case 'darwin':
      return 'The keychain of this Mac is locked or damaged, so patients’ data could not be protected. Unlock it in Keychain Access, then start Medic again';
    default:
      return 'Windows could not protect Medic’s key on this account, so patients’ data could not be protected. Sign in to Windows again; if that does not help, ask your administrator';
  }
}
