import { describe, expect, it } from 'vitest';
import type { WaitlistEntry } from '../../model/waitlist';
import {
  aDoctor,
  aHold,
  anAppointment,
  anOffer,
  aPatient,
  appointmentTypeId,
  aWaitlistEntry,
  date,
  doctorId,
  idOf,
  locationId,
  patientId,
} from '../../testing/builders';
import { plusMinutes } from '../../time/instant';
import type { Decision } from '../act';
import type { Facts } from '../facts';
import type { ActArgs } from '../registry';
import {
  bookAt,
  by,
  clinicOf,
  contextOf,
  decide,
  doctor,
  must,
  now,
  on,
  patient,
  reception,
  refusalOf,
  visitor,
} from '../testing/acting';

const jan = idOf('patient', 2);
const entryId = idOf('waitlistEntry', 1);
const secondId = idOf('waitlistEntry', 2);
const offerId = idOf('waitlistOffer', 1);
const secondOfferId = idOf('waitlistOffer', 2);

const wishes: Omit<ActArgs<'waitlist.add'>, 'entryId' | 'patientId'> = {
  appointmentTypeId,
  doctorIds: [],
  locationIds: [],
  weekdays: [],
  partsOfDay: [],
  earliestOn: null,
  latestOn: null,
  urgency: 'routine',
  note: '',
};

function entryOf(facts: Facts, id = entryId): WaitlistEntry {
  const entry = facts.get('waitlistEntry', id);
  if (!entry) throw new Error('no entry');
  return entry;
}

function offerTo(clock: string, ids: [string, string][] = [[entryId, offerId]]): ActArgs<'waitlist.offer'> {
  return {
    offers: ids.map(([entry, offer]) => ({ entryId: entry, offerId: offer })),
    slot: { doctorId, locationId, startsAt: on(clock) },
    expiresAt: plusMinutes(now, 60),
  };
}

/** Two who wait; Anna can be written to, and Jan by e-mail. */
function waiting(parts: Parameters<typeof clinicOf>[0] = {}): Facts {
  return clinicOf({
    patients: [
      aPatient({ email: 'anna@example.org', consentSms: false }),
      aPatient({ id: jan, email: 'jan@example.org', phone: null }),
    ],
    waitlist: [aWaitlistEntry({ id: entryId }), aWaitlistEntry({ id: secondId, patientId: jan })],
    ...parts,
  });
}

/** Both are offered ten o'clock. */
function offered(parts: Parameters<typeof clinicOf>[0] = {}, clock = '10:00'): Facts {
  const facts = waiting(parts);
  must(
    facts,
    'waitlist.offer',
    offerTo(clock, [
      [entryId, offerId],
      [secondId, secondOfferId],
    ]),
  );
  return facts;
}

const accept = (n = 1): ActArgs<'waitlist.accept'> => ({
  offerId: n === 1 ? offerId : secondOfferId,
  entryId: n === 1 ? entryId : secondId,
  appointmentId: idOf('appointment', n),
});

function statuses(facts: Facts, id = entryId): string[] {
  const entry = entryOf(facts, id);
  return [entry.status, ...entry.offers.map(({ status }) => status)];
}

function written(decision: Decision): unknown[] {
  return decision.kind === 'done'
    ? decision.notifications.map(({ kind, patientId, payload }) => [
        kind,
        patientId,
        payload.withdrawn ?? false,
      ])
    : [];
}

