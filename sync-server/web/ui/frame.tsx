/** What stands around every page: header, footer, and the way back with the step's number. */

import { emergencyNumber, formatPhone } from '@medic/shared/model/phone';
import type { ReactNode } from 'react';
import type { ClinicAnswer } from '../api';
import { Link } from '../navigation';
import { portalRoute } from '../portal/portal-route';
import { noFilter, type Route } from '../route';
import { words } from '../words';
import css from './frame.module.css';
import { Icon } from './icon';

export function Frame({ answer, children }: { answer: ClinicAnswer | null; children: ReactNode }) {
  const emergency = words.frame.emergency(emergencyNumber(answer?.clinic.country ?? ''));
  return (
    <div className={css.frame}>
      <a className={css.skip} href="#page">
        {words.frame.skip}
      </a>
      <header className={css.header}>
        <div className={css.inner}>
          {answer ? (
            <Link className={css.brand} to={{ page: 'clinic', clinic: answer.clinic.slug, filter: noFilter }}>
              <Mark />
              {answer.clinic.name}
            </Link>
          ) : (
            <span className={css.brand}>
              <Mark />
              Medic
            </span>
          )}
          <div className={css.links}>
            {answer?.clinic.phone && (
              <a
                className={css.call}
                href={`tel:${answer.clinic.phone}`}
                aria-label={words.frame.call(formatPhone(answer.clinic.phone))}
              >
                <Icon name="phone" size={18} />
                <span className={css.number}>{formatPhone(answer.clinic.phone)}</span>
              </a>
            )}
            {answer && (
              <Link className={css.call} to={portalRoute(answer.clinic.slug, 'home')}>
                <Icon name="person" size={18} />
                {words.frame.myVisits}
              </Link>
            )}
          </div>
        </div>
      </header>
      <main id="page" className={css.main} tabIndex={-1}>
        {children}
      </main>
      <footer className={css.footer}>
        <div className={css.inner}>
          <p>
            {emergency.before}
            <strong>{emergency.number}</strong>
            {emergency.after}
          </p>
          <p>{words.frame.by}</p>
        </div>
      </footer>
    </div>
  );
}

function Mark() {
  return (
    <span className={css.mark}>
      <Icon name="leaf" size={18} />
    </span>
  );
}

interface StepProps {
  back: Route;
  backLabel?: string;
  step?: 1 | 2 | 3 | 4;
}

export function Steps({ back, backLabel, step }: StepProps) {
  return (
    <div className={css.steps}>
      <Link className={css.back} to={back}>
        <Icon name="back" size={18} />
        {backLabel ?? words.frame.back}
      </Link>
      {step && <StepName step={step} />}
      {step && (
        <div className={css.bars} aria-hidden="true">
          {words.frame.steps.map((name, i) => (
            <span key={name} className={i < step ? css.done : undefined} />
          ))}
        </div>
      )}
    </div>
  );
}

function StepName({ step }: { step: 1 | 2 | 3 | 4 }) {
  const { before, name } = words.frame.step(step, words.frame.steps[step - 1] ?? '');
  return (
    <p className={css.step}>
      {before}
      <strong>{name}</strong>
    </p>
  );
}

/** The heading that takes the focus when a step begins. */
export function Title({ children }: { children: ReactNode }) {
  return <h1 tabIndex={-1}>{children}</h1>;
}

export function CallLine({ phone }: { phone: string | null }) {
  if (!phone) return null;
  return (
    <p className={css.orCall}>
      <Icon name="phone" size={18} />
      <span>
        {words.frame.orCall} <a href={`tel:${phone}`}>{formatPhone(phone)}</a>
      </span>
    </p>
  );
}
