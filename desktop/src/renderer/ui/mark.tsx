/** Medic's mark. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 28 28" role="img" aria-label="Medic">
      <rect width="28" height="28" rx="6" fill="var(--primary)" />
      <path
        d="M7.5 19.5v-11l6.5 7 6.5-7v11"
        fill="none"
        stroke="var(--on-primary)"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