describe('join the waitlist', () => {
  it('staff, or patients themselves', () => {
    for (const actor of [reception, doctor, patient]) {
      const facts = clinicOf();
      must(facts, 'waitlist.add', { ...wishes, entryId, patientId }, by(actor));
      expect(entryOf(facts)).toMatchObject({ status: 'waiting', patientId, offers: [], createdAt: now });
    }
  });

  it('patients not for others, nor visitors for anybody', () => {
    const args = { ...wishes, entryId, patientId: jan };
    for (const actor of [patient, visitor])
      expect(refusalOf(decide(clinicOf(), 'waitlist.add', args, by(actor)))).toEqual(['not-allowed']);
  });

  it('once for each kind of visit', () => {
    const facts = waiting();
    const again = { ...wishes, entryId: idOf('waitlistEntry', 3), patientId };
    expect(refusalOf(decide(facts, 'waitlist.add', again))).toEqual(['exists']);
    must(facts, 'waitlist.close', { entryId, reason: '' });
    expect(decide(facts, 'waitlist.add', again).kind).toBe('done');
  });

  it.each<[string, Partial<typeof wishes>, string]>([
    ['an unknown kind of visit', { appointmentTypeId: idOf('appointmentType', 9) }, 'unknown'],
    ['an unknown doctor', { doctorIds: [idOf('doctor', 9)] }, 'unknown'],
    ['an unknown place', { locationIds: [idOf('location', 9)] }, 'unknown'],
    [
      'a range that ends before it begins',
      { earliestOn: date('2026-12-02'), latestOn: date('2026-12-01') },
      'invalid',
    ],
    ['a range that is over', { latestOn: date('2026-11-23') }, 'invalid'],
  ])('refuses %s', (_name, overrides, code) => {
    const args = { ...wishes, ...overrides, entryId, patientId };
    expect(refusalOf(decide(clinicOf(), 'waitlist.add', args))).toEqual([code]);
  });

  it('a patient decides what is soon, the clinic what is urgent', () => {
    const args = { ...wishes, entryId, patientId, urgency: 'urgent' as const };
    expect(decide(clinicOf(), 'waitlist.add', args, by(patient))).toMatchObject({
      reasons: [{ code: 'invalid', field: 'urgency' }],
    });
    expect(decide(clinicOf(), 'waitlist.add', args).kind).toBe('done');
    expect(decide(clinicOf(), 'waitlist.add', { ...args, urgency: 'soon' }, by(patient)).kind).toBe('done');
  });

  it('what is booked by telephone is waited for by telephone', () => {
    const facts = clinicOf({ type: { bookableBy: 'desk' } });
    const args = { ...wishes, entryId, patientId };
    expect(refusalOf(decide(facts, 'waitlist.add', args, by(patient)))).toEqual(['slot desk-only']);
    expect(decide(facts, 'waitlist.add', args).kind).toBe('done');
  });

  const typed = {
    givenName: 'Ola',
    familyName: 'Nowa',
    birthDate: null,
    phone: null,
    email: 'ola@example.org',
    language: 'pl',
    consentSms: false,
    consentEmail: false,
  };

  it('on the public page, the patient is made with the entry', () => {
    const facts = clinicOf();
    const args = { ...wishes, entryId, patientId: idOf('patient', 50), patient: typed };
    must(facts, 'waitlist.add-online', args, by(visitor));
    expect(facts.get('patient', idOf('patient', 50))).toMatchObject({ familyName: 'Nowa', source: 'public' });
    expect(entryOf(facts).patientId).toBe(idOf('patient', 50));
    expect(
      refusalOf(
        decide(
          clinicOf(),
          'waitlist.add-online',
          { ...args, patient: { ...typed, email: null } },
          by(visitor),
        ),
      ),
    ).toEqual(['invalid']);
  });

  it('on the public page, a record that is there is never changed: what differs waits for the desk', () => {
    const facts = waiting();
    const before = facts.get('patient', patientId);
    const args = { ...wishes, entryId: idOf('waitlistEntry', 3), patientId, patient: typed };
    const decision = must(facts, 'waitlist.add-online', args, by(visitor));
    expect(facts.get('patient', patientId)).toEqual(before);
    expect(decision.changes.map(({ kind }) => kind)).toEqual(['attentionItem', 'waitlistEntry']);
  });
});

