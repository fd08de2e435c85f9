import { styled } from '@mui/material/styles'
import type { Cvss, FindingDetail } from '@plimsoll/types'
import { paths } from '../app/paths.ts'
import { imageName, noFixText, otherIds } from '../lib/names.ts'
import { absoluteTime, dayOf } from '../lib/relative-time.ts'
import { Code, Digest, ShortCode } from '../ui/code.tsx'
import { FactList } from '../ui/facts.tsx'
import { NavLink } from '../ui/nav-link.tsx'
import { Muted } from '../ui/page.tsx'
import { When } from '../ui/when.tsx'
import { cvssWords } from './cvss-words.ts'

const Lines = styled('ul')({ margin: 0, padding: 0, listStyle: 'none' })
const Metrics = styled('details')(({ theme }) => ({
  '& summary': { cursor: 'pointer', color: theme.vars.palette.text.secondary, width: 'fit-content' },
  '& ul': { margin: 0, paddingLeft: 16, listStyle: 'none' },
}))

/** General information of a finding: the original's fields and where each of them is from. */
export function FindingFacts({ finding }: { finding: FindingDetail }) {
  const { match } = finding
  const names = match.packages.map(each => each.name)
  const others = otherIds(match).filter(id => !match.advisoryIds.includes(id))
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
          label: 'Severity',
          value: (
            <>
              {finding.severity}
              {match.severitySource !== null && <Muted> by {match.severitySource}</Muted>}
            </>
          ),
        },
        {
          label: 'CVSS',
          value: match.cvss.length > 0 && (
            <Lines>
              {match.cvss.map(cvss => (
                <CvssLine key={cvss.vector + cvss.source} cvss={cvss} />
              ))}
            </Lines>
          ),
        },
        { label: 'Package', value: <Code>{[...new Set(names)].join(', ')}</Code> },
        {
          label: match.ecosystem === 'apk' ? 'Origin' : 'Source package',
          value: <Code>{match.sourceName}</Code>,
        },
        { label: 'Installed', value: <Code>{match.sourceVersion}</Code> },
        {
          label: 'Fixed in',
          value: match.fixedVersion === null ? noFixText(match.fixState) : <Code>{match.fixedVersion}</Code>,
        },
        { label: 'Patchable', value: match.patchable ? 'Yes' : 'No' },
        { label: 'Category', value: finding.category },
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
        { label: 'Found in', value: <Evidence packages={match.packages} /> },
        { label: 'Advisory', value: <Code>{match.advisoryIds.join(', ')}</Code> },
        {
          label: 'Also known as',
          value: others.length > 0 && <Code>{others.join(', ')}</Code>,
        },
        { label: 'Published', value: day(match.publishedAt) },
        { label: 'Modified', value: day(match.modifiedAt) },
        { label: 'First seen', value: <When at={finding.firstSeenAt} /> },
        { label: 'Closed', value: finding.closedAt && <When at={finding.closedAt} /> },
      ]}
    />
  )
}

function CvssLine({ cvss }: { cvss: Cvss }) {
  const words = cvssWords(cvss.vector)
  return (
    <li>
      <b style={{ fontWeight: 600 }}>{cvss.baseScore.toFixed(1)}</b>{' '}
      <Muted>
        CVSS {cvss.version}, {cvss.source}
      </Muted>
      <br />
      <Code>{cvss.vector}</Code>
      {words.length > 0 && (
        <Metrics>
          <summary>In words</summary>
          <ul>
            {words.map(word => (
              <li key={word}>{word}</li>
            ))}
          </ul>
        </Metrics>
      )}
    </li>
  )
}

/** The files that say the packages are installed, each with the layer it counts from. */
function Evidence({ packages }: { packages: FindingDetail['match']['packages'] }) {
  const places = [...new Map(packages.map(each => [`${each.path} ${each.layer}`, each])).values()]
  return (
    <Lines>
      {places.map(({ path, layer }) => (
        <li key={`${path} ${layer}`}>
          <ShortCode text={`/${path}`} />
          {layer !== null && (
            <>
              {' '}
              <Muted>in layer</Muted> <Digest digest={layer} />
            </>
          )}
        </li>
      ))}
    </Lines>
  )
}
