import type { PlantedBug } from './planted-bugs';

export function planted(bug: PlantedBug, code: string): string;
