/** A whole number within bounds as a person types it; null for anything else. */
export function readWhole(text: string, least: number, most: number): number | null {
  if (!/^\d{1,9}$/.test(text.trim())) return null
  const value = Number(text)
  return value >= least && value <= most ? value : null
}