describe('edit and close', () => {
  it('changes what is named, and nothing else', () => {
    const facts = offered();
    must(facts, 'waitlist.edit', { entryId, changes: { weekdays: [3], note: 'not on Fridays' } });
    expect(entryOf(facts)).toMatchObject({ weekdays: [3], note: 'not on Fridays', status: 'offered' });
    expect(entryOf(facts).offers).toHaveLength(1);
  });

  it('a patient edits an entry that staff marked as urgent, but marks none', () => {
    const facts = waiting({ waitlist: [aWaitlistEntry({ id: entryId, urgency: 'urgent' })] });
    must(facts, 'waitlist.edit', { entryId, changes: { weekdays: [3] } }, by(patient));
    expect(entryOf(facts).urgency).toBe('urgent');
    expect(
      refusalOf(decide(facts, 'waitlist.edit', { entryId, changes: { urgency: 'urgent' } }, by(patient))),
    ).toEqual(['invalid']);
  });

  it('is not for other patients', () => {
    for (const [name, args] of [
      ['waitlist.edit', { entryId: secondId, changes: {} }],
      ['waitlist.close', { entryId: secondId, reason: '' }],
    ] as const)
      expect(refusalOf(decide(waiting(), name, args, by(patient)))).toEqual(['not-allowed']);
  });

  it('closing withdraws what is open, and tells the patient unless they closed it', () => {
    const later = plusMinutes(now, 10);
    const facts = offered();
    const decision = decide(facts, 'waitlist.close', { entryId, reason: 'moved away' }, by(reception, later));
    expect(written(decision)).toEqual([['waitlist-offer', patientId, true]]);
    expect(written(decide(facts, 'waitlist.close', { entryId, reason: '' }, by(patient, later)))).toEqual([]);
    must(facts, 'waitlist.close', { entryId, reason: 'moved away' });
    expect(statuses(facts)).toEqual(['closed', 'withdrawn']);
    expect(entryOf(facts).closeReason).toBe('moved away');
    expect(refusalOf(decide(facts, 'waitlist.close', { entryId, reason: '' }))).toEqual(['invalid']);
    expect(refusalOf(decide(facts, 'waitlist.edit', { entryId, changes: {} }))).toEqual(['invalid']);
  });
});

describe('offer a time', () => {
  it('to several at once, each by message, and keeps it for nobody', () => {
    const facts = waiting();
    const decision = must(
      facts,
      'waitlist.offer',
      offerTo('10:00', [
        [entryId, offerId],
        [secondId, secondOfferId],
      ]),
    );
    expect(statuses(facts)).toEqual(['offered', 'open']);
    expect(statuses(facts, secondId)).toEqual(['offered', 'open']);
    expect(
      decision.notifications.map(({ kind, patientId: to, dueAt, payload }) => [
        kind,
        to,
        dueAt - now,
        payload,
      ]),
    ).toEqual([
      ['waitlist-offer', patientId, 180_000, { offerId, entryId, expiresAt: plusMinutes(now, 60) }],
      [
        'waitlist-offer',
        jan,
        180_000,
        { offerId: secondOfferId, entryId: secondId, expiresAt: plusMinutes(now, 60) },
      ],
    ]);
    expect(decide(facts, 'appointment.book', { ...bookAt('10:00', 9), patientId: jan }).kind).toBe('done');
  });

  it.each<[string, Partial<ActArgs<'waitlist.offer'>>, string]>([
    ['a time that is taken', { slot: { doctorId, locationId, startsAt: on('12:00') } }, 'slot visit'],
    ['an end that is past', { expiresAt: now }, 'invalid'],
    ['an end after the visit would begin', { expiresAt: on('10:01') }, 'invalid'],
    [
      'an unknown doctor',
      { slot: { doctorId: idOf('doctor', 9), locationId, startsAt: on('10:00') } },
      'unknown',
    ],
    ['an unknown entry', { offers: [{ offerId, entryId: idOf('waitlistEntry', 9) }] }, 'unknown'],
    [
      'one person twice',
      {
        offers: [
          { offerId, entryId },
          { offerId: secondOfferId, entryId },
        ],
      },
      'invalid',
    ],
  ])('refuses %s', (_name, overrides, code) => {
    const facts = waiting({ appointments: [anAppointment({ startsAt: on('12:00') })] });
    expect(refusalOf(decide(facts, 'waitlist.offer', { ...offerTo('10:00'), ...overrides }))).toEqual([code]);
  });

  it('not twice while it is open, and again once it was withdrawn', () => {
    const facts = offered();
    const again = offerTo('10:00', [[entryId, idOf('waitlistOffer', 9)]]);
    expect(refusalOf(decide(facts, 'waitlist.offer', again))).toEqual(['exists']);
    must(facts, 'appointment.book', { ...bookAt('10:00', 9), patientId: jan });
    must(facts, 'appointment.cancel', { appointmentId: idOf('appointment', 9), reason: 'mistake' });
    must(facts, 'waitlist.offer', again);
    expect(statuses(facts)).toEqual(['offered', 'withdrawn', 'open']);
  });

  it('is for the staff of the agenda', () => {
    for (const actor of [patient, visitor, { ...doctor, doctorId: idOf('doctor', 2) }])
      expect(refusalOf(decide(waiting(), 'waitlist.offer', offerTo('10:00'), by(actor)))).toEqual([
        'not-allowed',
      ]);
    expect(decide(waiting(), 'waitlist.offer', offerTo('10:00'), by(doctor)).kind).toBe('done');
  });
});

