/** Messages that did not arrive: what the patient does not know, and why it did not get there. */
import { useFacts } from '../../replica/hooks';
import classes from './attention-list.module.css';
import type { AttentionEntry } from './attention-words';

export function FailedMessages({ entry }: { entry: AttentionEntry }) {
  const facts = useFacts();
  const email = entry.patientId === null ? null : (facts.get('patient', entry.patientId)?.email ?? null);
  const last = entry.failures.at(-1);
  const corrected = last && email !== null && email !== last.address && last.address !== '';
  return (
    <>
      <ul className={classes.failures}>
        {entry.failures.map((failure) => (
          <li key={failure.id}>
            <b>
              {failure.what}
              {failure.about && `, ${failure.about}`}
            </b>
            <small>
              {failure.address ? `To ${failure.address}: ` : ''}
              {plainly(failure.why)}
            </small>
          </li>
        ))}
      </ul>
      <p className={classes.why}>
        {corrected
          ? `The record has ${email} now. What could not be sent is not sent again: tell the patient.`
          : 'It is not sent again. Correct the address for what comes next, and tell the patient this time.'}
      </p>
    </>
  );
}

/** Without the words of the library that carried it. */
function plainly(why: string): string {
  return why
    .replace(/^Can't send mail - all recipients were rejected: /, 'the mail server said “')
    .replace(/^(the mail server said “.*)$/s, '$1”');
}
