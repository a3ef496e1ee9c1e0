import { expect, it } from 'vitest';
import { anAppointment, anAttentionItem, idOf, patientId } from '../../testing/builders';
import { plusMinutes } from '../../time/instant';
import type { Facts } from '../facts';
import type { ActArgs } from '../registry';
import { by, clinicOf, contextOf, decide, must, now, patient, reception, refusalOf } from '../testing/acting';
import { openFailuresOf } from './failures';

const server = { ...reception, kind: 'system', id: null, name: 'Medic', roles: [] } as const;
const visit = anAppointment();
const failed = (n = 1, overrides: Partial<ActArgs<'message.failed'>> = {}): ActArgs<'message.failed'> => ({
  notificationId: idOf('intent', n),
  patientId,
  kind: 'confirmed',
  channel: 'email',
  appointmentId: visit.id,
  address: 'nobody@example.org',
  why: '550 no such mailbox',
  ...overrides,
});

function items(facts: Facts) {
  return [...facts.all('attentionItem')].filter(({ kind }) => kind === 'message-failed');
}

it('a failed message waits for a person, with whom and where it was for', () => {
  const facts = clinicOf({ appointments: [visit] });
  must(facts, 'message.failed', failed(), by(server));
  const [{ patientId: _, ...message }] = [failed()];
  expect(items(facts)).toMatchObject([
    {
      status: 'open',
      patientId,
      appointmentId: visit.id,
      doctorId: visit.doctorId,
      data: { messages: [{ ...message, at: now }] },
    },
  ]);
});

it('what fails later is gathered in the one item of its patient, the last ten of it', () => {
  const facts = clinicOf({ appointments: [visit] });
  for (let n = 1; n <= 12; n++) {
    must(facts, 'message.failed', failed(n), contextOf({ actor: server, now: plusMinutes(now, n) }));
  }
  must(facts, 'message.failed', failed(13, { patientId: idOf('patient', 2) }), by(server));
  expect(items(facts)).toHaveLength(2);
  const messages = openFailuresOf(facts, patientId)?.data.messages as { notificationId: string }[];
  expect(messages.map(({ notificationId }) => notificationId)).toEqual(
    Array.from({ length: 10 }, (_, i) => idOf('intent', i + 3)),
  );
});

it('is settled by the next message that arrives; what fails after that is another item', () => {
  const facts = clinicOf({ appointments: [visit] });
  must(facts, 'message.failed', failed(), by(server));
  must(facts, 'message.arrived', { patientId: idOf('patient', 2) }, by(server));
  expect(items(facts)[0]?.status).toBe('open');
  must(facts, 'message.arrived', { patientId }, by(server));
  expect(items(facts)[0]).toMatchObject({ status: 'done', settledBy: null, settledAt: now });
  expect(must(facts, 'message.arrived', { patientId }, by(server)).changes).toEqual([]);
  must(facts, 'message.failed', failed(2), by(server));
  expect(items(facts).map(({ status }) => status)).toEqual(['done', 'open']);
});

it('leaves other items of the patient alone, and gathers in an item that an earlier version made', () => {
  const facts = clinicOf({
    attention: [
      anAttentionItem({ id: idOf('attentionItem', 1), kind: 'patient-differs', patientId }),
      anAttentionItem({ id: idOf('attentionItem', 2), kind: 'message-failed', patientId, data: { act: '' } }),
    ],
  });
  must(facts, 'message.failed', failed(1, { appointmentId: null }), by(server));
  expect(items(facts)).toMatchObject([{ data: { act: '', messages: [{ kind: 'confirmed' }] } }]);
  must(facts, 'message.arrived', { patientId }, by(server));
  expect(facts.get('attentionItem', idOf('attentionItem', 1))?.status).toBe('open');
});

it('is for the server alone', () => {
  const facts = clinicOf();
  for (const actor of [patient, reception]) {
    expect(refusalOf(decide(facts, 'message.failed', failed(), by(actor)))).toEqual(['not-allowed']);
    expect(refusalOf(decide(facts, 'message.arrived', { patientId }, by(actor)))).toEqual(['not-allowed']);
  }
});
