/** An e-mail address, then the code that was sent to it. Whether the address is known here, no answer says. */

import { formatPhone } from '@medic/shared/model/phone';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useNavigation } from '../navigation';
import { isEmail } from '../patient-form';
import { TextField } from '../ui/field';
import { Title } from '../ui/frame';
import { Icon } from '../ui/icon';
import { Note } from '../ui/note';
import { words } from '../words';
import css from './portal.module.css';
import { type PortalFailure, portalFailureOf } from './portal-failure';
import { usePortal, within } from './session';
import { FailureNote } from './view';
import { portalWords } from './words';

export type SignInReason = 'first' | 'ended' | 'signed-out';

const codeLength = 8;
/** So long a mail may well take; asking sooner would only make the first code worthless. */
const resendAfterSeconds = 60;

export function SignInPage({ why, onSignedIn }: { why: SignInReason; onSignedIn(): Promise<void> }) {
  const [email, setEmail] = useState('');
  const [step, setStep] = useState<'email' | 'code'>('email');
  return (
    <div className={css.narrow}>
      {step === 'email' && why === 'ended' && (
        <Note icon="lock" tone="amber">
          <h2>{portalWords.signIn.ended.title}</h2>
          <p>{portalWords.signIn.ended.text}</p>
        </Note>
      )}
      {step === 'email' && why === 'signed-out' && (
        <Note icon="check">
          <p>{portalWords.signIn.signedOut}</p>
        </Note>
      )}
      <section className={`card ${css.signIn}`}>
        {step === 'email' ? (
          <EmailStep
            email={email}
            onSent={(sent) => {
              setEmail(sent);
              setStep('code');
            }}
          />
        ) : (
          <CodeStep email={email} onSignedIn={onSignedIn} onOther={() => setStep('email')} />
        )}
      </section>
    </div>
  );
}

