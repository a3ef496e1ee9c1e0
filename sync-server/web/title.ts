import type { Shown } from './load';
import { fullName } from './visit';
import { words } from './words';

/** The document's title: the step first, since a tab shows little more. */
export function titleOf(shown: Shown): string {
  const clinic = shown.answer?.clinic.name ?? 'Medic';
  return shown.page === 'clinic' ? words.clinic.title(clinic) : `${headingOf(shown)} – ${clinic}`;
}

function headingOf(shown: Shown): string {
  switch (shown.page) {
    case 'clinic':
      return words.clinic.title(shown.answer.clinic.name);
    case 'doctor':
      return shown.doctor ? fullName(shown.doctor) : words.doctor.forWhat;
    case 'slots':
      return words.slots.title;
    case 'details':
      return words.details.title;
    case 'review':
      return words.review.title;
    case 'taken':
      return words.taken.titleOther;
    case 'booked':
      return words.booked.titlePage;
    case 'waitlist':
      return words.waitlist.title;
    case 'by-phone':
      return words.byPhone.title(shown.type.name);
    case 'portal':
      return words.portal.titles[shown.route.view];
    case 'lost':
      return words.lost.title;
    case 'problem':
      return words.problem.ours.title;
  }
}
