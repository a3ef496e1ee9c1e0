// The types of what benchmarks take from build.mjs.
interface Site {
  name: string;
}
interface Built {
  ok: boolean;
  problem: string;
}
export const deskSite: Site;
export function buildIfStale(site: Site, options?: { quiet?: boolean }): Promise<Built>;
