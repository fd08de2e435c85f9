import { advisoryFolders } from '@plimsoll/engine'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

/** Of most images: imported before there is any, so that the first push is judged at once. */
const usualFolders = new Set(['Debian', 'Ubuntu', 'Alpine'])

/**
 * The folders of advisories to import: the usual ones, and those of every release that an image here is of. OSV's
 * bucket has millions of records, most of them of distributions that nobody here uses.
 */
export function neededFolders(db: Db): string[] {
  const feeds = prepared(db, 'select distinct feed from release_feed').pluck().all() as string[]
  const needed = new Set(feeds.map(feed => feed.split(':')[0]))
  return advisoryFolders.filter(folder => usualFolders.has(folder) || needed.has(folder))
}
