/** The pages' API over facts in memory: the server's own answers by the real engine, without HTTP and database. */
import type { Facts } from '@medic/shared/acts/facts';
import { MedicError } from '@medic/shared/errors';
import type { Instant } from '@medic/shared/time/instant';
import { clinicPage, doctorPage, slotsPage } from '../../src/api/public-pages';
import type { PublicApi } from '../api';

export function clinicApi(facts: Facts, now: Instant): PublicApi {
  function inClinic(slug: string): Facts {
    if (slug !== facts.clinic.slug) throw new MedicError('clinic.unknown');
    return facts;
  }
  return {
    clinic: async ({ clinic }) => clinicPage(inClinic(clinic), now),
    doctor: async ({ clinic, doctor }) => doctorPage(inClinic(clinic), doctor, now),
    slots: async ({ clinic, ...asked }) => slotsPage(inClinic(clinic), asked, now),
    days: async ({ clinic, ...asked }) => {
      const { days, nextFreeOn } = slotsPage(inClinic(clinic), asked, now);
      return { days, nextFreeOn };
    },
  };
}
