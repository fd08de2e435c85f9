import { styled } from '@mui/material/styles'
import type { FindingDetail } from '@plimsoll/types'
import { paths } from '../app/paths.ts'
import { ecosystemName, fixText, imageName } from '../lib/names.ts'
import { absoluteTime, dayOf } from '../lib/relative-time.ts'
import { Badge } from '../ui/badge.tsx'
import { Code, Digest, ShortCode } from '../ui/code.tsx'
import { FactList } from '../ui/facts.tsx'
import { Instruction } from '../ui/instruction.tsx'
import { NavLink } from '../ui/nav-link.tsx'
import { Muted } from '../ui/page.tsx'
import { When } from '../ui/when.tsx'

const Lines = styled('ul')({ margin: 0, padding: 0, listStyle: 'none' })

/** General information of a finding: the original's fields and where each of them is from. */
export function FindingFacts({ finding }: { finding: FindingDetail }) {
  const { match } = finding
  const names = match.packages.map(each => each.name)
  const day = (iso: string | null) =>
    iso && (
      <time dateTime={iso} title={absoluteTime(iso)}>
        {dayOf(iso)}
      </time>
    )
  return (
    <FactList
      facts={[
        {
          label: 'Type',
          value: match.state === 'undetermined' ? 'Potential vulnerability' : 'Vulnerability',
        },
        { label: 'Package', value: <Code>{[...new Set(names)].join(', ')}</Code> },
        {
          label: match.ecosystem === 'apk' ? 'Origin' : 'Source package',
          value: <Code>{match.sourceName}</Code>,
        },
        { label: 'Installed', value: <Code>{match.sourceVersion}</Code> },
        {
          label: 'Fixed in',
          value:
            match.fixedVersion === null ? (
              fixText(match)
            ) : (
              <>
                <Code>{match.fixedVersion}</Code> <Muted>({fixText(match)})</Muted>
              </>
            ),
        },
        { label: 'Patchable', value: match.patchable ? 'Yes' : 'No' },
        { label: 'CVSS 3 base score', value: match.cvssV3BaseScore?.toFixed(1) },
        { label: 'Category', value: finding.category },
        { label: 'Package type', value: ecosystemName(match.ecosystem) },
        { label: 'Distribution', value: finding.distro?.prettyName },
        {
          label: 'Image',
          value: (
            <>
              <NavLink to={paths.image(finding)}>{imageName(finding)}</NavLink>{' '}
              <Muted>in {finding.registryName}</Muted>
            </>
          ),
        },
        { label: 'Found in', value: <Files finding={finding} /> },
        { label: 'Layer', value: finding.layers.length > 0 && <Layers finding={finding} /> },
        { label: 'Advisory', value: <Code>{match.advisoryIds.join(', ')}</Code> },
        {
          label: 'Also known as',
          value: match.aliases.length > 0 && <Code>{match.aliases.join(', ')}</Code>,
        },
        { label: 'Published', value: day(match.publishedAt) },
        { label: 'Modified', value: day(match.modifiedAt) },
        { label: 'First seen', value: <When at={finding.firstSeenAt} /> },
        { label: 'Closed', value: finding.closedAt && <When at={finding.closedAt} /> },
      ]}
    />
  )
}

/** The files that say the packages are installed. */
function Files({ finding }: { finding: FindingDetail }) {
  const files = [...new Set(finding.match.packages.map(each => each.path))]
  return (
    <Lines>
      {files.map(path => (
        <li key={path}>
          <ShortCode text={`/${path}`} />
        </li>
      ))}
    </Lines>
  )
}

/** The layers that brought the packages: number, instruction, and whether it is one of the base image's. */
function Layers({ finding }: { finding: FindingDetail }) {
  return (
    <Lines>
      {finding.layers.map(({ diffId, position, createdBy, ofBase }) => (
        <li key={diffId}>
          No. {position} {ofBase && <Badge>Base image</Badge>}{' '}
          {createdBy === null ? (
            <Digest digest={diffId} />
          ) : (
            <Instruction createdBy={createdBy} maxLength={64} />
          )}
        </li>
      ))}
    </Lines>
  )
}
