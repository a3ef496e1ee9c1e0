import type { Patient } from '@medic/shared/model/patient';
import { formatPhone } from '@medic/shared/model/phone';
import { localDate } from '@medic/shared/time/zone';
import {
  IconCopy,
  IconLanguage,
  IconMail,
  IconMailOff,
  IconMessage2,
  IconMessage2Off,
  IconPhone,
} from '@tabler/icons-react';
import { useDesk, useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { announce } from '../../ui/announcer';
import { ageOn, fullDate } from '../../ui/date-words';
import { Initials } from '../../ui/initials';
import { languageName } from '../../ui/language-name';
import { fullName } from '../../ui/person-name';
import classes from './inspector.module.css';

/** Who the visit is of, how to reach them, and what they consented to. */
export function PersonCard({ patient, onOpen }: { patient: Patient | undefined; onOpen: () => void }) {
  const desk = useDesk();
  const facts = useFacts();
  if (!patient) return <p className={classes.gone}>The patient’s record is on its way.</p>;
  const today = localDate(desk.now(), facts.clinic.timeZone);
  return (
    <div className={classes.person}>
      <Initials name={fullName(patient)} size={40} />
      <div className={classes.who}>
        <h2>{fullName(patient)}</h2>
        <p>
          {patient.birthDate
            ? `${fullDate(patient.birthDate)} · ${ageOn(patient.birthDate, today)}`
            : 'No birth date'}
        </p>
      </div>
      <ActionButton size="small" keys="O" onClick={onOpen}>
        Open
      </ActionButton>
      <ul className={classes.contact}>
        <li>
          <IconPhone size={15} stroke={1.75} aria-hidden />
          {patient.phone ? (
            <Copyable text={formatPhone(patient.phone)} what="phone number" />
          ) : (
            <span>No phone</span>
          )}
        </li>
        <li>
          <IconMail size={15} stroke={1.75} aria-hidden />
          {patient.email ? <Copyable text={patient.email} what="e-mail address" /> : <span>No e-mail</span>}
        </li>
      </ul>
      <ul className={classes.badges}>
        <li>
          <IconLanguage size={13} stroke={1.75} aria-hidden /> {languageName(patient.language)}
        </li>
        <li data-on={patient.consentSms || undefined}>
          {patient.consentSms ? (
            <IconMessage2 size={13} stroke={1.75} aria-hidden />
          ) : (
            <IconMessage2Off size={13} stroke={1.75} aria-hidden />
          )}{' '}
          SMS {patient.consentSms ? 'yes' : 'no'}
        </li>
        <li data-on={patient.consentEmail || undefined}>
          {patient.consentEmail ? (
            <IconMail size={13} stroke={1.75} aria-hidden />
          ) : (
            <IconMailOff size={13} stroke={1.75} aria-hidden />
          )}{' '}
          E-mail {patient.consentEmail ? 'yes' : 'no'}
        </li>
      </ul>
    </div>
  );
}

function Copyable({ text, what }: { text: string; what: string }) {
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => announce(`Copied the ${what}`),
      () => announce('This browser does not let Medic copy', { tone: 'refused' }),
    );
  };
  return (
    <>
      <span>{text}</span>
      <button type="button" className={classes.copy} onClick={copy} aria-label={`Copy the ${what}`}>
        <IconCopy size={15} stroke={1.75} aria-hidden />
      </button>
    </>
  );
}
