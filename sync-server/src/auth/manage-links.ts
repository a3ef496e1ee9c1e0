/**
 * What an e-mail carries to open one visit, or one offered time, without signing in: ids and an HMAC over them and the
 * clinic. It stands in the fragment of an address, which no server log and no Referer sees.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isUuid } from '@medic/shared/model/id';

/** 128 bits of the HMAC: enough that nobody finds one by trying. */
const macBytes = 16;

/**
 * A visit's token names its `linkVersion`; whoever reads one has to compare it with the visit's, since raising that is
 * how every link sent before is revoked.
 */
export class ManageLinks {
  readonly #key: Buffer;

  /** `secret` is the server's one secret; the key is this purpose's own. */
  constructor(secret: Buffer) {
    this.#key = createHmac('sha256', secret).update('manage links').digest();
  }

  /** `<visitId>.<version>.<mac>` */
  visitToken(clinicId: string, visitId: string, version: number): string {
    return `${visitId}.${version}.${this.#mac('visit', clinicId, visitId, version)}`;
  }

  /** Null for whatever this key did not sign for this clinic. */
  readVisitToken(clinicId: string, token: string): { visitId: string; version: number } | null {
    const [visitId = '', version = '', mac = '', ...more] = token.split('.');
    if (more.length > 0 || !isUuid(visitId) || !/^(0|[1-9]\d{0,6})$/.test(version)) return null;
    const found = { visitId: visitId.toLowerCase(), version: Number(version) };
    return this.#isMac(mac, 'visit', clinicId, found.visitId, found.version) ? found : null;
  }

  /** `<entryId>.<offerId>.<mac>` */
  offerToken(clinicId: string, entryId: string, offerId: string): string {
    return `${entryId}.${offerId}.${this.#mac('offer', clinicId, entryId, offerId)}`;
  }

  /** Null for whatever this key did not sign for this clinic. */
  readOfferToken(clinicId: string, token: string): { entryId: string; offerId: string } | null {
    const [entryId = '', offerId = '', mac = '', ...more] = token.split('.');
    if (more.length > 0 || !isUuid(entryId) || !isUuid(offerId)) return null;
    const found = { entryId: entryId.toLowerCase(), offerId: offerId.toLowerCase() };
    return this.#isMac(mac, 'offer', clinicId, found.entryId, found.offerId) ? found : null;
  }

  /** Ids and numbers hold no `|`, so no two messages read the same. */
  #mac(...parts: (string | number)[]): string {
    const mac = createHmac('sha256', this.#key).update(parts.join('|')).digest();
    return mac.subarray(0, macBytes).toString('base64url');
  }

  #isMac(given: string, ...parts: (string | number)[]): boolean {
    // Compared as text: of the last character base64url has several spellings that decode to the same bytes.
    const wanted = Buffer.from(this.#mac(...parts));
    const found = Buffer.from(given);
    return found.length === wanted.length && timingSafeEqual(found, wanted);
  }
}
