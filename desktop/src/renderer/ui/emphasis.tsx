import classes from './emphasis.module.css';

/** A text with one range of it marked, `[start, end)`. */
export function Emphasis({ text, range }: { text: string; range: readonly [number, number] | null }) {
  if (!range || range[0] >= range[1]) return <>{text}</>;
  return (
    <>
      {text.slice(0, range[0])}
      <mark className={classes.mark}>{text.slice(range[0], range[1])}</mark>
      {text.slice(range[1])}
    </>
  );
}
