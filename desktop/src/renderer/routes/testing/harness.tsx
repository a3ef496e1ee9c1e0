/** The screens on the demo clinic in memory: `npx vite desktop/src/renderer/routes/testing`. Never in a build that ships. */
import { demoClinic } from '@medic/shared/testing/demo-clinic';
import type { PlainDate } from '@medic/shared/time/instant';
import { parseInstant } from '@medic/shared/time/zone';
import { createRoot } from 'react-dom/client';
import { App } from '../app';
import { clockFrom, MemoryDesk, memoryServices } from './memory-desk';

const params = new URLSearchParams(location.search);
const now = parseInstant(params.get('now') ?? '2026-11-24T09:42:00Z');
const records = demoClinic({
  scale: params.get('scale') === 'large' ? 'large' : 'small',
  today: '2026-11-24' as PlainDate,
  now,
});
const user = records.user.find((each) => each.roles.includes('reception')) ?? records.user[0];
if (!user) throw new Error('the demo has no user');
const desk = new MemoryDesk(records, user, clockFrom(now));
Object.assign(window, { desk });

const place = document.getElementById('root');
if (!place) throw new Error('no root');
createRoot(place).render(<App services={memoryServices(params.has('signed-out') ? null : desk)} />);
