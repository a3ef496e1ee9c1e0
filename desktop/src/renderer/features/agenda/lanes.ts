/** Side by side what overlaps, as few columns as will do. */

export interface Span {
  from: number;
  until: number;
}

export interface Lane {
  lane: number;
  lanes: number;
}

/**
 * A lane for each span, in the order given. Spans that meet, directly or through others, share one number of lanes;
 * spans that only touch do not meet.
 */
export function layLanes(spans: readonly Span[]): Lane[] {
  const order = spans
    .map((_, index) => index)
    .sort((a, b) => at(spans, a).from - at(spans, b).from || at(spans, b).until - at(spans, a).until);
  const result: Lane[] = spans.map(() => ({ lane: 0, lanes: 1 }));
  let cluster: number[] = [];
  let ends: number[] = [];
  let clusterEnd = Number.NEGATIVE_INFINITY;
  const close = () => {
    for (const index of cluster) at(result, index).lanes = ends.length;
    cluster = [];
    ends = [];
  };
  for (const index of order) {
    const span = at(spans, index);
    if (span.from >= clusterEnd) close();
    const free = ends.findIndex((end) => end <= span.from);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = span.until;
    at(result, index).lane = lane;
    cluster.push(index);
    clusterEnd = Math.max(cluster.length === 1 ? Number.NEGATIVE_INFINITY : clusterEnd, span.until);
  }
  close();
  return result;
}

function at<T>(list: readonly T[], index: number): T {
  return list[index] as T;
}
