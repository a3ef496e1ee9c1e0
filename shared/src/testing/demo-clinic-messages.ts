/** What the demo clinic writes to its patients and when. */
import type { MessagePlan, MessageTemplate } from '../model/notification';
import { type Directory, openedAt } from './demo-clinic-directory';
import type { Random } from './random';

type Words = Pick<MessageTemplate, 'kind' | 'channel' | 'language' | 'subject' | 'body'>;

/** Its own words where Medic's would not do: in Polish, in short messages, and in reminders. */
const words: readonly Words[] = [
  {
    kind: 'requested',
    channel: 'email',
    language: 'pl',
    subject: 'Mamy Państwa prośbę o wizytę',
    body: 'Dzień dobry,\n\notrzymaliśmy prośbę o wizytę {{date}} o {{time}}, {{location}}. Odpowiemy w ciągu dnia roboczego.\n\n{{clinic}}',
  },
  {
    kind: 'confirmed',
    channel: 'email',
    language: 'pl',
    subject: 'Wizyta {{date}}',
    body: 'Dzień dobry,\n\nwizyta jest zapisana na {{date}} o {{time}}, {{location}}, {{address}}.\n\nZmiana lub odwołanie: {{link}}\n\n{{clinic}}',
  },
  {
    kind: 'confirmed',
    channel: 'sms',
    language: 'en',
    subject: '',
    body: '{{clinic}}: booked for {{date}} {{time}}, {{location}}. Change: {{link}}',
  },
  {
    kind: 'confirmed',
    channel: 'sms',
    language: 'pl',
    subject: '',
    body: '{{clinic}}: wizyta {{date}} {{time}}, {{location}}. Zmiana: {{link}}',
  },
  {
    kind: 'moved',
    channel: 'email',
    language: 'pl',
    subject: 'Nowy termin wizyty: {{date}}',
    body: 'Dzień dobry,\n\nwizyta odbędzie się {{date}} o {{time}}, {{location}}. Jeśli termin nie pasuje: {{link}}\n\n{{clinic}}',
  },
  {
    kind: 'cancelled',
    channel: 'email',
    language: 'pl',
    subject: 'Wizyta {{date}} odwołana',
    body: 'Dzień dobry,\n\nwizyta {{date}} o {{time}} jest odwołana. Inny termin: {{link}}\n\n{{clinic}}',
  },
  {
    kind: 'reminder',
    channel: 'email',
    language: 'en',
    subject: 'See you on {{date}}',
    body: 'Dear {{patient}},\n\nwe expect you on {{date}} at {{time}}, {{location}}, {{address}}.\n\n{{link}}\n\n{{clinic}}',
  },
  {
    kind: 'reminder',
    channel: 'email',
    language: 'pl',
    subject: 'Do zobaczenia {{date}}',
    body: 'Dzień dobry,\n\nczekamy {{date}} o {{time}}, {{location}}, {{address}}.\n\n{{link}}\n\n{{clinic}}',
  },
  {
    kind: 'reminder',
    channel: 'sms',
    language: 'en',
    subject: '',
    body: '{{clinic}}: we expect you {{date}} {{time}}, {{location}}. Y to confirm, N to cancel.',
  },
  {
    kind: 'reminder',
    channel: 'sms',
    language: 'pl',
    subject: '',
    body: '{{clinic}}: czekamy {{date}} {{time}}, {{location}}. T - potwierdzam, N - odwołuję.',
  },
];

const plans: readonly Pick<MessagePlan, 'kind' | 'channel' | 'offsetMinutes'>[] = [
  { kind: 'requested', channel: 'email', offsetMinutes: 0 },
  { kind: 'confirmed', channel: 'email', offsetMinutes: 0 },
  { kind: 'confirmed', channel: 'sms', offsetMinutes: 0 },
  { kind: 'moved', channel: 'email', offsetMinutes: 0 },
  { kind: 'cancelled', channel: 'email', offsetMinutes: 0 },
  { kind: 'reminder', channel: 'email', offsetMinutes: 2880 },
  { kind: 'reminder', channel: 'sms', offsetMinutes: 1440 },
];

export function demoMessages(
  directory: Directory,
  random: Random,
): { messageTemplate: MessageTemplate[]; messagePlan: MessagePlan[] } {
  const clinicId = directory.clinic.id;
  return {
    messageTemplate: words.map((each) => ({ id: random.id(openedAt), clinicId, ...each })),
    messagePlan: plans.map((each) => ({
      id: random.id(openedAt),
      clinicId,
      appointmentTypeId: null,
      active: true,
      ...each,
    })),
  };
}
