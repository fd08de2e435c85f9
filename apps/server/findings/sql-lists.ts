import { type SQL, sql } from 'drizzle-orm'

/** Lists travel as one JSON parameter: their length then changes neither the statement nor the depth of its expression. */
const listed = (values: readonly (string | number)[]): SQL =>
  sql`(select value from json_each(${JSON.stringify(values)}))`

export const inList = (column: SQL, values: readonly (string | number)[]): SQL =>
  sql`${column} in ${listed(values)}`

/** The same for columns that stand in an index: with one value, by far the usual case, its order can be used. */
export const oneOf = (column: SQL, values: readonly (string | number)[]): SQL =>
  values.length === 1 ? sql`${column} = ${values[0]}` : inList(column, values)
