import type { LostPage as Data } from '../load';
import { Link } from '../navigation';
import { noFilter } from '../route';
import { CallLine, Frame, Title } from '../ui/frame';
import { Icon } from '../ui/icon';
import { words } from '../words';
import css from './problem-page.module.css';

export function LostPage({ data }: { data: Data }) {
  const { answer } = data;
  return (
    <Frame answer={answer}>
      <div className={css.problem}>
        <span className={css.disc}>
          <Icon name="search" size={28} />
        </span>
        <Title>{words.lost.title}</Title>
        <p>{answer ? words.lost.text : words.lost.noClinic}</p>
        {answer && (
          <Link
            className="button primary wide"
            to={{ page: 'clinic', clinic: answer.clinic.slug, filter: noFilter }}
          >
            {words.lost.all}
          </Link>
        )}
        <CallLine phone={answer?.clinic.phone ?? null} />
      </div>
    </Frame>
  );
}
