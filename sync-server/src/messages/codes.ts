/**
 * One-time codes. They do not go through the outbox: a code must not lie in a table in clear. So one that is lost with
 * the process is lost, and asked for again.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clinic } from '@medic/shared/model/clinic';
import type { Instant } from '@medic/shared/time/instant';
import { log } from '../telemetry/log';
import { mailOf } from './mail';
import { type Mailer, MailRefused } from './mailer';

export interface CodeMessage {
  clinicId: string;
  email: string;
  /** Eight characters. */
  code: string;
  expiresAt: Instant;
  language: string;
}

export interface CodeParts {
  mailer: Mailer;
  publicUrl: string;
  now(): Instant;
  clinicById(clinicId: string): Promise<Clinic>;
}

/** A code lives for minutes: tried at once and twice more. */
const pausesMs = [2_000, 8_000];
/** So many at once; beyond them codes are dropped, and people ask again. */
const mostWaiting = 500;

export class CodeSender {
  readonly #parts: CodeParts;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(parts: CodeParts) {
    this.#parts = parts;
  }

  /** Answers at once, so that nobody can tell by the time it takes whether an address is known here. */
  send(message: CodeMessage): void {
    if (this.#running.size >= mostWaiting) {
      log.error({ clinicId: message.clinicId }, 'too many codes wait to be sent; one is dropped');
      return;
    }
    const running: Promise<void> = this.#send(message)
      .catch((error) => {
        if (!this.#stop.signal.aborted)
          log.error(
            { err: withoutAddress(error, message.email), clinicId: message.clinicId },
            'a code was not sent',
          );
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #send({ clinicId, email, code, expiresAt, language }: CodeMessage): Promise<void> {
    const { mailer, publicUrl } = this.#parts;
    const clinic = await this.#parts.clinicById(clinicId);
    const mail = mailOf(
      { kind: 'code', code: readable(code), expiresAt },
      {
        clinic: { ...clinic, cancelWindowMinutes: clinic.rules.cancelWindowMinutes },
        patient: null,
        language,
        publicUrl,
        now: this.#parts.now(),
        ownWords: null,
      },
      { id: randomUUID(), from: mailer.from, to: { name: '', address: email } },
    );
    for (let attempt = 0; ; attempt++) {
      try {
        await mailer.send(mail);
        return;
      } catch (error) {
        const pauseMs = pausesMs[attempt];
        if (error instanceof MailRefused || pauseMs === undefined) throw error;
        await sleep(pauseMs, undefined, { signal: this.#stop.signal });
      }
    }
  }
}

/** `ABCD-EFGH` is easier to type than eight in a row. */
function readable(code: string): string {
  return code.replace(/^(\w{4})(\w{4})$/, '$1-$2');
}

/** Mail servers repeat the address in what they say. */
function withoutAddress(error: unknown, email: string): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(email, '…');
}
