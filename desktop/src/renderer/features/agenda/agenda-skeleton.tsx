import { useEffect, useState } from 'react';
import classes from './agenda-skeleton.module.css';

/** Columns to come. After 300 ms only: what is quicker needs no sign. */
export function AgendaSkeleton({ columns }: { columns: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div className={classes.columns} role="status" aria-busy="true" aria-label="The agenda is being drawn">
      {Array.from({ length: columns }, (_, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <div key={column}>
          {heights.map((height, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <i key={index} style={{ height: height + ((column * 7 + index * 5) % 3) * 12 }} />
          ))}
        </div>
      ))}
    </div>
  );
}

const heights = [34, 17, 34, 52, 17, 34];
