import { writeSync } from 'node:fs'

/** Standard output, in full: `process.stdout` may lose what a pipe has not taken when the process ends. */
function print(text: string): void {
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(process.stdout.fd, rest))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // Whoever reads has had enough (`| head`): that is no error of ours.
      if (code === 'EPIPE') return
      if (code !== 'EAGAIN') throw error
    }
  }
}

export const printLine = (text: string): void => print(`${text}\n`)

/**
 * Text from an image or a feed, fit for a terminal: control characters, which could colour, overwrite or hide what is
 * printed, are replaced.
 */
export const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD')

/** Columns as wide as they have to be, two spaces apart. The first row is the heading. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** "1 package", "184 packages", "5,427 advisories". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`
