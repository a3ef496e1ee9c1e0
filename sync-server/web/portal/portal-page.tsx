/** The portal's address, rendered on the server without anybody's data; the portal itself is a chunk of its own. */
import { useEffect, useState } from 'react';
import type { PortalPage as Data } from '../load';
import { CallLine, Frame, Title } from '../ui/frame';
import { Note } from '../ui/note';
import { words } from '../words';
import type { Portal } from './portal';
import css from './portal.module.css';

export function PortalPage({ data }: { data: Data }) {
  const { answer } = data;
  const [Loaded, setLoaded] = useState<typeof Portal | null>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    import('./portal').then(
      (chunk) => setLoaded(() => chunk.Portal),
      () => setFailed(true),
    );
  }, []);

  return (
    <Frame answer={answer}>
      {Loaded ? (
        <Loaded data={data} />
      ) : (
        <div className={css.narrow}>
          <Title>{words.portal.title}</Title>
          {failed ? (
            <Note icon="offline" tone="amber">
              <p>{words.portal.failed}</p>
            </Note>
          ) : (
            <p className={css.waiting}>{words.portal.loading}</p>
          )}
          <noscript>
            <Note icon="info" tone="amber">
              <p>{words.portal.noScript}</p>
            </Note>
          </noscript>
          <CallLine phone={answer.clinic.phone} />
        </div>
      )}
    </Frame>
  );
}
