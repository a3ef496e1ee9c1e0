/** Who is at the desk. Works for the first sign-in, and after a session has ended. */
import { PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertCircle, IconShieldLock } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useServices, useSession } from '../../replica/hooks';
import type { Credentials } from '../../replica/services';
import { ActionButton } from '../../ui/action-button';
import fields from '../../ui/fields.module.css';
import { Mark } from '../../ui/mark';
import classes from './sign-in.module.css';

export function SignIn() {
  const { platform } = useServices();
  const [clock, setClock] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setClock(new Date()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className={classes.screen}>
      <div className={classes.side}>
        <p className={classes.brand}>
          <Mark size={36} /> <b>Medic</b> <span>{platform.info.deviceName}</span>
        </p>
        <div>
          <p className={classes.clock}>
            {clock.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}
          </p>
          <p className={classes.date}>
            {clock.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' })}
          </p>
          <p className={classes.quiet}>No patient names are shown before you sign in.</p>
        </div>
        <p className={classes.quiet}>Version {platform.info.version}</p>
      </div>
      <main className={classes.main}>
        <SignInForm />
      </main>
    </div>
  );
}

export function SignInForm({ onSignedIn }: { onSignedIn?: () => void }) {
  const session = useSession();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const passwordRef = useRef<HTMLInputElement>(null);
  const form = useForm<Credentials>({
    initialValues: {
      clinic: session.remembered?.clinic ?? '',
      email: session.remembered?.email ?? '',
      password: '',
    },
    validate: {
      clinic: (value) =>
        value.trim() ? null : 'Type the clinic’s name as in its web address, such as harbour',
      email: (value) => (/^\S+@\S+\.\S+$/.test(value.trim()) ? null : 'Type your e-mail address'),
      password: (value) => (value ? null : 'Type your password'),
    },
  });
  const submit = form.onSubmit(
    async (values) => {
      setBusy(true);
      setProblem(null);
      const result = await session.signIn({
        clinic: values.clinic.trim().toLowerCase(),
        email: values.email.trim(),
        password: values.password,
      });
      setBusy(false);
      if (result.kind === 'signed-in') return onSignedIn?.();
      if (result.field) {
        form.setFieldError(result.field, result.message);
        if (result.field === 'password') passwordRef.current?.focus();
      } else setProblem(result.message);
    },
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
      <ActionButton type="submit" tone="primary" keys="Enter" disabled={busy}>
        {busy ? 'Signing in…' : 'Sign in'}
      </ActionButton>
      <p className={classes.foot}>
        <IconShieldLock size={16} stroke={1.75} aria-hidden />
        The first sign-in on a computer needs the network. After that the desk works without it.
      </p>
    </form>
  );
}
