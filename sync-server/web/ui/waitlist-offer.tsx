import type { ClinicAnswer, Doctor, VisitType } from '../api';
import { Link } from '../navigation';
import { anyDoctor } from '../route';
import { fullName } from '../visit';
import { words } from '../words';
import { Icon } from './icon';
import css from './waitlist-offer.module.css';

interface WaitlistOfferProps {
  data: { answer: ClinicAnswer; doctor: Doctor | null; type: VisitType };
  title?: string;
}

/** For who finds no time early enough. */
export function WaitlistOffer({ data: { answer, doctor, type }, title }: WaitlistOfferProps) {
  return (
    <section className={`card ${css.offer}`}>
      <Icon name="bell" />
      <div>
        <h2>{title ?? words.waitlist.offer(doctor && fullName(doctor))}</h2>
        <p>{words.waitlist.offerText}</p>
        <Link
          className="text-link"
          to={{
            page: 'waitlist',
            clinic: answer.clinic.slug,
            doctor: doctor?.slug ?? anyDoctor,
            type: type.slug,
          }}
        >
          {words.waitlist.join}
        </Link>
      </div>
    </section>
  );
}
