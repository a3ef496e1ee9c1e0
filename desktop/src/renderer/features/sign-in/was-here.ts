/** By this computer's own clock and zone: it is about the computer, not about a clinic. */
export function wasHere(at: number, now: number): string {
  const [then, today] = [new Date(at), new Date(now)];
  const days = Math.round(
    (new Date(now).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000,
  );
  if (days === 0) return `was here until ${timeOf(then)}`;
  if (days === 1) return 'was here yesterday';
  const sameYear = then.getFullYear() === today.getFullYear();
  return `was here on ${then.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) })}`;
}

function timeOf(date: Date): string {
  return date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
