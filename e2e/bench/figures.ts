/** A row of a printed table: what of several runs came out. */
export const row = (figure: string, values: readonly number[], unit: string, goal: string) => ({
  figure,
  min: `${Math.min(...values).toFixed(2)} ${unit}`,
  median: `${median(values).toFixed(2)} ${unit}`,
  max: `${Math.max(...values).toFixed(2)} ${unit}`,
  goal,
})

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
