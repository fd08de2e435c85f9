import { styled } from '@mui/material/styles'
import type { Cvss, Match } from '@plimsoll/types'
import { Code } from '../ui/code.tsx'
import { Muted } from '../ui/page.tsx'
import { SeverityLabel } from '../ui/severity.tsx'
import { cvssSeverity, cvssWords } from './cvss-words.ts'

const Table = styled('table')(({ theme }) => ({
  width: '100%',
  borderCollapse: 'collapse',
  fontSize: '0.8125rem',
  lineHeight: '22px',
  '& th, & td': {
    padding: '4px 16px 4px 0',
    textAlign: 'left',
    verticalAlign: 'top',
    fontWeight: 'inherit',
    borderBottom: `1px solid ${theme.vars.palette.divider}`,
    overflowWrap: 'anywhere',
  },
  '& thead th': { color: theme.vars.palette.text.secondary, fontSize: '0.75rem' },
  '& th:last-of-type, & td:last-of-type': { paddingRight: 0, width: 104 },
}))
const Metrics = styled('details')(({ theme }) => ({
  '& summary': {
    minHeight: 24,
    cursor: 'pointer',
    color: theme.vars.palette.text.secondary,
    width: 'fit-content',
  },
  '& ul': { margin: 0, paddingLeft: 16, listStyle: 'none' },
}))

/** What each source says of how bad it is, side by side: vendors in their own words, then CVSS. */
export function Ratings({ match }: { match: Match }) {
  const { vendorSeverities, cvss, severity, severitySource } = match
  return (
    <>
      <p style={{ margin: '0 0 4px', fontSize: '0.8125rem' }}>
        {severity === 'Unknown' ? (
          'No source that was imported says how severe it is.'
        ) : (
          <>
            Counted as {severity}
            {severitySource !== null && <Muted>, as {severitySource} says</Muted>}.
          </>
        )}
      </p>
      {vendorSeverities.length + cvss.length > 0 && (
        <Table aria-label="Ratings by source">
          <thead>
            <tr>
              <th scope="col">Source</th>
              <th scope="col">Says</th>
              <th scope="col">That is</th>
            </tr>
          </thead>
          <tbody>
            {vendorSeverities.map(({ source, word, severity: meant }) => (
              <tr key={`${source} ${word}`}>
                <th scope="row">{source}</th>
                <td>{word}</td>
                <td>
                  <SeverityLabel severity={meant} />
                </td>
              </tr>
            ))}
            {cvss.map(each => (
              <tr key={each.source + each.vector}>
                <th scope="row">{each.source}</th>
                <td>
                  <CvssVector cvss={each} />
                </td>
                <td>
                  <SeverityLabel severity={cvssSeverity(each.baseScore)} />
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </>
  )
}

function CvssVector({ cvss }: { cvss: Cvss }) {
  const words = cvssWords(cvss.vector)
  return (
    <>
      <b style={{ fontWeight: 600 }}>{cvss.baseScore.toFixed(1)}</b> <Muted>CVSS {cvss.version}</Muted>
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
    </>
  )
}