describe('accept', () => {
  it('the first gets it: booked, confirmed, and the others are withdrawn in the same commit', () => {
    const facts = offered();
    const decision = must(facts, 'waitlist.accept', accept(), by(patient, plusMinutes(now, 10)));
    expect(facts.get('appointment', idOf('appointment', 1))).toMatchObject({
      status: 'booked',
      patientId,
      startsAt: on('10:00'),
      source: 'public',
    });
    expect(statuses(facts)).toEqual(['booked', 'accepted']);
    expect(statuses(facts, secondId)).toEqual(['waiting', 'withdrawn']);
    expect(written(decision)).toEqual([
      ['confirmed', patientId, false],
      ['waitlist-offer', jan, true],
    ]);
    expect(decision.events).toEqual([
      {
        appointmentId: idOf('appointment', 1),
        fromStatus: null,
        toStatus: 'booked',
        changed: {},
        reason: '',
      },
    ]);
  });

  it('who comes second is told that it is over', () => {
    const facts = offered();
    must(facts, 'waitlist.accept', accept(), by(patient));
    const second = decide(facts, 'waitlist.accept', accept(2), by({ ...patient, id: jan }));
    expect(second).toMatchObject({ reasons: [{ code: 'offer-ended', why: 'withdrawn' }] });
    expect(
      decide(facts, 'waitlist.accept', { ...accept(), appointmentId: idOf('appointment', 3) }),
    ).toMatchObject({
      reasons: [{ code: 'offer-ended', why: 'accepted' }],
    });
  });

  it('a time that was taken where nobody noticed is over too, with the nearest free ones', () => {
    const facts = offered();
    facts.put(
      'appointment',
      anAppointment({ id: idOf('appointment', 9), startsAt: on('10:00'), patientId: jan }),
    );
    const decision = decide(facts, 'waitlist.accept', accept(), by(patient));
    expect(decision).toMatchObject({ reasons: [{ code: 'offer-ended', why: 'taken' }] });
    expect(decision.kind === 'refused' && decision.alternatives.length).toBe(3);
  });

  it('a visitor’s hold is no end: the reason is told, and it can be tried again', () => {
    const facts = offered();
    facts.put('slotHold', aHold({ startsAt: on('10:00'), expiresAt: plusMinutes(now, 10) }));
    expect(refusalOf(decide(facts, 'waitlist.accept', accept(), by(patient)))).toEqual(['slot hold']);
    expect(refusalOf(decide(facts, 'waitlist.accept', accept()))).toEqual(['slot hold']);
    expect(decide(facts, 'waitlist.accept', { ...accept(), overrides: ['hold'] }).kind).toBe('done');
    expect(decide(facts, 'waitlist.accept', accept(), by(patient, plusMinutes(now, 11))).kind).toBe('done');
  });

  it('counts as expired from its end on, and is marked so when next written', () => {
    const facts = offered();
    const end = plusMinutes(now, 60);
    expect(decide(facts, 'waitlist.accept', accept(), by(patient, plusMinutes(end, -1))).kind).toBe('done');
    expect(decide(facts, 'waitlist.accept', accept(), by(patient, end))).toMatchObject({
      reasons: [{ code: 'offer-ended', why: 'expired' }],
    });
    expect(statuses(facts)).toEqual(['offered', 'open']);
    must(facts, 'waitlist.edit', { entryId, changes: { note: 'x' } }, by(reception, end));
    expect(statuses(facts)).toEqual(['waiting', 'expired']);
  });

  it('holds where the online rules would not: the clinic offered it', () => {
    const facts = offered({ type: { minNoticeMinutes: 1440, needsAccepting: true, bookableBy: 'desk' } });
    must(facts, 'waitlist.accept', accept(), by(patient));
    expect(facts.get('appointment', idOf('appointment', 1))?.status).toBe('booked');
  });

  it('withdraws what else the patient was offered', () => {
    const facts = offered();
    must(facts, 'waitlist.offer', offerTo('12:00', [[entryId, idOf('waitlistOffer', 3)]]));
    must(facts, 'waitlist.accept', accept(), by(patient));
    expect(statuses(facts)).toEqual(['booked', 'accepted', 'withdrawn']);
  });

  it('tells of another visit of the patient’s own then', () => {
    const facts = offered({ doctors: [aDoctor(), aDoctor({ id: idOf('doctor', 2) })] });
    facts.put(
      'appointment',
      anAppointment({ id: idOf('appointment', 9), doctorId: idOf('doctor', 2), startsAt: on('10:15') }),
    );
    for (const actor of [patient, reception]) {
      expect(refusalOf(decide(facts, 'waitlist.accept', accept(), by(actor)))).toEqual(['same-patient']);
      expect(
        decide(facts, 'waitlist.accept', { ...accept(), overrides: ['same-patient'] }, by(actor)).kind,
      ).toBe('done');
    }
  });

  it('cancelling the visit opens nothing again', () => {
    const facts = offered();
    must(facts, 'waitlist.accept', accept(), by(patient));
    must(facts, 'appointment.cancel', { appointmentId: idOf('appointment', 1), reason: 'ill' });
    expect(statuses(facts)).toEqual(['booked', 'accepted']);
    expect(statuses(facts, secondId)).toEqual(['waiting', 'withdrawn']);
  });

  it('seats of a group go to as many as there are', () => {
    const facts = offered({ type: { capacity: 2 } });
    must(facts, 'waitlist.accept', accept(), by(patient));
    expect(statuses(facts, secondId)).toEqual(['offered', 'open']);
    must(facts, 'waitlist.accept', accept(2), by({ ...patient, id: jan }));
    expect(facts.get('appointment', idOf('appointment', 2))?.seat).toBe(2);
  });

  it('is for the patient who was asked, and for the staff of the agenda', () => {
    const facts = offered();
    for (const actor of [{ ...patient, id: jan }, visitor, { ...doctor, doctorId: idOf('doctor', 2) }])
      expect(refusalOf(decide(facts, 'waitlist.accept', accept(), by(actor)))).toEqual(['not-allowed']);
  });

  it('refuses an offer that is not of the entry', () => {
    expect(refusalOf(decide(offered(), 'waitlist.accept', { ...accept(), offerId: secondOfferId }))).toEqual([
      'unknown',
    ]);
  });
});

