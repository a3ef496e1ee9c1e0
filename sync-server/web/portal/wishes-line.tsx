import { words } from '../words';
import type { WaitlistEntry } from './session';
import { portalWords } from './words';

/** What somebody waits for, in one line: with whom, when, where. */
export function WishesLine({ entry }: { entry: WaitlistEntry }) {
  const who = entry.doctorNames.filter(Boolean);
  const parts = [
    who.length > 0 ? words.date.list(who) : portalWords.waitlist.anyDoctor,
    portalWords.waitlist.wishes(entry.weekdays, entry.partsOfDay),
    words.date.list(entry.locationNames.filter(Boolean)),
    entry.earliestOn ? portalWords.waitlist.from(entry.earliestOn) : '',
    entry.latestOn ? portalWords.waitlist.until(entry.latestOn) : '',
  ];
  return <>{parts.filter(Boolean).join(', ')}</>;
}
