// The types of what the root's configurations take from ensure.mjs.
export function findChromium(): Promise<string | undefined>;