describe('decline', () => {
  it('goes on waiting, and other offers stay', () => {
    const facts = offered();
    must(facts, 'waitlist.decline', { offerId, entryId }, by(patient));
    expect(statuses(facts)).toEqual(['waiting', 'declined']);
    expect(entryOf(facts).offers[0]?.answeredAt).toBe(now);
    expect(statuses(facts, secondId)).toEqual(['offered', 'open']);
    expect(refusalOf(decide(facts, 'waitlist.accept', accept(), by(patient)))).toEqual(['offer-ended']);
  });
});

describe('withdraw', () => {
  const withdraw = { entryId, offerId };

  it('ends one offer alone: its entry waits on, and other offers stay', () => {
    const facts = offered();
    must(facts, 'waitlist.offer', offerTo('12:00', [[entryId, idOf('waitlistOffer', 3)]]));
    must(facts, 'waitlist.withdraw', withdraw);
    expect(statuses(facts)).toEqual(['offered', 'withdrawn', 'open']);
    expect(entryOf(facts).offers[0]?.answeredAt).toBeNull();
    expect(statuses(facts, secondId)).toEqual(['offered', 'open']);
    expect(refusalOf(decide(facts, 'waitlist.accept', accept(), by(patient)))).toEqual(['offer-ended']);
  });

  it('is told to the patient only where the offer can have gone out', () => {
    expect(written(decide(offered(), 'waitlist.withdraw', withdraw))).toEqual([]);
    const later = contextOf({ now: plusMinutes(now, 10) });
    expect(written(decide(offered(), 'waitlist.withdraw', withdraw, later))).toEqual([
      ['waitlist-offer', patientId, true],
    ]);
  });

  it('the time may be offered again, and accepted', () => {
    const facts = offered();
    must(facts, 'waitlist.withdraw', withdraw);
    must(facts, 'waitlist.offer', offerTo('10:00', [[entryId, idOf('waitlistOffer', 3)]]));
    must(facts, 'waitlist.accept', { ...accept(), offerId: idOf('waitlistOffer', 3) }, by(patient));
    expect(entryOf(facts).status).toBe('booked');
  });

  it('is for the staff of the agenda, and for what is open still', () => {
    const facts = offered();
    for (const actor of [patient, visitor, { ...doctor, doctorId: idOf('doctor', 2) }])
      expect(refusalOf(decide(facts, 'waitlist.withdraw', withdraw, by(actor)))).toEqual(['not-allowed']);
    const late = contextOf({ now: plusMinutes(now, 61) });
    expect(refusalOf(decide(facts, 'waitlist.withdraw', withdraw, late))).toEqual(['offer-ended']);
    must(facts, 'waitlist.withdraw', withdraw);
    expect(refusalOf(decide(facts, 'waitlist.withdraw', withdraw))).toEqual(['offer-ended']);
    expect(
      refusalOf(decide(facts, 'waitlist.withdraw', { entryId, offerId: idOf('waitlistOffer', 9) })),
    ).toEqual(['unknown']);
  });
});

