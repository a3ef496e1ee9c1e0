import { demoClinic } from '@medic/shared/testing/demo-clinic';
import type { PlainDate } from '@medic/shared/time/instant';
import { parseInstant } from '@medic/shared/time/zone';
import { expect, test } from 'vitest';
import { templateProblems } from './own-words';

test('what can be filled in has no problem', () => {
  expect(
    templateProblems({ subject: '{{date}}, {{ time }}', body: 'Dear {{patient}}: {{link}} {not one}' }),
  ).toEqual([]);
});

test.each([
  [{ subject: '', body: '{{diagnosis}}' }, 'Text: there is no {{diagnosis}}'],
  [{ subject: '{{doctor}}', body: 'x' }, 'Subject: {{doctor}} does not belong there'],
  [{ subject: '{{patient}}', body: 'x' }, 'Subject: {{patient}} does not belong there'],
  [{ subject: '{{link}}', body: 'x' }, 'Subject: {{link}} does not belong there'],
  [{ subject: 'a\nb', body: 'x' }, 'Subject: it has to be one line'],
  [{ subject: '', body: 'Dear {{patient' }, 'Text: a {{ or }} has no partner'],
  [{ subject: '', body: '{{constructor}}' }, 'Text: there is no {{constructor}}'],
])('%j is told: %s', (template, problem) => {
  const problems = templateProblems(template);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(problem);
});

test('the words of the demo clinic can all be filled in', () => {
  const { messageTemplate } = demoClinic({
    scale: 'small',
    today: '2026-11-23' as PlainDate,
    now: parseInstant('2026-11-23T07:00:00Z'),
  });
  expect(messageTemplate.length).toBeGreaterThan(0);
  for (const template of messageTemplate)
    expect([template.kind, templateProblems(template)]).toEqual([template.kind, []]);
});