function EmailStep({ email, onSent }: { email: string; onSent(email: string): void }) {
  const { answer, api, clinic } = usePortal();
  const { say } = useNavigation();
  const [problem, setProblem] = useState<string | null>(null);
  const [failure, setFailure] = useState<PortalFailure | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const { phone } = answer.clinic;
  const call = portalWords.signIn.noEmailCall(phone ? formatPhone(phone) : '');

  // Back from the code, to mend the address.
  useEffect(() => {
    if (email !== '' && form.current) focusField(form.current, 'email');
  }, [email]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    const sent = event.currentTarget;
    const typed = String(new FormData(sent).get('email') ?? '').trim();
    setFailure(null);
    const wrong = typed === '' ? words.problems.emailMissing : isEmail(typed) ? null : words.problems.email;
    setProblem(wrong);
    if (wrong) return focusField(sent, 'email');
    setBusy(true);
    try {
      await api.requestCode.mutate({ clinic, email: typed }, within());
      say(portalWords.signIn.saidSent);
      onSent(typed);
    } catch (error) {
      setFailure(portalFailureOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form ref={form} className={css.form} method="post" noValidate onSubmit={(event) => void submit(event)}>
      <Title>{portalWords.signIn.title}</Title>
      <p className={css.lead}>{portalWords.signIn.intro}</p>
      <FailureNote failure={failure} />
      <TextField
        id="email"
        label={portalWords.signIn.email}
        problem={problem ?? undefined}
        type="email"
        inputMode="email"
        autoComplete="email"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={254}
        defaultValue={email}
        required
      />
      <button className="button primary wide" type="submit" aria-disabled={busy || undefined}>
        {busy ? portalWords.signIn.sending : portalWords.signIn.send}
      </button>
      <Note icon="info" bare>
        <p>
          {portalWords.signIn.noEmail}
          {phone && (
            <>
              {call.before}
              <a href={`tel:${phone}`}>{call.number}</a>
              {call.after}
            </>
          )}
        </p>
      </Note>
    </form>
  );
}

interface CodeStepProps {
  email: string;
  onSignedIn(): Promise<void>;
  onOther(): void;
}

function CodeStep({ email, onSignedIn, onOther }: CodeStepProps) {
  const { api, clinic, say } = usePortal();
  const [problem, setProblem] = useState<string | null>(null);
  const [failure, setFailure] = useState<PortalFailure | null>(null);
  const [busy, setBusy] = useState(false);
  const [sentAgain, setSentAgain] = useState(false);
  const [waitSeconds, waitAgain] = useCountdown(resendAfterSeconds);
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (form.current) focusField(form.current, 'code');
  }, []);

  async function check(typed: string) {
    if (busy) return;
    setFailure(null);
    setSentAgain(false);
    const code = plainCode(typed);
    if (code.length !== codeLength) return wrong(portalWords.signIn.codeShort(codeLength - code.length));
    setProblem(null);
    setBusy(true);
    try {
      await api.verifyCode.mutate({ clinic, email, code }, within());
      await onSignedIn();
    } catch (error) {
      const met = portalFailureOf(error);
      setBusy(false);
      if (met.kind === 'code') wrong(portalWords.signIn.wrongCode);
      else setFailure(met);
    }
  }

  function wrong(text: string) {
    setProblem(text);
    if (form.current) focusField(form.current, 'code');
  }

  async function sendAgain() {
    if (waitSeconds > 0 || busy) return;
    setProblem(null);
    setFailure(null);
    try {
      await api.requestCode.mutate({ clinic, email }, within());
      waitAgain();
      setSentAgain(true);
      say(portalWords.signIn.sentAgain);
    } catch (error) {
      setFailure(portalFailureOf(error));
    }
  }

  return (
    <div className={css.form}>
      <form
        ref={form}
        className={css.form}
        method="post"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void check(String(new FormData(event.currentTarget).get('code') ?? ''));
        }}
      >
        <Title>{portalWords.signIn.codeTitle}</Title>
        <p className={css.lead}>
          {portalWords.signIn.sent.before}
          <strong className={css.breakable}>{email}</strong>
          {portalWords.signIn.sent.after}
        </p>
        <FailureNote failure={failure} />
        <div className={css.code}>
          <TextField
            id="code"
            label={portalWords.signIn.code}
            hint={portalWords.signIn.codeHint}
            problem={problem ?? undefined}
            autoComplete="one-time-code"
            autoCapitalize="characters"
            spellCheck={false}
            // Not as short as the code: a pasted one may have spaces around it and a hyphen in the middle.
            maxLength={40}
            required
          />
        </div>
        <button className="button primary wide" type="submit" aria-disabled={busy || undefined}>
          {busy ? portalWords.signIn.checking : portalWords.signIn.continue}
        </button>
      </form>
      <div className={css.below}>
        {sentAgain ? (
          <Note icon="check" bare>
            <p>{portalWords.signIn.sentAgain}</p>
          </Note>
        ) : (
          <p className={css.lead}>{portalWords.signIn.nothingYet}</p>
        )}
        <button
          className={css.quiet}
          type="button"
          aria-disabled={waitSeconds > 0 || undefined}
          onClick={() => void sendAgain()}
        >
          <Icon name="clock" size={18} />
          {waitSeconds > 0 ? portalWords.signIn.againIn(waitSeconds) : portalWords.signIn.again}
        </button>
        <button className={css.quiet} type="button" onClick={onOther}>
          <Icon name="back" size={18} />
          {portalWords.signIn.other}
        </button>
      </div>
    </div>
  );
}

/** As the server reads it: without spaces and hyphens, in capitals. */
export function plainCode(typed: string): string {
  return typed.replaceAll(/[\s\u00ad\u2010-\u2015-]/g, '').toUpperCase();
}

/** Seconds that are left, and a way to begin again. */
function useCountdown(seconds: number): [number, () => void] {
  const [until, setUntil] = useState(() => Date.now() + seconds * 1000);
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const tick = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [until]);
  return [left, () => setUntil(Date.now() + seconds * 1000)];
}

function focusField(form: HTMLFormElement, name: string): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.focus();
}