describe('reopen', () => {
  const reopen = { entryId, patientId };

  it('puts a closed entry back into its place in line; what was withdrawn stays so', () => {
    const facts = offered();
    const { createdAt } = entryOf(facts);
    must(facts, 'waitlist.close', { entryId, reason: 'by mistake' });
    must(facts, 'waitlist.reopen', reopen);
    expect(statuses(facts)).toEqual(['waiting', 'withdrawn']);
    expect(entryOf(facts)).toMatchObject({ closeReason: '', createdAt });
    // Twice is no harm.
    expect(must(facts, 'waitlist.reopen', reopen).changes).toEqual([]);
  });

  it('is refused where they wait for the same kind of visit again already', () => {
    const facts = waiting();
    must(facts, 'waitlist.close', { entryId, reason: '' });
    must(facts, 'waitlist.add', { entryId: idOf('waitlistEntry', 3), patientId, ...wishes });
    expect(refusalOf(decide(facts, 'waitlist.reopen', reopen))).toEqual(['exists']);
  });

  it('of what was booked from it waits until that visit is off, and can be booked again', () => {
    const facts = offered();
    must(facts, 'waitlist.accept', accept());
    expect(refusalOf(decide(facts, 'waitlist.reopen', reopen))).toEqual(['invalid']);
    must(facts, 'appointment.cancel', { appointmentId: idOf('appointment', 1), reason: 'by mistake' });
    must(facts, 'waitlist.reopen', reopen);
    expect(statuses(facts)).toEqual(['waiting', 'withdrawn']);
    must(facts, 'waitlist.offer', offerTo('10:00', [[entryId, idOf('waitlistOffer', 3)]]));
    must(facts, 'waitlist.accept', {
      offerId: idOf('waitlistOffer', 3),
      entryId,
      appointmentId: idOf('appointment', 2),
    });
    expect(statuses(facts)).toEqual(['booked', 'withdrawn', 'accepted']);
  });

  it('is for staff, and for the entry of the patient who is named', () => {
    const facts = waiting();
    must(facts, 'waitlist.close', { entryId, reason: '' });
    expect(refusalOf(decide(facts, 'waitlist.reopen', reopen, by(patient)))).toEqual(['not-allowed']);
    expect(refusalOf(decide(facts, 'waitlist.reopen', { entryId, patientId: jan }))).toEqual(['unknown']);
  });
});

