import { CallLine, Title } from '../ui/frame';
import { Icon } from '../ui/icon';
import css from './portal.module.css';
import { usePortal } from './session';
import { portalWords } from './words';

/** Revoked, replaced by a newer one, or never ours: which of them is not said. */
export function LinkEndedPage({ onCode }: { onCode(): void }) {
  const { answer } = usePortal();
  return (
    <div className={css.narrow}>
      <span className={css.disc}>
        <Icon name="lock" size={28} />
      </span>
      <Title>{portalWords.link.title}</Title>
      <p className={css.lead}>{portalWords.link.text}</p>
      <button className="button primary wide" type="button" onClick={onCode}>
        {portalWords.link.send}
      </button>
      <CallLine phone={answer.clinic.phone} />
    </div>
  );
}
