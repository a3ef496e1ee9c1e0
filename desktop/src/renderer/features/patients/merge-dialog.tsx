/** Two records of one person, side by side: which stays, whose value each field has, what moves. */

import { Modal, TextInput } from '@mantine/core';
import type { Decision, Done } from '@medic/shared/acts/act';
import type { DetailField } from '@medic/shared/acts/patient/create';
import { detailFields } from '@medic/shared/acts/patient/create';
import { duplicatesOf } from '@medic/shared/acts/patient/duplicates';
import type { FieldChoices } from '@medic/shared/acts/patient/merge';
import { describeRefusal, fieldName } from '@medic/shared/acts/refusal-words';
import type { Patient, PatientMerge } from '@medic/shared/model/patient';
import { formatPhone } from '@medic/shared/model/phone';
import { localDate } from '@medic/shared/time/zone';
import { IconArrowRight, IconSearch } from '@tabler/icons-react';
import { type FormEvent, useMemo, useState } from 'react';
import type { Desk } from '../../replica/desk';
import { useDesk, useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { announce } from '../../ui/announcer';
import { fullDate } from '../../ui/date-words';
import { languageName } from '../../ui/language-name';
import { fullName } from '../../ui/person-name';
import classes from './merge-dialog.module.css';
import { visitsOfPatient } from './patient-visits';
import { tellApart } from './tell-apart';

interface MergeDialogProps {
  patient: Patient;
  /** The record beside it; none asks which one. */
  otherId: string | null;
  onOther: (id: string) => void;
  onBack: () => void;
  onClose: () => void;
}

export function MergeDialog({ patient, otherId, onOther, onBack, onClose }: MergeDialogProps) {
  const facts = useFacts();
  const other = otherId === null ? undefined : facts.get('patient', otherId);
  return (
    <Modal
      opened
      onClose={onClose}
      title={other ? 'Merge two records' : `Merge ${fullName(patient)} with…`}
      size={other ? 820 : 520}
      classNames={{ title: classes.title, body: classes.body }}
    >
      {other ? (
        <MergeForm key={other.id} first={patient} second={other} onBack={onBack} />
      ) : (
        <PickRecord patient={patient} onPick={onOther} onBack={onBack} />
      )}
    </Modal>
  );
}

function PickRecord({
  patient,
  onPick,
  onBack,
}: {
  patient: Patient;
  onPick: (id: string) => void;
  onBack: () => void;
}) {
  const desk = useDesk();
  const facts = useFacts();
  const [query, setQuery] = useState('');
  const likely = useMemo(() => duplicatesOf(patient, facts.all('patient'), patient), [facts, patient]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the desk searches the facts as they are
  const found = useMemo(
    () =>
      query.trim() === ''
        ? []
        : desk
            .searchPatients(query, 9)
            .filter((hit) => hit.patient.id !== patient.id)
            .map((hit) => ({ patient: hit.patient, why: '' })),
    [desk, query, patient.id, facts],
  );
  const rows = query.trim() === '' ? likely.slice(0, 8) : found;
  return (
    <div className={classes.pick}>
      <TextInput
        aria-label="The other record"
        placeholder="Letters of both names, phone or birth date"
        leftSection={<IconSearch size={16} stroke={1.75} aria-hidden />}
        value={query}
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          const first = rows[0];
          if (event.key === 'Enter' && first) onPick(first.patient.id);
        }}
      />
      {rows.length === 0 && (
        <p className={classes.none}>
          {query.trim() === '' ? 'Nobody here looks like the same person.' : 'Nobody is called so.'}
        </p>
      )}
      <ul>
        {rows.map((row) => (
          <li key={row.patient.id}>
            <button type="button" className={classes.row} onClick={() => onPick(row.patient.id)}>
              <b>{fullName(row.patient)}</b>
              <span>
                {[
                  row.patient.birthDate ? fullDate(row.patient.birthDate) : 'No birth date',
                  row.patient.phone && formatPhone(row.patient.phone),
                  row.why,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </button>
            {row.why !== '' && (
              <ActionButton
                size="inline"
                aria-label={`Not the same as ${fullName(row.patient)}`}
                onClick={() => void tellApart(desk, patient, row.patient)}
              >
                Not the same
              </ActionButton>
            )}
          </li>
        ))}
      </ul>
      <div className={classes.buttons}>
        <ActionButton onClick={onBack}>Back to the record</ActionButton>
      </div>
    </div>
  );
}

type Side = 'first' | 'second';
type Choice = Side | 'both';

function MergeForm({ first, second, onBack }: { first: Patient; second: Patient; onBack: () => void }) {
  const desk = useDesk();
  const facts = useFacts();
  const [mergeId] = useState(() => desk.newId());
  const [keptSide, setKeptSide] = useState<Side>(() => olderSide(first, second));
  const [chosen, setChosen] = useState<Partial<Record<DetailField, Choice>>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const kept = keptSide === 'first' ? first : second;
  const merged = keptSide === 'first' ? second : first;
  const differing = detailFields.filter((field) => first[field] !== second[field]);
  const equal = detailFields.filter((field) => first[field] === second[field] && !isEmpty(first[field]));

  const choiceOf = (field: DetailField): Choice =>
    chosen[field] ?? usualChoice(field, first, second, keptSide);
  const args = {
    mergeId,
    keptId: kept.id,
    mergedId: merged.id,
    fields: Object.fromEntries(
      differing.map((field) => {
        const choice = choiceOf(field);
        return [field, choice === 'both' ? 'both' : choice === keptSide ? 'kept' : 'merged'];
      }),
    ) as FieldChoices,
  };
  const decision = desk.preview('patient.merge', args);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const result = await desk.perform('patient.merge', args);
    setBusy(false);
    if (result.kind === 'refused') {
      setProblem(result.reasons.map((reason) => describeRefusal(reason)).join(' · '));
      return;
    }
    onBack();
    const name = fullName(merged);
    announce(`Merged ${name} into ${fullName(kept)}`, {
      undo: () => void undoMerge(desk, { id: mergeId, keptId: kept.id, mergedId: merged.id }, name),
    });
  };

  const sides = [
    { side: 'first' as const, record: first },
    { side: 'second' as const, record: second },
  ];
  return (
    <form className={classes.form} onSubmit={(event) => void submit(event)} aria-label="Merge two records">
      <fieldset className={classes.sides}>
        <legend>Which record stays</legend>
        {sides.map(({ side, record }) => (
          <label key={side} className={classes.side} data-kept={side === keptSide || undefined}>
            <input
              type="radio"
              name="kept"
              checked={side === keptSide}
              data-autofocus={side === keptSide || undefined}
              onChange={() => setKeptSide(side)}
            />
            <span>
              <b>{fullName(record)}</b>
              <small>
                {[
                  record.birthDate ? fullDate(record.birthDate) : 'No birth date',
                  `made ${fullDate(localDate(record.createdAt, facts.clinic.timeZone))}`,
                  counted(visitsOfPatient(facts, record.id).length, 'visit', 'visits'),
                ].join(' · ')}
              </small>
            </span>
          </label>
        ))}
      </fieldset>
      {differing.map((field) => (
        <fieldset key={field} className={classes.field}>
          <legend>{capital(fieldName(field))}</legend>
          {sides.map(({ side, record }) => (
            <label
              key={side}
              className={classes.value}
              data-chosen={choiceOf(field) === side || choiceOf(field) === 'both' || undefined}
            >
              <input
                type="radio"
                name={field}
                checked={choiceOf(field) === side}
                onChange={() => setChosen({ ...chosen, [field]: side })}
              />
              <span data-empty={isEmpty(record[field]) || undefined}>{valueWords(record, field)}</span>
            </label>
          ))}
          {field === 'notes' && !isEmpty(first.notes) && !isEmpty(second.notes) && (
            <label className={classes.both}>
              <input
                type="radio"
                name={field}
                checked={choiceOf(field) === 'both'}
                onChange={() => setChosen({ ...chosen, notes: 'both' })}
              />
              <span>Both notes, one after the other</span>
            </label>
          )}
        </fieldset>
      ))}
      {equal.length > 0 && (
        <p className={classes.equal}>
          The same in both:{' '}
          {equal.map((field) => `${fieldName(field)} ${valueWords(first, field)}`).join(', ')}
        </p>
      )}
      <p className={classes.preview} role="status" data-refused={decision.kind === 'refused' || undefined}>
        <IconArrowRight size={16} stroke={1.75} aria-hidden />
        <span>
          {decision.kind === 'refused'
            ? decision.reasons.map((reason) => describeRefusal(reason)).join(' · ')
            : whatMoves(decision, kept)}
        </span>
      </p>
      {problem && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      <div className={classes.buttons}>
        <ActionButton onClick={onBack}>Back to the record</ActionButton>
        <ActionButton
          disabled={busy}
          onClick={() => void tellApart(desk, first, second).then((told) => told && onBack())}
        >
          Not the same person
        </ActionButton>
        <ActionButton
          type="submit"
          tone="primary"
          keys="Enter"
          disabled={busy || decision.kind === 'refused'}
        >
          Merge the records
        </ActionButton>
      </div>
    </form>
  );
}

export async function undoMerge(
  desk: Desk,
  merge: Pick<PatientMerge, 'id' | 'keptId' | 'mergedId'>,
  name: string,
): Promise<void> {
  const { id: mergeId, keptId, mergedId } = merge;
  const result = await desk.perform('patient.unmerge', { mergeId, keptId, mergedId });
  if (result.kind === 'refused')
    announce(`Not done: ${result.reasons.map((reason) => describeRefusal(reason)).join(' · ')}`, {
      tone: 'refused',
    });
  else announce(`${name} is a record of its own again`);
}

/** The older record has more behind it: papers, letters, habits. */
function olderSide(first: Patient, second: Patient): Side {
  return second.createdAt < first.createdAt ? 'second' : 'first';
}

/** The kept record's value, unless only the other has one; of notes nothing is lost unless somebody says so. */
function usualChoice(field: DetailField, first: Patient, second: Patient, keptSide: Side): Choice {
  const empty = { first: isEmpty(first[field]), second: isEmpty(second[field]) };
  if (field === 'notes' && !empty.first && !empty.second) return 'both';
  if (!empty[keptSide]) return keptSide;
  return keptSide === 'first' ? 'second' : 'first';
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '';
}

function valueWords(record: Patient, field: DetailField): string {
  switch (field) {
    case 'birthDate':
      return record.birthDate ? fullDate(record.birthDate) : 'none';
    case 'phone':
      return record.phone ? formatPhone(record.phone) : 'none';
    case 'language':
      return languageName(record.language);
    case 'consentSms':
    case 'consentEmail':
      return record[field] ? 'yes' : 'no';
    default:
      return record[field] || 'none';
  }
}

const movedWords = [
  ['appointment', 'visit', 'visits'],
  ['waitlistEntry', 'waitlist entry', 'waitlist entries'],
  ['appointmentSeries', 'series', 'series'],
  ['attentionItem', 'open item', 'open items'],
] as const;

function whatMoves(decision: Extract<Decision, Done>, kept: Patient): string {
  const parts = movedWords.flatMap(([kind, one, many]) => {
    const count = decision.changes.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [counted(count, one, many)];
  });
  const older =
    'Older visits that are not on this desk move too. Nobody is written to, and it can be undone.';
  if (parts.length === 0) return `Nothing on this desk has to move. ${older}`;
  const single = parts.length === 1 && parts[0]?.startsWith('1 ');
  return `${parts.join(', ')} ${single ? 'moves' : 'move'} to ${fullName(kept)}. ${older}`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
