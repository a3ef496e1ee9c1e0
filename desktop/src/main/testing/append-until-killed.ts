/** A process of its own that appends to a journal and says what was acknowledged, until it is killed. */
import { writeSync } from 'node:fs';
import { Journal } from '@medic/shared/sync/journal';
import { PlainSeal } from '@medic/shared/sync/testing/journal-in-memory';
import { DiskJournal } from '../journal-file';

const [, , file, firstText] = process.argv;
if (!file || !firstText) throw new Error('append-until-killed <file> <first>');
const journal = new Journal(new DiskJournal(file), new PlainSeal(), (work) => work());
await journal.read();
writeSync(1, 'ready\n');
for (let n = Number(firstText); ; n++) {
  const payload = Buffer.from(`${n} ${'x'.repeat((n * 37) % 900)}`);
  await journal.append([{ kind: 'intent', payload }]);
  writeSync(1, `${n}\n`);
  if (n % 40 === 0) await journal.compact((records) => new Set(records.keys()));
}
