/** The pages' API over facts in memory: the server's own answers by the real engine, without HTTP and database. */
import type { Facts } from '@medic/shared/acts/facts';
import { slotTable } from '@medic/shared/availability/slot-table';
import { MedicError } from '@medic/shared/errors';
import type { Instant } from '@medic/shared/time/instant';
import { clinicPage, doctorPage, slotsPage } from '../../src/api/public-pages';
import { type PublicApi, type PublicProcedures, publicApi } from '../api';

export function clinicApi(facts: Facts, now: Instant): PublicApi {
  return publicApi(clinicProcedures(facts, now));
}

export function clinicProcedures(facts: Facts, now: Instant): PublicProcedures {
  function inClinic(slug: string): Facts {
    if (slug !== facts.clinic.slug) throw new MedicError('clinic.unknown');
    return facts;
  }
  return {
    clinic: async ({ clinic }) => clinicPage(inClinic(clinic), now),
    doctor: async ({ clinic, doctor }) => doctorPage(inClinic(clinic), doctor, now),
    slots: async ({ clinic, ...asked }) => {
      const { slots, ...rest } = slotsPage(inClinic(clinic), asked, now);
      return { ...rest, slots: slotTable(slots) };
    },
    days: async ({ clinic, ...asked }) => {
      const { days, nextFreeOn } = slotsPage(inClinic(clinic), asked, now);
      return { days, nextFreeOn };
    },
  };
}
