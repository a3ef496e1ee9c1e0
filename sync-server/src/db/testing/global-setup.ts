import type { TestProject } from 'vitest/node';
import { startTestServer } from './server';

declare module 'vitest' {
  export interface ProvidedContext {
    medicPg: { adminUrl: string };
  }
}

/** One server for all `*.pg.test.ts` of a run, with Medic's migrations in the template database. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestServer();
  project.provide('medicPg', { adminUrl: server.adminUrl });
  return () => server.stop();
}
