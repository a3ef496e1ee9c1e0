import { useState } from 'react';
import { Icon } from '../ui/icon';
import css from './portal.module.css';
import { usePortal, within } from './session';
import { portalWords } from './words';

/** One of a list's rows. A session that could not be ended is not called ended. */
export function SignOutRow({ onSignedOut }: { onSignedOut(): void }) {
  const { api, clinic } = usePortal();
  const [failed, setFailed] = useState(false);

  async function signOut() {
    setFailed(false);
    try {
      await api.signOut.mutate({ clinic }, within());
      onSignedOut();
    } catch {
      setFailed(true);
    }
  }

  return (
    <li>
      <button className={`row ${css.rowButton}`} type="button" onClick={() => void signOut()}>
        <Icon name="lock" />
        <div>
          <h2>{portalWords.home.signOut}</h2>
          {failed && <p role="alert">{portalWords.home.signOutFailed}</p>}
        </div>
      </button>
    </li>
  );
}
