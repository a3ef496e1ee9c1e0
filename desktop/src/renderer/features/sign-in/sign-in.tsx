/** Who is at the desk. Works for the first sign-in, and after a session has ended. */
import { PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertCircle, IconArrowLeft, IconShieldLock } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useSession } from '../../replica/hooks';
import type { Credentials } from '../../replica/services';
import { ActionButton } from '../../ui/action-button';
import fields from '../../ui/fields.module.css';
import classes from './sign-in.module.css';
import { SignInSide } from './sign-in-side';

interface SignInProps {
  /** To the people of this desk, where there are any. */
  onBack?: () => void;
}

export function SignIn({ onBack }: SignInProps) {
  return (
    <div className={classes.screen}>
      <SignInSide quiet="No patient names are shown before you sign in." />
      <main className={classes.main}>
        <div className={classes.column}>
          {onBack && (
            <ActionButton tone="quiet" icon={<IconArrowLeft size={16} aria-hidden />} onClick={onBack}>
              People of this desk
            </ActionButton>
          )}
          <SignInForm />
        </div>
      </main>
    </div>
  );
}

export function SignInForm({ onSignedIn }: { onSignedIn?: () => void }) {
  const session = useSession();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  /** How much lies here that only the former password opens; null while nobody asks for that one. */
  const [behind, setBehind] = useState<number | null>(null);
  const passwordRef = useRef<HTMLInputElement>(null);
  const form = useForm<Credentials>({
    initialValues: {
      clinic: session.remembered?.clinic ?? '',
      email: session.remembered?.email ?? '',
      password: '',
      formerPassword: '',
    },
    validate: {
      clinic: (value) =>
        value.trim() ? null : 'Type the clinic’s name as in its web address, such as harbour',
      email: (value) => (/^\S+@\S+\.\S+$/.test(value.trim()) ? null : 'Type your e-mail address'),
      password: (value) => (value ? null : 'Type your password'),
    },
  });
  const signIn = async (values: Credentials, withoutFormer = false) => {
    setBusy(true);
    setProblem(null);
    const result = await session.signIn({
      clinic: values.clinic.trim().toLowerCase(),
      email: values.email.trim(),
      password: values.password,
      ...(values.formerPassword ? { formerPassword: values.formerPassword } : {}),
      withoutFormer,
    });
    setBusy(false);
    if (result.kind === 'signed-in') return onSignedIn?.();
    if (result.field === 'formerPassword') setBehind(result.unsentBehind ?? 0);
    if (result.field) {
      form.setFieldError(result.field, result.message);
      if (result.field === 'password') passwordRef.current?.focus();
    } else setProblem(result.message);
  };
  const submit = form.onSubmit(
    (values) => signIn(values),
    (errors) => {
      const first = Object.keys(errors)[0];
      if (first) form.getInputNode(first)?.focus();
    },
  );
  const known = session.remembered !== null;
  return (
    <form className={classes.form} onSubmit={submit} noValidate aria-label="Sign in">
      <h1>Who’s at the desk?</h1>
      <p className={classes.lead}>Sign in with the account that your clinic gave you.</p>
      {session.notice && !problem && (
        <p className={classes.notice}>
          <IconAlertCircle size={16} stroke={1.75} aria-hidden /> {session.notice}
        </p>
      )}
      {problem && (
        <p className={classes.problem} role="alert">
          <IconAlertCircle size={16} stroke={1.75} aria-hidden /> {problem}
        </p>
      )}
      <TextInput
        label="Clinic"
        placeholder="harbour"
        autoComplete="organization"
        autoCapitalize="none"
        spellCheck={false}
        data-autofocus={!known || undefined}
        autoFocus={!known}
        key={form.key('clinic')}
        {...form.getInputProps('clinic')}
      />
      <TextInput
        label="E-mail"
        type="email"
        autoComplete="username"
        spellCheck={false}
        key={form.key('email')}
        {...form.getInputProps('email')}
      />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        ref={passwordRef}
        autoFocus={known}
        data-autofocus={known || undefined}
        classNames={{ label: fields.label, input: fields.input, error: fields.error }}
        key={form.key('password')}
        {...form.getInputProps('password')}
      />
      {behind !== null && (
        <PasswordInput
          label="Former password"
          autoComplete="off"
          autoFocus
          classNames={{ label: fields.label, input: fields.input, error: fields.error }}
          key={form.key('formerPassword')}
          {...form.getInputProps('formerPassword')}
        />
      )}
      <ActionButton type="submit" tone="primary" keys="Enter" disabled={busy}>
        {busy ? 'Signing in…' : 'Sign in'}
      </ActionButton>
      {behind !== null && (
        <ActionButton tone="danger" disabled={busy} onClick={() => void signIn(form.getValues(), true)}>
          {behind === 0
            ? 'Start without it, with a fresh copy'
            : `Start without it, and lose ${behind} change${behind === 1 ? '' : 's'}`}
        </ActionButton>
      )}
      {session.startAfresh && (
        <ActionButton tone="danger" disabled={busy} onClick={() => void session.startAfresh?.()}>
          Start with a fresh copy
        </ActionButton>
      )}
      <p className={classes.foot}>
        <IconShieldLock size={16} stroke={1.75} aria-hidden />
        The first sign-in on a computer needs the network. After that the desk works without it.
      </p>
    </form>
  );
}
