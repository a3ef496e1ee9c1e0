import css from './choice-pair.module.css';
import fieldCss from './field.module.css';

interface ChoicePairProps {
  name: string;
  legend: string;
  /** For `no`, which is chosen at first, and for `yes`. */
  labels: [no: string, yes: string];
  hint?: string;
  onChoose?(yes: boolean): void;
}

/** Two radios side by side, of which one is always chosen. */
export function ChoicePair({ name, legend, labels, hint, onChoose }: ChoicePairProps) {
  return (
    <fieldset className={fieldCss.group} aria-describedby={hint ? `${name}-hint` : undefined}>
      <legend className={fieldCss.label}>{legend}</legend>
      <div className={css.pair}>
        {(['no', 'yes'] as const).map((value, i) => (
          <label key={value} className={css.choice}>
            <input
              type="radio"
              name={name}
              value={value}
              defaultChecked={value === 'no'}
              onChange={() => onChoose?.(value === 'yes')}
            />
            <span>{labels[i]}</span>
          </label>
        ))}
      </div>
      <p id={`${name}-hint`} className={fieldCss.hint} aria-live="polite">
        {hint}
      </p>
    </fieldset>
  );
}
