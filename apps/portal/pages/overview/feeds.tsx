import type { Overview } from '@plimsoll/types'
import { paths } from '../../app/paths.ts'
import { count, counted } from '../../lib/quantity.ts'
import { AsOf } from '../../ui/as-of.tsx'
import { FactList } from '../../ui/facts.tsx'
import { Icon } from '../../ui/icon.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Section } from '../../ui/page.tsx'
import { threatListFacts } from '../../ui/threat-lists.tsx'
import { copy } from './copy.ts'

/** What everything was compared with, how old it is, and what is missing of it. */
export function Feeds({ overview }: { overview: Overview }) {
  const { feeds, imports, threatLists } = overview
  const failed = imports.filter(one => one.error !== null)
  return (
    <Section
      id="feeds"
      title={copy.feeds}
      aside={<NavLink to={`${paths.settings}#advisories`}>All feeds</NavLink>}
    >
      <FactList
        facts={[
          { label: copy.advisories, value: <Advisories feeds={feeds} /> },
          {
            label: copy.newestImport,
            value: failed.length > 0 && (
              <>
                <Icon name="caution" size={14} /> {failed.map(one => one.error).join(' ')}
              </>
            ),
          },
          ...threatListFacts(threatLists),
        ]}
      />
    </Section>
  )
}

function Advisories({ feeds }: Pick<Overview, 'feeds'>) {
  if (feeds.length === 0) return copy.noFeeds
  const newest = feeds
    .flatMap(feed => feed.asOf ?? [])
    .sort()
    .at(-1)
  const all = feeds.reduce((sum, feed) => sum + feed.advisories, 0)
  return (
    <>
      {count(all)} in {counted(feeds.length, 'feed')}
      {newest !== undefined && (
        <>
          , the newest of <AsOf at={newest} />
        </>
      )}
    </>
  )
}
