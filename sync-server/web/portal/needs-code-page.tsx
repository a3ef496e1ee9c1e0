import { Link } from '../navigation';
import css from './portal.module.css';
import { portalRoute } from './portal-route';
import { usePortal } from './session';
import { View } from './view';
import { portalWords } from './words';

/** Who came by a link sees one visit; what is the person's asks for a code. */
export function NeedsCodePage() {
  const { clinic } = usePortal();
  return (
    <View
      title={portalWords.problem.forbidden.title}
      back={{ to: portalRoute(clinic, 'home'), label: portalWords.frame.toVisit }}
      narrow
    >
      <p className={css.lead}>{portalWords.problem.forbidden.text}</p>
      <Link className="button primary wide" to={portalRoute(clinic, 'sign-in')}>
        {portalWords.link.send}
      </Link>
    </View>
  );
}
