/** Rows per page that the server offers. */
export const pageSizes = [25, 50, 100, 200] as const
export type PageSize = (typeof pageSizes)[number]