describe('an offer whose time is taken otherwise', () => {
  const later = plusMinutes(now, 10);

  it('is withdrawn in the same commit by any act that takes it, and its patient told', () => {
    const facts = offered();
    const decision = must(
      facts,
      'appointment.book',
      { ...bookAt('10:15', 9), patientId: jan },
      contextOf({ now: later }),
    );
    expect(statuses(facts)).toEqual(['waiting', 'withdrawn']);
    expect(statuses(facts, secondId)).toEqual(['waiting', 'withdrawn']);
    expect(written(decision)).toContainEqual(['waitlist-offer', patientId, true]);
    expect(written(decision)).toContainEqual(['waitlist-offer', jan, true]);
    expect(decision.changes.map(({ kind }) => kind)).toEqual([
      'appointment',
      'waitlistEntry',
      'waitlistEntry',
    ]);
  });

  it('is told nothing before the offer itself can have gone out', () => {
    const facts = offered();
    const decision = must(
      facts,
      'appointment.book',
      { ...bookAt('10:00', 9), patientId: jan },
      contextOf({ now: plusMinutes(now, 2) }),
    );
    expect(statuses(facts)).toEqual(['waiting', 'withdrawn']);
    expect(written(decision)).toEqual([['confirmed', jan, false]]);
  });

  it('stays where the time is still free: before it, after it, on another agenda', () => {
    const facts = offered({ doctors: [aDoctor(), aDoctor({ id: idOf('doctor', 2) })] });
    must(facts, 'appointment.book', { ...bookAt('09:15', 8), patientId: jan });
    must(facts, 'appointment.book', { ...bookAt('10:45', 9), patientId: jan });
    facts.put('appointment', anAppointment({ doctorId: idOf('doctor', 2), startsAt: on('10:00') }));
    expect(statuses(facts)).toEqual(['offered', 'open']);
  });

  it('stays through a visitor’s hold', () => {
    const facts = offered();
    must(
      facts,
      'slot.hold',
      { holdId: idOf('slotHold', 1), doctorId, locationId, appointmentTypeId, startsAt: on('10:00') },
      by(visitor),
    );
    must(facts, 'appointment.book', { ...bookAt('10:45', 9), patientId: jan });
    expect(statuses(facts)).toEqual(['offered', 'open']);
  });

  it('is withdrawn by a visit that moves there, not by one that moves away', () => {
    const facts = offered({
      appointments: [anAppointment({ id: idOf('appointment', 9), startsAt: on('12:00'), patientId: jan })],
    });
    const move = (clock: string) =>
      must(facts, 'appointment.reschedule', {
        appointmentId: idOf('appointment', 9),
        doctorId,
        locationId,
        startsAt: on(clock),
        durationMinutes: null,
      });
    move('13:00');
    expect(statuses(facts)).toEqual(['offered', 'open']);
    move('10:15');
    expect(statuses(facts)).toEqual(['waiting', 'withdrawn']);
  });

  it('is withdrawn by a block of the day, and stays through one of another day', () => {
    const facts = offered();
    const block = (day: string, n: number) =>
      must(facts, 'time.block', {
        exceptionId: idOf('availabilityException', n),
        doctorId,
        locationId,
        date: date(day),
        startsAt: null,
        endsAt: null,
        reason: '',
      });
    block('2026-11-25', 1);
    expect(statuses(facts)).toEqual(['offered', 'open']);
    block('2026-11-24', 2);
    expect(statuses(facts)).toEqual(['waiting', 'withdrawn']);
  });

  it('is left alone once it has expired', () => {
    const facts = offered();
    must(
      facts,
      'appointment.book',
      { ...bookAt('10:00', 9), patientId: jan },
      contextOf({ now: plusMinutes(now, 61) }),
    );
    expect(statuses(facts)).toEqual(['offered', 'open']);
  });

  it('keeps the other offers of its entry open', () => {
    const facts = offered();
    must(facts, 'waitlist.offer', offerTo('12:00', [[entryId, idOf('waitlistOffer', 3)]]));
    must(facts, 'appointment.book', { ...bookAt('10:00', 9), patientId: jan });
    expect(statuses(facts)).toEqual(['offered', 'withdrawn', 'open']);
  });

  it('needs no patient at hand: without one nobody is written to', () => {
    const facts = waiting({
      patients: [aPatient({ id: jan })],
      waitlist: [
        aWaitlistEntry({
          id: entryId,
          status: 'offered',
          offers: [anOffer({ id: offerId, startsAt: on('10:00') })],
        }),
      ],
    });
    must(facts, 'appointment.book', { ...bookAt('10:00', 9), patientId: jan });
    expect(statuses(facts)).toEqual(['waiting', 'withdrawn']);
  });
});
