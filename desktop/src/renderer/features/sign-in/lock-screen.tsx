/** The desk is locked: who is at it, and their password. Nothing of a patient is here, nor in memory. */
import { PasswordInput } from '@mantine/core';
import { IconAlertCircle, IconShieldLock, IconUserPlus } from '@tabler/icons-react';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { KnownPerson, SignedIn } from '../../replica/services';
import { ActionButton } from '../../ui/action-button';
import fields from '../../ui/fields.module.css';
import { Initials } from '../../ui/initials';
import { KeyCap } from '../../ui/key-cap';
import classes from './lock-screen.module.css';
import shared from './sign-in.module.css';
import { SignInSide } from './sign-in-side';
import { wasHere } from './was-here';

interface LockScreenProps {
  people: readonly KnownPerson[];
  /** Who was here; chosen to begin with. */
  lastUserId: string | null;
  /** "Locked at 10:40 after 10 minutes"; null where it was locked when the app started. */
  how: string | null;
  /** Why somebody is no longer among them. */
  notice: string | null;
  unlock: (userId: string, password: string) => Promise<SignedIn>;
  someoneElse: () => void;
}

const roleWords = { admin: 'Clinic admin', doctor: 'Doctor', reception: 'Reception' } as const;
/** More have no key of their own, and are reached with the arrows. */
const keyed = 9;

export function LockScreen({ people, lastUserId, how, notice, unlock, someoneElse }: LockScreenProps) {
  const [chosenId, setChosenId] = useState(lastUserId ?? people[0]?.userId ?? null);
  const chosen = people.find((person) => person.userId === chosenId) ?? people[0];

  const onKeyDown = (event: KeyboardEvent) => {
    const digit = event.altKey && /^Digit(\d)$/.exec(event.code)?.[1];
    if (digit === '0') {
      event.preventDefault();
      return someoneElse();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = chosen ? people.indexOf(chosen) : -1;
    const next = digit ? people[Number(digit) - 1] : step ? people[at + step] : undefined;
    if (!next) return;
    event.preventDefault();
    setChosenId(next.userId);
  };

  return (
    <div className={shared.screen}>
      <SignInSide
        quiet="No patient names are shown while the desk is locked."
        foot={how}
        timeZone={chosen?.timeZone ?? null}
      />
      <main className={shared.main}>
        <section className={classes.people} aria-labelledby="lock-title" onKeyDown={onKeyDown}>
          <h1 id="lock-title">Who’s at the desk?</h1>
          <p className={classes.lead}>
            Choose yourself, then type your password. Your place in the agenda is kept.
          </p>
          {notice && (
            <p className={shared.notice}>
              <IconAlertCircle size={16} stroke={1.75} aria-hidden /> {notice}
            </p>
          )}
          <ul>
            {people.map((person, index) => (
              <li key={person.userId} data-chosen={person === chosen || undefined}>
                <button
                  type="button"
                  className={classes.person}
                  aria-expanded={person === chosen}
                  onClick={() => setChosenId(person.userId)}
                >
                  <Initials name={person.name} size={40} />
                  <span className={classes.who}>
                    <b>{person.name}</b>
                    <span>{personLine(person)}</span>
                  </span>
                  {index < keyed && <KeyCap keys={`Alt+${index + 1}`} />}
                </button>
                {person === chosen && <PasswordForm key={person.userId} person={person} unlock={unlock} />}
              </li>
            ))}
          </ul>
          <div className={classes.other}>
            <ActionButton
              icon={<IconUserPlus size={16} stroke={1.75} aria-hidden />}
              keys="Alt+0"
              onClick={someoneElse}
            >
              Someone else
            </ActionButton>
          </div>
          <p className={shared.foot}>
            <IconShieldLock size={16} stroke={1.75} aria-hidden />
            Works offline. What is not sent yet stays on this computer, locked with it.
          </p>
        </section>
      </main>
    </div>
  );
}

function PasswordForm({ person, unlock }: { person: KnownPerson; unlock: LockScreenProps['unlock'] }) {
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [waitUntil, setWaitUntil] = useState(0);
  const secondsLeft = useSecondsUntil(waitUntil);
  const inputRef = useRef<HTMLInputElement>(null);
  // The one who was chosen by key goes on typing.
  useEffect(() => inputRef.current?.focus(), []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || performance.now() < waitUntil) return;
    if (!password) return setProblem('Type your password');
    setBusy(true);
    setProblem(null);
    const result = await unlock(person.userId, password);
    if (result.kind === 'signed-in') return;
    setBusy(false);
    setPassword('');
    setProblem(result.message);
    setWaitUntil(performance.now() + (result.waitMs ?? 0));
    inputRef.current?.focus();
  };

  return (
    <form className={classes.unlock} onSubmit={submit} noValidate aria-label={`Unlock as ${person.name}`}>
      {/* For password managers, which ask whose password it is. */}
      <input type="text" name="username" autoComplete="username" value={person.email} readOnly hidden />
      <PasswordInput
        label="Password"
        name="password"
        autoComplete="current-password"
        ref={inputRef}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        classNames={{ label: fields.label, input: fields.input, error: fields.error }}
      />
      <ActionButton type="submit" tone="primary" keys="Enter" disabled={busy || secondsLeft > 0}>
        {busy ? 'Unlocking…' : 'Unlock'}
      </ActionButton>
      {problem && (
        <p className={shared.problem} role="alert">
          <IconAlertCircle size={16} stroke={1.75} aria-hidden />
          {secondsLeft > 0 ? `${problem}. The next try is in ${secondsLeft} s` : problem}
        </p>
      )}
    </form>
  );
}

function personLine(person: KnownPerson): string {
  const role = person.roles.map((each) => roleWords[each]).join(', ');
  const unsent =
    person.unsent === 0 ? '' : ` · ${person.unsent} change${person.unsent === 1 ? '' : 's'} not sent`;
  return `${role} · ${wasHere(person.lastHereAt, Date.now(), person.timeZone)}${unsent}`;
}

function useSecondsUntil(until: number): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const look = () => {
      const left = Math.max(0, Math.ceil((until - performance.now()) / 1000));
      setSeconds(left);
      if (left === 0) clearInterval(timer);
    };
    const timer = setInterval(look, 250);
    look();
    return () => clearInterval(timer);
  }, [until]);
  return seconds;
}
