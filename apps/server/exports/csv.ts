import papaparse from 'papaparse'

type Cell = string | number | null

/** Columns by their names, and what stands in them of a row. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => Cell>>

/**
 * Rows as CSV, a piece for each page of them. Names can be such that a spreadsheet takes them for formulae; those get a
 * quote in front. Numbers stay numbers.
 */
export async function* csvOf<Row>(
  columns: Columns<Row>,
  pages: AsyncIterable<readonly Row[]>,
): AsyncGenerator<string> {
  const cells = Object.values(columns)
  yield `${Object.keys(columns).join(',')}\r\n`
  for await (const rows of pages) {
    if (rows.length === 0) continue
    const data = rows.map(row => cells.map(cell => cell(row) ?? ''))
    yield `${papaparse.unparse(data, { escapeFormulae: true, newline: '\r\n' })}\r\n`
  }
}

/** One page, of what is never long. */
export async function* onePage<Row>(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  yield rows
}
