/** Why nobody got in, in words for the form. */
import { MedicError } from '@medic/shared/errors';
import { UnprotectedComputer } from '../../platform/platform';
import type { Credentials, SignedIn } from '../services';
import { KeyFailure, type KnownPerson } from '../store/keys';
import { ServerUnreachable } from '../sync/server-api';

export function failedSignIn(error: unknown, people: readonly KnownPerson[]): SignedIn {
  if (error instanceof ServerUnreachable) {
    const others = people.length > 0 ? ' Who has worked here before can unlock without it' : '';
    return failed(`The server does not answer. The first time, signing in needs a network.${others}`);
  }
  if (error instanceof UnprotectedComputer) return failed(error.message);
  if (error instanceof KeyFailure) {
    // Whose it is was just proved to the server; only this computer still has it under the password of before.
    return {
      kind: 'failed',
      message:
        'Your password was changed elsewhere. What lies on this computer still opens with the former one: type that too',
      field: 'formerPassword',
      unsentBehind: people.reduce((sum, { unsent }) => sum + unsent, 0),
    };
  }
  if (!(error instanceof MedicError)) throw error;
  switch (error.code) {
    case 'clinic.unknown':
      return failed(error.personMessage, 'clinic');
    case 'auth.wrong':
      return failed(error.personMessage, 'password');
    case 'input.invalid': {
      const first = (error.details.fields as { field: string; message: string }[] | undefined)?.[0];
      const field =
        first && ['clinic', 'email', 'password'].includes(first.field)
          ? (first.field as keyof Credentials)
          : null;
      return failed(first?.message ?? error.personMessage, field);
    }
    default:
      return failed(error.personMessage);
  }
}

export function failedUnlock(error: unknown, name: string): SignedIn {
  if (!(error instanceof KeyFailure)) throw error;
  const wait = error.waitMs > 0 ? { waitMs: error.waitMs } : {};
  switch (error.kind) {
    case 'wait':
      return { ...failed('Too many tries'), ...wait };
    case 'unknown-person':
      return failed('Sign in with the network once more');
    default:
      return { ...failed(`That is not the password of ${name} on this computer`, 'password'), ...wait };
  }
}

function failed(message: string, field: keyof Credentials | null = null): SignedIn & { kind: 'failed' } {
  return { kind: 'failed', message, field };
}
