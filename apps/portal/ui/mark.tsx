/** The Plimsoll line: the circle crossed by a line on a ship's hull that shows whether it is safely loaded. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="var(--pl-palette-primary-main)"
      strokeWidth={2.25}
      style={{ flex: 'none', display: 'block' }}
    >
      <circle cx="12" cy="12" r="7.25" />
      <path d="M1.25 12h21.5" strokeLinecap="round" />
    </svg>
  )
}
