import { formatPhone } from '@medic/shared/model/phone';
import type { ByPhonePage as Data } from '../load';
import { Link } from '../navigation';
import { anyDoctor } from '../route';
import { Frame, Steps, Title } from '../ui/frame';
import { Icon } from '../ui/icon';
import { words } from '../words';
import css from './problem-page.module.css';

/** A visit that the clinic plans with its patients by telephone: an old link may lead here, or a guess. */
export function ByPhonePage({ data }: { data: Data }) {
  const { answer, route, type, doctor } = data;
  const { phone, slug } = answer.clinic;
  return (
    <Frame answer={answer}>
      <Steps back={{ page: 'doctor', clinic: slug, doctor: route.doctor }} />
      <div className={css.problem}>
        <span className={css.disc}>
          <Icon name="phone" size={28} />
        </span>
        <Title>{words.byPhone.title(type.name)}</Title>
        {type.description && <p>{type.description}</p>}
        <p>{phone ? words.byPhone.text : words.byPhone.noPhone}</p>
        {phone && (
          <a className="button primary wide" href={`tel:${phone}`}>
            {words.byPhone.call(formatPhone(phone))}
          </a>
        )}
        <Link
          className="button wide"
          to={{ page: 'doctor', clinic: slug, doctor: doctor?.slug ?? anyDoctor }}
        >
          {words.byPhone.others}
        </Link>
      </div>
    </Frame>
  );
}
