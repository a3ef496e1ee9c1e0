// Builds what is stale: the desk for the web, the public site, the desk for Electron.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { root, runTool, say, seconds } from './child.mjs';
import { withLock } from './ensure.mjs';

const vite = 'vite/bin/vite.js';
const sharedInputs = ['shared/src', 'shared/package.json', 'resources', 'tsconfig.json', 'package-lock.json'];

export const deskSite = {
  name: 'desk',
  inputs: ['desktop', ...sharedInputs],
  commands: [{ tool: vite, args: ['build'], cwd: 'desktop' }],
  outputs: ['desktop/dist/web'],
  stamp: 'desktop/dist/.web.stamp',
};

export const publicSite = {
  name: 'public site',
  inputs: ['sync-server/web', 'sync-server/package.json', ...sharedInputs],
  commands: [
    { tool: vite, args: ['build'], cwd: 'sync-server/web' },
    { tool: vite, args: ['build', '--ssr'], cwd: 'sync-server/web' },
  ],
  outputs: ['sync-server/dist/web/client', 'sync-server/dist/web/server'],
  stamp: 'sync-server/dist/.web.stamp',
};

export const electronDesk = {
  name: 'desk for Electron',
  inputs: ['desktop', ...sharedInputs],
  commands: [{ tool: 'electron-vite/bin/electron-vite.js', args: ['build'], cwd: 'desktop' }],
  outputs: ['desktop/out/main', 'desktop/out/preload', 'desktop/out/renderer'],
  stamp: 'desktop/out/.stamp',
};

export const sites = [deskSite, publicSite];

const noInput = /^(node_modules|dist|out|e2e|testing)$|\.(test|bench)\.tsx?$|\.md$|^tsconfig\.test\.json$/;

function* filesBelow(place) {
  const stat = fs.statSync(path.join(root, place), { throwIfNoEntry: false });
  if (!stat) return;
  if (stat.isFile()) yield place;
  if (!stat.isDirectory()) return;
  for (const name of fs.readdirSync(path.join(root, place)).sort()) {
    if (!noInput.test(name)) yield* filesBelow(`${place}/${name}`);
  }
}

/** By content, not by time: a checkout that changes nothing must not cost a build. */
function inputHash(site) {
  const hash = createHash('sha256').update(JSON.stringify(site.commands));
  for (const place of site.inputs) {
    for (const file of filesBelow(place)) {
      const content = fs.readFileSync(path.join(root, file));
      hash.update(`\0${file}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

function isFresh(site, hash) {
  const stamp = path.join(root, site.stamp);
  if (!fs.existsSync(stamp) || fs.readFileSync(stamp, 'utf8') !== hash) return false;
  return site.outputs.every((place) => {
    const full = path.join(root, place);
    return fs.existsSync(full) && fs.readdirSync(full).length > 0;
  });
}

/**
 * Builds a site unless what it was built from is unchanged. Answers `{ ok, problem, built, output }`;
 * `quiet` keeps the build's own words in `output`.
 */
export async function buildIfStale(site, { quiet = false } = {}) {
  if (isFresh(site, inputHash(site))) return { ok: true, problem: '', built: false, output: '' };
  return withLock(`build-${site.name.replaceAll(' ', '-')}`, async () => {
    const hash = inputHash(site);
    if (isFresh(site, hash)) return { ok: true, problem: '', built: false, output: '' };
    if (!quiet) say(`building the ${site.name} ...`);
    const started = performance.now();
    const stamp = path.join(root, site.stamp);
    // Away before, back after: a build cut in the middle is built again.
    fs.rmSync(stamp, { force: true });
    let output = '';
    for (const { tool, args, cwd } of site.commands) {
      const result = await runTool(tool, args, {
        cwd: path.join(root, cwd),
        env: { NODE_ENV: 'production' },
        quiet: true,
        limitSeconds: 600,
      });
      output += result.output;
      if (!result.ok) {
        if (!quiet) console.log(output);
        return {
          ok: false,
          problem: `building the ${site.name} failed (${result.problem})`,
          built: false,
          output,
        };
      }
    }
    fs.mkdirSync(path.dirname(stamp), { recursive: true });
    fs.writeFileSync(stamp, hash);
    if (!quiet) say(`the ${site.name} is built (${seconds(started)})`);
    return { ok: true, problem: '', built: true, output };
  });
}
