/**
 * Bugs that a simulation must notice, one at a time, each of another kind. They are planted while the code is loaded
 * and stand nowhere in the product; `npm run simulate -- --planted` says after how many runs each was noticed.
 */
export interface PlantedBug {
  name: string;
  file: string;
  /** What stands there exactly once, and what is planted in its place. */
  from: string;
  to: string;
  /** Within so many runs it has to be noticed. */
  within: number;
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'told that it is saved before it is',
    file: 'desktop/src/renderer/replica/sync/intent-queue.ts',
    from: 'await this.#write([intent]);\n      this.#show([intent]);',
    to: 'void this.#write([intent]);\n      this.#show([intent]);',
    within: 10,
  },
  {
    name: 'what only the journal has is not taken out of it',
    file: 'desktop/src/renderer/replica/sync/intent-queue.ts',
    from: 'if (!this.isNeeded(intent)) continue;\n        toStore.push(intent);',
    to: 'if (!this.isNeeded(intent)) continue;\n',
    within: 10,
  },
  {
    name: 'what comes twice is done twice',
    file: 'sync-server/src/acts/execute.ts',
    from: 'if (answered) throw new WithoutTrace(await this.#answerBefore(tx, request));',
    to: 'if (answered) request = { ...request, requestId: this.#ids.next(this.#now(), randomBytes(10)), device: null };',
    within: 12,
  },
  {
    name: 'nobody is told of a new item in Needs attention',
    file: 'sync-server/src/changes/outlook.ts',
    from: 'const changed = collectionNames.filter((name) =>',
    to: `const changed = collectionNames.filter((name) => name !== 'attentionItems' &&`,
    within: 5,
  },
  {
    name: 'what has left a scope is not taken away',
    file: 'sync-server/src/changes/pull.ts',
    from: 'if (record.deleted || !inScope)',
    to: 'if (record.deleted)',
    within: 5,
  },
  {
    name: 'another place for a receptionist goes unnoticed',
    file: 'sync-server/src/changes/scope.ts',
    from: 'const told = JSON.stringify({ ...scope,',
    to: 'const told = JSON.stringify({ ...scope, locationIds: null,',
    within: 25,
  },
  {
    name: 'what a restored server has lost is not sent again',
    file: 'desktop/src/renderer/replica/sync/restores.ts',
    from: 'const again = this.#queue.unsafe();',
    to: 'const again = this.#queue.unsafe().slice(1);',
    within: 15,
  },
  {
    name: 'of rows that share a number only those of one page are sent',
    file: 'sync-server/src/db/records.ts',
    from: '(t.seq, t.id) > ($1::bigint, $2::uuid)',
    to: '(t.seq > $1::bigint OR $2::uuid IS NULL)',
    within: 3,
  },
  {
    name: 'what has become too old stays',
    file: 'desktop/src/renderer/replica/sync/purge.ts',
    from: 'return this.#now !== null && this.#now >= this.#doneUntil;',
    to: 'return false;',
    within: 25,
  },
  {
    name: 'what another window has deleted comes back empty',
    file: 'desktop/src/renderer/replica/store/open-stores.ts',
    from: `store.on('versionchange', () => {`,
    to: `store.on('versionchange', () => {\n      return true;`,
    within: 40,
  },
  {
    name: 'signing out leaves the journal',
    file: 'desktop/src/renderer/replica/session/desk-session.ts',
    from: 'await this.platform.journals?.remove(',
    to: 'void (',
    within: 25,
  },
];

/** The one that this process was started with. */
export function plantedHere(): PlantedBug | null {
  const told = process.env.SIMULATION_BUG;
  return told === undefined ? null : (JSON.parse(told) as PlantedBug);
}
