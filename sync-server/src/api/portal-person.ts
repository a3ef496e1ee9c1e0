/** A patient's own record: proven by the birth date, corrected by asking the desk, taken along. */
import { publicDetails } from '@medic/shared/acts/patient/differences';
import type { AttentionItem } from '@medic/shared/model/attention-item';
import { dateField, uuid } from '@medic/shared/model/fields';
import { z } from 'zod';
import { exportOf } from './portal-export';
import { personOf } from './portal-pages';
import { actingAsPerson, asking, asPerson, isProven, patientOf, provenPatientOf } from './portal-session';
import { unknown } from './public-router';
import { patientActor, runForVisitor } from './visitor-acts';

export const personProcedures = {
  proveBirthDate: actingAsPerson
    .input(z.object({ patientId: uuid(), birthDate: dateField() }))
    .mutation(async ({ ctx, input }) => {
      const patient = patientOf(ctx.session, input.patientId);
      await ctx.services.limits.birthDate(ctx.clinicId, patient.id);
      const answer = await ctx.services.portal.proveBirthDate(ctx.session, patient, input.birthDate);
      return answer.proven
        ? { kind: 'proven' as const }
        : { kind: 'wrong' as const, triesLeft: answer.triesLeft };
    }),

  profile: asPerson.input(z.object({ patientId: uuid() })).query(async ({ ctx, input }) => {
    const patient = patientOf(ctx.session, input.patientId);
    const proven = isProven(ctx.session, patient);
    const { givenName, familyName, birthDate, phone, email, language } = patient;
    const questions = proven ? await ctx.services.records.questionsOf(ctx.clinicId, patient.id) : [];
    return {
      ...personOf(patient),
      proven,
      consentSms: patient.consentSms,
      consentEmail: patient.consentEmail,
      hasPhone: phone !== null,
      details: proven ? { givenName, familyName, birthDate, phone, email, language } : null,
      waiting: waitingFields(questions),
    };
  }),

  proposeChanges: actingAsPerson
    .input(asking.extend({ patientId: uuid(), changes: publicDetails }))
    .mutation(async ({ ctx, input }) => {
      const patient = provenPatientOf(ctx.session, input.patientId);
      const answer = await runForVisitor(ctx.services, ctx.facts, {
        clinicId: ctx.clinicId,
        actor: patientActor(patient),
        act: 'patient.propose-changes',
        args: { patientId: patient.id, changes: input.changes },
        made: [],
        requestId: input.requestId,
      });
      return answer.kind === 'refused' ? answer : { kind: 'sent' as const };
    }),

  setConsent: actingAsPerson
    .input(asking.extend({ patientId: uuid(), consentSms: z.boolean(), consentEmail: z.boolean() }))
    .mutation(async ({ ctx, input }) => {
      const patient = patientOf(ctx.session, input.patientId);
      const { consentSms, consentEmail } = input;
      const answer = await runForVisitor(ctx.services, ctx.facts, {
        clinicId: ctx.clinicId,
        actor: patientActor(patient),
        act: 'patient.set-consent',
        args: { patientId: patient.id, consentSms, consentEmail },
        made: [],
        requestId: input.requestId,
      });
      return answer.kind === 'refused' ? answer : { kind: 'saved' as const };
    }),

  exportData: actingAsPerson.input(z.object({ patientId: uuid() })).mutation(async ({ ctx, input }) => {
    const { services, facts } = ctx;
    const patient = provenPatientOf(ctx.session, input.patientId);
    await services.limits.export(ctx.clinicId, patient.id);
    const now = services.now();
    const file = await services.records.export(facts.clinic, patient.id, now);
    if (!file) throw unknown('There is nothing here any more');
    return exportOf(facts, file, now);
  }),
};

/** Of a record: what its patient wants changed, and nobody has looked at yet. */
function waitingFields(questions: readonly AttentionItem[]): string[] {
  const fields = questions.flatMap(({ data }) =>
    typeof data.proposed === 'object' && data.proposed !== null ? Object.keys(data.proposed) : [],
  );
  return [...new Set(fields)];
}
