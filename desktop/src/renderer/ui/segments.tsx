import { KeyCap } from './key-cap';
import classes from './segments.module.css';

interface Segment<T extends string> {
  value: T;
  label: string;
  keys?: string;
}

/** One of a few views. */
export function Segments<T extends string>({
  label,
  value,
  segments,
  onChange,
}: {
  label: string;
  value: T;
  segments: readonly Segment<T>[];
  onChange: (value: T) => void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a flex row
    <div className={classes.group} role="group" aria-label={label}>
      {segments.map((segment) => (
        <button
          key={segment.value}
          type="button"
          className={classes.segment}
          aria-pressed={segment.value === value}
          onClick={() => onChange(segment.value)}
        >
          {segment.label}
          {segment.keys && (
            <span className={classes.key}>
              <KeyCap keys={segment.keys} />
            </span>
          )}
        </button>
      ))}
    </div>
  );
}
