/** The steps after the choice of a time: one chunk, fetched while the visitor chooses. */
export { BookedPage } from './pages/booked-page';
export { DetailsPage } from './pages/details-page';
export { ReviewPage } from './pages/review-page';
export { TakenPage } from './pages/taken-page';
export { WaitlistPage } from './pages/waitlist-page';
